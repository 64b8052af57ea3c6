"""The page of one commitment: its whole story as a reader needs it. At most ten queries, eleven of an earlier day, and
one more in Spanish.

Claims that status and positions rest on stand first; of many claims only the first `SHOWN` stand in the page, and the
list of claims has them all. Of a hub, on which more claims bear than a story tells at once, it is the first part.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.utils.translation import gettext

from commitments import days, derive, provenance
from commitments import vocabulary as words
from commitments.clocks import Clock
from commitments.pages import claims, falling, ties, timeline
from commitments.pages import sentences as say
from commitments.pages.badges import badge, flags
from commitments.pages.ledger import entries_of, in_sets
from commitments.pages.listing import by_role
from commitments.pages.naming import in_page_language
from commitments.selection import Listed, Selection

Row = dict[str, Any]
SHOWN = 25
# Claims named beside the status, and those whose fall is worked out.
BEHIND, WEIGHED = 5, 12


def gathered(standing: Listed, clock: Clock, now: Row | None = None) -> Row:
    """`now`: the row beside which it is read, if any, for its names. Raises `NotYet`."""
    story, now = in_page_language([provenance.of_commitment(standing, clock, resting=True), now], clock)
    commitment, told = story["commitment"], _claims(story)
    shown = dict(islice(told.items(), SHOWN))
    around = _around(commitment, shown, clock)
    places = _terms([row["place"] for row in around["occasions"] if row["place"]], commitment, clock)
    sets = in_sets(entries_of(story))
    items = timeline.told(commitment, story["status_changes"], shown, around["occasions"], places)
    return {
        "commitment": commitment,
        "title": say.in_language(commitment["title"]),
        "summary": say.in_language(commitment["summary"]),
        "flags": flags(commitment),
        "status": _status(commitment, told, shown),
        "facts": _facts(commitment, places),
        "occasion": next(
            (claims.occasion(row, places) for row in around["occasions"] if _is_occasion_of(commitment, row)), None
        ),
        "positions": _positions(commitment, told, shown, clock, story["next"] is None),
        "unheard": _unheard(commitment, around["actors"], told),
        "timeline": items,
        "drawings": timeline.drawings(say.in_language(commitment["title"]), items, sets),
        "ties": ties.told(commitment, around["passages"], clock),
        "claims": [_brief(claim, places) for claim in shown.values()],
        "falls": _falls(commitment, story, told, shown, clock),
        "contradictions": [_pair(pair, shown) for pair in story["contradictions"]],
        "sources": _sources(shown),
        "sets": sets,
        "is_part": len(told) > len(shown) or story["next"] is not None,
        "told": list(told.values()),
        "now": now,
        "clock": clock,
    }


def _claims(story: Row) -> dict[str, Row]:
    """Every claim once: those that status and positions rest on, those that statuses cite, in world order, then the
    others."""
    cited = [claim for change in story["status_changes"] for claim in change["claims"]]
    return {claim["id"]: claim for claim in (*story["resting"], *cited, *story["further_claims"])}


def _around(commitment: Row, shown: dict[str, Row], clock: Clock) -> dict[str, list[Row]]:
    """The occasions of the story, the passages on which lineage rests, the parties and whose positions are told. One
    query."""
    occasions = {claim["occasion"]["id"]: claim["occasion"] for claim in shown.values() if claim["occasion"]}
    own = [commitment["occasion"]["id"]] if commitment["occasion"] else []
    cited = [passage for link in commitment["lineage"] for passage in link["passages"]]
    actors = [named["id"] for named in _actors(commitment)]
    rows = Selection.of_plain(clock).among("subject_id", [*own, *cited, *actors]).rows()
    occasions |= {row["id"]: row for row in rows if row["id"] in own}
    return {
        "occasions": list(occasions.values()),
        "passages": [row for row in rows if row["id"] in cited],
        "actors": [row for row in rows if row["id"] in actors],
    }


def _actors(commitment: Row) -> list[Row]:
    """The parties, and the sides and actors whose positions are told."""
    told = [position[member] for position in commitment["positions"] for member in ("side", "actor")]
    return [*(party["actor"] for party in commitment["parties"]), *(named for named in told if named)]


def _is_occasion_of(commitment: Row, row: Row) -> bool:
    return commitment["occasion"] is not None and commitment["occasion"]["id"] == row["id"]


def _terms(places: list[str], commitment: Row, clock: Clock) -> dict[str, str]:
    """Labels of the terms that the page shows. One query."""
    ids = {commitment["kind"], *commitment["places"], *commitment["topics"], *places}
    rows = Selection.of_plain(clock).among("subject_id", sorted(ids)).rows()
    return {row["id"]: say.in_language(row["labels"]) for row in rows}


def _status(commitment: Row, told: dict[str, Row], shown: dict[str, Row]) -> Row | None:
    """None where it was retracted."""
    if commitment["status"] is None:
        return None
    resting = [told[claim] for claim in commitment["status_claims"] if claim in told]
    return {
        "badge": badge(commitment["status"]),
        "mark": say.mark(say.strongest_reading(commitment["id"], commitment["status"], resting)),
        "sentence": say.status_sentence(commitment, resting),
        "basis": say.basis(commitment["status_since"]),
        "claims": [_support(commitment, claim, shown) for claim in resting[:BEHIND]],
        "others": max(0, len(commitment["status_claims"]) - BEHIND),
        "silent_since": commitment["silent_since"] and days.day(commitment["silent_since"]),
        "counts": commitment["counts"],
    }


def _support(commitment: Row, claim: Row, shown: dict[str, Row]) -> Row:
    bearings = say.carrying(commitment["id"], commitment["status"], claim)
    resting = {passage for bearing in bearings for passage in bearing["passages"]}
    return {
        "address": timeline.address(claim["id"], shown),
        "who": say.who(claim),
        "statement": claim["statement"],
        "said_on": say.when(claim["said_on"]),
        "basis": say.basis(claim["said_on"]),
        "directness": say.directness(claim["directness"]),
        "readings": [
            {
                "word": say.label(words.READINGS, bearing["reading"]),
                "is_literal": bearing["reading"] == "literal",
                "note": bearing["note"],
            }
            for bearing in bearings
        ],
        "quotes": [
            _quote(p) for p in claim["passages"] if p["id"] in resting and p["voice"] == "quoted" and p["exact"]
        ],
    }


def _quote(passage: Row) -> Row:
    return {"exact": passage["exact"], "language": passage["source"]["language"]}


def _facts(commitment: Row, terms: dict[str, str]) -> list[tuple[str, str]]:
    facts = [
        *((role, ", ".join(names)) for role, names in by_role(commitment)),
        (gettext("Form"), say.label(words.FORMS, commitment["form"])),
        (gettext("Kind"), terms[commitment["kind"]]),
        (gettext("Made"), _dated(commitment["made_on"])),
        (gettext("Due"), _dated(commitment["due"]) if commitment["due"] else gettext("No deadline is told")),
    ]
    if commitment["due_first"] and commitment["due_first"] != commitment["due"]:
        facts.append((gettext("First due"), _dated(commitment["due_first"])))
    if commitment["condition"]:
        facts.append((gettext("Condition"), commitment["condition"]))
    named = {gettext("Places"): commitment["places"], gettext("Topics"): commitment["topics"]}
    return facts + [(name, ", ".join(terms[term] for term in ids)) for name, ids in named.items() if ids]


def _dated(row: Row) -> str:
    return f"{say.when(row)} ({say.basis(row)})"


def _positions(commitment: Row, told: dict[str, Row], shown: dict[str, Row], clock: Clock, is_whole: bool) -> list[Row]:
    """By side, in the order of the row. `is_heard`: None of a hub where none of the claims read is the side's own."""
    sides: dict[str, Row] = {}
    for position in commitment["positions"]:
        _side(sides, position)["told"].append(_position(position, told[position["claim"]], shown))
    for position in _own_words(commitment, told, clock):
        _side(sides, position)["told"].insert(0, _position(position, told[position["claim"]], shown))
    for side in sides.values():
        side["is_heard"] = any(said["is_own_word"] for said in side["told"]) or (False if is_whole else None)
    return list(sides.values())


