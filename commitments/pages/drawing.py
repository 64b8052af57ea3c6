"""A timeline as a drawing: what happened in the world above the axis, when it was written down below.

`drawn(moments, name=…, title=…, desc=…)` answers an inline SVG, escaped and finished; `small=True` one for a phone or
an embed, in which fewer moments stand. It has no style of its own: classes, and `currentColor` for the rest
(drawing.css gives the colours of both schemes). No text is an empty string where nothing has a day.

Each moment has a line of its own, with its words above its mark, so that words never meet. A day is a mark, an
uncertain day a bar from its earliest to its latest, a day that is only known "by" a broken line that comes from
before the drawing. Stretches of time in which nothing happened are left out, and the axis is broken there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate, pairwise
from typing import NamedTuple
from unicodedata import east_asian_width

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop


class Moment(NamedTuple):
    """`earliest` None: open below. `mark`: `open`, `closed` or `neither`, a status of that group; `said`, `occasion`,
    `due` or `entry`. `is_recorded`: it stands below the axis. `is_struck`: it no longer counts."""

    label: str
    earliest: date | None
    latest: date
    mark: str
    is_recorded: bool = False
    is_struck: bool = False

    @property
    def first(self) -> int:
        return (self.earliest or self.latest).toordinal()

    @property
    def last(self) -> int:
        return self.latest.toordinal()


class Paper(NamedTuple):
    """Its measures, in units of the drawing: one is a CSS pixel where it is shown in full width."""

    width: int
    letter: int
    # Moments that have room, above the axis and below.
    above: int
    below: int


class Stretch(NamedTuple):
    """Days that the axis shows without a break, and where. `inner`: the first and last day on which something is."""

    first: int
    last: int
    left: float
    right: float
    inner: tuple[int, int]

    def x(self, day: int) -> float:
        return self.left + (day - self.first) * (self.right - self.left) / (self.last - self.first)


WIDE = Paper(width=736, letter=13, above=14, below=5)
SMALL = Paper(width=320, letter=12, above=8, below=3)
LINE, HEAD, AXIS = 40, 22, 30
# Between two stretches, and beside the outermost days.
BREAK, EDGE = 28, 8
# A gap is left out where it is more than this share of all days, and longer than a month and a half.
SHARE, LONG = 0.3, 45
# A letter's usual width as a share of its height.
LETTER = 0.56
TICK = 78
# Days between two ticks, about, and their step in years, months or days.
STEPS = (
    (1, "day", 1),
    (7, "day", 7),
    (30, "month", 1),
    (91, "month", 3),
    (183, "month", 6),
    (365, "year", 1),
    (731, "year", 2),
    (1826, "year", 5),
    (3652, "year", 10),
    (9131, "year", 25),
    (36524, "year", 100),
    (365243, "year", 1000),
)
WEIGHTS = {"occasion": 1, "said": 2}
FORMATS = {"day": gettext_noop("j M Y"), "month": gettext_noop("M Y"), "year": "Y"}


def drawn(moments: Iterable[Moment], *, name: str, title: str, desc: str, small: bool = False) -> SafeString:
    """`name` keeps its ids apart from those of other drawings of a page; `title` and `desc` say what is seen."""
    paper = SMALL if small else WIDE
    every = list(moments)
    world = weightiest([moment for moment in every if not moment.is_recorded], paper.above)
    record = [moment for moment in every if moment.is_recorded][-paper.below :]
    if not world and not record:
        return SafeString("")
    axis = HEAD + LINE * len(world) + 6
    height = axis + AXIS + (HEAD + LINE * len(record) if record else 0)
    across = stretches([*world, *record], paper.width)
    return format_html(
        '<svg class="drawing" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" '
        'aria-labelledby="{2}-title {2}-desc" font-size="{3}" fill="currentColor">'
        '<title id="{2}-title">{4}</title><desc id="{2}-desc">{5}</desc>{6}{7}{8}{9}{10}</svg>',
        paper.width,
        height,
        name,
        paper.letter,
        title,
        desc,
        _caption(14, gettext("In the world")) if world else "",
        _lines(world, across, HEAD, paper),
        _axis(across, axis, height if record else axis),
        _caption(axis + AXIS + 12, gettext("In this record")) if record else "",
        _lines(record, across, axis + AXIS + HEAD, paper),
    )


def weightiest(moments: Sequence[Moment], most: int) -> list[Moment]:
    """As many as there is room for, as they stand: statuses and what is due, before occasions, before what was said."""
    by_weight = sorted(range(len(moments)), key=lambda place: WEIGHTS.get(moments[place].mark, 0))
    return [moments[place] for place in sorted(by_weight[:most])]


def stretches(moments: Sequence[Moment], width: int) -> list[Stretch]:
    """The axis, from left to right: broken at the two longest gaps at most."""
    spans = merged([(moment.first, moment.last) for moment in moments])
    all_days = spans[-1][1] - spans[0][0] or 1
    gaps = sorted(
        ((after[0] - before[1], place) for place, (before, after) in enumerate(pairwise(spans))), reverse=True
    )
    broken = sorted(place for days, place in gaps[:2] if days > LONG and days > SHARE * all_days)
    starts = [0, *(place + 1 for place in broken)]
    inner = [
        (spans[start][0], spans[stop - 1][1]) for start, stop in zip(starts, [*starts[1:], len(spans)], strict=True)
    ]
    return _placed(inner, moments, width)


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of days without those that touch another, in order."""
    kept: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if kept and first <= kept[-1][1]:
            kept[-1] = (kept[-1][0], max(kept[-1][1], last))
        else:
            kept.append((first, last))
    return kept


