"""What search engines ask for: which pages there are (sitemaps.org), and which are not for them (RFC 9309)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import override

from commitments.clocks import Clock
from commitments.pages.answering import PageView
from commitments.pages.source import page_of
from commitments.selection import Selection

Row = dict[str, Any]
# Things that one file names, each with its page in every language. The protocol allows 50,000 addresses; a file of
# 10,000 is written in less than a second and weighs three megabytes before it is compressed.
THINGS = 5_000
OF_ALL = ("home", "commitments", "claims", "actors", "occasions", "sources", "corrections", "check", "how")
# By noun the address of its page.
OF_ONE = {noun: f"{noun}_by_id" for noun in ("claim", "actor", "occasion", "source")} | {"commitment": "commitment"}
PART = "SELECT s.subject_id, s.slug, s.opened_at {rows} ORDER BY s.subject_id LIMIT %(size)s OFFSET %(skipped)s"
NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
SHUT = ("/admin/", "/account/", "/i18n/", "/api/console/")


class Sitemap(PageView):
    """Every page of the record in each language; of more than `THINGS` an index first. At most eleven queries."""

    page_type = "application/xml"
    parameters = ("page",)

    def gathered(self) -> Row:
        clock = self.resolve_clock()
        counts = {noun: Selection.of(noun, clock).counted()["value"] for noun in OF_ONE}
        asked = self.request.GET.get("page")
        page, pages = page_of(asked or "1", sum(counts.values()), THINGS)
        if asked is None and pages > 1:
            return {"pages": pages}
        found = part(clock, counts, (page - 1) * THINGS)
        return {"found": chain(((name, {}, "") for name in OF_ALL if page == 1), found)}

    def shown(self, told: Row) -> HttpResponse:
        root = self.request.build_absolute_uri("/")[:-1]
        lines = index(root, told["pages"]) if "pages" in told else urlset(root, told["found"])
        text = "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *lines, ""])
        return HttpResponse(text, content_type=f"{self.page_type}; charset=utf-8")


class Robots(PageView):
    """The desk is nobody's to find; where all pages are named."""

    page_type = "text/plain"

    def gathered(self) -> Row:
        return {"sitemap": self.request.build_absolute_uri(reverse("sitemap"))}

    def shown(self, told: Row) -> HttpResponse:
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in SHUT), "", f"Sitemap: {told['sitemap']}", ""]
        return HttpResponse("\n".join(lines), content_type=f"{self.page_type}; charset=utf-8")


def part(clock: Clock, counts: dict[str, int], skipped: int) -> Iterator[tuple[str, dict[str, str], str]]:
    """As many things as a file names: the name of each one's address, what stands in it, and when what its page tells
    of it changed last. A query for each noun of which there are any."""
    size = THINGS
    for noun, count in counts.items():
        here = max(0, min(size, count - skipped))
        rows = Selection.of(noun, clock).asked(PART, size=here, skipped=skipped) if here else []
        for subject_id, slug, opened_at in rows:
            named = {"id": subject_id} | ({"slug": slug} if noun == "commitment" else {})
            yield OF_ONE[noun], named, opened_at.isoformat(timespec="seconds")
        size, skipped = size - here, max(0, skipped - count)


def index(root: str, pages: int) -> list[str]:
    at = f"{root}{reverse('sitemap')}"
    files = [f"<sitemap><loc>{at}?page={page}</loc></sitemap>" for page in range(1, pages + 1)]
    return [f"<sitemapindex {NAMESPACES}>", *files, "</sitemapindex>"]


def urlset(root: str, found: Iterator[tuple[str, dict[str, str], str]]) -> list[str]:
    """Nothing in an address of ours needs escaping in XML: hosts, ids and slugs have no such signs."""
    lines = [f"<urlset {NAMESPACES}>"]
    for name, named, changed in found:
        addresses = {code: f"{root}{way.format(**named)}" for code, way in ways(name, *named).items()}
        same = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{address}"/>' for code, address in addresses.items()
        )
        at = f"<lastmod>{changed}</lastmod>" if changed else ""
        lines += [f"<url><loc>{address}</loc>{at}{same}</url>" for address in addresses.values()]
    return [*lines, "</urlset>"]


@cache
def ways(name: str, *parts: str) -> dict[str, str]:
    """By language the address of a page, to be filled with its parts: to reverse each of thousands takes seconds."""
    told = {}
    for code, _ in settings.LANGUAGES:
        with override(code):
            way = reverse(name, kwargs={part: part.upper() for part in parts})
        for part in parts:
            way = way.replace(part.upper(), f"{{{part}}}")
        told[code] = way
    return told
