"""An uncertain date in words, in the language of whoever reads it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from commitments.languages import label
from commitments.vocabulary import DATE_BASES

Row = dict[str, Any]
OPEN_SIDE = ("", "..")
# Bare EDTF text has 4 characters for a year, 7 for a month, 10 for a day.
FORMATS = {4: "Y", 7: gettext_noop("F Y"), 10: gettext_noop("j F Y")}


def written(value: date, precision: int = 10) -> str:
    return date_format(value, gettext(FORMATS.get(precision, FORMATS[10])))


def day(text: str) -> str:
    return written(date.fromisoformat(text))


def when(told: Row) -> str:
    """An uncertain date: "14 January 2021", "by 14 January 2021", "between 6 June 2019 and 7 June 2019"."""
    if told["edtf"] is None:
        return gettext("date not known")
    start, slash, end = told["edtf"].partition("/")
    if not slash:
        return _one(start, told)
    first, last = side(start, told["earliest"]), side(end, told["latest"])
    if start in OPEN_SIDE:
        return gettext("by %(day)s") % {"day": last}
    if end in OPEN_SIDE:
        return gettext("%(day)s or later") % {"day": first}
    return gettext("between %(first)s and %(last)s") % {"first": first, "last": last}


def basis(told: Row) -> str:
    """How the date is known: its basis, and the note that shows the chain."""
    how = label(DATE_BASES, told["basis"]).lower()
    note = (told["note"] or "").rstrip(".")
    return f"{how}: {note}" if note else how


def how_known(told: Row) -> str:
    """How a date is known, for whoever has no room for the note and does not know the rubric's word."""
    return {
        "stated": gettext("as the source says"),
        "dateline": gettext("from the dateline"),
        "weekday_resolved": gettext("worked out from the weekday"),
        "caption": gettext("from a caption"),
        "file_name": gettext("from the name of a file"),
        "known_by": gettext("when exactly is not told"),
        "curator_estimate": gettext("our estimate"),
        "unknown": gettext("not told"),
    }[told["basis"]]


def _one(text: str, told: Row) -> str:
    if "X" not in text:
        return side(text, told["latest"])
    spread = {"first": day(told["earliest"]), "last": day(told["latest"])}
    return gettext("between %(first)s and %(last)s") % spread


def side(text: str, bound: str) -> str:
    bare = text.rstrip("~?%")
    precision = 10 if "X" in bare else len(bare)
    exact = written(date.fromisoformat(bound), precision)
    if text.endswith("~"):
        return gettext("about %(day)s") % {"day": exact}
    if text.endswith(("?", "%")):
        return gettext("%(day)s (uncertain)") % {"day": exact}
    return exact
