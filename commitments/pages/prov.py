"""The way of a claim to this record, in PROV-O: it was said, relayed, published, captured and recorded.

Each step is an activity with who did it; each has a result that the next one used. A date stands as EDTF text, for
most are uncertain; only recording has an instant.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from commitments import vocabulary as words
from commitments.pages import sentences as say
from commitments.pages.citing import Cited, site_name

Row = dict[str, Any]
LINKS = (
    "used",
    "wasGeneratedBy",
    "wasDerivedFrom",
    "wasQuotedFrom",
    "wasAttributedTo",
    "wasAssociatedWith",
    "actedOnBehalfOf",
)
CONTEXT = {
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "comment": "http://www.w3.org/2000/01/rdf-schema#comment",
    "sha256": "https://schema.org/sha256",
    "date": {"@id": "http://purl.org/dc/terms/date", "@type": "http://id.loc.gov/datatypes/edtf/EDTF"},
    "prov:endedAtTime": {"@type": "xsd:dateTime"},
    **{f"prov:{link}": {"@type": "@id"} for link in LINKS},
}


class Graph:
    """Nodes by their id. What is said twice of one thing stands once, with all that it leads to. Ids that begin with
    `base` are written with the prefix `rec`, for there are many of them."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.nodes: dict[str, Row] = {}

    def add(self, kind: str, iri: str, **told: Any) -> str:
        node = self.nodes.setdefault(iri, {"@id": self.short(iri), "@type": f"prov:{kind}"})
        for name, value in told.items():
            if name not in LINKS:
                node |= {} if value is None else {name: value}
            elif value:
                held = node.setdefault(f"prov:{name}", [])
                held += [one for one in map(self.short, value) if one not in held]
        return iri

    def short(self, iri: str) -> str:
        return f"rec:{iri.removeprefix(self.base)}" if iri.startswith(self.base) else iri


def chain(cited: Cited, claims: list[Row]) -> Row:
    base = f"{cited.root}/api/v1/"
    graph = Graph(base)
    for claim in claims:
        _tell(graph, cited, claim)
    return {"@context": CONTEXT | {"rec": base}, "@graph": list(graph.nodes.values())}


def _tell(graph: Graph, cited: Cited, claim: Row) -> None:
    iri = cited.iri("claims", claim["id"])
    said = _said(graph, cited, claim, iri)
    passages = [_passage(graph, cited, passage, said) for passage in claim["passages"]]
    by = [_claimant(graph, cited, claim)]
    recording = [_recorded(graph, cited, entry, passages) for entry in claim["entries"][:1]]
    links = {"wasDerivedFrom": passages, "wasAttributedTo": by, "wasGeneratedBy": recording}
    graph.add("Entity", iri, label=claim["statement"], **links)


def _recorded(graph: Graph, cited: Cited, entry: Row, passages: list[str]) -> str:
    """By a curator, known by pseudonym, for this record."""
    record = graph.add("Organization", f"{cited.root}/", label=site_name())
    curator = graph.add("Agent", f"{record}#{entry['by']}", label=entry["by"], actedOnBehalfOf=[record])
    return graph.add(
        "Activity",
        f"{cited.root}/api/v1/changes/{entry['seq']}/",
        label=gettext("Recorded"),
        used=passages,
        wasAssociatedWith=[curator],
        **{"prov:endedAtTime": entry["recorded_at"]},
    )


def _agent(graph: Graph, cited: Cited, named: Row, kind: str = "Agent") -> str:
    return graph.add(kind, cited.iri("actors", named["id"]), label=named["name"])


def _claimant(graph: Graph, cited: Cited, claim: Row) -> str:
    """Who speaks, for their office's body and for whoever else they speak for."""
    office, other = claim["office"], claim["on_behalf_of"]
    behind = [named for named in (office and office["body"], other) if named]
    iri = _agent(graph, cited, claim["claimant"], "Person" if office else "Agent")
    return graph.add("Agent", iri, actedOnBehalfOf=[_agent(graph, cited, named) for named in behind])


def _said(graph: Graph, cited: Cited, claim: Row, iri: str) -> str:
    """What was said, before anybody passed it on."""
    speaker = _claimant(graph, cited, claim)
    speaking = graph.add(
        "Activity",
        f"{iri}#speaking",
        label=say.label(words.SPEECH_ACTS, claim["speech_act"]),
        wasAssociatedWith=[speaker],
        date=claim["said_on"]["edtf"],
    )
    return graph.add("Entity", f"{iri}#said", wasGeneratedBy=[speaking], wasAttributedTo=[speaker])


def _passage(graph: Graph, cited: Cited, passage: Row, said: str) -> str:
    iri = cited.iri("passages", passage["id"])
    for number, hop in enumerate(passage["hops"], 1):
        said = _relayed(graph, cited, hop, said, f"{iri}#relay-{number}")
    capture = _captured(graph, cited, passage, _published(graph, cited, passage["source"], said))
    told = {"label": say.position_in_text(passage), "sha256": passage["exact_sha256"], "prov:value": passage["exact"]}
    return graph.add("Entity", iri, wasQuotedFrom=[capture], **told)


def _relayed(graph: Graph, cited: Cited, hop: Row, before: str, iri: str) -> str:
    """Who relays may be unnamed: "various local media"."""
    named = hop["actor"]
    relayer = _agent(graph, cited, named) if named else graph.add("Agent", f"{iri}-by", label=hop["described_as"])
    relaying = graph.add(
        "Activity",
        f"{iri}-act",
        label=say.label(words.SPEECH_ACTS, hop["act"]),
        used=[before],
        wasAssociatedWith=[relayer],
    )
    return graph.add("Entity", iri, wasGeneratedBy=[relaying], wasDerivedFrom=[before], wasAttributedTo=[relayer])


def _published(graph: Graph, cited: Cited, source: Row, before: str) -> str:
    iri, publisher = cited.iri("sources", source["id"]), source["publisher"]
    by = [_agent(graph, cited, publisher)] if publisher else []
    publishing = graph.add(
        "Activity",
        f"{iri}#publishing",
        label=gettext("Published"),
        used=[before],
        wasAssociatedWith=by,
        date=source["published"]["edtf"],
    )
    links = {"wasGeneratedBy": [publishing], "wasDerivedFrom": [before], "wasAttributedTo": by}
    return graph.add("Entity", iri, label=source["title"], **links)


def _captured(graph: Graph, cited: Cited, passage: Row, source: str) -> str:
    capture = passage["capture"]
    iri = f"{source}#{capture['id']}"
    capturing = graph.add(
        "Activity",
        f"{iri}-capturing",
        label=gettext("Captured"),
        comment=capture["how"],
        used=[source],
        date=capture["captured"]["edtf"],
    )
    links = {"wasGeneratedBy": [capturing], "wasDerivedFrom": [source]}
    return graph.add("Entity", iri, sha256=capture["sha256"], **links)
