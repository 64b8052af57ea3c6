"""Every error as RFC 9457 problem+json; off the API, as a page for people."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import orjson
from django.conf import settings
from django.core.exceptions import DisallowedHost, PermissionDenied, SuspiciousOperation, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from rest_framework import exceptions
from rest_framework.response import Response

from commitments.clocks import NotYet, Refused
from commitments.languages import language_of_address

MEDIA_TYPE = "application/problem+json"
METHODS = "GET, HEAD, OPTIONS"
ABSENT = "There is nothing at this address; /api/v1/openapi.json lists what there is."
# For every answer of the API: readable by any page, with the headers that a page may need.
OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Allow, Content-Location, ETag, Link, Memento-Datetime, RateLimit, "
    "RateLimit-Policy, Retry-After, X-Request-ID",
}
# What HTTP calls the errors of which pages tell, for pages in another language.
TITLES = {
    400: _("Bad Request"),
    403: _("Forbidden"),
    404: _("Not Found"),
    405: _("Method Not Allowed"),
    500: _("Internal Server Error"),
}
# What is said of an error where nothing more is known.
TOLD = {
    400: _("The request cannot be read."),
    403: _("This is not open to you."),
    404: _("There is nothing at this address."),
    405: _("Only reading is answered here: GET and HEAD."),
    500: _("Something went wrong here, not in what you sent. The request id helps us find it."),
}
NOT_YOURS = _("This is not open to you: your account has no role that may do it. A security admin can change that.")
FORGED = _(
    "What was sent did not come from a page of this site that is open in this browser: it was open too long, the "
    "browser keeps no cookies, or another site sent it. Nothing was changed. Open the page again and send it anew."
)
log = logging.getLogger(__name__)


def problem(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors or [],
        "request_id": uuid4().hex,
    }


def headers(body: dict[str, Any]) -> dict[str, str]:
    return {"X-Request-ID": body["request_id"], "Cache-Control": "no-store"}


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """For whatever a view of the API raises on purpose; anything else becomes Django's 500."""
    body = problem_of(exc)
    if body is None:
        return None
    return Response(body, body["status"], headers=headers(body), content_type=MEDIA_TYPE)


def problem_of(exc: Exception) -> dict[str, Any] | None:
    match exc:
        case Refused():
            return problem(400, " ".join(error["detail"] for error in exc.errors), exc.errors)
        case NotYet():
            return problem(404, str(exc), [{"parameter": "as_of", "code": "not_yet", "detail": str(exc)}])
        case Http404():
            return problem(404, ABSENT)
        case PermissionDenied():
            return problem(403, TOLD[403])
        case SuspiciousOperation():
            return problem(400, why_unreadable(exc))
        case exceptions.MethodNotAllowed():
            return problem(405, f"{exc.detail} {METHODS} are answered here.")
        case exceptions.NotAcceptable():
            types = ", ".join(renderer.media_type for renderer in exc.available_renderers)
            return problem(406, f"This is answered as {types}, which the Accept header does not allow.")
        case exceptions.APIException():
            return problem(exc.status_code, str(exc.detail))
    return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 400, why_unreadable(exception))


def why_unreadable(exception: Exception) -> str:
    match exception:
        case DisallowedHost():
            return "This server does not answer for the host that the request names."
        case TooManyFieldsSent():
            return f"At most {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS} parameters are read."
    return TOLD[400]


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 403, NOT_YOURS if is_desk(request) else "")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(request, 403, FORGED)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(request, 500)


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def is_desk(request: HttpRequest) -> bool:
    return request.path_info.startswith("/admin/")


def answer(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """Asks neither the database nor the session: one of them may be what went wrong."""
    body = problem(status, detail or told(request, status))
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request %s failed: %s", body["request_id"], request.path_info[:200])
    if is_api(request):
        return HttpResponse(orjson.dumps(body), MEDIA_TYPE, status, headers=headers(body))
    # As on all pages, whatever the browser asks for. Given no request, no context processor runs.
    at_desk = is_desk(request)
    # At the desk the language is the one that was chosen there; a cookie carries it.
    chosen = translation.get_language_from_request(request) if at_desk else language_of_address(request.path_info)
    translation.activate(chosen)
    shown = body | {"title": gettext(TITLES.get(status, body["title"])), "detail": gettext(body["detail"])}
    shown["is_desk"] = at_desk
    return HttpResponse(render_to_string("problem.html", shown), status=status, headers={"Cache-Control": "no-store"})


def told(request: HttpRequest, status: int) -> str:
    if status == HTTPStatus.NOT_FOUND and is_api(request):
        return ABSENT
    return TOLD.get(status, f"{HTTPStatus(status).description}.")
