"""The rows of a list as one SQL statement, which filters narrow down by the words that they ask with.

The text of a statement hangs on the shape of what is asked, never on a value: the server keeps it prepared, and
what stands in the record is passed on as it stands, without models in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple, Self

import orjson
from django.db import connection

from commitments.clocks import Clock, Row
from commitments.documents import MERGEABLE
from commitments.models.ledger import Head
from commitments.models.record import LAST_SEQ, STANDINGS, CommitmentSpan, Derived, Standing
from commitments.search import Query

# An exact count of very many rows would read them all.
MOST_COUNTED = 10_000
# Of the rows that hold a word so many are ranked.
MOST_RANKED = 1_000
# A word found more often is found soon in the order of the list; one found less often is looked up first.
RARE = 2_000
TABLES = {noun: standing._meta.db_table for noun, standing in STANDINGS.items()}
# What stands in a span where a day of the world is asked about.
HELD = frozenset(column.name for column in Derived._meta.get_fields())
# Of the current rows nothing at all once the head has moved on: what is read is exactly the record at `seq`.
CURRENT = "{0}.until_seq IS NULL AND EXISTS (SELECT FROM commitments_head WHERE seq = %(seq)s)"
KNOWN = f"{{0}}.seq <= %(seq)s AND coalesce({{0}}.until_seq, {LAST_SEQ}) > %(seq)s"
SPANS = f"""JOIN {CommitmentSpan._meta.db_table} AS h ON h.subject_id = s.subject_id
    AND h.from_day <= %(day)s AND h.until_day > %(day)s AND """
# An instant as text: Django's own loader is Python, and a list does not ask.
SHOWN = "s.subject_id, s.subject_type, s.slug, s.seq, s.opened_at::text, s.retracted, s.merged_into, s.row, s.record"
LISTED = "SELECT {shown}, {key} {{rows}} ORDER BY {order} LIMIT %(size)s"
# The planner would walk the whole list for a rare word.
SEARCHED = """WITH probe AS MATERIALIZED (SELECT s.subject_id, s.seq {{rows}} LIMIT {rare} + 1),
few AS (SELECT {shown}, {key} {{rows}} AND (s.subject_id, s.seq) IN (SELECT subject_id, seq FROM probe)
    AND (SELECT count(*) FROM probe) <= {rare} ORDER BY {order} LIMIT %(size)s),
many AS (SELECT {shown}, {key} {{rows}} AND (SELECT count(*) FROM probe) > {rare} ORDER BY {order} LIMIT %(size)s)
SELECT * FROM few UNION ALL SELECT * FROM many"""
RANK = "ts_rank(s.words, %(q)s::tsquery) AS rank"
BEST = "WITH newest AS MATERIALIZED ({newest}) SELECT * FROM newest ORDER BY rank DESC, {order} LIMIT %(best)s"
COUNT = "SELECT count(*) FROM (SELECT {rows} LIMIT %(size)s) AS few HAVING count(*) > 0"
# Of the entry that published a thing first.
FIRST_SEQ = "SELECT seq FROM commitments_entry AS e WHERE e.subject_id = s.subject_id AND e.version = 1"
# Kept by the append (migration 0002_guards); what was published since the clock looked is taken off again, and what
# was merged by then: few enough to count, by an index of their own.
TOTAL = """SELECT t.things - (SELECT count(*) FROM commitments_entry
    WHERE seq > %(seq)s AND version = 1 AND subject_type = t.subject_type)
    - (SELECT count(*) FROM {table} AS s
    WHERE s.merged_into IS NOT NULL AND s.subject_type = t.subject_type AND {known})
