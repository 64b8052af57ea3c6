"""Publish a closed set; amend what is published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.contrib.auth.models import User
from django.utils import timezone

from commitments.actions.checks import check_set
from commitments.actions.filling import MODELS, documents_of
from commitments.actions.refusals import Collected, Refused
from commitments.actions.writing import (
    Change,
    Written,
    document_of,
    merged_among,
    naming,
    recording_day,
    refuse_if_moved,
    verb,
    write,
)
from commitments.documents import names
from commitments.models.commitments import StatusChange
from commitments.models.desk import DeskNoun
from commitments.models.record import Version
from commitments.standings import Subject, affected


@verb
def publish(*, things: Sequence[DeskNoun], by: User, reason: str, reasons: Mapping[str, str] | None = None) -> Written:
    """Publishes a closed set of drafts in one transaction, one entry a thing.

    `reasons` (by id) go before `reason`. Raises `Refused`, naming everything that is missing.
    """
    day = recording_day()
    lock_desk(things)
    _refuse_unpublishable(things)
    filled = documents_of(things)
    check_set(filled, day)
    told = reasons or {}
    changes = [
        Change(
            "record_status" if subject_type == "status_change" else "publish",
            subject_type,
            document,
            str(told.get(document["id"], document.get("reason", reason))),
        )
        for subject_type, document in filled
    ]
    return write_published(changes, things, by=by, day=day)


@verb
def amend(
    *,
    things: Sequence[DeskNoun],
    by: User,
    reason: str,
    nature: str = "world",
    seen: Mapping[str, int] | None = None,
) -> Written:
    """Publishes the unpublished edits of published things; `nature` says whether the world or we changed.

    Also reinstates what was retracted. `seen` holds by id the seq of the standing that the writer looked at.
    Raises `Refused` where nothing differs, `Conflict` where somebody else was faster.
    """
    day = recording_day()
    lock_desk(things)
    for thing in sorted(things, key=lambda thing: str(thing.pk)):
        refuse_if_moved(thing.pk, (seen or {}).get(thing.pk))
    filled = documents_of(things)
    check_set(filled, day)
    current = current_versions(thing.pk for thing in things)
    found = Collected()
    changes = []
    for subject_type, document in filled:
        version = current.get(document["id"])
        if version is None:
            found.add("It is not published yet; publish it first.", document["id"])
        elif subject_type == "status_change":
            found.add("A recorded status change is corrected, not amended.", document["id"])
        elif version.type != "retract" and document_of(version) == document:
            found.add("Nothing differs from what is published.", document["id"])
        else:
            corrects = version.pk if nature == "correction" else None
            before = document_of(version)
            changes.append(Change("amend", subject_type, document, reason, nature, corrects, before))
    found.refuse_if_any()
    return write_published(changes, things, by=by, day=day)


def moved_by(things: Iterable[DeskNoun]) -> int:
    """How many other published things show something of these, and are rendered anew when they are amended."""
    filled = documents_of(things)
    current = current_versions(document["id"] for _, document in filled)
    changed = [(noun, document_of(current[d["id"]]), d) for noun, d in filled if d["id"] in current]
    merged = merged_among({i for noun, *documents in changed for d in documents for i in names(noun, d)})
    subjects = [[Subject.of(noun, d, merged) for d in documents] for noun, *documents in changed]
    return len(affected(subjects, naming).keys() - current.keys())


def lock_desk(things: Iterable[DeskNoun]) -> None:
    """Holds the desk rows, in id order, till the end of the transaction."""
    by_type = _ids_by_type(things)
    if not by_type:
        raise Refused("The set is empty; choose what to publish.")
    for subject_type, ids in sorted(by_type.items()):
        rows = MODELS[subject_type].objects.select_for_update(of=("self",)).filter(pk__any_of=ids)
        list(rows.order_by("pk").values_list("pk"))


def _ids_by_type(things: Iterable[DeskNoun]) -> dict[str, list[str]]:
    by_type: dict[str, list[str]] = {}
    for thing in things:
        by_type.setdefault(thing.subject_type, []).append(thing.pk)
    return by_type


def _refuse_unpublishable(things: Iterable[DeskNoun]) -> None:
    """Looks at the rows that are locked, not at what the caller holds."""
    found = Collected()
    by_type = _ids_by_type(things)
    for subject_type, ids in by_type.items():
        for thing in MODELS[subject_type].objects.published().filter(pk__any_of=ids):
            found.add(f"“{thing}” is published already; amend it instead.", thing.pk)
    corrections = StatusChange.objects.drafts().filter(corrects__isnull=False)
    for change in corrections.filter(pk__any_of=by_type.get("status_change", [])):
        found.add("A correction is recorded with “Correct the status”, not published in a set.", change.pk)
    found.refuse_if_any()


def write_published(changes: Sequence[Change], things: Sequence[DeskNoun], *, by: User, day: date) -> Written:
    """Appends the changes and marks the desk rows: from here on desk and ledger agree. The rows are marked
    first, as nothing but the commit may follow the append, which holds the head row."""
    stamp = timezone.now()
    for subject_type, ids in _ids_by_type(things).items():
        MODELS[subject_type].objects.filter(pk__any_of=ids).update(edited_at=stamp, published_at=stamp)
    written = write(changes, by=by, day=day)
    for thing in things:
        thing.edited_at = thing.published_at = stamp
    return written


def current_versions(ids: Iterable[str]) -> dict[str, Version]:
    found = Version.objects.filter(subject_id__any_of=ids, until_seq__isnull=True)
    return {version.subject_id: version for version in found}
