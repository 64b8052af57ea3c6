"""The list as django-ninja and the plain ORM answer it: the same rows, their main members as typed schemas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test.utils import override_settings
from django.urls import path
from ninja import NinjaAPI, Schema

from commitments.models.record import CommitmentStanding


class Named(Schema):
    id: str
    name: str


class Party(Schema):
    role: str
    actor: Named


class Day(Schema):
    edtf: str | None
    earliest: str
    latest: str
    basis: str
    note: str | None


class Flags(Schema):
    disputed: bool
    single_party: bool


class Commitment(Schema):
    id: str
    slug: str
    title: dict[str, str | None]
    summary: dict[str, str | None]
    kind: str
    form: str
    parties: list[Party]
    places: list[str]
    topics: list[str]
    made_on: Day
    due: Day | None
    status: str
    open: bool
    status_since: Day | None
    flags: Flags
    counts: dict[str, int]


api = NinjaAPI()


@api.get("/commitments", response=list[Commitment])
def commitments(
    request: Any, open: bool | None = None, kind: str | None = None, status: str | None = None
) -> list[dict[str, Any]]:
    rows = CommitmentStanding.objects.current().defer("words", "told").order_by("-made_falling", "-subject_id")
    asked = {"is_open": open, "kind": kind, "status": status}
    rows = rows.filter(**{column: value for column, value in asked.items() if value is not None})
    return [orjson.loads(standing.row) for standing in rows[:50]]


urlpatterns = [path("api/", api.urls)]


def at_home(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__
        return get_response(request)

    return answer


def application() -> WSGIHandler:
    """With no middleware but the one that leads to these addresses."""
    with override_settings(MIDDLEWARE=[f"{__name__}.at_home"]):
        return WSGIHandler()