def _side(sides: dict[str, Row], position: Row) -> Row:
    side = position["side"] or position["actor"]
    return sides.setdefault(side["id"], {"name": side["name"], "told": []})


def _own_words(commitment: Row, told: dict[str, Row], clock: Clock) -> list[Row]:
    """A row has the last word on each position, whoever's it is; a side that said the same of itself before was heard
    all the same."""
    said = derive.bearings(commitment["id"], told.values(), clock.as_of.isoformat())
    by_side: dict[str, list[derive.Said]] = {}
    for s in said:
        if s.bearing["position"] and s.settles:
            by_side.setdefault(s.about, []).append(s)
    for position in commitment["positions"]:
        if position["own_word"] and position["reading"] in derive.OWN_READINGS:
            by_side.pop((position["side"] or position["actor"])["id"], None)
    return [row for own in by_side.values() for row in derive.positions(own)]


def _position(position: Row, claim: Row, shown: dict[str, Row]) -> Row:
    side, actor = position["side"], position["actor"]
    return {
        "word": say.label(words.POSITIONS, position["position"]),
        "meaning": words.POSITIONS[position["position"]].meaning,
        "actor": actor["name"] if side and side["id"] != actor["id"] else "",
        "mark": say.mark(position["reading"]),
        "is_own_word": position["own_word"] and position["reading"] in ("literal", "implied"),
        "behind": say.word_behind(claim, position["reading"], position["own_word"]),
        "address": timeline.address(claim["id"], shown),
        "statement": claim["statement"],
    }


