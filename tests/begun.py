"""Work that was begun at the desk: a source with two texts, fetches, imports, and two things that are alike."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils import timezone

from commitments import actions
from commitments.captures.extract import read
from commitments.importers import drafting
from commitments.models import Fetch, FetchedWarc, Import, Likeness, Source
from commitments.models.desk import DeskNoun
from tests.imports import HINDI, MAPPED, as_csv, brought
from tests.world import OFFERED, TEXT, UNKNOWN

WARC = b"WARC/1.1\r\n\r\n"


@dataclass(frozen=True)
class Begun:
    source: Source
    waiting: Fetch
    failed: Fetch
    done: Fetch
    checked: Import
    drafted: Import


def begun(by: User) -> Begun:
    source = _source(by)
    checked, drafted = (_checked(name, by) for name in ("Register of boats", "Register of bridges"))
    drafting.draft(drafted, by=by)
    return Begun(source, *_fetches(source, by), checked, drafted)


def _source(by: User) -> Source:
    """A draft that is held in two captures, which differ."""
    addresses = {"url": "https://news.example/begun", "archive_url": "https://archive.example/begun"}
    source = Source.objects.create(slug="begun", title="Begun", kind="news_article", published=UNKNOWN, **addresses)
    for text in (TEXT, TEXT.replace(OFFERED, "We have offered \u202eseven boats")):
        actions.add_capture(source=source, reading=read(text.encode(), name=".txt"), by=by, how="By hand.")
    return source


def _fetches(source: Source, by: User) -> tuple[Fetch, Fetch, Fetch]:
    """One that waits, one that failed, and one that came to something, through a redirect."""
    asked = {"requested_by": by, "not_before": timezone.now()}
    ended = asked | {"attempts": 1, "finished_at": timezone.now()}
    hop = {"url": source.url, "status": 301, "location": f"{source.url}/"}
    done = Fetch.objects.create(
        url=source.url,
        state="done",
        source=source,
        capture=source.captures.last(),
        outcome="A source is drafted.",
        redirects=[hop],
        **ended,
    )
    FetchedWarc.objects.create(fetch=done, data=WARC, sha256=hashlib.sha256(WARC).hexdigest())
    failed = Fetch.objects.create(url="https://none.example/", state="failed", problem="No such address.", **ended)
    return Fetch.objects.create(url="https://news.example/later", **asked), failed, done


def _checked(data_set: str, by: User) -> Import:
    """A file whose rows are looked at: two would be created, one is rejected."""
    imported = brought(as_csv(HINDI), by=by, data_set=data_set, language="hi", mapping=MAPPED)
    drafting.dry_run(imported)
    imported.refresh_from_db()
    return imported


def alike(one: DeskNoun, other: DeskNoun) -> Likeness:
    first, second = sorted((one.pk, other.pk))
    noun = one.subject_type
    return Likeness.objects.create(
        subject_type=noun, one_id=first, other_id=second, score=96, reason="near_words_shared"
    )
