"""Proves the record from the ledger alone, without asking the desk: `manage.py verify`.

Recomputes the sequence, every core, leaf and salted body; checks each document against the schema of its
format version; replays the ledger set by set and compares every standing and span, opened and closed, with the
one stored; at the end renders everything once more from nothing. Names the first thing that does not hold.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby, zip_longest
from typing import Any, Generic, TypeVar

import orjson
import rfc8785
from django.db import connection, transaction
from jsonschema import Draft202012Validator

from commitments.clocks import stamp
from commitments.documents import BODIES, FORMAT_VERSION, MERGING_BODIES, names
from commitments.models.ledger import Entry, Head
from commitments.models.record import (
    STANDINGS,
    ClaimStanding,
    CommitmentSpan,
    CommitmentStanding,
    PlainStanding,
    Standing,
    Total,
    Version,
)
from commitments.models.record import Subject as Published
from commitments.moving import affected, moved_since
from commitments.rows import Facts, Known, Subject
from commitments.standings import differing, render, spans

Row = dict[str, Any]
Stored = TypeVar("Stored", Standing, CommitmentSpan)
SCHEMAS = {noun: Draft202012Validator(schema) for noun, schema in BODIES.items()}
MERGING = {noun: Draft202012Validator(schema) for noun, schema in MERGING_BODIES.items()}


class DoesNotHold(Exception):
    """The first thing that does not hold, named."""


@dataclass(frozen=True)
class Proven:
    seq: int
    versions: int
    standings: int
    spans: int

    def __str__(self) -> str:
        counted = f"{self.seq} entries, {self.versions} versions, {self.standings} standings, {self.spans} spans"
        return f"The record holds: {counted}."


def verify() -> Proven:
    """Raises `DoesNotHold`. One consistent snapshot; memory grows with the current record, not its history."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _Replay(Head.objects.get()).run()


def _hold(condition: object, fault: str) -> None:
    if not condition:
        raise DoesNotHold(fault)


