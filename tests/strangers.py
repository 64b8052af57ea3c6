"""Servers of strangers, on loopback: each path answers with bytes of the test's own choosing."""

from __future__ import annotations

import contextlib
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

from commitments.captures.reach import Reach, is_public

Write = Callable[[bytes], Any]
Page = bytes | Callable[[Write], None]

# What the product never has: loopback too, at any port, and little patience.
HERE = Reach(ports=None, allows=lambda address: is_public(address) or address.is_loopback, seconds=3)


def told(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers))
    return head.encode() + b"\r\n" + body


def html(words: str, *, head: str = "", title: str = "An article") -> bytes:
    page = f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>{head}</head>"
    return f"{page}<body><article><h1>{title}</h1><p>{words}</p></article></body></html>".encode()


def page(words: str, **options: str) -> bytes:
    return told(html(words, **options), "Content-Type: text/html; charset=utf-8")


def moved(target: str) -> bytes:
    return told(b"", f"Location: {target}", status="302 Found")


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        path = [*self.rfile.readline().decode("latin-1").split(" "), ""][1]
        self.server.asked.append(path)
        answer = self.server.pages.get(path, told(b"Nothing.", status="404 Not Found"))
        with contextlib.suppress(OSError):
            if callable(answer):
                answer(self.wfile.write)
            else:
                self.wfile.write(answer)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.tls = tls
        self.pages: dict[str, Page] = {}
        self.asked: list[str] = []

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.server_address[1]}{path}"

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        # Who does not trust the certificate hangs up in the middle of the greeting.
        with contextlib.suppress(OSError), self.tls.wrap_socket(request, server_side=True) as private:
            super().finish_request(private, client_address)


@contextlib.contextmanager
def stranger(tls: ssl.SSLContext | None = None) -> Iterator[_Server]:
    with _Server(tls) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
