"""One actor as a journalist looks it up: who it is and speaks for, what it is bound by, what it said, and what others
tell of it."""

import pytest

from commitments import actions
from tests.pages import text
from tests.world import ACCEPTED, DELIVERED, NOT_ACCEPTED, OFFERED

pytestmark = pytest.mark.django_db


def told(client, actor, query=""):
    return client.get(f"/actors/{getattr(actor, 'pk', actor)}/{query}", follow=True)


def test_an_office_is_told_with_its_dates_their_basis_and_where_it_was_read(client):
    [office] = told(client, "christopher-landau").context["offices"]
    assert (office["title"], office["body"]["name"]) == (
        "Ambassador of the United States to Mexico",
        "Embassy of the United States in Mexico",
    )
    assert office["held"].startswith("In office from: August 2019 (stated")
    assert office["sources"]


def test_a_body_names_who_held_office_there_and_a_state_those_of_its_bodies(client, world):
    for actor in (world.embassy, world.norland):
        assert [office["person"]["id"] for office in told(client, actor).context["offices"]] == [world.ambassador.pk]


def test_names_stand_in_their_own_languages(client):
    page = told(client, "mexico")
    assert "Name in Spanish México" in text(page) and '<dd lang="es">' in page.content.decode()


@pytest.mark.parametrize(
    ("slug", "says"),
    [
        ("atalayar", "Counts for no side: the press"),
        ("mexican-press", "Counts for no side: the press"),
        ("mexico", "A side of its own."),
        ("mexican-foreign-ministry", "Counts for: Mexico."),
        ("christopher-landau", "A person counts for the state whose office they held on the day they spoke."),
    ],
)
def test_for_which_side_it_counts_is_said_in_a_sentence(client, slug, says):
    assert says in text(told(client, slug))


def test_commitments_stand_under_its_role_with_their_status(client, world):
    [role] = told(client, world.norland).context["roles"]
    assert (role["word"], [row["badge"]["word"] for row in role["rows"]]) == ("Promisor", ["Proposed"])
    [role] = told(client, world.sutherland).context["roles"]
    assert role["word"] == "Promisee"


def test_open_commitments_come_first(client, world):
    closed = world.draft_commitment("ships")
    claim = world.draft_claim(OFFERED, bears="declined", on=closed)
    world.publish(closed, claim, world.draft_change("declined", claim, "2020-01-06", on=closed))
    [role] = told(client, world.norland).context["roles"]
    assert [row["id"] for row in role["rows"]] == [world.commitment.pk, closed.pk]


def test_of_many_commitments_the_first_are_shown_and_the_rest_counted(client):
    answer = told(client, "mexico")
    parties = answer.context["parties"]
    assert len(parties.rows) == 12 < parties.value
    assert f"12 of {parties.value} are shown here" in text(answer)
    assert client.get("/commitments/?party=mexico").context["count"]["value"] == parties.value


def test_what_it_said_comes_with_the_latest_first(client, world):
    later = world.claim(ACCEPTED, bears="agreed", said="2020-03-01")
    assert [row["id"] for row in told(client, world.ambassador).context["said"]] == [later.pk, world.offer.pk]


def test_a_retracted_claim_of_it_is_marked(client, world):
    claim = world.claim(DELIVERED, bears="fulfilled", said="2020-03-01")
    actions.retract(thing=claim, by=world.curator, reason="Not about these boats.")
    assert [row["is_retracted"] for row in told(client, world.ambassador).context["said"]] == [True, False]


def test_positions_say_whose_word_they_are(client):
    positions = told(client, "mexico").context["positions"]
    behind = {p["word"]: p["behind"] for p in positions if p["commitment"]["slug"] == "equipment-donation"}
    assert behind["Has not accepted"].startswith("Not its own side's word: Christopher Landau")
    assert behind["Declines"].startswith("In the outlet's word")


def test_a_position_of_a_minister_stands_on_the_states_page_with_the_name(client, world):
    world.claim(NOT_ACCEPTED, position="not_accepted", of=world.ministry, by_ministry=True, said="2020-02-01")
    [position] = told(client, world.sutherland).context["positions"]
    assert position["actor"]["id"] == world.ministry.pk
    [own] = told(client, world.ministry).context["positions"]
    assert own["actor"] is None


def test_an_actor_of_whom_nothing_is_told_says_so(client, world):
    page = text(told(client, world.embassy))
    assert "Party to no commitment in this record." in page
    assert "No position is recorded." in page
    assert "No claim in this name is recorded." in page


def test_a_merged_actor_leads_to_the_one_it_was_merged_into(client, world, norway):
    actions.merge(thing=norway, into=world.norland, by=world.curator, reason="The same state.")
    answer = client.get(f"/actors/{norway.pk}/?as_of=2020-02-01")
    assert answer.status_code == 307
    assert answer["Location"] == f"/actors/{world.norland.pk}/?as_of=2020-02-01"


def test_on_an_earlier_day_it_is_shown_as_of_then(client, world):
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")
    answer = told(client, world.norland, "?as_of=2020-01-20")
    assert answer.context["roles"][0]["rows"][0]["badge"]["word"] == "Proposed"
    assert len(told(client, world.ambassador, "?as_of=2020-01-20").context["said"]) == 1


@pytest.mark.parametrize("name", ["act_01m80n3acbe8bvdh83f8gar6dt", "nobody", "Ünknown"])
def test_an_unknown_actor_is_a_404(client, name):
    assert client.get(f"/actors/{name}/").status_code == 404


def test_a_draft_has_no_page(client, world):
    assert told(client, world._actor("drafted", "Drafted", "state")).status_code == 404


def test_an_actor_of_much_asks_no_more_queries_than_one_of_nothing(client, world, django_assert_max_num_queries):
    for slug in ("mexico", "christopher-landau", world.embassy.pk):
        address = told(client, slug).request["PATH_INFO"]
        with django_assert_max_num_queries(11):
            client.get(address)


def test_who_said_nothing_is_shown_where_they_took_part(client):
    [meeting] = told(client, "chris-murphy").context["occasions"]
    assert meeting["name"] == "Meeting of Marcelo Ebrard with members of the United States Congress"
    assert meeting["facts"][0] == "Meeting"


def test_a_body_took_part_through_who_held_its_offices(client):
    names = {occasion["name"] for occasion in told(client, "mexican-security-ministry").context["occasions"]}
    assert "Security meeting of Mexico and the United States, January 2020" in names


def test_what_others_said_on_behalf_of_somebody_stands_on_their_page(client):
    answer = told(client, "rosa-icela-rodriguez")
    assert [row["statement"] for row in answer.context["spoken_for"]] == ["Arms traffickers will face higher costs."]
    assert "No claim in this name" not in answer.content.decode()
