"""The OpenAPI document, generated from what each view declares: parameters, answer, problems."""

from __future__ import annotations

import re
from copy import deepcopy
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from commitments import vocabulary
from commitments.api.conventions import CONVENTIONS
from commitments.api.examples import calls_of, in_path, values_of
from commitments.api.parameters import Parameter
from commitments.api.problems import MEDIA_TYPE
from commitments.api.shapes import COMPONENTS, list_of
from commitments.documents import MERGEABLE

PROBLEMS = {
    400: "A parameter or value is unknown or cannot be read; `errors` names it.",
    404: "There is no such thing, or there was none at that time.",
    405: "Only GET, HEAD and OPTIONS are answered here.",
    406: "Answers are JSON.",
    429: "This address asked too often in this minute; `Retry-After` says when it may again.",
    500: "A fault of ours.",
}
LIMITED = [200, 307, 400, 404, 405, 406, 429]
# Which answers carry each header.
HEADERS = {
    "ETag": (
        [200, 304],
        {"type": "string"},
        "Send it back in `If-None-Match`: while the answer is the same, 304. None where the answer has not settled.",
    ),
    "Cache-Control": ([200, 304, 307], {"type": "string"}, "How long the answer may be kept."),
    "Location": ([307], {"type": "string", "format": "uri-reference"}, "The same question, asked of the other one."),
    "Link": ([200], {"type": "string"}, 'The next page, as in `next`: `<…>; rel="next"`. None on the last one.'),
    "X-Request-ID": (list(PROBLEMS), {"type": "string"}, "As `request_id` in the body: name it when you ask about it."),
    "Retry-After": ([429], {"type": "integer"}, "Seconds until the next minute."),
    "RateLimit": (
        LIMITED,
        {"type": "string", "examples": ['"reads";r=599;t=42']},
        "`r` reads are left, for `t` seconds (draft-ietf-httpapi-ratelimit-headers).",
    ),
    "RateLimit-Policy": (
        LIMITED,
        {"type": "string", "examples": ['"reads";q=600;w=60']},
        "`q` reads in `w` seconds for each address; approximate, as every process counts for itself.",
    ),
}
OF_THE_LIMIT = ("Retry-After", "RateLimit", "RateLimit-Policy")
# What stands in a path.
NAMES: dict[str, tuple[dict[str, Any], str]] = {
    "id": ({"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,79}$"}, "Its id, or its slug where it has one."),
    "scheme": ({"type": "string", "enum": list(vocabulary.SCHEMES)}, "The vocabulary."),
    "slug": ({"type": "string", "pattern": "^[a-z0-9_-]{1,59}$"}, "The term's name in its vocabulary."),
    "n": ({"type": "integer", "minimum": 1, "maximum": 999_999_999}, "The version's number; the first is 1."),
    "seq": ({"type": "integer", "minimum": 1, "maximum": 999_999_999}, "The entry's number; the first is 1."),
}
# Of one thing, which has states (RFC 7089).
HEADERS_OF_STATES = {
    "Link": (
        [200],
        {"type": "string"},
        "Its TimeGate and TimeMap; to `Accept-Datetime` also the states around; of a commitment, the page for people.",
    ),
    "Memento-Datetime": ([200], {"type": "string"}, "When the state began that the answer shows; not of the current."),
    "Content-Location": ([200, 304], {"type": "string"}, "To `Accept-Datetime`: the state's own, permanent address."),
    "Vary": ([200, 304, 307], {"type": "string"}, "`Accept-Datetime`, unless the address has `known_at`."),
}
ACCEPT_DATETIME = OpenApiParameter(
    "Accept-Datetime",
    {"type": "string", "examples": ["Thu, 31 May 2007 20:35:00 GMT"]},
    OpenApiParameter.HEADER,
    description="An instant: the answer is the thing as this record had it then; before its first state that one. "
    "Not looked at where the address has `known_at`.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    {"type": "string", "examples": ['"425.2022-06-30.0a1b2c3d4e5f60718293a4b5"']},
    OpenApiParameter.HEADER,
    description="The `ETag` of the answer that you hold, or several with commas; to be told that one of them still "
    "stands counts against no limit.",
)


def tell_conventions(result: dict[str, Any], **of_the_generator: Any) -> dict[str, Any]:
    """What holds for every operation, for who reads nothing but the document."""
    told = [f"## {title}\n\n{text}" for title, text in CONVENTIONS.items()]
    result["info"]["description"] = "\n\n".join([result["info"]["description"], *told])
    return result


