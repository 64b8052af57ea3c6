"""From documents to finished rows: what each published thing looks like in a list. Pure.

`Facts` holds the published things that a rendering may ask for. An action fills it with what the change
touches, `verify` with everything; both call `render`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any, NamedTuple
from unicodedata import combining, normalize

import orjson

from commitments import derive, search
from commitments.documents import in_order, names, resolved

Row = dict[str, Any]
LONGEST_TITLE_KEY = 100
# The members of a commitment's row that hang on a day of the world; `counts` stay as recorded.
DERIVED = ("status", "open", "status_since", "status_claims", "positions", "flags", "silent_since")
# What of a row moves them, but for the bearings of a claim.
MOVING = {
    "claim": ("retracted", "counts_from", "said_on", "side"),
    "status_change": ("status", "corrected_by", "counts_from", "effective", "claims"),
}
# Characters of what claims say that make a commitment found: a hub with thousands stays small, and its later
# claims are found as claims.
MOST_SAID = 20_000


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


# Which rows show something of which other things' documents, where they name them.
SHOWS = {
    "actor": {"actor"},
    "office": {"actor"},
    "source": {"actor"},
    "passage": {"actor", "source"},
    "occasion": {"actor", "office"},
    "claim": {"actor", "office", "occasion", "passage", "commitment"},
    "status_change": {"commitment", "claim"},
    "commitment": {"actor", "occasion", "commitment", "term"},
    "term": set(),
}
# Members of a document that name something derived from it.
FEEDS = {"office": ("person",), "status_change": ("commitment", "corrects")}


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


Naming = Callable[[Iterable[str]], Iterable[Subject]]


def fed_by(subject_type: str, document: Row) -> list[str]:
    if subject_type == "claim":
        return [bearing["commitment"] for bearing in document["bearings"]]
    return [document[member] for member in FEEDS.get(subject_type, ()) if document[member]]


def affected(changes: Sequence[Sequence[Subject]], naming: Naming) -> dict[str, int]:
    """Every id whose row may move -> the last change that moves it (an index into `changes`).

    Each change gives its subject as it was, if it was, and as it will be, and with it what it is merged into or
    taken out of. `naming` answers the current things that name any of the ids or are shown to. A commitment that
    moves only by what is derived of it moves nothing else: others show its title alone.
    """
    causes: dict[str, int] = {}
    wave: dict[str, tuple[str, int]] = {}

    def reach(subject: Subject, index: int, *, spreads: bool) -> None:
        if index > causes.get(subject.id, -1):
            causes[subject.id] = index
            if spreads:
                wave[subject.id] = (subject.type, index)
        for fed in fed_by(subject.type, subject.shown):
            if index > causes.get(fed, -1):
                causes[fed] = index
                if subject.type == "office":
                    wave[fed] = ("actor", index)

    for index, versions in enumerate(changes):
        for version in versions:
            reach(version, index, spreads=version.spreads)
    while wave:
        spread, wave = wave, {}
        for subject in naming(list(spread)):
            named = [spread[i] for i in subject.names if i in spread]
            reasons = [index for changed_type, index in named if changed_type in SHOWS[subject.type]]
            if reasons:
                reach(subject, max(reasons), spreads=subject.type != "commitment")
    return causes


def render(facts: Facts, subject_id: str) -> Row:
    """The columns of a standing that follow from the documents (`models.record`), `row` as compact JSON."""
    known = facts.shown(subject_id)
    row = facts.row(subject_id)
    columns = {
        "subject_id": subject_id,
        "subject_type": known.type,
        "slug": known.document.get("slug", ""),
        "label": label(known),
        "retracted": known.retracted is not None,
        "merged_into": known.merged_into,
        "names": sorted(facts.subject(subject_id).names),
        "row": orjson.dumps(row).decode(),
    }
    if known.type == "commitment":
        claims = facts.claims_on(subject_id) if known.merged_into is None else []
        columns |= _commitment_columns(known, row, claims, facts.changes_to(subject_id))
        said = [claim for claim in claims if claim["retracted"] is None]
        columns["told"] = _told(said)
        columns["words"] = search.vector(_commitment_words(facts, known.document, said, columns["told"]))
    elif known.type == "claim":
        columns |= {
            "claimant": known.document["claimant"],
            "speech_act": known.document["speech_act"],
            "asserts": sorted({b["status"] or b["position"] for b in row["bearings"]}),
            "readings": sorted({b["reading"] for b in row["bearings"]}),
            "sources": sources_of([row]),
            "publishers": sorted({p["actor"] for p in map(facts.publisher, sources_of([row])) if p}),
            "directness": row["directness"],
            "counts_from": row["counts_from"],
            "said_earliest": row["said_on"]["earliest"],
            "said_latest": row["said_on"]["latest"],
            **order_keys("said", row["said_on"]),
            "words": search.vector(_claim_words(facts, known.document, row)),
        }
    elif known.type == "status_change":
        columns |= {"counts_from": row["counts_from"]}
    return columns


def _claim_words(facts: Facts, document: Row, row: Row) -> list[tuple[str, str]]:
    """What finds a claim, with its weight."""
    actors = [actor for actor in (document["claimant"], document["on_behalf_of"]) if actor]
    office = [row["office"]["title"]] if row["office"] else []
    statement, *quoted = _texts_of(row)
    return _weighed(A=[statement], B=[*_all_names(facts, actors), *office], D=quoted)


def _commitment_words(facts: Facts, document: Row, said: list[Row], told: list[str]) -> list[tuple[str, str]]:
    """What finds a commitment: its own texts, its parties, its terms, and what is said of it by whom."""
    actors = [party["actor"] for party in document["parties"]] + [claim["claimant"]["id"] for claim in said]
    terms = [facts.document(i)["labels"] for i in (document["kind"], *document["topics"], *document["places"])]
    labels = [label for labels in terms for label in _given(labels)]
    return _weighed(A=_given(document["title"]), B=_all_names(facts, actors), C=[*_about(document), *labels], D=told)


def _about(commitment: Row) -> list[str]:
    return [*_given(commitment["summary"]), *filter(None, [commitment["condition"]])]


def _weighed(**texts: list[str]) -> list[tuple[str, str]]:
    return [(weight, text) for weight, of_weight in texts.items() for text in of_weight]


def _given(by_language: Row) -> list[str]:
    return [text for text in by_language.values() if text]


def _all_names(facts: Facts, actors: Iterable[str]) -> list[str]:
    """Each name of each actor, in whatever language, once."""
    documents = [facts.document(actor) for actor in actors]
    return list(dict.fromkeys(name for d in documents for name in (d["name"], *d["names"].values())))


def _told(said: Iterable[Row]) -> list[str]:
    """What the claims on a commitment say and quote, in ledger order, up to `MOST_SAID` characters."""
    texts = list(dict.fromkeys(text for claim in said for text in _texts_of(claim)))
    lengths = accumulate(map(len, texts))
    return [text for text, length in zip(texts, lengths, strict=True) if length <= MOST_SAID]


def _texts_of(claim: Row) -> list[str]:
    return [claim["statement"], *(passage["exact"] for passage in claim["passages"] if passage["exact"])]


def excerpted(row: Row, told: list[str], query: search.Query) -> search.Excerpt:
    """The part of a commitment's or claim's row, or of what is told of the commitment, that was searched for.
    A title comes last, because it is shown anyway; what only a name found begins as it stands."""
    if "statement" in row:
        return search.excerpt(_texts_of(row), query)
    return search.excerpt([*_about(row), *told, *_given(row["title"])], query)


def label(known: Known) -> str:
    """What a list for people calls the thing, in English."""
    document = known.document
    if known.type in ("commitment", "term"):
        return str(document["title" if known.type == "commitment" else "labels"]["en"])
    for member in ("name", "title", "statement", "exact", "status"):
        if document.get(member):
            return str(document[member])
    return f"{document['locator']} {document['start']}-{document['end']}" if known.type == "passage" else "void"


def sources_of(claims: Iterable[Row]) -> list[str]:
    return sorted({passage["source"]["id"] for claim in claims for passage in claim["passages"]})


def order_keys(name: str, day: Row | None) -> Row:
    """Columns that sort an uncertain date by its latest, then its earliest day: the unknown last either way."""
    known = day["latest"] + day["earliest"] if day and day["edtf"] else None
    return {f"{name}_rising": known or "unknown", f"{name}_falling": known or ""}


def title_key(title: str) -> str:
    """A title without accents and capitals, short enough for an index."""
    bare = "".join(c for c in normalize("NFKD", title.casefold()) if not combining(c))
    return bare[:LONGEST_TITLE_KEY]


def _commitment_columns(known: Known, row: Row, claims: list[Row], changes: list[Row]) -> Row:
    document = known.document
    made, due = document["made_on"], document["due"]
    parties = {(party["role"], party["actor"]) for party in document["parties"]}
    said = derive.bearings(document["id"], claims)
    return {
        **_derived_columns(row),
        "kind": document["kind"],
        "form": document["form"],
        "parties": sorted({f"{role}:{actor}" for role, actor in parties} | {actor for _, actor in parties}),
        "claimants": sorted({s.claim["claimant"]["id"] for s in said}),
        "sources": sources_of(s.claim for s in said),
        "made_earliest": made["earliest"],
        "made_latest": made["latest"],
        **order_keys("made", made),
        **order_keys("due", due),
        "title_key": title_key(document["title"]["en"]),
        "due_earliest": due and due["earliest"],
        "due_latest": due and due["latest"],
        "counts_from": min(c["counts_from"] for c in derive.history(changes)) if known.is_current else derive.FIRST_DAY,
    }


def _derived_columns(derived: Row) -> Row:
    """The columns that a standing and a span have alike."""
    since = derived["status_since"]
    held = {
        f"{who['id']}:{told['position']}"
        for told in derived["positions"]
        for who in (told["actor"], told["side"])
        if who
    }
    return {
        "is_open": derived["open"],
        "status": derived["status"] or "",
        "positions": sorted(held),
        "since_earliest": since and since["earliest"],
        "since_latest": since and since["latest"],
        **order_keys("since", since),
        "disputed": derived["flags"]["disputed"],
        "single_party": derived["flags"]["single_party"],
    }


def moved_since(facts: Facts, touched: Iterable[str]) -> dict[str, str]:
    """Touched commitment -> the first day on which what is derived of it can have moved; LAST_DAY: none.

    What is derived of a day hangs on the claims and changes that count by then, and on who made the claims that
    such a change cites, on whatever day those were said.
    """
    things = [facts.things[i] for i in touched]
    since = {
        known.id: derive.LAST_DAY if known.is_current else derive.FIRST_DAY
        for known in things
        if known.type == "commitment"
    }
    for row in (row for known in things if known.type in MOVING for row in _moved(facts, known)):
        for commitment in _commitments_of(row):
            since[commitment] = min(since[commitment], row["counts_from"] or derive.LAST_DAY)
    return since


def _moved(facts: Facts, known: Known) -> list[Row]:
    """The rows of a claim or change as it was and is, and of the changes that cite it, where it tells otherwise."""
    was, now = facts.past.get(known.id), facts.row(known.id)
    if was and _moving(known.type, was) == _moving(known.type, now):
        return []
    citing = facts.naming(known.id, "status_change") if known.type == "claim" else ()
    return [*filter(None, (was, now)), *map(facts.row, citing)]


def _moving(subject_type: str, row: Row) -> Row:
    told = {member: row[member] for member in MOVING[subject_type]}
    bearings = row.get("bearings", ())
    return told | {"bearings": [bearing | {"commitment": bearing["commitment"]["id"]} for bearing in bearings]}


def _commitments_of(row: Row) -> list[str]:
    return [told["commitment"]["id"] for told in row.get("bearings", [row])]


def spans(facts: Facts, commitment_id: str, before: Sequence[Row] = (), since: str = derive.FIRST_DAY) -> list[Row]:
    """What holds of a commitment from day to day of the world, as columns (`models.record.CommitmentSpan`), in
    order of days. Before its first status it has none; a retracted one has a single span without status, a merged
    one none.

    `before` are the spans as they stood (`subject_id from_day until_day derived`), at least those that end on or
    after the day `since`; what ends earlier is neither looked at nor answered.
    """
    known = facts.things[commitment_id]
    if known.merged_into is not None:
        return []
    if known.retracted is not None:
        return _bounded([_span(commitment_id, derive.FIRST_DAY, derive.derive(commitment_id, [], []))])
    if not before or before[-1]["from_day"] == derive.FIRST_DAY:
        before, since = (), derive.FIRST_DAY
    if since == derive.LAST_DAY:
        return list(before)
    found = [_whole(span) for span in before if span["from_day"] < since]
    claims, changes = facts.claims_on(commitment_id), facts.changes_to(commitment_id)
    days = derive.days_of(commitment_id, claims, changes)
    for day in (day for day in days if day >= since):
        # By the last of the days everything counts, as in the row.
        is_last = day == days[-1]
        derived = facts.row(commitment_id) if is_last else derive.derive(commitment_id, claims, changes, day)
        span = _span(commitment_id, day, derived)
        if not found or found[-1]["derived"] != span["derived"]:
            found.append(span)
    return _bounded(found)


def _span(commitment_id: str, day: str, derived: Row) -> Row:
    return {
        "subject_id": commitment_id,
        "from_day": day,
        **_derived_columns(derived),
        "derived": orjson.dumps({member: derived[member] for member in DERIVED}).decode(),
    }


def _whole(span: Row) -> Row:
    return _span(span["subject_id"], span["from_day"], orjson.loads(span["derived"]))


def _bounded(found: Sequence[Row]) -> list[Row]:
    """Each ends where the next begins."""
    ends = [*(span["from_day"] for span in found[1:]), derive.LAST_DAY]
    return [span | {"until_day": end} for span, end in zip(found, ends, strict=False)]


def differing(before: Sequence[Row], after: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The spans to be closed and those to be opened: what held in the same days stays."""
    stood, stands = ({(s["from_day"], s["until_day"], s["derived"]): s for s in spans} for spans in (before, after))
    return [stood[key] for key in stood if key not in stands], [stands[key] for key in stands if key not in stood]
