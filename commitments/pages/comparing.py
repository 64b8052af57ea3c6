"""An earlier view beside today's, for pages of one thing that ask for it by `compare=now`.

It has an address of its own: a permalink says the same for ever, and what differs today does not.
"""

from __future__ import annotations

from typing import Any

import orjson
from django.db.models import Subquery
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext

from commitments import derive
from commitments.api import conditional
from commitments.clocks import Refused
from commitments.models.ledger import Head
from commitments.models.record import STANDINGS, Standing
from commitments.pages.answering import CLOCKS, Row, ThingPage
from commitments.pages.differing import differences
from commitments.reading import head_seq


class ComparingPage(ThingPage):
    parameters = (*CLOCKS, "compare")
    # The last entry when today's row was read.
    head = 0

    def dispatch(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **named)
        if self.compares and response.status_code == 200:
            response.headers["Cache-Control"] = conditional.MAY_CHANGE
        return response

    @property
    def compares(self) -> bool:
        return self.looks_back and "compare" in self.request.GET

    def now(self, subject_id: str) -> Row | None:
        """The row as it is read today, where that is asked for. One query; raises `Refused`."""
        if (asked := self.request.GET.get("compare", "now")) != "now":
            told = gettext("“%(asked)s” is nothing to compare with; write compare=now.") % {"asked": asked}
            raise Refused.parameter("compare", "invalid", told)
        if not self.compares:
            return None
        standings = STANDINGS[self.noun].objects.annotate(head=Subquery(Head.objects.values("seq")))
        standing = standings.current().get(subject_id=subject_id)
        self.head = standing.head
        return today(standing)

    def compared(self, row: Row, now: Row | None) -> Row:
        """What differs today from a row as this page read it, for its template."""
        if now is None:
            return {"is_compared": True, "can_compare": self.looks_back, "differences": None, "changed": ()}
        told = differences(self.noun, row, now)
        return {"is_compared": True, "differences": told, "changed": {one.member for one in told}}

    def tag_of(self, digest: str) -> str | None:
        return tag_of_today(self.head, digest) if self.compares else super().tag_of(digest)

    def tag_unchanged(self, request: HttpRequest, digest: str, held: set[str]) -> str | None:
        if not self.compares:
            return super().tag_unchanged(request, digest, held)
        tag = tag_of_today(head_seq(), digest) if any(digest in tag for tag in held) else None
        return tag if tag in held else None


def tag_of_today(head: int | None, digest: str) -> str:
    return conditional.current_tag(head, timezone.now().date().isoformat(), digest)


def today(standing: Standing) -> Row:
    """The row as it is read now."""
    row: Row = orjson.loads(standing.row)
    if standing.subject_type == "commitment":
        row["flags"]["overdue"] = derive.is_overdue(row, timezone.now().date().isoformat())
    return row
