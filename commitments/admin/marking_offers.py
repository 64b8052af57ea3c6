"""What is offered beside the text: places for a selection or for words, and suggestions. Nothing of it is saved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat, Lower
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.admin.marking_drafts import are_kept
from commitments.captures import places, suggest
from commitments.captures.display import plain
from commitments.models import Actor, ActorName, Office, Source

MOST_SUGGESTED = 40
LONGEST_NUMBER = 9  # digits
AROUND = 40  # characters of context beside a place


@dataclass(frozen=True)
class Offer:
    """`fills`: form fields with their values, which a link carries as its query too."""

    words: str
    note: str
    fills: dict[str, Any]

    @property
    def query(self) -> str:
        return urlencode(self.fills)

    @property
    def as_json(self) -> str:
        return json.dumps(self.fills)


def selection_of(text: str, rights: str, start: object, end: object) -> dict[str, Any]:
    """Of positions as somebody typed them; nothing where they are no numbers."""
    told = [str(start), str(end)]
    if not all(number.isdecimal() and len(number) < LONGEST_NUMBER for number in told):
        return {}
    return selection(text, rights, *map(int, told))


def selection(text: str, rights: str, start: int, end: int) -> dict[str, Any]:
    """What a form would take of a selection: trimmed, with guesses, and with what is not kept said."""
    place = places.trimmed(text, start, end)
    if place.start >= place.end:
        return {"said": _("Nothing is selected.")}
    words = text[place.start : place.end]
    voice = places.voice_at(text, place.start, place.end)
    locator, locator_at = places.locator_at(text, place.start, place.end)
    return {
        "start": place.start,
        "end": place.end,
        "words": plain(words),
        "voice": voice,
        "locator": locator,
        "locator_at": locator_at,
        "said": _said(place, words, was_trimmed=place != places.Place(start, end)),
        "withheld": "" if are_kept(rights, "narrated", words) else withheld_sentence(),
    }


def withheld_sentence() -> str:
    return _(
        "This source may only be quoted: more than five of its own words are not kept, their digest stands for them. "
        "A speaker's words, quoted, are kept."
    )


def _said(place: places.Place, words: str, *, was_trimmed: bool) -> str:
    count = places.word_count(words)
    said = ngettext("%(count)s word marked", "%(count)s words marked", count) % {"count": count}
    said += _(", characters %(start)s to %(end)s.") % {"start": place.start, "end": place.end}
    return f"{said} {_('White space around them was left out.')}" if was_trimmed else said


def places_of(text: str, words: str) -> list[Offer]:
    """Each place where the words stand, with what stands around it."""
    return [
        Offer(
            plain(text[p.start : p.end]),
            f"…{plain(text[max(0, p.start - AROUND) : p.start])}[…]{plain(text[p.end : p.end + AROUND])}…",
            {"start": p.start, "end": p.end},
        )
        for p in places.occurrences(text, words)
    ]


def quotes(text: str) -> list[Offer]:
    found = [q for q in places.quotes(text[: suggest.READ_AT_MOST]) if places.word_count(text[q.start : q.end]) > 1]
    return [Offer(plain(text[q.start : q.end]), "", {"start": q.start, "end": q.end}) for q in found[:MOST_SUGGESTED]]


def days(text: str, source: Source) -> list[Offer]:
    found = suggest.dates(text, published_day(source))
    return [
        Offer(
            plain(day.words),
            f"{day.edtf}. {day.note}".strip(),
            {"claim-said_on_edtf": day.edtf, "claim-said_on_basis": day.basis, "claim-said_on_note": day.note},
        )
        for day in found[:MOST_SUGGESTED]
    ]


def publication(text: str, source: Source) -> Offer | None:
    """For the source's own form, where the day of its publication is not known."""
    found = None if source.published.is_bounded else suggest.dateline(text, today=timezone.now().date())
    if found is None:
        return None
    parts = {"edtf": found.edtf, "basis": found.basis, "note": found.note}
    return Offer(plain(found.words), found.edtf, {f"published_{part}": told for part, told in parts.items()})


def published_day(source: Source) -> date | None:
    told = source.published
    return told.latest if told.is_bounded and told.earliest == told.latest else None


def names(text: str) -> list[Offer]:
    """Known actors and offices whose name, in whatever language, stands in the text. One query."""
    possible = suggest.possible_names(text)
    told = sorted(_named(list(possible)), key=lambda row: possible.get(row[0], (0, 0)))
    return [
        Offer(f"{name} [{slug}]", "", {"claim-claimant": f"{name} [{slug}]"})
        for _folded, name, slug in told[:MOST_SUGGESTED]
    ]


def _named(folded: Sequence[str]) -> QuerySet:
    """(folded name, label, slug) of every actor of these names and of every office their holders had."""
    office = Concat("person__name", Value(", "), "title")
    selects = [
        _asked(Actor.objects.all(), folded, "name", F("name"), "slug"),
        _asked(ActorName.objects.all(), folded, "name", F("actor__name"), "actor__slug"),
        _asked(Office.objects.all(), folded, "person__name", office, "slug"),
        _asked(Office.objects.all(), folded, "person__names__name", office, "slug"),
    ]
    return selects[0].union(*selects[1:])


def _asked(rows: QuerySet, folded: Sequence[str], name: str, label: Any, slug: str) -> QuerySet:
    found = rows.order_by().annotate(folded=Lower(name), told=label, short=F(slug))
    return found.filter(folded__any_of=folded).values_list("folded", "told", "short")
