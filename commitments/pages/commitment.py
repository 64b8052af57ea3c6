"""The page of one commitment: its whole story as a reader needs it. At most twelve queries.

Of a hub, on which more claims bear than a page can show, it is the first part of the story, with the claims that
status and positions rest on: three queries more.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from commitments import days, provenance
from commitments import vocabulary as words
from commitments.clocks import Clock
from commitments.models.record import Standing
from commitments.pages import claims, timeline
from commitments.pages import sentences as say
from commitments.pages.badges import badge, flags
from commitments.pages.ledger import entries_of, in_sets
from commitments.pages.listing import by_role
from commitments.selection import Selection

Row = dict[str, Any]


def gathered(standing: Standing, clock: Clock) -> Row:
    """Raises `NotYet`."""
    story = provenance.of_commitment(standing, clock)
    commitment = story["commitment"]
    told = _claims(story)
    if story["next"]:
        told |= _resting(commitment, told, clock)
    around = _around(commitment, told, clock)
    places = _terms([row["place"] for row in around["occasions"] if row["place"]], commitment, clock)
    return {
        "commitment": commitment,
        "title": say.in_language(commitment["title"]),
        "summary": say.in_language(commitment["summary"]),
        "flags": flags(commitment),
        "status": _status(commitment, told),
        "facts": _facts(commitment, places),
        "occasion": next(
            (claims.occasion(row, places) for row in around["occasions"] if _is_occasion_of(commitment, row)), None
        ),
        "positions": _positions(commitment, told),
        "timeline": timeline.told(
            commitment["id"], story["status_changes"], list(told.values()), around["occasions"], places
        ),
        "lineage": [_link(link, around["passages"]) for link in commitment["lineage"]],
        "kin": _kin(commitment["id"], clock),
        "claims": [claims.shown(claim, places) for claim in told.values()],
        "contradictions": [_pair(pair) for pair in story["contradictions"]],
        "sources": _sources(told),
        "sets": in_sets(entries_of(story)),
        "is_part": story["next"] is not None,
        "told": list(told.values()),
        "clock": clock,
    }


def _resting(commitment: Row, told: dict[str, Row], clock: Clock) -> dict[str, Row]:
    """Claims that status and positions rest on and that the part does not tell. Three queries."""
    held = [position["claim"] for position in commitment["positions"]]
    resting = [*held, *commitment["status_claims"][: provenance.MOST_TOLD]]
    return {claim["id"]: claim for claim in provenance.of_claims(set(resting) - told.keys(), clock)}


def _claims(story: Row) -> dict[str, Row]:
    """Every claim once: those that statuses rest on, in world order, then the others."""
    cited = [claim for change in story["status_changes"] for claim in change["claims"]]
    return {claim["id"]: claim for claim in (*cited, *story["further_claims"])}


def _around(commitment: Row, told: dict[str, Row], clock: Clock) -> dict[str, list[Row]]:
    """The occasions of the story, and the passages on which lineage rests. One query."""
    occasions = {claim["occasion"]["id"]: claim["occasion"] for claim in told.values() if claim["occasion"]}
    own = [commitment["occasion"]["id"]] if commitment["occasion"] else []
    cited = [passage for link in commitment["lineage"] for passage in link["passages"]]
    rows = Selection.of_plain(clock).among("subject_id", [*own, *cited]).rows()
    occasions |= {row["id"]: row for row in rows if row["id"] in own}
    return {"occasions": list(occasions.values()), "passages": [row for row in rows if row["id"] in cited]}


def _is_occasion_of(commitment: Row, row: Row) -> bool:
    return commitment["occasion"] is not None and commitment["occasion"]["id"] == row["id"]


def _terms(places: list[str], commitment: Row, clock: Clock) -> dict[str, str]:
    """Labels of the terms that the page shows. One query."""
    ids = {commitment["kind"], *commitment["places"], *commitment["topics"], *places}
    rows = Selection.of_plain(clock).among("subject_id", sorted(ids)).rows()
    return {row["id"]: say.in_language(row["labels"]) for row in rows}


def _status(commitment: Row, told: dict[str, Row]) -> Row | None:
    """None where it was retracted."""
    if commitment["status"] is None:
        return None
    resting = [told[claim] for claim in commitment["status_claims"] if claim in told]
    return {
        "badge": badge(commitment["status"]),
        "mark": say.mark(say.strongest_reading(commitment["id"], commitment["status"], resting)),
        "sentence": say.status_sentence(commitment, resting),
        "claims": [_support(commitment, claim) for claim in resting],
        "silent_since": commitment["silent_since"] and days.day(commitment["silent_since"]),
        "counts": commitment["counts"],
    }


def _support(commitment: Row, claim: Row) -> Row:
    bearings = say.carrying(commitment["id"], commitment["status"], claim)
    return {
        "id": claim["id"],
        "who": say.who(claim),
        "statement": claim["statement"],
        "directness": say.directness(claim["directness"]),
        "readings": [(say.label(words.READINGS, bearing["reading"]), bearing["note"]) for bearing in bearings],
    }


def _facts(commitment: Row, terms: dict[str, str]) -> list[tuple[str, str]]:
    facts = [
        *by_role(commitment),
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


def _positions(commitment: Row, told: dict[str, Row]) -> list[Row]:
    """By side, in the order of the row."""
    sides: dict[str, Row] = {}
    for position in commitment["positions"]:
        side = position["side"] or position["actor"]
        sides.setdefault(side["id"], {"name": side["name"], "told": []})["told"].append(_position(position, told))
    return list(sides.values())


def _position(position: Row, told: dict[str, Row]) -> Row:
    side, actor, claim = position["side"], position["actor"], told[position["claim"]]
    return {
        "word": say.label(words.POSITIONS, position["position"]),
        "meaning": words.POSITIONS[position["position"]].meaning,
        "actor": actor["name"] if side and side["id"] != actor["id"] else "",
        "mark": say.mark(position["reading"]),
        "behind": say.word_behind(claim, position["reading"], position["own_word"]),
        "claim": claim["id"],
        "statement": claim["statement"],
    }


def _link(link: Row, passages: list[Row]) -> Row:
    """A tie to another commitment, with the words it rests on."""
    return {
        "type": say.label(words.LINEAGE_TYPES, link["type"]),
        "id": link["commitment"]["id"],
        "title": say.in_language(link["commitment"]["title"]),
        "reading": say.label(words.READINGS, link["reading"]),
        "note": link["note"],
        "passages": [_ground(passage) for passage in passages if passage["id"] in link["passages"]],
    }


def _ground(passage: Row) -> Row:
    return {
        "exact": passage["exact"],
        "sha256": passage["exact_sha256"],
        "where": say.position_in_text(passage),
        "source": passage["source"]["title"],
    }


def _kin(commitment_id: str, clock: Clock) -> list[Row]:
    """The commitments whose lineage names this one. One query."""
    rows = Selection.of("commitment", clock).holding_any("names", [commitment_id]).rows()
    return [
        {
            "id": row["id"],
            "title": say.in_language(row["title"]),
            "type": say.label(words.LINEAGE_TYPES, link["type"]),
            "reading": say.label(words.READINGS, link["reading"]),
            "note": link["note"],
        }
        for row in rows
        for link in row["lineage"]
        if link["commitment"]["id"] == commitment_id
    ]


def _pair(pair: Row) -> list[Row]:
    return [
        {
            "id": told["claim"]["id"],
            "statement": told["claim"]["statement"],
            "claimant": told["claim"]["claimant"]["name"],
            "side": told["claim"]["side"]["name"],
            "said_on": say.when(told["claim"]["said_on"]),
            "reading": say.label(words.READINGS, told["bearing"]["reading"]),
        }
        for told in pair["told"]
    ]


def _sources(told: dict[str, Row]) -> list[Row]:
    """Each source once, with the captures that the passages stand in."""
    sources: dict[str, Row] = {}
    for passage in (passage for claim in told.values() for passage in claim["passages"]):
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
