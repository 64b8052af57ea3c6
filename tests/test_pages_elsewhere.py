"""A search on one list tells where else in the record its words stand."""

import pytest

from tests.pages import text

pytestmark = pytest.mark.django_db


def elsewhere(client, address):
    return client.get(address).context["elsewhere"]


def names(client, q):
    return [named["name"] for named in elsewhere(client, f"/commitments/?q={q}")["names"]]


def test_what_no_commitment_says_leads_to_the_claims_that_say_it(client):
    told = elsewhere(client, "/commitments/?q=lawsuit")
    assert (told["count"]["value"], told["address"]) == (1, "/claims/?q=lawsuit")
    assert client.get(told["address"]).context["count"]["value"] == 1


def test_claims_lead_to_commitments_at_the_same_clocks(client):
    told = elsewhere(client, "/claims/?q=equipment&as_of=2021-06-01")
    assert (told["noun"], told["address"]) == ("commitment", "/commitments/?q=equipment&as_of=2021-06-01")


@pytest.mark.parametrize(
    ("q", "name"),
    [
        ("murphy", "Chris Murphy"),
        ("senator connecticut", "Chris Murphy"),
        ("Sanchez Cordero", "Olga Sánchez Cordero"),
        ("SÁNCHEZ", "Olga Sánchez Cordero"),
        ("landau conference", "Conference of Christopher Landau with the Mexican press"),
        ("prensa mexicana", "The Mexican press (unnamed)"),
        ("ambassador reveals", "US ambassador reveals that Mexico rejected US material against arms trafficking"),
        ("nobody OR murphy", "Chris Murphy"),
    ],
)
def test_people_bodies_occasions_and_sources_are_found_by_name(client, q, name):
    assert name in names(client, q)


@pytest.mark.parametrize("q", ["urphy", "murphy -chris", "murphy nobody"])
def test_a_name_is_found_by_the_beginnings_of_all_its_words_alone(client, q):
    assert "Chris Murphy" not in names(client, q)


def test_of_several_words_any_one_finds_no_more_than_names_that_stand(client, world):
    world.publish(world._actor("gunland", "Gunland", "state"))
    assert names(client, "reform OR laws OR gunland OR ambassadorial") == [f"Gunland {world.number}"]
    assert names(client, "gunland OR gunlandia&known_at=1") == []


def test_a_name_in_writing_without_spaces_is_found_by_any_part(client, world):
    world.publish(world._actor("ministry-of-the-north", "北国外交部", "public_body"))
    assert names(client, "外交") == [f"北国外交部 {world.number}"]


def test_a_name_in_spanish_is_shown_on_spanish_pages(client):
    told = elsewhere(client, "/es/commitments/?q=Cienfuegos+OR+embajada")
    assert "Embajada de Estados Unidos en México" in [named["name"] for named in told["names"]]


def test_where_nothing_is_found_the_page_says_what_was_looked_through_and_what_that_does_not_prove(client):
    page = text(client.get("/commitments/?q=helicopters"))
    assert "No claim, commitment, actor, occasion or source has these words either." in page
    assert "may have been said all the same" in page


def test_a_sentence_is_asked_for_word_by_word_where_no_commitment_has_it_whole(client):
    told = elsewhere(client, "/commitments/?q=Mexico+rejected+American+equipment&as_of=2021-06-01")
    assert told["any_word"].startswith("/commitments/?q=Mexico+OR+rejected+OR+American+OR+equipment&as_of=")
    first, *_ = client.get(told["any_word"]).context["rows"]
    assert first["slug"] == "equipment-donation"


def test_what_comes_closest_to_a_sentence_stands_where_nothing_has_it_whole(client):
    closest = elsewhere(client, "/commitments/?q=Mexico+rejected+American+equipment")["closest"]
    assert closest["commitments"][0]["slug"] == "equipment-donation"
    assert "The equipment has not been accepted by Mexico." in [row["statement"] for row in closest["claims"]]
    assert "Not accepted" in text(client.get("/commitments/?q=Mexico+rejected+American+equipment"))


@pytest.mark.parametrize("q", ["equipment", "helicopters", "helicopters+submarines", "rejected+helicopters+-mexico"])
def test_nothing_comes_close_to_what_is_found_or_wholly_unknown_or_left_out(client, q):
    closest = elsewhere(client, f"/commitments/?q={q}")["closest"]
    assert not closest or not (closest["commitments"] or closest["claims"])


def test_what_comes_closest_is_told_at_the_clocks_of_the_page(client):
    closest = elsewhere(client, "/commitments/?q=Mexico+rejected+American+equipment&as_of=2020-06-01")["closest"]
    assert "equipment-donation" not in [row["slug"] for row in closest["commitments"]]


def test_of_a_long_sentence_the_longest_words_are_asked_for(client):
    words = [f"{letter * size}" for size, letter in enumerate("abcdefghijklmnop", 2)]
    told = elsewhere(client, f"/commitments/?q={'+'.join(words)}")
    assert client.get(told["any_word"]).status_code == 200
    assert words[-1] in told["any_word"] and f"{words[0]}+OR" not in told["any_word"]


def test_one_word_is_not_offered_as_any_of_several(client):
    assert elsewhere(client, "/commitments/?q=helicopters")["any_word"] == ""
    assert elsewhere(client, "/commitments/?q=helicopters+OR+tanks")["any_word"] == ""


def test_a_list_without_a_search_has_no_elsewhere(client):
    assert elsewhere(client, "/commitments/?status=lapsed") is None


def test_a_draft_is_named_nowhere_else(client, world):
    draft = world._actor("unpublished", "Unpublished Isles", "state")
    assert names(client, "unpublished") == [] and draft.pk


def test_a_search_asks_at_most_twelve_queries(client, django_assert_max_num_queries):
    for q in ("murphy", "equipment", "helicopters", "Mexico+rejected+American+equipment"):
        for language in ("", "/es"):
            with django_assert_max_num_queries(12):
                client.get(f"{language}/commitments/?q={q}")


def test_where_more_are_named_so_than_are_shown_the_page_says_so(client):
    told = elsewhere(client, "/commitments/?q=mexico")
    assert (len(told["names"]), told["is_part"]) == (6, True)
    assert "and more names" in text(client.get("/commitments/?q=mexico"))
