"""A captured text as it may be shown: what is invisible, and what reorders the letters around it, made visible.

Positions stay code points of the unchanged text: each segment tells where it starts and how long it is there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Letters and signs by their category, yet nothing is seen of them; and the spaces that are not the plain one.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u00a0\u2007\u202f\u2028\u2029")
# LRM, RLM and ALM are spelling in names of mixed scripts; these are not.
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_JOINERS = "\u200c\u200d"
_SHORT = {
    "\u00a0": "NBSP",
    "\u00ad": "SHY",
    "\u200b": "ZWSP",
    "\u200c": "ZWNJ",
    "\u200d": "ZWJ",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u061c": "ALM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u202f": "NNBSP",
    "\u2060": "WJ",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
    "\ufeff": "BOM",
    "\f": "PAGE",
}


@dataclass(frozen=True)
class Segment:
    """`text` is what stands in the capture; `shown` what may stand on a page in its place. `name` of an
    invisible character, one a segment; '' where text and shown are the same."""

    start: int
    text: str
    shown: str
    name: str = ""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def segments(text: str, *, offset: int = 0) -> Iterator[Segment]:
    """The text in order and without a gap. `offset` is where `text` starts in the whole."""
    begun = 0
    for index, character in enumerate(text):
        if not is_unseen(text, index):
            continue
        if begun < index:
            yield Segment(offset + begun, text[begun:index], text[begun:index])
        yield Segment(offset + index, character, f"[{_label(character)}]", _name(character))
        begun = index + 1
    if begun < len(text):
        yield Segment(offset + begun, text[begun:], text[begun:])


def is_unseen(text: str, index: int) -> bool:
    character = text[index]
    # The quick answer for nearly every character.
    if (character.isalnum() and character not in _UNSEEN) or character in " \n\t":
        return False
    if character in _JOINERS:
        return not _joins(text, index)
    return character in _UNSEEN or unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Cn")


def _joins(text: str, index: int) -> bool:
    """Between two signs of a script that needs them (Persian, Hindi, emoji), a joiner is spelling."""
    around = text[max(index - 1, 0) : index] + text[index + 1 : index + 2]
    return len(around) == 2 and all(sign > "\u02ff" and sign not in _JOINERS for sign in around)


def _label(character: str) -> str:
    return _SHORT.get(character) or f"U+{ord(character):04X}"


def _name(character: str) -> str:
    return unicodedata.name(character, f"U+{ord(character):04X}")


def turns_around(text: str) -> bool:
    """Whether some sign makes letters stand elsewhere than they are written (UAX 9, explicit formatting)."""
    return any(sign in text for sign in _TURNING)


def straight(text: str) -> str:
    return "".join(sign for sign in text if sign not in _TURNING)


def plain(text: str) -> str:
    """One line or a whole text, fit for a message or a title: nothing in it reorders what stands around it."""
    return "".join(segment.shown for segment in segments(text))
