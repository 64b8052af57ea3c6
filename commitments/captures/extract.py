"""From the bytes that somebody brings or a server answers to the text in which passages are marked.

The bytes are the evidence; the text is had from them by a named extractor of an exact version and is kept beside
them. `version 1` at the end of a normaliser's name is of what is done here around the extractor.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from commitments.captures import kinds, tables
from commitments.captures.apart import LARGEST, MOST_CHARACTERS, SECONDS
from commitments.captures.charsets import decoded
from commitments.captures.display import is_unseen

UTF8_TEXT = "utf-8, CRLF as LF; version 1"
_ROOT = Path(__file__).resolve().parents[2]

SENTENCES = {
    "empty": gettext_noop("This file is empty; bring the file as it was saved."),
    "too_large": gettext_noop("This is larger than the 10 MiB that are taken; save the article alone."),
    "text_too_long": gettext_noop("The text has more than two million characters; bring the part that matters."),
    "too_many_pages": gettext_noop("This PDF has more than a thousand pages; bring those that matter."),
    "packed": gettext_noop("This is a packed file (gzip); unpack it and bring what is in it."),
    "archive": gettext_noop(
        "This is an archive or an office document, whatever its name says; save it as PDF, web page or plain text."
    ),
    "other": gettext_noop("This is no text, web page, PDF or WARC; save the article as one of these."),
    "charset": gettext_noop("The letters of this text cannot be told from its bytes; save it as UTF-8."),
    "no_text": gettext_noop("No text stands in this page; where it is built in the browser, save it there first."),
    "page_broken": gettext_noop("This web page is too broken to be read; copy its text instead."),
    "pdf_locked": gettext_noop("This PDF is locked with a password; bring one that is open."),
    "pdf_broken": gettext_noop("This PDF is damaged and cannot be read; download it again."),
    "pdf_pictures": gettext_noop("This PDF holds pictures of pages and no text; bring one with text in it."),
    "warc_broken": gettext_noop("This WARC is damaged and cannot be read; export it again."),
    "warc_cut": gettext_noop("This WARC ends in the middle of the page, or says that it was cut; capture it again."),
    "warc_revisit": gettext_noop(
        "This WARC only says that the page had not changed (a revisit); bring the WARC that holds the page itself."
    ),
    "warc_without_response": gettext_noop("No page that a server answered (status 200) stands in this WARC."),
    "warc_without_it": gettext_noop("No page in this WARC has the capture's SHA-256."),
    "archive_too_large": gettext_noop("Unpacked this is larger than what is taken; bring the page alone."),
    "packing_unknown": gettext_noop("The page is packed in a way that is not read here; save it unpacked."),
    "too_heavy": gettext_noop("Reading this took too much memory or time; bring a simpler copy, such as its text."),
    "table_broken": gettext_noop("This is not the data set that was imported: its rows cannot be read as they were."),
    "unknown_normaliser": gettext_noop("How its text was had from the bytes is not known here; bring it as text."),
}


class Unreadable(Exception):
    """No text can be had from these bytes. `str()` of it is one sentence for the person who brought them."""

    def __init__(self, key: str) -> None:
        super().__init__(_(SENTENCES[key]))


@dataclass(frozen=True)
class Reading:
    """`data` is the capture; `warc` the archive it came in. What the source did not tell is ''."""

    data: bytes
    media_type: str
    text: str
    normaliser: str
    title: str = ""
    language: str = ""
    # A day, as the metadata of the page has it.
    published: str = ""
    byline: str = ""
    site: str = ""
    url: str = ""
    # The day on which a WARC says that it was captured.
    captured: str = ""
    warc: bytes | None = None

    @property
    def digests(self) -> dict[str, Any]:
        """The columns of a Capture that follow from the bytes."""
        return {
            "sha256": digest_of(self.data),
            "size": len(self.data),
            "text_sha256": digest_of(self.text.encode()),
            "characters": len(self.text),
            "normaliser": self.normaliser,
        }


def digest_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def read(data: bytes, *, media_type: str = "", name: str = "") -> Reading:
    """What the bytes are and say. `media_type` and `name` are hints. Raises `Unreadable`."""
    if not data:
        raise Unreadable("empty")
    if len(data) > LARGEST:
        raise Unreadable("too_large")
    match kinds.kind_of(data, media_type=media_type, name=name):
        case kinds.HTML:
            return _page(data, media_type)
        case kinds.PDF:
            return _pdf(data)
        case kinds.WARC:
            return _from_warc(data)
        case kinds.TEXT:
            return _plain(data, media_type)
        case kind:
            raise Unreadable(kind)


def text_of(data: bytes, normaliser: str) -> str:
    """The text by the family and encoding that the normaliser names, with what is installed now: whether it is
    the capture's text, its digest says. Raises `Unreadable`."""
    if len(data) > LARGEST:
        raise Unreadable("too_large")
    if normaliser.startswith("trafilatura "):
        charset = re.search(r", ([\w-]+)", normaliser)
        return _page(data, f"charset={charset[1]}" if charset else "").text
    if normaliser.startswith("pypdfium2 "):
        return _pdf(data).text
    if normaliser.endswith(", CRLF as LF; version 1"):
        try:
            return _text_by(data, normaliser.partition(",")[0])
        except (UnicodeError, LookupError) as error:
            raise Unreadable("charset") from error
    if tables.NORMALISER.fullmatch(normaliser):
        return _table(data, normaliser)
    raise Unreadable("unknown_normaliser")


