"""What the worker does for imports: it checks and drafts large files, and publishes drafts in short sets.

Where a step is killed, its transaction is gone; what is published is known from the desk's rows, so the next
step goes on where the last one ended. No lock outlives a set, and after each the worker rests for as long as
the set took, so that a curator who saves meanwhile waits for at most one set.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import User
from django.db import DatabaseError, OperationalError, transaction
from django.utils.translation import gettext as _

from commitments.actions import Refused, publish
from commitments.actions.filling import MODELS
from commitments.captures.tables import NotATable
from commitments.documents import NOUN_OF_PREFIX, SUBJECT_TYPES
from commitments.importers.drafting import Changed, draft, dry_run
from commitments.models import Import, ImportRow, State
from commitments.models.desk import DeskNoun
from commitments.models.refusals import sentence_of

AT_ONCE = 50
# Rows; more are left to the worker, for a request that takes half a minute is none.
AT_ONCE_IN_A_REQUEST = 1000
# Of the time that a set took: at 1 the worker publishes half of the time.
REST = 1.0
# Seconds: who ends the worker waits no longer than this for it to wake.
LONGEST_REST = 5.0


def start(imported: Import, *, by: User, reason: str) -> None:
    """From now on the worker publishes the drafts of this import, in the name of `by`."""
    imported.published_by, imported.reason, imported.problem = by, reason, ""
    imported.state = State.PUBLISHING
    imported.save(update_fields=["published_by", "reason", "problem", "state"])


def pause(imported: Import) -> None:
    Import.objects.publishing().filter(pk=imported.pk).update(state=State.PAUSED)


def step() -> bool:
    """Checks or drafts one file, or publishes at most one set of one import and rests; whether there was
    anything to do."""
    before = time.monotonic()
    with transaction.atomic():
        waiting = Import.objects.waiting().defer("data", "proposed")
        imported = waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk").first()
        if imported is None:
            return False
        {State.CHECKING: _check, State.DRAFTING: _draft, State.PUBLISHING: _next_set}[State(imported.state)](imported)
    if imported.state == State.PUBLISHING:
        time.sleep(min((time.monotonic() - before) * REST, LONGEST_REST))
    return True


@transaction.atomic
def ask(imported: Import, state: str, *, by: User) -> None:
    """A small file is checked or drafted at once, a large one by the worker, who passes over what is locked here."""
    imported.asked_by, imported.problem, imported.state = by, "", state
    imported.save(update_fields=["asked_by", "problem", "state"])
    if imported.size <= AT_ONCE_IN_A_REQUEST:
        {State.CHECKING: _check, State.DRAFTING: _draft}[State(state)](imported)


def _check(imported: Import) -> None:
    try:
        dry_run(imported)
    except NotATable as error:
        _give_up(imported, State.UPLOADED, str(error))


def _draft(imported: Import) -> None:
    try:
        draft(imported, by=imported.asked_by or imported.created_by)
    except Changed:
        dry_run(imported)
        told = _("The desk changed since the dry run: look at what would be created now, then draft.")
        _give_up(imported, State.CHECKED, told)


def _give_up(imported: Import, state: str, problem: str) -> None:
    imported.state, imported.problem = state, problem
    imported.save(update_fields=["state", "problem"])


def _next_set(imported: Import) -> None:
    shared = drafts(imported.shared)[:AT_ONCE]
    if shared:
        _publish_shared(imported, shared)
        return
    leads = list(imported.rows.waiting().order_by("number")[:AT_ONCE])
    if leads:
        _publish_rows(imported, leads)
    else:
        # What was refused waits for a curator.
        is_refused = imported.rows.of_commitment().filter(problem__gt="", commitment__published_at__isnull=True)
        state = State.PAUSED if is_refused.exists() else State.PUBLISHED
        Import.objects.filter(pk=imported.pk).update(state=state)


def _publish_shared(imported: Import, things: Sequence[DeskNoun]) -> None:
    """The source, actors and terms that the rows name: without them no row can be published."""
    try:
        _publish(imported, things)
    except (Refused, DatabaseError) as error:
        _refuse_to_retry(error)
        Import.objects.filter(pk=imported.pk).update(state=State.PAUSED, problem=_told(error))


def _publish_rows(imported: Import, leads: Sequence[ImportRow]) -> None:
    """One set; where it is refused, each row is a set of its own, and those refused are told and passed over."""
    by_row = things_by_row(imported, leads)
    try:
        _publish(imported, [thing for things in by_row.values() for thing in things])
    except (Refused, DatabaseError) as error:
        _refuse_to_retry(error)
        if len(leads) > 1:
            for lead in leads:
                _publish_rows(imported, [lead])
        else:
            ImportRow.objects.filter(pk=leads[0].pk).update(problem=_told(error))


def _publish(imported: Import, things: Sequence[DeskNoun]) -> None:
    if imported.published_by is None:
        raise Refused(_("Nobody has asked for this publication; start it from the import's page."))
    with transaction.atomic():
        publish(things=things, by=imported.published_by, reason=imported.reason)


def _refuse_to_retry(error: Exception) -> None:
    """A lost connection or a full disk says nothing of a row: the next step tries again."""
    if isinstance(error, OperationalError):
        raise error


def _told(error: Refused | DatabaseError) -> str:
    if isinstance(error, Refused):
        return " ".join(dict.fromkeys(problem.sentence for problem in error.problems))
    return _("The desk refuses it: %(why)s.") % {"why": sentence_of(error).rstrip(".")}


def things_by_row(imported: Import, leads: Sequence[ImportRow]) -> dict[int, list[DeskNoun]]:
    """By number of the first row the drafts of all rows of its key."""
    of_lead = {lead.commitment_id: lead.number for lead in leads}
    rows = imported.rows.created().filter(commitment__in=list(of_lead))
    owner = {pk: of_lead[row.commitment_id] for row in rows for pk in row.things}
    by_row: dict[int, list[DeskNoun]] = {lead.number: [] for lead in leads}
    for thing in drafts(owner):
        by_row[owner[thing.pk]].append(thing)
    return by_row


def drafts(ids: Iterable[str]) -> list[DeskNoun]:
    """Those that are drafts still, in ledger order. One query a noun."""
    by_noun: dict[str, list[str]] = {}
    for pk in ids:
        by_noun.setdefault("term" if "/" in pk else NOUN_OF_PREFIX[pk[:3]], []).append(pk)
    ordered = sorted(by_noun, key=SUBJECT_TYPES.index)
    return [thing for noun in ordered for thing in MODELS[noun].objects.drafts().filter(pk__any_of=by_noun[noun])]
