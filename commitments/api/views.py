"""Anyone may read, without a key. Each view declares its parameters, its answer and one sentence: from these
come the checks, the OpenAPI document and the tests."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cached_property, partial
from http import HTTPStatus
from typing import Any

import orjson
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from commitments import provenance, vocabulary
from commitments.api.conditional import MAY_CHANGE, Conditional, cache_control
from commitments.api.edge import PREFLIGHT
from commitments.api.included import INCLUDED
from commitments.api.limits import Limited
from commitments.api.memento import HEADER, LINK_FORMAT, TimeGate, time_map
from commitments.api.pagination import Page, url_with
from commitments.api.parameters import (
    AFTER,
    AS_OF,
    COUNT,
    CURSOR,
    FACETS,
    FIELDS,
    INCLUDES,
    KNOWN_AT,
    LIMIT,
    SORTS,
    TOLD,
    Parameter,
    check_word,
    read_flag,
    read_names,
    read_whole_number,
)
from commitments.api.rendering import LinkFormatRenderer
from commitments.api.schema import RecordSchema, document
from commitments.api.shapes import NOUN_NAMES, THINGS
from commitments.clocks import Clock, Merged, Row, resolve, sought, stamp
from commitments.documents import SUBJECT_TYPES
from commitments.filters import FILTERS, ChangeFilters, StrictFilterSet, check_names
from commitments.models.ledger import Entry
from commitments.models.record import Version
from commitments.reading import alone, find, finished, with_member
from commitments.search import Query
from commitments.selection import FACETS as COUNTED
from commitments.selection import Listed, Selection
from commitments.standings import excerpted

# Where each noun is found under /api/v1/.
PATHS = {noun: f"{noun.replace('_', '-')}s" for noun in SUBJECT_TYPES} | {"term": "vocabularies"}
# Only these two are read as of a day of the world.
IN_WORLD_TIME = ("commitment", "claim")
# What a search adds to each result, whatever fields are asked for.
ON_SEARCH = {"excerpt"}
Tally = Callable[[Selection], dict[str, Any]]
PROVENANCE = {"commitment": provenance.of_commitment, "claim": provenance.of_claim}


class ReadView(Conditional, Limited, APIView):
    """Refuses every undeclared parameter; answers GET, HEAD and OPTIONS."""

    schema = RecordSchema()
    http_method_names = ["get", "head", "options"]
    noun = ""
    says = ""
    component = ""
    is_list = False
    is_feed = False
    has_states = False
    # Of one thing: its own also where it was merged.
    is_history = False
    clock: Clock | None = None

    @property
    def parameters(self) -> list[Parameter]:
        return []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        declared = self.parameters
        single = [parameter.name for parameter in declared if not parameter.repeats]
        check_names(request.query_params, [parameter.name for parameter in declared], single)
        super().initial(request, *args, **kwargs)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(status=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)

    def finalize_response(self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", cache_control(self.clock))
        return response

    def resolve_clock(self) -> Clock:
        sent = self.request.query_params
        self.clock = resolve(sent.get("known_at"), sent.get("as_of"), timezone.now())
        return self.clock

    @property
    def named(self) -> str:
        """What the path names."""
        return self.kwargs.get("id") or "{scheme}/{slug}".format(**self.kwargs)

    def get_standing(self) -> Listed:
        """Raises `Merged`, but where the history is asked for, which stays its own."""
        standing = find(self.noun, self.named, self.resolve_clock())
        if standing is None:
            raise self.absent()
        if standing.merged_into and not self.is_history:
            raise Merged(standing.merged_into)
        return standing

    @property
    def names_one_of(self) -> str:
        """The noun of what the path names."""
        return self.noun

    def handle_exception(self, exc: Exception) -> Response:
        return self.led_to(exc.into) if isinstance(exc, Merged) else super().handle_exception(exc)

    def led_to(self, survivor: str) -> Response:
        """307: what was asked stays asked, of the survivor. The merge may be undone."""
        words, own = PATHS[self.names_one_of], self.kwargs["id"]
        meant = self.request.get_full_path().replace(f"/{words}/{own}/", f"/{words}/{survivor}/", 1)
        told = {"Location": meant, "Cache-Control": MAY_CHANGE} | ({"Vary": HEADER} if self.has_states else {})
        return Response(status=HTTPStatus.TEMPORARY_REDIRECT, headers=told)

    def absent(self) -> NotFound:
        return NotFound(f"The record of entry {self.clock.seq} holds no such {self.noun}.".replace("_", " "))

    def asked_members(self) -> list[str] | None:
        return read_names(self.request.query_params, FIELDS, THINGS[self.noun]["properties"])

    @cached_property
    def root(self) -> str:
        return self.request.build_absolute_uri("/")[:-1]

    def links(self, noun: str, subject_id: str, slug: str) -> dict[str, str]:
        own = f"{self.root}/api/v1/{PATHS[noun]}/{subject_id}/"
        links = {"self": own, "versions": f"{own}versions/"}
        if noun in PROVENANCE:
            links["provenance"] = f"{own}provenance/"
        if noun == "commitment":
            links["page"] = f"{self.root}/commitments/{subject_id}/{slug}/"
        return links

    def row(
        self, listed: Listed, asked: list[str] | None = None, query: Query | None = None
    ) -> orjson.Fragment | dict[str, Any]:
        links = self.links(listed.subject_type, listed.subject_id, listed.slug)
        text = with_member(finished(listed), "links", links)
        if query:
            text = with_member(text, "excerpt", excerpted(orjson.loads(listed.row), listed.told or [], query))
        if asked is None:
            return orjson.Fragment(text)
        whole = orjson.loads(text)
        return {member: whole[member] for member in (*asked, *(ON_SEARCH & whole.keys()))}

    def asked_inclusion(self) -> list[str]:
        if self.noun not in INCLUDES:
            return []
        return read_names(self.request.query_params, INCLUDES[self.noun], INCLUDED[self.noun].names) or []

    def included(self, names: list[str], things: list[Row]) -> dict[str, Any]:
        found = INCLUDED[self.noun](things, self.clock) if names else None
        rows = {name: {one.subject_id: self.row(one) for one in found.named(name)} for name in names}
        return {"included": rows} if names else {}


class ThingView(TimeGate, ReadView):
    says = "One thing by its id or slug; its state at an instant, by `known_at` or `Accept-Datetime`."
    hangs_on_one_standing = True
    has_states = True

    @property
    def component(self) -> str:
        return f"One{NOUN_NAMES[self.noun]}" if self.noun in INCLUDES else NOUN_NAMES[self.noun]

    @property
    def parameters(self) -> list[Parameter]:
        include = [INCLUDES[self.noun]] if self.noun in INCLUDES else []
        return [FIELDS, *include, KNOWN_AT, *([AS_OF] if self.noun in IN_WORLD_TIME else [])]

    def get(self, request: Request, **named: str) -> Response:
        asked, names = self.asked_members(), self.asked_inclusion()
        standing = self.get_standing()
        self.opened_by = standing.seq if self.is_of_one_standing(request) else None
        links = self.links(self.noun, standing.subject_id, standing.slug)
        whole = alone(standing, self.clock) | {"links": links}
        told = {member: whole[member] for member in asked or whole} | self.included(names, [whole])
        return Response(told, headers=self.headers_of_states(links["self"], standing, links.get("page")))


class TimeMapView(ReadView):
    says = "Every state of one thing, as links with instants (RFC 7089)."
    component = "TimeMap"
    is_history = True
    media_type = LINK_FORMAT
    renderer_classes = [LinkFormatRenderer]

    @property
    def parameters(self) -> list[Parameter]:
        return [AFTER, KNOWN_AT]

    def get(self, request: Request, **named: str) -> Response:
        after = read_whole_number(request.query_params, AFTER)
        standing = self.get_standing()
        own = self.links(self.noun, standing.subject_id, standing.slug)["self"]
        return Response(time_map(own, standing, after, self.clock))


class ListView(ReadView):
    says = "A list, in pages."
    is_list = True

    @property
    def component(self) -> str:
        return NOUN_NAMES[self.noun]

    @property
    def is_in_world_time(self) -> bool:
        return self.noun in IN_WORLD_TIME

    @property
    def filters(self) -> type[StrictFilterSet] | None:
        return FILTERS.get(self.noun)

    @property
    def parameters(self) -> list[Parameter]:
        return [
            FIELDS,
            COUNT,
            *([FACETS[self.noun]] if self.noun in FACETS else []),
            *([INCLUDES[self.noun]] if self.noun in INCLUDES else []),
            *([SORTS[self.noun]] if self.noun in SORTS else []),
            KNOWN_AT,
            *([AS_OF] if self.is_in_world_time else []),
            LIMIT,
            CURSOR,
            *(Parameter.of_filters(self.filters) if self.filters else []),
        ]

    def get(self, request: Request, **kwargs: str) -> Response:
        if self.noun in SORTS:
            check_word(request.query_params, SORTS[self.noun])
        asked, tallies, names = self.asked_members(), self.asked_tallies(), self.asked_inclusion()
        page = Page.asked_for(request)
        rows = self.selected(page, **kwargs)
        found, following = page.of(rows)
        answer = {"results": [self.row(listed, asked, rows.query) for listed in found], "next": following}
        answer |= {name: tally(rows) for name, tally in tallies.items()}
        answer |= self.included(names, [orjson.loads(listed.row) for listed in found] if names else [])
        return Response(answer | {"record": rows.clock.stated}, headers=link_to(following))

    def asked_tallies(self) -> dict[str, Tally]:
        """What was asked about all matches, by the member that answers it."""
        sent = self.request.query_params
        facets = read_names(sent, FACETS[self.noun], COUNTED[self.noun]) if self.noun in FACETS else None
        tallies: dict[str, Tally] = {"count": Selection.counted} if read_flag(sent, COUNT) or facets else {}
        return tallies | ({"facets": partial(Selection.faceted, facets=facets)} if facets else {})

    def selected(self, page: Page) -> Selection:
        """The rows that the list is of; the clock and all that filters name in one query."""
        filters = self.filters(self.request.query_params) if self.filters else None
        self.clock, known = page.sought.at(filters.names if filters else ())
        rows = Selection.as_of_day(self.noun, self.clock)
        return filters.among(rows, known) if filters else rows


class TermListView(ListView):
    says = "The terms of one scheme."
    noun = "term"

    def selected(self, page: Page, scheme: str) -> Selection:  # type: ignore[override]
        if scheme not in vocabulary.SCHEMES:
            raise Http404
        return super().selected(page).beginning("subject_id", f"{scheme}/")


class OfCommitmentView(ListView):
    """The claims or status changes that name one commitment; as of a day, those that count by then."""

    says = "What is recorded of one commitment."
    filters = None
    is_in_world_time = True
    names_one_of = "commitment"

    def selected(self, page: Page, id: str) -> Selection:  # type: ignore[override]
        name = ("commitment", id)
        self.clock, known = page.sought.at([name])
        if name not in known:
            raise self.absent()
        if known[name].into:
            raise Merged(known[name].into)
        return Selection.as_of_day(self.noun, self.clock).holding_any("names", [known[name].id])


class PagedView(ReadView):
    """What is told of one thing, in pages of one crawl."""

    most = LIMIT

    @cached_property
    def page(self) -> Page:
        return Page.asked_for(self.request, self.most)

    def resolve_clock(self) -> Clock:
        self.clock, _ = self.page.sought.at(())
        return self.clock


class ProvenanceView(PagedView):
    most = TOLD
    says = "The whole story of one thing, from each status to the words it rests on."

    @property
    def component(self) -> str:
        return f"{NOUN_NAMES[self.noun]}Provenance"

    @property
    def parameters(self) -> list[Parameter]:
        return [KNOWN_AT, AS_OF, TOLD, CURSOR]

    def get(self, request: Request, **named: str) -> Response:
        standing = self.get_standing()
        story = PROVENANCE[self.noun](standing, self.clock, self.page.limit, self.page.key)
        following = story["next"] and self.page.next_url(self.clock, story["next"])
        return Response(story | {"next": following}, headers=link_to(following))


class VersionsView(PagedView):
    says = "Every version of one thing, with what proves it."
    component = "Version"
    is_list = True
    is_history = True

    @property
    def parameters(self) -> list[Parameter]:
        return [KNOWN_AT, LIMIT, CURSOR]

    def get(self, request: Request, **named: str) -> Response:
        subject_id, [after] = self.get_standing().subject_id, self.page.key or [0]
        versions = Version.objects.filter(subject_id=subject_id, n__gt=after, entry__lte=self.clock.seq)
        found = list(versions.order_by("n").select_related("entry")[: self.page.limit + 1])
        shown = found[: self.page.limit]
        following = self.page.next_url(self.clock, [shown[-1].n]) if len(found) > len(shown) else None
        results = [self.shown(version) for version in shown]
        answer = {"results": results, "next": following, "record": self.clock.stated}
        return Response(answer, headers=link_to(following))

    def shown(self, version: Version) -> dict[str, Any]:
        closed = version.until_seq is not None and version.until_seq <= self.clock.seq
        return {
            "n": version.n,
            "seq": version.entry_id,
            "until_seq": version.until_seq if closed else None,
            "type": version.type,
            "salt": bytes(version.salt).hex(),
            "body_digest": core_of(version.entry)["body_digest"],
            "leaf": bytes(version.entry.leaf).hex(),
        }


class VersionView(ReadView):
    says = "The exact bytes of one version's body, and nothing else."
    component = "VersionBody"
    is_history = True

    @property
    def parameters(self) -> list[Parameter]:
        return [KNOWN_AT]

    def get(self, request: Request, n: str, **named: str) -> HttpResponse:
        subject_id = self.get_standing().subject_id
        versions = Version.objects.filter(subject_id=subject_id, n=whole(n), entry__lte=self.clock.seq)
        body = versions.values_list("body", flat=True).first()
        if body is None:
            raise Http404
        return HttpResponse(bytes(body), content_type="application/json")


class ChangesView(ReadView):
    says = "The ledger as a feed: gapless, oldest first, for ever."
    component = "Change"
    is_list = True
    is_feed = True

    @property
    def parameters(self) -> list[Parameter]:
        return [AFTER, LIMIT, KNOWN_AT, *Parameter.of_filters(ChangeFilters)]

    def get(self, request: Request) -> Response:
        sent = request.query_params
        filters = ChangeFilters(sent)
        self.clock, known = sought(sent.get("known_at"), None, timezone.now()).at(filters.names)
        after, limit = read_whole_number(sent, AFTER), read_whole_number(sent, LIMIT)
        entries = Entry.objects.up_to(self.clock.seq).after(after).select_related("published")
        found = list(filters.among(entries, known)[: limit + 1])
        shown = found[:limit]
        has_more = len(found) > limit
        up_to = shown[-1].seq if has_more else self.clock.seq
        following = url_with(request, after=up_to) if has_more else None
        answer = {"results": [change_of(entry) for entry in shown], "next": following, "up_to": up_to}
        return Response(answer | {"record": self.clock.stated}, headers=link_to(following))


class ChangeView(ReadView):
    says = "One entry of the ledger: its core, the exact bytes of it, and its leaf."
    component = "LedgerEntry"

    def get(self, request: Request, seq: str) -> Response:
        entry = Entry.objects.filter(seq=whole(seq)).select_related("published").first()
        if entry is None:
            raise Http404
        core = bytes(entry.core)
        return Response(change_of(entry) | {"core": orjson.loads(core), "core_base64": base64.b64encode(core).decode()})


class RubricView(ReadView):
    says = "Every fixed word of the record, what it means, and the rules between statuses."
    component = "Rubric"

    def get(self, request: Request) -> Response:
        return Response(vocabulary.rubric())


class OpenAPIView(ReadView):
    says = "This document."
    component = "OpenAPI"

    def get(self, request: Request) -> Response:
        return Response(document())


def whole(digits: str) -> int:
    """A number in a path; one that no column can hold is the address of nothing."""
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Http404
    return int(digits)


def link_to(following: str | None) -> dict[str, str]:
    return {"Link": f'<{following}>; rel="next"'} if following else {}


def core_of(entry: Entry) -> dict[str, Any]:
    return orjson.loads(bytes(entry.core))


def change_of(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "set_last": entry.set_last,
        "type": entry.type,
        "subject": {"type": entry.subject_type, "id": entry.subject_id},
        "version": entry.version,
        "nature": entry.nature,
        "reason": orjson.loads(bytes(entry.published.body))["reason"],
        "body_digest": core_of(entry)["body_digest"],
        "leaf": bytes(entry.leaf).hex(),
        "recorded_at": stamp(entry.recorded_at),
        "by": entry.by,
        "commitments": entry.commitments,
        "actors": entry.actors,
    }
