"""Lists of actors, sources and occasions, whole and in groups, as a register has them. At most four queries, five in
Spanish."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments import vocabulary as words
from commitments.pages import sentences as say
from commitments.pages.answering import CLOCKS, PageView
from commitments.pages.firsts import first_by, tallied
from commitments.pages.naming import in_page_language
from commitments.pages.source import page_of
from commitments.selection import Selection

Row = dict[str, Any]
ROWS = 200
BY_DAY = "NULLIF(s.row::json -> '{0}' ->> 'latest', '9999-12-31') DESC NULLS LAST, s.label, s.subject_id"


class IndexPage(PageView):
    """`order` is SQL; `counts` are, by noun, what of its rows names the listed things (`firsts.tallied`)."""

    noun = ""
    template = "pages/index.html"
    parameters = (*CLOCKS, "page")
    heading: str | Promise = ""
    says: str | Promise = ""
    order = ""
    counts: dict[str, str] = {}

    def gathered(self) -> Row:
        clock = self.resolve_clock()
        rows = Selection.of(self.noun, clock)
        asked = self.request.GET.get("page", "1")
        found = first_by(rows, self.order, ROWS, skipped(asked))
        page, pages = page_of(asked, found.value, ROWS)
        found = in_page_language(found, clock)
        ids = [row["id"] for row in found.rows]
        counts = {noun: tallied(Selection.as_of_day(noun, clock), named, ids) for noun, named in self.counts.items()}
        return {
            "noun": self.noun,
            "list": f"{self.noun}s",
            "heading": self.heading,
            "says": self.says,
            "groups": self.grouped(found.rows, counts),
            "count": {"value": found.value, "relation": found.relation},
            "page": page,
            "pages": pages,
            "address": reverse(f"{self.noun}s"),
        }

    def grouped(self, rows: Sequence[Row], counts: dict[str, dict[str, int]]) -> list[Row]:
        shown = [(self.group(row), self.row(row) | self.counted(row, counts)) for row in rows]
        return [
            {"name": name, "rows": [row for _, row in same]} for name, same in groupby(shown, key=lambda pair: pair[0])
        ]

    def counted(self, row: Row, counts: dict[str, dict[str, int]]) -> Row:
        tallies = {f"{noun}s": tally.get(row["id"], 0) for noun, tally in counts.items()}
        return tallies | {"id": row["id"], "is_retracted": row["retracted"] is not None}

    def group(self, row: Row) -> str:
        raise NotImplementedError

    def row(self, row: Row) -> Row:
        """`name`, in which language, and what stands beside it."""
        raise NotImplementedError


def skipped(asked: str) -> int:
    """Rows before the page; of what is no number none, for `page_of` to refuse."""
    return (max(1, int(asked)) - 1) * ROWS if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0


class ActorsPage(IndexPage):
    noun = "actor"
    heading = _("Actors")
    order = "array_position(ARRAY['{}'], s.row::json ->> 'kind'), s.label, s.subject_id".format(
        "', '".join(words.ACTOR_KINDS)
    )
    counts = {"commitment": "unnest(s.parties)", "claim": "s.claimant"}

    def group(self, row: Row) -> str:
        return say.label(words.ACTOR_KINDS, row["kind"])

    def row(self, row: Row) -> Row:
        offices = [office["title"] for office in row["offices"]]
        beside = [row["part_of"]["name"]] if row["part_of"] else offices
        return {"name": row["name"], "lang": "", "beside": beside}


class SourcesPage(IndexPage):
    noun = "source"
    heading = _("Sources")
    says = _("Each stands under the year of the latest day that it may be of.")
    order = BY_DAY.format("published")
    counts = {"claim": "unnest(s.sources)", "commitment": "unnest(s.sources)"}

    def group(self, row: Row) -> str:
        return year_of(row["published"])

    def row(self, row: Row) -> Row:
        publisher = row["publisher"]["name"] if row["publisher"] else gettext("publisher not known")
        beside = [publisher, say.when(row["published"]), say.label(words.SOURCE_KINDS, row["kind"])]
        return {"name": row["title"], "lang": row["language"], "beside": beside}


class OccasionsPage(IndexPage):
    noun = "occasion"
    heading = _("Occasions")
    says = _("Each stands under the year of the latest day that it may be of.")
    order = BY_DAY.format("date")
    counts = {"claim": "unnest(s.names)", "commitment": "unnest(s.names)"}

    def group(self, row: Row) -> str:
        return year_of(row["date"])

    def row(self, row: Row) -> Row:
        access = gettext("Access: %(access)s") % {"access": say.label(words.ACCESS_TERMS, row["access"])}
        beside = [say.label(words.OCCASION_KINDS, row["kind"]), say.when(row["date"]), access]
        return {"name": row["name"], "lang": "", "beside": beside}


def year_of(date: Row) -> str:
    """The year of its latest day."""
    return str(date["latest"][:4]) if date["edtf"] else gettext("Date not known")
