"""From documents to rows: what each published thing looks like when it is read. Pure.

`Facts` holds the published things that a rendering may ask for. An action fills it with what the change
touches, `verify` with everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from commitments import derive
from commitments.documents import in_order, names, resolved

Row = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """One published thing: its current document, and the entries that brought its first and current version.

    `first` orders things as the ledger does; for a thing of the set being written it lies after all others.
    `merged_into` is the id of the thing that it is shown as.
    """

    type: str
    document: Row
    first: int
    recorded_on: str
    retracted: str | None = None
    merged_into: str | None = None

    @property
    def is_current(self) -> bool:
        """Whether anything is derived of it: of what was retracted or merged nothing is."""
        return self.retracted is None and self.merged_into is None

    @property
    def id(self) -> str:
        return str(self.document["id"])


@dataclass
class Facts:
    """Published things by id; `named_by` is who names whom; `rows` are finished rows, given or rendered, and
    `past` those that were finished before what is being written was put in place.

    `merged` leads from a merged thing to the one that it is shown as, `absorbed` back. Documents go on naming
    what they name; whoever reads them here is given the survivor.
    """

    things: dict[str, Known] = field(default_factory=dict)
    named_by: dict[str, set[str]] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    past: dict[str, Row] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    absorbed: dict[str, set[str]] = field(default_factory=dict)

    def add(self, known: Known) -> None:
        """Puts a thing's current version in place of any older one."""
        old = self.things.get(known.id)
        for named in names(old.type, old.document) if old else ():
            self.named_by[named].discard(known.id)
        for named in names(known.type, known.document):
            self.named_by.setdefault(named, set()).add(known.id)
        if survivor := self.merged.pop(known.id, None):
            self.absorbed[survivor].discard(known.id)
        if known.merged_into is not None:
            self.merged[known.id] = known.merged_into
            self.absorbed.setdefault(known.merged_into, set()).add(known.id)
        self.things[known.id] = known
        self.outdate([known.id])

    def outdate(self, ids: Iterable[str]) -> None:
        """Rows to be rendered anew are those of the past."""
        self.past |= {i: self.rows.pop(i) for i in ids if i in self.rows}

    def resolve(self, subject_id: str) -> str:
        return self.merged.get(subject_id, subject_id)

    def shown(self, subject_id: str) -> Known:
        """A thing as it is shown, naming survivors."""
        known = self.things[subject_id]
        document = shown(known.type, known.document, self.merged)
        return known if document is known.document else replace(known, document=document)

    def taken_in(self, subject_id: str) -> list[Known]:
        """What was merged into a thing, in ledger order."""
        return sorted((self.things[i] for i in self.absorbed.get(subject_id, ())), key=lambda known: known.first)

    def naming(self, subject_id: str, subject_type: str, member: str | None = None) -> list[str]:
        """The things of one type that are shown naming an id (in one member, where given), in ledger order."""
        stated = {subject_id, *self.absorbed.get(subject_id, ())}
        found = {
            i
            for named in stated
            for i in self.named_by.get(named, ())
            if self.things[i].type == subject_type and (member is None or self.shown(i).document[member] == subject_id)
        }
        return sorted(found, key=lambda i: self.things[i].first)

    def document(self, subject_id: str) -> Row:
        """What is shown where an id is named."""
        return self.shown(self.resolve(subject_id)).document

    def subject(self, subject_id: str) -> Subject:
        known = self.things[subject_id]
        return Subject.of(known.type, known.document, self.merged)

    def named(self, subject_id: str | None) -> Row | None:
        """{id, name} of an actor or occasion."""
        return None if subject_id is None else {"id": subject_id, "name": self.document(subject_id)["name"]}

    def titled(self, commitment_id: str) -> Row:
        return {"id": commitment_id, "title": self.document(commitment_id)["title"]}

    def office_label(self, office_id: str | None) -> Row | None:
        if office_id is None:
            return None
        office = self.document(office_id)
        return {"id": office_id, "title": office["title"], "body": self.named(office["body"])}

    def publisher(self, source_id: str) -> Row | None:
        return self.document(source_id)["publisher"]  # type: ignore[no-any-return]

    def state_of(self, actor_id: str) -> str | None:
        """The state reached by `part_of`; press and unnamed groups are no side, whatever they belong to."""
        seen: set[str] = set()
        current: str | None = actor_id
        while current is not None and current not in seen:
            seen.add(current)
            actor = self.document(current)
            if actor["kind"] in ("outlet", "unnamed_group"):
                return None
            if actor["kind"] == "state":
                return current
            current = actor["part_of"]
        return None

    def side_of(self, actor_id: str, when: Row) -> str | None:
        """The side an actor counts for; a person's comes from the bodies of the offices held at that time."""
        if self.document(actor_id)["kind"] != "person":
            return self.state_of(actor_id)
        held = [self.document(i) for i in self.naming(actor_id, "office", "person")]
        sides = {self.state_of(office["body"]) for office in held if _overlap(office, when)}
        return sides.pop() if len(sides) == 1 else None

    def claimant_side(self, claim: Row) -> str | None:
        """The side spoken for: of `on_behalf_of`, else of the office's body, else of the claimant."""
        if claim["on_behalf_of"]:
            return self.side_of(claim["on_behalf_of"], claim["said_on"])
        if claim["office"]:
            return self.state_of(self.document(claim["office"])["body"])
        return self.side_of(claim["claimant"], claim["said_on"])

    def row(self, subject_id: str) -> Row:
        if subject_id not in self.rows:
            known = self.shown(subject_id)
            self.rows[subject_id] = in_order(known.type, RENDERERS[known.type](self, known))
        return self.rows[subject_id]

    def claims_on(self, commitment_id: str) -> list[Row]:
        return [self.row(i) for i in self.naming(commitment_id, "claim")]

    def changes_to(self, commitment_id: str) -> list[Row]:
        """Its own: those of what was merged into it count for nothing."""
        return [self.row(i) for i in self.naming(commitment_id, "status_change", "commitment")]


