"""A second pair of eyes: put a set together, submit it, return it, withdraw it, publish it; remarks on the way.

Only the publication reaches the ledger, by `publish_set`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext

from commitments.actions.filling import MODELS
from commitments.actions.publishing import publish_set
from commitments.actions.refusals import Collected, Refused
from commitments.actions.writing import Written, verb
from commitments.models.desk import DeskNoun
from commitments.models.review import Comment, ReviewMember, ReviewSet, ReviewState

MOST = 500


@verb
def keep_set(
    *, title: str, note: str, things: Sequence[DeskNoun], by: User, review_set: ReviewSet | None = None
) -> ReviewSet:
    """A set that its author goes on with later. Raises `Refused`."""
    return _put_together(title, note, things, by, review_set)


@verb
def submit_set(
    *, title: str, note: str, things: Sequence[DeskNoun], by: User, review_set: ReviewSet | None = None
) -> ReviewSet:
    """Puts the set to a reviewer. Raises `Refused` where something in it awaits review in another set."""
    kept = _put_together(title, note, things, by, review_set)
    _refuse_waiting_elsewhere(things)
    kept.state, kept.submitted_at = ReviewState.SUBMITTED, timezone.now()
    kept.decided_by = kept.decided_at = None
    kept.save()
    kept.members.update(is_waiting=True)
    return kept


@verb
def withdraw_set(*, review_set: ReviewSet, by: User) -> None:
    """Its author takes it back; drafts and edits stay at the desk."""
    locked = _locked(review_set)
    _refuse_stranger(locked, by)
    if locked.state in (ReviewState.PUBLISHED, ReviewState.WITHDRAWN):
        raise Refused(_not_possible(locked))
    _close(locked, ReviewState.WITHDRAWN, by)


@verb
def return_set(*, review_set: ReviewSet, by: User, comment: str) -> None:
    """The reviewer hands it back, saying why."""
    locked = _submitted(review_set)
    if not comment.strip():
        raise Refused(gettext("Say in a comment what is missing, so that the author knows what to do."))
    _close(locked, ReviewState.RETURNED, by)
    Comment.objects.create(review_set=locked, text=comment, by=by)


@verb
def publish_reviewed(
    *, review_set: ReviewSet, by: User, reason: str, nature: str = "world", reviewed: Mapping[str, str] | None = None
) -> Written:
    """Publishes the whole set and closes it. Raises `Refused` as `publish_set` does."""
    locked = _submitted(review_set)
    if settings.SECOND_PERSON and locked.by == by:
        raise Refused(gettext("You put this set together; another curator publishes it."))
    things = things_in(locked)
    written = publish_set(things=things, by=by, reason=reason, nature=nature, reviewed=reviewed)
    _close(locked, ReviewState.PUBLISHED, by)
    return written


@verb
def comment(*, text: str, by: User, thing: DeskNoun | None = None, review_set: ReviewSet | None = None) -> Comment:
    """A remark on a thing or on a set."""
    if not text.strip():
        raise Refused(gettext("Write the comment first."))
    named = {"subject_type": thing.subject_type, "subject_id": thing.pk} if thing else {}
    return Comment.objects.create(text=text.strip(), by=by, review_set=review_set, **named)


@verb
def resolve(*, comment: Comment, by: User) -> None:
    """Settled; resolving it again changes nothing."""
    Comment.objects.unresolved().filter(pk=comment.pk).update(resolved_by=by, resolved_at=timezone.now())


def things_in(review_set: ReviewSet) -> list[DeskNoun]:
    """What the set holds, in ledger order; what was deleted since is left out. At most one query a noun."""
    by_noun: dict[str, list[str]] = {}
    for subject_type, subject_id in review_set.members.values_list("subject_type", "subject_id"):
        by_noun.setdefault(subject_type, []).append(subject_id)
    return [thing for noun in MODELS if noun in by_noun for thing in MODELS[noun].objects.filter(pk__in=by_noun[noun])]


def _put_together(
    title: str, note: str, things: Sequence[DeskNoun], by: User, review_set: ReviewSet | None
) -> ReviewSet:
    if not title.strip():
        raise Refused(gettext("Give the set a title, so that the reviewer knows what it is about."))
    if not things:
        raise Refused(gettext("The set is empty; choose what to put into it."))
    if len(things) > MOST:
        told = gettext("A set for review holds at most %(most)s things: nobody reads more at once. Make several.")
        raise Refused(told % {"most": MOST})
    kept = _locked(review_set) if review_set else ReviewSet(by=by)
    if review_set:
        _refuse_stranger(kept, by)
        if not kept.is_open:
            raise Refused(_not_possible(kept))
    kept.title, kept.note = title.strip(), note.strip()
    kept.save()
    kept.members.all().delete()
    ReviewMember.objects.bulk_create(
        ReviewMember(review_set=kept, subject_type=thing.subject_type, subject_id=thing.pk) for thing in things
    )
    return kept


def _refuse_waiting_elsewhere(things: Sequence[DeskNoun]) -> None:
    labels = {thing.pk: str(thing) for thing in things}
    waiting = ReviewMember.objects.filter(is_waiting=True, subject_id__in=labels).select_related("review_set")
    found = Collected()
    for member in waiting:
        told = {"thing": labels[member.subject_id], "set": member.review_set.title}
        found.add(gettext("“%(thing)s” awaits review in the set “%(set)s” already.") % told, member.subject_id)
    found.refuse_if_any()


def _close(review_set: ReviewSet, state: str, by: User) -> None:
    review_set.state, review_set.decided_by, review_set.decided_at = state, by, timezone.now()
    review_set.save()
    review_set.members.update(is_waiting=False)


def _locked(review_set: ReviewSet) -> ReviewSet:
    return ReviewSet.objects.select_for_update(of=("self",)).get(pk=review_set.pk)


def _submitted(review_set: ReviewSet) -> ReviewSet:
    locked = _locked(review_set)
    if locked.state != ReviewState.SUBMITTED:
        raise Refused(_not_possible(locked))
    return locked


def _refuse_stranger(review_set: ReviewSet, by: User) -> None:
    if review_set.by_id != by.pk:
        raise Refused(gettext("%(name)s put this set together, and only they change it.") % {"name": review_set.by})


def _not_possible(review_set: ReviewSet) -> str:
    return gettext("This set is in the state “%(state)s” now; look at it again.") % {
        "state": review_set.get_state_display()
    }
