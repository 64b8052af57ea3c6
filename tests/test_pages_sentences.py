"""Dates and counts in words, without a database."""

import pytest

from commitments import vocabulary
from commitments.pages import badges, ledger, sentences


def row(edtf, earliest, latest, basis="stated", note=None):
    return {"edtf": edtf, "earliest": earliest, "latest": latest, "basis": basis, "note": note}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (row("2021-01-14", "2021-01-14", "2021-01-14"), "14 January 2021"),
        (row("2019-08", "2019-08-01", "2019-08-31"), "August 2019"),
        (row("2019", "2019-01-01", "2019-12-31"), "2019"),
        (row("/2021-01-14", "0001-01-01", "2021-01-14"), "by 14 January 2021"),
        (row("../2021-01", "0001-01-01", "2021-01-31"), "by January 2021"),
        (row("2020-05-01/..", "2020-05-01", "2026-11-22"), "1 May 2020 or later"),
        (row("2019-06/2019-08-02", "2019-06-01", "2019-08-02"), "between June 2019 and 2 August 2019"),
        (row("2019-06~", "2019-06-01", "2019-06-30"), "about June 2019"),
        (row("2019-06-03?", "2019-06-03", "2019-06-03"), "3 June 2019 (uncertain)"),
        (row("201X", "2010-01-01", "2019-12-31"), "between 1 January 2010 and 31 December 2019"),
        (row(None, "0001-01-01", "9999-12-31", "unknown"), "date not known"),
    ],
)
def test_an_uncertain_date_is_told_no_sharper_than_it_is(told, words):
    assert sentences.when(told) == words


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (row("2021-01-14", "2021-01-14", "2021-01-14"), "since 14 January 2021"),
        (row("/2021-01-14", "0001-01-01", "2021-01-14"), "true by 14 January 2021"),
        (row("2021-01/2021-02", "2021-01-01", "2021-02-28"), "since a day between January 2021 and February 2021"),
        (row(None, "0001-01-01", "9999-12-31", "unknown"), "since when is not known"),
    ],
)
def test_since_when_says_by_where_the_beginning_is_not_told(told, words):
    assert sentences.since(told) == words


def bearing(status=None, reading="literal"):
    return {"commitment": {"id": "c"}, "status": status, "reading": reading}


def claim(name="Ann", said=None, *bearings):
    said_on = said or row("2021-01-14", "2021-01-14", "2021-01-14", "weekday_resolved")
    return {
        "id": name,
        "claimant": {"name": name},
        "office": None,
        "on_behalf_of": None,
        "said_on": said_on,
        "bearings": list(bearings),
    }


def commitment(status="declined", *positions, single=False, disputed=False, since=None):
    return {
        "id": "c",
        "status": status,
        "status_since": since or row("2021-01-14", "2021-01-14", "2021-01-14"),
        "positions": list(positions),
        "flags": {"single_party": single, "disputed": disputed},
    }


def position(side, word="not_accepted", reading="literal", told_by="Ann"):
    return {"side": {"name": side}, "actor": {"name": side}, "position": word, "reading": reading, "claim": told_by}


@pytest.mark.parametrize(
    ("reading", "positions", "start"),
    [
        ("literal", [], "Not accepted, on"),
        ("literal", [position("Mexico")], "Not accepted by Mexico, on"),
        ("literal", [position("United States")], "Not accepted by the United States, on"),
        ("literal", [position("Mexico"), position("Chile")], "Not accepted, on"),
        ("literal", [position("Mexico", "favours")], "Not accepted, on"),
        ("literal", [position("Mexico", told_by="Bea")], "Not accepted, on"),
        ("literal", [position("Mexico", reading="outlet")], "Not accepted, on"),
        ("outlet", [position("Mexico", reading="outlet")], "Not accepted by Mexico, in the outlet's word, on"),
        ("inference", [position("Mexico")], "Not accepted by Mexico, as we infer it, on"),
        ("implied", [], "Not accepted, by implication, on"),
    ],
)
def test_a_status_names_a_party_only_where_its_position_is_told_as_surely(reading, positions, start):
    told = sentences.status_sentence(
        commitment("declined", *positions), [claim("Ann", None, bearing("declined", reading))]
    )
    assert told.startswith(start)


@pytest.mark.parametrize(
    ("told", "end"),
    [
        (row("2021-01-14", "2021-01-14", "2021-01-14"), "since 14 January 2021, as the source says."),
        (
            row("/2021-01-14", "0001-01-01", "2021-01-14", "known_by"),
            "true by 14 January 2021, the day it was said: a Thursday, its date worked out from the weekday.",
        ),
        (
            row("/2021-01-15", "0001-01-01", "2021-01-15", "known_by"),
            "true by 15 January 2021 (when it began is not told).",
        ),
        (row("2021-01", "2021-01-01", "2021-01-31", "file_name"), "January 2021, a date from the name of a file."),
        (row(None, "0001-01-01", "9999-12-31", "unknown"), "; since when is not known."),
    ],
)
def test_a_status_is_dated_with_how_that_is_known(told, end):
    said = [claim("Ann", None, bearing("declined"))]
    assert sentences.status_sentence(commitment(since=told), said).endswith(end)


@pytest.mark.parametrize(
    ("names", "single", "who"),
    [
        (["Ann"], True, "on the word of Ann alone;"),
        (["Ann", "Bea"], True, "on the word of Ann, and Bea, of one side only;"),
        (["Ann", "Bea"], False, "on the word of Ann, and Bea;"),
        (list("ABCDE"), False, "on the word of A, and B, and C, and 2 others;"),
    ],
)
def test_a_status_says_whether_only_one_or_one_side_is_heard(names, single, who):
    said = [claim(name, None, bearing("declined")) for name in names]
    assert who in sentences.status_sentence(commitment(single=single), said)


def test_a_disputed_status_says_that_the_sides_contradict_each_other():
    told = sentences.status_sentence(commitment(disputed=True), [claim("Ann", None, bearing("declined"))])
    assert "on the word of Ann alone, while the sides contradict each other; since" in told


def test_the_basis_of_a_date_carries_its_note():
    assert sentences.basis(row("/2021", "", "", "known_by", "Told later.")) == "known by: Told later"


def test_directness_counts_relays_in_words():
    assert sentences.directness(0).startswith("First hand")
    assert [sentences.directness(relays) for relays in (1, 2)] == ["Through one relay", "Through 2 relays"]


def test_every_status_has_a_shape_of_its_own():
    assert set(badges.GLYPHS) == set(vocabulary.STATUSES)
    assert len(set(badges.GLYPHS.values())) == len(badges.GLYPHS)


def test_entries_of_one_set_are_told_once():
    entry = {"recorded_at": "2026-11-22T03:59:51.013303Z", "by": "curator-1", "reason": "First."}
    found = ledger.entries_of({"a": [{"entries": [entry | {"seq": seq}]} for seq in (3, 7, 5, 6)]})
    assert [told["seqs"] for told in ledger.in_sets(found)] == ["3, 5–7"]
