"""The way of a claim from the speaker to us, link by link, as a picture and as text: both are made of the same links,
so neither says what the other leaves out."""

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
    """One box. `page` is the noun and id of its own page; `lines` stand in the picture, `further` in the text alone;
    `codes` are digests, each with its name."""

    kind: str
    label: str
    name: str
    lines: list[str]
    further: list[str]
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
    office, further = claim["office"], []
    lines = [gettext("%(office)s, %(body)s") % {"office": office["title"], "body": office["body"]["name"]}] if office else []
    if office and (held := things.get(office["id"])):
        further.append(held_in_words(held))
    if claim["on_behalf_of"]:
        lines.append(gettext("Speaks for %(name)s") % {"name": claim["on_behalf_of"]["name"]})
    lines.append(gettext("Side: %(side)s") % {"side": claim["side"]["name"]} if claim["side"] else gettext("Of no side"))
    page = ("actor", claim["claimant"]["id"])
    return Link("speaker", gettext("Who said it"), claim["claimant"]["name"], lines, further, page)


def held_in_words(office: Row) -> str:
    """From when until when somebody held an office, and how each is known."""
    told = {name: dated(office[member]) for name, member in (("start", "from"), ("end", "to"))}
    return gettext("In office from: %(start)s; until: %(end)s.") % told


def dated(row: Row) -> str:
    return gettext("%(day)s (%(basis)s)") % {"day": say.when(row), "basis": say.basis(row)}


def _occasion(claim: Row, things: dict[str, Row]) -> Link:
    occasion = claim["occasion"]
    said = gettext("Said on: %(when)s.") % {"when": dated(claim["said_on"])}
    if occasion is None:
        told = gettext("Said on %(day)s") % {"day": say.when(claim["said_on"])}
        return Link("occasion", gettext("Where"), gettext("No occasion is told"), [told], [said])
    lines = [
        gettext("%(kind)s, %(day)s")
        % {"kind": say.label(words.OCCASION_KINDS, occasion["kind"]), "day": say.when(occasion["date"])},
        gettext("Access: %(access)s") % {"access": say.label(words.ACCESS_TERMS, occasion["access"])},
        gettext("Place: %(place)s") % {"place": place_of(occasion, things)},
    ]
    access = meaning(words.ACCESS_TERMS[occasion["access"]])
    further = [said, *([access] if access else []), gettext("Its date: %(when)s.") % {"when": dated(occasion["date"])}]
    return Link("occasion", gettext("Where"), occasion["name"], lines, further, ("occasion", occasion["id"]))


def place_of(occasion: Row, things: dict[str, Row]) -> str:
    place = things.get(occasion["place"] or "")
    return say.in_language(place["labels"]) if place else gettext("not told")


def _relay(number: int, hop: Row) -> Link:
    name = hop["actor"]["name"] if hop["actor"] else hop["described_as"]
    lines = [gettext("Its act: %(act)s") % {"act": say.label(words.SPEECH_ACTS, hop["act"])}]
    if not hop["actor"]:
        lines.insert(0, gettext("Not named; so described by the source"))
    further = [hop["note"]] if hop["note"] else []
    label = gettext("Relay %(n)s") % {"n": number}
    return Link("relay", label, name, lines, further, hop["actor"] and ("actor", hop["actor"]["id"]))


def _outlet(source: Row) -> Link:
    publisher = source["publisher"]
    lines = [gettext("Published: %(day)s") % {"day": say.when(source["published"])}]
    further = [
        gettext("Publisher: %(how)s.") % {"how": say.basis(publisher) if publisher else gettext("not known")},
        gettext("Published: %(when)s.") % {"when": dated(source["published"])},
        gettext("Byline: %(byline)s.") % {"byline": source["byline"] or gettext("not known")},
    ]
    name = publisher["name"] if publisher else gettext("Publisher not known")
    page = publisher and ("actor", publisher["id"])
    return Link("outlet", gettext("Outlet"), name, lines, further, page, title=source)


def _read(source: Row, capture: Row) -> Link:
    n = capture["characters"]
    name = ngettext("A copy of %(n)s character", "A copy of %(n)s characters", n) % {"n": n}
    held = gettext("Held by this record") if capture["held"] else gettext("Not held: digests alone")
    lines = [held, gettext("Taken: %(day)s") % {"day": say.when(capture["captured"])}]
    further = [gettext("Taken: %(when)s.") % {"when": dated(capture["captured"])}]
    further += [capture["how"]] if capture["how"] else []
    further.append(gettext("Made into text by: %(normaliser)s.") % {"normaliser": capture["normaliser"]})
    codes = (
        (gettext("SHA-256 of the bytes"), capture["sha256"]),
        (gettext("SHA-256 of the text"), capture["text_sha256"]),
    )
    return Link("read", gettext("What we read"), name, lines, further, ("source", source["id"]), codes=codes)
