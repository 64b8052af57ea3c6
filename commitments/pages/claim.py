"""The page of one claim: the words, the way they came, what they changed, what contradicts them and how independent
they are. At most eleven queries."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from commitments import derive, provenance
from commitments import vocabulary as words
from commitments.clocks import Clock
from commitments.pages import chain, claims, firsts, passages
from commitments.pages import sentences as say
from commitments.pages.badges import badge
from commitments.pages.ledger import entries_of, in_sets
from commitments.pages.naming import in_page_language
from commitments.selection import Listed, Selection

Row = dict[str, Any]
# Status changes and contradictions told.
TOLD = 20
# Other claims of the same root: looked at, and shown.
LOOKED_AT, SHOWN = 60, 10


def gathered(standing: Listed, clock: Clock, now: Row | None = None) -> Row:
    """`now`: the row beside which it is read, if any, for its names. Raises `NotYet`."""
    story, now = in_page_language([provenance.of_claim(standing, clock, TOLD), now], clock)
    claim, told = story["claim"], claims.shown(story["claim"], {})
    about = _commitments(claim, clock)
    things = _things(claim, clock)
    ordered = claims.in_reading_order(claim)
    return {
        "claim": told,
        "words": [_words(claim, passage) for passage in ordered],
        "is_quote_only": any(passage["source"]["rights"] == "quote_only" for passage in ordered),
        "ways": chain.ways(claim, ordered, things),
        "bearings": [
            shown | _standing_now(claim, bearing, about)
            for shown, bearing in zip(told["bearings"], claim["bearings"], strict=True)
        ],
        "changes": [_change(claim, change) for change in story["status_changes"]],
        "contradictions": [_pair(claim, pair) for pair in story["contradictions"]],
        "root": _root(claim, about, clock),
        "sets": in_sets(entries_of(story)),
        "is_part": story["next"] is not None,
        "told": [claim],
        "now": now,
    }


def _commitments(claim: Row, clock: Clock) -> dict[str, Row]:
    """What it bears on, as of the clock's day. One query."""
    ids = sorted({bearing["commitment"]["id"] for bearing in claim["bearings"]})
    found = firsts.first_by(Selection.as_of_day("commitment", clock).among("subject_id", ids), "s.subject_id", len(ids))
    return {row["id"]: row for row in found.rows}


def _things(claim: Row, clock: Clock) -> dict[str, Row]:
    """The office it was said in and the place of the occasion. One query."""
    office, occasion = claim["office"], claim["occasion"]
    ids = [office["id"] if office else None, occasion["place"] if occasion else None]
    rows = Selection.of_plain(clock).among("subject_id", [i for i in ids if i]).rows()
    return {row["id"]: row for row in rows}


def _words(claim: Row, passage: Row) -> Row:
    capture = passage["capture"]
    return passages.shown(passage, passage["source"], capture["characters"]) | {
        "source": passage["source"],
        "is_outlets_word": claims.best_reading(claim, passage) == "outlet",
        "seqs": claims.seqs(passage),
    }


def _standing_now(claim: Row, bearing: Row, about: dict[str, Row]) -> Row:
    """What the commitment's row makes of a bearing on the clock's day."""
    row = about.get(bearing["commitment"]["id"])
    return {
        "badge": badge(row["status"]) if row and row["status"] else None,
        "mark": firsts.mark(row) if row and row["status"] else "",
        "outcome": _outcome(claim, bearing, row) if row and not claim["retracted"] else "",
    }


def _outcome(claim: Row, bearing: Row, row: Row) -> str:
    if bearing["position"]:
        rests = any(p["claim"] == claim["id"] and p["position"] == bearing["position"] for p in row["positions"])
        return (
            gettext("The position that the record shows rests on this claim.")
            if rests
            else gettext("A later word stands in its place.")
        )
    if claim["id"] in row["status_claims"] and row["status"] == bearing["status"]:
        return (
            gettext("The status that the record shows rests on this claim alone.")
            if row["status_claims"] == [claim["id"]]
            else gettext("The status that the record shows rests on this claim and others.")
        )
    return gettext("The status that the record shows does not rest on it.")


def _change(claim: Row, change: Row) -> Row:
    return {
        "id": change["id"],
        "commitment": change["commitment"]["id"],
        "title": say.in_language(change["commitment"]["title"]),
        "badge": change["status"] and badge(change["status"]),
        "mark": say.mark(say.strongest_reading(change["commitment"]["id"], change["status"], [claim])),
        "when": chain.dated(change["effective"]) if change["effective"] else "",
        "reason": change["reason"],
        "is_alone": change["claims"] == [claim["id"]],
        "others": len(change["claims"]) - 1,
        "is_correction": change["nature"] == "correction",
        "is_corrected": change["corrected_by"] is not None,
        "seqs": claims.seqs(change),
    }


def _pair(claim: Row, pair: Row) -> Row:
    """What this claim says of a commitment, and what another says against it."""
    told = [_told(one) for one in pair["told"]]
    own, other = sorted(told, key=lambda one: one["id"] != claim["id"])
    title = say.in_language(pair["commitment"]["title"])
    return {"commitment": pair["commitment"]["id"], "title": title, "sides": [own, other]}


def _told(one: Row) -> Row:
    said = one["claim"]
    return {
        "id": said["id"],
        "statement": said["statement"],
        "claimant": said["claimant"],
        "side": said["side"]["name"],
        "said_on": say.when(said["said_on"]),
        "says": claims.says(one["bearing"]),
        "reading": say.label(words.READINGS, one["bearing"]["reading"]),
        "is_literal": one["bearing"]["reading"] == "literal",
    }


def _root(claim: Row, about: dict[str, Row], clock: Clock) -> Row:
    """Whoever repeats one speaker on one occasion adds a source, not a root (`derive.root`)."""
    same = [row for row in _alike(claim, clock) if derive.root(row) == derive.root(claim) and row["id"] != claim["id"]]
    return {
        "claimant": claim["claimant"],
        "occasion": claim["occasion"],
        "said_on": say.when(claim["said_on"]),
        "is_dated": claim["said_on"]["edtf"] is not None,
        "same": [_same(row) for row in same[:SHOWN]],
        "others": max(0, len(same) - SHOWN),
        "address": f"{reverse('claims')}?{_query(claim)}",
        "counts": [
            {"id": row["id"], "slug": row["slug"], "title": say.in_language(row["title"])} | row["counts"]
            for row in about.values()
            if not row["retracted"]
        ],
    }


def _alike(claim: Row, clock: Clock) -> list[Row]:
    """Claims of the claimant at the occasion or, without one, of the same days, latest first. One query."""
    rows = Selection.as_of_day("claim", clock).among("claimant", [claim["claimant"]["id"]]).where("NOT s.retracted")
    if claim["occasion"]:
        rows = rows.holding_any("names", [claim["occasion"]["id"]])
    else:
        said_on = claim["said_on"]
        rows = rows.where("s.said_earliest = %s AND s.said_latest = %s", said_on["earliest"], said_on["latest"])
    return firsts.first(rows, rows.standing.newest, LOOKED_AT).rows


def _query(claim: Row) -> str:
    """What the list of claims is asked for to have them all."""
    asked = f"claimant={claim['claimant']['id']}"
    if claim["occasion"]:
        return f"{asked}&occasion={claim['occasion']['id']}"
    return f"{asked}&said_on={claim['said_on']['edtf']}" if claim["said_on"]["edtf"] else asked


def _same(row: Row) -> Row:
    titles = dict.fromkeys(passage["source"]["title"] for passage in row["passages"])
    return {"id": row["id"], "statement": row["statement"], "sources": list(titles)}
