"""Which rows a change moves, and from which day of the world on. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from commitments import derive
from commitments.rows import Facts, Known, Row, Subject

# What of a row moves what is derived of a commitment, but for the bearings of a claim.
MOVING = {
    "claim": ("retracted", "counts_from", "said_on", "side"),
    "status_change": ("status", "corrected_by", "counts_from", "effective", "claims"),
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
