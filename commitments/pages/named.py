"""What things are called, and where they are read, for pages that tell of any of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import orjson
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from commitments.clocks import Clock
from commitments.pages import sentences as say
from commitments.selection import Selection

LABELLED = "SELECT s.subject_id, s.label {rows}"
NAMED = "SELECT s.subject_id, coalesce(s.row::json -> 'names' ->> %(language)s, s.label) {rows}"
TITLED = "SELECT s.subject_id, s.row {rows}"


@dataclass(frozen=True)
class Names:
    """By id."""

    names: dict[str, str]

    @classmethod
    def of(cls, ids: Iterable[str], clock: Clock) -> Self:
        """As they stand at the clock; merged ones too. Three queries."""
        asked = sorted(ids)
        found: dict[str, str] = {}
        found |= dict(Selection.of_plain(clock).among("subject_id", asked).known(NAMED, language=get_language()))
        found |= dict(Selection.of("claim", clock).among("subject_id", asked).known(LABELLED))
        titled = Selection.with_merged("commitment", clock).among("subject_id", asked).known(TITLED)
        return cls(found | {i: say.in_language(orjson.loads(row)["title"]) for i, row in titled})

    def of_thing(self, subject_id: str) -> str:
        return self.names.get(subject_id, subject_id)


def page_of(noun: str, subject_id: str) -> str:
    """'' of what has no page of its own, such as a term."""
    try:
        return reverse(f"{noun}_by_id", kwargs={"id": subject_id})
    except NoReverseMatch:
        return ""