@dataclass
class _Replay:
    head: Head
    facts: Facts = field(default_factory=Facts)
    leaves: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    open_versions: dict[str, Version] = field(default_factory=dict)
    open_standings: dict[str, Standing] = field(default_factory=dict)
    open_spans: dict[str, dict[str, CommitmentSpan]] = field(default_factory=dict)
    seq: int = 0
    last_instant: str = ""
    standings: int = 0
    spans: int = 0

    def run(self) -> Proven:
        standings = _Stored(PlainStanding, ClaimStanding, CommitmentStanding)
        spans = _Stored(CommitmentSpan)
        pairs = zip_longest(_entries(), _versions())
        for _, entries in groupby(self._checked(pairs), key=lambda pair: pair[0].set_last):
            self._replay(list(entries), standings, spans)
        self._check_ends(standings, spans)
        return Proven(self.seq, self.seq, self.standings, self.spans)

    def _checked(self, pairs: Iterable[tuple[Entry, Version]]) -> Iterator[tuple[Entry, Version, Row]]:
        for entry, version in pairs:
            _hold(entry and entry.seq == self.seq + 1, f"entry {self.seq + 1} is missing.")
            _hold(version and version.pk == entry.seq, f"the version of entry {entry.seq} is missing.")
            self._check_core(entry)
            body = self._check_body(entry, version)
            self.seq = entry.seq
            yield entry, version, body

    def _check_core(self, entry: Entry) -> None:
        core_bytes, at = bytes(entry.core), f"entry {entry.seq}"
        leaf = hashlib.sha256(b"\0" + core_bytes).digest()
        _hold(leaf == bytes(entry.leaf), f"{at}: the core does not give the leaf stored beside it.")
        core = _canonical(core_bytes, f"{at}: the core")
        number, previous = self.leaves.get(entry.subject_id, (0, None))
        instant = entry.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        expected = {
            "body_digest": core.get("body_digest"),
            "by": entry.by,
            "format": FORMAT_VERSION,
            "log": self.head.log,
            "nature": entry.nature,
            "previous": previous.hex() if previous else None,
            "recorded_at": instant,
            "seq": entry.seq,
            "set_last": entry.set_last,
            "subject": {"id": entry.subject_id, "type": entry.subject_type},
            "type": entry.type,
            "version": number + 1,
        }
        for member, value in expected.items():
            _hold(core.get(member) == value, f"{at}: the core's {member} is not {value!r}.")
        _hold(core.keys() == expected.keys(), f"{at}: the core has other members than its format.")
        _hold(instant >= self.last_instant, f"{at}: recorded before the entry that precedes it.")
        self.last_instant = instant
        self.leaves[entry.subject_id] = (number + 1, leaf)

    def _check_body(self, entry: Entry, version: Version) -> Row:
        at, body_bytes = f"version {version.n} of {entry.subject_id} (entry {entry.seq})", bytes(version.body)
        digest = hashlib.sha256(bytes(version.salt) + body_bytes).hexdigest()
        core = orjson.loads(bytes(entry.core))
        _hold(digest == core["body_digest"], f"{at}: body and salt do not give the digest in the core.")
        columns = (version.subject_id, version.subject_type, version.n, version.type)
        told = (entry.subject_id, entry.subject_type, core["version"], entry.type)
        _hold(columns == told, f"{at}: its columns are not those of its entry.")
        body = _canonical(body_bytes, f"{at}: the body")
        schemas = MERGING if entry.type == "merge" else SCHEMAS
        _hold(entry.subject_type in schemas, f"{at}: a {entry.subject_type} is not merged.")
        error = next(schemas[entry.subject_type].iter_errors(body), None)
        if error is not None:
            raise DoesNotHold(f"{at}: {error.json_path}: {error.message}.")
        _hold(body["document"]["id"] == entry.subject_id, f"{at}: the document is of another subject.")
        return body

    def _replay(
        self,
        entries: list[tuple[Entry, Version, Row]],
        standings: _Stored[Standing],
        spans: _Stored[CommitmentSpan],
    ) -> None:
        """Puts one set in place, renders what it moves and compares with the standings and spans it opened."""
        last = entries[-1][0].seq
        _hold(last == entries[-1][0].set_last, f"entry {entries[-1][0].set_last} is missing: its set is not whole.")
        changes: list[tuple[list[Row], str | None]] = []
        self.facts.past.clear()
        for entry, version, body in entries:
            old = self.facts.things.get(entry.subject_id)
            self._check_merge(entry, body.get("into"), old.merged_into if old else None)
            self.facts.add(_known(entry, version, body, old))
            documents = [*([old.document] if old else []), body["document"]]
            changes.append((documents, body.get("into") or (old.merged_into if old else None)))
            self._close_version(version)
        for entry, _, body in entries:
            for named in names(entry.subject_type, body["document"]):
                _hold(named in self.facts.things, f"entry {entry.seq}: it names {named}, which is not published.")
        subjects = [self._subjects(e.subject_type, *change) for (e, *_), change in zip(entries, changes, strict=True)]
        causes = affected(subjects, self._naming)
        self.facts.outdate(causes)
        expected = self._expected(causes, entries, {survivor for _, survivor in changes})
        self._compare(expected, standings.up_to(last), entries)
        self._compare_spans({i: entries[cause][0].seq for i, cause in causes.items()}, spans.up_to(last))

    def _check_merge(self, entry: Entry, into: str | None, was_in: str | None) -> None:
        """One step deep, into a thing of the same noun; what is merged stays as it is until that is undone."""
        at, facts = f"entry {entry.seq}", self.facts
        if (entry.type == "unmerge") != (was_in is not None):
            raise DoesNotHold(f"{at}: {entry.subject_id} is {f'merged into {was_in}' if was_in else 'not merged'}.")
        if into is None:
            return
        is_other = into in facts.things and into != entry.subject_id
        _hold(is_other, f"{at}: it merges into {into}, which is no other thing.")
        _hold(into not in facts.merged, f"{at}: it merges into {into}, which is merged itself.")
        _hold(not facts.absorbed.get(entry.subject_id), f"{at}: other things are merged into {entry.subject_id}.")

    def _subjects(self, noun: str, documents: list[Row], survivor: str | None) -> list[Subject]:
        merged, facts = self.facts.merged, self.facts
        absorbing = [Subject.of(noun, facts.things[survivor].document, merged, absorbs=True)] if survivor else []
        return absorbing + [Subject.of(noun, document, merged) for document in documents]

    def _naming(self, ids: Iterable[str]) -> list[Subject]:
        stated = {i for named in ids for i in (named, *self.facts.absorbed.get(named, ()))}
        found = {i for named in stated for i in self.facts.named_by.get(named, ())}
        return [self.facts.subject(i) for i in found]

    def _close_version(self, version: Version) -> None:
        old = self.open_versions.get(version.subject_id)
        if old is not None:
            _hold(
                old.until_seq == version.pk, f"version {old.n} of {old.subject_id}: not closed by entry {version.pk}."
            )
        self.open_versions[version.subject_id] = version

    def _expected(
        self, causes: dict[str, int], entries: list[tuple[Entry, Version, Row]], survivors: set[str | None]
    ) -> dict[str, Row]:
        own = {entry.subject_id: entry for entry, _, _ in entries}
        expected = {}
        for subject_id, cause in causes.items():
            columns = render(self.facts, subject_id)
            before = self.open_standings.get(subject_id)
            opening = entries[cause][0]
            if subject_id in own:
                entry = own[subject_id]
                record = {
                    "version": entry.version,
                    "leaf": bytes(entry.leaf).hex(),
                    "recorded_at": stamp(entry.recorded_at),
                }
                columns |= {"version": entry.version, "version_entry_id": entry.seq}
            elif before is None or not (subject_id in survivors or before.differs_in(columns)):
                continue
            else:
                record = {name: told for name, told in orjson.loads(before.record).items() if name != "seq"}
                columns |= {"version": before.version, "version_entry_id": before.version_entry_id}
            columns |= {"seq": opening.seq, "opened_at": opening.recorded_at.isoformat()}
            expected[subject_id] = columns | {"record": orjson.dumps({"seq": opening.seq} | record).decode()}
        return expected

    def _compare(self, expected: dict[str, Row], found: list[Standing], entries: list[Any]) -> None:
        opened: dict[int, set[str]] = {}
        for standing in found:
            at = f"the standing of {standing.subject_id} at entry {standing.seq}"
            columns = expected.pop(standing.subject_id, None)
            if columns is None:
                raise DoesNotHold(f"{at}: nothing in the ledger opened it.")
            self._compare_columns(at, columns, standing)
            before = self.open_standings.get(standing.subject_id)
            if before is not None:
                _hold(before.until_seq == standing.seq, f"{at}: the one before it was not closed by this entry.")
            self.open_standings[standing.subject_id] = standing
            self.standings += 1
            if standing.subject_type in ("commitment", "actor"):
                opened.setdefault(standing.seq, set()).add(standing.subject_id)
        for subject_id, columns in expected.items():
            raise DoesNotHold(f"the standing of {subject_id} at entry {columns['seq']} is missing.")
        for entry, _, _ in entries:
            told = {*entry.commitments, *entry.actors}
            _hold(told == opened.get(entry.seq, set()), f"entry {entry.seq}: it opened other standings than it says.")

    @staticmethod
    def _compare_columns(at: str, columns: Row, standing: Standing) -> None:
        _hold(isinstance(standing, STANDINGS[columns["subject_type"]]), f"{at}: it stands in another noun's table.")
        for column in standing.differs_in(columns):
            raise DoesNotHold(f"{at}: {column} does not follow from the versions.")

    def _compare_spans(self, causes: dict[str, int], found: list[CommitmentSpan]) -> None:
        """`causes`: what the set moved -> the entry that moved it last."""
        opened = {(span.subject_id, span.from_day.isoformat()): span for span in found}
        for i, since in moved_since(self.facts, causes).items():
            current = self.open_spans.setdefault(i, {})
            before = [_as_written(span) for span in current.values() if span.until_day.isoformat() >= since]
            ended, begun = differing(before, spans(self.facts, i, before, since))
            for columns in ended:
                span = current.pop(columns["from_day"])
                _hold(span.until_seq == causes[i], f"{_at(span)}: not closed by entry {causes[i]}.")
            for columns in begun:
                day = columns["from_day"]
                _hold((i, day) in opened, f"the span of {i} from {day} at entry {causes[i]} is missing.")
                current[day] = opened.pop((i, day))
                self._compare_span(columns | {"seq": causes[i]}, current[day])
            self.open_spans[i] = dict(sorted(current.items()))
        for span in opened.values():
            raise DoesNotHold(f"{_at(span)}: nothing in the ledger opened it.")

    def _compare_span(self, columns: Row, span: CommitmentSpan) -> None:
        for column in span.differs_in(columns):
            raise DoesNotHold(f"{_at(span)}: {column} does not follow from the versions.")
        self.spans += 1

    def _check_ends(self, standings: _Stored[Standing], spans: _Stored[CommitmentSpan]) -> None:
        _hold(self.head.seq == self.seq, f"entry {self.seq + 1} is missing: the head row says {self.head.seq}.")
        for what, extra in (("standing", standings.up_to(None)), ("span", spans.up_to(None))):
            _hold(not extra, f"a {what} of {extra[0].subject_id if extra else ''} was opened by no entry.")
        self._check_nothing_closed_early()
        subjects = {s.id: (s.version, bytes(s.leaf)) for s in Published.objects.iterator()}
        for subject_id in subjects.keys() | self.leaves.keys():
            _hold(subjects.get(subject_id) == self.leaves.get(subject_id), f"the subject row of {subject_id} differs.")
        self._check_totals()
        self._check_from_nothing()

    def _check_totals(self) -> None:
        published = Counter(thing.type for thing in self.facts.things.values())
        totals = dict(Total.objects.values_list("subject_type", "things"))
        for noun in sorted(published.keys() | totals.keys()):
            _hold(totals.get(noun) == published[noun], f"the total of {noun} is not {published[noun]}.")

    def _check_nothing_closed_early(self) -> None:
        for version in self.open_versions.values():
            _hold(version.until_seq is None, f"version {version.n} of {version.subject_id} was closed by no entry.")
        for standing in self.open_standings.values():
            _hold(standing.until_seq is None, f"the standing of {standing.subject_id} was closed by no entry.")
        for span in (span for current in self.open_spans.values() for span in current.values()):
            _hold(span.until_seq is None, f"{_at(span)} was closed by no entry.")

    def _check_from_nothing(self) -> None:
        """Everything current rendered once more: finds what a write should have moved and did not."""
        self.facts.rows.clear()
        for subject_id, standing in self.open_standings.items():
            for column in standing.differs_in(render(self.facts, subject_id)):
                raise DoesNotHold(f"the standing of {subject_id} is out of date: {column} shows what was.")
        for subject_id, current in self.open_spans.items():
            ended, begun = differing([_as_written(span) for span in current.values()], spans(self.facts, subject_id))
            for columns in (*ended, *begun):
                raise DoesNotHold(f"the spans of {subject_id} are out of date from {columns['from_day']}.")