FROM commitments_total AS t WHERE t.subject_type = %(noun)s"""
FACET = "SELECT '{facet}' AS facet, {value}"
TALLY = """
WITH few AS MATERIALIZED (SELECT {columns} {{rows}} ORDER BY {order} LIMIT %(size)s)
SELECT facet, value, count(*) FROM ({told}) AS told
WHERE value <> '' GROUP BY facet, value ORDER BY count(*) DESC, value COLLATE "C"
"""
# What a facet counts: a column, and how its `value` is taken from the few rows that have it; '' is not counted.
FACETS = {
    "commitment": {
        "status": ("status", "status AS value FROM few"),
        "kind": ("kind", "kind AS value FROM few"),
        "form": ("form", "form AS value FROM few"),
        "open": ("is_open", "is_open::text AS value FROM few"),
        "party": ("parties", "value FROM few, unnest(parties) AS value WHERE strpos(value, ':') = 0"),
        "topic": ("names", "value FROM few, unnest(names) AS value WHERE starts_with(value, 'topic/')"),
        "place": ("names", "value FROM few, unnest(names) AS value WHERE starts_with(value, 'place/')"),
    },
    "claim": {
        "claimant": ("claimant", "claimant AS value FROM few"),
        "speech_act": ("speech_act", "speech_act AS value FROM few"),
        "asserts": ("asserts", "value FROM few, unnest(asserts) AS value"),
        "reading": ("readings", "value FROM few, unnest(readings) AS value"),
        "directness": ("directness", "directness::text AS value FROM few"),
        "source": ("sources", "value FROM few, unnest(sources) AS value"),
        "publisher": ("publishers", "value FROM few, unnest(publishers) AS value"),
    },
}


class Listed(NamedTuple):
    """A row of a list: its text and what goes with it; `key` is its place in the order.

    `seq` opened what stands there, at the instant `opened`; `record` is what an answer says of its version, as JSON;
    `merged_into` is under whose id it is found. On the clock's day: `is_overdue`, None for what never is, and
    `derived`, JSON of what held then, None where the row tells it. `told`: of a search, what was said of a commitment.
    """

    subject_id: str
    subject_type: str
    slug: str
    seq: int
    opened: str
    retracted: bool
    merged_into: str | None
    row: str
    record: str
    is_overdue: bool | None
    derived: str | None
    told: list[str] | None
    key: tuple[str, ...]

    @property
    def opened_at(self) -> datetime:
        return datetime.fromisoformat(self.opened)


@dataclass(frozen=True)
class Selection:
    """The rows of one noun at a clock, and what is asked of them: `clauses` stand in SQL with AND.

    `on_day`: commitments as of the clock's day, those that had no status yet left out.
    """

    noun: str
    clock: Clock
    clauses: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    on_day: bool = False
    query: Query | None = None

    @classmethod
    def of(cls, noun: str, clock: Clock) -> Self:
        """What stands under an id of its own: not what was merged."""
        selection = cls.with_merged(noun, clock)
        return selection.where("s.merged_into IS NULL") if noun in MERGEABLE else selection

    @classmethod
    def with_merged(cls, noun: str, clock: Clock) -> Self:
        selection = cls(noun, clock)
        # Claims and commitments have tables of their own.
        return selection if noun in ("claim", "commitment") else selection.where("s.subject_type = %s", noun)

    @classmethod
    def of_plain(cls, clock: Clock) -> Self:
        """Of every noun but claims and commitments."""
        return cls("term", clock)

    @classmethod
    def as_of_day(cls, noun: str, clock: Clock) -> Self:
        """Of what there was on the clock's day; `known_at` alone stands for the day on which all counted."""
        rows = cls.of(noun, clock)
        if not clock.looks_back:
            return rows
        return replace(rows.where("s.counts_from <= %s", clock.as_of), on_day=noun == "commitment")

    def where(self, clause: str, *values: Any) -> Self:
        """`clause` holds a `%s` for each value."""
        named = {f"v{len(self.values) + n}": value for n, value in enumerate(values)}
        clause = clause % tuple(f"%({name})s" for name in named)
        return replace(self, clauses=(*self.clauses, clause), values=self.values | named)

    @property
    def standing(self) -> type[Standing]:
        return STANDINGS[self.noun]

    def at(self, column: str) -> str:
        return f"h.{column}" if self.on_day and column in HELD else f"s.{column}"

    def being(self, column: str, value: bool) -> Self:
        return self.where(f"{self.at(column)} = %s", value)

    def being_open(self, column: str, value: bool) -> Self:
        """What was retracted has no status: it is neither open nor not."""
        rows = self.being(column, value)
        return rows if value else rows.where("NOT s.retracted")

    def among(self, column: str, values: Sequence[Any]) -> Self:
        # Only a plain comparison keeps the order of an index that begins with the column.
        if len(values) == 1:
            return self.where(f"{self.at(column)} = %s", values[0])
        return self.where(f"{self.at(column)} = ANY (%s)", list(values))

    def not_among(self, column: str, values: Sequence[Any]) -> Self:
        return self.where(f"{self.at(column)} <> ALL (%s)", list(values))

    def beginning(self, column: str, start: str) -> Self:
        return self.where(f"starts_with({self.at(column)}, %s)", start)

    def holding_any(self, column: str, values: Sequence[str]) -> Self:
        return self.where(f"{self.at(column)} && %s::text[]", list(values))

    def holding_all(self, column: str, values: Sequence[str]) -> Self:
        return self.where(f"{self.at(column)} @> %s::text[]", list(values))

    def holding_none(self, column: str, values: Sequence[str]) -> Self:
        return self.where(f"NOT {self.at(column)} && %s::text[]", list(values))

    def matching(self, query: Query) -> Self:
        """Full text, with `q` for what is found best."""
        found = self.where("s.words @@ %s::tsquery", query.tsquery)
        return replace(found, query=query, values=found.values | {"q": query.tsquery})

    def dated(self, column: str, operator: str, earliest: date, latest: date, *, definite: bool = False) -> Self:
        """What may lie in, before or after the given days: an uncertain date is met by overlap. `definite`: only
        what surely does."""
        lower, upper = self.at(f"{column}_earliest"), self.at(f"{column}_latest")
        before, after = (upper, lower) if definite else (lower, upper)
        if operator == "":
            one = self.dated(column, "gte", earliest, latest, definite=definite)
            return one.dated(column, "lte", earliest, latest, definite=definite)
        clause, day = {
            "lt": (f"{before} < %s", earliest),
            "lte": (f"{before} <= %s", latest),
            "gt": (f"{after} > %s", latest),
            "gte": (f"{after} >= %s", earliest),
        }[operator]
        return self.where(clause, day)

    def with_known_date(self, column: str, known: bool) -> Self:
        latest, earliest = self.at(f"{column}_latest"), self.at(f"{column}_earliest")
        unknown = f"({latest} IS NULL OR ({latest} = %s AND {earliest} = %s))"
        return self.where(f"NOT {unknown}" if known else unknown, date.max, date.min)

    def overdue(self, day: date, value: bool) -> Self:
        """Open, and the latest day of `due` lies before the day (`derive.is_overdue`)."""
        late = f"({self.at('is_open')} AND s.due_latest < %s)"
        return self.where(late if value else f"{late} IS NOT TRUE", day)

    def listed(self, order: Sequence[str], key: Sequence[str] | None, size: int) -> list[Listed]:
        """The first rows in the order beyond the row with this key."""
        rows, of_key = self.beyond(order, key) if key else self, len(order)
        return [Listed(*row[:-of_key], row[-of_key:]) for row in rows.asked(self.statement(order), size=size)]

    def best(self, size: int) -> list[Listed]:
        """Of a search the rows that match best, among the newest `MOST_RANKED`."""
        newest = self.standing.newest
        falling = ", ".join(f"key_{n} DESC" for n in range(len(newest)))
        text = BEST.format(newest=self.statement(newest, f", {RANK}"), order=falling)
        found = self.asked(text, size=MOST_RANKED, best=size)
        return [Listed(*row[: len(Listed._fields) - 1], ()) for row in found]

    def all(self) -> list[Listed]:
        """All of them by id: a few things that were asked for by name."""
        text = f"SELECT {self.shown} {{rows}} ORDER BY s.subject_id"
        return [Listed(*row, ()) for row in self.known(text)]

    def rows(self) -> list[Row]:
        """All of them in ledger order, as they stand."""
        return [orjson.loads(row) for (row,) in self.known(f"SELECT s.row {{rows}} ORDER BY ({FIRST_SEQ})")]

    def counted(self) -> Row:
        """How many rows there are; beyond `MOST_COUNTED` it is only said that there are more, but for the whole of
        the current record."""
        if self.is_whole:
            return {"value": self._total(), "relation": "eq"}
        number = sum(number for (number,) in self.asked(COUNT, size=MOST_COUNTED + 1))
        return {"value": min(number, MOST_COUNTED), "relation": "gte" if number > MOST_COUNTED else "eq"}

    @property
    def is_whole(self) -> bool:
        """Whether these are all current things of the noun."""
        return self.clock.is_head and self.clauses == Selection.of(self.noun, self.clock).clauses

    def _total(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                TOTAL.format(table=TABLES[self.noun], known=KNOWN.format("s")),
                {"seq": self.clock.seq, "noun": self.noun},
            )
            return sum(number for (number,) in cursor.fetchall())

    def faceted(self, facets: Sequence[str]) -> Row:
        """Per facet its values, most frequent first, among the first `MOST_COUNTED` rows."""
        known = FACETS[self.noun]
        columns = ", ".join(sorted({self.at(known[facet][0]) for facet in facets}))
        told = " UNION ALL ".join(FACET.format(facet=facet, value=known[facet][1]) for facet in facets)
        text = TALLY.format(columns=columns, order=self.ordering(self.standing.list_order), told=told)
        found = self.asked(text, size=MOST_COUNTED)
        return {of: [{"value": value, "count": count} for facet, value, count in found if facet == of] for of in facets}

    def beyond(self, order: Sequence[str], key: Sequence[str]) -> Self:
        # A row comparison: an OR cannot use the index.
        compared = "<" if order[0].startswith("-") else ">"
        columns = ", ".join(self.at(column.removeprefix("-")) for column in order)
        return self.where(f"({columns}) {compared} ({', '.join(['%s'] * len(order))})", *key)

    def statement(self, order: Sequence[str], further: str = "") -> str:
        text = SEARCHED if self.query else LISTED
        key = ", ".join(f"{self.at(column.removeprefix('-'))} AS key_{n}" for n, column in enumerate(order))
        return text.format(shown=self.shown, key=key + further, order=self.ordering(order), rare=RARE)

    @property
    def shown(self) -> str:
        overdue = f"({self.at('is_open')} AND s.due_latest < %(day)s) IS TRUE" if self.noun == "commitment" else "NULL"
        derived = "h.derived" if self.on_day else "NULL"
        told = "s.told" if self.query and self.noun == "commitment" else "NULL"
        return f"{SHOWN}, {overdue} AS is_overdue, {derived} AS derived, {told} AS told"

    def ordering(self, order: Sequence[str]) -> str:
        return ", ".join(f"{self.at(c[1:])} DESC" if c.startswith("-") else self.at(c) for c in order)

    def asked(self, text: str, **values: int) -> list[tuple[Any, ...]]:
        """What a statement answers, with the rows put in its `{rows}`.

        The current rows have indexes of their own; should a writer move the head meanwhile, nothing is found
        there and the same rows are read as those known at `seq`.
        """
        seq = self.clock.seq
        if self.clock.is_head:
            found = self._run(text, CURRENT, values)
            if found or seq == 0 or Head.objects.filter(seq=seq).exists():
                return found
        return self.known(text, **values)

    def known(self, text: str, **values: Any) -> list[tuple[Any, ...]]:
        """The same without an index of current rows alone."""
        return self._run(text, KNOWN, values)

    def _run(self, text: str, standing: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        spans = SPANS + standing.format("h") if self.on_day else ""
        clauses = " AND ".join((standing.format("s"), *self.clauses))
        rows = f"FROM {TABLES[self.noun]} AS s {spans} WHERE {clauses}"
        clock = {"seq": self.clock.seq, "day": self.clock.as_of}
        with connection.cursor() as cursor:
            cursor.execute(text.format(rows=rows), clock | self.values | values)
            return cursor.fetchall()
