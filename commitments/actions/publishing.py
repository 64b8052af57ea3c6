"""Publish a closed set; amend what is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from datetime import date, datetime
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from commitments.actions.checking import rechecks
from commitments.actions.checks import check_set
from commitments.actions.filling import MODELS, documents_of
from commitments.actions.refusals import Collected, Refused
from commitments.actions.second_person import refuse_own_work
from commitments.actions.writing import (
    Change,
    Written,
    check_deferred,
    current_versions,
    digest_of,
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
from commitments.models.sources import Passage
from commitments.moving import affected
from commitments.rows import Subject

Document = dict[str, Any]
Answer = TypeVar("Answer")


@verb
def publish(*, things: Sequence[DeskNoun], by: User, reason: str, reasons: Mapping[str, str] | None = None) -> Written:
    """Publishes a closed set of drafts in one transaction, one entry a thing.

    `reasons` (by id) go before `reason`. Raises `Refused`, naming everything that is missing.
    """
    day = recording_day()
    refuse_own_work(lock_desk(things), things, by)
    _refuse_unpublishable(things)
    filled = documents_of(things)
    check_set(filled, day)
    told = reasons or {}
    changes = [_publication(kind, document, told.get(document["id"], reason)) for kind, document in filled]
    return write_published(changes, things, by=by, day=day)


@verb
def amend(
    *,
    things: Sequence[DeskNoun],
    by: User,
    reason: str,
    nature: str = "world",
    seen: Mapping[str, int] | None = None,
    reviewed: Mapping[str, str] | None = None,
) -> Written:
    """Publishes the unpublished edits of published things; `nature` says whether the world or we changed.

    Also reinstates what was retracted. `seen` holds by id the seq of the standing that the writer looked at,
    `reviewed` the digest of the document. Raises `Refused` where nothing differs, or another document stands there
    than was read, `Conflict` where somebody else was faster.
    """
    refuse_own_work(lock_desk(things), things, by)
    return write_amended(things, by=by, reason=reason, nature=nature, seen=seen, reviewed=reviewed)


@verb
def publish_set(
    *,
    things: Sequence[DeskNoun],
    by: User,
    reason: str,
    nature: str = "world",
    reviewed: Mapping[str, str] | None = None,
) -> Written:
    """Publishes drafts, and the edits of what is published, as one set: one entry a thing, all of it or nothing.

    `nature` is that of the edits. `reviewed` holds by id the digest of the document that the reviewer read. Raises
    `Refused` where the set is not closed, where an edit differs in nothing, and where another document stands there
    now than was read."""
    published = lock_desk(things)
    refuse_own_work(published, things, by)
    return _write_set(things, published, by=by, reason=reason, nature=nature, reviewed=reviewed)


@verb
def rehearse_set(*, things: Sequence[DeskNoun], by: User, read: Callable[[], Answer]) -> Answer:
    """What `read` answers once the set would be published; nothing stays of it. Raises `Refused` as `publish_set`
    does, but not for whose work it is, and IntegrityError where the database would refuse."""
    copies = [copy(thing) for thing in things]
    with transaction.atomic():
        _write_set(copies, lock_desk(copies), by=by, reason="-", nature="world", reviewed=None)
        check_deferred()
        answer = read()
        transaction.set_rollback(True)
    return answer


def _write_set(
    things: Sequence[DeskNoun],
    published: Mapping[str, datetime | None],
    *,
    by: User,
    reason: str,
    nature: str,
    reviewed: Mapping[str, str] | None,
) -> Written:
    day = recording_day()
    _refuse_corrections([pk for pk, at in published.items() if at is None])
    filled = documents_of(things)
    check_set(filled, day)
    current = current_versions(pk for pk, at in published.items() if at is not None)
    found = Collected()
    _find_unreviewed(filled, reviewed, found)
    changes = [
        _amendment(kind, document, current[document["id"]], reason, nature, found)
        if document["id"] in current
        else _publication(kind, document, reason)
        for kind, document in filled
    ]
    found.refuse_if_any()
    return write_published(changes, things, by=by, day=day)


def write_amended(
    things: Sequence[DeskNoun],
    *,
    by: User,
    reason: str,
    nature: str,
    seen: Mapping[str, int] | None = None,
    reviewed: Mapping[str, str] | None = None,
) -> Written:
    """What `amend` does once it is settled that this person may."""
    day = recording_day()
    for thing in sorted(things, key=lambda thing: str(thing.pk)):
        refuse_if_moved(thing.pk, (seen or {}).get(thing.pk))
    filled = documents_of(things)
    check_set(filled, day)
    current = current_versions(thing.pk for thing in things)
    found = Collected()
    _find_unreviewed(filled, reviewed, found)
    changes = []
    for subject_type, document in filled:
        version = current.get(document["id"])
        if version is None:
            found.add(gettext("It is not published yet; publish it first."), document["id"])
        else:
            changes.append(_amendment(subject_type, document, version, reason, nature, found))
    found.refuse_if_any()
    changes += _checks_after(changes, reason)
    return write_published(changes, things, by=by, day=day)


def _publication(subject_type: str, document: Document, reason: str) -> Change:
    """A status change tells its own reason."""
    if subject_type == "status_change":
        return Change("record_status", subject_type, document, document["reason"])
    return Change("publish", subject_type, document, reason)


def _amendment(
    subject_type: str, document: Document, version: Version, reason: str, nature: str, found: Collected
) -> Change:
    before = document_of(version)
    if subject_type == "status_change":
        found.add(gettext("A recorded status change is corrected, not amended."), document["id"])
    elif version.type != "retract" and before == document:
        found.add(gettext("Nothing differs from what is published."), document["id"])
    corrects = version.pk if nature == "correction" else None
    return Change("amend", subject_type, document, reason, nature, corrects, before)


def _find_unreviewed(
    filled: Iterable[tuple[str, Document]], reviewed: Mapping[str, str] | None, found: Collected
) -> None:
    """What is published must be what was read."""
    for _, document in filled if reviewed is not None else ():
        if reviewed.get(document["id"]) != digest_of(document):  # type: ignore[union-attr]
            found.add(gettext("It was edited since you opened this page; read it again."), document["id"])


def _checks_after(changes: Sequence[Change], reason: str) -> list[Change]:
    """Of sources whose captures are published anew: entries for passages whose result differs since."""
    amended = {change.subject_id for change in changes}
    captured = [
        change.subject_id
        for change in changes
        if change.subject_type == "source"
        and change.before is not None
        and change.document["captures"] != change.before["captures"]
    ]
    passages = Passage.objects.published().filter(capture__source__in=captured).exclude(pk__in=amended)
    return rechecks(list(passages), reason=reason) if captured else []


def moved_by(things: Iterable[DeskNoun]) -> int:
    """How many other published things show something of these, and are rendered anew when they are amended."""
    filled = documents_of(things)
    current = current_versions(document["id"] for _, document in filled)
    changed = [(noun, document_of(current[d["id"]]), d) for noun, d in filled if d["id"] in current]
    merged = merged_among({i for noun, *documents in changed for d in documents for i in names(noun, d)})
    subjects = [[Subject.of(noun, d, merged) for d in documents] for noun, *documents in changed]
    return len(affected(subjects, naming).keys() - current.keys())


def lock_desk(things: Iterable[DeskNoun]) -> dict[str, datetime | None]:
    """Holds the desk rows, in id order, till the end of the transaction; answers when each was published."""
    by_type = _ids_by_type(things)
    if not by_type:
        raise Refused(gettext("The set is empty; choose what to publish."))
    published: dict[str, datetime | None] = {}
    for subject_type, ids in sorted(by_type.items()):
        rows = MODELS[subject_type].objects.select_for_update(of=("self",)).filter(pk__any_of=ids)
        published |= dict(rows.order_by("pk").values_list("pk", "published_at"))
    return published


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
            said = gettext("“%(thing)s” is published already; amend it instead.")
            found.add(said % {"thing": thing}, thing.pk)
    found.refuse_if_any()
    _refuse_corrections(by_type.get("status_change", []))


def _refuse_corrections(ids: Sequence[str]) -> None:
    found = Collected()
    for change in StatusChange.objects.drafts().filter(corrects__isnull=False, pk__any_of=ids):
        found.add(gettext("A correction is recorded with “Correct the status”, not published in a set."), change.pk)
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
