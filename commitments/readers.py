"""How the values of a filter are read: words of the rubric, flags, days, things by id or slug, and searches. What
cannot be read is `Unread`, with the nearest right word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, ClassVar, Protocol

from django.utils.translation import gettext_noop

from commitments import dates, search
from commitments import vocabulary as words
from commitments.clocks import TYPE_ID, Found, Name
from commitments.models.record import STANDINGS, StandingQuerySet

Schema = dict[str, Any]
Known = Mapping[Name, Found]
THERE_IS_NONE = {
    "actor": gettext_noop("There is no actor “%(value)s”.%(nearest)s"),
    "claim": gettext_noop("There is no claim “%(value)s”.%(nearest)s"),
    "commitment": gettext_noop("There is no commitment “%(value)s”.%(nearest)s"),
    "kind": gettext_noop("There is no kind “%(value)s”.%(nearest)s"),
    "occasion": gettext_noop("There is no occasion “%(value)s”.%(nearest)s"),
    "place": gettext_noop("There is no place “%(value)s”.%(nearest)s"),
    "source": gettext_noop("There is no source “%(value)s”.%(nearest)s"),
    "topic": gettext_noop("There is no topic “%(value)s”.%(nearest)s"),
}
# Names compared with a misspelt one; comparing is slow, and a reference may be one of very many.
MOST_COMPARED = 1000


class Unread(Exception):
    """A value that cannot be read, and why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


def nearest(wrong: str, known: Iterable[str]) -> str:
    """A sentence that leads from a wrong word to the right one, or nothing."""
    close = get_close_matches(wrong.lower(), known, n=1, cutoff=0.6)
    return words.Sentence(" Did you mean “%(close)s”?", close=close[0]) if close else ""


def nearest_of(wrong: str, all_known: list[str]) -> str:
    if close := nearest(wrong, all_known):
        return close
    return words.Sentence(" Known: %(known)s.", known=", ".join(all_known)) if 0 < len(all_known) <= 20 else ""


def none_of(value: str, all_known: Iterable[str]) -> Unread:
    close = nearest_of(value, [*all_known])
    return Unread(
        "unknown_value", words.Sentence("“%(value)s” is none of them.%(nearest)s", value=value, nearest=close)
    )


class Reader(Protocol):
    """Reads the values sent under one name; raises `Unread`. `schema` is of one value.

    `names` are the things that the values name, and `known` those of them that were known.
    """

    @property
    def schema(self) -> Schema: ...

    def names(self, values: list[str]) -> list[Name]: ...

    def read(self, values: list[str], known: Known) -> Any: ...


class NamesNothing:
    def names(self, values: list[str]) -> list[Name]:
        return []


@dataclass(frozen=True)
class WordIn(NamesNothing):
    vocabulary: words.Words

    @property
    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self.vocabulary)}

    def read(self, values: list[str], known: Known) -> list[str]:
        for value in values:
            if value not in self.vocabulary:
                raise none_of(value, self.vocabulary)
        return values


@dataclass(frozen=True)
class OneWord(NamesNothing):
    """One of a few words that are not the rubric's."""

    known: tuple[str, ...]

    @property
    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self.known)}

    def read(self, values: list[str], known: Known) -> str:
        if values[0] not in self.known:
            raise none_of(values[0], self.known)
        return values[0]


@dataclass(frozen=True)
class Steps(NamesNothing):
    """A small whole number."""

    schema: ClassVar[Schema] = {"type": "integer", "minimum": 0, "maximum": 99}

    def read(self, values: list[str], known: Known) -> list[int]:
        for value in values:
            if not (value.isascii() and value.isdigit() and len(value) < 3):
                told = words.Sentence("“%(value)s” is no whole number from 0 to 99.", value=value)
                raise Unread("invalid", told)
        return [int(value) for value in values]


@dataclass(frozen=True)
class Flag(NamesNothing):
    schema: ClassVar[Schema] = {"type": "boolean"}

    def read(self, values: list[str], known: Known) -> bool:
        if values[0] not in ("true", "false"):
            raise Unread("invalid", words.Sentence("“%(value)s” is neither true nor false.", value=values[0]))
        return values[0] == "true"


