"""Bring the bytes of a capture; check passages against the text again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from django.contrib.auth.models import User
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from commitments.actions.filling import documents_of
from commitments.actions.publishing import current_versions, lock_desk
from commitments.actions.refusals import Refused
from commitments.actions.writing import Change, Written, document_of, recording_day, verb, write
from commitments.captures.extract import Unreadable, is_warc, payload_of, text_of
from commitments.models.desk import DeskNoun
from commitments.models.sources import Capture, CaptureBytes, Passage


@verb
def fill_capture(*, capture: Capture, data: bytes, by: User, reason: str) -> Written | None:
    """Keeps the bytes of a capture that was not held, proven by its digest, and checks its passages.

    Answers None where the source is a draft: the desk alone has changed. Raises `Refused`."""
    day = recording_day()
    lock_desk([capture.source])
    if CaptureBytes.objects.filter(capture=capture).exists():
        raise Refused("The bytes of this capture are held already.")
    payload, text = _proven(capture, data)
    CaptureBytes.objects.create(capture=capture, data=payload, text=text)
    moved = _check_again(capture.passages.all())
    published = [thing for thing in [capture.source, *moved] if thing.is_published]
    return _write_results(published, by=by, reason=reason, day=day)


def _proven(capture: Capture, data: bytes) -> tuple[bytes, str]:
    """The capture's own bytes, out of a WARC where they came in one, and their text. Raises `Refused`."""
    try:
        digest = sha256(data)
        if digest != capture.sha256 and is_warc(data):
            data = payload_of(data, capture.sha256)
        elif digest != capture.sha256:
            said = _("These bytes are not the capture: their SHA-256 is %(theirs)s, the capture's %(ours)s.")
            raise Refused(said % {"theirs": digest, "ours": capture.sha256})
        text = text_of(data, capture.normaliser)
    except Unreadable as error:
        raise Refused(str(error)) from error
    if sha256(text.encode()) != capture.text_sha256:
        said = _("The bytes are the capture's, but the text had from them here is not: it was had by “%(how)s”.")
        raise Refused(said % {"how": capture.normaliser})
    return data, text


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@verb
def recheck(*, passages: Sequence[Passage], by: User, reason: str) -> Written | None:
    """Checks passages against the text we hold; those whose result differs get an entry. None: none did."""
    day = recording_day()
    lock_desk(passages)
    moved = _check_again(Passage.objects.filter(pk__in=[p.pk for p in passages]))
    return _write_results([p for p in moved if p.is_published], by=by, reason=reason, day=day)


def _check_again(passages: object) -> list[Passage]:
    """Writes each passage's result to the desk; answers those whose result differs."""
    held = Prefetch("capture", Capture.objects.select_related("held"))
    moved = []
    for passage in passages.prefetch_related(held):  # type: ignore[attr-defined]
        text = passage.capture.held.text if hasattr(passage.capture, "held") else None
        result = anchor(text, passage)
        if result != passage.anchor:
            passage.anchor = result
            passage.save(update_fields=["anchor"])
            moved.append(passage)
    return moved


def anchor(text: str | None, passage: Passage) -> str:
    """Where the words stand now; never a fuzzy match. Without the words, only their own place is asked."""
    if text is None:
        return "text_not_held"
    words = text[passage.start : passage.end]
    if hashlib.sha256(words.encode()).hexdigest() == passage.exact_sha256:
        return "found"
    return "ambiguous" if passage.exact and passage.exact in text else "orphaned"


def _write_results(things: Sequence[DeskNoun], *, by: User, reason: str, day: date) -> Written | None:
    """Entries for a source that now holds a capture and for passages with another result: nothing else of
    the desk, so that unpublished edits stay unpublished."""
    current = current_versions(thing.pk for thing in things)
    changes = []
    for subject_type, desk in documents_of(things):
        before = document_of(current[desk["id"]])
        entry_type, member = ("fill_capture", "captures") if subject_type == "source" else ("recheck", "check")
        told = _now_held(before, desk) if subject_type == "source" else desk[member]
        changes.append(Change(entry_type, subject_type, before | {member: told}, reason, before=before))
    return write(changes, by=by, day=day) if changes else None


def _now_held(before: dict, desk: dict) -> list[dict]:
    held = {capture["id"] for capture in desk["captures"] if capture["held"]}
    return [capture | {"held": capture["id"] in held} for capture in before["captures"]]
