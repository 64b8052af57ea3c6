"""Where the public reads what the desk publishes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from commitments.captures.display import plain
from commitments.models.desk import DeskNoun

# Nouns that have a page, those that tell most of a set first.
PAGES = ("commitment", "claim", "source", "actor", "occasion")
MOST_NAMED = 3


def address_of(thing: DeskNoun) -> str:
    """In the reader's language; nothing where its noun has no page."""
    return reverse(f"{thing.subject_type}_by_id", args=[thing.pk]) if thing.subject_type in PAGES else ""


def with_links(sentence: str, things: Sequence[DeskNoun]) -> SafeString | str:
    """What was done, and the pages on which it is seen: those of the first noun of PAGES that is among the things."""
    shown = next((found for noun in PAGES if (found := [t for t in things if t.subject_type == noun])), [])
    links = format_html_join(", ", '<a href="{}">{}</a>', _named(shown))
    return format_html("{} {} {}", sentence, gettext("See it in public:"), links) if links else sentence


def _named(things: Sequence[DeskNoun]) -> list[tuple[str, str]]:
    return [(address_of(thing), plain(str(thing))) for thing in islice(things, MOST_NAMED)]
