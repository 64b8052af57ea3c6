"""Uncertain dates: what is read, with which bounds, and what is refused, in which words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from commitments.dates import FIRST_DAY, LAST_DAY, InvalidDate, UncertainDate, bounds
from commitments.vocabulary import DATE_BASES

TODAY = date(2026, 3, 14)


def read(text: str | None, basis: str = "stated", note: str = "", **more: bool) -> UncertainDate:
    return UncertainDate.read(text, basis=basis, note=note, recorded_on=TODAY, **more)


def refusal(text: str | None, basis: str = "stated", note: str = "", **more: bool) -> str:
    with pytest.raises(InvalidDate) as refused:
        read(text, basis, note, **more)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2021-01-14", "2021-01-14", "2021-01-14"),
        ("2020-02-29", "2020-02-29", "2020-02-29"),
        ("2021-02", "2021-02-01", "2021-02-28"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2021", "2021-01-01", "2021-12-31"),
        ("0001", "0001-01-01", "0001-12-31"),
        # Qualifiers are shown and widen nothing.
        ("2021-01-14~", "2021-01-14", "2021-01-14"),
        ("2021-01-14?", "2021-01-14", "2021-01-14"),
        ("2021-01-14%", "2021-01-14", "2021-01-14"),
        ("2021~", "2021-01-01", "2021-12-31"),
        ("2021-01?", "2021-01-01", "2021-01-31"),
        # Digits left open, from the right.
        ("2021-01-XX", "2021-01-01", "2021-01-31"),
        ("2021-XX", "2021-01-01", "2021-12-31"),
        ("2021-XX-XX", "2021-01-01", "2021-12-31"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        # Intervals, closed and open.
        ("2021-01-14/2021-01-20", "2021-01-14", "2021-01-20"),
        ("2021-01-14/2021-01-14", "2021-01-14", "2021-01-14"),
        ("2021/2022-03", "2021-01-01", "2022-03-31"),
        ("2021-01-14~/2021-01-20?", "2021-01-14", "2021-01-20"),
        ("/2021-01-14", "0001-01-01", "2021-01-14"),
        ("../2021-01-14", "0001-01-01", "2021-01-14"),
        ("2021/", "2021-01-01", "2026-03-14"),
        ("2021/..", "2021-01-01", "2026-03-14"),
        ("2026-03-14", "2026-03-14", "2026-03-14"),
        (" 2021 \n", "2021-01-01", "2021-12-31"),
    ],
)
def test_a_date_is_read_with_its_bounds(text, earliest, latest):
    found = read(text)
    assert (found.earliest.isoformat(), found.latest.isoformat()) == (earliest, latest)
    assert found.edtf == text.strip()


NOT_READ = "is not a date this record reads; write a day 2021-01-14"
NO_DAY = "is no day of the calendar; write a day 2021-01-14"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2021-02-29", NO_DAY),
        ("1900-02-29", NO_DAY),
        ("2021-04-31", NO_DAY),
        ("2021-13", NO_DAY),
        ("2021-00", NO_DAY),
        ("2021-01-00", NO_DAY),
        ("2021-01-32", NO_DAY),
        ("0000", NO_DAY),
        ("2021-01-14/2021-02-30", NO_DAY),
        ("2021-21", NO_DAY),  # a season
        ("XXXX", NOT_READ),
        ("XXXX-01", NOT_READ),
        ("2XXX", NOT_READ),
        ("20X1", NOT_READ),
        ("2021-XX-14", NOT_READ),
        ("2021-1-4", NOT_READ),
        ("21-01-14", NOT_READ),
        ("14/01/2021", "more than one “/”"),
        ("2021/2022/2023", "more than one “/”"),
        ("January 2021", NOT_READ),
        ("2021-01-14T10:00:00Z", NOT_READ),
        ("-2021", NOT_READ),
        ("Y20210", NOT_READ),
        ("2021~?", NOT_READ),
        ("~2021", NOT_READ),
        ("[2020,2021]", NOT_READ),
        ("2020..2021", NOT_READ),
        ("٢٠٢١", NOT_READ),
        ("２０２１-01", NOT_READ),
        ("2021 - 01", NOT_READ),
        ("2021-01-14 / 2021-01-20", NOT_READ),
        ("unknown", NOT_READ),
        ("/", "bounds nothing; give the basis “unknown”"),
        ("../..", "bounds nothing; give the basis “unknown”"),
        ("/..", "bounds nothing; give the basis “unknown”"),
        ("2022/2021", "ends before it begins; write the earlier day first"),
        ("2021-01-20/2021-01-14", "ends before it begins; write the earlier day first"),
        ("2021-02-XX/2021-01", "ends before it begins; write the earlier day first"),
        ("2027/", "ends before it begins"),
        ("", "needs a value: a day 2021-01-14"),
        (None, "needs a value: a day 2021-01-14"),
        ("2026-03-15", "ends on 2026-03-15, after the day of recording, 2026-03-14"),
        ("2026", "ends on 2026-12-31, after the day of recording, 2026-03-14"),
        ("2026-03", "write the interval up to that day"),
        ("202X", "ends on 2029-12-31"),
        ("2021/2027", "only a deadline or an office's end may lie ahead"),
    ],
)
def test_what_is_no_date_is_refused_with_what_would_be_right(text, told):
    assert told in refusal(text)


@pytest.mark.parametrize(
    ("text", "latest"),
    [("2030", "2030-12-31"), ("2026/", "9999-12-31"), ("2026/..", "9999-12-31"), ("2026/2040", "2040-12-31")],
)
def test_a_deadline_may_lie_ahead(text, latest):
    assert read(text, may_be_ahead=True).latest.isoformat() == latest


def test_an_open_end_is_bounded_unless_it_lies_ahead():
    assert read("2021/").is_bounded
    assert not read("2021/", may_be_ahead=True).is_bounded


@pytest.mark.parametrize("basis", ["", "hearsay", "Stated", None])
def test_a_basis_is_one_of_the_rubric(basis):
    assert refusal("2021", basis).endswith(f"is no basis; give one of {', '.join(DATE_BASES)}.")


@pytest.mark.parametrize("basis", [basis for basis in DATE_BASES if basis != "stated"])
@pytest.mark.parametrize("note", ["", " ", None, "\n"])
def test_every_basis_but_stated_needs_a_note(basis, note):
    assert f"basis “{basis}” needs a note that shows how it was worked out" in refusal("2021", basis, note)


@pytest.mark.parametrize("basis", [basis for basis in DATE_BASES if basis != "unknown"])
def test_every_basis_but_unknown_takes_a_value_and_a_note(basis):
    found = read("2021", basis, " As the caption says. ")
    assert (found.basis, found.note) == (basis, "As the caption says.")


@pytest.mark.parametrize("text", [None, "", " "])
@pytest.mark.parametrize("ahead", [False, True])
def test_an_unknown_date_has_no_value_and_the_widest_bounds(text, ahead):
    found = read(text, "unknown", "Not told.", may_be_ahead=ahead)
    assert (found.edtf, found.earliest, found.latest) == (None, FIRST_DAY, LAST_DAY)
    assert not found.is_bounded


def test_an_unknown_date_with_a_value_is_refused():
    assert "leave “2021” out or give another basis" in refusal("2021", "unknown", "Not told.")


@pytest.mark.parametrize(
    "found", [read("2021~"), read(None, "unknown", "Not told."), read("/2021", "known_by", "Told.")]
)
def test_a_date_comes_back_from_its_json(found):
    assert UncertainDate.from_json(found.as_json()) == found


def test_its_json_says_null_for_no_note_and_no_value():
    assert read("2021-01").as_json() == {
        "edtf": "2021-01",
        "earliest": "2021-01-01",
        "latest": "2021-01-31",
        "basis": "stated",
        "note": None,
    }
    assert read(None, "unknown", "Not told.").as_json()["edtf"] is None


ALPHABET = "0123456789-/X~?%.[]{},:TYZ +eE\u0000\u0661\u00a0"
SIDES = st.one_of(
    st.dates().map(date.isoformat),
    st.from_regex(r"\d{4}(-\d{2}(-\d{2})?)?[~?%]?", fullmatch=True),
    st.from_regex(r"[0-9X]{4}(-[0-9X]{2}(-[0-9X]{2})?)?", fullmatch=True),
    st.sampled_from(["", ".."]),
)
TEXTS = st.one_of(st.text(), st.text(ALPHABET), SIDES, st.tuples(SIDES, SIDES).map("/".join))


@settings(deadline=None)
@given(TEXTS, st.sampled_from([*DATE_BASES]), st.text(max_size=5), st.booleans())
@example("2021-02-29", "stated", "", False)
@example("XXXX", "stated", "", False)
@example("2021/", "stated", "", True)
def test_any_text_is_read_within_bounds_or_refused_in_a_sentence(text, basis, note, ahead):
    try:
        found = read(text, basis, note, may_be_ahead=ahead)
    except InvalidDate as refused:
        assert str(refused).endswith(".")
        return
    assert FIRST_DAY <= found.earliest <= found.latest <= LAST_DAY
    assert ahead or basis == "unknown" or found.latest <= TODAY
    assert UncertainDate.from_json(found.as_json()) == found


@settings(deadline=None)
@given(st.dates(max_value=TODAY), st.dates(max_value=TODAY))
def test_an_interval_of_days_has_these_days_as_bounds(one, other):
    first, last = sorted([one, other])
    assert bounds(f"{first}/{last}", open_end=TODAY) == (first, last)
    assert bounds(f"../{last}", open_end=TODAY) == (FIRST_DAY, last)
    assert bounds(f"{first}/", open_end=TODAY) == (first, TODAY)


@settings(deadline=None)
@given(st.integers(1, 9999), st.integers(1, 12))
def test_a_month_ends_the_day_before_the_next(year, month):
    earliest, latest = bounds(f"{year:04}-{month:02}", open_end=TODAY)
    assert earliest == date(year, month, 1)
    assert (latest.year, latest.month) == (year, month)
    assert latest == LAST_DAY or latest.toordinal() + 1 == date(year + month // 12, month % 12 + 1, 1).toordinal()
