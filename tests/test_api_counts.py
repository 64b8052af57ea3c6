"""Counts of lists, on request only: exact up to a limit, and of the record that the page shows."""

import pytest

from commitments import actions, selection
from commitments.api.views import PATHS
from commitments.clocks import Clock
from commitments.models.ledger import Head
from commitments.selection import Selection
from tests.routes import API

pytestmark = pytest.mark.django_db


def read(client, query: str) -> dict:
    answer = client.get(API + query)
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.parametrize(
    "words", ["commitments", "claims", "actors", "vocabularies", "commitments/boat-donation/claims"]
)
def test_a_count_is_of_all_matches_whatever_the_page(client, world, words):
    words = words.replace("boat-donation", world.commitment.slug)
    whole = read(client, f"{words}/?limit=200")
    answer = read(client, f"{words}/?limit=1&count=true")
    assert answer["count"] == {"value": len(whole["results"]), "relation": "eq"}
    assert len(answer["results"]) == 1


def test_a_count_is_of_what_the_filters_let_through(client):
    open_ones = read(client, "commitments/?open=true&limit=200")["results"]
    assert read(client, "commitments/?open=true&limit=2&count=true")["count"]["value"] == len(open_ones)


def test_nothing_at_all_is_counted_as_nothing(client):
    assert read(client, "commitments/?made_on[gt]=2100&count=true")["count"] == {"value": 0, "relation": "eq"}


def test_beyond_the_most_that_is_counted_there_are_at_least_so_many(client, monkeypatch):
    monkeypatch.setattr(selection, "MOST_COUNTED", 5)
    assert read(client, "commitments/?form=agreement&count=true")["count"] == {"value": 5, "relation": "gte"}


def test_exactly_the_most_that_is_counted_is_exact(client, monkeypatch):
    found = len(read(client, "commitments/?form=agreement&limit=200")["results"])
    monkeypatch.setattr(selection, "MOST_COUNTED", found)
    assert read(client, "commitments/?form=agreement&count=true")["count"] == {"value": found, "relation": "eq"}


@pytest.mark.parametrize("noun", PATHS)
def test_the_whole_of_the_current_record_is_counted_exactly_at_any_size(client, world, monkeypatch, noun):
    held = len(read(client, f"{PATHS[noun]}/?limit=200")["results"])
    monkeypatch.setattr(selection, "MOST_COUNTED", 1)
    assert read(client, f"{PATHS[noun]}/?limit=1&count=true")["count"] == {"value": held, "relation": "eq"}


@pytest.mark.parametrize("query", ["open=true", "as_of=2021-12-31", "known_at={seq}", "form[not]=offer", "q=mexico"])
def test_whatever_narrows_the_record_is_counted_up_to_the_most(client, monkeypatch, query):
    monkeypatch.setattr(selection, "MOST_COUNTED", 1)
    asked = query.format(seq=Head.objects.get().seq)
    assert read(client, f"commitments/?{asked}&count=true")["count"] == {"value": 1, "relation": "gte"}


def test_a_retracted_commitment_is_in_the_list_and_in_its_count(client, world):
    before = read(client, "commitments/?count=true")["count"]
    actions.retract(thing=world.commitment, by=world.curator, reason="Never offered.")
    assert read(client, "commitments/?count=true")["count"] == before


def test_the_total_is_read_without_the_rows(client, django_assert_num_queries):
    with django_assert_num_queries(3) as asked:
        read(client, "commitments/?count=true")
    assert "FROM commitments_total" in asked[-1]["sql"]
    # Of the rows only those that were merged, which have an index of their own.
    assert asked[-1]["sql"].count("commitmentstanding") == asked[-1]["sql"].count("s.merged_into IS NOT NULL") == 1


def test_a_total_while_a_writer_moves_the_head_is_that_of_the_seq(world):
    head = Head.objects.get()
    clock = Clock(head.seq, head.recorded_at.date(), head.recorded_at, is_head=True)
    before = Selection.of("claim", clock).counted()
    world.claim("Sutherland has accepted the boats", bears="agreed")
    assert Selection.of("claim", clock).counted() == before


@pytest.mark.parametrize("query", ["", "?count=false"])
def test_nobody_is_told_a_count_that_was_not_asked_for(client, query):
    assert "count" not in read(client, f"commitments/{query}")


@pytest.mark.parametrize("value", ["True", "1", "yes", ""])
def test_a_count_is_asked_for_with_true_or_false(client, value):
    answer = client.get(f"{API}commitments/?count={value}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "count")


def test_every_page_of_a_crawl_counts_the_record_of_its_start(client, world):
    first = read(client, "commitments/?open=true&limit=2&count=true")
    world.record("fulfilled", world.claim("The boats have been delivered", bears="fulfilled"), "2020-03")
    assert client.get(first["next"]).json()["count"] == first["count"]
    now = read(client, "commitments/?open=true&count=true")
    assert now["count"]["value"] == first["count"]["value"] - 1
    then = read(client, f"commitments/?open=true&count=true&known_at={first['record']['seq']}")
    assert then["count"] == first["count"]


def test_a_count_while_a_writer_moves_the_head_is_that_of_the_seq(world):
    head = Head.objects.get()
    clock = Clock(head.seq, head.recorded_at.date(), head.recorded_at, is_head=True)
    world.record("agreed", world.claim("Sutherland has accepted the boats", bears="agreed"), "2020-02")
    rows = Selection.of("commitment", clock).among("subject_id", [world.commitment.pk]).among("status", ["proposed"])
    assert rows.counted() == {"value": 1, "relation": "eq"}


def test_a_count_costs_one_query(django_assert_num_queries, client):
    with django_assert_num_queries(3):
        read(client, "commitments/?count=true&open=true")
