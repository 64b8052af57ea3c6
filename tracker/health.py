"""/healthz: the process is up. /readyz: the database answers and every migration is applied.

A middleware before all others, not a view: probes come by address and over plain HTTP, so neither the check
of the host's name nor the redirect to HTTPS may stand before it.
"""

from collections.abc import Callable

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        match request.path_info:
            case "/healthz":
                return answer(None)
            case "/readyz":
                return answer(why_not_ready())
        return self.get_response(request)


def why_not_ready() -> str | None:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return "The database does not answer."
    return f"{len(waiting)} migrations are not applied." if waiting else None


def answer(fault: str | None) -> JsonResponse:
    """A fault in the form of RFC 9457, as the API states its own."""
    headers = {"Cache-Control": "no-store"}
    if fault is None:
        return JsonResponse({"status": "ok"}, headers=headers)
    problem = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": fault}
    return JsonResponse(problem, status=503, content_type="application/problem+json", headers=headers)
