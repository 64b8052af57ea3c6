"""Check your copy: in the browser, without a text leaving it; without JavaScript by a form that keeps nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from commitments.captures.anchoring import Quote, digest_of
from commitments.clocks import Clock, Refused
from commitments.pages import copies
from commitments.pages import sentences as say
from commitments.pages.answering import PageView, ThingPage
from commitments.selection import Listed, Selection

Row = dict[str, Any]
# Django keeps no more than this in memory: what is brought never touches a disk.
LARGEST = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
DIGITS = 5
PREFIX = re.compile(rf"[0-9a-f]{{{DIGITS}}}", re.ASCII)
# Sources offered at once, passages shown of one source, and claims named of one passage.
SOURCES = 50
PASSAGES = 500
CLAIMS = 5
IN_ORDER = """SELECT s.row {rows} ORDER BY (s.row::json->>'capture'), (s.row::json->>'start')::int, s.subject_id
LIMIT %(size)s"""
RESTING = "SELECT s.subject_id, s.label, s.retracted, s.names {rows} ORDER BY s.seq LIMIT %(size)s"
# By `copies.Copy.way` and by what `copies.places` answers; the browser says the same.
SAID = {
    "bytes": _("This is a capture that we know, byte for byte."),
    "as_is": _("This is the text of a capture that we know, character for character."),
    "line_ends": _("This is the text of a capture that we know, once its lines end as ours do (LF)."),
    "without_mark": _("This is the text of a capture that we know, once the byte order mark before it is taken off."),
    "without_last_lines": _("This is the text of a capture that we know, once the line ends after it are taken off."),
    "with_last_line": _("This is the text of a capture that we know, once it ends with one line end."),
    "": _("This is no capture that we know. To a digest, a text that differs by one character is another text."),
    "no_text": _("Passages are not looked for in it: it is no text in UTF-8, or not what our text was had from."),
    "here": _("At its place"),
    "once": _("Elsewhere, once"),
    "several": _("Elsewhere, several times"),
    "nowhere": _("Not in it"),
    "not_here": _("Not at its place; elsewhere was not searched"),
    "tally": _("At their place: %(here)s. Elsewhere: %(elsewhere)s. Not found: %(not_found)s."),
    "working": _("Checking …"),
    "nothing": _("Nothing was brought: paste a text, or choose a file."),
    "too_large": _("No capture is larger than 10 MiB, so this file is none."),
    "unread": _("This file could not be read; choose it again."),
    "unanswered": _("This site did not answer, so nothing was compared; try again."),
}


class NotBrought(Exception):
    """What was sent cannot be checked; `str()` of it says why and what could be."""

    def __init__(self, said: str, status: int = 400) -> None:
        super().__init__(said)
        self.status = status


class Brought(NamedTuple):
    """`text` None: none in UTF-8 stands in the file; `sha256` None: it was pasted."""

    text: str | None
    sha256: str | None

    @property
    def digests(self) -> list[str]:
        spelled = copies.spellings(self.text).values() if self.text is not None else ()
        return [*map(digest_of, spelled), *([self.sha256] if self.sha256 else [])]


# Nothing is changed and no cookie read, so there is nothing that a forged request could do.
@method_decorator(csrf_exempt, name="dispatch")
class Checking(PageView):
    """A page with the form. What it is sent is compared and forgotten."""

    http_method_names = ["get", "head", "post"]
    template = "pages/check.html"
    brought: Brought | None = None
    fault = ""

    def dispatch(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **named)
        if request.method == "POST":
            response.headers["Cache-Control"] = "no-store"
        return response

    def post(self, request: HttpRequest, **named: Any) -> HttpResponse:
        status = 200
        try:
            self.brought = brought_by(request)
        except NotBrought as not_brought:
            self.fault, status = str(not_brought), not_brought.status
        response = self.get(request, **named)
        response.status_code = status if response.status_code == 200 else response.status_code
        return response

    def tag_of(self, digest: str) -> str | None:
        return None if self.request.method == "POST" else super().tag_of(digest)

    def answered(self, captures: Sequence[Row]) -> Row:
        """What the template says of what was brought."""
        told = {"fault": self.fault, "said": {way: str(words) for way, words in SAID.items()}, "largest": megabytes()}
        return told if self.brought is None else told | answer(self.brought, captures)


class CheckPage(Checking):
    """Of every capture in the record. At most five queries."""

    def gathered(self) -> Row:
        clock = self.resolve_clock()
        captures = captures_with(self.brought.digests, clock) if self.brought else []
        known = Selection.of("source", clock)
        found = known.listed(known.standing.list_order, None, SOURCES)
        told = self.answered(captures)
        return told | {
            "captures": [capture for capture in captures if told.get("capture") == capture["id"]],
            "sources": [orjson.loads(listed.row) for listed in found],
            "count": known.counted(),
            "asks_for": reverse("check_captures", kwargs={"prefix": "0" * DIGITS}),
        }


class SourceCheckPage(Checking, ThingPage):
    """Of the captures of one source, with all passages. At most four queries."""

    noun = "source"
    parameters = ()

    def told(self, standing: Listed) -> Row:
        source = orjson.loads(standing.row)
        captures = captures_of([source], self.clock)
        return self.answered(captures) | {"captures": captures, "source": source}

    def by_id(self, subject_id: str) -> str:
        return reverse("source_check", kwargs={"id": subject_id})


class CapturesPage(PageView):
    """The captures whose digest begins with a few digits: a browser asks for them and for no more than the digits.
    At most four queries."""

    template = "pages/check_captures.html"

    def gathered(self, prefix: str) -> Row:
        if not PREFIX.fullmatch(prefix):
            said = gettext("“%(given)s” is not how a digest begins: give %(digits)s of the digits 0 to 9 and a to f.")
            raise Refused({"detail": said % {"given": prefix[:80], "digits": DIGITS}})
        return {"prefix": prefix, "captures": captures_with([prefix], self.resolve_clock())}


def brought_by(request: HttpRequest) -> Brought:
    """Raises `NotBrought`."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        raise too_large()
    request.upload_handlers = [MemoryFileUploadHandler(request)]
    try:
        pasted, file = request.POST.get("text", ""), request.FILES.get("file")
    except RequestDataTooBig as error:
        raise too_large() from error
    if file is not None and file.size:
        return of_file(file.read())
    if not pasted:
        raise NotBrought(str(SAID["nothing"]))
    # A form sends every line end as CRLF, whatever was pasted.
    return Brought(pasted.replace("\r\n", "\n"), None)


