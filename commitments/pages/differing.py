"""What one thing's row says at two readings, in words, where they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext

from commitments import vocabulary as words
from commitments.languages import label
from commitments.pages import sentences as say

Row = dict[str, Any]


class Difference(NamedTuple):
    """`member` is the part of the page that shows it."""

    member: str
    what: str
    then: str
    now: str


def differences(noun: str, then: Row, now: Row) -> list[Difference]:
    """Members that differ, in the order of the page. Of positions each that is gone or new is one."""
    told = [
        Difference(member, what, was, is_now)
        for member, what, worded in _members(noun)
        if (was := worded(then)) != (is_now := worded(now))
    ]
    return [*told, *_positions(then, now)] if noun == "commitment" else told


def _members(noun: str) -> Iterable[tuple[str, str, Callable[[Row], str]]]:
    if noun == "commitment":
        yield "title", gettext("Title"), lambda row: say.in_language(row["title"])
        yield "status", gettext("Status"), _status
        yield "flags", gettext("Disputed between the sides"), lambda row: _yes(row["flags"]["disputed"])
        yield "flags", gettext("One side only"), lambda row: _yes(row["flags"]["single_party"])
        yield "flags", gettext("Overdue"), lambda row: _yes(row["flags"]["overdue"])
        yield "summary", gettext("Summary"), lambda row: say.in_language(row["summary"]) or gettext("none")
        yield "facts", gettext("Due"), lambda row: say.when(row["due"]) if row["due"] else gettext("no deadline")
        yield "claims", gettext("Claims that bear on it"), lambda row: str(row["counts"]["claims"])
        yield "sources", gettext("Sources"), lambda row: str(row["counts"]["sources"])
    else:
        yield "statement", gettext("Statement"), lambda row: str(row["statement"])
        yield "claimant", gettext("Claimant"), say.who
        yield "said_on", gettext("Said on"), lambda row: say.when(row["said_on"])
        yield "directness", gettext("Directness"), lambda row: say.directness(row["directness"])
        yield "bearings", gettext("What it bears on"), _bearings
        yield "passages", gettext("Passages"), lambda row: str(len(row["passages"]))
    yield "retracted", gettext("Retracted"), _retracted


def _status(row: Row) -> str:
    if row["status"] is None:
        return gettext("none")
    told = {"status": label(words.STATUSES, row["status"]), "since": say.since(row["status_since"])}
    return gettext("%(status)s, %(since)s") % told


def _yes(holds: bool) -> str:
    return gettext("yes") if holds else gettext("no")


def _retracted(row: Row) -> str:
    return gettext("yes: %(reason)s") % row["retracted"] if row["retracted"] else gettext("no")


def _bearings(row: Row) -> str:
    said = [
        label(words.STATUSES, bearing["status"]) if bearing["status"] else label(words.POSITIONS, bearing["position"])
        for bearing in row["bearings"]
    ]
    return ", ".join(said) or gettext("none")


def _positions(then: Row, now: Row) -> list[Difference]:
    was, is_now = ({_key(position): _position(position) for position in row["positions"]} for row in (then, now))
    told, untold = gettext("told"), gettext("not told")
    return [
        *(Difference("positions", said, told, untold) for key, said in was.items() if key not in is_now),
        *(Difference("positions", said, untold, told) for key, said in is_now.items() if key not in was),
    ]


def _key(position: Row) -> tuple[str, str, str]:
    """Whose position it is whatever its name, and as which it was read where not literally."""
    return (position["side"] or position["actor"])["id"], position["position"], say.mark(position["reading"])


def _position(position: Row) -> str:
    """ "Position of Mexico: Declines (the outlet's word)"."""
    word, mark = label(words.POSITIONS, position["position"]), say.mark(position["reading"])
    return gettext("Position of %(actor)s: %(position)s") % {
        "actor": say.in_a_sentence((position["side"] or position["actor"])["name"]),
        "position": f"{word} ({mark})" if mark else word,
    }
