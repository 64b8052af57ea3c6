"""Feeds of the whole record, of one commitment and of one actor, with the clock, languages and ETags of pages."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from commitments.feeds import atom
from commitments.feeds.changes import Change, about_actor, changes
from commitments.models.ledger import Entry, EntryQuerySet, Head
from commitments.pages import sentences as say
from commitments.pages.answering import PageView, Row, ThingPage
from commitments.pages.citing import site_name
from commitments.reading import as_of
from commitments.selection import Listed

# What has a page of its own, to which an entry leads.
WITH_PAGES = ("commitment", "claim", "actor", "occasion", "source")


class AtomFeed(PageView):
    """At most twelve queries."""

    page_type = "application/atom+xml"
    parameters = ("known_at",)
    # Of whose changes it tells; empty: of all.
    noun = ""

    def gathered(self) -> Row:
        self.resolve_clock()
        entries = Entry.objects.up_to(self.clock.seq)
        return {"title": gettext("Everything recorded"), "name": "changes", "page": reverse("home"), "entries": entries}

    def shown(self, told: Row) -> HttpResponse:
        found, before = changes(told["entries"], self.clock, whole=self.noun == "commitment")
        log = Head.objects.values_list("log", flat=True).get(id=1)
        feed = {
            "title": f"{told['title']} – {site_name()}",
            "name": told["name"],
            "link": self.at(told["page"]),
            "feed_url": self.request.build_absolute_uri(),
            "next": before and self.at(f"{self.request.path}?known_at={before}"),
        }
        data = atom.written(feed, [(change, self.page_of(change)) for change in found], log)
        return HttpResponse(data, content_type=f"{self.page_type}; charset=utf-8")

    def at(self, path: str) -> str:
        return self.request.build_absolute_uri(path)

    def page_of(self, change: Change) -> str:
        """The page of what a change is about, as recorded then; where there is none, the entry."""
        noun, subject = subject_of(change)
        if noun in WITH_PAGES:
            return self.at(f"{reverse(f'{noun}_by_id', kwargs={'id': subject})}?known_at={change.last}")
        return self.at(f"/api/v1/changes/{change.told[0][0]['seq']}/")


def subject_of(change: Change) -> tuple[str, str]:
    """The noun and id of what a reader of the change wants to see."""
    entry, row = change.told[0]
    if entry["subject_type"] == "status_change" and row:
        return "commitment", row["commitment"]["id"]
    if entry["subject_type"] not in WITH_PAGES and entry["commitments"]:
        return "commitment", entry["commitments"][0]
    return entry["subject_type"], entry["subject_id"]


class FeedOfThing(AtomFeed, ThingPage):
    """What touched one thing."""

    def told(self, standing: Listed) -> Row:
        row = as_of(standing, self.clock)
        return {
            "title": say.in_language(row["title"]) if self.noun == "commitment" else row["name"],
            "name": standing.subject_id,
            "page": reverse(f"{self.noun}_by_id", kwargs={"id": standing.subject_id}),
            "entries": self.entries(standing.subject_id),
        }

    def entries(self, subject_id: str) -> EntryQuerySet:
        if self.noun == "actor":
            return about_actor(subject_id, self.clock)
        return Entry.objects.up_to(self.clock.seq).touching(subject_id)

    def by_id(self, subject_id: str) -> str:
        return reverse(f"{self.noun}_feed", kwargs={"id": subject_id})
