"""Days as data sets write them: digits of every script, names of months, and nothing guessed. No database."""

import pytest

from commitments.importers.days import UnreadDay, read_day


@pytest.mark.parametrize(
    ("written", "edtf"),
    [
        ("2021-01-14", "2021-01-14"),
        ("/2021-01-14", "/2021-01-14"),
        ("2021-01-14/2021-01-20", "2021-01-14/2021-01-20"),
        ("14/01/2021", "2021-01-14"),
        ("01/14/2021", "2021-01-14"),
        ("05/05/2021", "2021-05-05"),
        ("14.1.2021", "2021-01-14"),
        ("2021/5/3", "2021-05-03"),
        ("2021-01-14T10:00:00Z", "2021-01-14"),
        ("01/2021", "2021-01"),
        ("2021", "2021"),
        ("Jan 2021", "2021-01"),
        ("January 14th, 2021", "2021-01-14"),
        ("14-Jan-2021", "2021-01-14"),
        ("14 de enero de 2021", "2021-01-14"),
        ("१४/०१/२०२१", "2021-01-14"),
        ("١٤/٠١/٢٠٢١", "2021-01-14"),
        ("２０２１年１月１４日", "2021-01-14"),
        ("2021년 1월 14일", "2021-01-14"),
        ("\u200f14.01.2021\u200f", "2021-01-14"),
    ],
)
def test_an_unambiguous_day_is_read(written, edtf):
    assert read_day(written) == edtf


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("hi", "१४ जनवरी २०२१"),
        ("ar", "١٤ يناير ٢٠٢١"),
        ("ka", "14 იანვარი 2021"),
        ("ru", "14 января 2021 г."),
        ("es", "14 ene. 2021"),
    ],
)
def test_a_month_is_known_by_its_name_in_the_language_of_the_data_set(language, written):
    assert read_day(written, language=language) == "2021-01-14"


def test_which_number_is_the_month_is_said_and_never_guessed():
    assert read_day("03/04/2021", order="day") == "2021-04-03"
    assert read_day("03/04/2021", order="month") == "2021-03-04"
    with pytest.raises(UnreadDay, match="may be one of two days"):
        read_day("03/04/2021")


def test_a_number_is_a_spreadsheets_day_only_where_that_is_said():
    assert read_day("44210", serials=True) == "2021-01-14"
    with pytest.raises(UnreadDay, match="no date that is read here"):
        read_day("44210")


@pytest.mark.parametrize(
    "written", ["soon", "31/02/2021", "13/13/2021", "9" * 5000, "2021-13", "the 14th", "January 14"]
)
def test_what_is_no_day_is_refused_with_what_would_be_right(written):
    with pytest.raises(UnreadDay, match="write 2021-01-14"):
        read_day(written, order="day", serials=True)


def test_a_year_of_two_digits_is_refused():
    with pytest.raises(UnreadDay, match="no year of four digits"):
        read_day("14/01/21")


@pytest.mark.parametrize("written", ["1442-05-12", "2564"])
def test_a_year_of_another_calendar_is_refused(written):
    with pytest.raises(UnreadDay, match="another calendar"):
        read_day(written)
