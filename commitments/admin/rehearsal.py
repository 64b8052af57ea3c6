"""What the public would read if drafts were published now: they are, in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from commitments import actions
from commitments.admin.closure import needed_by
from commitments.admin.history import History
from commitments.admin.refusals import sentence_of
from commitments.models import StatusChange
from commitments.models.desk import DeskNoun


@dataclass(frozen=True)
class Rehearsed:
    """`sentences` as the public would read them; `refusals` where it could not be published."""

    sentences: Sequence[str] = ()
    refusals: Sequence[str] = ()
    was_asked: bool = False


def rehearsed(things: Sequence[DeskNoun], *, by: User) -> Rehearsed:
    """Writes nothing. The head of the ledger is held for as long as one publication holds it."""
    drafts = [thing for thing in things if not thing.is_published]
    with transaction.atomic():
        answer = _published(drafts, by)
        transaction.set_rollback(True)
    return answer


def _published(drafts: Sequence[DeskNoun], by: User) -> Rehearsed:
    whole = [*drafts, *needed_by(drafts)]
    try:
        with transaction.atomic():
            actions.publish(things=whole, by=by, reason=_("Preview."))
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            return Rehearsed(was_asked=True, sentences=_sentences(whole))
    except actions.Refused as refusal:
        return Rehearsed(was_asked=True, refusals=[problem.sentence for problem in refusal.problems])
    except IntegrityError as error:
        return Rehearsed(was_asked=True, refusals=[sentence_of(error)])


def _sentences(things: Sequence[DeskNoun]) -> list[str]:
    """The status sentence of each commitment whose status these change."""
    changed = {thing.commitment for thing in things if isinstance(thing, StatusChange)}
    told = []
    for commitment in sorted(changed, key=lambda commitment: str(commitment.pk)):
        told.append(f"{commitment}: {History.of(commitment).sentence(None)}")
    return told
