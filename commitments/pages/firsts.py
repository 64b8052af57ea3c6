"""The first few rows of a list that stands in a page, and how many there are in all; and how many rows name each of
several things. One query each, whatever is found. And such rows in a line or two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from commitments import vocabulary as words
from commitments.pages import sentences as say
from commitments.pages.badges import badge, flags
from commitments.reading import finished
from commitments.selection import MOST_COUNTED, Listed, Selection

Row = dict[str, Any]
FIRST = """SELECT {shown}, (SELECT count(*) FROM (SELECT {{rows}} LIMIT {most} + 1) AS few) {{rows}}
ORDER BY {order} LIMIT %(size)s OFFSET %(skipped)s"""
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
    """In an order written in SQL."""
    text = FIRST.format(shown=rows.shown, order=order, most=MOST_COUNTED)
    found = rows.known(text, size=size, skipped=skipped)
    if skipped and not found:
        return first_by(rows, order, 1)._replace(rows=[])
    number = found[0][-1] if found else 0
    shown = [orjson.loads(finished(Listed(*row[:-1], ()))) for row in found]
    return First(shown, min(number, MOST_COUNTED), "gte" if number > MOST_COUNTED else "eq")


def tallied(rows: Selection, named: str, ids: Sequence[str]) -> dict[str, int]:
    """How many of the rows name each id; `named` is a column, or a list of ids unnested, in SQL."""
    return dict(rows.known(TALLY.format(named=named), ids=list(ids)))


def commitment(row: Row) -> Row:
    return {
        "id": row["id"],
        "slug": row["slug"],
        "title": say.in_language(row["title"]),
        "badge": badge(row["status"]) if row["status"] else None,
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
