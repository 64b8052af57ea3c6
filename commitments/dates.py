"""The uncertain date: EDTF text (ISO 8601-2:2019, levels 0 and 1), its bounds, its basis and the note.

Bounds are whole days, inclusive. `~` and `?` are shown and widen nothing: who means a width writes an
interval. The library parses one side at a time, because of whole intervals it invents ends. Parsing costs
milliseconds: it happens when a date is written, never when it is read.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import edtf

from commitments.vocabulary import DATE_BASES, Sentence

FIRST_DAY = date(1, 1, 1)
LAST_DAY = date(9999, 12, 31)
FORMS = Sentence("a day 2021-01-14, a month 2021-01, a year 2021, an interval 2021-01-14/2021-01-20, or /2021-01-14")
_SIDE = re.compile(
    r"(\d{4}(-(\d{2}(-(\d{2}|XX))?|XX(-XX)?))?|\d{3}X|\d{2}XX)[~?%]?", re.ASCII
)  # unspecified digits from the right only: the library breaks on others


class InvalidDate(ValueError):
    """Says in one sentence what is wrong with the date and what would be right."""

    def __init__(self, pattern: str, **facts: object) -> None:
        self.sentence = Sentence(pattern, **facts)
        super().__init__(self.sentence)


@dataclass(frozen=True)
class UncertainDate:
    """`edtf` is None exactly where the basis is `unknown`; its bounds are then 0001-01-01..9999-12-31."""

    edtf: str | None
    earliest: date
    latest: date
    basis: str
    note: str = ""

    @property
    def is_bounded(self) -> bool:
        return self.latest < LAST_DAY

    def __str__(self) -> str:
        note = f": {self.note}" if self.note else ""
        return f"{self.edtf or 'unknown'} ({DATE_BASES[self.basis].en.lower()}{note})"

    def as_json(self) -> dict[str, str | None]:
        return {
            "edtf": self.edtf,
            "earliest": self.earliest.isoformat(),
            "latest": self.latest.isoformat(),
            "basis": self.basis,
            "note": self.note or None,
        }

    @classmethod
    def from_json(cls, value: dict[str, str | None]) -> UncertainDate:
        return cls(
            edtf=value["edtf"],
            earliest=date.fromisoformat(value["earliest"] or ""),
            latest=date.fromisoformat(value["latest"] or ""),
            basis=value["basis"] or "",
            note=value["note"] or "",
        )

    @classmethod
    def read(
        cls, edtf_text: str | None, *, basis: str, note: str = "", recorded_on: date, may_be_ahead: bool = False
    ) -> UncertainDate:
        """The date as somebody wrote it. `recorded_on` (UTC) ends what is open above and refuses what ends
        after it, unless `may_be_ahead` (a deadline, an office's end). Raises `InvalidDate`."""
        text, note = (edtf_text or "").strip(), (note or "").strip()
        if basis not in DATE_BASES:
            raise InvalidDate(
                "“%(basis)s” is no basis; give one of %(bases)s.", basis=basis, bases=", ".join(DATE_BASES)
            )
        if basis != "stated" and not note:
            raise InvalidDate(
                "A date with basis “%(basis)s” needs a note that shows how it was worked out.", basis=basis
            )
        if basis == "unknown":
            if text:
                raise InvalidDate(
                    "An unknown date has no value; leave “%(text)s” out or give another basis.", text=text
                )
            return cls(None, FIRST_DAY, LAST_DAY, basis, note)
        if not text:
            raise InvalidDate("A date with basis “%(basis)s” needs a value: %(forms)s.", basis=basis, forms=FORMS)
        earliest, latest = bounds(text, open_end=LAST_DAY if may_be_ahead else recorded_on)
        if latest > recorded_on and not may_be_ahead:
            raise InvalidDate(
                "“%(text)s” ends on %(latest)s, after the day of recording, %(day)s; "
                "write the interval up to that day, as only a deadline or an office's end may lie ahead.",
                text=text,
                latest=latest,
                day=recorded_on,
            )
        return cls(text, earliest, latest, basis, note)


def bounds(text: str, *, open_end: date) -> tuple[date, date]:
    """The earliest and latest day of an EDTF text; `X/..` and `X/` end on `open_end`. Raises `InvalidDate`."""
    sides = text.split("/")
    if len(sides) > 2:
        raise InvalidDate("“%(text)s” has more than one “/”; write %(forms)s.", text=text, forms=FORMS)
    if len(sides) == 1:
        return _side_bounds(text, text)
    start, end = sides
    is_open_start, is_open_end = start in ("", ".."), end in ("", "..")
    if is_open_start and is_open_end:
        raise InvalidDate("“%(text)s” bounds nothing; give the basis “unknown” instead.", text=text)
    earliest = FIRST_DAY if is_open_start else _side_bounds(start, text)[0]
    latest = open_end if is_open_end else _side_bounds(end, text)[1]
    if earliest > latest:
        raise InvalidDate("“%(text)s” ends before it begins; write the earlier day first.", text=text)
    return earliest, latest


def _no_day(side: str, whole: str) -> InvalidDate:
    return InvalidDate(
        "“%(side)s” in “%(text)s” is no day of the calendar; write %(forms)s.", side=side, text=whole, forms=FORMS
    )


# The same days are written over and over in an import, and the parser takes milliseconds for each.
@lru_cache(maxsize=4096)
def _side_bounds(side: str, whole: str) -> tuple[date, date]:
    if not _SIDE.fullmatch(side):
        raise InvalidDate("“%(text)s” is not a date this record reads; write %(forms)s.", text=whole, forms=FORMS)
    if len(side) == len("2021-01-14"):
        with suppress(ValueError):  # a plain day needs no parser
            return (day := date.fromisoformat(side)), day
    try:
        parsed = edtf.parse_edtf(side)
        earliest, latest = (date(*day[:3]) for day in (parsed.lower_strict(), parsed.upper_strict()))
    except (edtf.EDTFParseException, ValueError) as error:
        raise _no_day(side, whole) from error
    written = side.rstrip("~?%")
    if "X" not in written and not earliest.isoformat().startswith(written):
        raise _no_day(side, whole)
    return earliest, latest
