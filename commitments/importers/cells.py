"""A row in our columns and our words: what a data set's row says, once the mapping is applied to it.

Reading what this writes gives the same again, which is what makes an export round-trip.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from commitments.dates import InvalidDate, UncertainDate
from commitments.importers.columns import COLUMNS, DATES, OF_COMMITMENT, SEPARATOR, Column, listed
from commitments.importers.days import UnreadDay, read_day
from commitments.importers.mapping import Chosen, word_of
from commitments.vocabulary import Words

AHEAD = ("due",)
# Marks that reorder or hide what a person reads; a title or name is one line without them.
_HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u061c\x00-\x08\x0b-\x1f\x7f]")
_IS_URL = URLValidator(schemes=["http", "https"])


@dataclass
class Read:
    """`cells` by our names, without those that hold nothing; `faults` say why the row cannot be used."""

    cells: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, list[str]] = field(default_factory=dict)

    @property
    def faults(self) -> list[str]:
        return [f"{labels(names)}: {sentence}" for sentence, names in self.refusals.items()]

    def refuse(self, name: str, sentence: str) -> None:
        self.refusals.setdefault(sentence, []).append(name)

    def date(self, name: str, day: date) -> UncertainDate | None:
        """Raises `InvalidDate`."""
        text, basis, note = (self.cells.get(n, "") for n in (name, f"{name}_basis", f"{name}_note"))
        if not basis:
            return None
        return dated(text, basis, note, day, name in AHEAD)


@lru_cache(maxsize=20_000)
def dated(text: str, basis: str, note: str, day: date, may_be_ahead: bool) -> UncertainDate:
    """Raises `InvalidDate`. Kept, as the days of a data set are few and reading one costs milliseconds."""
    return UncertainDate.read(text, basis=basis, note=note, recorded_on=day, may_be_ahead=may_be_ahead)


def labels(names: Iterable[str]) -> str:
    """Columns as people read them."""
    return ", ".join(str(COLUMNS[name].label) for name in names)


def tidy(text: str) -> str:
    return " ".join(_HIDDEN.sub("", text).split())


def read_cells(given: Mapping[str, str], chosen: Chosen, *, day: date, language: str, data_set: str) -> Read:
    found = Read()
    for name, column in COLUMNS.items():
        written = given.get(name, "").strip()
        if written and (value := _value(found, column, written, chosen, language)):
            found.cells[name] = value
    _fill(found, data_set)
    for name in DATES:
        _check_date(found, name, day)
    _check_whole(found)
    return found


def _value(found: Read, column: Column, written: str, chosen: Chosen, language: str) -> str:
    if column.words is not None:
        return _words(found, column, column.words, written, chosen)
    if column.family == "day":
        return _day(found, column, written, chosen, language)
    if column.family in ("actor", "kind", "topic", "place"):
        return _names(found, column, written, chosen)
    if column.family == "url":
        return _url(found, column, written)
    text = tidy(written) if column.family == "line" else written
    return _fitting(found, column, text, chosen)


def _words(found: Read, column: Column, words: Words, written: str, chosen: Chosen) -> str:
    slugs = []
    for word in listed(written) if column.several else [written]:
        slug = chosen.ours(column.family, word) or word_of(words, word)
        if slug not in words:
            known = ", ".join(words)
            sentence = _("“%(word)s” is not known; choose under “Their words” what it stands for: %(known)s.")
            found.refuse(column.name, sentence % {"word": word[:80], "known": known})
            return ""
        slugs.append(slug)
    return f"{SEPARATOR} ".join(slugs)


def _day(found: Read, column: Column, written: str, chosen: Chosen, language: str) -> str:
    try:
        return read_day(written, order=chosen.order, serials=chosen.serials, language=language)
    except UnreadDay as error:
        found.refuse(column.name, str(error))
        return ""


def _names(found: Read, column: Column, written: str, chosen: Chosen) -> str:
    names = [tidy(name) for name in (listed(written) if column.several else [written])]
    ours = [chosen.ours(column.family, name) or name for name in names]
    for name in ours:
        if column.most and len(name) > column.most:
            found.refuse(column.name, _too_long(name, column))
            return ""
    return f"{SEPARATOR} ".join(dict.fromkeys(ours))


def _url(found: Read, column: Column, written: str) -> str:
    try:
        _IS_URL(written)
    except ValidationError:
        found.refuse(
            column.name, _("“%(url)s” is no address that begins with http:// or https://.") % {"url": written[:80]}
        )
        return ""
    return written if len(written) <= column.most else _fail(found, column, written)


def _fail(found: Read, column: Column, text: str) -> str:
    found.refuse(column.name, _too_long(text, column))
    return ""


def _fitting(found: Read, column: Column, text: str, chosen: Chosen) -> str:
    if not column.most or len(text) <= column.most:
        return text
    if chosen.shorten and column.name in ("title", "title_es", "statement", "source_title"):
        return shortened(text, column.most)
    return _fail(found, column, text)


def shortened(text: str, most: int) -> str:
    """Ends at a word where there are spaces; the whole stands in the passage."""
    cut = text[: most - 1]
    at_word = cut.rpartition(" ")[0]
    return (at_word if len(at_word) > most // 2 else cut).rstrip() + "…"


def _too_long(text: str, column: Column) -> str:
    told = {"length": len(text), "most": column.most}
    return _("It has %(length)s characters; at most %(most)s fit. Shorten it.") % told


def _fill(found: Read, data_set: str) -> None:
    """What follows where the data set says nothing."""
    cells, title = found.cells, found.cells.get("title", "")
    cells.setdefault("voice", "quoted" if "quote" in cells else "narrated")
    cells.setdefault("translated", "unknown")
    if title:
        cells.setdefault("statement", title)
    if "status" in cells:
        cells.setdefault("reason", tidy(f"As “{data_set}” records it under {cells.get('key', '')}.")[:400])
    wanted = ("made_on", "said_on", *(("effective",) if "status" in cells else ()))
    for name in DATES:
        if name in cells:
            cells.setdefault(f"{name}_basis", "stated")
        elif name in wanted and not _refused(found, name):
            _fill_date(cells, name)


def _refused(found: Read, name: str) -> bool:
    return any(name in names for names in found.refusals.values())


def _fill_date(cells: dict[str, str], name: str) -> None:
    said = cells.get("said_on", "")
    if name == "effective" and re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", said):
        cells |= {"effective": f"/{said}", "effective_basis": "known_by"}
        cells.setdefault("effective_note", "True by the day it was said.")
    elif cells.get(f"{name}_basis", "unknown") == "unknown":
        cells[f"{name}_basis"] = "unknown"
        cells.setdefault(f"{name}_note", "The data set tells no day.")


def _check_date(found: Read, name: str, day: date) -> None:
    if _refused(found, name):
        return
    try:
        found.date(name, day)
    except InvalidDate as error:
        found.refuse(name, str(error))


def _check_whole(found: Read) -> None:
    cells = found.cells
    for name, column in COLUMNS.items():
        if column.needed and name not in cells and f"{name}_basis" not in cells and not _refused(found, name):
            found.refuse(name, _("It is missing; map a column to it, or write what holds for all rows."))
    if cells.get("reading", "literal") != "literal" and "note" not in cells:
        found.refuse("note", _("Every reading but “literal” needs a note that shows the reasoning."))
    if ("position" in cells) != ("position_of" in cells):
        found.refuse("position", _("A position and whose it is go together; give both."))
    if ("status" in cells) == ("position" in cells) and not _refused(found, "status"):
        found.refuse("status", _("A row says one thing of the commitment: a status, or one actor's position."))
    if cells.get("status") == "superseded":
        found.refuse("status", _("“superseded” needs the commitment that supersedes it; record that by hand."))
    _check_kinds(found)


def _check_kinds(found: Read) -> None:
    for role in ("promisor", "promisee", "implementer"):
        names, kinds = (len(listed(found.cells.get(name, ""))) for name in (role, f"{role}_kind"))
        if kinds > 1 and kinds != names:
            found.refuse(f"{role}_kind", _("Give one kind for all, or one for each name, in the same order."))


def differing(cells: Mapping[str, str], lead: Mapping[str, str]) -> Iterable[str]:
    """The columns of the commitment in which two rows of one key differ."""
    return [name for name in OF_COMMITMENT if cells.get(name, "") != lead.get(name, "")]
