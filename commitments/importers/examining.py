"""What would become of each row of a file: created, unchanged or rejected, and why. Reads the desk, writes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from commitments import canonical
from commitments.captures.tables import Rendered, Row, Table, Way, read, render
from commitments.importers import exporting
from commitments.importers.cells import Read, differing, labels, read_cells
from commitments.importers.columns import OF_COMMITMENT
from commitments.importers.mapping import Chosen
from commitments.importers.names import Names, latin
from commitments.models import Commitment, Import, ImportRow, Outcome
from commitments.vocabulary import refusal_of_step


@dataclass
class Group:
    """The rows of one key: the first holds the commitment, each a claim."""

    key: str
    rows: list[Row]
    reads: list[Read]
    reasons: dict[int, list[str]] = field(default_factory=dict)
    outcome: str = Outcome.CREATED
    things: dict[int, list[Any]] = field(default_factory=dict)
    commitment: Any = None

    @property
    def digest(self) -> str:
        return digest_of(found.cells for found in self.reads)

    def reject(self, number: int, sentence: str) -> None:
        self.outcome = Outcome.REJECTED
        self.reasons.setdefault(number, []).append(sentence)


@dataclass
class Examined:
    """A file, read and compared with what the desk holds."""

    imported: Import
    table: Table
    rendered: Rendered
    chosen: Chosen
    names: Names
    day: date
    groups: list[Group] = field(default_factory=list)
    shared: list[Any] = field(default_factory=list)
    slugs: set[str] = field(default_factory=set)

    @property
    def created(self) -> list[Group]:
        return [group for group in self.groups if group.outcome == Outcome.CREATED]

    def slug_of(self, title: str, pk: str) -> str:
        """From the title where it has Latin letters, else from the data set's name, else from the id."""
        base = latin(title) or f"{latin(self.imported.data_set) or 'commitment'}-{pk[-10:]}"
        slug = f"{base[:60]}-{pk[-10:]}" if base in self.slugs else base
        self.slugs.add(slug)
        return slug

    def place_of(self, number: int, quote: str) -> tuple[int, int]:
        """Where the quote's cell, without the space around it, or the whole row stands in the text."""
        theirs = self.chosen.columns.get("quote", "")
        place = self.rendered.cells[number - 1].get(theirs) if quote else None
        if place is None:
            return self.rendered.rows[number - 1]
        cell = self.rendered.text[place[0] : place[1]]
        start = place[0] + len(cell) - len(cell.lstrip())
        return start, start + len(cell.strip())


def way_of(imported: Import) -> Way:
    return Way(imported.format, imported.encoding, imported.delimiter)


def digest_of(cells: Iterable[dict[str, str]]) -> str:
    return hashlib.sha256(canonical.dumps({"rows": list(cells)})).hexdigest()


def examine(imported: Import, *, day: date) -> Examined:
    """Raises `NotATable`. Queries: a fixed number, however many rows."""
    table = read(bytes(imported.data), way_of(imported))
    chosen = Chosen.from_json(imported.mapping)
    names = Names(chosen.new_actors, chosen.new_terms)
    found = Examined(imported, table, render(table), chosen, names, day)
    _group(found)
    _compare(found)
    found.slugs = set(Commitment.objects.values_list("slug", flat=True))
    return found


def _group(found: Examined) -> None:
    by_key: dict[str, Group] = {}
    for row in found.table.rows:
        given = found.chosen.given(row)
        key = given.get("key", "").strip()
        group = by_key.get(key) if key and not row.fault else None
        if group:
            _repeat(given, group)
        else:
            group = Group(key, [], [])
            found.groups.append(group)
            if key:
                by_key[key] = group
        _add(found, group, row, given)
    for group in found.groups:
        _check_group(group, found.day)


def _repeat(given: dict[str, str], lead: Group) -> None:
    """What a further row leaves out of the commitment is as in the first."""
    for name in OF_COMMITMENT:
        if not given.get(name, "").strip() and name in lead.reads[0].cells:
            given[name] = lead.reads[0].cells[name]


def _add(found: Examined, group: Group, row: Row, given: dict[str, str]) -> None:
    imported = found.imported
    cells = read_cells(given, found.chosen, day=found.day, language=imported.language, data_set=imported.data_set)
    group.rows.append(row)
    group.reads.append(cells)
    for sentence in [row.fault] if row.fault else cells.faults:
        group.reject(row.number, sentence)


def _check_group(group: Group, day: date) -> None:
    lead = group.reads[0]
    for row, cells in zip(group.rows[1:], group.reads[1:], strict=True):
        if others := labels(differing(cells.cells, lead.cells)):
            told = {"row": group.rows[0].number, "key": group.key, "columns": others}
            sentence = _("Row %(row)s has the same key “%(key)s” and says otherwise of: %(columns)s.")
            group.reject(row.number, sentence % told)
    seen: dict[str, int] = {}
    for row, cells in zip(group.rows, group.reads, strict=True):
        first = seen.setdefault(digest_of([cells.cells]), row.number)
        if first != row.number and not row.fault:
            group.reject(row.number, _("It says the very same as row %(row)s; keep one.") % {"row": first})
    if group.outcome != Outcome.REJECTED:
        _check_history(group, day)


def _check_history(group: Group, day: date) -> None:
    """The rubric between the statuses of one commitment, in world order."""
    changes = []
    for row, cells in zip(group.rows, group.reads, strict=True):
        if status := cells.cells.get("status"):
            effective, said = cells.date("effective", day), cells.date("said_on", day)
            latest = next((d.latest for d in (effective, said) if d and d.is_bounded), day)
            changes.append((latest, effective.earliest if effective else day, row.number, status))
    before: str | None = None
    if not changes:
        group.reject(group.rows[0].number, _("A commitment needs a status in one of the rows of its key."))
    for _latest, _earliest, number, status in sorted(changes):
        if refusal := refusal_of_step(before, status, superseded_by=True):
            group.reject(number, _("The status cannot be “%(status)s”: %(why)s.") % {"status": status, "why": refusal})
        before = status


def _compare(found: Examined) -> None:
    """With what was imported before under the same keys, and with commitments of the desk whose id is the key."""
    open_ = [group for group in found.groups if group.outcome == Outcome.CREATED]
    recorded = _recorded(found.imported, [group.key for group in open_])
    ids = [group.key for group in open_ if group.key.startswith("cmt_") and group.key not in recorded]
    recorded |= {key: _desk_digest(found, rows) for key, rows in exporting.cells_by_id(ids).items()}
    for group in open_:
        if group.key not in recorded:
            continue
        if recorded[group.key] == group.digest:
            group.outcome = Outcome.UNCHANGED
        else:
            told = _("“%(key)s” was recorded before with other words; amend it by hand.") % {"key": group.key}
            group.reject(group.rows[0].number, told)


def _desk_digest(found: Examined, rows: Sequence[dict[str, str]]) -> str:
    """Read as a file of these rows would be."""
    data_set = found.imported.data_set
    read_again = (read_cells(cells, Chosen(), day=found.day, language="", data_set=data_set) for cells in rows)
    return digest_of(again.cells for again in read_again)


def _recorded(imported: Import, keys: Sequence[str]) -> dict[str, str]:
    rows = ImportRow.objects.recorded(imported.data_set).filter(key__any_of=list(keys)).order_by("pk")
    return dict(rows.values_list("key", "digest"))
