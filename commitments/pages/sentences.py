"""The words in which pages tell statuses, dates and provenance. Nothing here says more than its row does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from commitments import vocabulary as words
from commitments.days import OPEN_SIDE, basis, side, when, written
from commitments.languages import label

Row = dict[str, Any]
# Claimants whom a sentence names.
NAMED = 3
# The positions that say of one side what the status says.
CARRIED_BY = {"proposed": ("proposes",), "declined": ("not_accepted", "declines")}


def in_language(labels: Row) -> str:
    """A title, a summary or a term's label; English where the page's language has none."""
    return labels.get(get_language()) or labels["en"] or ""


def named(row: Row) -> str:
    """The name of an actor or occasion; of what has names in several languages the one in the page's."""
    return row.get("names", {}).get(get_language()) or row["name"]


def instant(text: str) -> str:
    at = datetime.fromisoformat(text)
    return gettext("%(time)s UTC") % {"time": f"{written(at)}, {at:%H:%M}"}


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
    """ "A, ambassador, alone" or "A, ambassador, and B"; beyond three names only how many more."""
    names = list(dict.fromkeys(map(who, claims)))
    if len(names) == 1:
        comma = "," if "," in names[0] else ""
        return gettext("%(who)s alone") % {"who": f"{names[0]}{comma}"}
    named = gettext(", and ").join(names[:NAMED])
    if not (others := len(names) - NAMED) > 0:
        return named
    return ngettext("%(names)s, and %(n)s other", "%(names)s, and %(n)s others", others) % {
        "names": named,
        "n": others,
    }


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
    """The status, of whom, how it was read, on whose word, since when and how that is known: one sentence that can
    stand alone. The party is named where the claims behind the status tell the position of one side that carries it,
    no less surely than they tell the status."""
    told = {
        "status": _as_read(commitment, claims),
        "who": _on_the_word_of(commitment, claims),
        "since": dated(commitment["status_since"], claims),
    }
    if commitment["flags"]["disputed"]:
        return gettext("%(status)s, on the word of %(who)s, while the sides contradict each other; %(since)s.") % told
    return gettext("%(status)s, on the word of %(who)s; %(since)s.") % told


def _as_read(commitment: Row, claims: list[Row]) -> str:
    reading = strongest_reading(commitment["id"], commitment["status"], claims)
    told = {"status": label(words.STATUSES, commitment["status"])}
    if side := _carried_by(commitment, claims, reading):
        told["status"] = gettext("%(status)s by %(side)s") % (told | {"side": in_a_sentence(side)})
    if reading == "implied":
        return gettext("%(status)s, by implication") % told
    if reading == "outlet":
        return gettext("%(status)s, in the outlet's word") % told
    return gettext("%(status)s, as we infer it") % told if reading == "inference" else told["status"]


def _carried_by(commitment: Row, claims: list[Row], reading: str | None) -> str | None:
    """The one side whose position is what the status says."""
    order = list(words.READINGS)
    if reading is None or commitment["status"] not in CARRIED_BY:
        return None
    sides = {
        (position["side"] or position["actor"])["name"]
        for position in commitment["positions"]
        if position["position"] in CARRIED_BY[commitment["status"]]
        and position["claim"] in {claim["id"] for claim in claims}
        and order.index(position["reading"]) <= order.index(reading)
    }
    return sides.pop() if len(sides) == 1 else None


def in_a_sentence(side: str) -> str:
    """English says "the United States", "the United Kingdom"; a name by itself goes without."""
    return f"the {side}" if get_language() == "en" and side.startswith("United ") else side


def _on_the_word_of(commitment: Row, claims: list[Row]) -> str:
    named = on_whose_word(claims)
    if commitment["flags"]["single_party"] and len(set(map(who, claims))) > 1:
        return gettext("%(who)s, of one side only") % {"who": named}
    return named


def dated(told: Row, claims: Iterable[Row]) -> str:
    """From when a status holds and how that is known. What is only known by the day it was said is dated as that."""
    how = _how_dated(told)
    if told["basis"] == "known_by":
        said = (c["said_on"] for c in claims if c["said_on"]["earliest"] == c["said_on"]["latest"] == told["latest"])
        if not (said_on := next(said, None)):
            return gettext("%(since)s (when it began is not told)") % {"since": since(told)}
        day = gettext("%(since)s, the day it was said") % {"since": since(told)}
        how = "" if said_on["basis"] in ("stated", "known_by") else _how_dated(said_on)
        return gettext("%(day)s: %(how)s") % {"day": day, "how": how} if how else day
    return gettext("%(since)s, %(how)s") % {"since": since(told), "how": how} if how else since(told)


def _how_dated(told: Row) -> str:
    if told["basis"] == "weekday_resolved" and told["earliest"] == told["latest"]:
        weekday = date_format(date.fromisoformat(told["latest"]), "l")
        return gettext("a %(weekday)s, its date worked out from the weekday") % {"weekday": weekday}
    return {
        "stated": gettext("as the source says"),
        "dateline": gettext("a date from the dateline"),
        "weekday_resolved": gettext("worked out from a weekday"),
        "caption": gettext("a date from a caption"),
        "file_name": gettext("a date from the name of a file"),
        "curator_estimate": gettext("as we estimate"),
    }.get(told["basis"], "")


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
