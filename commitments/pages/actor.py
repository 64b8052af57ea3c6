"""The page of one actor: who it is, the offices, what it is a party to, what it said, what is said of its positions,
and where it took part. At most eleven queries, twelve in Spanish."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, gettext

from commitments import vocabulary as words
from commitments.clocks import Clock
from commitments.languages import language_named
from commitments.pages import chain
from commitments.pages import sentences as say
from commitments.pages.firsts import First, claim, commitment, first, first_by
from commitments.pages.naming import in_page_language
from commitments.reading import alone
from commitments.selection import Listed, Selection

Row = dict[str, Any]
# Of each list so many are shown.
SHOWN = 12
BODIES = 40
LATEST = "NULLIF(s.row::json -> 'date' ->> 'latest', '9999-12-31') DESC NULLS LAST, s.label, s.subject_id"
# A person is looked up for what they said, a state for what it is bound by.
PARTS = [f"pages/actor_{part}.html" for part in ("party", "positions", "said", "occasions", "offices")]
PARTS_OF_A_PERSON = [f"pages/actor_{part}.html" for part in ("offices", "said", "positions", "occasions", "party")]
OF_NO_SIDE = ("outlet", "unnamed_group")


def gathered(standing: Listed, clock: Clock) -> Row:
    actor = alone(standing, clock)
    bodies = _bodies(actor, clock)
    offices = _offices(actor, bodies.rows, clock)
    grounds = _grounds(offices.rows, clock)
    parties, own, told = _parties(actor, clock), _said(actor, clock), _told_of(actor, clock)
    behind, english = _behind(actor, told.rows, clock), actor["name"]
    occasions, spoken_for = _taken_part(actor, offices.rows, clock), _spoken_for(actor, clock)
    found = [actor, bodies, offices, own, told, behind, spoken_for]
    actor, bodies, offices, own, told, behind, spoken_for = in_page_language(found, clock)
    return {
        "actor": actor,
        "kind": say.label(words.ACTOR_KINDS, actor["kind"]),
        "names": _other_names(actor, english),
        "parts": PARTS_OF_A_PERSON if actor["kind"] == "person" else PARTS,
        "side": side_in_words(actor),
        "bodies": bodies,
        "offices": [_office(actor, office, grounds) for office in offices.rows],
        "more_offices": offices.others,
        "roles": _by_role(actor, parties.rows),
        "parties": parties,
        "said": [claim(row) for row in own.rows],
        "claims": own,
        "spoken_for": [claim(row) for row in spoken_for.rows],
        "more_spoken_for": spoken_for.others,
        "occasions": [_occasion(row) for row in occasions.rows],
        "more_occasions": occasions.others,
        "positions": _positions(actor, told.rows, behind),
        "more_positions": told.others,
    }


def _other_names(actor: Row, english: str) -> list[tuple[str, str, str]]:
    """Those in other languages than the one it is named in at the head of the page."""
    names = {"en": english} | actor["names"]
    shown = get_language() if get_language() in names else "en"
    return [(tag, language_named(tag), name) for tag, name in names.items() if tag != shown]


def side_in_words(actor: Row) -> str:
    """The press and groups without a name are no side, whatever they belong to."""
    if actor["kind"] in OF_NO_SIDE:
        return gettext("Counts for no side: the press, and groups that a source leaves unnamed, speak for nobody here.")
    if actor["kind"] == "person":
        return gettext("A person counts for the state whose office they held on the day they spoke.")
    if actor["side"] is None:
        return gettext("Counts for no side: it is part of no state.")
    if actor["side"]["id"] == actor["id"]:
        return gettext("A side of its own.")
    return gettext("Counts for: %(side)s.") % {"side": actor["side"]["name"]}


def _bodies(actor: Row, clock: Clock) -> First:
    """What is part of it, by name. One query."""
    rows = Selection.of("actor", clock).holding_any("names", [actor["id"]])
    return first_by(rows, "s.label, s.subject_id", BODIES)


def _offices(actor: Row, bodies: list[Row], clock: Clock) -> First:
    """A person's own, otherwise those at it and at what is part of it; the latest first. One query."""
    rows = Selection.of("office", clock).holding_any("names", [actor["id"], *(body["id"] for body in bodies)])
    return first_by(rows, "s.row::json -> 'from' ->> 'latest' DESC, s.subject_id", BODIES)


def _grounds(offices: list[Row], clock: Clock) -> dict[str, Row]:
    """The passages that offices rest on. One query."""
    ids = sorted({passage for office in offices for passage in office["passages"]})
    return {row["id"]: row for row in Selection.of_plain(clock).among("subject_id", ids).rows()}


