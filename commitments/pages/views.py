"""Pages for people, over the same record, filters and clocks as the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation

from commitments.api import problems
from commitments.clocks import NotYet, Refused, resolve
from commitments.filters import check_names
from commitments.pages import commitment as one
from commitments.pages import listing
from commitments.reading import find

CLOCKS = ("as_of", "known_at")
View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """What cannot be read or shown is told in a sentence, with 400 or 404."""

    @wraps(view)
    def answer(request: HttpRequest, **named: str) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            refusal = problems.answer(request, 405)
            refusal.headers["Allow"] = "GET, HEAD"
            return refusal
        # English is the language the pages are written in so far; labels of another beside it would confuse.
        translation.activate("en")
        try:
            return view(request, **named)
        except Refused as refused:
            return render(request, "pages/refused.html", {"errors": refused.errors}, status=400)
        except NotYet as not_yet:
            return render(request, "pages/refused.html", {"errors": [{"detail": str(not_yet)}]}, status=404)

    return answer


@page
def commitments(request: HttpRequest) -> HttpResponse:
    if any("" in values for _, values in request.GET.lists()):
        return HttpResponseRedirect(_without_blanks(request))
    return render(request, "pages/commitments.html", listing.gathered(request))


def _without_blanks(request: HttpRequest) -> str:
    """A form sends every select, chosen or not; a filter without a value would be refused."""
    kept = request.GET.copy()
    for name, values in request.GET.lists():
        if not (given := [value for value in values if value]):
            del kept[name]
        else:
            kept.setlist(name, given)
    return f"{request.path}?{kept.urlencode(safe='[]:')}" if kept else request.path


@page
def commitment(request: HttpRequest, id: str, slug: str = "") -> HttpResponse:
    check_names(request.GET, CLOCKS, CLOCKS)
    clock = resolve(request.GET.get("known_at"), request.GET.get("as_of"), timezone.now())
    standing = find("commitment", id, clock)
    if standing is None:
        raise Http404
    if standing.merged_into:
        return _led_to(reverse("commitment_by_id", kwargs={"id": standing.merged_into}), request, preserve_request=True)
    if (id, slug) != (standing.subject_id, standing.slug):
        return _led_to(_address(standing.subject_id, standing.slug), request)
    if standing.retracted:
        # Its row is never read as of an earlier day, so neither is what stands around it.
        clock = replace(clock, as_of=max(clock.as_of, clock.recorded_at.date()))
    told = one.gathered(standing, clock)
    looks_back = any(name in request.GET for name in CLOCKS)
    return render(request, "pages/commitment.html", told | {"looks_back": looks_back})


def _led_to(address: str, request: HttpRequest, **options: bool) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{address}{query and '?' + query}", **options)


def _address(subject_id: str, slug: str) -> str:
    return reverse("commitment", kwargs={"id": subject_id, "slug": slug})