@cache
def document() -> dict[str, Any]:
    """A quarter of a second, once in a process: it hangs on the code alone."""
    return SchemaGenerator().get_schema(public=True)


class RecordSchema(AutoSchema):
    def get_operation_id(self) -> str:
        return "_".join(["get", *(re.findall(r"\w+", self.path.removeprefix("/api/v1")) or ["index"])])

    def get_description(self) -> str:
        return ""

    def get_summary(self) -> str:
        return self.view.says

    def get_tags(self) -> list[str]:
        return [self.path.split("/")[3] or "index"]

    def get_override_parameters(self) -> list[OpenApiParameter]:
        asked = [ACCEPT_DATETIME, IF_NONE_MATCH] if self.view.has_states else [IF_NONE_MATCH]
        return [*self.path_parameters(), *self.query_parameters(), *asked, *self.headers()]

    def headers(self) -> list[OpenApiParameter]:
        of_states = HEADERS_OF_STATES if self.view.has_states else {}
        return [
            OpenApiParameter(name, schema, OpenApiParameter.HEADER, response=statuses, description=says)
            for name, (statuses, schema, says) in (HEADERS | of_states).items()
            if not (self.view.is_feed and name in OF_THE_LIMIT)
            and not (name == "Link" and not of_states and "limit" not in self.asked_names)
        ]

    @property
    def names(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def asked_names(self) -> list[str]:
        return [parameter.name for parameter in self.view.parameters]

    def path_parameters(self) -> list[OpenApiParameter]:
        return [
            OpenApiParameter(
                name,
                NAMES[name][0],
                OpenApiParameter.PATH,
                required=True,
                description=NAMES[name][1],
                # Beside the schema, unlike those of a query: a console fills these in, and they are needed.
                examples=[OpenApiExample(name, value) for value in in_path(self.path, name)],
            )
            for name in self.names
        ]

    def query_parameters(self) -> list[OpenApiParameter]:
        return [
            OpenApiParameter(
                parameter.name,
                self.schema_of(parameter),
                description=parameter.says,
                explode=True if parameter.repeats else None,
            )
            for parameter in self.view.parameters
        ]

    def schema_of(self, parameter: Parameter) -> dict[str, Any]:
        values = values_of(self.path, self.view.noun, parameter.name, parameter.schema)
        if parameter.repeats:
            listed = {"type": "array", "items": parameter.schema}
            return listed | ({"examples": [values]} if values else {})
        return parameter.schema | ({"examples": values} if values else {})

    def get_response_serializers(self) -> dict[Any, Any]:
        """The answer, that it is held already, and every problem as problem+json."""
        problem = self.component("Problem")
        answers = {
            (200, self.view.media_type): self.told(200, self.answer(), self.view.says),
            304: OpenApiResponse(description="What you hold is still the answer."),
        }
        if self.leads_on:
            answers[307] = OpenApiResponse(description="It was recorded twice, and is found under another id by then.")
        return answers | {
            (status, MEDIA_TYPE): self.told(status, problem, says)
            for status, says in PROBLEMS.items()
            if not (self.view.is_feed and status == 429) and not (status == 404 and not self.names)
        }

    @property
    def leads_on(self) -> bool:
        """Whether the path names a thing that may be merged, and asks for more than its own history."""
        return "id" in self.names and self.view.names_one_of in MERGEABLE and not self.view.is_history

    def told(self, status: int, schema: dict[str, Any], says: str) -> OpenApiResponse:
        calls = [call for call in calls_of(self.path) if call.status == status]
        examples = [OpenApiExample(call.says, call.answer, summary=f"GET /api/v1/{call.address}") for call in calls]
        return OpenApiResponse(schema, description=says, examples=examples)

    def answer(self) -> dict[str, Any]:
        thing = self.thing()
        return list_of(thing, self.asked_names, is_feed=self.view.is_feed) if self.view.is_list else thing

    def thing(self) -> dict[str, Any]:
        whole = self.component(self.view.component)
        if "fields" not in self.asked_names:
            return whole
        return {"anyOf": [whole, self.component(f"SomeOf{self.view.component}")]}

    def component(self, name: str) -> dict[str, Any]:
        # A copy: the generator rewrites components in place, and these share parts with `documents`.
        known = ResolvedComponent(name, ResolvedComponent.SCHEMA, deepcopy(COMPONENTS[name]), name)
        self.registry.register_on_missing(known)
        return known.ref
