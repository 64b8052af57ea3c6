"""The whole story of one commitment or claim, in a fixed number of queries whatever its length.

A long story comes in parts. Each tells at most `size` claims (the story of a claim: status changes) and as many
contradictions; `next` says how far it was told, None at its end, and the next part goes on from there.

Plain dicts, made of the rows that the API answers (`documents.ROWS`): passages with the capture and source
they stand in, claims with their occasion, and for each thing the ledger entries that brought it in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import orjson

from commitments import derive
from commitments.clocks import Clock, Row, stamp
from commitments.models.ledger import Entry
from commitments.reading import alone, changes_to, claims_on
from commitments.selection import FIRST_SEQ, Listed, Selection

SHOWN_OF_SOURCE = (
    "id",
    "title",
    "kind",
    "publisher",
    "byline",
    "published",
    "language",
    "url",
    "archive_url",
    "rights",
)
SHOWN_OF_OCCASION = ("id", "name", "kind", "date", "place", "access")
MOST_TOLD = 200
# Claims that changes cite, then others that bear on the commitment, in ledger order.
CLAIMS = f"""SELECT ({FIRST_SEQ}) AS first_seq, s.row {{rows}}
ORDER BY s.subject_id = ANY (%(cited)s) DESC, first_seq LIMIT %(size)s"""
CITED_OR_OTHERS = f"""(s.subject_id = ANY (%s) OR s.names && %s::text[] AND s.subject_id <> ALL (%s)
AND s.counts_from <= %s AND ({FIRST_SEQ}) > %s)"""
# How far a story was told: whole numbers that a cursor can carry.
Key = list[int]
# A status change and one claim that it cites, or none.
Citation = tuple[Row, str | None]


@dataclass(frozen=True)
class Told:
    """How far the story of a commitment was told: so many citations of claims, the other claims up to the one that
    entry `other` published first, the contradictions up to `pair`; None: all of these."""

    citations: int = 0
    other: int = 0
    pair: derive.Pair | None = (-1, -1)

    @classmethod
    def up_to(cls, key: Key) -> Told:
        citations, other, *pair = key
        return cls(citations, other, (pair[0], pair[1]) if pair else None)

    @property
    def key(self) -> Key:
        return [self.citations, self.other, *(self.pair or ())]


def of_commitment(
    standing: Listed, clock: Clock, size: int = MOST_TOLD, key: Key | None = None, *, resting: bool = False
) -> Row:
    """Status changes in world order, each with its claims, then the other claims. A change of which a part tells
    some claims stands again in the next one, with the rest. `resting`: with the claims that positions and, so many at
    most, the status rest on under `resting`, wherever else they are told. At most six queries; raises `NotYet`."""
    before = Told.up_to(key) if key else Told()
    commitment = alone(standing, clock)
    changes = _in_world_order(changes_to([commitment["id"]], clock), clock.as_of.isoformat())
    citations = [(change, claim) for change in changes for claim in change["claims"] or [None]]
    part = citations[before.citations :][:size]
    also = _resting_on(commitment, size) if resting else []
    claims, others = _cited_and_others(commitment["id"], part, citations, also, before.other, size - len(part), clock)
    shown = others[: size - len(part)]
    pairs, last_pair = _contradictions_after(before.pair, commitment, changes, size, clock)
    told = Told(before.citations + len(part), shown[-1][0] if shown else before.other, last_pair)
    is_whole = told.citations == len(citations) and len(shown) == len(others) and last_pair is None
    by_change = {change["id"]: change | {"claims": []} for change, _ in part}
    for change, claim in part:
        by_change[change["id"]]["claims"] += [claims[claim]] if claim else []
    story = Story.around([commitment, *by_change.values(), *claims.values(), *(row for _, row in shown)], clock)
    return {
        "commitment": story.with_entries(commitment),
        "status_changes": [story.change(change) for change in by_change.values()],
        "further_claims": [story.claim(claim) for _, claim in shown],
        "contradictions": pairs,
        "next": None if is_whole else told.key,
    } | ({"resting": [story.claim(claims[i]) for i in also if i in claims]} if resting else {})


def _resting_on(commitment: Row, size: int) -> list[str]:
    """The claims behind the status, then those behind the positions, each once."""
    held = [position["claim"] for position in commitment["positions"]]
    return list(dict.fromkeys([*commitment["status_claims"][:size], *held]))


def of_claim(standing: Listed, clock: Clock, size: int = MOST_TOLD, key: Key | None = None) -> Row:
    """The claim, the status changes that rest on it, and what contradicts it; `key`: how many of each were told.
    At most seven queries; raises `NotYet`."""
    changes_told, pairs_told = key or (0, 0)
    claim = alone(standing, clock)
    resting = _in_world_order(changes_to([claim["id"]], clock), clock.as_of.isoformat())
    pairs = _contradicting(claim, clock)
    shown, told = resting[changes_told:][:size], pairs[pairs_told:][:size]
    after = [changes_told + len(shown), pairs_told + len(told)]
    story = Story.around([claim, *shown], clock)
    return {
        "claim": story.claim(claim),
        "status_changes": [story.with_entries(change) for change in shown],
        "contradictions": told,
        "next": None if after == [len(resting), len(pairs)] else after,
    }


def _cited_and_others(
    commitment_id: str,
    part: list[Citation],
    citations: list[Citation],
    also: list[str],
    after: int,
    room: int,
    clock: Clock,
) -> tuple[dict[str, Row], list[tuple[int, Row]]]:
    """The claims that a part cites or that are wanted `also`, and as many others that bear on the commitment as there
    is room for, and one more where there are more, each with its first seq. One query."""
    anywhere = [claim for _, claim in citations if claim]
    cited = [*also, *(claim for _, claim in part if claim)]
    others = (cited, [commitment_id], anywhere, clock.as_of, after)
    selection = Selection.of("claim", clock).where(CITED_OR_OTHERS, *others)
    rows = selection.known(CLAIMS, cited=cited, size=len(set(cited)) + room + 1)
    read = [(seq, orjson.loads(row)) for seq, row in rows]
    claims = {row["id"]: row for _, row in read if row["id"] in set(cited)}
    return claims, [(seq, row) for seq, row in read if row["id"] not in claims]


def _contradictions_after(
    after: derive.Pair | None, commitment: Row, changes: list[Row], size: int, clock: Clock
) -> tuple[list[Row], derive.Pair | None]:
    """So many contradictions, and the last of them where there are more. One query, none without a dispute."""
    if after is None or not commitment["flags"]["disputed"]:
        return [], None
    said, counted = _said(commitment["id"], claims_on([commitment["id"]], clock), changes, clock)
    pairs = list(islice(derive.contradictions(said, counted, after), size + 1))
    shown = pairs[:size]
    return [_side_by_side(said, pair) for pair in shown], shown[-1] if len(pairs) > size else None


def _contradicting(claim: Row, clock: Clock) -> list[Row]:
    """All contradictions that the claim is part of. Three queries, one where nothing that it bears on is disputed."""
    about = list(dict.fromkeys(bearing["commitment"]["id"] for bearing in claim["bearings"]))
    rows = Selection.as_of_day("commitment", clock).among("subject_id", about).being("disputed", True)
    disputed = {i for (i,) in rows.known("SELECT s.subject_id {rows}")}
    claims, changes = (claims_on(disputed, clock), changes_to(disputed, clock)) if disputed else ([], [])
    return [
        _side_by_side(said, pair)
        for commitment_id in about
        if commitment_id in disputed
        for said, counted in [_said(commitment_id, claims, changes, clock)]
        for pair in derive.contradictions_of(claim["id"], said, counted)
    ]


def _said(
    commitment_id: str, claims: list[Row], changes: list[Row], clock: Clock
) -> tuple[list[derive.Said], list[Row]]:
    """What was said on one commitment by the clock's day, and the status changes of it that count."""
    day = clock.as_of.isoformat()
    own = [change for change in changes if change["commitment"]["id"] == commitment_id]
    return derive.bearings(commitment_id, claims, day), derive.history(own, day)


