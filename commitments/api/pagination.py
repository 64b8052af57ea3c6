"""Keyset pages. One crawl is one snapshot: the cursor carries the clock of its first page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import orjson
from django.core.signing import BadSignature, Signer
from django.utils import timezone
from rest_framework.request import Request

from commitments.api.parameters import LIMIT, Parameter, read_whole_number
from commitments.clocks import Clock, Refused, Sought, resumed, sought
from commitments.selection import Listed, Selection

SALT = "commitments.api.pagination"


@dataclass(frozen=True)
class Page:
    """One page of a list: its clock, the key of the last row before it, and how many rows at most."""

    request: Request
    sought: Sought
    key: list[Any] | None
    limit: int

    @classmethod
    def asked_for(cls, request: Request, most: Parameter = LIMIT) -> Page:
        sent = request.query_params
        limit = read_whole_number(sent, most)
        if "cursor" not in sent:
            return cls(request, sought(sent.get("known_at"), sent.get("as_of"), timezone.now()), None, limit)
        seq, as_of, asked_at, key = read_cursor(request)
        instant = asked_at and datetime.fromisoformat(asked_at)
        # Asked for by its name, what is newest stays what it is, as on the first page.
        found = resumed(seq, date.fromisoformat(as_of), instant, stays="known_at" in sent)
        return cls(request, found, key, limit)

    def of(self, rows: Selection, unless: str | None = None) -> tuple[list[Listed], str | None]:
        """The rows of this page, and the address of the next one; in the order `unless` where none was asked for."""
        if rows.query and "sort" not in self.request.query_params:
            return rows.best(self.limit), None
        order = rows.standing.orders.get(self.request.query_params.get("sort", unless), rows.standing.list_order)
        found = rows.listed(order, self.key, self.limit + 1)
        shown = found[: self.limit]
        return shown, self.next_url(rows.clock, shown[-1].key) if len(found) > self.limit else None

    def next_url(self, clock: Clock, key: Sequence[Any]) -> str:
        asked_at = clock.asked_at and clock.asked_at.isoformat()
        carried = [self.digest, clock.seq, clock.as_of.isoformat(), asked_at, key]
        return url_with(self.request, cursor=Signer(salt=SALT).sign_object(carried))

    @cached_property
    def digest(self) -> str:
        return digest_of(self.request)


def url_with(request: Request, **changed: Any) -> str:
    query = request.query_params.copy()
    for name, value in changed.items():
        query[name] = value
    return request.build_absolute_uri(f"{request.path}?{query.urlencode(safe=':')}")


def digest_of(request: Request) -> str:
    """Of the address and all that a cursor must not be carried over to."""
    asked = sorted(pair for pair in request.query_params.lists() if pair[0] not in ("cursor", "limit"))
    return hashlib.sha256(orjson.dumps([request.get_host(), request.path, asked])).hexdigest()[:16]


def read_cursor(request: Request) -> list[Any]:
    try:
        digest, *carried = Signer(salt=SALT).unsign_object(request.query_params["cursor"])
    except BadSignature as error:
        raise Refused.parameter("cursor", "invalid", "This cursor was not given out here.") from error
    if digest != digest_of(request):
        detail = "This cursor belongs to a list with other parameters; start again without it."
        raise Refused.parameter("cursor", "mismatch", detail)
    return carried
