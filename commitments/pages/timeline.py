"""What happened and what was said, in the order of the world: by the latest day, then the earliest."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from commitments import vocabulary as words
from commitments.pages import sentences as say
from commitments.pages.badges import badge
from commitments.pages.claims import occasion, seqs

Row = dict[str, Any]
Dated = tuple[tuple[str, str, int], Row]


def told(commitment_id: str, changes: list[Row], claims: list[Row], occasions: list[Row], places: Row) -> list[Row]:
    """On one day an occasion comes first, then what was said, then what the status became."""
    items = [
        *(_occasion(row, places) for row in occasions),
        *(_said(claim) for claim in claims),
        *_changes(commitment_id, changes),
    ]
    return [item for _, item in sorted(items, key=lambda dated: dated[0])]


def _occasion(row: Row, places: Row) -> Dated:
    order = (row["date"]["latest"], row["date"]["earliest"], 0)
    return order, {"kind": "occasion", "occasion": occasion(row, places), **_date(row["date"])}


def _said(claim: Row) -> Dated:
    item = {
        "kind": "said",
        "who": say.who(claim),
        "act": say.label(words.SPEECH_ACTS, claim["speech_act"]),
        "claim": claim["id"],
        "statement": claim["statement"],
        "retracted": claim["retracted"],
    }
    order = (claim["counts_from"], claim["said_on"]["earliest"], 1)
    if claim["occasion"] and claim["occasion"]["date"] == claim["said_on"]:
        # The occasion stands before it, with the whole chain of the date.
        return order, item | {"when": say.when(claim["said_on"]), "basis": gettext("the day of the occasion")}
    return order, item | _date(claim["said_on"])


def _changes(commitment_id: str, changes: list[Row]) -> list[Dated]:
    by_id = {change["id"]: change for change in changes}
    return [(_order(change, by_id), _change(commitment_id, change)) for change in changes]


def _order(change: Row, by_id: dict[str, Row]) -> tuple[str, str, int]:
    """A correction that only voids has no day of its own and stands beside what it voids."""
    while change["effective"] is None:
        change = by_id[change["corrects"]]
    return (change["counts_from"], change["effective"]["earliest"], 2)


def _change(commitment_id: str, change: Row) -> Row:
    reading = say.strongest_reading(commitment_id, change["status"], change["claims"])
    item = {
        "kind": "status",
        "id": change["id"],
        "badge": change["status"] and badge(change["status"]),
        "mark": say.mark(reading),
        "word": change["claims"] and say.on_whose_word(change["claims"]),
        "claims": [(claim["id"], claim["statement"]) for claim in change["claims"]],
        "reason": change["reason"],
        "is_correction": change["nature"] == "correction",
        "corrected_by": change["corrected_by"],
        "corrects": change["corrects"],
        "seqs": seqs(change),
    }
    return item | (_date(change["effective"]) if change["effective"] else {"when": gettext("No date of its own")})


def _date(row: Row) -> Row:
    return {"when": say.when(row), "basis": say.basis(row)}
