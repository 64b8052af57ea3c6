"""From the bytes of a text or a web page to characters, and by which encoding: what is certain goes first."""

from __future__ import annotations

import codecs
import re

import charset_normalizer

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w:.-]{2,40})|encoding\s*=\s*[\"']([\w:.-]{2,40})", re.IGNORECASE)
# What pages that say so mean (WHATWG Encoding): the wider relative holds more characters.
_WIDER = {
    "ascii": "windows-1252",
    "us-ascii": "windows-1252",
    "iso-8859-1": "windows-1252",
    "latin-1": "windows-1252",
    "latin1": "windows-1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "iso-8859-9": "windows-1254",
    "windows-874": "cp874",
}
_WESTERN = ("cp125", "iso8859", "latin", "cp4", "cp5", "cp7", "cp8", "mac_", "hp_", "cp10", "cp11")
_FOR_GUESSING = 64 * 1024


def mark_of(data: bytes) -> str:
    """The encoding that a byte order mark tells; '' without one."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), "")


def decoded(data: bytes, *, hint: str = "", look_inside: bool = False) -> tuple[str, str]:
    """The characters and the encoding's name; ('', '') where no encoding fits.

    UTF-8 goes before what server or page declare, as no other text is valid UTF-8 by chance, and before a guess."""
    for name in (mark_of(data), "utf-8", *_declared(data, hint, look_inside)):
        if name and (text := _by(data, name)) is not None:
            return text, name
    for name in (_guessed(data), "windows-1252"):
        if name and (text := _by(data, name)) is not None:
            return text, name
    return "", ""


def _declared(data: bytes, hint: str, look_inside: bool) -> list[str]:
    told = [*_NAMED.findall(hint.encode("ascii", "ignore")), *(_NAMED.findall(data[:4096]) if look_inside else ())]
    names = [(first or second).decode().lower() for first, second in told]
    return [_WIDER.get(name, name) for name in names]


def _guessed(data: bytes) -> str:
    """Of the many encodings of Western letters, which no guess can tell apart, the one that is in use."""
    best = charset_normalizer.from_bytes(data[:_FOR_GUESSING]).best()
    name = best.encoding if best else ""
    return "windows-1252" if name.startswith(_WESTERN) else name


def _by(data: bytes, name: str) -> str | None:
    try:
        if not codecs.lookup(name)._is_text_encoding:
            return None
        text = data.decode(name)
    except (LookupError, UnicodeError):
        return None
    return None if "\0" in text else text
