"""What bytes are, told from the bytes: a declared media type is only a hint."""

from __future__ import annotations

import re
import zlib

HTML, PDF, WARC, TEXT, PACKED, ARCHIVE, OTHER = "html", "pdf", "warc", "text", "packed", "archive", "other"

_TAG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|meta|title|script|style|div|article|main|section|p|h[1-6]|table|link)\b",
    re.IGNORECASE | re.DOTALL,
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x28\xb5\x2f\xfd", b"BZh", b"\xd0\xcf\x11\xe0")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"\x00\x00\x00", b"OggS", b"ID3", b"\x7fELF", b"MZ")


def kind_of(data: bytes, *, media_type: str = "", name: str = "") -> str:
    head = data[:4096]
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"WARC/"):
        return WARC
    if head.startswith(b"\x1f\x8b"):
        return WARC if _unpacked_start(head).startswith(b"WARC/") else PACKED
    if head.startswith(_ARCHIVES):
        return ARCHIVE
    if head.startswith(_PICTURES):
        return OTHER
    if head.startswith(_UTF16):
        head = head.replace(b"\0", b"")[2:]
    elif b"\0" in head:
        return OTHER
    if _TAG.match(head) or (_says_html(media_type, name) and b"<" in head):
        return HTML
    return TEXT


def _says_html(media_type: str, name: str) -> bool:
    return "html" in media_type.lower() or name.lower().endswith((".html", ".htm", ".xhtml"))


def _unpacked_start(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, 64)
    except zlib.error:
        return b""
