"""One occasion as a journalist checks it: when, where and before whom, who took part, and what came of it."""

import pytest

from commitments import actions, models
from tests.pages import text
from tests.world import ACCEPTED, OFFERED, day

pytestmark = pytest.mark.django_db

BRIEFING = "/occasions/occ_01m80n3abze7j93g2xm0a3sqy1/"


@pytest.fixture
def talks(world):
    """The ambassador and the ministry met, and boats were offered."""
    talks = models.Occasion.objects.create(
        slug=f"talks-{world.number}", name="Talks on boats", kind="meeting", date=day("2020-01-06"), access="restricted"
    )
    talks.passages.add(world.draft_passage(OFFERED))
    for part in ({"office": world.office}, {"actor": world.ministry, "capacity": "host"}):
        talks.participants.create(**part).passages.add(world.draft_passage(OFFERED))
    world.publish(talks)
    return talks


def told(client, occasion, query=""):
    return client.get(f"/occasions/{occasion.pk}/{query}")


def test_date_place_and_access_are_told_with_how_they_are_known(client):
    page = text(client.get(BRIEFING))
    assert "14 January 2021 (weekday resolved: 'Thursday'" in page
    assert "Place not told" in page
    assert "Press only Only the press, or part of it, was let in." in page


def test_participants_stand_under_the_side_whose_office_they_held(client):
    sides = client.get(BRIEFING).context["sides"]
    assert [(s["side"] and s["side"]["name"], [t["actor"]["name"] for t in s["taking"]]) for s in sides] == [
        ("United States", ["Christopher Landau"]),
        (None, ["The Mexican press (unnamed)"]),
    ]


def test_who_took_part_without_an_office_is_told_in_what_capacity(client, world, talks):
    [_, without] = told(client, talks).context["sides"]
    assert without["taking"][0]["capacity"] == "host"


def test_eighteen_people_of_two_sides_stand_by_side(client):
    sides = client.get("/occasions/security-meeting/", follow=True).context["sides"]
    assert sum(len(side["taking"]) for side in sides) >= 18
    assert [side["side"]["name"] for side in sides][:2] == ["Mexico", "United States"]


def test_each_participant_leads_to_the_words_that_show_it(client, world, talks):
    context = told(client, talks).context
    assert [taking["numbers"] for side in context["sides"] for taking in side["taking"]] == [[1], [1]]
    assert [words["exact"] for words in context["words"]] == [OFFERED]


def test_words_of_an_outlet_stay_withheld(client):
    words = client.get(BRIEFING).context["words"]
    assert [passage["exact"] for passage in words] == [None, None, None]


def test_what_was_said_there_and_made_there_is_told(client, world, talks):
    world.offer.occasion = world.commitment.occasion = talks
    world.offer.save()
    world.commitment.save()
    actions.amend(things=[world.offer, world.commitment], by=world.curator, reason="Said and made there.")
    context = told(client, talks).context
    assert [row["id"] for row in context["claims"]] == [world.offer.pk]
    assert [row["id"] for row in context["commitments"]] == [world.commitment.pk]


def test_an_occasion_of_which_nothing_came_says_so(client, talks):
    page = text(told(client, talks))
    assert "No claim made there is recorded." in page
    assert "No commitment made there is recorded." in page


def test_what_was_said_after_the_day_asked_about_is_left_out(client, world, talks):
    claim = world.draft_claim(ACCEPTED, bears="agreed", said="2020-01-08")
    claim.occasion = talks
    claim.save()
    world.publish(*models.Passage.objects.filter(bearings__claim=claim), claim)
    assert told(client, talks, "?as_of=2020-01-07").context["claims"] == []
    assert len(told(client, talks, "?as_of=2020-01-08").context["claims"]) == 1


def test_a_retracted_occasion_is_marked_with_its_reason(client, world, talks):
    actions.retract(thing=talks, by=world.curator, reason="It never took place.")
    assert "Retracted. It never took place." in text(told(client, talks))


def test_the_entry_that_brought_it_in_is_named(client, talks):
    [recorded] = told(client, talks).context["sets"]
    assert recorded["reason"] == "First recording."


def test_a_draft_has_no_page(client, world):
    draft = models.Occasion.objects.create(slug="drafted", name="Drafted", kind="meeting", date=day("2020"))
    assert told(client, draft).status_code == 404


def test_a_large_meeting_asks_no_more_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        client.get("/occasions/security-meeting/", follow=True)
