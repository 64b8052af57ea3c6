"""How we know: every word of the rubric with what it means, and where in this record it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

import orjson
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commitments import vocabulary as words
from commitments.clocks import Clock
from commitments.languages import in_language, meaning
from commitments.pages import sentences as say
from commitments.pages.answering import PageView
from commitments.pages.badges import badge
from commitments.pages.named import page_of
from commitments.selection import Selection

Row = dict[str, Any]
# Where a word stands: an address, and how many are found there (0: that one thing).
Places = dict[tuple[str, str], tuple[str, int]]
# Things of a noun that are looked through for an example.
LOOKED_AT = 200
FACETS = {"commitment": ("status", "form"), "claim": ("asserts", "reading", "speech_act")}
FLAGS = ("disputed", "overdue", "single_party")


class Section(NamedTuple):
    """A list of the rubric, under an anchor; `facet` is what a list of the record is asked with."""

    id: str
    facet: str
    heading: str | Promise
    about: str | Promise
    listed: words.Words


GROUPS = (
    ("open", _("Open"), _("Still to be done, or on the table."), words.OPEN),
    ("neither", _("Neither open nor closed"), _("Talked about, or the words carry no status."), words.NEITHER),
    ("closed", _("Closed"), _("Ended, one way or another; a new claim may open it again."), words.CLOSED),
)
SECTIONS = (
    Section(
        "position",
        "asserts",
        _("Positions"),
        _("Where one side stands on a commitment. Apart from its status: a side may have accepted what is stalled."),
        words.POSITIONS,
    ),
    Section(
        "reading",
        "reading",
        _("Readings"),
        _(
            "How we get from the words to what they are recorded to say. All but the first are marked wherever they "
            "are shown, and carry a note."
        ),
        words.READINGS,
    ),
    Section(
        "date",
        "date",
        _("How a date is known"),
        _(
            "No date stands without its basis. Where a source says “Thursday”, the note shows how the day was "
            "worked out."
        ),
        words.DATE_BASES,
    ),
    Section(
        "voice",
        "voice",
        _("Voices"),
        _("In whose words a passage tells it, as the source presents it."),
        words.VOICES,
    ),
    Section(
        "access",
        "access",
        _("Access to an occasion"),
        _("Who was let in to hear it. What was said behind closed doors reaches us through others."),
        words.ACCESS_TERMS,
    ),
    Section("act", "speech_act", _("Speech acts"), _("What somebody did by saying it."), words.SPEECH_ACTS),
    Section("form", "form", _("Forms of a commitment"), _("What kind of undertaking it is."), words.FORMS),
    Section(
        "check",
        "check",
        _("Checks of a passage"),
        _("Whether the words of a passage still stand where we marked them."),
        words.ANCHORS,
    ),
)
# Worked out from the claims and never typed in (`commitments.derive`).
DERIVED = {
    "open": (_("Open"), _("Its status is one of the open group. No passed deadline and no long silence closes it.")),
    "single_party": (_("One side only"), _("The claims under its status all come from one side.")),
    "disputed": (
        _("Disputed between the sides"),
        _(
            "Claimants of different sides say what cannot both be so, and nothing has settled it: neither a later "
            "word of the party on its own position nor a later status that cites both."
        ),
    ),
    "overdue": (
        _("Overdue"),
        _(
            "It is open, and the latest day of its deadline has passed. No clock changes a status: it stays open "
            "until somebody says otherwise."
        ),
    ),
    "silent": (
        _("Silent since"),
        _("Of an open commitment, the last day on which anybody said anything that bears on it."),
    ),
    "own_word": (
        _("Its own side's word"),
        _("A side's position as that side told it itself. Its own later word removes its older ones."),
    ),
    "directness": (
        _("Directness"),
        _(
            "How many relays lie between the speaker and the page we read, and one more unless the publisher is "
            "known to be of the speaker's own side. 0 is first hand."
        ),
    ),
    "roots": (
        _("Independent roots"),
        _(
            "Who said it, and on which occasion or day. Five papers that quote one briefing are five sources and "
            "one root."
        ),
    ),
}


class HowPage(PageView):
    """At most nine queries."""

    template = "pages/how.html"

    def gathered(self) -> Row:
        clock = self.resolve_clock()
        places = counted(clock) | flagged(clock) | met(clock)
        rubric = words.rubric()
        return {
            "version": rubric["version"],
            "groups": list(statuses(places)),
            "rules": [in_language(rule) for rule in rubric["rules"]],  # type: ignore[attr-defined]
            "sections": list(sections(places)),
            "derived": list(derived(places)),
            "contradictions": contradictions(),
            "seq": clock.seq,
            "withheld": places.get(("words", "withheld")),
        }


def counted(clock: Clock) -> Places:
    """Lists that hold a word. Two queries."""
    found: Places = {}
    for noun, facets in FACETS.items():
        address = reverse(f"{noun}s")
        for name, values in Selection.of(noun, clock).faceted(facets).items():
            for value in values:
                query = urlencode({name: value["value"]})
                found[name, value["value"]] = f"{address}?{query}", value["count"]
    return found


def flagged(clock: Clock) -> Places:
    """Three queries."""
    rows = Selection.of("commitment", clock)
    selected = {
        "disputed": rows.being("disputed", True),
        "overdue": rows.overdue(clock.as_of, True),
        "single_party": rows.being("single_party", True),
    }
    counts = {flag: chosen.counted()["value"] for flag, chosen in selected.items()}
    address = reverse("commitments")
    return {("flag", flag): (f"{address}?{flag}=true", count) for flag, count in counts.items() if count}


def met(clock: Clock) -> Places:
    """Single things in which a word stands that no list can be asked for. Three queries."""
    found: Places = {}
    for noun, words_of in (("claim", _of_claim), ("commitment", _of_commitment), ("occasion", _of_occasion)):
        rows = Selection.of(noun, clock)
        for listed in rows.listed(rows.standing.list_order, None, LOOKED_AT):
            for word in words_of(orjson.loads(listed.row)):
                if address := page_of(noun, listed.subject_id):
                    found.setdefault(word, (address, 0))
    return found


def _of_claim(claim: Row) -> Iterator[tuple[str, str]]:
    yield "date", claim["said_on"]["basis"]
    for passage in claim["passages"]:
        yield "voice", passage["voice"]
        yield "check", passage["check"]
        if passage["exact"] is None:
            yield "words", "withheld"


def _of_commitment(commitment: Row) -> Iterator[tuple[str, str]]:
    dates = (commitment["made_on"], commitment["due"], commitment["status_since"])
    yield from (("date", day["basis"]) for day in dates if day)


def _of_occasion(occasion: Row) -> Iterator[tuple[str, str]]:
    yield "access", occasion["access"]
    yield "date", occasion["date"]["basis"]


def statuses(places: Places) -> Iterator[Row]:
    for slug, heading, about, group in GROUPS:
        told = [_word("status", words.STATUSES, status, places) | {"badge": badge(status)} for status in group]
        yield {"id": slug, "heading": heading, "about": about, "words": told}


def sections(places: Places) -> Iterator[Row]:
    for section in SECTIONS:
        told = [_word(section.id, section.listed, slug, places, section.facet) for slug in section.listed]
        is_short = not any(word["meaning"] for word in told)
        yield {
            "id": section.id,
            "heading": section.heading,
            "about": section.about,
            "words": told,
            "is_short": is_short,
        }


def derived(places: Places) -> Iterator[Row]:
    for slug, (term, said) in DERIVED.items():
        yield {"id": f"flag-{slug}", "label": term, "meaning": said, "place": places.get(("flag", slug))}


def contradictions() -> list[tuple[str | Promise, list[str]]]:
    """Pairs that cannot both be so, in words."""
    return [
        (_("Statuses"), _pairs(words.STATUSES, words.CONTRADICTORY_STATUSES)),
        (_("Positions of one side"), _pairs(words.POSITIONS, words.CONTRADICTORY_POSITIONS)),
    ]


def _pairs(listed: words.Words, pairs: Iterable[frozenset[str]]) -> list[str]:
    order = {slug: place for place, slug in enumerate(listed)}
    sorted_pairs = sorted(sorted(pair, key=order.__getitem__) for pair in pairs)
    return [" / ".join(say.label(listed, slug) for slug in pair) for pair in sorted_pairs]


def _word(name: str, listed: words.Words, slug: str, places: Places, facet: str = "status") -> Row:
    return {
        "id": f"{name}-{slug}",
        "label": say.label(listed, slug),
        "meaning": meaning(listed[slug]),
        "place": places.get((facet, slug)),
    }
