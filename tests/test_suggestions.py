"""What is read from a text beside the form: places, quotes, days with their reasoning, possible names. Pure."""

from datetime import date

import pytest

from commitments.captures import places, suggest

SATURDAY = date(2021, 1, 16)


def quoted(text):
    return [text[q.start : q.end] for q in places.quotes(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("She said “yes” and «no».", ["yes", "no"]),
        ("Er sagte „ja“ und ging.", ["ja"]),
        ("She said „tak” and left.", ["tak"]),
        ("彼は「はい」と言った。", ["はい"]),
        ('A "plain" word.', ["plain"]),
        ("“He told me ‘no’ twice”", ["He told me ‘no’ twice", "no"]),
        ("‘It’s ours’, she said.", ["It’s ours"]),
        ("No quotes, only it's own.", []),
        ("An “open one.\n\nAnother.", []),
        ("“First part.\n\n“Second part.”", ["First part.", "Second part."]),
    ],
)
def test_quotes_of_many_kinds_are_found(text, found):
    assert quoted(text) == found


def test_the_voice_is_guessed_from_quotation_marks():
    text = "She said: “We will build it.” They hope so."
    inside, outside = text.index("We"), text.index("They")
    assert places.voice_at(text, inside, inside + 10) == "quoted"
    assert places.voice_at(text, inside - 1, inside + 18) == "quoted"
    assert places.voice_at(text, outside, outside + 9) == "paraphrased"


def test_words_selected_with_their_marks_and_a_comma_are_quoted():
    text = "«Entregaremos veinte ambulancias», dijo ella."
    assert places.voice_at(text, 0, text.index(" dijo")) == "quoted"


@pytest.mark.parametrize(
    ("words", "where"),
    [("Towers", "headline"), ("mast.jpg", "file_name"), ("masts", "caption"), ("Yes", "body")],
)
def test_the_place_in_the_source_is_guessed(words, where):
    text = "Towers stand\n\nPhoto: the masts at noon\nmast.jpg\nYes, they do.\n"
    start = text.index(words)
    assert places.locator_at(text, start, start + len(words)) == (where, "")


def test_in_a_text_with_pages_the_page_is_counted():
    assert places.locator_at("one\ftwo\fthree", 8, 13) == ("page", "3")


def test_white_space_around_a_selection_is_left_out():
    assert places.trimmed("a \u00a0word\n ", 1, 9) == places.Place(3, 7)
    assert places.trimmed("   ", 0, 3).end == places.trimmed("   ", 0, 3).start


def test_words_are_found_letter_by_letter_first():
    assert places.occurrences("Yes, yes.", "yes") == [places.Place(5, 8)]


def test_words_with_other_spaces_and_marks_are_found_where_none_stand_exactly():
    text = "10\u00a0000 euros, “as\nsaid”"
    assert [text[p.start : p.end] for p in places.occurrences(text, '10 000 euros, "as said"')] == [text]


def test_hostile_words_to_find_are_taken_as_they_are():
    assert places.occurrences("a(b*c", "(b*") == [places.Place(1, 4)]
    assert places.occurrences("aaaa", " ") == []


def days(text, published=SATURDAY):
    return [(d.words, d.edtf, d.basis) for d in suggest.dates(text, published)]


@pytest.mark.parametrize(
    ("text", "edtf", "basis"),
    [
        ("on 28 January 2020", "2020-01-28", "stated"),
        ("January 28, 2020", "2020-01-28", "stated"),
        ("el 14 de enero de 2021", "2021-01-14", "stated"),
        ("2021-01-02", "2021-01-02", "stated"),
        ("en enero de 2021", "2021-01", "stated"),
        ("el 14 de enero", "2021-01-14", "curator_estimate"),
        ("on December 30", "2020-12-30", "curator_estimate"),
        ("on Thursday", "2021-01-14", "weekday_resolved"),
        ("on Saturday", "2021-01-16", "weekday_resolved"),
        ("next Thursday", "2021-01-21", "weekday_resolved"),
        ("next Saturday", "2021-01-23", "weekday_resolved"),
        ("el jueves próximo", "2021-01-21", "weekday_resolved"),
        ("el miércoles", "2021-01-13", "weekday_resolved"),
        ("yesterday", "2021-01-15", "curator_estimate"),
        ("KELD, Jan. 9, 2020 (Wire)", "2020-01-09", "stated"),
        ("on Sept. 3", "2020-09-03", "curator_estimate"),
        ("le 9 février 2020", "2020-02-09", "stated"),
        ("9 февраля 2020 года", "2020-02-09", "stated"),
        ("в четверг", "2021-01-14", "weekday_resolved"),
        ("14 فبراير 2020", "2020-02-14", "stated"),
        ("يوم الأربعاء", "2021-01-13", "weekday_resolved"),
        ("14 फरवरी 2020 को", "2020-02-14", "stated"),
        ("सोमवार को", "2021-01-11", "weekday_resolved"),
        ("据2020年2月14日报道", "2020-02-14", "stated"),
    ],
)
def test_days_are_worked_out_from_the_day_of_publication(text, edtf, basis):
    assert [(e, b) for _, e, b in days(text)] == [(edtf, basis)]


def test_a_worked_out_day_shows_its_chain():
    [found] = suggest.dates("He spoke on Thursday.", SATURDAY)
    assert found.note == (
        "“Thursday”, read against publication on 16 January 2021, a Saturday: "
        "the last one before it is 14 January 2021."
    )


def test_without_a_day_of_publication_the_first_date_of_the_text_stands_in():
    [_, found] = suggest.dates("ROME, 12 March 2024. On Friday they met.", None)
    assert (found.edtf, "the first date in the text" in found.note) == ("2024-03-08", True)


def test_a_weekday_that_nothing_dates_is_no_suggestion():
    assert days("on Thursday", None) == []


@pytest.mark.parametrize("text", ["on 31 February 2020", "99 January", "Mayday", "mondays", "12345-01-01"])
def test_what_is_no_day_is_no_suggestion(text):
    assert days(text) == []


def test_the_same_day_told_twice_is_offered_once():
    assert len(days("On Thursday. On Thursday.")) == 1


@pytest.mark.parametrize("name", ["united states", "mira solen", "méxico", "वेसलैंड", "米国", "وزارة الدفاع"])
def test_runs_of_words_that_may_be_names_are_listed_in_every_script(name):
    text = "The United States, Mira Solen’s aide and México; वेसलैंड ने 米国政府は وزارة الدفاع"
    assert name in suggest.possible_names(text)


def test_a_long_text_costs_little():
    found = suggest.possible_names("Word " * 300_000)
    assert len(found) <= suggest.LONGEST_NAME


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MEXICO CITY, Jan. 14, 2021 - The ambassador spoke.", "2021-01-14"),
        ("Título\n\nEl 14 de enero de 2021, el embajador habló.", "2021-01-14"),
        ("In January 2021 they met. On Thursday they spoke.", None),
        ("It opens on 31 January 2021, she said on 2 January 2021.", "2021-01-02"),
        ("31 February 2021. Nothing.", None),
        ("x" * 500 + " 14 January 2021.", None),
    ],
)
def test_only_a_whole_day_at_the_head_of_a_text_is_taken_for_its_date_line(text, found):
    told = suggest.dateline(text, today=SATURDAY)
    assert (told and told.edtf) == found
