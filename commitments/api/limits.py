"""How often an address may read in a minute; counted in the memory of this process alone, so approximate:
several processes together allow several times as much, and a restart forgets.

`RateLimit` and `RateLimit-Policy` as in draft-ietf-httpapi-ratelimit-headers.
"""

from __future__ import annotations

import time
from collections import Counter
from ipaddress import IPv6Address
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from commitments.api import problems

MINUTE = 60


class Reads:
    """Reads of the running minute by address. What is forgotten every minute cannot fill the memory."""

    def __init__(self) -> None:
        self.minute = 0
        self.counted: Counter[str] = Counter()

    def count(self, address: str, now: float) -> tuple[int, int]:
        """How many it asked for in this minute, this one included, and the seconds until the next."""
        minute, second = divmod(int(now), MINUTE)
        if minute != self.minute:
            self.minute, self.counted = minute, Counter()
        self.counted[address] += 1
        return self.counted[address], MINUTE - second


READS = Reads()


class Limited:
    """Free of it: the change feed, preflights, and what was answered before this."""

    is_feed = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        highest = settings.API_READS_PER_MINUTE
        if not highest or self.is_feed or request.method == "OPTIONS":
            return super().dispatch(request, *args, **kwargs)
        asked, seconds = READS.count(address_of(request), time.time())
        within = asked <= highest
        response = super().dispatch(request, *args, **kwargs) if within else too_many(request, highest, seconds)
        response.headers["RateLimit-Policy"] = f'"reads";q={highest};w={MINUTE}'
        response.headers["RateLimit"] = f'"reads";r={max(highest - asked, 0)};t={seconds}'
        return response


def too_many(request: HttpRequest, highest: int, seconds: int) -> HttpResponseBase:
    detail = f"This address asked more than {highest} times in a minute; ask again in {seconds} seconds."
    response = problems.answer(request, 429, detail)
    response.headers["Retry-After"] = str(seconds)
    return response


def address_of(request: HttpRequest) -> str:
    return network_of(client_of(request))


def client_of(request: HttpRequest) -> str:
    """Behind a proxy, what the proxy saw; what stands before that in the header is hearsay."""
    seen: str = request.META.get("REMOTE_ADDR", "")
    if settings.HTTPS_ONLY:
        seen = request.headers.get("X-Forwarded-For", seen).rpartition(",")[2].strip()
    return seen


def network_of(seen: str) -> str:
    """An IPv6 address stands for its /64: one client has all of those."""
    if ":" not in seen:
        return seen
    try:
        address = IPv6Address(seen.partition("%")[0])
    except ValueError:
        return seen
    return str(address.ipv4_mapped or int(address) >> 64)
