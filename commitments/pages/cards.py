"""The picture that a shared link shows (Open Graph, 1200 by 630 pixels): what, its status or who says so, and when.

Drawn with the fonts beside this file: Latin, Greek and Cyrillic. A text that holds another script is left out, never
shown as boxes; the permanent id stands in its place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext
from PIL import Image, ImageDraw, ImageFont

from commitments.pages import sentences as say
from commitments.pages.badges import badge, flags
from commitments.pages.citing import Cited, site_name

Font = ImageFont.FreeTypeFont
SIZE = (1200, 630)
MARGIN = 72
WIDTH = SIZE[0] - 2 * MARGIN
FONTS = Path(__file__).with_name("fonts")
# As in pages.css and badges.css.
PAPER, INK, SOFT, LINE = "#fdfcf9", "#1c1f23", "#4d545c", "#c9c5b8"
COLOURS = {"open": "#0b5a3c", "closed": "#1c1f23", "neither": "#4a4f57", "said": "#0b4a75"}
# No font has it: a private character of the last plane.
NOWHERE = "\U0010fffd"


class Shown(NamedTuple):
    """What stands on a card: a sign and a word in the colour of a group, the title, then lines that say more."""

    group: str
    glyph: str
    word: str
    title: str
    lines: list[str]


def png(cited: Cited) -> bytes:
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    told = shown(cited)
    draw.rectangle((0, 0, 18, SIZE[1]), COLOURS[told.group])
    draw.text((MARGIN, 56), site_name(), SOFT, font("NotoSans-Regular", 28))
    top = _mark(draw, told, 118)
    title, text = font("NotoSerif-Bold", 52), font("NotoSans-Regular", 30)
    top = _paragraph(draw, wrapped(drawable(told.title, cited), title, 3), INK, top + 26, 66, title)
    lines = [line for said in filter(can_be_drawn, told.lines) for line in wrapped(said, text, 2)]
    _paragraph(draw, lines[:3], SOFT, top + 20, 42, text)
    _foot(draw, cited)
    return _as_png(image)


def shown(cited: Cited) -> Shown:
    return _commitment(cited) if cited.noun == "commitment" else _claim(cited)


def drawable(title: str, cited: Cited) -> str:
    return title if can_be_drawn(title) else cited.id


def _commitment(cited: Cited) -> Shown:
    row = cited.row
    if row["status"] is None:
        return Shown("neither", "–", gettext("Retracted"), cited.title, [])
    told = badge(row["status"])
    whose = gettext("On the word of %(who)s") % {"who": say.on_whose_word(cited.resting).rstrip(",")}
    since = " · ".join([say.since(row["status_since"]), *flags(row)])
    return Shown(told["group"], told["glyph"], cited.status, cited.title, [whose, since])


def _claim(cited: Cited) -> Shown:
    row = cited.row
    word = gettext("Retracted") if row["retracted"] else gettext("Claim")
    said = gettext("Said on: %(day)s") % {"day": say.when(row["said_on"])}
    return Shown("said", "", word, row["statement"], [say.who(row), said])


def _mark(draw: ImageDraw.ImageDraw, shown: Shown, top: int) -> int:
    """The sign and the word in a frame, as badges are on the pages; its lower edge."""
    colour, signs, letters = COLOURS[shown.group], font("StatusGlyphs", 34), font("NotoSans-Regular", 34)
    [word] = wrapped(shown.word, letters, 1)
    word_begins = MARGIN + 22 + (signs.getlength(shown.glyph) + 14 if shown.glyph else 0)
    draw.rounded_rectangle((MARGIN, top, word_begins + letters.getlength(word) + 22, top + 62), 8, None, colour, 4)
    draw.text((MARGIN + 22, top + 31), shown.glyph, colour, signs, "lm")
    # Twice, a hair apart: the status is bold, and one weight is enough to carry.
    for shift in (0, 1):
        draw.text((word_begins + shift, top + 31), word, colour, letters, "lm")
    return top + 62


def _paragraph(draw: ImageDraw.ImageDraw, lines: Iterable[str], colour: str, top: int, step: int, letters: Font) -> int:
    """The lines one below the other; where the next one would stand."""
    for line in lines:
        draw.text((MARGIN, top), line, colour, letters)
        top += step
    return top


def _foot(draw: ImageDraw.ImageDraw, cited: Cited) -> None:
    letters = font("NotoSans-Regular", 26)
    draw.line((MARGIN, 552, SIZE[0] - MARGIN, 552), LINE, 2)
    told = {"day": cited.day, "seq": cited.clock.seq}
    draw.text((MARGIN, 570), gettext("As of %(day)s, entry %(seq)s of the record") % told, SOFT, letters)
    host = cited.root.partition("://")[2]
    draw.text((SIZE[0] - MARGIN, 570), host[:40], SOFT, letters, "ra")


def _as_png(image: Image.Image) -> bytes:
    """In few colours: a third of the weight, and the eye sees none of it."""
    held = BytesIO()
    image.quantize(64).save(held, "PNG", optimize=True)
    return held.getvalue()


@cache
def font(name: str, size: int) -> Font:
    # The basic layout is the same wherever Pillow runs; the other one needs a library of the machine's.
    return ImageFont.truetype(str(FONTS / f"{name}.ttf"), size, layout_engine=ImageFont.Layout.BASIC)


def can_be_drawn(text: str) -> bool:
    return all(map(has_letter, set(readable(text))))


@cache
def has_letter(char: str) -> bool:
    letters = font("NotoSerif-Bold", 20)
    return char.isspace() or drawn(letters, char) != drawn(letters, NOWHERE)


def drawn(letters: Font, char: str) -> tuple[Any, ...]:
    mask = letters.getmask(char)
    return (mask.size, bytes(mask))


def readable(text: str) -> str:
    """Composed, on one line, without what is invisible."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(char if char.isprintable() else " " for char in composed).split())


def wrapped(text: str, letters: Font, most: int) -> list[str]:
    """At most so many lines that fit the card; what is left over is an ellipsis."""
    lines: list[str] = []
    for word in readable(text).split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and letters.getlength(longer) <= WIDTH:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]}…"]
    return [fitting(line, letters) for line in lines]


def fitting(line: str, letters: Font) -> str:
    """The line, or as much of it as fits, with an ellipsis."""
    if letters.getlength(line) <= WIDTH:
        return line
    kept = line.rstrip("…")
    while letters.getlength(f"{kept}…") > WIDTH:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"
