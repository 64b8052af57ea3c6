"""Bring the bytes of a capture, or another capture; check passages against the text again."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from commitments.actions.checking import check_again, rechecks, with_public
from commitments.actions.publishing import lock_desk
from commitments.actions.refusals import Refused
from commitments.actions.writing import Change, Written, recording_day, verb, write
from commitments.captures.extract import Reading, Unreadable, digest_of, is_warc, payload_of, text_of
from commitments.captures.sketch import sketch
from commitments.dates import InvalidDate, UncertainDate
from commitments.models.captures import Sketch
from commitments.models.review import Edit
from commitments.models.slugs import fallback_of, free_slug
from commitments.models.sources import Capture, CaptureBytes, Passage, Source


@verb
def fill_capture(*, capture: Capture, data: bytes, by: User, reason: str) -> Written | None:
    """Keeps the bytes of a capture that was not held, proven by its digest, and checks its source's passages.

    Answers None where the public reads nothing of it yet: the desk alone has changed. Raises `Refused`."""
    day = recording_day()
    lock_desk([capture.source])
    if CaptureBytes.objects.filter(capture=capture).exists():
        raise Refused(_("The bytes of this capture are held already."))
    keep(capture, *_proven(capture, data))
    moved = check_again(passages_of(capture.source))
    changes = [*_now_held(capture, reason), *rechecks(moved, reason=reason)]
    return write(changes, by=by, day=day) if changes else None


@verb
def recheck(*, passages: Sequence[Passage], by: User, reason: str) -> Written | None:
    """Checks passages against the text we hold; those whose result differs get an entry. None: none did."""
    day = recording_day()
    lock_desk(passages)
    moved = check_again(Passage.objects.filter(pk__in=[p.pk for p in passages]))
    changes = rechecks(moved, reason=reason)
    return write(changes, by=by, day=day) if changes else None


@transaction.atomic
def draft_source(*, reading: Reading, by: User, url: str = "", title: str = "", rights: str = "quote_only") -> Source:
    """A source with what the page says of itself; without a title, with its address in [brackets]."""
    name = Truncator(title or reading.title or f"[{url or _('Untitled text')}]").chars(400)
    source = Source(
        title=name,
        kind="news_article" if reading.media_type == "text/html" else "document",
        byline=Truncator(reading.byline).chars(200),
        language=reading.language if len(reading.language) <= 12 else "",
        url=url,
        published=_published(reading.published),
        rights=rights,
    )
    source.slug = free_slug(Source, name, fallback_of(source))
    source.full_clean(exclude=["slug"])
    source.save(force_insert=True)
    Edit.objects.note([source], by=by)
    return source


def _published(day: str) -> UncertainDate:
    today = timezone.now().date()
    try:
        return UncertainDate.read(day, basis="stated", recorded_on=today)
    except InvalidDate:
        note = _("The page does not state when it was published.")
        return UncertainDate.read(None, basis="unknown", note=note, recorded_on=today)


@transaction.atomic
def add_capture(
    *, source: Source, reading: Reading, by: User, how: str, captured: UncertainDate | None = None
) -> tuple[Capture, bool]:
    """Another capture of the source, its bytes held from the start; whether it is new, as the same bytes are
    captured once. Without a day: captured today. What is published shows it when the source's edits are."""
    lock_desk([source])
    same = source.captures.filter(sha256=digest_of(reading.data)).first()
    if same:
        return same, False
    today = timezone.now().date()
    when = captured or UncertainDate.read(today.isoformat(), basis="stated", recorded_on=today)
    capture = Capture.objects.create(source=source, captured=when, how=Truncator(how).chars(200), **reading.digests)
    keep(capture, reading.data, reading.text)
    check_again(passages_of(source))
    source.save(update_fields=["edited_at"])
    Edit.objects.note([source], by=by)
    return capture, True


def keep(capture: Capture, data: bytes, text: str) -> None:
    """The one place at which bytes come to be held."""
    CaptureBytes.objects.create(capture=capture, data=data, text=text)
    hashes = sketch(text)
    if hashes:
        Sketch.objects.create(capture=capture, hashes=hashes)


def passages_of(source: Source) -> list[Passage]:
    return list(Passage.objects.filter(capture__source=source))


def _proven(capture: Capture, data: bytes) -> tuple[bytes, str]:
    """The capture's own bytes, out of a WARC where they came in one, and their text. Raises `Refused`."""
    try:
        digest = digest_of(data)
        if digest != capture.sha256 and is_warc(data):
            data = payload_of(data, capture.sha256)
        elif digest != capture.sha256:
            said = _("These bytes are not the capture: their SHA-256 is %(theirs)s, the capture's %(ours)s.")
            raise Refused(said % {"theirs": digest, "ours": capture.sha256})
        text = text_of(data, capture.normaliser)
    except Unreadable as error:
        raise Refused(str(error)) from error
    if digest_of(text.encode()) != capture.text_sha256:
        said = _("The bytes are the capture's, but the text had from them here is not: it was had by “%(how)s”.")
        raise Refused(said % {"how": capture.normaliser})
    return data, text


def _now_held(capture: Capture, reason: str) -> list[Change]:
    """An entry for a source whose public captures now include one that is held."""
    changes = []
    for noun, desk, before in with_public([capture.source] if capture.source.is_published else []):
        held = {told["id"] for told in desk["captures"] if told["held"]}
        captures = [told | {"held": told["id"] in held} for told in before["captures"]]
        if captures != before["captures"]:
            changes.append(Change("fill_capture", noun, before | {"captures": captures}, reason, before=before))
    return changes
