"""A passage as pages of single things show it: the words in what stands around them where that may be shown,
otherwise their place and digest; and whether the capture still has them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext, ngettext

from commitments import vocabulary as words
from commitments.languages import meaning
from commitments.pages import sentences as say

Row = dict[str, Any]
# A shape for each result of a check, so that it is never told by colour alone.
GLYPHS = {"found": "✓", "ambiguous": "≈", "orphaned": "✗", "text_not_held": "○"}
# A place in a text of a thousand parts; narrower than this many it could not be seen.
WHOLE, NARROWEST = 1000, 8


def shown(passage: Row, source: Row, characters: int) -> Row:
    """`source` says language and rights; `characters` is the length of the captured text."""
    return {
        "id": passage["id"],
        "exact": (exact := quoted(passage, source)),
        "prefix": passage["prefix"],
        "suffix": passage["suffix"],
        "is_in_context": bool(exact and (passage["prefix"] or passage["suffix"])),
        "is_quote_only": source["rights"] == "quote_only",
        "language": source["language"],
        "sha256": passage["exact_sha256"],
        "where": say.position_in_text(passage),
        "characters": characters,
        "voice": say.label(words.VOICES, passage["voice"]),
        "voice_means": meaning(words.VOICES[passage["voice"]]),
        "translated": translated(passage["translated"]),
        "check": check(passage["check"]),
        "bar": bar(passage, characters),
        "retracted": passage["retracted"],
    }


def quoted(passage: Row, source: Row) -> str | None:
    """The words, where they may be shown: a title is always shown, so a passage whose digest is the title's is too."""
    if passage["exact"] is None and digest(source["title"]) == passage["exact_sha256"]:
        return str(source["title"])
    return passage["exact"]  # type: ignore[no-any-return]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def translated(slug: str) -> str:
    return {
        "yes": gettext("A translation."),
        "no": gettext("Not a translation."),
        "unknown": gettext("Whether it is a translation is not known."),
    }[slug]


def check(result: str) -> Row:
    word = words.ANCHORS[result]
    return {"result": result, "glyph": GLYPHS[result], "word": say.label(words.ANCHORS, result), "means": meaning(word)}


def bar(passage: Row, characters: int) -> Row:
    """Where in the text it stands, in thousandths of its length."""
    length = max(characters, passage["end"], 1)
    width = max(NARROWEST, round((passage["end"] - passage["start"]) * WHOLE / length))
    return {"x": min(round(passage["start"] * WHOLE / length), WHOLE - width), "width": width}


def strip(places: Iterable[Row], characters: int) -> list[Row]:
    """Where in the text all of them stand, in its order; what touches and was found alike is drawn as one."""
    drawn: list[Row] = []
    for place in places:
        spot = bar(place, characters) | {"result": place["check"]}
        last = drawn[-1] if drawn else None
        if last and last["result"] == spot["result"] and spot["x"] <= last["x"] + last["width"]:
            last["width"] = max(last["width"], spot["x"] + spot["width"] - last["x"])
        else:
            drawn.append(spot)
    return drawn


def checked_in_words(tally: dict[str, int]) -> list[Row]:
    """A sentence for each result that there is, the worst first."""
    order = ("orphaned", "ambiguous", "text_not_held", "found")
    return [check(result) | {"says": _sentence(result, tally[result])} for result in order if tally.get(result)]


def _sentence(result: str, n: int) -> str:
    told = {"n": n}
    if result == "found":
        return (
            ngettext(
                "%(n)s passage stands word for word where it was read, and in the newest copy that we hold.",
                "%(n)s passages stand word for word where they were read, and in the newest copy that we hold.",
                n,
            )
            % told
        )
    if result == "orphaned":
        return (
            ngettext(
                "%(n)s passage is no longer in the newest text that we hold.",
                "%(n)s passages are no longer in the newest text that we hold.",
                n,
            )
            % told
        )
    if result == "ambiguous":
        return (
            ngettext(
                "%(n)s passage stands elsewhere than it did, or at several places.",
                "%(n)s passages stand elsewhere than they did, or at several places.",
                n,
            )
            % told
        )
    return (
        ngettext(
            "%(n)s passage cannot be checked here: we hold digests, not the text. Whoever has a copy can check it.",
            "%(n)s passages cannot be checked here: we hold digests, not the text. Whoever has a copy can check them.",
            n,
        )
        % told
    )