def shown(subject_type: str, document: Row, merged: Mapping[str, str]) -> Row:
    """The document with survivors in place of what was merged. A status change stays with the commitment that it
    was recorded on."""
    if not merged or subject_type == "status_change" or merged.keys().isdisjoint(names(subject_type, document)):
        return document
    return resolved(subject_type, document, lambda i: merged.get(i, i))


class Subject(NamedTuple):
    """A thing as its document states it and as it is shown, naming survivors. `absorbs`: something is merged into
    it or taken out of it again, which changes what is derived of it but not what it is called."""

    type: str
    document: Row
    shown: Row
    absorbs: bool = False

    @classmethod
    def of(cls, subject_type: str, document: Row, merged: Mapping[str, str], *, absorbs: bool = False) -> Subject:
        return cls(subject_type, document, shown(subject_type, document, merged), absorbs)

    @property
    def id(self) -> str:
        return str(self.document["id"])

    @property
    def names(self) -> set[str]:
        stated = names(self.type, self.document)
        return {*stated, *(() if self.shown is self.document else names(self.type, self.shown))}

    @property
    def spreads(self) -> bool:
        """An actor's side comes from offices, also from those that a merge brings."""
        return not self.absorbs or self.type == "actor"


def _overlap(office: Row, when: Row) -> bool:
    return bool(office["from"]["earliest"] <= when["latest"] and when["earliest"] <= office["to"]["latest"])


def _plain(facts: Facts, known: Known, **changed: Any) -> Row:
    retracted = None if known.retracted is None else {"reason": known.retracted}
    return known.document | changed | {"retracted": retracted}


def term_row(facts: Facts, known: Known) -> Row:
    return _plain(facts, known)


def actor_row(facts: Facts, known: Known) -> Row:
    held = facts.naming(known.id, "office", "person")
    offices = [
        facts.office_label(i) | {"from": facts.document(i)["from"], "to": facts.document(i)["to"]}  # type: ignore[operator]
        for i in held
    ]
    return _plain(
        facts,
        known,
        part_of=facts.named(known.document["part_of"]),
        side=facts.named(facts.state_of(known.id)) if known.merged_into is None else None,
        offices=offices,
    )


def office_row(facts: Facts, known: Known) -> Row:
    document = known.document
    return _plain(
        facts,
        known,
        person=facts.named(document["person"]),
        body=facts.named(document["body"]),
        side=facts.named(facts.state_of(document["body"])),
    )


