"""The page of one occasion: what, when and where it was, who took part, the words it rests on, and what was said and
made there. At most eight queries, nine in Spanish."""

from __future__ import annotations

from typing import Any

from commitments import vocabulary as words
from commitments.clocks import Clock
from commitments.languages import meaning
from commitments.pages import chain, claims, passages
from commitments.pages import sentences as say
from commitments.pages.firsts import First, claim, commitment, first
from commitments.pages.ledger import entries_of, in_sets
from commitments.pages.naming import in_page_language
from commitments.provenance import Story
from commitments.reading import alone
from commitments.selection import Listed, Selection

Row = dict[str, Any]
SHOWN = 20
# Passages looked up.
GROUNDS = 200


def gathered(standing: Listed, clock: Clock) -> Row:
    occasion = alone(standing, clock)
    things = _things(occasion, clock)
    grounds = [things[i] for i in _cited(occasion) if i in things]
    story = Story.around([{"id": occasion["id"], "passages": grounds}], clock)
    numbers = {row["id"]: number for number, row in enumerate(grounds, 1)}
    said, made = _said(occasion, clock), _made(occasion, clock)
    occasion, things, said = in_page_language([occasion, things, said], clock)
    return {
        "occasion": claims.occasion(occasion, _places(things)),
        "place_id": occasion["place"],
        "access_means": meaning(words.ACCESS_TERMS[occasion["access"]]),
        "retracted": occasion["retracted"],
        "sides": _by_side(occasion, things, numbers),
        "own_words": [numbers[i] for i in occasion["passages"] if i in numbers],
        "words": [_words(story.passage(row)) for row in grounds],
        "said": said,
        "claims": [claim(row) for row in said.rows],
        "made": made,
        "commitments": [commitment(row) for row in made.rows],
        "sets": in_sets(entries_of(story.with_entries({"id": occasion["id"]}))),
    }


def _cited(occasion: Row) -> list[str]:
    """Every passage that it or a participant rests on, once."""
    of_participants = [i for taking in occasion["participants"] for i in taking["passages"]]
    return list(dict.fromkeys([*occasion["passages"], *of_participants]))[:GROUNDS]


def _things(occasion: Row, clock: Clock) -> dict[str, Row]:
    """Passages, offices of the participants, and the place, by id. One query."""
    offices = [taking["office"]["id"] for taking in occasion["participants"] if taking["office"]]
    ids = sorted({*_cited(occasion), *offices, *([occasion["place"]] if occasion["place"] else [])})
    return {row["id"]: row for row in Selection.of_plain(clock).among("subject_id", ids).rows()}


def _places(things: dict[str, Row]) -> dict[str, str]:
    return {i: say.in_language(row["labels"]) for i, row in things.items() if "labels" in row}


def _by_side(occasion: Row, things: dict[str, Row], numbers: dict[str, int]) -> list[Row]:
    """Participants under the side whose office they held; those of no side, or without an office, last."""
    sides: dict[str, Row] = {}
    for taking in occasion["participants"]:
        office = things.get(taking["office"]["id"]) if taking["office"] else None
        side = office["side"] if office else None
        key = side["id"] if side else ""
        shown = _participant(taking, office, numbers)
        sides.setdefault(key, {"side": side, "taking": []})["taking"].append(shown)
    return sorted(sides.values(), key=lambda told: told["side"] is None)


def _participant(taking: Row, office: Row | None, numbers: dict[str, int]) -> Row:
    return {
        "actor": taking["actor"],
        "office": taking["office"],
        "capacity": taking["capacity"],
        "held": chain.held_in_words(office) if office else "",
        "numbers": [numbers[i] for i in taking["passages"] if i in numbers],
    }


def _words(passage: Row) -> Row:
    shown = passages.shown(passage, passage["source"], passage["capture"]["characters"])
    return shown | {"source": passage["source"]}


def _said(occasion: Row, clock: Clock) -> First:
    """One query."""
    rows = Selection.as_of_day("claim", clock).holding_any("names", [occasion["id"]])
    return first(rows, rows.standing.newest, SHOWN)


def _made(occasion: Row, clock: Clock) -> First:
    """One query."""
    rows = Selection.as_of_day("commitment", clock).holding_any("names", [occasion["id"]])
    return first(rows, rows.standing.list_order, SHOWN)
