"""The record's own YAML format: a folder of stories as a person writes them (`fixtures/README.md`).

`load` turns parsed nodes into drafts and publishes the whole folder as one set, or refuses it whole with
file, line and what would be right. What was recorded before, by id, stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from commitments.actions import Refused, publish
from commitments.actions.writing import recording_day
from commitments.importers.yaml_names import Names
from commitments.importers.yaml_nodes import Fault, Mapping, Rejected, parse
from commitments.importers.yaml_nouns import LINKS, SECTIONS, Builder
from commitments.models.desk import DeskNoun
from commitments.models.record import Subject
from commitments.vocabulary import SCHEMES


@dataclass
class Report:
    """What a load did, by noun: ids created and ids that were recorded before, left as they are."""

    created: dict[str, int]
    kept: dict[str, int]

    def __str__(self) -> str:
        def told(counts: dict[str, int]) -> str:
            return ", ".join(f"{n} {noun.replace('_', ' ')}" for noun, n in counts.items()) or "nothing"

        return f"Created: {told(self.created)}. Recorded before and left as they are: {told(self.kept)}."


def load(folder: Path, *, by: User) -> Report:
    """Loads every `*.yaml` of a folder in one transaction. Raises `Rejected` with file and line."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise Rejected(Fault(str(folder), "there is no .yaml file here."))
    stories = [parse(file.name, _read(file)) for file in files]
    with transaction.atomic():
        recorded = set(Subject.objects.values_list("id", flat=True))
        return Loading(stories, Names(recording_day(), recorded)).run(by)


def _read(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Rejected(Fault(f"{file.name}:1", f"this is not UTF-8 text: {error.reason}.")) from error
    if "\0" in text:
        raise Rejected(Fault(f"{file.name}:1", "this holds a NUL character, which no text of the record may."))
    return text


@dataclass
class Loading:
    """One load under way: what is fresh, with the reason for each, and what was recorded before."""

    stories: list[Mapping]
    names: Names
    reasons: dict[str, str] = field(default_factory=dict)
    fresh: list[DeskNoun] = field(default_factory=list)
    kept: dict[str, int] = field(default_factory=dict)

    def run(self, by: User) -> Report:
        for section, noun, build in SECTIONS:
            for story in self.stories:
                reason = story.text("reason") or "First recording."
                for key, node in _entries(story, section):
                    self._one(noun, key, node, build, reason)
                    node.refuse_rest()
        for section, link in LINKS:
            for story in self.stories:
                for key, node in _entries(story, section):
                    self._guarded(node, partial(link, self.names, key, node))
        for story in self.stories:
            story.refuse_rest()
        if self.fresh:
            self._publish(by)
        created: dict[str, int] = {}
        for thing in self.fresh:
            created[thing.subject_type] = created.get(thing.subject_type, 0) + 1
        return Report(created, self.kept)

    def _one(self, noun: str, key: str, node: Mapping, build: Builder, reason: str) -> None:
        """Builds one thing, or finds it where it was recorded before."""
        thing = self._guarded(node, partial(build, self.names, key, node))
        self.names.where[thing.pk] = node.where
        if thing.pk in self.names.recorded:
            self.kept[noun] = self.kept.get(noun, 0) + 1
        else:
            self.fresh.append(thing)
            self.reasons[thing.pk] = getattr(thing, "reason", "") or reason

    def _guarded(self, node: Mapping, build: Callable[[], Any]) -> Any:
        """What the desk or the database refuses gets its file and line."""
        try:
            with transaction.atomic():
                return build()
        except (ValidationError, DatabaseError) as error:
            raise node.refuse(_said(error)) from error

    def _publish(self, by: User) -> None:
        try:
            publish(things=self.fresh, by=by, reason="First recording.", reasons=self.reasons)
        except Refused as refusal:
            raise Rejected(
                *(Fault(self.names.where.get(p.subject_id, "the set"), p.sentence) for p in refusal.problems)
            ) from refusal
        except DatabaseError as error:
            raise Rejected(Fault("the set", _said(error))) from error


def _entries(story: Mapping, section: str) -> Iterator[tuple[str, Mapping]]:
    """(key, node) of one section: the source alone, terms by scheme, a list, or a mapping by name."""
    if section == "source":
        source = story.mapping("source")
        if source is not None:
            yield source.needed("slug"), source
    elif section == "terms":
        schemes = story.mapping("terms")
        for scheme in schemes.members if schemes else ():
            if scheme not in SCHEMES:
                raise schemes.refuse(f"“{scheme}” is no vocabulary; known are {', '.join(SCHEMES)}.", scheme)  # type: ignore[union-attr]
            yield from ((f"{scheme}/{slug}", node) for slug, node in schemes.named(scheme))  # type: ignore[union-attr]
    elif section == "status_changes":
        yield from ((str(index), node) for index, node in enumerate(story.mappings(section)))
    else:
        yield from story.named(section)


def _said(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(f"{field}: {' '.join(told)}" for field, told in error.message_dict.items())
    diagnosis = getattr(error.__cause__, "diag", None)
    return f"{diagnosis.message_primary}." if diagnosis and diagnosis.message_primary else str(error)
