"""What would differ if one claim fell. Pure: the status and the positions are derived anew without it.

`falls` answers, for each of the claims asked about, what would differ in sentences; an empty list: nothing would.
It needs every claim and every status change of the commitment, as a story tells them up to the clock's day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext

from commitments import derive
from commitments import vocabulary as words
from commitments.languages import label
from commitments.pages import sentences as say

Row = dict[str, Any]


def falls(
    commitment_id: str, asked: Iterable[str], claims: Sequence[Row], changes: Sequence[Row], as_of: str
) -> dict[str, list[str]]:
    """Claims and changes as a story tells them, in any order; a change holds its claims whole."""
    said, counted = sorted(claims, key=_published), [_naming(change) for change in sorted(changes, key=_published)]
    before = derive.derive(commitment_id, said, counted, as_of)
    return {claim: _differences(before, without(commitment_id, claim, said, counted, as_of)) for claim in asked}


def without(commitment_id: str, fallen: str, claims: Sequence[Row], changes: Sequence[Row], as_of: str) -> Row:
    """What would be derived without the claim, and without the changes that would then rest on nothing."""
    left = [claim for claim in claims if claim["id"] != fallen]
    standing = [
        change for change in changes if fallen not in change["claims"] or derive.supporting(commitment_id, left, change)
    ]
    return derive.derive(commitment_id, left, standing, as_of)


def _published(thing: Row) -> int:
    return int(thing["entries"][0]["seq"])


def _naming(change: Row) -> Row:
    return change | {"claims": [claim["id"] for claim in change["claims"]]}


def _differences(before: Row, after: Row) -> list[str]:
    told = [*_status(before, after), *_positions(before, after)]
    was, would_be = before["flags"], after["flags"]
    if after["status"] and was["single_party"] != would_be["single_party"]:
        told.append(
            gettext("The status would then rest on one side's word alone.")
            if would_be["single_party"]
            else gettext("The status would no longer rest on one side's word alone.")
        )
    if was["disputed"] != would_be["disputed"]:
        told.append(
            gettext("The sides would then contradict each other.")
            if would_be["disputed"]
            else gettext("The sides would no longer contradict each other.")
        )
    return told


def _status(before: Row, after: Row) -> list[str]:
    if (before["status"], before["status_since"]) == (after["status"], after["status_since"]):
        return []
    if after["status"] is None:
        return [gettext("No status would be left.")]
    told = {"status": label(words.STATUSES, after["status"]), "since": say.since(after["status_since"])}
    if before["status"] == after["status"]:
        return [gettext("The status would still be “%(status)s”, but %(since)s.") % told]
    return [gettext("The status would be “%(status)s”, %(since)s.") % told]


def _positions(before: Row, after: Row) -> list[str]:
    was, would_be = (_by_word(row["positions"]) for row in (before, after))
    gone = [_told(position) for word, position in was.items() if word not in would_be]
    back = [_told(position) for word, position in would_be.items() if word not in was]
    return [
        *(gettext("The position of %(side)s “%(position)s” would go.") % told for told in gone),
        *(gettext("The position of %(side)s “%(position)s” would count again.") % told for told in back),
    ]


def _by_word(positions: Iterable[Row]) -> dict[tuple[str, str, str], Row]:
    """Whose position it is, which, and how it was read: not which claim tells it."""
    return {((p["side"] or p["actor"])["id"], p["position"], p["reading"]): p for p in positions}


def _told(position: Row) -> dict[str, str]:
    word, mark = label(words.POSITIONS, position["position"]), say.mark(position["reading"])
    side = say.in_a_sentence((position["side"] or position["actor"])["name"])
    return {"side": side, "position": f"{word} ({mark})" if mark else word}
