"""One page of the public internet, fetched once: what was asked and answered is kept as WARC 1.1.

Each hop is checked anew: its scheme, its port, and the address that its name has at that moment, to which, and to
no other, the connection is made. Nothing here raises for what a stranger's server does: the answer says it.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from commitments.captures.reach import PUBLIC, Address, Reach
from commitments.captures.warc import Exchange, archived
from commitments.captures.wire import Stopped, TooLarge, Wire, never

AGENT = "CommitmentTracker/0.1 (a public record of commitments; fetches single pages that its curators name)"
MOST_REDIRECTS = 5
LARGEST_HEAD = 64 * 1024
_REDIRECTS = (301, 302, 303, 307, 308)
_PACKED = {"": None, "identity": None, "gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": 0}


@dataclass
class Answer:
    """`problem` is '' where the page came; `again` where it is worth trying once more."""

    url: str
    final_url: str = ""
    status: int | None = None
    media_type: str = ""
    body: bytes = b""
    redirects: list[dict[str, Any]] = field(default_factory=list)
    problem: str = ""
    again: bool = False
    stopped: bool = False
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def warc(self) -> bytes:
        """All that was exchanged; b'' where nobody was reached."""
        return archived(self.exchanges, agent=AGENT) if self.exchanges else b""


# By the numbers of X509_verify_cert_error_string(3).
_DISTRUSTED = {
    9: gettext_noop("its time has not come yet"),
    10: gettext_noop("its time is over"),
    18: gettext_noop("it is signed by nobody but itself"),
    19: gettext_noop("it is signed by an authority that is not trusted here"),
    20: gettext_noop("it is signed by an authority that is not trusted here"),
    21: gettext_noop("it is signed by an authority that is not trusted here"),
    62: gettext_noop("it is another name's"),
    64: gettext_noop("it is not this number's"),
}


def _distrusted(error: ssl.SSLCertVerificationError) -> str:
    known = _DISTRUSTED.get(error.verify_code)
    return _(known) if known else error.verify_message.rstrip(".")


class _Failed(Exception):
    def __init__(self, sentence: str, *, again: bool = False) -> None:
        self.sentence, self.again = sentence, again
        super().__init__(sentence)


def fetch(url: str, *, reach: Reach = PUBLIC, stopped: Callable[[], bool] = never) -> Answer:
    answer = Answer(url=url)
    deadline = time.monotonic() + reach.seconds
    try:
        _follow(answer, reach, deadline, stopped)
    except Stopped:
        answer.problem, answer.again, answer.stopped = _("The worker was ended meanwhile."), True, True
    except _Failed as failed:
        answer.problem, answer.again = failed.sentence, failed.again
    except TooLarge:
        answer.problem = _("The page is larger than the 10 MiB that are taken; bring the article as a file.")
    except TimeoutError:
        said = _("The server did not answer within %(seconds)s seconds.")
        answer.problem, answer.again = said % {"seconds": f"{reach.seconds:g}"}, True
    except ssl.SSLCertVerificationError as error:
        said = _("The server's certificate is not valid for this address: %(why)s.")
        answer.problem = said % {"why": _distrusted(error)}
    except ssl.SSLError as error:
        said = _("The server agreed on no private connection (%(kind)s).")
        answer.problem, answer.again = said % {"kind": error.reason or type(error).__name__}, True
    except ConnectionRefusedError:
        answer.problem, answer.again = _("The server refused the connection."), True
    except http.client.IncompleteRead:
        answer.problem, answer.again = _("The answer ended before all of it had come."), True
    except (http.client.HTTPException, zlib.error, ValueError) as error:
        answer.problem = _("The server's answer is not proper HTTP (%(kind)s).") % {"kind": type(error).__name__}
    except OSError as error:
        answer.problem = _("The connection failed: %(why)s.") % {"why": error.strerror or type(error).__name__}
        answer.again = True
    return answer


def _follow(answer: Answer, reach: Reach, deadline: float, stopped: Callable[[], bool]) -> None:
    url, seen = answer.url, set[str]()
    while True:
        parts = _checked(url, reach)
        url = parts.geturl()
        if url in seen:
            raise _Failed(_("The page redirects in a loop, back to %(url)s.") % {"url": url})
        seen.add(url)
        answer.final_url = url
        target = _ask(answer, parts, reach, deadline, stopped)
        if target is None:
            return
        if len(answer.redirects) >= MOST_REDIRECTS:
            raise _Failed(_("The page redirects more than %(most)s times.") % {"most": MOST_REDIRECTS})
        answer.redirects.append({"url": url, "status": answer.status, "location": target})
        url = urljoin(url, target)


def _checked(url: str, reach: Reach) -> SplitResult:
    """The URL in ASCII, without its fragment. Raises `_Failed` for what is not fetched."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError as error:
        raise _Failed(_("“%(url)s” is not a proper address.") % {"url": url}) from error
    if parts.scheme not in ("http", "https"):
        raise _Failed(_("Only http and https are fetched, not “%(url)s”.") % {"url": url})
    if parts.username is not None or parts.password is not None:
        raise _Failed(_("The address holds a user name or password; leave it out."))
    if not host or "%" in host:
        raise _Failed(_("“%(url)s” names no host.") % {"url": url})
    if reach.ports is not None and (port or _usual(parts)) not in reach.ports:
        raise _Failed(_("Only ports 80 and 443 are fetched, not %(port)s.") % {"port": port})
    shown = f"[{host}]" if ":" in host else host
    where = shown if port in (None, _usual(parts)) else f"{shown}:{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]|")
    return SplitResult(parts.scheme, where, path, query, "")


