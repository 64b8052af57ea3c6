"""Pages for people, over the same record, filters and clocks as the API."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commitments.clocks import Clock
from commitments.pages import actor, claim, commitment, facets, formats, listing, occasion, recent, source
from commitments.pages.answering import CLOCKS, FileOfThing, PageView, Row, ThingPage
from commitments.pages.comparing import ComparingPage
from commitments.selection import Listed, Selection

# Open commitments on the first page; the list has them all.
FIRST = 12


class HomePage(PageView):
    """Open commitments first, what may be searched and asked, and what changed lately. At most eleven queries."""

    template = "pages/home.html"
    parameters = CLOCKS

    def gathered(self) -> Row:
        clock = self.resolve_clock()
        everything = Selection.as_of_day("commitment", clock)
        is_open = everything.being_open("is_open", True)
        found = is_open.listed(everything.standing.list_order, None, FIRST)
        told = facets.told(everything, self.request.GET.copy(), reverse("commitments"))
        return {
            "rows": listing.commitments(found, clock),
            "board": facets.board(told),
            "claims": Selection.as_of_day("claim", clock).counted(),
            "sources": Selection.of("source", clock).counted(),
            "facets": told,
            "form": listing.form("commitment", self.request.GET),
            "recent": recent.sets(clock),
        }


class CommitmentsPage(listing.ListPage):
    noun = "commitment"
    words = "commitments"
    template = "pages/commitments.html"
    says = {
        "heading": _("Commitments"),
        "asks": _("Search commitments"),
        "all": _("All commitments"),
        "none": _("No commitment in this record answers to these filters."),
    }

    def rows(self, found: list[Listed], clock: Clock) -> list[Row]:
        return listing.commitments(found, clock)


class ClaimsPage(listing.ListPage):
    noun = "claim"
    words = "claims"
    template = "pages/claims.html"
    says = {
        "heading": _("Claims"),
        "asks": _("Search claims and what they quote"),
        "all": _("All claims"),
        "none": _("No claim in this record answers to these filters."),
    }

    def rows(self, found: list[Listed], clock: Clock) -> list[Row]:
        return listing.claims(found, clock)


class CommitmentPage(ComparingPage):
    noun = "commitment"
    template = "pages/commitment.html"
    formats = formats.NEGOTIABLE

    def told(self, standing: Listed) -> Row:
        gathered = commitment.gathered(standing, self.clock, self.now(standing.subject_id))
        row = gathered["commitment"]
        return gathered | self.compared(row, gathered["now"]) | self.citing(row, gathered["told"])

    def address(self, standing: Listed) -> str:
        return reverse("commitment", kwargs={"id": standing.subject_id, "slug": standing.slug})


class ClaimPage(ComparingPage):
    noun = "claim"
    template = "pages/claim_alone.html"
    formats = formats.NEGOTIABLE

    def told(self, standing: Listed) -> Row:
        gathered = claim.gathered(standing, self.clock, self.now(standing.subject_id))
        [row] = gathered["told"]
        return gathered | self.compared(row, gathered["now"]) | self.citing(row, [row])


class ActorPage(ThingPage):
    noun = "actor"
    template = "pages/actor.html"

    def told(self, standing: Listed) -> Row:
        return actor.gathered(standing, self.clock)


class OccasionPage(ThingPage):
    noun = "occasion"
    template = "pages/occasion_alone.html"

    def told(self, standing: Listed) -> Row:
        return occasion.gathered(standing, self.clock)


class SourcePage(ThingPage):
    noun = "source"
    template = "pages/source_alone.html"
    parameters = (*CLOCKS, "page")

    def told(self, standing: Listed) -> Row:
        return source.gathered(standing, self.clock, self.request.GET.get("page", "1"))


class CommitmentFile(FileOfThing, CommitmentPage):
    pass


class ClaimFile(FileOfThing, ClaimPage):
    pass
