"""How we know: every word of the rubric, with its meaning, under an anchor of its own."""

import re

import pytest
from django.utils.html import strip_tags

from commitments import actions, vocabulary
from commitments.pages import how

pytestmark = pytest.mark.django_db
HOW = "/how-we-know/"


def html(client, language=""):
    return client.get(f"{language}{HOW}").content.decode()


def read(page):
    return re.sub(r"\s+", " ", strip_tags(page))


LISTED = [("status", vocabulary.STATUSES), *((section.id, section.listed) for section in how.SECTIONS)]


@pytest.mark.parametrize(("name", "listed"), LISTED)
def test_every_word_has_an_anchor_and_its_meaning(client, name, listed):
    page = html(client)
    told = read(page).replace("&#x27;", "'")
    for slug in listed:
        assert page.count(f'id="{name}-{slug}"') == 1
        assert listed[slug].en in told and listed[slug].meaning in told


def test_the_version_and_the_rules_are_the_rubrics_own(client):
    told = read(html(client))
    assert f"The rubric, version {vocabulary.RUBRIC_VERSION}." in told
    assert all(rule in told.replace("&#x27;", "'") for rule in vocabulary.rubric()["rules"])


def test_every_status_is_in_one_group_with_its_badge(client):
    page = html(client)
    assert len(re.findall('class="badge open"', page)) == len(vocabulary.OPEN)
    assert len(re.findall('class="badge neither"', page)) == len(vocabulary.NEITHER)
    assert len(re.findall('class="badge closed"', page)) == len(vocabulary.CLOSED)


def test_every_contradiction_is_told(client):
    pairs = vocabulary.CONTRADICTORY_STATUSES | vocabulary.CONTRADICTORY_POSITIONS
    assert read(html(client)).count(" / ") == len(pairs)


def test_every_link_into_the_page_finds_its_anchor(client):
    page = html(client)
    assert all(f'id="{anchor}"' in page for anchor in re.findall('href="#([^"]+)"', page))


def test_no_id_stands_twice(client):
    ids = re.findall(r'\bid="([^"]+)"', html(client))
    assert len(ids) == len(set(ids))


def test_a_word_leads_to_where_it_stands_in_the_record(client):
    links = set(re.findall(r'href="(/(?:commitments|claims)/[^"#]*)"', html(client)))
    assert "/commitments/?status=declined" in links and "/claims/?reading=outlet" in links
    assert all(client.get(link.replace("&amp;", "&"), follow=True).status_code == 200 for link in links)


def test_how_many_it_says_is_how_many_the_list_has(client):
    found = re.search(r'\?status=declined">(\d+) in this record', html(client))[1]
    assert f"{found} found." in read(client.get("/commitments/?status=declined").content.decode())


def test_a_word_that_stands_nowhere_has_no_link(client):
    assert "status=lapsed" not in html(client)


def test_what_was_retracted_is_no_example_of_a_status(client, world):
    actions.retract(thing=world.commitment, by=world.curator, reason="Invented.", corrections=[])
    assert f"/commitments/{world.commitment.pk}/" not in html(client)


def test_the_words_are_spanish_in_spanish(client):
    told = read(html(client, "/es"))
    assert all(word.es in told for word in vocabulary.STATUSES.words.values())


def test_every_page_leads_here(client):
    assert client.get("/").content.decode().count(f'href="{HOW}"') == 2