def _table(data: bytes, normaliser: str) -> str:
    try:
        return tables.text_of(data, normaliser)
    except tables.NotATable as error:
        raise Unreadable("table_broken") from error


def payload_of(warc: bytes, digest: str) -> bytes:
    """The payload with this SHA-256 out of a WARC. Raises `Unreadable`."""
    return _apart("warc", warc, digest)[1]


def is_warc(data: bytes) -> bool:
    return kinds.kind_of(data) == kinds.WARC


def _plain(data: bytes, hint: str) -> Reading:
    try:
        return Reading(data, "text/plain", _text_by(data, "utf-8"), UTF8_TEXT)
    except UnicodeDecodeError:
        _text, charset = decoded(data, hint=hint)
    if not charset:
        raise Unreadable("charset")
    return Reading(data, "text/plain", _text_by(data, charset), f"{charset}, CRLF as LF; version 1")


def _text_by(data: bytes, charset: str) -> str:
    """Of a plain text: CRLF as LF and nothing else changed."""
    text = data.decode(charset).replace("\r\n", "\n")
    if "\0" in text:
        raise Unreadable("other")
    return _short(text)


def _page(data: bytes, hint: str) -> Reading:
    page, charset = decoded(data, hint=hint, look_inside=True)
    if not charset:
        raise Unreadable("charset")
    told, _payload = _apart("html", page.encode("utf-8", "replace"))
    text = _clean(told.pop("text"))
    if not text.strip():
        raise Unreadable("no_text")
    how = "" if charset == "utf-8" else f", {charset}"
    way = " whole page" if told.pop("whole") else ""
    return Reading(data, "text/html", text, f"{_named('trafilatura')}{way}{how}; version 1", **_short_lines(told))


def _pdf(data: bytes) -> Reading:
    told, _payload = _apart("pdf", data)
    text = _clean(told.pop("text"))
    return Reading(data, "application/pdf", text, f"{_named('pypdfium2')}; version 1", **_short_lines(told))


def _from_warc(data: bytes) -> Reading:
    told, payload = _apart("warc", data)
    if kinds.kind_of(payload) == kinds.WARC:
        raise Unreadable("other")
    reading = read(payload, media_type=told["media_type"], name=told["url"])
    return replace(reading, warc=data, url=told["url"], captured=told["captured"])


def _apart(kind: str, data: bytes, *more: str) -> tuple[dict[str, Any], bytes]:
    """What the parser in its own process answers, and a payload."""
    try:
        done = subprocess.run(  # noqa: S603 (our own module, fixed arguments)
            [sys.executable, "-m", "commitments.captures.apart", kind, *more],
            input=data,
            capture_output=True,
            cwd=_ROOT,
            # Nothing of ours is told to it: no address of a database, no secret.
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            timeout=SECONDS + 10,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too_heavy") from error
    head, _line, payload = done.stdout.partition(b"\n")
    if done.returncode or not head:
        raise Unreadable("too_heavy" if done.returncode < 0 else f"{kind}_broken".replace("html", "page"))
    answer = json.loads(head)
    if "fault" in answer:
        raise Unreadable(answer["fault"])
    return answer, payload


@cache
def _named(package: str) -> str:
    return f"{package} {version(package)}"


def _clean(text: str) -> str:
    """Line ends as LF; what no database or JSON can hold, NUL and lone surrogates, as U+FFFD."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return _short(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))


def _short(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise Unreadable("text_too_long")
    return text


def _short_lines(told: dict[str, Any]) -> dict[str, Any]:
    """Suggestions as they fit a form: one clean line each."""
    return {key: " ".join(_seen(_clean(str(value))[:2000]).split()) for key, value in told.items()}


def _seen(line: str) -> str:
    return "".join(sign for index, sign in enumerate(line) if sign.isspace() or not is_unseen(line, index))
