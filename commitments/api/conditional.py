"""ETags, and 304 before DRF dispatches (RFC 9110, sections 8.8.3 and 13.1.2).

A tag of a current view is `"{seq}.{day}.{digest}"`: the head's seq (of one thing, the seq that opened its
standing), the UTC day, on which `flags.overdue` hangs, and a digest of address, media type and build. What never
changes has the digest alone. The digest is keyed, so only an answer can have given out a tag, and a refused
query never had one.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import parse_etags

from commitments.clocks import Clock
from commitments.reading import head_seq, opening_seq

MEDIA_TYPE = "application/json"
MAY_CHANGE = "public, no-cache"
STAYS = "public, max-age=3600"


def build_of(root: Path) -> str:
    """Of the code and of what it is built on: a change of either may change any answer."""
    patterns = (
        "uv.lock",
        "commitments/**/*.py",
        "commitments/api/*.json",
        "commitments/locale/**/*.po",
        "commitments/pages/fonts/*.ttf",
        "commitments/static/**/*.*",
        "commitments/templates/**/*.html",
        "tracker/*.py",
    )
    files = [file for pattern in patterns for file in sorted(root.glob(pattern))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


# Once, when the code is loaded: files may be replaced under a process that still runs what was there before.
BUILD = build_of(settings.BASE_DIR)


class Conditional:
    """For a view whose `clock` is set by the time it has answered; None: its answer hangs on the build alone."""

    hangs_on_one_standing = False
    media_type = MEDIA_TYPE
    opened_by: int | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        digest, held = digest_of(request, self.media_type, self.asked_in_headers(request)), tags_held(request)
        if held and (tag := self.tag_unchanged(request, digest, held)):
            return not_modified(tag, request, self.headers_of_the_answer(request))
        response = super().dispatch(request, *args, **kwargs)
        tag = response.status_code == 200 and self.tag_of(digest)
        if not tag:
            return response
        response.headers["ETag"] = tag
        # "*" waits for the answer: only one that exists can be unchanged.
        told = self.headers_of_the_answer(request)
        return not_modified(tag, request, told) if {tag, "*"} & held else response

    def asked_in_headers(self, request: HttpRequest) -> str:
        """What the answer hangs on beside the address."""
        return ""

    def headers_of_the_answer(self, request: HttpRequest) -> dict[str, str]:
        """What a 304 repeats of them, beside its own. No query."""
        return {}

    def tag_of(self, digest: str) -> str | None:
        return tag_of(digest, self.clock, self.opened_by)

    def tag_unchanged(self, request: HttpRequest, digest: str, held: set[str]) -> str | None:
        """The tag held that still stands. One query, none where no tag held is of this address."""
        ours = {tag for tag in held if digest in tag}
        if not ours or not request.accepts(self.media_type):
            return None
        if (fixed := fixed_tag(digest)) in ours:
            return fixed
        tag = current_tag(self.current_seq(request), today(request), digest)
        return tag if tag in ours else None

    def current_seq(self, request: HttpRequest) -> int | None:
        return opening_seq(self.noun, self.named) if self.is_of_one_standing(request) else head_seq()

    def is_of_one_standing(self, request: HttpRequest) -> bool:
        """As of another day a thing is derived anew, from standings of other things."""
        return self.hangs_on_one_standing and "as_of" not in request.GET


def tag_of(digest: str, clock: Clock | None, opened_by: int | None) -> str | None:
    """The tag of an answer; none where it has not settled yet."""
    if clock is not None and clock.is_head:
        return current_tag(opened_by or clock.seq, clock.as_of.isoformat(), digest)
    return fixed_tag(digest) if clock is None or clock.is_settled(timezone.now()) else None


def cache_control(clock: Clock | None) -> str:
    """What is known at a past instant stays so; what is newest may change at any time."""
    if clock is None or clock.is_head:
        return MAY_CHANGE
    return STAYS if clock.is_settled(timezone.now()) else "no-store"


def current_tag(seq: int | None, day: str, digest: str) -> str:
    return f'"{seq}.{day}.{digest}"'


def fixed_tag(digest: str) -> str:
    return f'"{digest}"'


def today(request: HttpRequest) -> str:
    return request.GET.get("as_of") or timezone.now().date().isoformat()


def digest_of(request: HttpRequest, media_type: str, asked_in_headers: str) -> str:
    """Of all that an answer hangs on but the record; the host stands in its links."""
    address = (request.scheme, request.get_host(), request.path, request.META.get("QUERY_STRING", ""))
    key = hashlib.sha256(settings.SECRET_KEY.encode()).digest()
    told = repr((BUILD, media_type, asked_in_headers, address)).encode()
    return hashlib.blake2b(told, key=key, digest_size=12).hexdigest()


def tags_held(request: HttpRequest) -> set[str]:
    """Weak and strong alike, as If-None-Match compares them."""
    if request.method not in ("GET", "HEAD") or "If-None-Match" not in request.headers:
        return set()
    return {tag.removeprefix("W/") for tag in parse_etags(request.headers["If-None-Match"])}


def not_modified(tag: str, request: HttpRequest, told: dict[str, str]) -> HttpResponseNotModified:
    stays = tag.count(".") == 0 and not request.GET.keys().isdisjoint({"known_at", "cursor"})
    return HttpResponseNotModified(headers=told | {"ETag": tag, "Cache-Control": STAYS if stays else MAY_CHANGE})
