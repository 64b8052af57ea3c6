"""The drawn timeline: each moment where its days are, words that stay on the paper, gaps told as gaps."""

import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from commitments.pages import drawing
from commitments.pages.drawing import SMALL, WIDE, Moment, drawn, stretches

LANDAU = [
    Moment("◇ Proposed, by 14 January 2021", None, date(2021, 1, 14), "open"),
    Moment("said, 14 January 2021", date(2021, 1, 14), date(2021, 1, 14), "said"),
    Moment("entry 3, 26 November 2026", date(2026, 11, 26), date(2026, 11, 26), "entry", is_recorded=True),
]
YEARS = Moment("▸ In progress", date(2021, 10, 1), date(2023, 7, 9), "open")


def svg(moments, **more):
    return ElementTree.fromstring(str(drawn(moments, name="t", title="A <b>", desc="B & C", **more)))  # noqa: S314


def told(moments, **more):
    return ["".join(text.itertext()) for text in svg(moments, **more).iter("text")]


def test_a_drawing_is_an_image_with_a_name_and_a_description():
    drawing = svg(LANDAU)
    ids = {element.get("id"): element.text for element in drawing if element.get("id")}
    assert drawing.get("role") == "img"
    assert [ids[i] for i in drawing.get("aria-labelledby").split()] == ["A <b>", "B & C"]


def test_nothing_is_drawn_of_nothing():
    assert drawn([], name="t", title="", desc="") == ""


def test_what_the_record_says_stands_below_the_axis_and_the_world_above():
    words = told(LANDAU)
    assert words.index("In the world") < words.index("14 Jan 2021") < words.index("In this record")
    assert words[-1] == "entry 3, 26 November 2026"


def test_a_day_known_by_comes_from_before_the_drawing():
    [by] = [group for group in svg(LANDAU).iter("g") if group.get("class") == "moment open"]
    assert [shape.get("class") for shape in by][1:] == ["by", "by", "full"]


def test_an_uncertain_date_is_a_bar_from_its_first_to_its_last_day():
    [stretch] = stretches([YEARS], WIDE.width)
    [bar] = svg([YEARS]).iter("rect")
    width = stretch.x(YEARS.last) - stretch.x(YEARS.first)
    assert abs(float(bar.get("width")) - width) <= 1 and abs(float(bar.get("x")) - stretch.x(YEARS.first)) <= 1


def test_years_in_which_nothing_happened_are_left_out_and_the_axis_is_broken_there():
    first, last = stretches(LANDAU, WIDE.width)
    assert (first.inner, last.inner) == ((LANDAU[0].last,) * 2, (LANDAU[2].last,) * 2)
    assert first.right < last.left
    assert [path.get("class") for path in svg(LANDAU).iter("path")].count("break") == 1


def test_an_axis_without_long_gaps_is_whole():
    days = [Moment("said", date(2021, 1, day), date(2021, 1, day), "said") for day in (1, 9, 30)]
    assert len(stretches(days, WIDE.width)) == 1


def test_a_gap_that_a_span_covers_is_no_gap():
    over = [*LANDAU, Moment("due", date(2021, 1, 1), date(2027, 1, 1), "due")]
    assert len(stretches(over, WIDE.width)) == 1


def test_the_axis_is_broken_twice_at_most():
    far = [Moment("said", date(year, 1, 1), date(year, 1, 1), "said") for year in (1950, 1975, 2000, 2025)]
    assert len(stretches(far, WIDE.width)) <= 3


@pytest.mark.parametrize("small", [False, True])
def test_words_that_do_not_fit_end_in_dots_and_stay_on_the_paper(small):
    paper = SMALL if small else WIDE
    long = Moment("A very long name of a meeting " * 9, date(2021, 1, 14), date(2021, 1, 14), "occasion")
    [text] = [text for text in svg([long], small=small).iter("text") if text.text.startswith("A very")]
    assert text.text.endswith("…") and len(text.text) * paper.letter * drawing.LETTER <= paper.width
    assert (text.get("text-anchor"), text.get("x")) == ("end", str(paper.width - drawing.EDGE))


@pytest.mark.parametrize("small", [False, True])
def test_statuses_keep_their_place_where_there_is_no_room_for_all(small):
    said = [Moment("said", date(2021, 1, 1), date(2021, 1, 1), "said") for _ in range(40)]
    words = told([*said, LANDAU[0]], small=small)
    assert LANDAU[0].label in words and words.count("said") == (SMALL if small else WIDE).above - 1


def test_what_no_longer_counts_is_struck_through():
    [group] = [g for g in svg([LANDAU[0]._replace(is_struck=True)]).iter("g") if "struck" in g.get("class")]
    assert group.find("text").get("text-decoration") == "line-through"


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        (date(2021, 1, 14), date(2021, 1, 14), ["14 Jan 2021"]),
        (date(2021, 2, 4), date(2021, 5, 20), ["Feb 2021", "Mar 2021", "Apr 2021", "May 2021"]),
        (date(1900, 1, 1), date(2015, 1, 1), ["1900", "1925", "1950", "1975", "2000"]),
    ],
)
def test_the_axis_names_days_months_or_years_as_there_is_room(first, last, named):
    ticks = [words for _, words in drawing.ticks_of(stretches([Moment("x", first, last, "open")], WIDE.width)[0])]
    assert ticks == named


@pytest.mark.parametrize("width", [SMALL.width, WIDE.width])
@pytest.mark.parametrize("days", [0, 1, 4, 30, 80, 200, 365, 800, 4000, 36500, 3652055])
def test_names_on_the_axis_do_not_meet(days, width):
    first = date(2019, 6, 6) if days < 36500 else date(3, 1, 1)
    [stretch] = stretches([Moment("x", first, first + timedelta(days - 1000 * (days > 3e6)), "open")], width)
    places = [stretch.x(day.toordinal()) for day, _ in drawing.ticks_of(stretch)]
    assert places and all(after - before > 55 for before, after in pairwise(places))


def test_no_style_and_no_colour_of_its_own_stands_in_it():
    """The content security policy allows none, and the schemes have theirs."""
    assert not re.search("style=|#[0-9a-f]{3}|<style|<script", drawn([*LANDAU, YEARS], name="t", title="", desc=""))


def test_two_drawings_of_a_page_share_no_id():
    ids = [re.findall(r'id="([^"]+)"', drawn(LANDAU, name=name, title="", desc="")) for name in ("one", "two")]
    assert not set(ids[0]) & set(ids[1])


@pytest.mark.parametrize("label", ["北国外交部" * 20, "Ministry of Norland " * 10, "北 North " * 20])
def test_a_label_is_cut_where_the_drawing_ends_in_whatever_script(label):
    cut = drawing.shortened(label, SMALL)
    room = SMALL.width / (SMALL.letter * drawing.LETTER)
    assert cut.endswith("…") and room - 6 < drawing.breadth(cut) <= room
