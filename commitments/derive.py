"""What follows from what was said: status, positions, dispute, silence. Pure functions over finished rows.

A claim row and a status-change row (`documents.ROWS`) each carry `counts_from`: the day from which they
count at an `as_of`. Both lists come in ledger order. Nothing here is ever typed in by a curator.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from commitments.vocabulary import (
    CONTRADICTORY_POSITIONS,
    CONTRADICTORY_STATUSES,
    READINGS,
    Sentence,
    allowed_statuses,
    is_open,
    refusal_of_step,
)

Row = dict[str, Any]
# The places of two bearings in a list of them, the earlier first.
Pair = tuple[int, int]
# (the side whose position it is, the position), or (None, a status).
Word = tuple[str | None, str]
FIRST_DAY = "0001-01-01"
LAST_DAY = "9999-12-31"
OWN_READINGS = ("literal", "implied")
READING_ORDER = {reading: place for place, reading in enumerate(READINGS)}


@dataclass(frozen=True)
class Said:
    """One bearing of one claim, with what the derivations ask of it. Days are ISO text, which sorts."""

    claim: Row
    bearing: Row

    @property
    def order(self) -> tuple[str, str]:
        return (self.claim["counts_from"], self.claim["said_on"]["earliest"])

    @property
    def by_side(self) -> str | None:
        return _id(self.claim["side"])

    @property
    def about(self) -> str:
        """The side whose position it tells; an actor of no side stands for itself."""
        return _id(self.bearing["side"]) or self.bearing["actor"]["id"]

    @property
    def words(self) -> list[Word]:
        """What it tells, of whom where it is a position."""
        told: list[Word] = [(None, self.bearing["status"])] if self.bearing["status"] else []
        return [*told, (self.about, self.bearing["position"])] if self.bearing["position"] else told

    @property
    def is_own_word(self) -> bool:
        """The word of the side itself; or of an actor of no side, a union of states for one, on itself."""
        return self.about == self.by_side if self.by_side else self.about in self._speaking

    @property
    def _speaking(self) -> set[str | None]:
        office = self.claim["office"]
        speaking = (self.claim["claimant"], self.claim["on_behalf_of"], office and office["body"])
        return {_id(actor) for actor in speaking}

    @property
    def settles(self) -> bool:
        """A side's word on itself outdates older ones only where the words carry it."""
        return self.is_own_word and self.bearing["reading"] in OWN_READINGS


def derive(commitment_id: str, claims: Sequence[Row], changes: Sequence[Row], as_of: str | None = None) -> Row:
    """The derived members of a commitment's row, `flags.overdue` apart, which hangs on the day of reading.

    `as_of` is an ISO day; None counts everything. `status` is None where no status was known on that day.
    """
    counted = history(changes, as_of)
    said = bearings(commitment_id, claims, as_of)
    current = counted[-1] if counted else None
    status = current["status"] if current else None
    bearing_claims = {s.claim["id"]: s.claim for s in said}
    days = [claim["counts_from"] for claim in bearing_claims.values()]
    return {
        "status": status,
        "open": is_open(status),
        "status_since": current["effective"] if current else None,
        "status_claims": list(current["claims"]) if current else [],
        "positions": positions(said),
        "flags": {
            "disputed": is_disputed(said, counted),
            "single_party": _is_single_party(current, claims),
        },
        "silent_since": max(days) if days and is_open(status) else None,
        "counts": _counts(list(bearing_claims.values())),
    }


def days_of(commitment_id: str, claims: Iterable[Row], changes: Sequence[Row]) -> list[str]:
    """The days on which what is derived can change, from the first that has a status."""
    counted = [change["counts_from"] for change in history(changes)]
    said = {s.claim["counts_from"] for s in bearings(commitment_id, claims)}
    return sorted({day for day in said if counted and day >= counted[0]} | set(counted))


def history(changes: Sequence[Row], as_of: str | None = None) -> list[Row]:
    """The status changes that count, in world order: latest, earliest, ledger order."""
    counting = [
        change
        for change in changes
        if change["status"] is not None
        and change["corrected_by"] is None
        and (as_of is None or change["counts_from"] <= as_of)
    ]
    return sorted(counting, key=world_order)


def world_order(change: Row) -> tuple[str, str]:
    return (change["counts_from"], change["effective"]["earliest"])


