"""The lists of actors, sources and occasions."""

import pytest

from commitments import actions
from commitments.pages import indexes

pytestmark = pytest.mark.django_db

LISTS = ("actors", "sources", "occasions")


def rows(client, address):
    return [row for group in client.get(address).context["groups"] for row in group["rows"]]


@pytest.mark.parametrize("words", LISTS)
def test_a_list_has_all_that_the_api_has(client, words):
    told = {row["id"] for row in client.get(f"/api/v1/{words}/?limit=200").json()["results"]}
    assert {row["id"] for row in rows(client, f"/{words}/")} == told


@pytest.mark.parametrize("words", LISTS)
def test_a_list_leads_to_its_json(client, words):
    assert f'<a href="/api/v1/{words}/">' in client.get(f"/{words}/").content.decode()


def test_actors_stand_by_kind_and_name(client):
    groups = client.get("/actors/").context["groups"]
    assert [group["name"] for group in groups] == ["State", "Public body", "Outlet", "Person", "Unnamed group"]
    names = [row["name"] for row in groups[3]["rows"]]
    assert names == sorted(names)


@pytest.mark.parametrize("words", ["sources", "occasions"])
def test_the_newest_come_first_and_what_has_no_date_last(client, words):
    years = [group["name"] for group in client.get(f"/{words}/").context["groups"]]
    dated = [year for year in years if year.isdigit()]
    assert dated == sorted(dated, reverse=True) and years[: len(dated)] == dated


def test_a_row_says_how_much_it_is_in(client):
    [mexico] = [row for row in rows(client, "/actors/") if row["name"] == "Mexico"]
    assert mexico["commitments"] == client.get("/commitments/?party=mexico").context["count"]["value"]
    [landau] = [row for row in rows(client, "/actors/") if row["name"] == "Christopher Landau"]
    assert landau["claims"] == client.get("/claims/?claimant=christopher-landau").context["count"]["value"]


def test_a_long_list_comes_in_pages(client, monkeypatch):
    whole = [row["id"] for row in rows(client, "/actors/")]
    monkeypatch.setattr(indexes, "ROWS", 25)
    parts = [rows(client, f"/actors/?page={page}") for page in (1, 2, 3)]
    assert [row["id"] for part in parts for row in part] == whole
    assert 'rel="next" href="?page=2"' in client.get("/actors/").content.decode()


@pytest.mark.parametrize("page", ["0", "2", "x"])
def test_a_page_that_there_is_not_is_refused_in_a_sentence(client, page):
    answer = client.get(f"/actors/?page={page}")
    assert answer.status_code == 400
    assert f"There is no page “{page}” of this list" in answer.content.decode()


def test_what_was_retracted_stays_in_the_list_and_is_marked(client, world):
    source, _ = world._source_again()
    world.publish(source)
    actions.retract(thing=source, by=world.curator, reason="Recorded by mistake.")
    assert [row["id"] for row in rows(client, "/sources/") if row["is_retracted"]] == [source.pk]


def test_a_title_keeps_its_language(client):
    assert 'lang="en">US ambassador reveals' in " ".join(client.get("/es/sources/").content.decode().split())


def test_before_the_first_entry_there_is_nothing(client):
    answer = client.get("/sources/?known_at=2001-01-01T00:00:00Z")
    assert "Nothing is recorded yet." in answer.content.decode()


def test_a_draft_is_in_no_list(client, world):
    world._actor("drafted", "Drafted", "state")
    assert "Drafted" not in client.get("/actors/").content.decode()


@pytest.mark.parametrize("words", LISTS)
def test_a_list_asks_four_queries(client, words, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        client.get(f"/{words}/")
