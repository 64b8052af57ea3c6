"""A crawl is one snapshot: nothing doubled, nothing skipped, whatever curators write meanwhile."""

from datetime import UTC, date, datetime, timedelta

import orjson
import pytest
import time_machine

from commitments.clocks import Clock
from commitments.models.ledger import Head
from commitments.selection import Selection
from tests.routes import API

pytestmark = pytest.mark.django_db
LISTS = ["commitments/?limit=7", "commitments/?open=true&limit=3", "claims/?limit=50", "actors/?limit=20"]


def crawl(client, path: str) -> list[dict]:
    return following(client, client.get(API + path).json())


def following(client, first: dict) -> list[dict]:
    answers = [first]
    while answers[-1]["next"]:
        answer = client.get(answers[-1]["next"])
        assert answer.status_code == 200, answer.content
        answers.append(answer.json())
    return answers


def ids(answers: list[dict]) -> list[str]:
    return [row["id"] for answer in answers for row in answer["results"]]


@pytest.mark.parametrize("path", LISTS)
def test_pages_hold_what_one_long_list_holds(client, path):
    whole = ids(crawl(client, path.partition("limit=")[0] + "limit=200"))
    assert ids(crawl(client, path)) == whole
    assert len(set(whole)) == len(whole)


def test_commitments_come_newest_first(client):
    days = [row["made_on"] for row in client.get(f"{API}commitments/").json()["results"]]
    keys = [(day["latest"], day["earliest"]) for day in days]
    assert keys == sorted(keys, reverse=True)


def test_a_crawl_shows_the_record_as_it_was_at_its_start(client, world):
    whole = ids(crawl(client, "commitments/?limit=200&open=true"))
    first = client.get(f"{API}commitments/?limit=4&open=true").json()
    world.record("fulfilled", world.claim("The boats have been delivered", bears="fulfilled"), "2020-03")
    answers = following(client, first)
    assert ids(answers) == whole
    assert len({str(answer["record"]) for answer in answers}) == 1
    assert len(ids(crawl(client, "commitments/?limit=200&open=true"))) == len(whole) - 1


def test_a_crawl_across_midnight_keeps_its_day(client):
    first = client.get(f"{API}commitments/?limit=1").json()
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2)):
        assert client.get(first["next"]).json()["record"] == first["record"]


def test_rows_read_while_a_writer_moves_the_head_are_those_of_the_seq(world):
    before = Head.objects.get()
    clock = Clock(before.seq, date.today(), before.recorded_at, is_head=True)
    world.record("agreed", world.claim("Sutherland has accepted the boats", bears="agreed"), "2020-02")
    [listed] = (
        Selection.of("commitment", clock).among("subject_id", [world.commitment.pk]).listed(("subject_id",), None, 5)
    )
    assert orjson.loads(listed.row)["status"] == "proposed"


def test_the_next_page_stands_in_the_link_header_too(client):
    answer = client.get(f"{API}commitments/?limit=1")
    assert answer["Link"] == f'<{answer.json()["next"]}>; rel="next"'
    assert "Link" not in client.get(f"{API}commitments/?limit=200")


@pytest.mark.parametrize("change", ["&open=false", "&status=agreed", "&known_at=1"])
def test_a_cursor_carried_over_to_another_list_is_refused(client, change):
    following = client.get(f"{API}commitments/?limit=1").json()["next"]
    [error] = client.get(following + change).json()["errors"]
    assert (error["parameter"], error["code"]) == ("cursor", "mismatch")


def test_a_cursor_of_another_route_is_refused(client):
    following = client.get(f"{API}commitments/?limit=1").json()["next"]
    assert client.get(following.replace("/commitments/", "/claims/")).status_code == 400


def test_a_tampered_cursor_is_refused(client):
    following = client.get(f"{API}commitments/?limit=1").json()["next"]
    [error] = client.get(following[:-2] + "xx").json()["errors"]
    assert (error["parameter"], error["code"]) == ("cursor", "invalid")


def test_the_size_of_a_page_may_change_on_the_way(client):
    following = client.get(f"{API}commitments/?limit=1").json()["next"]
    assert len(client.get(following.replace("limit=1&", "limit=5&")).json()["results"]) == 5


@pytest.mark.parametrize("path", ["commitments/?limit=1", "claims/?limit=1"])
def test_a_deep_page_costs_no_more_queries_than_the_first(django_assert_num_queries, client, path):
    following = client.get(API + path).json()["next"]
    with django_assert_num_queries(2):
        client.get(following)
