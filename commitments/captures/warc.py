"""What was exchanged with a server, as WARC 1.1 (ISO 28500:2017), byte for byte, with SHA-256 digests."""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import dataclass
from typing import Any

from warcio.recordloader import ArcWarcRecord
from warcio.warcwriter import WARCWriter


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, as far as it came; `body` is what the answer carried, still packed."""

    url: str
    address: str
    request: bytes
    response: bytes
    body: bytes


def digest(data: bytes) -> str:
    return f"sha256:{base64.b32encode(hashlib.sha256(data).digest()).decode()}"


def archived(exchanges: list[Exchange], *, agent: str) -> bytes:
    out = io.BytesIO()
    writer = _Writer(out, gzip=False, warc_version="1.1")
    info = f"software: {agent}\r\nformat: WARC File Format 1.1\r\n".encode()
    _write(writer, "", "warcinfo", info, {}, "application/warc-fields")
    for exchange in exchanges:
        told = {"WARC-IP-Address": exchange.address}
        if exchange.body:
            told["WARC-Payload-Digest"] = digest(exchange.body)
        if exchange.response:
            http = "application/http; msgtype=response"
            response = _write(writer, exchange.url, "response", exchange.response, told, http)
            told = {"WARC-Concurrent-To": response}
        told.pop("WARC-Payload-Digest", None)
        _write(writer, exchange.url, "request", exchange.request, told, "application/http; msgtype=request")
    return out.getvalue()


def _write(writer: _Writer, url: str, kind: str, block: bytes, told: dict[str, str], content_type: str) -> str:
    """Writes one record with its block as it is; its id."""
    headers = writer._init_warc_headers(url, kind, {"WARC-Block-Digest": digest(block)} | told)
    # Without parsed HTTP headers warcio writes the block as it came; it would write parsed ones anew.
    writer.write_record(ArcWarcRecord("warc", kind, headers, io.BytesIO(block), None, content_type, len(block)))
    return str(headers.get_header("WARC-Record-ID"))


class _Writer(WARCWriter):
    def ensure_digest(self, record: Any, block: bool = True, payload: bool = True) -> None:
        """They are given, as SHA-256; its own would be SHA-1."""
