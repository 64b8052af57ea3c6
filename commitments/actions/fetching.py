"""A fetch from being asked for to what came of it. The network is asked between `take` and `conclude`, outside
every transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.actions.capturing import add_capture, draft_source, passages_of
from commitments.actions.checking import quote_of
from commitments.actions.refusals import Refused
from commitments.captures.anchoring import place
from commitments.captures.extract import Reading, Unreadable, digest_of, read
from commitments.captures.fetch import Answer
from commitments.groups import PUBLISH
from commitments.models.captures import Fetch, FetchedWarc
from commitments.models.sources import CaptureBytes, Source, url_key

# Longer than fetching and reading may take together.
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=10)


@transaction.atomic
def ask_for(*, url: str, by: User, purpose: str = "capture", source: Source | None = None) -> Fetch:
    """Puts a fetch in the queue; one that waits for the same page already is answered instead. Raises `Refused`."""
    if source is not None and purpose == "recapture":
        _refuse_published(source, by)
    asked = {"url": url, "purpose": purpose, "source": source}
    waiting = Fetch.objects.unfinished().filter(**asked).first()
    return waiting or Fetch.objects.create(requested_by=by, **asked)


def _refuse_published(source: Source, by: User) -> None:
    if source.is_published and not by.has_perm(PUBLISH):
        said = _("“%(source)s” is recorded and published; a curator captures it again.")
        raise Refused(said % {"source": source})


@transaction.atomic
def take() -> Fetch | None:
    """The next fetch that is due, leased to the caller; one on which every attempt ended a worker is given up."""
    now = timezone.now()
    fetch = Fetch.objects.due(now).select_for_update(skip_locked=True, of=("self",)).first()
    if fetch is None:
        return None
    if fetch.attempts >= MOST_ATTEMPTS:
        _finish(fetch, state="failed", problem=_("The worker ended each time it tried this page."))
        return None
    fetch.state, fetch.attempts, fetch.leased_until = "running", fetch.attempts + 1, now + LEASE
    fetch.save()
    return fetch


def conclude(*, fetch: Fetch, answer: Answer) -> None:
    """Writes what came of it, all or nothing: a capture, a problem, or a later attempt."""
    try:
        reading = None if answer.problem else read(answer.body, media_type=answer.media_type, name=answer.final_url)
    except Unreadable as error:
        reading, answer.problem = None, str(error)
    try:
        _conclude(fetch.pk, fetch.attempts, answer, reading)
    except (Refused, ValidationError, IntegrityError) as error:
        answer.problem = _sentence(error)
        _conclude(fetch.pk, fetch.attempts, answer, None)


def _sentence(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


@transaction.atomic
def _conclude(pk: str, attempt: int, answer: Answer, reading: Reading | None) -> None:
    fetch = Fetch.objects.select_for_update(of=("self",)).get(pk=pk)
    if (fetch.state, fetch.attempts) != ("running", attempt):
        # Its lease ended and another worker has it.
        return
    fetch.status_code, fetch.final_url = answer.status, answer.final_url
    fetch.media_type, fetch.redirects = answer.media_type, answer.redirects
    if answer.stopped or (answer.again and attempt < MOST_ATTEMPTS):
        return _later(fetch, answer)
    if answer.problem or reading is None:
        _finish(fetch, state="failed", problem=answer.problem)
    else:
        _finish(fetch, state="done", **_result(fetch, reading))
    if warc := answer.warc:
        FetchedWarc.objects.create(fetch=fetch, data=warc, sha256=digest_of(warc))
    return None


def _later(fetch: Fetch, answer: Answer) -> None:
    wait = timedelta() if answer.stopped else FIRST_WAIT * 4 ** (fetch.attempts - 1)
    fetch.state, fetch.leased_until, fetch.problem = "waiting", None, answer.problem
    fetch.attempts -= answer.stopped
    fetch.not_before = timezone.now() + wait
    fetch.save()


def _finish(fetch: Fetch, *, state: str, problem: str = "", **told: Any) -> None:
    fetch.state, fetch.problem, fetch.leased_until, fetch.finished_at = state, problem, None, timezone.now()
    for name, value in told.items():
        setattr(fetch, name, value)
    fetch.save()


def _result(fetch: Fetch, reading: Reading) -> dict[str, Any]:
    if fetch.purpose == "archive":
        return _as_archived(fetch, reading)
    known = fetch.source or _known_as(fetch.url) or _known_as(fetch.final_url)
    if known is not None:
        _refuse_published(known, fetch.requested_by)
    source = known or draft_source(reading=reading, url=fetch.url, by=fetch.requested_by)
    capture, is_new = add_capture(source=source, reading=reading, by=fetch.requested_by, how=_how(fetch))
    said = _("Captured.")
    if not is_new:
        said = _("The page is unchanged since it was captured: %(when)s.") % {"when": capture.captured.edtf or "?"}
    elif known is not None:
        said = _("Captured again.")
    return {"source": source, "capture": capture, "outcome": said}


def _known_as(url: str) -> Source | None:
    return Source.objects.filter(url_key=url_key(url)).first() if url else None


def _how(fetch: Fetch) -> str:
    if fetch.redirects:
        return _("Fetched from %(final)s, to which its address leads.") % {"final": fetch.final_url}
    return _("Fetched from its address.")


def _as_archived(fetch: Fetch, reading: Reading) -> dict[str, Any]:
    """Whether the passages of the source stand in the archive's text. It is no capture of the source."""
    passages = passages_of(fetch.source) if fetch.source else []
    own = dict(CaptureBytes.objects.filter(capture__source=fetch.source).values_list("pk", "text"))
    checks = {p.pk: place(reading.text, quote_of(p, own.get(p.capture_id))).result for p in passages}
    found = sum(result == "found" for result in checks.values())
    said = _("The archive answered: %(found)s of %(all)s passages stand in its text.")
    return {
        "text_sha256": digest_of(reading.text.encode()),
        "checks": checks,
        "outcome": said % {"found": found, "all": len(checks)},
    }
