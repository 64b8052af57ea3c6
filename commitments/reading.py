"""The record at two clocks, for machines and for people: one thing, and the claims and changes around it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from commitments import derive
from commitments.clocks import SLUG, TERM_ID, TYPE_ID, Clock, NotYet, Row, stamp
from commitments.models.ledger import Head
from commitments.models.record import STANDINGS, CommitmentSpan
from commitments.selection import Listed, Selection
from commitments.vocabulary import Sentence


def find(noun: str, id_or_slug: str, clock: Clock) -> Listed | None:
    """One thing by its id or slug, also one that was merged. One query."""
    [(column, name)] = named(noun, id_or_slug).items()
    return next(iter(Selection.with_merged(noun, clock).among(column, [name]).all()), None)


def named(noun: str, id_or_slug: str) -> dict[str, str]:
    """What standings of one thing are filtered by; no standing has an empty id."""
    if (TERM_ID if noun == "term" else TYPE_ID).fullmatch(id_or_slug):
        return {"subject_id": id_or_slug}
    return {"slug": id_or_slug} if SLUG.fullmatch(id_or_slug) else {"subject_id": ""}


def opening_seq(noun: str, id_or_slug: str) -> int | None:
    """The entry that opened the current standing of one thing. One query."""
    rows = STANDINGS[noun].objects.of_type(noun).current().filter(**named(noun, id_or_slug))
    return rows.values_list("seq", flat=True).first()


def head_seq() -> int:
    """One query."""
    return Head.objects.values_list("seq", flat=True).get(id=1)


def claims_on(commitment_ids: Iterable[str], clock: Clock) -> list[Row]:
    return Selection.of("claim", clock).holding_any("names", list(commitment_ids)).rows()


def changes_to(commitment_ids: Iterable[str], clock: Clock) -> list[Row]:
    return Selection.of("status_change", clock).holding_any("names", list(commitment_ids)).rows()


def finished(listed: Listed) -> str:
    """The row as JSON text, with what hangs on the reading: what held on an earlier day, `flags.overdue` and
    `record`."""
    text = listed.row
    if listed.derived is not None:
        text = orjson.dumps(orjson.loads(text) | orjson.loads(listed.derived)).decode()
    if listed.is_overdue is not None:
        # Inside a JSON string its quotes would be escaped, so the first match is the member itself.
        text = text.replace('"flags":{', f'"flags":{{"overdue":{"true" if listed.is_overdue else "false"},', 1)
    return f'{text[:-1]},"record":{listed.record}}}'


def with_member(text: str, name: str, value: Any) -> str:
    """The JSON text of an object with one member more."""
    return f'{text[:-1]},"{name}":{orjson.dumps(value).decode()}}}'


def alone(listed: Listed, clock: Clock) -> Row:
    """One thing read by itself: its row as of the clock's day, and both clocks in `record`. At most two
    queries; raises `NotYet`."""
    row = as_of(listed, clock)
    read_at = clock.asked_at or clock.recorded_at
    known_at = listed.opened_at if clock.is_head or read_at is None else read_at
    return row | {"record": row["record"] | {"as_of": clock.as_of.isoformat(), "known_at": stamp(known_at)}}


def as_of(listed: Listed, clock: Clock) -> Row:
    """The row as of the clock's day. At most one query; raises `NotYet`, after one more."""
    row: Row = orjson.loads(finished(listed))
    if not clock.looks_back or listed.retracted:
        return row
    if listed.subject_type == "commitment":
        return row | held_on(row, clock)
    if listed.subject_type == "claim" and row["counts_from"] > clock.as_of.isoformat():
        raise NotYet(
            Sentence(
                "On %(day)s this had not been said; it counts from %(first)s.",
                day=clock.as_of,
                first=row["counts_from"],
            )
        )
    return row


def held_on(row: Row, clock: Clock) -> Row:
    """What a commitment's row says of the clock's day; titles, counts and documents stay as recorded."""
    spans = CommitmentSpan.objects.known_at(clock.seq).filter(subject_id=row["id"])
    text = spans.on(clock.as_of).values_list("derived", flat=True).first()
    if text is None:
        first = spans.earliest("from_day").from_day
        raise NotYet(
            Sentence(
                "On %(day)s this commitment had no status yet; it has one from %(first)s.", day=clock.as_of, first=first
            )
        )
    derived: Row = orjson.loads(text)
    derived["flags"]["overdue"] = derive.is_overdue(row | derived, clock.as_of.isoformat())
    return derived