def _usual(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


def _ask(answer: Answer, parts: SplitResult, reach: Reach, deadline: float, stopped: Callable[[], bool]) -> str | None:
    """Fills in the answer; the target where it is a redirect."""
    host, port = parts.hostname or "", parts.port or _usual(parts)
    connected, address = _connected(host, port, reach, deadline, stopped)
    wire = Wire(connected, deadline=deadline, most=LARGEST_HEAD, stopped=stopped)
    body = b""
    try:
        if parts.scheme == "https":
            # Checks the certificate against the name; the address was chosen above.
            wire.socket = reach.tls().wrap_socket(connected, server_hostname=host)
        response = _requested(wire, parts)
        answer.status, answer.media_type = response.status, response.getheader("Content-Type", "")[:200]
        target = response.getheader("Location") if response.status in _REDIRECTS else None
        wire.most = len(wire.received) + reach.most_bytes
        if target is None:
            body = _body(response)
            answer.body = _unpacked(body, response.getheader("Content-Encoding", ""), reach.most_bytes)
    finally:
        wire.hang_up()
        answer.exchanges.append(Exchange(parts.geturl(), str(address), bytes(wire.sent), bytes(wire.received), body))
    if target is None:
        _refuse_errors(answer)
    return target


def _connected(
    host: str, port: int, reach: Reach, deadline: float, stopped: Callable[[], bool]
) -> tuple[socket.socket, Address]:
    if stopped():
        raise Stopped
    try:
        addresses = reach.allowed(host, port)
    except (OSError, UnicodeError) as error:
        raise _Failed(_("No host is known as “%(host)s”.") % {"host": host}, again=True) from error
    if not addresses:
        raise _Failed(_("“%(host)s” leads to no address of the public internet; it is not fetched.") % {"host": host})
    failed: OSError = TimeoutError()
    for address in addresses[:3]:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            connected = socket.create_connection((str(address), port), timeout=min(left, 8))
        except OSError as error:
            failed = error
            continue
        connected.settimeout(max(deadline - time.monotonic(), 0.01))
        return connected, address
    raise failed


def _requested(wire: Wire, parts: SplitResult) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(parts.hostname or "")
    connection.sock = wire
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
    connection.putheader("Host", parts.netloc)
    connection.putheader("User-Agent", AGENT)
    connection.putheader("Accept", "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.5")
    connection.putheader("Accept-Encoding", "gzip, deflate")
    connection.putheader("Connection", "close")
    connection.endheaders()
    try:
        return connection.getresponse()
    except TooLarge as error:
        raise _Failed(_("The server's headers never end; the page is not taken.")) from error


def _body(response: http.client.HTTPResponse) -> bytes:
    """As it came, packed or not. Raises `IncompleteRead` where less came than was announced."""
    body = bytearray()
    while chunk := response.read(64 * 1024):
        body += chunk
    # http.client counts down what was announced, and is silent about the rest.
    if response.length:
        raise http.client.IncompleteRead(bytes(body), response.length)
    return bytes(body)


def _unpacked(body: bytes, packing: str, most: int) -> bytes:
    packing = packing.strip().lower()
    if packing not in _PACKED:
        raise _Failed(_("The page is packed as “%(packing)s”, which is not read here.") % {"packing": packing[:40]})
    bits = _PACKED[packing]
    if bits is None or not body:
        return body
    # Servers send bare deflate for "deflate" as often as what the standard says.
    if packing == "deflate":
        bits = zlib.MAX_WBITS if body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0 else -zlib.MAX_WBITS
    opened = zlib.decompressobj(bits)
    # Stops at the cap: what would come after it is never unpacked.
    data = opened.decompress(body, most + 1)
    if len(data) > most:
        raise _Failed(_("Unpacked, the page is larger than the 10 MiB that are taken."))
    if not opened.eof:
        raise http.client.IncompleteRead(data)
    return data


def _refuse_errors(answer: Answer) -> None:
    status = answer.status or 0
    if status == 200:
        return
    name = http.client.responses.get(status, "")
    said = _("The server answered %(status)s %(name)s.") % {"status": status, "name": name}
    raise _Failed(said, again=status >= 500 or status in (408, 425, 429))
