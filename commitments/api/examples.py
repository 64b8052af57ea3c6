"""Calls that show what each operation is for, and what the real record answers to them.

`examples.json` holds the answers as `manage.py take_examples` took them; a test asks each call again. It reads
past what every installation answers in its own way: `VARIES`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import orjson
from django.http import HttpResponse
from django.urls import ResolverMatch, resolve

API = "/api/v1/"
ANSWERS_FILE = Path(__file__).with_name("examples.json")
CONVERTED = re.compile(r"<\w+:(\w+)>")
# Members that hang on when and where the record was loaded.
VARIES = {
    "body_digest",
    "core",
    "core_base64",
    "entries",
    "leaf",
    "links",
    "next",
    "record",
    "recorded_at",
    "request_id",
    "salt",
}


@dataclass(frozen=True)
class Call:
    """What is asked below `/api/v1/`; `shows`: the members of the answer that are shown, all of them unless given."""

    address: str
    says: str
    status: int = 200
    shows: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """As the document writes it."""
        return "/" + CONVERTED.sub(r"{\1}", self.match.route)

    @property
    def asked(self) -> dict[str, str]:
        return dict(parse_qsl(self.address.partition("?")[2]))

    @property
    def match(self) -> ResolverMatch:
        return resolve(API + self.address.partition("?")[0])

    def shown(self, answer: Any) -> Any:
        return {member: answer[member] for member in self.shows} if self.shows else answer

    @property
    def answer(self) -> Any:
        """None until it was taken."""
        return taken().get(self.address)


CALLS = (
    Call("", "Where everything is"),
    Call("commitments/?open=true&party=united-states&fields=title,status&limit=1", "Open, with the United States"),
    Call("commitments/?status=declined&made_on[gte]=2019&fields=title,status_since&limit=1", "Declined, since 2019"),
    Call("commitments/?status=decline", "A misspelt value is refused with the nearest right one", 400),
    Call("commitments/?q=extradition+-barr&fields=title&limit=1", "A search, with where it was found"),
    Call("commitments/?as_of=2020-06-30&fields=title,status&limit=1&facets=status", "As of a day, with facets"),
    Call("commitments/?fields=title&limit=1&count=true", "How many there are in all"),
    Call("commitments/equipment-donation/?fields=status,open,status_since,flags", "What became of the equipment"),
    Call("commitments/nothing/", "There is no such commitment", 404),
    Call("commitments/equipment-donation/claims/?fields=statement,said_on&limit=1", "What was said of it"),
    Call("commitments/equipment-donation/status-changes/?fields=status,effective&limit=1", "What it became, and when"),
    Call("commitments/drug-use-cooperation/provenance/", "From the status down to the words"),
    Call("commitments/extradition-offer/provenance/?limit=1", "A long story leads on in parts"),
    Call("claims/?claimant=christopher-landau&fields=statement,speech_act&limit=1", "What the ambassador said"),
    Call("claims/clm_01m80n3ac0ezqtxqm458e2tq5v/?fields=statement,said_on,directness", "One claim"),
    Call("claims/clm_01m80n3ac0ezqtxqm458e2tq5v/?fields=id&include=status_changes", "What rests on one claim"),
    Call("claims/clm_01m80n3ac6e05ajbx1vmye8j74/provenance/", "From the claim down to the words"),
    Call("passages/?fields=exact,voice,locator&limit=1", "Words and where they stand"),
    Call("passages/psg_01m80n3abze7j93g2xh1er2dka/?fields=exact,start,end", "One passage"),
    Call("sources/?fields=title,kind&limit=1", "What was read"),
    Call("sources/landau-equipment-2021/?fields=title,publisher,published", "One source"),
    Call("actors/?fields=slug,name,kind&limit=1", "Who takes part"),
    Call("actors/mexico/?fields=name,names,kind", "One actor"),
    Call("offices/?fields=title,body&limit=1", "Who held which office"),
    Call("offices/landau-ambassador/?fields=person,title,body", "One office"),
    Call("occasions/?fields=name,kind,date&limit=1", "Where it was said and made"),
    Call("occasions/landau-conference/?fields=name,kind,date", "One occasion"),
    Call("status-changes/?fields=status,effective&limit=1", "What became of what"),
    Call("status-changes/sch_01m80n3ac2e9d9zrca8nv6ja8g/?fields=commitment,status,effective", "One status change"),
    Call("vocabularies/?fields=id,labels&limit=1", "Kinds, topics and places"),
    Call("vocabularies/kind/?fields=id,labels&limit=1", "The kinds"),
    Call("vocabularies/kind/extradition/?fields=id,labels", "One kind"),
    Call("changes/?after=0&limit=1", "The ledger from its beginning"),
    Call("changes/1/", "The first entry"),
    Call("rubric/", "What the words mean", shows=("groups", "rules")),
    Call("openapi.json", "This document", shows=("openapi",)),
    *(
        call
        for thing in (
            "commitments/equipment-donation",
            "claims/clm_01m80n3ac0ezqtxqm458e2tq5v",
            "passages/psg_01m80n3abze7j93g2xh1er2dka",
            "sources/landau-equipment-2021",
            "actors/mexico",
            "offices/landau-ambassador",
            "occasions/landau-conference",
            "status-changes/sch_01m80n3ac2e9d9zrca8nv6ja8g",
            "vocabularies/kind/extradition",
        )
        for call in (
            Call(f"{thing}/timemap/", "Its states, as links"),
            Call(f"{thing}/versions/", "Its versions, and what proves each"),
            Call(f"{thing}/versions/1/", "The body that was first published"),
        )
    ),
)
# Of each parameter, whatever its operator, where the calls of its operation give none.
VALUES: dict[str, tuple[str | int, ...]] = {
    "actor": ("mexico",),
    "after": (100,),
    "as_of": ("2022-06-30",),
    "claimant": ("christopher-landau",),
    "commitment": ("equipment-donation",),
    "directness": (1,),
    "kind": ("extradition", "kind/mirror-operations"),
    "known_at": ("425",),
    "limit": (10,),
    "lineage_of": ("binational-group",),
    "occasion": ("landau-conference",),
    "party": ("mexico", "united-states"),
    "place": ("us-mexico-border",),
    "promisee": ("mexico",),
    "promisor": ("united-states",),
    "publisher": ("government-of-mexico",),
    "source": ("landau-equipment-2021",),
    "topic": ("arms-trafficking", "topic/fentanyl"),
}
OF_ONE = {"commitment": "equipment-donation", "claim": "clm_01m80n3ac0ezqtxqm458e2tq5v"}
# Signed with the installation's own key, so that none can be shown.
WITHOUT_EXAMPLE = ("cursor",)


def told_by(answer: HttpResponse) -> Any:
    """The body: JSON, or the text of another media type."""
    return orjson.loads(answer.content) if "json" in answer.headers["Content-Type"] else answer.content.decode()


@cache
def taken() -> dict[str, Any]:
    """Every answer by its address."""
    return orjson.loads(ANSWERS_FILE.read_bytes())


@cache
def calls_of(path: str) -> list[Call]:
    """The calls that show one operation, by its path in the document."""
    return [call for call in CALLS if call.path == path]


def in_path(path: str, name: str) -> list[str | int]:
    """What the first call of an operation has in the place of `{name}`; a test tells of one without calls."""
    values = [str(call.match.kwargs[name]) for call in calls_of(path)[:1]]
    return [int(value) if value.isdigit() else value for value in values]


def values_of(path: str, noun: str, name: str, schema: dict[str, Any]) -> list[Any]:
    """Examples of one query parameter, each of which is accepted; a test tells of one that has none."""
    bare = name.partition("[")[0]
    if bare in WITHOUT_EXAMPLE:
        return []
    if schema.get("type") == "boolean":
        return [True]
    if bare == "id":
        return [OF_ONE[noun]]
    if bare == "fields":
        return [call.asked[bare] for call in calls_of(path) if bare in call.asked][:1]
    return list(VALUES.get(bare, ())) or schema.get("examples") or schema.get("enum", [])[:2]
