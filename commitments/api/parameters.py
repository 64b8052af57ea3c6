"""What may stand in a query, apart from filters; checked and documented from these declarations alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import QueryDict

from commitments.api.included import INCLUDED, Included
from commitments.clocks import Refused
from commitments.filters import StrictFilterSet
from commitments.models import record
from commitments.provenance import MOST_TOLD
from commitments.readers import nearest_of
from commitments.selection import FACETS as COUNTED
from commitments.selection import MOST_COUNTED

DEFAULT_LIMIT = 50
HIGHEST_LIMIT = 200


@dataclass(frozen=True)
class Parameter:
    name: str
    schema: dict[str, Any]
    says: str
    repeats: bool = False

    @classmethod
    @cache
    def of_filters(cls, filters: type[StrictFilterSet]) -> list[Parameter]:
        return [cls(name, rule.reader.schema, f"{rule.says}.", rule.repeats) for name, rule in filters.rules.items()]


KNOWN_AT = Parameter(
    "known_at",
    {"type": "string", "examples": ["2021-03-03T18:00:00Z", "120"]},
    "What this record said then: an instant with Z or an offset, or the seq of an entry, which stands for the "
    "published set it belongs to. Alone it implies as_of = its UTC day.",
)
AS_OF = Parameter(
    "as_of", {"type": "string", "format": "date"}, "What held in the world on that day; today (UTC) if not given."
)
LIMIT = Parameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": HIGHEST_LIMIT, "default": DEFAULT_LIMIT},
    "The most results in one answer.",
)
CURSOR = Parameter(
    "cursor", {"type": "string"}, "Leads to the next page; take it from `next`, where filters go with it."
)
TOLD = Parameter(
    "limit",
    LIMIT.schema | {"default": MOST_TOLD},
    "The most claims in one answer (of a claim: the most status changes), and the most contradictions. A status "
    "change whose claims go over the end of a page stands again on the next one, with the rest of them.",
)


def sort_of(orders: Iterable[str], unless: str) -> Parameter:
    says = f"The order, falling where it begins with “-”; {unless} if not given. Unknown days come last either way."
    return Parameter("sort", {"type": "string", "enum": list(orders)}, says)


SORTS = {
    "commitment": sort_of(record.COMMITMENT_ORDERS, "-made_on"),
    "claim": sort_of(record.CLAIM_ORDERS, "by id"),
}
COUNT = Parameter(
    "count",
    {"type": "boolean", "default": False},
    f"Whether to add `count`, the number of all matches: exact up to {MOST_COUNTED}, beyond that "
    f"`{MOST_COUNTED}` with the relation `gte`; without filters, of the current record, exact at any size.",
)
REST_ON = {
    "commitment": "Actors are parties and those whose position is told; claims those that status and positions rest "
    "on; sources those of these claims.",
    "claim": "Actors are who said it, for whom, and of whom it tells a position, with their sides; status changes "
    "those that cite it; sources those of its passages.",
}


def include_of(noun: str, included: type[Included]) -> Parameter:
    says = (
        f"Adds `included`, where each thing that the {noun}s rest on stands once, by id: by name, with commas, "
        f"{', '.join(included.names)}. {REST_ON[noun]}"
    )
    return Parameter("include", {"type": "string", "examples": [",".join(included.names[:3])]}, says)


INCLUDES = {noun: include_of(noun, included) for noun, included in INCLUDED.items()}


def facets_of(known: Iterable[str]) -> Parameter:
    says = (
        "Adds `facets`: for each of these how many matches have which value, most frequent first, by name, with "
        f"commas: {', '.join(known)}. Among the first {MOST_COUNTED} matches of the list's own order; `count` comes "
        f"with it: these are all unless it tells of more than {MOST_COUNTED}."
    )
    return Parameter("facets", {"type": "string", "examples": [",".join(list(known)[:2])]}, says)


FACETS = {noun: facets_of(known) for noun, known in COUNTED.items()}
AFTER = Parameter("after", {"type": "integer", "minimum": 0, "default": 0}, "Entries with a higher seq than this.")


FIELDS = Parameter(
    "fields",
    {"type": "string", "examples": ["title,status,positions"]},
    "Only these members of each thing, by name, with commas; all of them if not given.",
)


def read_names(sent: QueryDict, parameter: Parameter, known: Iterable[str]) -> list[str] | None:
    """The names asked for, in the order asked; None: the parameter was not given."""
    if parameter.name not in sent:
        return None
    known = list(known)
    asked = sent[parameter.name].split(",")
    for name in asked:
        if name not in known:
            detail = f"There is no “{name}” to ask for.{nearest_of(name, known)}"
            raise Refused.parameter(parameter.name, "unknown_value", detail)
    return list(dict.fromkeys(asked))


def check_word(sent: QueryDict, parameter: Parameter) -> None:
    """Refuses a value that is none of the parameter's closed list."""
    known = parameter.schema["enum"]
    if (word := sent.get(parameter.name, known[0])) not in known:
        detail = f"“{word}” is none of them.{nearest_of(word, known)}"
        raise Refused.parameter(parameter.name, "unknown_value", detail)


def read_flag(sent: QueryDict, parameter: Parameter) -> bool:
    text = sent.get(parameter.name, "false")
    if text not in ("true", "false"):
        raise Refused.parameter(parameter.name, "invalid", f"“{text}” is neither true nor false.")
    return text == "true"


def read_whole_number(sent: QueryDict, parameter: Parameter) -> int:
    text = sent.get(parameter.name, str(parameter.schema["default"]))
    lowest, highest = parameter.schema["minimum"], parameter.schema.get("maximum", 2**63 - 1)
    # 19 digits and no more: Python refuses to read numbers of thousands of digits.
    if text.isascii() and text.isdigit() and len(text) < 20 and lowest <= int(text) <= highest:
        return int(text)
    detail = f"“{text}” is no whole number from {lowest} to {highest}."
    raise Refused.parameter(parameter.name, "invalid", detail)
