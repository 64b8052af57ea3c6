"""The words in which pages tell statuses, dates and provenance. Nothing here says more than its row does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from commitments import vocabulary as words
from commitments.days import OPEN_SIDE, basis, side, when
from commitments.languages import label

Row = dict[str, Any]


def in_language(labels: Row) -> str:
    """A title, a summary or a term's label; English where the page's language has none."""
    return labels.get(get_language()) or labels["en"] or ""


def instant(text: str) -> str:
    return gettext("%(time)s UTC") % {"time": date_format(datetime.fromisoformat(text), "j F Y, H:i")}


def since(told: Row) -> str:
    """From when a status holds."""
    start, slash, end = (told["edtf"] or "").partition("/")
    if told["edtf"] is None:
        return gettext("since when is not known")
    if start in OPEN_SIDE:
        return gettext("true by %(day)s") % {"day": side(end, told["latest"])}
    if slash or "X" in start:
        return gettext("since a day %(dates)s") % {"dates": when(told)}
    return gettext("since %(day)s") % {"day": when(told)}


def who(claim: Row) -> str:
    """The claimant with office, and whom they speak for."""
    name = claim["claimant"]["name"]
    if claim["office"]:
        name = f"{name}, {claim['office']['title']}"
    if claim["on_behalf_of"]:
        name = gettext("%(name)s, on behalf of %(other)s") % {"name": name, "other": claim["on_behalf_of"]["name"]}
    return name


def on_whose_word(claims: Iterable[Row]) -> str:
    """ "A, ambassador, alone" or "A, ambassador, and B"."""
    names = list(dict.fromkeys(map(who, claims)))
    if len(names) == 1:
        comma = "," if "," in names[0] else ""
        return gettext("%(who)s alone") % {"who": f"{names[0]}{comma}"}
    return gettext(", and ").join(names)


def strongest_reading(commitment_id: str, status: str | None, claims: Iterable[Row]) -> str | None:
    """The best reading under which the claims carry the status; None where none of them does."""
    found = {bearing["reading"] for claim in claims for bearing in carrying(commitment_id, status, claim)}
    return next((reading for reading in words.READINGS if reading in found), None)


def carrying(commitment_id: str, status: str | None, claim: Row) -> list[Row]:
    """The bearings of a claim that say this very status of the commitment."""
    return [b for b in claim["bearings"] if b["commitment"]["id"] == commitment_id and b["status"] == status]


def mark(reading: str | None) -> str:
    """What is shown beside whatever rests on another reading than the literal one."""
    return "" if reading in (None, "literal") else label(words.READINGS, reading).lower()


def status_sentence(commitment: Row, claims: list[Row]) -> str:
    """The status, on whose word, since when and how that is known, in one sentence."""
    reading = mark(strongest_reading(commitment["id"], commitment["status"], claims))
    one_side = gettext(" [one side only]") if commitment["flags"]["single_party"] else ""
    return gettext("%(status)s, on the word of %(who)s; %(since)s (%(basis)s).") % {
        "status": label(words.STATUSES, commitment["status"]) + (f" [{reading}]" if reading else ""),
        "who": on_whose_word(claims) + one_side,
        "since": since(commitment["status_since"]),
        "basis": basis(commitment["status_since"]),
    }


def word_behind(claim: Row, reading: str, own: bool) -> str:
    """Whose word a position is, never the claimant's where it is the outlet's or ours."""
    told = {"who": who(claim)}
    if reading == "outlet":
        return gettext("In the outlet's word, from a claim of %(who)s") % told
    if reading == "inference":
        return gettext("By our inference, from a claim of %(who)s") % told
    if own:
        return gettext("Its own side's word: %(who)s") % told
    return gettext("Not its own side's word: %(who)s") % told


def directness(relays: int) -> str:
    if relays == 0:
        return gettext("First hand: published by the claimant's own side")
    return ngettext("Through one relay", "Through %(relays)s relays", relays) % {"relays": relays}


def position_in_text(passage: Row) -> str:
    """Where in the captured text the words stand. `end` is exclusive."""
    where = label(words.LOCATORS, passage["locator"])
    if passage["locator_at"]:
        where = f"{where} {passage['locator_at']}"
    return gettext("%(where)s, characters %(start)s to %(end)s of the text") % {
        "where": where,
        "start": passage["start"],
        "end": passage["end"],
    }


def published_by(source: Row) -> str:
    publisher = source["publisher"]
    if publisher is None:
        return gettext("publisher not known")
    return gettext("%(name)s (publisher; %(basis)s)") % {"name": publisher["name"], "basis": basis(publisher)}