@dataclass(frozen=True)
class Day(NamesNothing):
    schema: ClassVar[Schema] = {"type": "string", "examples": ["2021-01-14", "2021-01", "2019/2021", "/2021-01-14"]}

    def read(self, values: list[str], known: Known) -> tuple[date, date]:
        try:
            return dates.bounds(values[0], open_end=dates.LAST_DAY)
        except dates.InvalidDate as error:
            raise Unread("invalid", error.args[0]) from error


@dataclass(frozen=True)
class Reference:
    """A published thing by its id or slug. One query for all values of one name."""

    noun: str
    prefix: str = ""

    @property
    def schema(self) -> Schema:
        return {"type": "string", "description": f"id or slug of one of the {self.noun}s"}

    def names(self, values: list[str]) -> list[Name]:
        return [(self.noun, value) for value in values]

    def read(self, values: list[str], known: Known) -> list[str]:
        for value, name in zip(values, self.names(values), strict=True):
            if name not in known:
                told = words.Sentence(THERE_IS_NONE[self.kind], value=value, nearest=self.nearest(value))
                raise Unread("unknown_value", told)
        return [self.prefix + self.id_of(known[name]) for name in self.names(values)]

    def id_of(self, found: Found) -> str:
        """What was merged is found by what it is shown as."""
        return found.shown_as

    @property
    def kind(self) -> str:
        return self.noun

    def nearest(self, wrong: str) -> str:
        """Slugs and ids are compared only with those that begin alike. One query."""
        column = "subject_id" if TYPE_ID.fullmatch(wrong) else "slug"
        wrong = wrong.rpartition("/")[2]
        alike = self.published.filter(**{f"{column}__startswith": wrong[:1].lower()}).order_by(column)
        return nearest(wrong, alike.values_list(column, flat=True)[:MOST_COMPARED])

    @property
    def published(self) -> StandingQuerySet:
        return STANDINGS[self.noun].objects.of_type(self.noun).current()


@dataclass(frozen=True)
class HistoryReference(Reference):
    """Of the thing's own entries: what was merged keeps its history."""

    def id_of(self, found: Found) -> str:
        return found.id


@dataclass(frozen=True)
class TermReference(Reference):
    """A term of one scheme, by `slug` or `scheme/slug`."""

    scheme: str = ""

    @property
    def schema(self) -> Schema:
        return {"type": "string", "description": f"slug of a {self.scheme}, or {self.scheme}/slug"}

    def names(self, values: list[str]) -> list[Name]:
        return [(self.noun, value if "/" in value else f"{self.scheme}/{value}") for value in values]

    def read(self, values: list[str], known: Known) -> list[str]:
        return super().read(values, {name: t for name, t in known.items() if t.id.startswith(f"{self.scheme}/")})

    @property
    def kind(self) -> str:
        return self.scheme

    @property
    def published(self) -> StandingQuerySet:
        return super().published.filter(subject_id__startswith=f"{self.scheme}/")


@dataclass(frozen=True)
class Stance:
    """`{actor}:{position}`."""

    schema: ClassVar[Schema] = {"type": "string", "examples": ["mexico:not_accepted"]}

    def names(self, values: list[str]) -> list[Name]:
        return [("actor", value.partition(":")[0]) for value in values]

    def read(self, values: list[str], known: Known) -> list[str]:
        told = [value.partition(":") for value in values]
        for actor, colon, _ in told:
            if not (actor and colon):
                right = words.Sentence("Write an actor and its position with a colon, mexico:not_accepted.")
                raise Unread("invalid", right)
        positions = WordIn(words.POSITIONS).read([position for _, _, position in told], known)
        ids = Reference("actor").read([actor for actor, _, _ in told], known)
        return [f"{actor}:{position}" for actor, position in zip(ids, positions, strict=True)]


@dataclass(frozen=True)
class Text(NamesNothing):
    """What is searched for, as people write it into a search box."""

    schema: ClassVar[Schema] = {"type": "string", "examples": ["equipment", '"non-intrusive" -fentanyl']}

    def read(self, values: list[str], known: Known) -> search.Query:
        try:
            return search.parse(values[0])
        except ValueError as error:
            raise Unread("invalid", error.args[0]) from error