def too_large() -> NotBrought:
    said = gettext("This is larger than %(largest)s MB; bring the part that matters.")
    return NotBrought(said % {"largest": megabytes()}, 413)


def of_file(data: bytes) -> Brought:
    try:
        text: str | None = data.decode()
    except UnicodeDecodeError:
        text = None
    return Brought(text, sha256(data).hexdigest())


def megabytes() -> str:
    return f"{LARGEST / 1024 / 1024:g}"


def answer(brought: Brought, captures: Sequence[Row]) -> Row:
    """Which of the captures it is; each passage gets its `place`."""
    copy = copies.recognised(captures, brought.text, brought.sha256)
    if copy.text is not None:
        for capture in captures:
            found = copies.places(copy.text, [quote_of(passage) for passage in capture["passages"]])
            for passage, place in zip(capture["passages"], found, strict=True):
                passage["place"], passage["found"] = place, SAID[place]
            capture["tally"] = SAID["tally"] % tally(found)
    return {
        "verdict": SAID[copy.way],
        "without_text": SAID["no_text"] if copy.text is None else "",
        "capture": copy.capture and copy.capture["id"],
        "is_known": copy.capture is not None,
    }


def quote_of(passage: Row) -> Quote:
    return Quote(passage["start"], passage["end"], passage["sha256"], passage["exact"])


def tally(found: Sequence[str]) -> dict[str, int]:
    here, elsewhere = found.count("here"), found.count("once") + found.count("several")
    return {"here": here, "elsewhere": elsewhere, "not_found": len(found) - here - elsewhere}


def captures_with(starts: Sequence[str], clock: Clock) -> list[Row]:
    """Those with a digest, of bytes or of text, that begins so. At most three queries; reads every source."""
    # Their JSON is compact, and its quotes are escaped inside a text.
    held = [f'%sha256":"{start}%' for start in starts]
    found = Selection.of("source", clock).where("s.row LIKE ANY (%s)", held).rows()
    captures = captures_of(found, clock) if found else []
    return [capture for capture in captures if begins(capture, starts)]


def begins(capture: Row, starts: Sequence[str]) -> bool:
    return any(capture[digest].startswith(start) for start in starts for digest in ("sha256", "text_sha256"))


def captures_of(sources: Sequence[Row], clock: Clock) -> list[Row]:
    """Every capture of the sources with its passages, in the order of the text. Two queries."""
    named = Selection.of("passage", clock).holding_any("names", [source["id"] for source in sources])
    passages = [orjson.loads(row) for (row,) in named.known(IN_ORDER, size=PASSAGES + 1)]
    claims = claims_on([passage["id"] for passage in passages], clock)
    return [
        _capture(source, capture, [p for p in passages[:PASSAGES] if p["capture"] == capture["id"]], claims)
        | {"is_part": len(passages) > PASSAGES}
        for source in sources
        for capture in source["captures"]
    ]


def claims_on(passages: Sequence[str], clock: Clock) -> dict[str, list[Row]]:
    """By passage what was said in it, at most `CLAIMS` of each. One query."""
    resting = Selection.of("claim", clock).holding_any("names", passages)
    found: dict[str, list[Row]] = {passage: [] for passage in passages}
    for claim, statement, is_retracted, names in resting.known(RESTING, size=PASSAGES * CLAIMS):
        for passage in found.keys() & set(names):
            found[passage].append({"id": claim, "statement": statement, "is_retracted": is_retracted})
    return found


def _capture(source: Row, capture: Row, passages: list[Row], claims: dict[str, list[Row]]) -> Row:
    return capture | {
        "source": source,
        "when": say.when(capture["captured"]),
        "passages": [_passage(passage, claims[passage["id"]]) for passage in passages],
    }


def _passage(passage: Row, claims: list[Row]) -> Row:
    return {
        "id": passage["id"],
        "start": passage["start"],
        "end": passage["end"],
        "sha256": passage["exact_sha256"],
        "exact": passage["exact"],
        "where": say.position_in_text(passage),
        "is_retracted": passage["retracted"] is not None,
        "claims": claims[:CLAIMS],
        "more": max(0, len(claims) - CLAIMS),
    }
