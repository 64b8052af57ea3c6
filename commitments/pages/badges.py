"""A status at a glance: a shape, a word and a colour, never the colour alone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from commitments import vocabulary as words
from commitments.languages import meaning
from commitments.pages import sentences as say

GLYPHS = {
    "discussed": "…",
    "pledged": "○",
    "proposed": "◇",
    "agreed": "◆",
    "in_progress": "▸",
    "stalled": "‖",
    "partly_fulfilled": "◐",
    "fulfilled": "●",
    "declined": "⊘",
    "withdrawn": "↩",
    "lapsed": "–",
    "superseded": "⇢",
    "not_fulfilled": "×",
    "unclear": "?",
}


def badge(status: str) -> dict[str, str]:
    group = "open" if status in words.OPEN else "neither" if status in words.NEITHER else "closed"
    return {
        "glyph": GLYPHS[status],
        "word": say.label(words.STATUSES, status),
        "group": group,
        "meaning": meaning(words.STATUSES[status]),
    }


def flags(row: dict[str, Any]) -> list[str]:
    told = row["flags"]
    said = {
        gettext("Retracted"): row["retracted"],
        gettext("Disputed between the sides"): told["disputed"],
        gettext("Overdue"): told["overdue"],
        gettext("One side only"): told["single_party"],
    }
    return [words for words, holds in said.items() if holds]
