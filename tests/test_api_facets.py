"""Facets of the list of commitments: how many have which value, under the same filters."""

from collections import Counter

import pytest

from commitments import selection
from tests.routes import API
from tests.test_api_counts import read

pytestmark = pytest.mark.django_db
FACETS = selection.FACETS["commitment"]
VALUES = {
    "status": lambda row: [row["status"]],
    "kind": lambda row: [row["kind"]],
    "form": lambda row: [row["form"]],
    "open": lambda row: [str(row["open"]).lower()],
    "party": lambda row: {party["actor"]["id"] for party in row["parties"]},
    "topic": lambda row: row["topics"],
    "place": lambda row: row["places"],
}


def told(answer: dict, facet: str) -> dict[str, int]:
    return {pair["value"]: pair["count"] for pair in answer["facets"][facet]}


@pytest.mark.parametrize("facet", FACETS)
@pytest.mark.parametrize("filters", ["", "&open=true", "&party=mexico&made_on[gte]=2020"])
def test_a_facet_counts_its_values_among_all_matches(client, facet, filters):
    rows = read(client, f"commitments/?limit=200{filters}")["results"]
    answer = read(client, f"commitments/?limit=1&facets={facet}{filters}")
    assert told(answer, facet) == Counter(value for row in rows for value in VALUES[facet](row))


@pytest.mark.parametrize("facet", FACETS)
def test_each_value_of_a_facet_finds_as_many_as_it_tells(client, facet):
    for value, number in told(read(client, f"commitments/?facets={facet}"), facet).items():
        assert read(client, f"commitments/?{facet}={value}&count=true")["count"]["value"] == number


def test_the_most_frequent_value_stands_first(client):
    pairs = read(client, "commitments/?facets=kind")["facets"]["kind"]
    assert pairs == sorted(pairs, key=lambda pair: (-pair["count"], pair["value"]))


def test_facets_come_in_the_order_asked_for_with_the_count_of_all(client):
    answer = read(client, "commitments/?facets=party,status,party")
    assert list(answer["facets"]) == ["party", "status"]
    assert answer["count"] == read(client, "commitments/?count=true")["count"]


def test_facets_of_very_many_are_those_of_the_newest_and_say_so(client, monkeypatch):
    newest = read(client, "commitments/?form=agreement&limit=5")["results"]
    monkeypatch.setattr(selection, "MOST_COUNTED", 5)
    answer = read(client, "commitments/?form=agreement&facets=status")
    assert answer["count"] == {"value": 5, "relation": "gte"}
    assert told(answer, "status") == Counter(row["status"] for row in newest)


def test_nothing_has_no_values(client):
    answer = read(client, "commitments/?made_on[gt]=2100&facets=status,topic")
    assert answer["facets"] == {"status": [], "topic": []}


def test_nobody_is_told_facets_that_were_not_asked_for(client):
    assert not {"facets", "count"} & read(client, "commitments/").keys()


@pytest.mark.parametrize(
    ("query", "says"), [("facets=statsu", "“status”"), ("facets=", "Known:"), ("facets=kind,title", "“title”")]
)
def test_a_facet_that_there_is_not_is_refused_with_the_nearest(client, query, says):
    answer = client.get(f"{API}commitments/?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "facets")
    assert says in answer.json()["detail"]


@pytest.mark.parametrize("path", ["claims/", "commitments/equipment-donation/claims/"])
def test_only_commitments_have_facets(client, path):
    assert client.get(f"{API}{path}?facets=status").status_code == 400


def test_facets_of_a_crawl_and_of_a_past_record_are_those_of_its_start(client, world):
    first = read(client, "commitments/?limit=2&facets=status")
    world.record("agreed", world.claim("Sutherland has accepted the boats", bears="agreed"), "2020-02")
    assert client.get(first["next"]).json()["facets"] == first["facets"]
    then = read(client, f"commitments/?facets=status&known_at={first['record']['seq']}")
    assert then["facets"] == first["facets"] != read(client, "commitments/?facets=status")["facets"]


def test_any_number_of_facets_costs_one_query_beside_the_count(django_assert_num_queries, client):
    for facets in ("status", ",".join(FACETS)):
        with django_assert_num_queries(4):
            read(client, f"commitments/?facets={facets}&count=true")
