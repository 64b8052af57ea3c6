"""One connection to one address, every byte of it kept, that ends at its deadline however slowly it drips."""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Callable
from typing import Any

_SLICE = 0.5


class TooLarge(Exception):
    """More came over the connection than is taken."""


class Stopped(Exception):
    """The worker is being ended."""


def never() -> bool:
    return False


class Wire(io.RawIOBase):
    """Stands in for the socket that http.client expects. `most` bytes are taken in all."""

    def __init__(
        self, connected: socket.socket, *, deadline: float, most: int, stopped: Callable[[], bool] = never
    ) -> None:
        self.socket, self.deadline, self.most, self.stopped = connected, deadline, most, stopped
        self.sent, self.received = bytearray(), bytearray()

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def sendall(self, data: bytes) -> None:
        self.sent += data
        self.socket.settimeout(max(self.deadline - time.monotonic(), 0.01))
        self.socket.sendall(data)

    def readinto(self, buffer: Any) -> int:
        count = self._waited(buffer)
        self.received += memoryview(buffer)[:count]
        if len(self.received) > self.most:
            raise TooLarge
        return count

    def _waited(self, buffer: Any) -> int:
        while (left := self.deadline - time.monotonic()) > 0:
            if self.stopped():
                raise Stopped
            self.socket.settimeout(min(left, _SLICE))
            try:
                return self.socket.recv_into(buffer)
            except TimeoutError:
                continue
        raise TimeoutError

    def close(self) -> None:
        """http.client lets go of its socket before it reads the body; `hang_up` ends it."""

    def hang_up(self) -> None:
        self.socket.close()
