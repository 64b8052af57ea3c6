"""A status that is not in the words themselves is marked as such wherever a page shows it."""

import pytest

from commitments.models.record import STANDINGS
from tests.pages import text
from tests.world import ACCEPTED, NOT_ACCEPTED

pytestmark = pytest.mark.django_db


def page(client, noun, slug, query=""):
    standing = STANDINGS[noun].objects.of_type(noun).current().get(slug=slug)
    return text(client.get(f"/{noun}s/{standing.subject_id}/{query}", follow=True))


MARKED = "United States donation of non-intrusive inspection equipment to Mexico ⊘ Not accepted our inference"


@pytest.mark.parametrize("query", ["", "?as_of=2021-01-20"])
def test_a_status_that_we_infer_is_marked_in_the_list_of_another_page(client, query):
    assert MARKED in page(client, "source", "landau-equipment-2021", query)


def test_it_is_marked_beside_what_a_claim_bears_on(client):
    claims = STANDINGS["claim"].objects.current()
    offered = next(row for row in claims if row.label.startswith("The United States has offered to donate"))
    assert MARKED in text(client.get(f"/claims/{offered.subject_id}/"))


def test_it_is_marked_beside_what_a_claim_changed(client):
    claims = STANDINGS["claim"].objects.current()
    refused = next(row for row in claims if row.label == "The equipment has not been accepted by Mexico.")
    told = text(client.get(f"/claims/{refused.subject_id}/"))
    assert "⊘ Not accepted our inference United States donation" in told.partition("What it changed")[2]


@pytest.mark.parametrize("part", ["", "timeline/"])
def test_it_is_marked_in_frames_of_other_sites(client, part):
    standing = STANDINGS["commitment"].objects.current().get(slug="equipment-donation")
    assert "⊘ Not accepted our inference One side only" in text(
        client.get(f"/embed/commitments/{standing.subject_id}/{part}")
    )


def test_it_is_marked_where_a_search_shows_what_comes_closest(client):
    assert MARKED in text(client.get("/commitments/?q=Mexico+rejected+American+equipment"))


def test_a_status_in_the_words_themselves_has_no_mark_in_ties(client):
    told = page(client, "commitment", "joint-operation")
    assert "Stronger mirror operations on the common border ◆ Agreed It strengthens this one" in told


def test_a_tie_to_a_status_that_is_implied_is_marked(client):
    told = page(client, "commitment", "strengthen-mirror-operations")
    assert "Binational Group against Arms Trafficking ▸ In progress implied This one is part of it" in told


def test_a_headline_that_is_the_title_stands_in_its_words_and_as_the_outlets(client):
    told = page(client, "commitment", "equipment-donation")
    title = "US ambassador reveals that Mexico rejected US material against arms trafficking"
    assert f"The outlet's word {title} Christopher Landau" in told
    assert "Words withheld: Headline" not in told and "Words withheld: Body" in told


def test_contradictions_say_what_each_tells_and_mark_no_literal_words(client, world):
    world.claim(ACCEPTED, position="accepts", of=world.sutherland, said="2020-02-01")
    world.claim(NOT_ACCEPTED, position="denies", of=world.sutherland, by_ministry=True, said="2020-02-01")
    answer = client.get(f"/commitments/{world.commitment.pk}/", follow=True)
    told = text(answer).partition("What contradicts what")[2].partition("Timeline")[0]
    assert f"Position of {world.sutherland.name}: Accepts Reading: Literal" in told
    assert '<span class="mark">Reading: Literal' not in answer.content.decode()