def _side_by_side(said: list[derive.Said], pair: derive.Pair) -> Row:
    return {"commitment": said[pair[0]].bearing["commitment"], "told": [_told(said[place]) for place in pair]}


def _told(said: derive.Said) -> Row:
    shown = ("id", "statement", "claimant", "side", "said_on")
    return {"claim": {member: said.claim[member] for member in shown}, "bearing": said.bearing}


def _in_world_order(changes: list[Row], day: str) -> list[Row]:
    """The changes told by the day. Corrected ones stay, marked by `counts`; a void stands beside what it voids."""
    by_id = {change["id"]: change for change in changes}
    counting = {change["id"] for change in derive.history(changes, day)}
    dated = [(_dated(change, by_id), change | {"counts": change["id"] in counting}) for change in changes]
    dated.sort(key=lambda pair: derive.world_order(pair[0]))
    return [change for world, change in dated if world["counts_from"] <= day]


def _dated(change: Row, by_id: dict[str, Row]) -> Row:
    """The change itself, or what a void corrects: a void hangs on no day of the world."""
    while change["effective"] is None:
        change = by_id[change["corrects"]]
    return change


@dataclass(frozen=True)
class Story:
    """What the things of one story lead to, by id: sources, occasions, and the entries of each. Two queries."""

    things: dict[str, Row]
    entries: dict[str, list[Row]]

    @classmethod
    def around(cls, rows: list[Row], clock: Clock) -> Story:
        passages = [passage for row in rows for passage in row.get("passages", ()) if isinstance(passage, dict)]
        sources = {passage["source"]["id"] for passage in passages}
        occasions = {row["occasion"]["id"] for row in rows if row.get("occasion")}
        things = Selection.of_plain(clock).among("subject_id", sorted(sources | occasions)).rows()
        ids = sources | {row["id"] for row in (*rows, *passages)}
        return cls({thing["id"]: thing for thing in things}, _entries_of(ids, clock))

    def with_entries(self, row: Row) -> Row:
        return row | {"entries": self.entries.get(row["id"], [])}

    def change(self, change: Row) -> Row:
        return self.with_entries(change) | {"claims": [self.claim(claim) for claim in change["claims"]]}

    def claim(self, claim: Row) -> Row:
        occasion = claim["occasion"] and self.things[claim["occasion"]["id"]]
        return self.with_entries(claim) | {
            "occasion": occasion and {member: occasion[member] for member in SHOWN_OF_OCCASION},
            "passages": [self.passage(passage) for passage in claim["passages"]],
        }

    def passage(self, passage: Row) -> Row:
        source = self.things[passage["source"]["id"]]
        [capture] = [capture for capture in source["captures"] if capture["id"] == passage["capture"]]
        shown = {member: source[member] for member in SHOWN_OF_SOURCE}
        return self.with_entries(passage) | {
            "withheld": passage["exact"] is None,
            "source": self.with_entries(shown),
            "capture": capture,
        }


def _entries_of(ids: Iterable[str], clock: Clock) -> dict[str, list[Row]]:
    found = Entry.objects.up_to(clock.seq).filter(subject_id__in=sorted(ids))
    told: dict[str, list[Row]] = {}
    for entry in found.select_related("published").defer("core", "leaf"):
        told.setdefault(entry.subject_id, []).append(
            {
                "seq": entry.seq,
                "type": entry.type,
                "by": entry.by,
                "recorded_at": stamp(entry.recorded_at),
                "reason": orjson.loads(entry.published.body)["reason"],
            }
        )
    return told
