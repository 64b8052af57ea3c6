"""Retract a published thing: it stays readable, marked, with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from django.contrib.auth.models import User
from django.utils.translation import gettext

from commitments import derive
from commitments.actions.filling import MODELS
from commitments.actions.publishing import lock_desk, write_published
from commitments.actions.refusals import Problem, Refused
from commitments.actions.statuses import change_of, prepare_correction
from commitments.actions.writing import (
    Change,
    Written,
    absorbed_by,
    current_standings,
    current_versions,
    document_of,
    lock,
    merged_among,
    naming,
    recording_day,
    refuse_if_moved,
    verb,
)
from commitments.dates import UncertainDate
from commitments.languages import label
from commitments.models.claims import Claim
from commitments.models.commitments import StatusChange
from commitments.models.desk import DeskNoun
from commitments.models.record import Version
from commitments.vocabulary import STATUSES

# What may go on naming a retracted thing of a type: the mark is shown where it is named.
BORNE = {"claim": ("status_change",), "commitment": ("claim", "status_change")}


@dataclass(frozen=True)
class Correction:
    """What takes the place of a status change that falls with a claim; no status: nothing does."""

    change: StatusChange
    reason: str
    status: str = ""
    effective: UncertainDate | None = None
    claims: Sequence[Claim] = ()


@verb
def retract(
    *,
    thing: DeskNoun,
    by: User,
    reason: str,
    corrections: Sequence[Correction] = (),
    seen: int | None = None,
) -> Written:
    """Marks a thing as retracted, in one set with the corrections of what rested on it alone.

    Raises `Refused` where something unretracted still rests on it, saying what."""
    day = recording_day()
    lock_desk([thing])
    locked = MODELS[thing.subject_type].objects.get(pk=thing.pk)
    refuse_if_moved(thing.pk, seen)
    version = _retractable_version(locked, reason)
    lock(exclusive=[thing.pk], shared=[])
    rests = _resting_on(locked, corrections)
    if rests:
        said = gettext("Other things still rest on it: %(listed)s. Retract or correct those first.")
        raise Refused(Problem(said % {"listed": "; ".join(rests)}, thing.pk))
    document = document_of(version)
    changes = [Change("retract", thing.subject_type, document, reason, "correction", version.pk, document)]
    rows = []
    for correction in corrections:
        row = prepare_correction(
            correction.change,
            reason=correction.reason,
            day=day,
            status=correction.status,
            effective=correction.effective,
            claims=correction.claims,
        )
        rows.append(row)
        changes.append(change_of("correct_status", row))
    return write_published(changes, rows, by=by, day=day)


def _retractable_version(thing: DeskNoun, reason: str) -> Version:
    version = current_versions([thing.pk]).get(thing.pk)
    if thing.subject_type == "status_change":
        raise Refused(gettext("A status change is not retracted: correct it, with another status or with none."))
    if version is None:
        raise Refused(gettext("It is not published; delete the draft instead."))
    if version.type == "retract":
        raise Refused(gettext("It is retracted already."))
    if not reason.strip():
        raise Refused(gettext("A retraction needs a reason: one sentence that the public will read."))
    return version


def _resting_on(thing: DeskNoun, corrections: Sequence[Correction]) -> list[str]:
    """What would stand on a retracted thing, in words; of a claim, the status changes that rest on it alone."""
    if thing.subject_type == "claim":
        return _sole_changes(thing.pk, {c.change.pk for c in corrections})
    said = gettext("“%(thing)s”, merged into it: undo that")
    merged = [said % {"thing": s.label} for s in current_standings(absorbed_by([thing.pk])).values()]
    borne = BORNE.get(thing.subject_type, ())
    named = {subject.id: subject.type for subject in naming([thing.pk]) if subject.type not in borne}
    standings = current_standings(named)
    nouns = {kind: MODELS[kind]._meta.verbose_name for kind in named.values()}
    return merged + [f"{nouns[named[i]]} “{s.label}”" for i, s in standings.items() if not s.retracted]


def _sole_changes(claim_id: str, corrected: set[str]) -> list[str]:
    changes = [s.id for s in naming([claim_id]) if s.type == "status_change" and s.id not in corrected]
    rows = {i: orjson.loads(s.row) for i, s in current_standings(changes).items()}
    told = [row for row in rows.values() if row["corrected_by"] is None and row["status"]]
    # Of a retracted commitment no status counts; its reinstatement is refused while the claim is not.
    of = current_standings({row["commitment"]["id"] for row in told})
    counting = [row for row in told if not of[row["commitment"]["id"]].retracted]
    cited = {i for row in counting for i in row["claims"] if i != claim_id}
    others = [orjson.loads(s.row) for s in current_standings(cited).values()]
    merged = merged_among(row["commitment"]["id"] for row in counting)
    return [
        gettext("the status “%(status)s” of “%(commitment)s”")
        % {"status": label(STATUSES, row["status"]), "commitment": row["commitment"]["title"]["en"]}
        for row in counting
        if not derive.supporting(merged.get(row["commitment"]["id"], row["commitment"]["id"]), others, row)
    ]
