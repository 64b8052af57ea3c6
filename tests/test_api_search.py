"""Full text over HTTP: what is found, in which order, where it stands, and what cannot be asked."""

import pytest

from commitments import selection
from tests.routes import API
from tests.test_api_pages import crawl, ids

pytestmark = pytest.mark.django_db
EQUIPMENT = "commitments/equipment-donation"


def read(client, path: str, **query: str) -> dict:
    answer = client.get(API + path, query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def slugs(client, q: str, **query: str) -> set[str]:
    return {row["slug"] for row in read(client, "commitments/", q=q, limit="200", **query)["results"]}


@pytest.mark.parametrize(
    "q",
    [
        "equipment",
        "Equipments",
        "donación equipo",
        "donacion de equipos",
        '"non-intrusive inspection"',
        "landau not accepted",
        "Did Mexico accept the equipment?",
        "nosuchword OR equipment",
    ],
)
def test_the_equipment_is_found(client, q):
    assert "equipment-donation" in slugs(client, q)


@pytest.mark.parametrize("q", ["equipment -ambassador", '"inspection non-intrusive"', "equipment nosuchword"])
def test_the_equipment_is_not_found(client, q):
    assert "equipment-donation" not in slugs(client, q)


def test_a_claim_is_found_by_its_words_and_by_who_said_it(client):
    found = read(client, "claims/", q="landau equipment")["results"]
    assert any(
        "has not been accepted" in passage["exact"] for row in found for passage in row["passages"] if passage["exact"]
    )


def test_what_was_found_is_marked_in_the_text_as_it_stands(client):
    for row in read(client, "commitments/", q="equipment")["results"]:
        words = {row["excerpt"]["text"][start:end].lower() for start, end in row["excerpt"]["marks"]}
        assert words <= {"equipment"}
    assert words


def test_an_excerpt_comes_whatever_fields_are_asked_for_and_only_with_q(client):
    [row, *_] = read(client, "commitments/", q="equipment", fields="id")["results"]
    assert row.keys() == {"id", "excerpt"}
    assert "excerpt" not in read(client, "commitments/")["results"][0]


def test_without_sort_the_best_come_in_one_page(client):
    answer = read(client, "commitments/", q="mexico", limit="3")
    assert (len(answer["results"]), answer["next"]) == (3, None)


def test_the_one_with_the_word_in_its_title_comes_before_others(client):
    found = read(client, "commitments/", q="extradition")["results"]
    assert "extradit" in found[0]["title"]["en"].lower()


@pytest.mark.parametrize("rare", [0, 2000])
def test_with_sort_it_pages_like_any_list_however_rare_the_word(client, monkeypatch, rare):
    monkeypatch.setattr(selection, "RARE", rare)
    whole = read(client, "commitments/", q="mexico", sort="-made_on", limit="200", count="true")
    assert ids(crawl(client, "commitments/?q=mexico&sort=-made_on&limit=2")) == [row["id"] for row in whole["results"]]
    assert whole["count"]["value"] == len(whole["results"]) > 2


def test_a_search_narrows_like_any_filter(client):
    assert slugs(client, "mexico", status="declined") == slugs(client, "mexico") & {
        row["slug"] for row in read(client, "commitments/", status="declined")["results"]
    }


def test_a_search_is_of_the_record_that_the_clocks_ask_for(client, world):
    before, found = read(client, "commitments/")["record"]["seq"], '"accepted the boats"'
    world.record("agreed", world.claim("Sutherland has accepted the boats", bears="agreed"), "2020-02-01")
    assert slugs(client, found) == {world.commitment.slug}
    assert slugs(client, found, known_at=str(before)) == set()
    assert slugs(client, found, as_of="2020-01-20") == {world.commitment.slug}


@pytest.mark.parametrize(("q", "says"), [("", "no word"), ("?!", "no word"), ("-only", "leave out")])
def test_nothing_to_search_for_is_refused_with_a_sentence(client, q, says):
    answer = client.get(f"{API}commitments/", {"q": q})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "q")
    assert says in answer.json()["detail"]


def test_a_search_costs_two_queries(client, django_assert_num_queries):
    for query in ({}, {"sort": "title"}):
        with django_assert_num_queries(2):
            read(client, "commitments/", q="mexico", **query)


@pytest.mark.parametrize(
    ("path", "names"),
    [("commitments/", "actors,claims,sources"), ("claims/", "actors,sources"), (f"{EQUIPMENT}/claims/", "actors")],
)
def test_fields_and_what_is_included_go_together(client, path, names):
    whole = client.get(API + path, {"limit": 3}).json()["results"]
    answer = client.get(API + path, {"limit": 3, "fields": "id", "include": names}).json()
    assert answer["results"] == [{"id": row["id"]} for row in whole]
    assert list(answer["included"]) == names.split(",") and answer["included"]["actors"]


@pytest.mark.parametrize("path", ["commitments/", "claims/"])
def test_a_search_goes_together_with_fields_include_and_count(client, path):
    asked = {"q": "equipment", "fields": "id", "include": "actors,sources", "count": "true", "limit": 2}
    answer = client.get(API + path, asked).json()
    assert all(row.keys() == {"id", "excerpt"} for row in answer["results"]) and answer["results"]
    assert answer["count"]["value"] >= len(answer["results"]) and answer["included"]["sources"]


@pytest.mark.parametrize(
    "path", ["actors/", "sources/", "passages/", "changes/", "vocabularies/", f"{EQUIPMENT}/claims/"]
)
@pytest.mark.parametrize("name", ["q", "excerpt"])
def test_where_nothing_is_searched_a_search_is_refused_with_a_sentence(client, path, name):
    answer = client.get(API + path, {name: "equipment"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown_parameter")
    assert f"There is no parameter “{name}” here." in answer.json()["detail"]
