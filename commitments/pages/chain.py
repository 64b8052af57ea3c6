"""The way of a claim from the speaker to us, link by link: each is a box of a picture and a sentence of a text."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext, ngettext

from commitments import vocabulary as words
from commitments.languages import meaning
from commitments.pages import sentences as say

Row = dict[str, Any]


@dataclass(frozen=True)
class Link:
    """`lines` stand in the box, `told` in the text, with every basis; `page` is the noun and id of its own page,
    `title` the source of an outlet's words, `codes` are digests with what each is of."""

    kind: str
    label: str
    name: str
    lines: list[str]
    told: list[str]
    page: tuple[str, str] | None = None
    title: Row | None = None
    codes: tuple[tuple[str, str], ...] = ()


def ways(claim: Row, passages: list[Row], things: dict[str, Row]) -> list[Row]:
    """Passages that came by one way stand together, by their numbers. `things`: office and place, by id."""
    numbered = sorted(enumerate(passages, 1), key=lambda pair: _way(pair[1]))
    grouped = [list(same) for _, same in groupby(numbered, key=lambda pair: _way(pair[1]))]
    return [
        {"numbers": [number for number, _ in same], "links": _links(claim, same[0][1], things)}
        for same in sorted(grouped, key=lambda same: same[0][0])
    ]


def _links(claim: Row, passage: Row, things: dict[str, Row]) -> list[Link]:
    relays = [_relay(number, hop) for number, hop in enumerate(passage["hops"], 1)]
    source, capture = passage["source"], passage["capture"]
    return [_speaker(claim, things), _occasion(claim, things), *relays, _outlet(source), _read(source, capture)]


def _way(passage: Row) -> tuple[str, ...]:
    hops = [f"{(hop['actor'] or {}).get('id')}{hop['described_as']}{hop['act']}" for hop in passage["hops"]]
    return (passage["source"]["id"], passage["capture"]["id"], *hops)


def _speaker(claim: Row, things: dict[str, Row]) -> Link:
    office = claim["office"]
    lines = [gettext("Of no side")]
    if claim["side"]:
        lines = [gettext("Side: %(side)s") % {"side": claim["side"]["name"]}]
    if claim["on_behalf_of"]:
        lines.insert(0, gettext("Speaks for %(name)s") % {"name": claim["on_behalf_of"]["name"]})
    if office:
        lines.insert(0, f"{office['title']}, {office['body']['name']}")
    held = [held_in_words(things[office["id"]])] if office and office["id"] in things else []
    told = [*(f"{line}." for line in lines), *held]
    return Link("speaker", gettext("Who said it"), claim["claimant"]["name"], lines, told, _actor(claim["claimant"]))


def held_in_words(office: Row) -> str:
    """From when until when somebody held an office, and how each is known."""
    told = {name: dated(office[member]) for name, member in (("start", "from"), ("end", "to"))}
    return gettext("In office from: %(start)s; until: %(end)s.") % told


def dated(row: Row) -> str:
    return f"{say.when(row)} ({say.basis(row)})"


def _occasion(claim: Row, things: dict[str, Row]) -> Link:
    occasion = claim["occasion"]
    said = gettext("Said on: %(when)s.") % {"when": dated(claim["said_on"])}
    if occasion is None:
        told = gettext("Said on %(day)s") % {"day": say.when(claim["said_on"])}
        return Link("occasion", gettext("Where"), gettext("No occasion is told"), [told], [said])
    kind = say.label(words.OCCASION_KINDS, occasion["kind"])
    access = gettext("Access: %(access)s") % {"access": say.label(words.ACCESS_TERMS, occasion["access"])}
    place = gettext("Place: %(place)s") % {"place": place_of(occasion, things)}
    held = gettext("Held: %(when)s.") % {"when": dated(occasion["date"])}
    means = meaning(words.ACCESS_TERMS[occasion["access"]])
    told = [f"{kind}.", held, f"{access}.", *([means] if means else []), f"{place}."]
    lines = [f"{kind}, {say.when(occasion['date'])}", access, place]
    if occasion["date"] != claim["said_on"]:
        told.insert(0, said)
    return Link("occasion", gettext("Where"), occasion["name"], lines, told, ("occasion", occasion["id"]))


def place_of(occasion: Row, things: dict[str, Row]) -> str:
    place = things.get(occasion["place"] or "")
    return say.in_language(place["labels"]) if place else gettext("not told")


def _relay(number: int, hop: Row) -> Link:
    act = gettext("Its act: %(act)s") % {"act": say.label(words.SPEECH_ACTS, hop["act"])}
    lines = [act] if hop["actor"] else [gettext("Not named; so described by the source"), act]
    told = [*(f"{line}." for line in lines), *([hop["note"]] if hop["note"] else [])]
    name = hop["actor"]["name"] if hop["actor"] else hop["described_as"]
    return Link("relay", gettext("Relay %(n)s") % {"n": number}, name, lines, told, _actor(hop["actor"]))


def _outlet(source: Row) -> Link:
    publisher = source["publisher"]
    name = publisher["name"] if publisher else gettext("Publisher not known")
    lines = [gettext("Published: %(day)s") % {"day": say.when(source["published"])}]
    how = [gettext("The publisher is known so: %(basis)s.") % {"basis": say.basis(publisher)}] if publisher else []
    told = [
        *how,
        gettext("Published: %(when)s.") % {"when": dated(source["published"])},
        gettext("Byline: %(byline)s.") % {"byline": source["byline"] or gettext("not known")},
    ]
    return Link("outlet", gettext("Outlet"), name, lines, told, _actor(publisher), title=source)


def _read(source: Row, capture: Row) -> Link:
    n = capture["characters"]
    name = ngettext("A copy of %(n)s character", "A copy of %(n)s characters", n) % {"n": n}
    held = gettext("Held by this record") if capture["held"] else gettext("Not held: digests alone")
    lines = [held, gettext("Taken: %(day)s") % {"day": say.when(capture["captured"])}]
    told = [f"{held}.", gettext("Taken: %(when)s.") % {"when": dated(capture["captured"])}]
    told += [capture["how"]] if capture["how"] else []
    told.append(gettext("Made into text by: %(normaliser)s.") % {"normaliser": capture["normaliser"]})
    codes = (
        (gettext("SHA-256 of the bytes"), capture["sha256"]),
        (gettext("SHA-256 of the text"), capture["text_sha256"]),
    )
    return Link("read", gettext("What we read"), name, lines, told, ("source", source["id"]), codes=codes)


def _actor(named: Row | None) -> tuple[str, str] | None:
    return ("actor", named["id"]) if named else None