def bearings(commitment_id: str, claims: Iterable[Row], as_of: str | None = None) -> list[Said]:
    """What unretracted claims say about one commitment, in ledger order."""
    return [
        Said(claim, bearing)
        for claim in claims
        if claim["retracted"] is None and (as_of is None or claim["counts_from"] <= as_of)
        for bearing in claim["bearings"]
        if bearing["commitment"]["id"] == commitment_id
    ]


def positions(said: Sequence[Said]) -> list[Row]:
    """Per side, position and reading the latest-said claim; a side's own later word removes older ones."""
    told = [s for s in said if s.bearing["position"]]
    own_words = _own_words(told)
    latest: dict[tuple[str, str, str], Said] = {}
    for s in told:
        key = (s.about, s.bearing["position"], s.bearing["reading"])
        outdated = s.order < own_words.get(s.about, ("", ""))
        if not outdated and (key not in latest or s.order >= latest[key].order):
            latest[key] = s
    order_of_sides = {about: place for place, about in enumerate(dict.fromkeys(s.about for s in told))}
    kept = sorted(latest.values(), key=lambda s: (order_of_sides[s.about], READING_ORDER[s.bearing["reading"]]))
    return [
        {
            "side": s.bearing["side"],
            "actor": s.bearing["actor"],
            "position": s.bearing["position"],
            "claim": s.claim["id"],
            "reading": s.bearing["reading"],
            "own_word": s.is_own_word,
        }
        for s in kept
    ]


def _own_words(told: Iterable[Said]) -> dict[str, tuple[str, str]]:
    """Per side the order of its latest word on its own position that the words carry."""
    latest: dict[str, tuple[str, str]] = {}
    for s in told:
        if s.settles:
            latest[s.about] = max(latest.get(s.about, ("", "")), s.order)
    return latest


def is_disputed(said: Sequence[Said], counted: Sequence[Row]) -> bool:
    return any(True for _ in contradictions(said, counted))


def contradictions(said: Sequence[Said], counted: Sequence[Row], after: Pair = (-1, -1)) -> Iterator[Pair]:
    """Pairs told by claimants of different sides that the rubric holds contradictory and nothing settled, those
    behind the pair `after`."""
    return _unsettled(said, counted, _opposed(said, after))


def contradictions_of(claim_id: str, said: Sequence[Said], counted: Sequence[Row]) -> Iterator[Pair]:
    """Those of them that one claim is part of. Linear in the bearings."""
    return _unsettled(said, counted, _opposed_to(claim_id, said))


def _unsettled(said: Sequence[Said], counted: Sequence[Row], pairs: Iterable[Pair]) -> Iterator[Pair]:
    own_words = _own_words(s for s in said if s.bearing["position"])
    for pair in pairs:
        one, other = (said[place] for place in pair)
        if frozenset((one.bearing["status"], other.bearing["status"])) in CONTRADICTORY_STATUSES:
            both = {one.claim["id"], other.claim["id"]}
            settled = any(both <= set(change["claims"]) for change in counted)
        else:
            settled = _is_settled(own_words, one, other)
        if not settled:
            yield pair


def _opposed_to(claim_id: str, said: Sequence[Said]) -> list[Pair]:
    own = [place for place, s in enumerate(said) if s.claim["id"] == claim_id and s.by_side]
    found: set[Pair] = set()
    for place in own:
        one, against = said[place], {word for told in said[place].words for word in _against(told)}
        for other, s in enumerate(said):
            if s.by_side not in (None, one.by_side) and against.intersection(s.words):
                found.add((min(place, other), max(place, other)))
    return sorted(found)