def _placed(inner: list[tuple[int, int]], moments: Sequence[Moment], width: int) -> list[Stretch]:
    """Each as wide as it has days on which something is, none too narrow for its tick."""
    weights = [2 + min(6, len({m.last for m in moments if first <= m.last <= last})) for first, last in inner]
    room, left, placed = width - 2 * EDGE - BREAK * (len(inner) - 1), float(EDGE), []
    for (first, last), weight in zip(inner, weights, strict=True):
        beside = max(2, (last - first) * 6 // 100)
        right = left + room * weight / sum(weights)
        placed.append(Stretch(first - beside, last + beside, left, right, (first, last)))
        left = right + BREAK
    return placed


def _lines(moments: list[Moment], across: list[Stretch], top: int, paper: Paper) -> SafeString:
    lines = ((_line(moment, across, top + LINE * place, paper),) for place, moment in enumerate(moments))
    return format_html_join("", "{}", lines)


def _line(moment: Moment, across: list[Stretch], y: int, paper: Paper) -> SafeString:
    [stretch] = [s for s in across if s.inner[0] <= moment.last <= s.inner[1]]
    start, end = stretch.x(moment.first), stretch.x(moment.last)
    words = shortened(moment.label, paper)
    # Beside its mark, unless it might go over the right edge.
    at, ends_there = (
        round(start if moment.earliest else end),
        breadth(words) * paper.letter * LETTER > paper.width - start,
    )
    return format_html(
        '<g class="moment {}{}"><text x="{}" y="{}"{}{}>{}</text>{}</g>',
        moment.mark,
        " struck" if moment.is_struck else "",
        paper.width - EDGE if ends_there else max(EDGE, at),
        y + 14,
        SafeString(' text-anchor="end"') if ends_there else "",
        SafeString(' text-decoration="line-through"') if moment.is_struck else "",
        words,
        _mark(moment, start, end, y + 26),
    )


def shortened(label: str, paper: Paper) -> str:
    most = int((paper.width - 2 * EDGE) / (paper.letter * LETTER))
    if breadth(label) <= most:
        return label
    kept = sum(1 for broad in accumulate(map(breadth, label)) if broad < most)
    return f"{label[:kept].rstrip()}…"


def breadth(text: str) -> int:
    """In letters: a sign of Han, Kana or Hangul takes the room of two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _mark(moment: Moment, start: float, end: float, y: int) -> SafeString:
    if moment.earliest is None:
        tail = format_html(
            '<path class="by" d="M{0} {2}H{1}" stroke-dasharray="2 4"/><path class="by" d="M{3} {4}L{0} {2}L{3} {5}"/>',
            EDGE,
            round(end - 7),
            y,
            EDGE + 5,
            y - 4,
            y + 4,
        )
        return format_html("{}{}", tail, _point(moment.mark, round(end), y))
    if end - start < 1:
        return _point(moment.mark, round(start), y)
    return format_html(
        '<rect class="span" x="{}" y="{}" width="{}" height="10" rx="3"/>',
        round(start),
        y - 5,
        max(6, round(end - start)),
    )


def _point(mark: str, x: int, y: int) -> SafeString:
    """A shape for each kind, so that no colour is needed: statuses and words are round, full and hollow."""
    if mark == "said":
        return format_html('<circle class="hollow" cx="{}" cy="{}" r="5"/>', x, y)
    if mark in ("occasion", "due"):
        fill = "hollow" if mark == "due" else "full"
        return format_html('<path class="{}" d="M{} {}l6 6l-6 6l-6 -6z"/>', fill, x, y - 6)
    if mark == "entry":
        return format_html('<rect class="full" x="{}" y="{}" width="9" height="9"/>', x - 4, y - 4)
    return format_html('<circle class="full" cx="{}" cy="{}" r="6"/>', x, y)


def _axis(across: list[Stretch], y: int, height: int) -> SafeString:
    parts = format_html_join("", "{}{}", ((_baseline(s, y), _ticks(s, y)) for s in across))
    breaks = format_html_join(
        "",
        '<path class="break" d="M{} {}l6 -12m4 0l-6 12"/>',
        ((round((one.right + other.left) / 2) - 5, y + 6) for one, other in pairwise(across)),
    )
    return format_html('<g class="axis">{}{}</g>', parts, breaks)


def _baseline(stretch: Stretch, y: int) -> SafeString:
    return format_html('<path d="M{} {}H{}"/>', round(stretch.left), y, round(stretch.right))


def _ticks(stretch: Stretch, y: int) -> SafeString:
    ticks = ((round(stretch.x(day.toordinal())), words) for day, words in ticks_of(stretch))
    return format_html_join(
        "",
        '<path d="M{} {}v5"/><text x="{}" y="{}" text-anchor="middle">{}</text>',
        ((x, y, max(stretch.left + 36, min(x, stretch.right - 36)), y + 19, words) for x, words in ticks),
    )


def ticks_of(stretch: Stretch) -> list[tuple[date, str]]:
    """Days that the axis names; of a stretch of few days the first on which something is."""
    first, last = stretch.inner
    room = max(1, int((stretch.right - stretch.left) // TICK))
    if last - first > 3:
        days = stretch.last - stretch.first
        unit, step = next(((unit, step) for about, unit, step in STEPS if days / about <= room), STEPS[-1][1:])
        if named := _named(stretch, unit, step):
            # What the steps have no room for is thinned out.
            return [(day, date_format(day, gettext(FORMATS[unit]))) for day in named[:: -(-len(named) // room)]]
    day = date.fromordinal(first)
    return [(day, date_format(day, gettext(FORMATS["day"])))]


def _named(stretch: Stretch, unit: str, step: int) -> list[date]:
    first, last = date.fromordinal(max(1, stretch.first)), date.fromordinal(min(date.max.toordinal(), stretch.last))
    if unit == "day":
        days = range(first.toordinal() + 1, last.toordinal() + 1, step)
        return [date.fromordinal(day) for day in days]
    if unit == "month":
        months = range(first.year * 12 + first.month, last.year * 12 + last.month)
        return [date(month // 12, month % 12 + 1, 1) for month in months if month % step == 0]
    return [date(year, 1, 1) for year in range(first.year + 1, last.year + 1) if year % step == 0]


def _caption(y: int, words: str) -> SafeString:
    return format_html('<text class="caption" x="{}" y="{}">{}</text>', EDGE, y, words)
