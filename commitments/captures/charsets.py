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
_FOR_GUESSING = 64 * 1024
_WORD = re.compile(r"[^\W\d_]+")


def mark_of(data: bytes) -> str:
    """The encoding that a byte order mark tells; '' without one."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), "")


def decoded(data: bytes, *, hint: str = "", look_inside: bool = False) -> tuple[str, str]:
    """The characters and the encoding's name; ('', '') where no encoding fits.

    UTF-8 goes before what server or page declare, as no other text is valid UTF-8 by chance, and before a guess."""
    for name in (mark_of(data), "utf-8", *_declared(data, hint, look_inside)):
        if name and (text := _by(data, name)) is not None:
            return text, name
    for name in (guessed(data), "windows-1252"):
        if name and (text := _by(data, name)) is not None:
            return text, name
    return "", ""


def _declared(data: bytes, hint: str, look_inside: bool) -> list[str]:
    told = [*_NAMED.findall(hint.encode("ascii", "ignore")), *(_NAMED.findall(data[:4096]) if look_inside else ())]
    names = [(first or second).decode().lower() for first, second in told]
    return [_WIDER.get(name, name) for name in names]


def guessed(data: bytes) -> str:
    """By the letters that come out; '' where nothing fits. Of the many encodings of Latin letters, which no guess can
    tell apart, the one that is in use."""
    best = charset_normalizer.from_bytes(data[:_FOR_GUESSING]).best()
    if best is None:
        return ""
    return "windows-1252" if _is_latin(str(best)) else best.encoding


def _is_latin(text: str) -> bool:
    """Where letters beyond ASCII stand in one word with those of ASCII, as in “año”, they are Latin."""
    beyond = [word for word in _WORD.findall(text) if not word.isascii()]
    mixed = [word for word in beyond if any(sign.isascii() for sign in word)]
    return 2 * len(mixed) >= len(beyond)


def _by(data: bytes, name: str) -> str | None:
    try:
        if not codecs.lookup(name)._is_text_encoding:
            return None
        text = data.decode(name)
    except (LookupError, UnicodeError):
        return None
    return None if "\0" in text else text
