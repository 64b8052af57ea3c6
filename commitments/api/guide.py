"""Where a person or a machine begins: the guide at `/api/`, the index of resources, the console."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.conventions import CONVENTIONS
from commitments.api.examples import API, CALLS, Call
from commitments.api.rendering import ORJSONRenderer
from commitments.api.views import PATHS, ReadView
from commitments.filters import check_names
from commitments.pages.answering import PageView

# What the guide asks first.
FIRST_CALLS = (
    "commitments/equipment-donation/?fields=status,open,status_since,flags",
    "commitments/?open=true&party=united-states&fields=title,status&limit=1",
    "commitments/?status=decline",
)


class IndexView(ReadView):
    says = "Where everything is."
    component = "Index"

    def get(self, request: Request) -> Response:
        at = f"{self.root}{API}"
        named = [*PATHS.values(), "changes", "rubric"]
        index = {
            "title": "Commitment and Claims Tracker",
            "document": f"{at}openapi.json",
            "guide": f"{self.root}/api/",
            "console": f"{self.root}/api/console/",
            "resources": {name: f"{at}{name}/" for name in named},
        }
        return Response(index)


index = IndexView.as_view()


def front(request: HttpRequest) -> HttpResponseBase:
    """The guide for who prefers HTML, else the index."""
    reads = request.method in ("GET", "HEAD")
    wants_page = request.get_preferred_type(["application/json", "text/html"]) == "text/html"
    # The index refuses every parameter, as a problem.
    response = guide(request) if reads and wants_page and not request.GET else index(request)
    patch_vary_headers(response, ["Accept"])
    return response


class GuidePage(PageView):
    template = "api/guide.html"

    def gathered(self) -> dict[str, Any]:
        calls = [call for address in FIRST_CALLS for call in CALLS if call.address == address]
        return {
            "calls": [(call, f"{API}{call.address}", indented(call)) for call in calls],
            "conventions": [(title, text.split("\n\n")) for title, text in CONVENTIONS.items()],
        }


guide = GuidePage.as_view()


def indented(call: Call) -> str:
    return orjson.dumps(call.answer, option=orjson.OPT_INDENT_2).decode()


class ConsoleView(SpectacularSwaggerSplitView):
    """Swagger UI, its script apart from its page, as the Content-Security-Policy has it."""

    http_method_names = ["get", "head", "options"]
    url = f"{API}openapi.json"
    template_name = "api/console.html"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        check_names(request.query_params, ["script"], ["script"])
        super().initial(request, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Response:
        # A problem is JSON; the page's own renderer would look for a template.
        self.request.accepted_renderer, self.request.accepted_media_type = ORJSONRenderer(), ORJSONRenderer.media_type
        return super().handle_exception(exc)

    @extend_schema(exclude=True)
    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=204)
