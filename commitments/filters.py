"""What lists may be asked for, said once: a table of filter x operators, shared by the API and the pages.

A repeated name means OR, different names mean AND, `[all]` asks for every value. Each row of the table is a
`Rule`: what reads its values, and the method of a `Selection` that they go to. Nothing is ever ignored: an
unknown name or value is `Refused`, naming the nearest right one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date
from typing import Any, ClassVar

from django.http import QueryDict
from django_filters import Filter, FilterSet

from commitments import search
from commitments import vocabulary as words
from commitments.clocks import Name, Refused
from commitments.models.ledger import Entry
from commitments.models.record import ClaimStanding, CommitmentStanding
from commitments.readers import (
    Day,
    Flag,
    HistoryReference,
    Known,
    OneWord,
    Reader,
    Reference,
    Stance,
    Steps,
    TermReference,
    Text,
    Unread,
    WordIn,
    nearest_of,
)
from commitments.selection import MOST_RANKED

LONGEST_VALUE = 200


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
