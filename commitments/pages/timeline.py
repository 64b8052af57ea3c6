"""What happened and what was said, in the order of the world: by the latest day, then the earliest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from commitments import days
from commitments import vocabulary as words
from commitments.derive import FIRST_DAY, LAST_DAY
from commitments.pages import sentences as say
from commitments.pages.badges import badge
from commitments.pages.claims import occasion, seqs
from commitments.pages.drawing import Moment, drawn

Row = dict[str, Any]
Dated = tuple[tuple[str, str, int], Row]


def told(commitment: Row, changes: list[Row], claims: dict[str, Row], occasions: list[Row], places: Row) -> list[Row]:
    """On one day an occasion comes first, then what was said, then what the status became, then what is due.
    `claims` are those that stand in the page."""
    items = [
        *(_occasion(row, places) for row in occasions),
        *(_said(claim) for claim in claims.values()),
        *_changes(commitment["id"], changes, claims),
        *([_due(commitment["due"])] if commitment["due"] else []),
    ]
    return [item for _, item in sorted(items, key=lambda dated: dated[0])]


def address(claim_id: str, shown: Iterable[str]) -> str:
    """Of a claim: its place in the page where it stands there, else its own page."""
    return f"#{claim_id}" if claim_id in shown else reverse("claim_by_id", kwargs={"id": claim_id})


def _occasion(row: Row, places: Row) -> Dated:
    order = (row["date"]["latest"], row["date"]["earliest"], 0)
    short = row["name"]
    return order, {"kind": "occasion", "short": short, "occasion": occasion(row, places), **_date(row["date"])}


def _said(claim: Row) -> Dated:
    act = say.label(words.SPEECH_ACTS, claim["speech_act"])
    item = {
        "kind": "said",
        "short": f"{claim['claimant']['name']} {act}",
        "who": say.who(claim),
        "act": act,
        "claim": claim["id"],
        "statement": claim["statement"],
        "retracted": claim["retracted"],
        **_date(claim["said_on"]),
    }
    order = (claim["counts_from"], claim["said_on"]["earliest"], 1)
    if claim["occasion"] and claim["occasion"]["date"] == claim["said_on"]:
        # The occasion stands before it, with the whole chain of the date.
        item |= {"basis": gettext("the day of the occasion")}
    return order, item


def _changes(commitment_id: str, changes: list[Row], shown: Iterable[str]) -> list[Dated]:
    by_id = {change["id"]: change for change in changes}
    return [(_order(change, by_id), _change(commitment_id, change, shown)) for change in changes]


def _order(change: Row, by_id: dict[str, Row]) -> tuple[str, str, int]:
    """A correction that only voids has no day of its own and stands beside what it voids."""
    while change["effective"] is None:
        change = by_id[change["corrects"]]
    return (change["counts_from"], change["effective"]["earliest"], 2)


def _change(commitment_id: str, change: Row, shown: Iterable[str]) -> Row:
    reading = say.strongest_reading(commitment_id, change["status"], change["claims"])
    badged, mark = change["status"] and badge(change["status"]), say.mark(reading)
    item = {
        "kind": "status",
        "id": change["id"],
        "badge": badged,
        "short": badged and f"{badged['glyph']} {badged['word']}{f' ({mark})' if mark else ''}",
        "mark": mark,
        "word": change["claims"] and say.on_whose_word(change["claims"]),
        "claims": [(address(claim["id"], shown), claim["statement"]) for claim in change["claims"]],
        "reason": change["reason"],
        "is_correction": change["nature"] == "correction",
        "corrected_by": change["corrected_by"],
        "corrects": change["corrects"],
        "seqs": seqs(change),
    }
    return item | (_date(change["effective"]) if change["effective"] else {"when": gettext("No date of its own")})


def _due(row: Row) -> Dated:
    return (row["latest"], row["earliest"], 3), {"kind": "due", "short": gettext("due"), **_date(row)}


def _date(row: Row) -> Row:
    return {"when": say.when(row), "basis": say.basis(row), "date": row}


def drawings(title: str, items: list[Row], sets: list[Row], name: str = "timeline") -> dict[str, SafeString]:
    """The same as a drawing, `wide` and `small`, without what has no day; `sets` as `ledger.in_sets` tells them."""
    moments = moments_of(items, sets)
    said = {"title": gettext("Timeline: %(title)s") % {"title": title}, "desc": described(moments)}
    return {
        "wide": drawn(moments, name=f"{name}-wide", **said),
        "small": drawn(moments, name=f"{name}-small", small=True, **said),
    }


def moments_of(items: list[Row], sets: list[Row]) -> list[Moment]:
    dated = (item for item in items if item.get("date") and item["short"] and item["date"]["latest"] < LAST_DAY)
    return [*map(_moment, dated), *map(_entry, sets)]


def _moment(item: Row) -> Moment:
    return Moment(
        label=f"{item['short']}, {item['when']}",
        earliest=None if item["date"]["earliest"] == FIRST_DAY else date.fromisoformat(item["date"]["earliest"]),
        latest=date.fromisoformat(item["date"]["latest"]),
        mark=item["badge"]["group"] if item["kind"] == "status" else item["kind"],
        is_struck=bool(item.get("corrected_by") or item.get("retracted")),
    )


def _entry(told: Row) -> Moment:
    day = date.fromisoformat(told["at"][:10])
    named = ngettext("entry %(seqs)s", "entries %(seqs)s", told["count"]) % {"seqs": told["seqs"]}
    return Moment(f"{named}, {days.written(day)}", day, day, "entry", is_recorded=True)


def described(moments: Sequence[Moment]) -> str:
    """What somebody who does not see the drawing misses."""
    world = [moment.label for moment in moments if not moment.is_recorded]
    record = [moment.label for moment in moments if moment.is_recorded]
    return gettext("In the world: %(world)s. In this record: %(record)s.") % {
        "world": "; ".join(world) or gettext("no day is known"),
        "record": "; ".join(record),
    }