def occasion_row(facts: Facts, known: Known) -> Row:
    participants = [
        {
            "actor": facts.named(facts.document(taking["office"])["person"] if taking["office"] else taking["actor"]),
            "office": facts.office_label(taking["office"]),
            "capacity": taking["capacity"],
            "passages": taking["passages"],
        }
        for taking in known.document["participants"]
    ]
    return _plain(facts, known, participants=participants)


def source_row(facts: Facts, known: Known) -> Row:
    """With the captures of what was merged into it: passages stand in them."""
    captures = [capture for part in (known, *facts.taken_in(known.id)) for capture in part.document["captures"]]
    publisher = known.document["publisher"]
    if publisher:
        named = facts.named(publisher["actor"]) or {}
        publisher = named | {"basis": publisher["basis"], "note": publisher["note"]}
    return _plain(facts, known, publisher=publisher, captures=captures)


def passage_row(facts: Facts, known: Known) -> Row:
    document = known.document
    return _plain(
        facts,
        known,
        source={"id": document["source"], "title": facts.document(document["source"])["title"]},
        hops=[hop | {"actor": facts.named(hop["actor"])} for hop in document["hops"]],
    )


def claim_row(facts: Facts, known: Known) -> Row:
    document = known.document
    passages = [facts.row(i) for i in document["passages"]]
    sources = [facts.document(passage["source"]["id"]) for passage in passages]
    side = facts.claimant_side(document)
    bearings = [
        bearing
        | {
            "commitment": facts.titled(bearing["commitment"]),
            "actor": facts.named(bearing["actor"]),
            "side": facts.named(facts.side_of(bearing["actor"], document["said_on"])) if bearing["actor"] else None,
        }
        for bearing in document["bearings"]
    ]
    return _plain(
        facts,
        known,
        claimant=facts.named(document["claimant"]),
        office=facts.office_label(document["office"]),
        on_behalf_of=facts.named(document["on_behalf_of"]),
        occasion=facts.named(document["occasion"]),
        passages=passages,
        bearings=bearings,
        side=facts.named(side),
        directness=derive.directness(
            passages, bearings, [_published_by_side(facts, source, side) for source in sources]
        ),
        counts_from=derive.claim_counts_from(
            document["said_on"], [source["published"] for source in sources], known.recorded_on
        ),
    )


def _published_by_side(facts: Facts, source: Row, side: str | None) -> bool:
    publisher = source["publisher"]
    return bool(publisher and side and facts.state_of(publisher["actor"]) == side)


def status_change_row(facts: Facts, known: Known) -> Row:
    document = known.document
    counts_from = None
    if document["effective"]:
        cited = [facts.row(i) for i in document["claims"]]
        counts_from = derive.change_counts_from(document["effective"], cited, known.recorded_on)
    return _plain(
        facts,
        known,
        commitment=facts.titled(document["commitment"]),
        counts_from=counts_from,
        corrected_by=next(iter(facts.naming(known.id, "status_change", "corrects")), None),
    )


def _once(parts: Iterable[Row], *members: str) -> list[Row]:
    """The first of those that are alike in these members: two names of one document may have one survivor."""
    kept: dict[tuple[str, ...], Row] = {}
    for part in parts:
        kept.setdefault(tuple(part[member] for member in members), part)
    return list(kept.values())


def commitment_row(facts: Facts, known: Known) -> Row:
    """The whole row but `flags.overdue`, which hangs on the day of reading and is added then."""
    document = known.document
    parties = _once(document["parties"], "role", "actor")
    lineage = _once(document["lineage"], "type", "commitment")
    labelled = _plain(
        facts,
        known,
        parties=[party | {"actor": facts.named(party["actor"])} for party in parties],
        occasion=facts.named(document["occasion"]),
        lineage=[link | {"commitment": facts.titled(link["commitment"])} for link in lineage],
    )
    if not known.is_current:
        return labelled | derive.derive(known.id, [], [])
    return labelled | derive.derive(known.id, facts.claims_on(known.id), facts.changes_to(known.id))


RENDERERS = {
    "term": term_row,
    "actor": actor_row,
    "office": office_row,
    "occasion": occasion_row,
    "source": source_row,
    "passage": passage_row,
    "claim": claim_row,
    "status_change": status_change_row,
    "commitment": commitment_row,
}