class _Stored(Generic[Stored]):
    """All rows of some tables in the order in which they were opened, taken as the replay reaches them."""

    def __init__(self, *tables: type[Stored]) -> None:
        self._stream: Iterator[Stored] = merge(*(_in_order(table) for table in tables), key=lambda row: row.seq)
        self._next: Stored | None = next(self._stream, None)

    def up_to(self, seq: int | None) -> list[Stored]:
        taken = []
        while self._next is not None and (seq is None or self._next.seq <= seq):
            taken.append(self._next)
            self._next = next(self._stream, None)
        return taken


def _in_order(table: type[Stored]) -> Iterator[Stored]:
    return table._default_manager.order_by("seq").iterator()


def _at(span: CommitmentSpan) -> str:
    return f"the span of {span.subject_id} from {span.from_day} at entry {span.seq}"


def _as_written(span: CommitmentSpan) -> Row:
    return {
        "subject_id": span.subject_id,
        "from_day": span.from_day.isoformat(),
        "until_day": span.until_day.isoformat(),
        "derived": span.derived,
    }


def _entries() -> Iterator[Entry]:
    return Entry.objects.order_by("seq").iterator()


def _versions() -> Iterator[Version]:
    return Version.objects.order_by("entry").iterator()


def _canonical(data: bytes, what: str) -> Row:
    """Asks the library of RFC 8785, not the faster writer of `canonical.py`, whose work is proven here."""
    try:
        value = orjson.loads(data)
        _hold(isinstance(value, dict) and rfc8785.dumps(value) == data, f"{what} is not canonical JSON (RFC 8785).")
    except ValueError as error:
        raise DoesNotHold(f"{what} is not JSON: {error}.") from error
    return value  # type: ignore[no-any-return]


def _known(entry: Entry, version: Version, body: Row, old: Known | None) -> Known:
    return Known(
        type=entry.subject_type,
        document=body["document"],
        first=old.first if old else entry.seq,
        recorded_on=old.recorded_on if old else entry.recorded_at.date().isoformat(),
        retracted=body["reason"] if version.type == "retract" else None,
        merged_into=body.get("into"),
    )
