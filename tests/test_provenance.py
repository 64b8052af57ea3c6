"""From a status to the words that it rests on, in one answer and a fixed number of queries."""

import pytest

from commitments import actions
from commitments.models.ledger import Head
from tests.routes import API

pytestmark = pytest.mark.django_db
NOT_ACCEPTED = "clm_01m80n3ac0ezqtxqm458e2tq5v"


def story(client, slug: str = "equipment-donation", **query: str) -> dict:
    return client.get(f"{API}commitments/{slug}/provenance/", query).json()


def test_each_status_stands_with_its_claims_in_world_order(client):
    changes = story(client)["status_changes"]
    assert [change["status"] for change in changes] == ["proposed", "declined"]
    assert [claim["id"] for claim in changes[1]["claims"]] == [NOT_ACCEPTED]
    assert all(change["counts"] for change in changes)


def test_the_ambassadors_words_are_told_apart_from_the_outlets_and_ours(client):
    [claim] = story(client)["status_changes"][1]["claims"]
    told = {(b["position"] or b["status"]): b["reading"] for b in claim["bearings"]}
    assert told == {"not_accepted": "literal", "declined": "inference", "declines": "outlet"}


def test_a_claim_stands_with_who_said_it_where_when_and_how_we_know(client):
    [claim] = story(client)["status_changes"][1]["claims"]
    assert (claim["claimant"]["name"], claim["office"]["body"]["name"]) == (
        "Christopher Landau",
        "Embassy of the United States in Mexico",
    )
    assert (claim["said_on"]["edtf"], claim["said_on"]["basis"]) == ("2021-01-14", "weekday_resolved")
    assert claim["occasion"]["access"] == "press_only"


def test_a_passage_stands_with_its_words_hops_capture_and_source(client):
    [claim] = story(client)["status_changes"][1]["claims"]
    quote = next(passage for passage in claim["passages"] if passage["voice"] == "quoted")
    assert quote["exact"].endswith("it has not been accepted") and not quote["withheld"]
    assert [hop["described_as"] for hop in quote["hops"]] == ["various local media"]
    assert quote["capture"]["sha256"].startswith("40fae963") and quote["capture"]["captured"]["basis"] == "unknown"
    assert (quote["source"]["rights"], quote["source"]["url"]) == ("quote_only", None)


def test_words_that_may_not_be_shown_are_withheld_with_their_digest(client):
    passages = [p for c in story(client)["status_changes"] for claim in c["claims"] for p in claim["passages"]]
    withheld = [passage for passage in passages if passage["withheld"]]
    assert withheld
    assert all(passage["exact"] is None and len(passage["exact_sha256"]) == 64 for passage in withheld)


def test_everything_names_the_entries_that_brought_it_in(client):
    told = story(client)
    [claim] = told["status_changes"][1]["claims"]
    passage = claim["passages"][0]
    things = (told["commitment"], told["status_changes"][0], claim, passage, passage["source"])
    entries = [entry for thing in things for entry in thing["entries"]]
    assert [entry["type"] for entry in entries] == ["publish", "record_status", "publish", "publish", "publish"]
    assert all(entry["by"].startswith("curator-") and entry["reason"] for entry in entries)


def test_claims_on_which_no_status_rests_come_after(client):
    told = story(client, "extradition-offer")
    assert [claim["statement"] for claim in told["further_claims"]] == [
        "No request for extradition was received while he was ambassador."
    ]


def test_what_contradicts_what_stands_side_by_side(client, world):
    world.claim("Sutherland has accepted the boats", position="accepts", of=world.sutherland)
    assert story(client, world.commitment.slug)["contradictions"] == []
    world.claim(
        "We have not accepted any boats",
        position="not_accepted",
        of=world.sutherland,
        by_ministry=True,
        said="2020-01-05",
    )
    [pair] = story(client, world.commitment.slug)["contradictions"]
    assert [told["bearing"]["position"] for told in pair["told"]] == ["accepts", "not_accepted"]
    assert len({told["claim"]["side"]["id"] for told in pair["told"]}) == 2


def test_a_corrected_change_stays_marked_and_no_longer_counts(client, world):
    accepted = world.claim("Sutherland has accepted the boats", bears="agreed")
    world.record("agreed", accepted, "2020-02")
    actions.correct_status(change=world.last_change(), by=world.curator, reason="Misheard.")
    changes = story(client, world.commitment.slug)["status_changes"]
    assert [(change["status"], change["counts"]) for change in changes] == [
        ("proposed", True),
        ("agreed", False),
        (None, False),
    ]
    assert changes[1]["corrected_by"] == changes[2]["id"]


def test_a_claims_own_story_names_the_statuses_that_rest_on_it(client):
    told = client.get(f"{API}claims/{NOT_ACCEPTED}/provenance/").json()
    assert told["claim"]["id"] == NOT_ACCEPTED and told["claim"]["entries"]
    assert [change["status"] for change in told["status_changes"]] == ["declined"]


def test_the_story_is_told_as_it_was_known(client, world):
    before = Head.objects.get().seq
    world.record("agreed", world.claim("Sutherland has accepted the boats", bears="agreed"), "2020-02")
    assert len(story(client, world.commitment.slug)["status_changes"]) == 2
    assert len(story(client, world.commitment.slug, known_at=str(before))["status_changes"]) == 1


def test_the_story_is_told_as_of_a_day(client, world):
    world.record(
        "agreed", world.claim("Sutherland has accepted the boats", bears="agreed", said="2020-02-01"), "2020-02-01"
    )
    then = story(client, world.commitment.slug, as_of="2020-01-31")
    assert then["commitment"]["status"] == "proposed"
    assert [change["status"] for change in then["status_changes"]] == ["proposed"]
    assert then["further_claims"] == []


@pytest.mark.parametrize("slug", ["equipment-donation", "extradition-offer", "continue-joint-work"])
def test_a_story_costs_the_same_whatever_its_length(django_assert_num_queries, client, no_repeated_queries, slug):
    with django_assert_num_queries(6):
        story(client, slug)


def test_a_claims_story_costs_the_same_whatever_its_length(django_assert_num_queries, client, no_repeated_queries):
    with django_assert_num_queries(6):
        client.get(f"{API}claims/{NOT_ACCEPTED}/provenance/")
