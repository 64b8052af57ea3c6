"""Bring the bytes of a capture; check passages against the text again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from django.contrib.auth.models import User
from django.db.models import Prefetch
from django.utils.translation import gettext

from commitments.actions.filling import documents_of
from commitments.actions.publishing import current_versions, lock_desk
from commitments.actions.refusals import Refused
from commitments.actions.writing import Change, Written, document_of, recording_day, verb, write
from commitments.models.desk import DeskNoun
from commitments.models.sources import Capture, CaptureBytes, Passage

UTF8_TEXT = "utf-8, CRLF as LF; version 1"


def normalised(data: bytes) -> str:
    """The text of a plain capture: UTF-8 with CRLF as LF and nothing else changed. Raises UnicodeDecodeError."""
    return data.decode("utf-8").replace("\r\n", "\n")


@verb
def fill_capture(*, capture: Capture, data: bytes, by: User, reason: str) -> Written | None:
    """Keeps the bytes of a capture that was not held, proven by its digest, and checks its passages.

    Answers None where the source is a draft: the desk alone has changed. Raises `Refused`."""
    day = recording_day()
    lock_desk([capture.source])
    if CaptureBytes.objects.filter(capture=capture).exists():
        raise Refused(gettext("The bytes of this capture are held already."))
    digest = hashlib.sha256(data).hexdigest()
    if digest != capture.sha256:
        said = gettext("These bytes are not the capture: their SHA-256 is %(digest)s, the capture's %(expected)s.")
        raise Refused(said % {"digest": digest, "expected": capture.sha256})
    if capture.normaliser != UTF8_TEXT:
        said = gettext("The text cannot be had from the bytes: “%(normaliser)s” is not known here.")
        raise Refused(said % {"normaliser": capture.normaliser})
    CaptureBytes.objects.create(capture=capture, data=data, text=normalised(data))
    moved = _check_again(capture.passages.all())
    published = [thing for thing in [capture.source, *moved] if thing.is_published]
    return _write_results(published, by=by, reason=reason, day=day)


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
