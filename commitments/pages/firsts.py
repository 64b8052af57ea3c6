"""The first few rows of a list that stands in a page, and how many there are in all; and how many rows name each of
several things. One query each, whatever is found. And such rows in a line or two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from commitments import vocabulary as words
from commitments.clocks import Clock
from commitments.pages import sentences as say
from commitments.pages.badges import badge, flags
from commitments.reading import finished
from commitments.selection import KNOWN, MOST_COUNTED, TABLES, Listed, Selection

Row = dict[str, Any]
FIRST = """SELECT {shown}, {resting}, (SELECT count(*) FROM (SELECT {{rows}} LIMIT {most} + 1) AS few) {{rows}}
ORDER BY {order} LIMIT %(size)s OFFSET %(skipped)s"""
# What the claims that a commitment's status rests on bear on.
RESTING = """(SELECT json_agg(json_build_object('bearings', c.row::json -> 'bearings')) FROM {claims} AS c WHERE {known}
    AND c.subject_id IN (SELECT json_array_elements_text({told}::json -> 'status_claims')))::text"""
TALLY = """SELECT named, count(*) FROM (SELECT {named} AS named {{rows}}) AS told
WHERE named = ANY (%(ids)s) GROUP BY named"""


class First(NamedTuple):
    """`relation` is "gte" where there are more than are counted, as in `Selection.counted`."""

    rows: list[Row]
    value: int
    relation: str

    @property
    def others(self) -> int:
        return self.value - len(self.rows)


def first(rows: Selection, order: Sequence[str], size: int) -> First:
    """In the order of columns; a `-` before one turns it round."""
    return first_by(rows, rows.ordering(order), size)


def first_by(rows: Selection, order: str, size: int, skipped: int = 0) -> First:
    """In an order written in SQL. A commitment comes with the claims `resting` under its status."""
    text = FIRST.format(shown=rows.shown, resting=_resting(rows), order=order, most=MOST_COUNTED)
    found = rows.known(text, size=size, skipped=skipped)
    if skipped and not found:
        return first_by(rows, order, 1)._replace(rows=[])
    number = found[0][-1] if found else 0
    shown = [_loaded(row) for row in found]
    return First(shown, min(number, MOST_COUNTED), "gte" if number > MOST_COUNTED else "eq")


def _loaded(found: Sequence[Any]) -> Row:
    *listed, resting, _ = found
    row: Row = orjson.loads(finished(Listed(*listed, ())))
    return row | {"resting": orjson.loads(resting or "[]")}


def _resting(rows: Selection) -> str:
    told = "h.derived" if rows.on_day else "s.row"
    is_commitment = rows.noun == "commitment"
    return RESTING.format(claims=TABLES["claim"], known=KNOWN.format("c"), told=told) if is_commitment else "NULL"


def tallied(rows: Selection, named: str, ids: Sequence[str]) -> dict[str, int]:
    """How many of the rows name each id; `named` is a column, or a list of ids unnested, in SQL."""
    return dict(rows.known(TALLY.format(named=named), ids=list(ids)))


def with_resting(rows: Sequence[Row], clock: Clock) -> list[Row]:
    """Commitments that were read otherwise, with the claims that their statuses rest on, as `first` has them. One
    query, none for none."""
    ids = sorted({claim for row in rows for claim in row["status_claims"]})
    found = Selection.of("claim", clock).among("subject_id", ids).rows() if ids else []
    claims = {claim["id"]: claim for claim in found}
    return [row | {"resting": [claims[claim] for claim in row["status_claims"] if claim in claims]} for row in rows]


def mark(row: Row) -> str:
    """How the status of a commitment was read; empty where literally."""
    return say.mark(say.strongest_reading(row["id"], row["status"], row["resting"]))


def commitment(row: Row) -> Row:
    return {
        "id": row["id"],
        "slug": row["slug"],
        "title": say.in_language(row["title"]),
        "badge": badge(row["status"]) if row["status"] else None,
        "mark": mark(row),
        "flags": flags(row),
        "since": say.since(row["status_since"]) if row["status_since"] else "",
    }


def claim(row: Row) -> Row:
    return {
        "id": row["id"],
        "statement": row["statement"],
        "who": say.who(row),
        "act": say.label(words.SPEECH_ACTS, row["speech_act"]),
        "said_on": say.when(row["said_on"]),
        "directness": say.directness(row["directness"]),
        "is_retracted": row["retracted"] is not None,
    }
