"""What every page for people keeps, whatever it shows: it is only read, at two clocks, in the language that its
address says, with ETags as the API has them; what cannot be read or shown is told in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views import View

from commitments.api import problems
from commitments.api.conditional import Conditional, cache_control
from commitments.clocks import DAY, Clock, NotYet, Refused, resolve, stamp
from commitments.filters import check_names
from commitments.languages import in_language
from commitments.pages import formats
from commitments.pages.citing import Cited
from commitments.pages.formats import Format
from commitments.reading import find
from commitments.selection import Listed

Row = dict[str, Any]
CLOCKS = ("as_of", "known_at")
# What sites and letters add to the links that people share, to know who follows them.
TRACKING = re.compile(
    "utm_.+|(fb|g|d|ms|tw|tt|y)clid|[gw]braid|igsh(id)?|li_fat_id|mc_[ce]id|mkt_tok|ref_src|_hs(enc|mi)", re.ASCII
)


class PageView(Conditional, View):
    """`gathered` answers what the template shows. A page without a clock hangs on the build alone.

    `formats`: what else `Accept` may ask for at the page's own address, by name; `format` was, None: the page.
    """

    http_method_names = ["get", "head"]
    page_type = formats.HTML
    template = ""
    # What may be asked in the address, each once.
    parameters: Sequence[str] = ()
    clock: Clock | None = None
    formats: Mapping[str, Format] = {}
    format: Format | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        if (meant := as_meant(request)) is not None:
            return HttpResponseRedirect(meant)
        self.format = self.format_asked(request, named)
        self.media_type = self.format.media_type if self.format else self.page_type
        try:
            response = super().dispatch(request, *args, **named)
        except Refused as refused:
            return self.told_why(refused.errors, 400)
        except NotYet as not_yet:
            return self.told_why([{"detail": not_yet.args[0]}], 404)
        response.headers.setdefault("Cache-Control", cache_control(self.clock))
        if self.formats:
            patch_vary_headers(response, ["Accept"])
        return response

    def format_asked(self, request: HttpRequest, named: dict[str, Any]) -> Format | None:
        return formats.preferred(request, self.formats) if self.formats else None

    def get(self, request: HttpRequest, **named: Any) -> HttpResponse:
        check_names(request.GET, self.parameters, self.parameters)
        return self.shown(self.gathered(**named))

    def gathered(self, **named: Any) -> Row:
        """Raises `Refused`, `NotYet` or `Http404`."""
        raise NotImplementedError

    def shown(self, told: Row) -> HttpResponse:
        shared = {"clock": self.clock, "looks_back": self.looks_back, "canonical": self.canonical}
        return render(self.request, self.template, shared | told)

    @property
    def looks_back(self) -> bool:
        return any(name in self.request.GET for name in CLOCKS)

    @property
    def canonical(self) -> str:
        """Where a search engine is to lead for this: to the newest view. Empty for one of the many ways to ask."""
        beside = {name: value for name, value in self.request.GET.items() if name not in (*CLOCKS, "compare")}
        if beside.keys() - {"page"}:
            return ""
        query = urlencode(beside)
        return self.request.build_absolute_uri(f"{self.request.path}{query and '?' + query}")

    def resolve_clock(self) -> Clock:
        self.clock = resolve(self.request.GET.get("known_at"), self.request.GET.get("as_of"), timezone.now())
        return self.clock

    def told_why(self, errors: list[dict[str, str]], status: int) -> HttpResponse:
        told = [error | {"detail": in_language(error["detail"])} for error in errors]
        refused = {"errors": told, "looks_back": self.looks_back}
        refusal = render(self.request, "pages/refused.html", refused, status=status)
        refusal.headers["Cache-Control"] = "no-store"
        return refusal

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        refusal = problems.answer(request, 405)
        refusal.headers["Allow"] = ", ".join(method.upper() for method in self.http_method_names)
        return refusal


class ThingPage(PageView):
    """One thing by its id or slug. Merged, it leads to what it was merged into; another name, to the right one."""

    noun = ""
    parameters = CLOCKS

    def get(self, request: HttpRequest, id: str, slug: str = "") -> HttpResponse:
        check_names(request.GET, self.parameters, self.parameters)
        standing = find(self.noun, id, self.resolve_clock())
        if standing is None:
            raise Http404
        if standing.merged_into:
            return led_to(self.by_id(standing.merged_into), request, keep=True)
        if request.path != (own := self.address(standing)):
            return led_to(own, request)
        if standing.retracted:
            # Its row is never read as of an earlier day, so neither is what stands around it.
            self.clock = replace(self.clock, as_of=max(self.clock.as_of, self.clock.recorded_at.date()))
        told = self.told(standing)
        return self.written(told["cited"]) if self.format else self.shown(told)

    def told(self, standing: Listed) -> Row:
        """Raises `NotYet`. `cited`: what the formats are written from, where there are any."""
        raise NotImplementedError

    def citing(self, row: Row, claims: list[Row]) -> Row:
        """What a page that can be cited tells its template; `claims` as in `Cited`."""
        root = self.request.build_absolute_uri("/")[:-1]
        return {"cited": Cited(self.noun, row, claims, self.clock, root), "formats": self.formats.values()}

    def written(self, cited: Cited) -> HttpResponse:
        return formats.answer(cited, self.format, self.headers_of_the_answer(self.request))

    def headers_of_the_answer(self, request: HttpRequest) -> dict[str, str]:
        """A form of a page has an address of its own."""
        if self.format is None:
            return {}
        own = reverse(f"{self.noun}_file", kwargs={"id": self.kwargs["id"], "format": self.format.name})
        clocks = urlencode([(name, request.GET[name]) for name in CLOCKS if name in request.GET])
        return {"Content-Location": f"{own}{clocks and '?' + clocks}"}

    def address(self, standing: Listed) -> str:
        return self.by_id(standing.subject_id)

    def by_id(self, subject_id: str) -> str:
        return reverse(f"{self.noun}_by_id", kwargs={"id": subject_id})


class FileOfThing:
    """What a page of one thing shows, in the form that the address names."""

    formats = {}
    parameters = CLOCKS

    def format_asked(self, request: HttpRequest, named: dict[str, Any]) -> Format:
        return formats.FORMATS[named["format"]]

    def get(self, request: HttpRequest, id: str, format: str) -> HttpResponse:
        return super().get(request, id)

    def address(self, standing: Listed) -> str:
        return self.by_id(standing.subject_id)

    def by_id(self, subject_id: str) -> str:
        return reverse(f"{self.noun}_file", kwargs={"id": subject_id, "format": self.format.name})


def as_meant(request: HttpRequest) -> str | None:
    """The address that is meant, where it is another: a form sends every box, filled or not, people name a day where
    machines name an instant, and shared links are marked on their way."""
    kept = request.GET.copy()
    for name, values in request.GET.lists():
        if (given := [value for value in values if value]) and not TRACKING.fullmatch(name):
            kept.setlist(name, given)
        else:
            del kept[name]
    if DAY.fullmatch(kept.get("known_at", "")):
        kept["known_at"] = end_of(kept["known_at"])
    if kept == request.GET:
        return None
    return f"{request.path}?{kept.urlencode(safe='[]:')}" if kept else request.path


def end_of(day: str) -> str:
    """The last instant of a day; of today the one that was reached. What is no day stays for the clock to refuse."""
    now = stamp(timezone.now())
    return now if now.startswith(day) else f"{day}T23:59:59.999999Z"


def led_to(address: str, request: HttpRequest, *, keep: bool = False) -> HttpResponse:
    """With its query. `keep`: 307, for what is asked of another thing as long as a merge stands."""
    return HttpResponseRedirect(with_query(address, request), preserve_request=keep)


def with_query(address: str, request: HttpRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"{address}{query and '?' + query}"
