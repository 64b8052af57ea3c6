"""Record a status; correct one; void one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.models import User
from django.utils.translation import gettext

from commitments.actions.checks import check_set
from commitments.actions.filling import documents_of
from commitments.actions.publishing import lock_desk, write_published
from commitments.actions.refusals import Refused
from commitments.actions.second_person import refuse_alone
from commitments.actions.writing import Change, Written, current_versions, recording_day, refuse_if_moved, verb
from commitments.dates import UncertainDate
from commitments.models.claims import Claim
from commitments.models.commitments import Commitment, StatusChange


@verb
def record_status(
    *,
    commitment: Commitment,
    status: str,
    effective: UncertainDate,
    claims: Sequence[Claim],
    by: User,
    reason: str,
    seen: int | None = None,
) -> Written:
    """From `effective` the status is this, because of these claims. `seen`: the seq of the standing that the
    writer looked at. Raises `Refused` with the allowed statuses, `Conflict` where somebody else was faster."""
    refuse_alone()
    day = recording_day()
    lock_desk([commitment])
    refuse_if_moved(commitment.pk, seen)
    change = _create(commitment, status, effective, claims, reason, day)
    return _write("record_status", change, by=by, day=day)


@verb
def correct_status(
    *,
    change: StatusChange,
    by: User,
    reason: str,
    status: str = "",
    effective: UncertainDate | None = None,
    claims: Sequence[Claim] = (),
    seen: int | None = None,
) -> Written:
    """We were wrong: another change takes the place of this one, or, without `status`, none does (void).
    The corrected change stays readable, marked. Raises as `record_status` does."""
    day = recording_day()
    lock_desk([change.commitment])
    refuse_if_moved(change.commitment_id, seen)
    correction = prepare_correction(change, reason=reason, day=day, status=status, effective=effective, claims=claims)
    return _write("correct_status", correction, by=by, day=day)


def prepare_correction(
    change: StatusChange,
    *,
    reason: str,
    day: date,
    status: str = "",
    effective: UncertainDate | None = None,
    claims: Sequence[Claim] = (),
) -> StatusChange:
    """The desk row of a correction, refused where the change cannot be corrected."""
    if not change.is_published:
        raise Refused(gettext("This status change is a draft; edit or delete it instead."))
    if StatusChange.objects.filter(corrects=change).exists():
        raise Refused(gettext("This status change was corrected already; correct the correction instead."))
    return _create(change.commitment, status, effective, claims, reason, day, corrects=change)


def _create(
    commitment: Commitment,
    status: str,
    effective: UncertainDate | None,
    claims: Sequence[Claim],
    reason: str,
    day: date,
    corrects: StatusChange | None = None,
) -> StatusChange:
    if not reason.strip():
        raise Refused(gettext("A status change needs a reason: one sentence that the public will read."))
    if status and effective is None:
        raise Refused(gettext("A status needs the date from which it held, with its basis; “unknown” is a basis."))
    if status and effective and effective.edtf and effective.latest > day:
        said = gettext("The date ends after today, %(day)s; write the interval up to today.")
        raise Refused(said % {"day": day})
    if not status and corrects is None:
        raise Refused(gettext("A status change needs a status."))
    if status and not claims:
        raise Refused(gettext("A status needs at least one claim; cite the claim that says so."))
    change = StatusChange.objects.create(
        commitment=commitment,
        status=status,
        effective=effective if status else None,
        nature="correction" if corrects else "world",
        corrects=corrects,
        reason=reason,
    )
    change.claims.set(claims)
    return change


def change_of(entry_type: str, change: StatusChange) -> Change:
    """The ledger's side of a status change; a correction names the entry that it corrects."""
    [(subject_type, document)] = documents_of([change])
    corrects = current_versions([change.corrects_id])[change.corrects_id].pk if change.corrects_id else None
    return Change(entry_type, subject_type, document, change.reason, change.nature, corrects)


def _write(entry_type: str, change: StatusChange, *, by: User, day: date) -> Written:
    entry = change_of(entry_type, change)
    check_set([(entry.subject_type, entry.document)], day)
    return write_published([entry], [change], by=by, day=day)