def _opposed(said: Sequence[Said], after: Pair) -> Iterator[Pair]:
    """Pairs whose words contradict each other across sides, in the order of `itertools.combinations`. Only
    what can contradict something is paired: a much discussed commitment has thousands of bearings."""
    telling: dict[Word, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, s in enumerate(said):
        if side := s.by_side:
            for word in s.words:
                telling[word][side].append(place)
    for place in range(max(after[0], 0), len(said)):
        one, later = said[place], set[int]()
        for word in one.words if one.by_side else ():
            for against in _against(word):
                for side, places in telling.get(against, {}).items():
                    later.update(places[bisect_right(places, place) :] if side != one.by_side else ())
        yield from ((place, other) for other in sorted(later) if (place, other) > after)


def _against(word: Word) -> list[Word]:
    """What the rubric holds contradictory to a status, or to a position of the same side."""
    about, told = word
    pairs = CONTRADICTORY_POSITIONS if about else CONTRADICTORY_STATUSES
    return [(about, word) for pair in pairs if told in pair for word in pair - {told}]


def _is_settled(own_words: dict[str, tuple[str, str]], one: Said, other: Said) -> bool:
    """Whether the party's own word on its own position is later than what it contradicts."""
    if own_words.get(one.about, ("", "")) > max(one.order, other.order):
        return True
    return (one.settles and one.order > other.order) or (other.settles and other.order > one.order)


def _is_single_party(current: Row | None, claims: Iterable[Row]) -> bool:
    cited = set(current["claims"]) if current else set()
    return len({_id(claim["side"]) for claim in claims if claim["id"] in cited} - {None}) == 1


def _counts(claims: Sequence[Row]) -> dict[str, int]:
    return {
        "claims": len(claims),
        "independent_roots": len({root(claim) for claim in claims}),
        "sources": len({passage["source"]["id"] for claim in claims for passage in claim["passages"]}),
    }


def root(claim: Row) -> tuple[str, str]:
    """Claimant + occasion, or claimant + said-on: five papers quoting one briefing are one root."""
    said_on = claim["said_on"]["edtf"] or claim["id"]
    return (claim["claimant"]["id"], _id(claim["occasion"]) or said_on)


def is_overdue(row: Row, as_of: str) -> bool:
    """Open, and the latest day of `due` lies before the day."""
    return bool(row["open"] and row["due"] and row["due"]["latest"] < as_of)


def problems(commitment_id: str, claims: Sequence[Row], changes: Sequence[Row], *, superseded_by: bool) -> list[str]:
    """What breaks the rubric in a commitment's whole history, one sentence each; empty: it holds."""
    counted = history(changes)
    found: list[str] = []
    if not changes:
        found.append(Sentence("A published commitment needs a status: record its first and publish both together."))
    elif not counted:
        found.append(Sentence("A published commitment needs a status, so its only status change cannot be voided."))
    before: str | None = None
    for change in counted:
        if refusal := refusal_of_step(before, change["status"], superseded_by=superseded_by):
            allowed = ", ".join(allowed_statuses(before, None, superseded_by=superseded_by))
            pattern = "The status cannot be “%(status)s”: %(refusal)s. Allowed here: %(allowed)s."
            found.append(Sentence(pattern, status=change["status"], refusal=refusal, allowed=allowed))
        if not supporting(commitment_id, claims, change):
            found.append(
                Sentence(
                    "The status “%(status)s” rests on no claim: cite a published, unretracted claim with a bearing "
                    "of status “%(status)s” on this commitment, or correct the change first.",
                    status=change["status"],
                )
            )
        before = change["status"]
    return found


def supporting(commitment_id: str, claims: Iterable[Row], change: Row) -> list[str]:
    """The cited claims that bear the change's very status on the commitment."""
    return [
        s.claim["id"]
        for s in bearings(commitment_id, claims)
        if s.claim["id"] in change["claims"] and s.bearing["status"] == change["status"]
    ]


def directness(claim_passages: Sequence[Row], bearing_rows: Sequence[Row], own_publisher: Sequence[bool]) -> int:
    """Hops of the shortest passage under a literal or implied reading, else of any, plus one unless its
    publisher is known to be of the claimant's own side (`own_publisher`, a flag per passage)."""
    preferred = {p for b in bearing_rows if b["reading"] in OWN_READINGS for p in b["passages"]}
    steps = {
        passage["id"]: len(passage["hops"]) + (0 if own else 1)
        for passage, own in zip(claim_passages, own_publisher, strict=True)
    }
    return min((steps[p] for p in steps if p in preferred), default=min(steps.values(), default=1))


def claim_counts_from(said_on: Row, published: Iterable[Row], recorded_on: str) -> str:
    """The latest day of said-on; where that is not bounded, of its sources' dates, at worst of recording."""
    bounded = [str(day["latest"]) for day in published if day["latest"] < LAST_DAY]
    return str(said_on["latest"]) if said_on["latest"] < LAST_DAY else min([recorded_on, *bounded])


def change_counts_from(effective: Row, claims: Iterable[Row], recorded_on: str) -> str:
    """The latest day of `effective`; where that is unknown, the first day a cited claim counts from."""
    if effective["latest"] < LAST_DAY:
        return str(effective["latest"])
    return min([recorded_on, *(str(claim["counts_from"]) for claim in claims)])


def _id(named: Row | None) -> str | None:
    return named["id"] if named else None
