"""Where SECOND_PERSON is set, nobody publishes what they wrote themselves: neither drafts nor edits. Corrections,
retractions and undoing are made by one person, at once and in the open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext

from commitments.actions.refusals import Collected, Refused
from commitments.models.desk import DeskNoun
from commitments.models.review import Edit


def refuse_own_work(published: Mapping[str, datetime | None], things: Iterable[DeskNoun], by: User) -> None:
    """`published`: when each thing was, by id. Raises `Refused`, naming what this person wrote since. One query."""
    own = own_work(published, by)
    found = Collected()
    for thing in things if own else ():
        if thing.pk in own:
            sentence = gettext("You wrote “%(thing)s”; another curator publishes it.")
            found.add(sentence % {"thing": thing}, str(thing.pk))
    found.refuse_if_any()


def refuse_alone() -> None:
    """A status that is recorded at once is written and published by one person."""
    if settings.SECOND_PERSON:
        raise Refused(gettext("Draft the status change and submit it for review: another curator publishes it."))


def own_work(published: Mapping[str, datetime | None], by: User) -> set[str]:
    """The ids of what this person may not publish. One query where SECOND_PERSON is set."""
    if not settings.SECOND_PERSON:
        return set()
    edits = Edit.objects.filter(user=by, subject_id__any_of=list(published)).values_list("subject_id", "at")
    return {i for i, at in edits if (since := published[i]) is None or at > since}
