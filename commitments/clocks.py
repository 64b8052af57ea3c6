"""The two clocks of a reading: what was known (up to a `seq`), and which day of the world is asked about.

Both are resolved once, at the edge, together with what a request names; below it a `Clock` is passed along.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from commitments.models.record import LAST_SEQ, STANDINGS
from commitments.vocabulary import Sentence

Row = dict[str, Any]
# A noun, and the id or slug of one of them.
Name = tuple[str, str]
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
TYPE_ID = re.compile(r"[a-z]{3}_[0-7][0-9a-z]{25}", re.ASCII)
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}", re.ASCII)
TERM_ID = re.compile(r"[a-z]{1,20}/[a-z0-9_-]{1,59}", re.ASCII)
# A "+" that was not percent-encoded arrives as a space.
SPACE_FOR_PLUS = re.compile(r" (?=\d\d:?\d\d$)", re.ASCII)
SETTLING = timedelta(minutes=1)
HEAD = "SELECT seq, recorded_at, true AS is_head FROM commitments_head"
SET = "SELECT set_last AS seq, recorded_at, false AS is_head FROM commitments_entry WHERE seq = %s"
INSTANT = """SELECT seq, recorded_at, false AS is_head FROM commitments_entry WHERE recorded_at <= %s
    ORDER BY recorded_at DESC, seq DESC LIMIT 1"""
RESUMED = """SELECT e.seq, e.recorded_at, h.seq = e.seq AS is_head
    FROM commitments_entry AS e, commitments_head AS h WHERE e.seq = %s"""
AND_NAMES = "SELECT * FROM ({clock}) AS c LEFT JOIN LATERAL ({named}) AS named ON true"
NAMED = """SELECT s.subject_type, s.subject_id, s.slug, s.merged_into FROM {table} AS s
    WHERE (s.subject_id = ANY (%s) OR s.slug = ANY (%s))
    AND s.seq <= c.seq AND coalesce(s.until_seq, {last}) > c.seq"""


class Refused(Exception):
    """What was asked for cannot be read as it was written: `errors` name the parameters and say why."""

    def __init__(self, *errors: dict[str, str]) -> None:
        super().__init__(*(error["detail"] for error in errors))
        self.errors = list(errors)

    @classmethod
    def parameter(cls, name: str, code: str, detail: str) -> Refused:
        return cls({"parameter": name, "code": code, "detail": detail})


class Found(NamedTuple):
    """The id of something that was known by a name; `into`: what it was merged into by then."""

    id: str
    into: str | None

    @property
    def shown_as(self) -> str:
        return self.into or self.id


class Merged(Exception):
    """What was asked for stands under the id of another thing."""

    def __init__(self, into: str) -> None:
        super().__init__(into)
        self.into = into


class NotYet(Exception):
    """On the day asked about there was nothing to show; says from which day there is."""


@dataclass(frozen=True)
class Clock:
    """The record up to `seq`, the world as of a day. `seq` 0: nothing was recorded yet.

    `asked_at` is the instant of a given `known_at`; `is_head`: the head stood at `seq` when it was looked at.
    """

    seq: int
    as_of: date
    recorded_at: datetime | None
    asked_at: datetime | None = None
    is_head: bool = False

    @property
    def looks_back(self) -> bool:
        """Whether the day lies before what standings were derived for: everything recorded by `seq`."""
        return self.recorded_at is not None and self.as_of < self.recorded_at.date()

    @property
    def stated(self) -> Row:
        known_at = self.asked_at or self.recorded_at
        return {"seq": self.seq, "as_of": self.as_of.isoformat(), "known_at": known_at and stamp(known_at)}

    def is_settled(self, now: datetime) -> bool:
        """Whether the answer will never change; an entry may be committed a moment after its `recorded_at`."""
        return not self.is_head and (self.asked_at is None or now - self.asked_at > SETTLING)


def stamp(instant: datetime) -> str:
    """RFC 3339, UTC, as the ledger writes it."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Sought:
    """A clock as it was asked for: the statement that finds its `seq`, and the rest of it."""

    statement: str
    values: tuple[Any, ...]
    as_of: date | None
    asked_at: datetime | None = None
    # Said where no entry is found.
    otherwise: str = ""

    def at(self, names: Collection[Name]) -> tuple[Clock, dict[Name, Found]]:
        """The clock, and what was known by these names then. One query."""
        text, values = self.statement, self.values
        nouns = {noun for noun, _ in names}
        tables = sorted({STANDINGS[noun]._meta.db_table for noun in nouns})
        ids = [name for _, name in names if is_id(name)]
        slugs = [name for _, name in names if SLUG.fullmatch(name)]
        if tables:
            named = " UNION ALL ".join(NAMED.format(table=table, last=LAST_SEQ) for table in tables)
            text = AND_NAMES.format(clock=text, named=named)
            values = (*values, *([ids, slugs] * len(tables)))
        with connection.cursor() as cursor:
            cursor.execute(text, values)
            rows = cursor.fetchall()
        known = [row[3:] for row in rows if tables and row[3]]
        found = {(noun, name): Found(i, into) for noun, i, slug, into in known for name in (i, slug) if name}
        return self._clock(*rows[0][:3]) if rows else self._before_all(), found

    def _clock(self, seq: int, recorded_at: datetime | None, is_head: bool) -> Clock:
        day = self.as_of or (self.asked_at or recorded_at).date()  # type: ignore[union-attr]
        return Clock(seq, day, recorded_at, self.asked_at, is_head)

    def _before_all(self) -> Clock:
        if self.asked_at is None:
            raise Refused.parameter("known_at", "future", self.otherwise)
        return Clock(0, self.as_of or self.asked_at.date(), None, self.asked_at)


