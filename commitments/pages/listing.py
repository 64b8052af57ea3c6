"""Lists with search, facets and orders: of commitments and of claims. At most eight queries, however many rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from rest_framework.request import Request

from commitments import days
from commitments import vocabulary as words
from commitments.api.pagination import Page
from commitments.api.parameters import AS_OF, CURSOR, KNOWN_AT, LIMIT, SORTS, check_word
from commitments.clocks import Clock
from commitments.filters import FILTERS, check_names
from commitments.pages import elsewhere, facets
from commitments.pages import sentences as say
from commitments.pages.answering import CLOCKS, PageView
from commitments.pages.badges import badge, flags
from commitments.pages.naming import in_page_language
from commitments.reading import finished
from commitments.search import Query
from commitments.selection import Listed, Selection
from commitments.standings import excerpted

Row = dict[str, Any]
# A page for a phone: fewer rows than a program takes at once.
ROWS = replace(LIMIT, schema=LIMIT.schema | {"default": 20})
ORDERS: dict[str, dict[str, str | Promise]] = {
    "commitment": {
        "-made_on": _("Newest first"),
        "made_on": _("Oldest first"),
        "due": _("Due first"),
        "-status_since": _("Latest status first"),
        "title": _("By title"),
    },
    "claim": {"-said_on": _("Latest said first"), "said_on": _("First said first")},
}
# Days that the form asks for, by noun: an uncertain day is met by overlap.
DAYS: dict[str, dict[str, str | Promise]] = {
    "commitment": {
        "made_on[gte]": _("May have been made from"),
        "made_on[lte]": _("May have been made until"),
        "due[lte]": _("May be due until"),
    },
    "claim": {"said_on[gte]": _("May have been said from"), "said_on[lte]": _("May have been said until")},
}
FLAGS: dict[str, dict[str, str | Promise]] = {
    "commitment": {
        "disputed": _("Disputed between the sides"),
        "single_party": _("One side only"),
        "overdue": _("Overdue"),
    },
    "claim": {},
}
# Names of one role in a row.
PARTIES = 6
# What the form itself asks for; the rest of an address is carried along unseen.
ASKED = ("q", "sort", *CLOCKS)


class ListPage(PageView):
    """`words` names the address and the API's path of the list; `says` has its heading, what its search asks, what
    leads back to all of it, and what is said where nothing is found."""

    noun = ""
    words = ""
    says: Row = {}

    def get(self, request: HttpRequest, **named: Any) -> HttpResponse:
        return self.shown(self.gathered())

    def gathered(self, **named: Any) -> Row:
        sent, rules = self.request.GET, FILTERS[self.noun].rules
        once = [KNOWN_AT.name, AS_OF.name, LIMIT.name, CURSOR.name, "sort"]
        check_names(sent, [*once, *rules], [*once, *(name for name, rule in rules.items() if not rule.repeats)])
        check_word(sent, SORTS[self.noun])
        page, filters = Page.asked_for(Request(self.request), ROWS), FILTERS[self.noun](sent)
        self.clock, known = page.sought.at(filters.names)
        rows = filters.among(Selection.as_of_day(self.noun, self.clock), known)
        found, following = page.of(rows, next(iter(ORDERS[self.noun])))
        shown, is_first = self.rows(found, self.clock) if found else [], CURSOR.name not in sent
        # A search alone does not put facets before what it found.
        is_narrowed = any(name in facets.FACETS[self.noun] for name in sent)
        return {
            "rows": [row | excerpt(row, listed, rows.query) for row, listed in zip(shown, found, strict=True)],
            "count": rows.counted() if found or not is_first else {"value": 0, "relation": "eq"},
            "facets": facets.told(rows, sent, reverse(self.words)) if found or is_narrowed else [],
            "next": following,
            "is_first": is_first,
            "form": form(self.noun, sent),
            "is_search": "q" in sent and "sort" not in sent,
            "is_filtered": any(name in rules for name in sent),
            "is_narrowed": is_narrowed,
            "elsewhere": elsewhere.found(rows, asked_again(sent), is_empty=not found) if is_first else None,
            "machines": for_machines(self.words, sent),
            "list": self.words,
            **self.says,
        }

    def rows(self, found: list[Listed], clock: Clock) -> list[Row]:
        raise NotImplementedError


def excerpt(row: Row, listed: Listed, query: Query | None) -> Row:
    """Where a search found it: its words in turn, and whether each part is what was sought. Of a claim nothing that
    stands in its row anyhow."""
    if query is None:
        return {}
    found = excerpted(orjson.loads(listed.row), listed.told or [], query)
    text, parts, end = found["text"], [], 0
    if "statement" in row and text in (row["statement"], row["quoted"] and row["quoted"]["exact"]):
        return {}
    for start, stop in found["marks"]:
        parts += [(text[end:start], False), (text[start:stop], True)]
        end = stop
    return {"excerpt": [*parts, (text[end:], False)]}


def for_machines(words: str, sent: QueryDict) -> str:
    """The same list of the API; a cursor belongs to one path."""
    kept = sent.copy()
    kept.pop(CURSOR.name, None)
    query = kept.urlencode(safe="[]:")
    return f"/api/v1/{words}/{query and '?' + query}"


def asked_again(sent: QueryDict) -> dict[str, str]:
    """The search of this list, for others at the same clocks."""
    return {name: sent[name] for name in ("q", *CLOCKS) if name in sent}


def form(noun: str, sent: QueryDict) -> Row:
    shown = {*ASKED, *DAYS[noun], *FLAGS[noun], CURSOR.name}
    return {
        "orders": list(ORDERS[noun].items()),
        "asked": {name: sent.get(name, "") for name in ASKED},
        "days": [(name, label, sent.get(name, "")) for name, label in DAYS[noun].items()],
        "flags": [(name, label, sent.get(name, "")) for name, label in FLAGS[noun].items()],
        "is_further": any(name in sent for name in (*DAYS[noun], *FLAGS[noun])),
        "carried": [(name, value) for name, values in sent.lists() for value in values if name not in shown],
    }


def commitments(found: list[Listed], clock: Clock) -> list[Row]:
    """Rows of commitments, with the claims that their status rests on. One query, two in Spanish."""
    rows = [orjson.loads(finished(listed)) for listed in found]
    cited = {claim for row in rows for claim in row["status_claims"]}
    claims = {claim["id"]: claim for claim in Selection.of("claim", clock).among("subject_id", sorted(cited)).rows()}
    told = in_page_language([(row, [claims[claim] for claim in row["status_claims"]]) for row in rows], clock)
    return [_commitment(row, behind) for row, behind in told]


def _commitment(row: Row, claims: list[Row]) -> Row:
    return {
        "id": row["id"],
        "slug": row["slug"],
        "title": say.in_language(row["title"]),
        "parties": [(role, _first_of(names)) for role, names in by_role(row)],
        "flags": flags(row),
        "status": _status(row, claims) if row["status"] else None,
    }


def _status(row: Row, claims: list[Row]) -> Row:
    return {
        "badge": badge(row["status"]),
        "mark": say.mark(say.strongest_reading(row["id"], row["status"], claims)),
        "since": say.since(row["status_since"]),
        "basis": days.how_known(row["status_since"]),
        "word": say.on_whose_word(claims),
    }


def by_role(row: Row) -> list[tuple[str, list[str]]]:
    """Each role with the names that have it."""
    told: dict[str, list[str]] = {}
    for party in row["parties"]:
        told.setdefault(say.label(words.ROLES, party["role"]), []).append(party["actor"]["name"])
    return list(told.items())


def _first_of(names: list[str]) -> str:
    """A row of a list has room for some; the page of the commitment has all."""
    shown, others = ", ".join(names[:PARTIES]), len(names) - PARTIES
    if others <= 0:
        return shown
    told = ngettext("%(names)s, and %(n)s other", "%(names)s, and %(n)s others", others)
    return told % {"names": shown, "n": others}


def claims(found: list[Listed], clock: Clock) -> list[Row]:
    """Rows of claims, each with the first words of its speaker that may be shown. One query, two in Spanish."""
    rows = in_page_language([orjson.loads(finished(listed)) for listed in found], clock)
    quotes = {row["id"]: quote for row in rows if (quote := _quote(row))}
    sources = sorted({quote["source"]["id"] for quote in quotes.values()})
    languages = {row["id"]: row["language"] for row in Selection.of_plain(clock).among("subject_id", sources).rows()}
    return [_claim(row, quotes.get(row["id"]), languages) for row in rows]


def _quote(row: Row) -> Row | None:
    return next((p for p in row["passages"] if p["exact"] and p["voice"] == "quoted" and not p["retracted"]), None)


def _claim(row: Row, quote: Row | None, languages: dict[str, str]) -> Row:
    return {
        "id": row["id"],
        "statement": row["statement"],
        "who": say.who(row),
        "act": say.label(words.SPEECH_ACTS, row["speech_act"]),
        "said_on": say.when(row["said_on"]),
        "basis": days.how_known(row["said_on"]),
        "directness": say.directness(row["directness"]),
        "quoted": quote and {"exact": quote["exact"], "language": languages[quote["source"]["id"]]},
        "sources": list(dict.fromkeys(passage["source"]["title"] for passage in row["passages"])),
        "is_retracted": row["retracted"] is not None,
    }