def _office(actor: Row, office: Row, grounds: dict[str, Row]) -> Row:
    return {
        "id": office["id"],
        "title": office["title"],
        "person": office["person"] if office["person"]["id"] != actor["id"] else None,
        "body": office["body"] if office["body"]["id"] != actor["id"] else None,
        "held": chain.held_in_words(office),
        "sources": _one_of_each([grounds[passage] for passage in office["passages"] if passage in grounds]),
        "retracted": office["retracted"],
    }


def _one_of_each(passages: list[Row]) -> list[Row]:
    """The first passage in each source."""
    return list({passage["source"]["id"]: passage for passage in reversed(passages)}.values())[::-1]


def _parties(actor: Row, clock: Clock) -> First:
    """What it is a party to: open first, then newest. One query."""
    rows = Selection.as_of_day("commitment", clock).holding_any("parties", [actor["id"]])
    return first(rows, ("-is_open", *rows.standing.list_order), SHOWN)


def _by_role(actor: Row, rows: list[Row]) -> list[Row]:
    """In the rubric's order of roles; a commitment stands under each role that the actor has in it."""
    roles = {
        role: [commitment(row) for row in rows if {"role": role, "actor": actor["id"]} in _held(row)]
        for role in words.ROLES
    }
    return [{"word": say.label(words.ROLES, role), "rows": held} for role, held in roles.items() if held]


def _held(row: Row) -> list[Row]:
    return [{"role": party["role"], "actor": party["actor"]["id"]} for party in row["parties"]]


def _said(actor: Row, clock: Clock) -> First:
    """Its claims, the latest said first. One query."""
    rows = Selection.as_of_day("claim", clock).among("claimant", [actor["id"]])
    return first(rows, rows.standing.newest, SHOWN)


def _spoken_for(actor: Row, clock: Clock) -> First:
    """Claims of others on its behalf, the latest said first. One query."""
    rows = Selection.as_of_day("claim", clock).holding_any("names", [actor["id"]])
    rows = rows.where("s.row::json -> 'on_behalf_of' ->> 'id' = %s", actor["id"])
    return first(rows, rows.standing.newest, SHOWN)


def _taken_part(actor: Row, offices: list[Row], clock: Clock) -> First:
    """Occasions in which it, or whoever held one of these offices, took part, the latest first. One query."""
    rows = Selection.of("occasion", clock).holding_any("names", [actor["id"], *(office["id"] for office in offices)])
    return first_by(rows, LATEST, SHOWN)


def _occasion(row: Row) -> Row:
    access = gettext("Access: %(access)s") % {"access": say.label(words.ACCESS_TERMS, row["access"])}
    facts = [say.label(words.OCCASION_KINDS, row["kind"]), say.when(row["date"]), access]
    return {"id": row["id"], "name": row["name"], "facts": facts, "is_retracted": row["retracted"] is not None}


def _told_of(actor: Row, clock: Clock) -> First:
    """Commitments on which a position of it, or of somebody who counts for it, is told. One query."""
    held = [f"{actor['id']}:{position}" for position in words.POSITIONS]
    rows = Selection.as_of_day("commitment", clock).holding_any("positions", held)
    return first(rows, rows.standing.list_order, SHOWN)


def _behind(actor: Row, rows: list[Row], clock: Clock) -> list[Row]:
    """The claims that tell its positions. One query."""
    ids = sorted({p["claim"] for row in rows for p in row["positions"] if _is_of(actor, p)})
    return Selection.of("claim", clock).among("subject_id", ids).rows()


def _positions(actor: Row, rows: list[Row], behind: list[Row]) -> list[Row]:
    claims = {claim["id"]: claim for claim in behind}
    told = [(row, position) for row in rows for position in row["positions"] if _is_of(actor, position)]
    return [_position(actor, row, position, claims[position["claim"]]) for row, position in told]


def _is_of(actor: Row, position: Row) -> bool:
    return actor["id"] in (position["actor"]["id"], position["side"] and position["side"]["id"])


def _position(actor: Row, row: Row, position: Row, behind: Row) -> Row:
    return {
        "commitment": {"id": row["id"], "slug": row["slug"], "title": say.in_language(row["title"])},
        "word": say.label(words.POSITIONS, position["position"]),
        "actor": position["actor"] if position["actor"]["id"] != actor["id"] else None,
        "mark": say.mark(position["reading"]),
        "behind": say.word_behind(behind, position["reading"], position["own_word"]),
        "claim": behind["id"],
        "statement": behind["statement"],
    }