def sought(known_at: str | None, as_of: str | None, now: datetime) -> Sought:
    """The clock of a request."""
    day = None if as_of is None else read_day(as_of, now)
    if known_at is None:
        return Sought(HEAD, (), day or now.date())
    if known_at.isascii() and known_at.isdigit():
        none_yet = Sentence("There is no entry %(seq)s yet.", seq=known_at)
        return Sought(SET, (read_seq(known_at),), day, otherwise=none_yet)
    instant = read_instant(known_at, now)
    return Sought(INSTANT, (instant,), day, instant)


def resumed(seq: int, as_of: date, asked_at: datetime | None, *, stays: bool) -> Sought:
    """The clock that an earlier page of a list stood for; `stays`: it is not looked at whether the head still does."""
    return Sought(SET if stays else RESUMED, (seq,), as_of, asked_at)


def resolve(known_at: str | None, as_of: str | None, now: datetime) -> Clock:
    """The clock of a request that names nothing. One query."""
    clock, _ = sought(known_at, as_of, now).at(())
    return clock


def is_id(name: str) -> bool:
    return bool(TYPE_ID.fullmatch(name) or TERM_ID.fullmatch(name))


def read_day(text: str, now: datetime) -> date:
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        told = Sentence("“%(text)s” is no day; write it as 2021-01-31.", text=text)
        raise Refused.parameter("as_of", "invalid", told)
    if day > now.date():
        told = Sentence("%(day)s has not come yet; today (UTC) is %(today)s.", day=day, today=now.date())
        raise Refused.parameter("as_of", "future", told)
    return day


def read_seq(digits: str) -> int:
    # A bigint has 19 digits.
    seq = int(digits) if len(digits) < 19 else LAST_SEQ
    if seq == 0:
        raise Refused.parameter("known_at", "invalid", Sentence("The first entry has seq 1."))
    return seq


def read_instant(text: str, now: datetime) -> datetime:
    try:
        written = datetime.fromisoformat(SPACE_FOR_PLUS.sub("+", text))
        instant = written.astimezone(UTC) if written.tzinfo else None
    except (ValueError, OverflowError):
        instant = None
    if instant is None:
        told = Sentence(
            "“%(text)s” is no instant: write an instant with Z or an offset, 2021-03-03T18:00:00Z, or the seq of an"
            " entry.",
            text=text,
        )
        raise Refused.parameter("known_at", "invalid", told)
    if instant > now:
        told = Sentence("%(instant)s has not come yet; it is %(now)s.", instant=stamp(instant), now=stamp(now))
        raise Refused.parameter("known_at", "future", told)
    return instant
