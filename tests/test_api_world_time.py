"""Lists, counts and facets as of a day of the world: what one commitment answers for that day, all answer."""

from collections import Counter

import pytest

from commitments.models.ledger import Head
from tests.routes import API
from tests.test_api_pages import crawl, ids

pytestmark = pytest.mark.django_db
DAYS = ["2019-01-01", "2019-07-24", "2020-01-16", "2021-01-15", "2022-02-01"]
OF_THE_DAY = ("status", "open", "status_since", "status_claims", "positions", "flags", "silent_since")


def read(client, path: str, **query: str) -> dict:
    answer = client.get(API + path, query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def listed(client, day: str, **query: str) -> list[dict]:
    return read(client, "commitments/", as_of=day, limit="200", **query)["results"]


@pytest.mark.parametrize("day", DAYS)
def test_each_row_of_a_list_says_of_the_day_what_the_commitment_alone_says(client, day):
    for row in listed(client, day):
        alone = read(client, f"commitments/{row['id']}/", as_of=day)
        assert {member: row[member] for member in row if member != "record"} == {
            member: alone[member] for member in row if member != "record"
        }


@pytest.mark.parametrize("day", DAYS)
def test_what_had_no_status_yet_is_left_out(client, day):
    shown = {row["id"] for row in listed(client, day)}
    for row in read(client, "commitments/", limit="200")["results"]:
        answer = client.get(f"{API}commitments/{row['id']}/?as_of={day}")
        assert (answer.status_code == 200) is (row["id"] in shown)


@pytest.mark.parametrize("name", ["status", "open"])
def test_filters_and_facets_are_those_of_the_day(client, name):
    for day in DAYS:
        rows = listed(client, day)
        told = Counter(str(row[name]).lower() for row in rows)
        facets = read(client, "commitments/", as_of=day, facets=name)
        assert {pair["value"]: pair["count"] for pair in facets["facets"][name]} == told
        assert facets["count"]["value"] == len(rows)
        for value, number in told.items():
            assert len(listed(client, day, **{name: value})) == number


def test_a_position_is_found_from_the_day_on_which_it_was_told(client):
    asked = {"position": "mexico:not_accepted"}
    assert not listed(client, "2021-01-01", **asked)
    assert [row["slug"] for row in listed(client, "2021-01-15", **asked)] == ["equipment-donation"]


@pytest.mark.parametrize("sort", ["status_since", "-status_since", "title"])
def test_pages_as_of_a_day_hold_what_one_long_list_holds(client, sort):
    query = f"commitments/?as_of=2020-01-16&sort={sort}"
    whole = ids(crawl(client, f"{query}&limit=200"))
    assert ids(crawl(client, f"{query}&limit=3")) == whole
    assert len(whole) == len(set(whole)) > 3


def test_status_since_sorts_by_what_held_on_the_day(client):
    days = [row["status_since"]["latest"] for row in listed(client, "2020-01-16", sort="-status_since")]
    assert days == sorted(days, reverse=True)


def test_both_clocks_compose(client, world):
    before = Head.objects.get().seq
    world.record("agreed", world.claim("Sutherland has accepted the boats", bears="agreed"), "2020-02-01")
    for clock, status in (({}, "agreed"), ({"known_at": str(before)}, "proposed")):
        rows = listed(client, "2020-02-02", id=world.commitment.slug, **clock)
        assert [row["status"] for row in rows] == [status]
    assert listed(client, "2020-01-20", id=world.commitment.slug)[0]["status"] == "proposed"


def test_a_claim_is_listed_from_the_day_on_which_it_was_said(client):
    for day in DAYS:
        shown = {row["id"] for row in read(client, "claims/", as_of=day, limit="200")["results"]}
        every = read(client, "claims/", limit="200")["results"]
        assert shown == {row["id"] for row in every if row["counts_from"] <= day}


def test_a_list_as_of_a_day_costs_two_queries(client, django_assert_num_queries):
    for limit in ("1", "200"):
        with django_assert_num_queries(2):
            read(client, "commitments/", as_of="2021-01-15", limit=limit, status="declined", party="mexico")


def test_an_answer_states_the_day_asked_for(client):
    record = read(client, "commitments/", as_of="2021-01-15", limit="2")["record"]
    assert (record["as_of"], record["seq"]) == ("2021-01-15", Head.objects.get().seq)
