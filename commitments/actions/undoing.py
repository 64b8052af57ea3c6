"""Undoing in the open: edits that nobody published are discarded at the desk; what was published is undone by a new
entry, a correction, and stays readable."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db.models import F
from django.utils.translation import gettext

from commitments.actions.filling import MODELS
from commitments.actions.publishing import current_versions, lock_desk, write_amended
from commitments.actions.refusals import Refused
from commitments.actions.restoring import Document, document_now, restore
from commitments.actions.retracting import retract
from commitments.actions.writing import Written, document_of, refuse_if_moved, verb
from commitments.models.desk import DeskNoun
from commitments.models.ledger import Entry
from commitments.models.record import Version
from commitments.models.review import Edit

# The type of an entry -> of the one that takes it back; reinstating is an amendment.
UNDONE = {"publish": "retract", "amend": "amend", "retract": "amend"}
PLACE = ("capture", "start", "end", "exact_sha256")


@verb
def discard_edits(*, thing: DeskNoun, by: User) -> None:
    """The desk goes back to what is published. Captures that were added stay: they are never taken away.
    Raises `Refused`."""
    lock_desk([thing])
    version = current_versions([thing.pk]).get(thing.pk)
    if version is None:
        raise Refused(gettext("It is not published: there is nothing to go back to. Delete the draft instead."))
    before, published = document_now(thing), document_of(version)
    if before == published:
        raise Refused(gettext("Nothing differs from what is published."))
    restore(thing, published)
    Edit.objects.note([thing], by=by)
    if document_now(thing) == published:
        MODELS[thing.subject_type].objects.filter(pk=thing.pk).update(edited_at=F("published_at"))


@verb
def undo_entry(*, entry: Entry, by: User, reason: str, seen: int | None = None) -> Written:
    """A new entry that takes the newest one about a thing back: an amendment to the version before it, a publication
    by retracting, a retraction by reinstating. Raises `Refused` where that is not possible, saying what is; `Conflict`
    where somebody else was faster."""
    thing = MODELS[entry.subject_type].objects.get(pk=entry.subject_id)
    lock_desk([thing])
    refuse_if_moved(thing.pk, seen)
    if not reason.strip():
        raise Refused(gettext("Undoing needs a reason: one sentence that the public will read."))
    if told := why_not(entry):
        raise Refused(told)
    if undone_by(entry) == "retract":
        return retract(thing=thing, by=by, reason=reason)
    if entry.type == "amend":
        Edit.objects.note([thing], by=by)
        restore(thing, document_before(entry))
    return write_amended([thing], by=by, reason=reason, nature="correction")


def undone_by(entry: Entry) -> str:
    """The type of the entry that takes this one back; empty: none does."""
    if entry.type == "amend" and _version_before(entry).type == "retract":
        return "retract"
    return UNDONE.get(entry.type, "")


def why_not(entry: Entry) -> str:
    """Why this entry cannot be undone, in a sentence; empty: it can. At most three queries."""
    if not undone_by(entry):
        return str(NOT_UNDONE.get(entry.type, _not_undone)())
    newest = Entry.objects.filter(subject_id=entry.subject_id).order_by("-version").first()
    if newest is not None and newest.pk != entry.pk:
        told = gettext("Entry %(newest)s came after it; undo that one first, or edit the thing and publish the edit.")
        return told % {"newest": newest.pk}
    if MODELS[entry.subject_type].objects.with_unpublished_edits().filter(pk=entry.subject_id).exists():
        return gettext("It has unpublished edits; publish or discard those first.")
    return ""


def document_before(entry: Entry) -> Document:
    """What an undone amendment brings back. What is not a person's edit stays as it is: the captures of a source, the
    result of checking a passage that stayed in its place."""
    before, now = document_of(_version_before(entry)), document_of(entry.published)
    kept: Document = {}
    if entry.subject_type == "source":
        kept = {"captures": now["captures"]}
    elif entry.subject_type == "passage" and all(before[member] == now[member] for member in PLACE):
        kept = {"check": now["check"]}
    return before | kept


def _version_before(entry: Entry) -> Version:
    return Version.objects.get(subject_id=entry.subject_id, n=entry.version - 1)


def _status() -> str:
    return gettext("A recorded status is corrected, with another status or with none, on its commitment's page.")


def _filled() -> str:
    return gettext("Bytes that were brought are proven by their digest and stay.")


def _rechecked() -> str:
    return gettext("It says where the words stand in the text; check the passage again instead.")


def _merge() -> str:
    return gettext("A merge is undone, and done again, from the page of the thing that was merged.")


def _not_undone() -> str:
    return gettext("An entry of this kind is not undone here.")


NOT_UNDONE = {
    "record_status": _status,
    "correct_status": _status,
    "fill_capture": _filled,
    "recheck": _rechecked,
    "merge": _merge,
    "unmerge": _merge,
}