def _unheard(commitment: Row, actors: list[Row], told: dict[str, Row]) -> list[Row]:
    """Parties of whose side no position is told, and whether the status itself rests on the side's own word."""
    spoke = {claim["side"]["id"] for i in commitment["status_claims"] if (claim := told.get(i)) and claim["side"]}
    heard = {(position["side"] or position["actor"])["id"] for position in commitment["positions"]}
    parties = {party["actor"]["id"] for party in commitment["parties"]}
    sides = [(row, {row["id"], (row["side"] or row)["id"]}) for row in actors if row["id"] in parties]
    return [{"name": say.named(row), "spoke": not spoke.isdisjoint(ids)} for row, ids in sides if heard.isdisjoint(ids)]


def _brief(claim: Row, places: dict[str, str]) -> Row:
    return claims.shown(claim, places) | {"dated": days.how_known(claim["said_on"])}


def _falls(commitment: Row, story: Row, told: dict[str, Row], shown: dict[str, Row], clock: Clock) -> list[Row] | None:
    """What would differ without each claim that status or positions rest on; None of a hub, whose claims are not all
    read."""
    if story["next"] is not None:
        return None
    resting = [claim["id"] for claim in story["resting"] if not claim["retracted"]][:WEIGHED]
    day = clock.as_of.isoformat()
    found = falling.falls(commitment["id"], resting, list(told.values()), story["status_changes"], day)
    return [
        {
            "address": timeline.address(i, shown),
            "statement": told[i]["statement"],
            "who": say.who(told[i]),
            "told": said,
        }
        for i, said in found.items()
    ]


def _pair(pair: Row, shown: dict[str, Row]) -> list[Row]:
    return [
        {
            "address": timeline.address(told["claim"]["id"], shown),
            "statement": told["claim"]["statement"],
            "claimant": told["claim"]["claimant"]["name"],
            "side": told["claim"]["side"]["name"],
            "said_on": say.when(told["claim"]["said_on"]),
            "says": claims.says(told["bearing"]),
            "reading": say.label(words.READINGS, told["bearing"]["reading"]),
            "is_literal": told["bearing"]["reading"] == "literal",
        }
        for told in pair["told"]
    ]


def _sources(shown: dict[str, Row]) -> list[Row]:
    """Each source once, with the captures that the passages stand in."""
    sources: dict[str, Row] = {}
    for passage in (passage for claim in shown.values() for passage in claim["passages"]):
        source = sources.setdefault(passage["source"]["id"], _source(passage["source"]))
        source["captures"][passage["capture"]["id"]] = _capture(passage["capture"])
    return list(sources.values())


def _source(source: Row) -> Row:
    return {
        "id": source["id"],
        "title": source["title"],
        "language": source["language"],
        "kind": say.label(words.SOURCE_KINDS, source["kind"]),
        "publisher": say.published_by(source),
        "published": _dated(source["published"]),
        "byline": source["byline"] or gettext("not known"),
        "url": source["url"],
        "archive_url": source["archive_url"],
        "rights": say.label(words.RIGHTS, source["rights"]),
        "captures": {},
        "seqs": claims.seqs(source),
    }


def _capture(capture: Row) -> Row:
    return capture | {"captured": _dated(capture["captured"])}
