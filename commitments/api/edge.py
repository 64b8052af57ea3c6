"""What holds for every answer under /api/, whoever gave it: errors are problems, and any origin may read.

A middleware before those that may refuse a request themselves; with DEBUG, Django's own pages pass here too.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from commitments.api import problems

PREFLIGHT = {
    "Access-Control-Allow-Methods": problems.METHODS,
    "Access-Control-Allow-Headers": "Accept-Datetime, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class ApiEdge:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not problems.is_api(request):
            return self.get_response(request)
        response = preflight() if is_preflight(request) else self.get_response(request)
        if response.status_code >= 400 and response.get("Content-Type") != problems.MEDIA_TYPE:
            response = problems.answer(request, response.status_code)
        for name, value in problems.OPEN_TO_ALL.items():
            response.headers.setdefault(name, value)
        return response


def is_preflight(request: HttpRequest) -> bool:
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def preflight() -> HttpResponse:
    """The same at every address: a page elsewhere could not read even the 404 of one that failed."""
    return without_a_body(HttpResponse(status=HTTPStatus.NO_CONTENT, headers=PREFLIGHT))


def nowhere(request: HttpRequest) -> HttpResponse:
    """For every address that no other pattern knows: one that lacks only its last slash leads to where it was
    meant, with its query and, as a 308, with its method."""
    if not is_route(f"{request.path_info}/"):
        raise Http404
    meant = request.get_full_path(force_append_slash=True)
    return without_a_body(HttpResponsePermanentRedirect(meant, preserve_request=True))


def without_a_body(response: HttpResponse) -> HttpResponse:
    del response.headers["Content-Type"]
    return response


def is_route(path: str) -> bool:
    try:
        return resolve(path).func is not nowhere
    except Resolver404:
        return False
