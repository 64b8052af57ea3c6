"""A claim as its page section needs it: who, the words, the way they came, and what they bear on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from commitments import vocabulary as words
from commitments.pages import sentences as say
from commitments.pages.passages import quoted, translated

Row = dict[str, Any]
READING_ORDER = {reading: place for place, reading in enumerate(words.READINGS)}


def shown(claim: Row, places: dict[str, str]) -> Row:
    passages = in_reading_order(claim)
    numbers = {passage["id"]: number for number, passage in enumerate(passages, 1)}
    return {
        "id": claim["id"],
        "statement": claim["statement"],
        "who": say.who(claim),
        "claimant": claim["claimant"]["id"],
        "body": claim["office"] and claim["office"]["body"]["name"],
        "side": claim["side"] and claim["side"]["name"],
        "act": say.label(words.SPEECH_ACTS, claim["speech_act"]),
        "said_on": say.when(claim["said_on"]),
        "basis": say.basis(claim["said_on"]),
        "occasion": claim["occasion"] and occasion(claim["occasion"], places),
        "directness": say.directness(claim["directness"]),
        "passages": [_passage(claim, passage, numbers) for passage in passages],
        "bearings": [_bearing(claim, bearing, numbers) for bearing in claim["bearings"]],
        "retracted": claim["retracted"],
        "seqs": seqs(claim),
    }


def in_reading_order(claim: Row) -> list[Row]:
    """Its passages, those first that carry it best."""
    return sorted(claim["passages"], key=lambda passage: READING_ORDER.get(best_reading(claim, passage) or "", 0))


def occasion(row: Row, places: dict[str, str]) -> Row:
    return {
        "id": row["id"],
        "name": row["name"],
        "kind": say.label(words.OCCASION_KINDS, row["kind"]),
        "access": say.label(words.ACCESS_TERMS, row["access"]),
        "when": say.when(row["date"]),
        "basis": say.basis(row["date"]),
        "place": places.get(row["place"]) or gettext("not told"),
    }


def seqs(row: Row) -> list[int]:
    return [entry["seq"] for entry in row["entries"]]


def best_reading(claim: Row, passage: Row) -> str | None:
    """The best reading of the bearings that rest on the passage."""
    resting = {bearing["reading"] for bearing in claim["bearings"] if passage["id"] in bearing["passages"]}
    return next((reading for reading in words.READINGS if reading in resting), None)


def _passage(claim: Row, passage: Row, numbers: dict[str, int]) -> Row:
    is_outlets_word = best_reading(claim, passage) == "outlet"
    return {
        "number": numbers[passage["id"]],
        "exact": quoted(passage, passage["source"]),
        "is_quote_only": passage["source"]["rights"] == "quote_only",
        "language": passage["source"]["language"],
        "sha256": passage["exact_sha256"],
        "where": say.position_in_text(passage),
        "voice": words.VOICES[passage["voice"]].meaning,
        "voice_label": say.label(words.VOICES, passage["voice"]),
        "translated": translated(passage["translated"]),
        "check": words.ANCHORS[passage["check"]].meaning,
        "is_outlets_word": is_outlets_word,
        "way": [_start(claim, is_outlets_word), *map(_hop, passage["hops"])],
        "source": _source(passage["source"]),
        "retracted": passage["retracted"],
        "seqs": seqs(passage),
    }


def _start(claim: Row, is_outlets_word: bool) -> str:
    told = {"who": say.who(claim)}
    if is_outlets_word:
        return gettext("%(who)s, told in the outlet's own word") % told
    return gettext("%(who)s") % told


def _hop(hop: Row) -> str:
    name = hop["actor"]["name"] if hop["actor"] else hop["described_as"]
    told = {"name": name, "act": say.label(words.SPEECH_ACTS, hop["act"])}
    relayed = gettext("relayed by %(name)s (act: %(act)s)") % told
    return f"{relayed}. {hop['note']}" if hop["note"] else relayed


def _source(source: Row) -> Row:
    return {
        "id": source["id"],
        "title": source["title"],
        "language": source["language"],
        "publisher": say.published_by(source),
        "published": say.when(source["published"]),
        "basis": say.label(words.DATE_BASES, source["published"]["basis"]).lower(),
    }


def _bearing(claim: Row, bearing: Row, numbers: dict[str, int]) -> Row:
    return {
        "commitment": bearing["commitment"]["id"],
        "title": say.in_language(bearing["commitment"]["title"]),
        "says": says(bearing),
        "reading": say.label(words.READINGS, bearing["reading"]),
        "is_literal": bearing["reading"] == "literal",
        "note": bearing["note"],
        "passages": [numbers[passage] for passage in bearing["passages"]],
    }


def says(bearing: Row) -> str:
    if bearing["status"]:
        return gettext("Status: %(status)s") % {"status": say.label(words.STATUSES, bearing["status"])}
    position = say.label(words.POSITIONS, bearing["position"])
    return gettext("Position of %(actor)s: %(position)s") % {
        "actor": say.in_a_sentence(bearing["actor"]["name"]),
        "position": position,
    }
