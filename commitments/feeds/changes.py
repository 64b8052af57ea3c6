"""What was recorded, newest first: of the whole record, or of what touched one thing.

A change is what one set did to one commitment. A set is one act: one hand, one reason, one transaction, and no reader
can ever have seen half of it; but one load may bring many stories, and who follows the record wants each by itself.
What is about no commitment, or about a great many, is told as one, and so is all that a set did to the commitment
whose feed it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson
from django.db.models import Q

from commitments.clocks import Clock
from commitments.models.ledger import Entry, EntryQuerySet
from commitments.models.record import ClaimStanding, CommitmentStanding, PlainStanding, Version
from commitments.selection import Selection

Row = dict[str, Any]
# Changes after which no further set is begun; entries named of one; commitments of one set that are told apart.
CHANGES, TOLD, APART = 50, 10, 40
# Entries looked at: a set of a large import is longer, and is told from its end.
ENTRIES = 1000
COLUMNS = ("seq", "set_last", "type", "nature", "recorded_at", "by", "subject_type", "subject_id", "commitments")
# What says most stands first: that we were wrong, then what became of something, then what is new.
BY_TYPE = ("correct_status", "retract", "merge", "unmerge", "record_status")
BY_NOUN = ("status_change", "commitment", "claim", "occasion", "source", "actor", "office", "passage", "term")


@dataclass(frozen=True)
class Change:
    """`about`: the commitment, empty where it is the whole set. `told`: the entries that say most, each with the row of
    its subject, None where that is not known then; `others`: how many more there are."""

    last: int
    about: str
    entries: list[Row]
    told: list[tuple[Row, Row | None]]
    reason: str

    @property
    def recorded_at(self) -> datetime:
        return self.entries[0]["recorded_at"]

    @property
    def by(self) -> str:
        return self.entries[0]["by"]

    @property
    def types(self) -> list[str]:
        return sorted({entry["type"] for entry in self.entries})

    @property
    def is_correction(self) -> bool:
        return any(entry["nature"] == "correction" for entry in self.entries)

    @property
    def others(self) -> int:
        return len(self.entries) - len(self.told)


def about_actor(actor: str, clock: Clock) -> EntryQuerySet:
    """Those that opened a standing of the actor, or of what names it: what it promised, said, took part in or
    published. One query, and the one that reads them."""
    opened = [
        model.objects.filter(Q(names__overlap=[actor]) | Q(subject_id=actor), seq__lte=clock.seq)
        .order_by("-seq")
        .values_list("seq")[:ENTRIES]
        for model in (PlainStanding, ClaimStanding, CommitmentStanding)
    ]
    return Entry.objects.filter(seq__in=[seq for (seq,) in opened[0].union(*opened[1:])])


def changes(entries: EntryQuerySet, clock: Clock, *, whole: bool) -> tuple[list[Change], int | None]:
    """And up to which entry there is more. `whole`: sets are not told apart. At most eight queries."""
    rows = list(entries.order_by("-seq").values(*COLUMNS)[:ENTRIES])
    abouts = {} if whole else _abouts(rows, clock)
    parts: list[tuple[str, list[Row]]] = []
    for _, of_set in groupby(rows, key=lambda entry: entry["set_last"]):
        if len(parts) >= CHANGES:
            break
        parts += _apart(list(of_set), abouts)
    told = [sorted(some, key=_weight)[:TOLD] for _, some in parts]
    things, reasons = _things(told, clock), _reasons(told)
    shown = [
        Change(of[0]["set_last"], about, of, [(e, things.get(e["subject_id"])) for e in some], reasons[some[0]["seq"]])
        for (about, of), some in zip(parts, told, strict=True)
    ]
    return shown, _before(parts[-1][1], entries) if parts else None


def _abouts(rows: list[Row], clock: Clock) -> dict[str, str]:
    """The first commitment that each claim or status change names. Two queries."""
    found = {row["subject_id"]: row["subject_id"] for row in rows if row["subject_type"] == "commitment"}
    for noun in ("claim", "status_change"):
        ids = sorted({row["subject_id"] for row in rows if row["subject_type"] == noun})
        named = Selection.of(noun, clock).among("subject_id", ids).known("SELECT s.subject_id, s.names {rows}")
        found |= {i: about for i, names in named for about in [n for n in names if n.startswith("cmt_")][:1]}
    return found


def _apart(of_set: list[Row], abouts: dict[str, str]) -> list[tuple[str, list[Row]]]:
    parts: dict[str, list[Row]] = {}
    for entry in of_set:
        parts.setdefault(abouts.get(entry["subject_id"], ""), []).append(entry)
    if 2 <= len(parts.keys() - {""}) <= APART:
        return list(parts.items())
    return [("", of_set)]


def _weight(entry: Row) -> tuple[int, int, int]:
    """Of two that say as much the later one, for of two statuses that is the newer."""
    by_type = BY_TYPE.index(entry["type"]) if entry["type"] in BY_TYPE else len(BY_TYPE)
    return by_type, BY_NOUN.index(entry["subject_type"]), -entry["seq"]


def _things(told: list[list[Row]], clock: Clock) -> dict[str, Row]:
    """What the entries are about, by id, merged things too; status changes with the claims `resting` under them. Three
    queries."""
    ids = sorted({entry["subject_id"] for some in told for entry in some})
    plain = Selection.of_plain(clock).among("subject_id", ids).rows()
    cited = {claim for row in plain for claim in row.get("claims", ())}
    claims = _by_id(Selection.with_merged("claim", clock).among("subject_id", sorted({*ids, *cited})))
    commitments = _by_id(Selection.with_merged("commitment", clock).among("subject_id", ids))
    resting = {row["id"]: [claims[claim] for claim in row.get("claims", ()) if claim in claims] for row in plain}
    return commitments | claims | {row["id"]: row | {"resting": resting[row["id"]]} for row in plain}


def _by_id(rows: Selection) -> dict[str, Row]:
    return {row["id"]: row for row in rows.rows()}


def _reasons(told: list[list[Row]]) -> dict[int, str]:
    bodies = Version.objects.filter(entry__in=[some[0]["seq"] for some in told]).values_list("entry_id", "body")
    return {seq: orjson.loads(bytes(body))["reason"] for seq, body in bodies}


def _before(oldest: list[Row], entries: EntryQuerySet) -> int | None:
    """The last entry before the oldest set shown: one that was cut short is not begun again."""
    earlier = entries.filter(set_last__lt=oldest[0]["set_last"], seq__lt=oldest[-1]["seq"])
    return earlier.order_by("-seq").values_list("seq", flat=True).first()
