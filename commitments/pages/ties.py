"""What a commitment came from and what came of it: its own lineage, and that of others which names it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from commitments import vocabulary as words
from commitments.clocks import Clock
from commitments.pages import sentences as say
from commitments.pages.badges import badge
from commitments.pages.firsts import first_by, mark
from commitments.selection import FIRST_SEQ, MOST_COUNTED, Selection

Row = dict[str, Any]
# Ties of one group that stand in a page.
SHOWN = 12


def told(commitment: Row, passages: list[Row], clock: Clock) -> list[Row]:
    """Groups of ties, those that hold any: before, what it is part of, after, its parts. One query."""
    others = _others(commitment, clock)
    standing = _standing(others)
    own = [(link, _own(link, passages, standing)) for link in commitment["lineage"]]
    kin = [
        (link, _kin(link, row, standing))
        for row in others.values()
        for link in row["lineage"]
        if link["commitment"]["id"] == commitment["id"]
    ]
    groups = [
        (gettext("What it came from"), [tie for link, tie in own if link["type"] != "part_of"]),
        (gettext("What it is part of"), [tie for link, tie in own if link["type"] == "part_of"]),
        (gettext("What came of it"), [tie for link, tie in kin if link["type"] != "part_of"]),
        (gettext("Its parts"), [tie for link, tie in kin if link["type"] == "part_of"]),
    ]
    return [{"heading": heading, "ties": ties[:SHOWN], "others": len(ties[SHOWN:])} for heading, ties in groups if ties]


def _others(commitment: Row, clock: Clock) -> dict[str, Row]:
    """The commitments at the other ends, as of the clock's day: what had no status by then is left out."""
    named = [link["commitment"]["id"] for link in commitment["lineage"]]
    either = "(s.names && %s::text[] OR s.subject_id = ANY (%s))"
    rows = Selection.as_of_day("commitment", clock).where(either, [commitment["id"]], named)
    found = first_by(rows, f"({FIRST_SEQ})", MOST_COUNTED).rows
    return {row["id"]: row for row in found if row["id"] != commitment["id"]}


def _standing(others: dict[str, Row]) -> dict[str, Row]:
    """The status of each and how it was read."""
    standing = [row for row in others.values() if row["status"]]
    return {row["id"]: {"badge": badge(row["status"]), "mark": mark(row)} for row in standing}


def _own(link: Row, passages: list[Row], standing: dict[str, Row]) -> Row:
    told = gettext("This one %(type)s it") % {"type": say.label(words.LINEAGE_TYPES, link["type"])}
    grounds = [_ground(passage) for passage in passages if passage["id"] in link["passages"]]
    return _tie(link, link["commitment"], standing) | {"told": told, "grounds": grounds}


def _kin(link: Row, row: Row, standing: dict[str, Row]) -> Row:
    told = gettext("It %(type)s this one") % {"type": say.label(words.LINEAGE_TYPES, link["type"])}
    return _tie(link, row, standing) | {"told": told, "grounds": []}


def _tie(link: Row, named: Row, standing: dict[str, Row]) -> Row:
    return {
        "id": named["id"],
        "title": say.in_language(named["title"]),
        "type": say.label(words.LINEAGE_TYPES, link["type"]),
        "reading": say.label(words.READINGS, link["reading"]),
        "is_literal": link["reading"] == "literal",
        "note": link["note"],
        "badge": None,
        **standing.get(named["id"], {}),
    }


def _ground(passage: Row) -> Row:
    """The words a tie rests on."""
    return {
        "exact": passage["exact"],
        "sha256": passage["exact_sha256"],
        "where": say.position_in_text(passage),
        "source": passage["source"]["title"],
    }
