"""What lists may be asked for, said once: a table of filter x operators, shared by the API and the pages.

A repeated name means OR, different names mean AND, `[all]` asks for every value. Each row of the table is a
`Rule`: what reads its values, and the method of a `Selection` that they go to. Nothing is ever ignored: an
unknown name or value is `Refused`, naming the nearest right one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, ClassVar, Protocol

from django.http import QueryDict
from django.utils.translation import gettext_noop
from django_filters import Filter, FilterSet

from commitments import dates, search
from commitments import vocabulary as words
from commitments.clocks import TYPE_ID, Found, Name, Refused
from commitments.models.ledger import Entry
from commitments.models.record import (
    STANDINGS,
    ClaimStanding,
    CommitmentStanding,
    StandingQuerySet,
)
from commitments.selection import MOST_RANKED

Schema = dict[str, Any]
Known = Mapping[Name, Found]
LONGEST_VALUE = 200
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


class Rule(Filter):
    """One name of the table, with its operator: what reads its values, and the method that they go to."""

    def __init__(self, reader: Reader, asks: str, column: str, *, repeats: bool, says: str) -> None:
        super().__init__()
        self.reader, self.asks, self.column, self.repeats, self.says = reader, asks, column, repeats, says

    def filter(self, rows: Any, value: Any) -> Any:
        return getattr(rows, self.asks)(self.column, value)


class TouchedRule(Rule):
    """Entries about a thing, or that moved it."""

    def __init__(self, noun: str) -> None:
        says = f"What touched this {noun}, or any of several"
        super().__init__(HistoryReference(noun), "touching", "", repeats=True, says=says)

    def filter(self, rows: Any, value: list[str]) -> Any:
        return rows.touching(*value)


class DateRule(Rule):
    """Compares days with an uncertain date."""

    def __init__(self, operator: str, column: str, *, says: str) -> None:
        super().__init__(Day(), "dated", column, repeats=False, says=says)
        self.operator = operator

    def filter(self, rows: Any, value: tuple[date, date]) -> Any:
        definite = self.parent.data.get("certainty") == "definite"
        return rows.dated(self.column, self.operator, *value, definite=definite)


class CertaintyRule(Rule):
    """How every date filter of the request meets an uncertain date."""

    def __init__(self) -> None:
        says = "definite: date filters find only what surely lies there; possible, unless given: what may"
        super().__init__(OneWord(("possible", "definite")), "", "", repeats=False, says=says)

    def filter(self, rows: Any, value: str) -> Any:
        return rows


class TextRule(Rule):
    """Full text; the rows say where they were found."""

    def __init__(self, says: str) -> None:
        super().__init__(Text(), "matching", "words", repeats=False, says=says)

    def filter(self, rows: Any, value: search.Query) -> Any:
        return rows.matching(value)


class OverdueRule(Rule):
    """Hangs on the day of reading."""

    def __init__(self) -> None:
        says = "Whether it is open and its deadline has surely passed"
        super().__init__(Flag(), "overdue", "", repeats=False, says=says)

    def filter(self, rows: Any, value: bool) -> Any:
        return rows.overdue(rows.clock.as_of, value)


WORDED = {"": ("among", "{}, or any of several"), "not": ("not_among", "None of these: {}")}
LISTED = {
    "": ("holding_any", "{}, or any of several"),
    "all": ("holding_all", "Every one of these: {}"),
    "not": ("holding_none", "None of these: {}"),
}
FLAGGED = {"": ("being", "{}")}
DATED = {
    "": "{}: may lie in that day, month, year or interval",
    "lt": "{}: may lie before it",
    "lte": "{}: may lie in it or before",
    "gt": "{}: may lie after it",
    "gte": "{}: may lie in it or after",
}


def bracketed(name: str, operator: str) -> str:
    return f"{name}[{operator}]" if operator else name


def rules(
    name: str, operators: Mapping[str, tuple[str, str]], reader: Reader, says: str, column: str = ""
) -> dict[str, Rule]:
    """The rows of the table for one filter, one per operator."""
    return {
        bracketed(name, operator): Rule(
            reader, asks, column or name, repeats=operators is not FLAGGED, says=sentence.format(says)
        )
        for operator, (asks, sentence) in operators.items()
    }


def date_rules(name: str, says: str, column: str) -> dict[str, Rule]:
    dated: dict[str, Rule] = {
        bracketed(name, operator): DateRule(operator, column, says=sentence.format(says))
        for operator, sentence in DATED.items()
    }
    exists = Rule(Flag(), "with_known_date", column, repeats=False, says=f"{says}: whether it is known at all")
    return dated | {bracketed(name, "exists"): exists}


class StrictFilterSet(FilterSet):
    """Reads only what was sent, once `check_names` let the names through; nothing is ever ignored.

    No form is built: its fields would be made anew for every request, and values that name things have to be
    looked up together.
    """

    rules: ClassVar[dict[str, Rule]] = {}

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.sent = [(name, copy(rule), data.getlist(name)) for name, rule in self.rules.items() if name in data]
        for _, rule, _ in self.sent:
            rule.parent = self

    @classmethod
    def get_filters(cls) -> dict[str, Rule]:
        return cls.rules

    @property
    def names(self) -> list[Name]:
        """The things that the values name."""
        return [name for _, rule, values in self.sent for name in rule.reader.names(values)]

    def among(self, rows: Any, known: Known) -> Any:
        """What the filters let through of the rows; raises `Refused`."""
        errors = []
        for name, rule, values in self.sent:
            try:
                rows = rule.filter(rows, rule.reader.read(values, known))
            except Unread as error:
                errors.append({"parameter": name, "code": error.code, "detail": error.detail})
        if errors:
            raise Refused(*errors)
        return rows


ASSERTED = words.Words(*words.STATUSES.words.values(), *words.POSITIONS.words.values())


class CommitmentFilters(StrictFilterSet):
    rules = {
        **rules("id", WORDED, Reference("commitment"), "This commitment", "subject_id"),
        "open": Rule(
            Flag(), "being_open", "is_open", repeats=False, says="Whether its status is in the rubric's open group"
        ),
        **rules("status", WORDED, WordIn(words.STATUSES), "Its status"),
        **rules("kind", WORDED, TermReference("term", scheme="kind"), "Its kind"),
        **rules("form", WORDED, WordIn(words.FORMS), "Its form"),
        **rules("party", LISTED, Reference("actor"), "A party to it in whatever role", "parties"),
        **rules(
            "promisor",
            LISTED,
            Reference("actor", "promisor:"),
            "A party in the role of promisor (who undertakes it jointly is found by party)",
            "parties",
        ),
        **rules("promisee", LISTED, Reference("actor", "promisee:"), "A party in the role of promisee", "parties"),
        **rules("position", LISTED, Stance(), "An actor or side and its position on it, actor:position", "positions"),
        **rules("claimant", LISTED, Reference("actor"), "Who said anything that bears on it", "claimants"),
        **rules("place", LISTED, TermReference("term", scheme="place"), "A place of it", "names"),
        **rules("topic", LISTED, TermReference("term", scheme="topic"), "A topic of it", "names"),
        **rules("occasion", LISTED, Reference("occasion"), "The occasion on which it was made", "names"),
        **rules("lineage_of", LISTED, Reference("commitment"), "A commitment that its lineage names", "names"),
        **rules("source", LISTED, Reference("source"), "A source in which anything bears on it", "sources"),
        **date_rules("made_on", "When it was made", "made"),
        **date_rules("due", "When it is due", "due"),
        **date_rules("status_since", "Since when its status holds", "since"),
        "certainty": CertaintyRule(),
        "overdue": OverdueRule(),
        **rules("disputed", FLAGGED, Flag(), "Whether sides contradict each other on it"),
        **rules("single_party", FLAGGED, Flag(), "Whether its status rests on one side's word alone"),
        "q": TextRule(
            "Words of its title, summary, condition, parties and terms, and of what was said and quoted of it: all of "
            'them, a "phrase in quotation marks", one OR the other, none with a -minus; accents and endings are '
            "ignored. Adds `excerpt` to each result. Without `sort` the best matches among the newest "
            f"{MOST_RANKED}, in one page"
        ),
    }

    class Meta:
        model = CommitmentStanding
        fields: list[str] = []


class ClaimFilters(StrictFilterSet):
    rules = {
        **rules("id", WORDED, Reference("claim"), "This claim", "subject_id"),
        **rules("commitment", LISTED, Reference("commitment"), "A commitment that it bears on", "names"),
        **rules("claimant", WORDED, Reference("actor"), "Who asserts it"),
        **rules("speech_act", WORDED, WordIn(words.SPEECH_ACTS), "What was done by saying it"),
        **rules("asserts", LISTED, WordIn(ASSERTED), "A status or position that it tells", "asserts"),
        **rules("reading", LISTED, WordIn(words.READINGS), "How a bearing of it was read", "readings"),
        **rules("directness", WORDED, Steps(), "How many steps it took from the speaker to the source's reader"),
        **rules("occasion", LISTED, Reference("occasion"), "The occasion on which it was said", "names"),
        **rules("source", LISTED, Reference("source"), "A source in which it was read", "sources"),
        **rules("publisher", LISTED, Reference("actor"), "Who published a source of it", "publishers"),
        **date_rules("said_on", "When it was said", "said"),
        "certainty": CertaintyRule(),
        "q": TextRule("Words of its statement, of what is quoted, and of who said it; read as `q` of commitments is"),
    }

    class Meta:
        model = ClaimStanding
        fields: list[str] = []


class ChangeFilters(StrictFilterSet):
    rules = {"commitment": TouchedRule("commitment"), "actor": TouchedRule("actor")}

    class Meta:
        model = Entry
        fields: list[str] = []


FILTERS: dict[str, type[StrictFilterSet]] = {"commitment": CommitmentFilters, "claim": ClaimFilters}
# A lone half of a surrogate pair, and NUL, which PostgreSQL cannot hold.
UNREADABLE = re.compile("[\0\ud800-\udfff]")


def check_names(sent: QueryDict, declared: Iterable[str], single: Iterable[str]) -> None:
    """Refuses every name that is not declared, one of `single` given twice, and text that nothing can read."""
    declared = list(declared)
    errors = []
    for name, values in sent.lists():
        if fault := fault_of(name, values, declared, set(single)):
            code, detail = fault
            errors.append({"parameter": UNREADABLE.sub("\ufffd", name[:LONGEST_VALUE]), "code": code, "detail": detail})
    if errors:
        raise Refused(*errors)


def fault_of(name: str, values: list[str], declared: list[str], single: set[str]) -> tuple[str, str] | None:
    if any(UNREADABLE.search(text) for text in (name, *values)):
        return "unreadable", words.Sentence("It holds a character that cannot stand in text.")
    if name not in declared:
        short = name[:LONGEST_VALUE]
        told = words.Sentence(
            "There is no parameter “%(name)s” here.%(nearest)s", name=short, nearest=nearest_of(short, declared)
        )
        return "unknown_parameter", told
    if name in single and len(values) > 1:
        return "repeated", words.Sentence("This can be given once only.")
    longest = max(map(len, values))
    if longest > LONGEST_VALUE and name != "cursor":
        told = words.Sentence(
            "It has %(number)s characters; at most %(most)s are read.", number=longest, most=LONGEST_VALUE
        )
        return "too_long", told
    return None
