"""A status and a timeline that other sites show in frames of their own: small, cacheable, without cookie or script.

These pages alone may be framed, by anybody.
"""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_exempt

from commitments.api.conditional import MAY_CHANGE
from commitments.pages import commitment
from commitments.pages.answering import Row, ThingPage
from commitments.pages.badges import badge, flags
from commitments.pages.naming import in_page_language
from commitments.reading import alone
from commitments.selection import Listed, Selection

# A newsroom's readers would otherwise ask anew for each view of its page.
FOR_FIVE_MINUTES = "public, max-age=300"


@method_decorator([csp_replace({"frame-ancestors": ["*"]}), xframe_options_exempt], name="dispatch")
class EmbeddedStatus(ThingPage):
    """One commitment's status as a card. At most five queries."""

    noun = "commitment"
    template = "pages/embed.html"
    named_as = "embed_commitment"

    def dispatch(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **named)
        except Http404:
            # Django's own answer could not be framed, and the frame would stay empty.
            return self.told_why([{"detail": gettext("There is no such commitment in this record.")}], 404)
        if response.headers.get("Cache-Control") == MAY_CHANGE:
            response.headers["Cache-Control"] = FOR_FIVE_MINUTES
        return response

    def told_why(self, errors: list[dict[str, str]], status: int) -> HttpResponse:
        return render(self.request, self.template, {"errors": errors}, status=status)

    def told(self, standing: Listed) -> Row:
        row = alone(standing, self.clock)
        resting = Selection.of("claim", self.clock).among("subject_id", row["status_claims"]).rows()
        row, resting = in_page_language([row, resting], self.clock)
        told = self.citing(row, resting)
        return told | {"badge": row["status"] and badge(row["status"]), "flags": flags(row)}

    def by_id(self, subject_id: str) -> str:
        return reverse(self.named_as, kwargs={"id": subject_id})


class EmbeddedTimeline(EmbeddedStatus):
    """The status, and what happened as a drawing. As many queries as the page of the commitment."""

    template = "pages/embed_timeline.html"
    named_as = "embed_timeline"

    def told(self, standing: Listed) -> Row:
        gathered = commitment.gathered(standing, self.clock)
        row = gathered["commitment"]
        shown = {"badge": row["status"] and badge(row["status"]), "drawings": gathered["drawings"]}
        return self.citing(row, gathered["told"]) | shown | {"flags": gathered["flags"]}
