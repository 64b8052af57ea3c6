"""The list of commitments and its filter form. At most seven queries, whatever the number of rows."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext
from rest_framework.request import Request

from commitments import vocabulary as words
from commitments.api.pagination import Page
from commitments.api.parameters import CURSOR, KNOWN_AT, LIMIT
from commitments.clocks import Clock
from commitments.filters import CommitmentFilters, check_names
from commitments.pages import sentences as say
from commitments.pages.badges import badge, flags
from commitments.reading import finished
from commitments.selection import Listed, Selection

Row = dict[str, Any]
OFFERED = ("open", "status", "kind", "party")


def gathered(request: HttpRequest) -> Row:
    sent = request.GET
    rules = CommitmentFilters.rules
    once = [KNOWN_AT.name, LIMIT.name, CURSOR.name]
    check_names(sent, [*once, *rules], [*once, *(name for name, rule in rules.items() if not rule.repeats)])
    page, filters = Page.asked_for(Request(request)), CommitmentFilters(sent)
    clock, known = page.sought.at(filters.names)
    found, following = page.of(filters.among(Selection.of("commitment", clock), known))
    return {
        "clock": clock,
        "rows": _shown(found, clock),
        "next": following,
        "is_first": CURSOR.name not in sent,
        "form": _form(sent, clock),
        "is_search": "q" in sent,
        "is_filtered": any(name in rules for name in sent),
        "json": _query_without_cursor(sent),
    }


def _query_without_cursor(sent: QueryDict) -> str:
    """A cursor belongs to one path."""
    kept = sent.copy()
    kept.pop(CURSOR.name, None)
    return kept.urlencode(safe="[]:")


def _shown(found: list[Listed], clock: Clock) -> list[Row]:
    rows = [orjson.loads(finished(listed)) for listed in found]
    cited = {claim for row in rows for claim in row["status_claims"]}
    claims = {claim["id"]: claim for claim in Selection.of("claim", clock).among("subject_id", sorted(cited)).rows()}
    return [_row(row, [claims[claim] for claim in row["status_claims"]]) for row in rows]


def _row(row: Row, claims: list[Row]) -> Row:
    return {
        "id": row["id"],
        "slug": row["slug"],
        "title": say.in_language(row["title"]),
        "parties": by_role(row),
        "flags": flags(row),
        "status": _status(row, claims) if row["status"] else None,
    }


def _status(row: Row, claims: list[Row]) -> Row:
    return {
        "badge": badge(row["status"]),
        "mark": say.mark(say.strongest_reading(row["id"], row["status"], claims)),
        "since": say.since(row["status_since"]),
        "basis": say.label(words.DATE_BASES, row["status_since"]["basis"]).lower(),
        "word": say.on_whose_word(claims),
    }


def by_role(row: Row) -> list[tuple[str, str]]:
    """Each role with the names that have it."""
    told: dict[str, list[str]] = {}
    for party in row["parties"]:
        told.setdefault(say.label(words.ROLES, party["role"]), []).append(party["actor"]["name"])
    return [(role, ", ".join(names)) for role, names in told.items()]


def _form(sent: QueryDict, clock: Clock) -> Row:
    choices = {
        "open": (gettext("Open or closed"), [("true", gettext("Open")), ("false", gettext("Not open"))]),
        "status": (gettext("Status"), [(slug, say.label(words.STATUSES, slug)) for slug in words.STATUSES]),
        "kind": (gettext("Kind"), _kinds(clock)),
        "party": (gettext("Party"), _states(sent.getlist("party"), clock)),
    }
    return {
        "selects": [
            {"name": name, "label": label, "options": options, "chosen": sent.get(name, "")}
            for name, (label, options) in choices.items()
        ],
        "carried": [
            (name, value) for name, values in sent.lists() for value in values if name not in (*OFFERED, CURSOR.name)
        ],
    }


def _kinds(clock: Clock) -> list[tuple[str, str]]:
    terms = Selection.of("term", clock).beginning("subject_id", "kind/").rows()
    return sorted(((term["slug"], say.in_language(term["labels"])) for term in terms), key=lambda pair: pair[1])


def _states(chosen: list[str], clock: Clock) -> list[tuple[str, str]]:
    """The states, and whatever else was asked for. Quotes inside a JSON string are escaped: no name can match."""
    states = Selection.of("actor", clock).where("strpos(s.row, %s) > 0", '"kind":"state"').rows()
    offered = {state["slug"]: state["name"] for state in sorted(states, key=lambda state: state["name"])}
    return [*offered.items(), *((slug, slug) for slug in chosen if slug not in offered)]
