"""Of a hub, on which very many claims bear, the story comes in parts: nothing doubled, nothing skipped."""

from functools import partial

import pytest

from commitments import actions, models, provenance
from tests.routes import API
from tests.test_api_pages import following
from tests.world import ACCEPTED, NOT_ACCEPTED, OFFERED, REFUSED, World

pytestmark = pytest.mark.django_db


def path_of(thing, **query: object) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    noun = "claims" if isinstance(thing, models.Claim) else "commitments"
    return f"{API}{noun}/{thing.pk}/provenance/?{asked}"


def parts(client, thing, **query: object) -> list[dict]:
    return following(client, client.get(path_of(thing, **query)).json())


def citations(told: list[dict]) -> list[tuple[str, str | None]]:
    """Each change with each claim that it cites, as they come."""
    return [
        (change["id"], claim and claim["id"])
        for part in told
        for change in part["status_changes"]
        for claim in change["claims"] or [None]
    ]


def others(told: list[dict]) -> list[str]:
    return [claim["id"] for part in told for claim in part["further_claims"]]


def pairs(told: list[dict]) -> list[list[str]]:
    return [[told["claim"]["id"] for told in pair["told"]] for part in told for pair in part["contradictions"]]


@pytest.fixture
def hub(world) -> World:
    """Three statuses with six citations, nine other claims, and ten contradictions of two sides."""
    agreed = [world.draft_claim(ACCEPTED, bears="agreed") for _ in range(4)]
    denied = [
        world.draft_claim(
            NOT_ACCEPTED, position="not_accepted", of=world.sutherland, by_ministry=True, said="2020-01-05"
        )
        for _ in range(5)
    ]
    accepts = [world.draft_claim(ACCEPTED, position="accepts", of=world.sutherland) for _ in range(2)]
    beside = [world.draft_claim(OFFERED, position="proposes", of=world.norland) for _ in range(2)]
    quoted = models.Passage.objects.filter(capture=world.capture, published_at=None)
    change = world.draft_change("agreed", agreed[0], "2020-02-01")
    change.claims.add(*agreed[1:])
    last = world.draft_change("stalled", world.draft_claim(REFUSED, bears="stalled"), "2020-03-01")
    world.publish(*quoted, *agreed, *denied, *accepts, *beside, *last.claims.all(), change, last)
    return world


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 7, 14, 199])
def test_parts_hold_what_the_whole_holds(client, hub, limit):
    [whole] = parts(client, hub.commitment)
    told = parts(client, hub.commitment, limit=limit)
    assert (citations(told), others(told), pairs(told)) == (citations([whole]), others([whole]), pairs([whole]))
    assert (len(citations(told)), len(others(told)), len(pairs(told))) == (6, 9, 10)


@pytest.mark.parametrize("limit", [1, 4])
def test_a_part_tells_no_more_than_was_asked_for(client, hub, limit):
    for part in parts(client, hub.commitment, limit=limit):
        assert len(citations([part])) + len(others([part])) <= limit
        assert len(part["contradictions"]) <= limit


def test_a_small_story_is_told_at_once_and_says_so(client):
    answer = client.get(f"{API}commitments/equipment-donation/provenance/")
    assert answer.json()["next"] is None
    assert "Link" not in answer


def test_the_next_part_stands_in_the_header_too(client, hub):
    answer = client.get(path_of(hub.commitment, limit=2))
    assert answer["Link"] == f'<{answer.json()["next"]}>; rel="next"'


def test_a_change_whose_claims_go_over_the_end_of_a_part_stands_again(client, hub):
    told = parts(client, hub.commitment, limit=3)
    first, second = (part["status_changes"] for part in told[:2])
    assert first[-1]["id"] == second[0]["id"] and first[-1]["status"] == "agreed"
    assert (len(first[-1]["claims"]), len(second[0]["claims"])) == (2, 2)


def test_the_parts_are_of_one_snapshot_whatever_is_written(client, hub):
    whole = parts(client, hub.commitment)
    first = client.get(path_of(hub.commitment, limit=4)).json()
    hub.record("fulfilled", hub.claim("The boats have been delivered", bears="fulfilled"), "2020-01-20")
    told = following(client, first)
    assert (citations(told), others(told), pairs(told)) == (citations(whole), others(whole), pairs(whole))


def test_the_parts_are_those_of_the_day_asked_for(client, hub):
    [whole] = parts(client, hub.commitment, as_of="2020-02-02")
    told = parts(client, hub.commitment, as_of="2020-02-02", limit=2)
    assert [change["status"] for change in whole["status_changes"]] == ["proposed", "agreed"]
    assert (citations(told), others(told), pairs(told)) == (citations([whole]), others([whole]), pairs([whole]))


@pytest.mark.parametrize("limit", [2, 5, 200])
def test_each_part_costs_the_same(client, hub, django_assert_max_num_queries, limit):
    url = path_of(hub.commitment, limit=limit)
    while url:
        with django_assert_max_num_queries(7):
            url = client.get(url).json()["next"]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_what_contradicts_a_claim_comes_in_parts(client, hub, limit):
    claim = models.Claim.objects.filter(bearings__position="accepts").latest("id")
    [whole] = parts(client, claim)
    told = parts(client, claim, limit=limit)
    assert pairs(told) == pairs([whole]) and len(pairs(told)) == 5
    assert all(claim.pk in pair for pair in pairs(told))
    assert all(len(part["contradictions"]) <= limit for part in told)


def test_the_statuses_that_rest_on_a_claim_come_in_parts(client, world):
    claim = world.draft_claim(OFFERED, bears="proposed")
    others = [world.draft_commitment(f"boat-{number}") for number in range(5)]
    for other in others:
        bearing = claim.bearings.create(commitment=other, status="proposed", reading="literal")
        bearing.passages.add(world.draft_passage(OFFERED))
    changes = [world.draft_change("proposed", claim, "2020-01-06", on=other) for other in others]
    world.publish(claim, *others, *changes)
    told = parts(client, claim, limit=2)
    assert [len(part["status_changes"]) for part in told] == [2, 2, 1]
    assert {change["id"] for part in told for change in part["status_changes"]} == {change.pk for change in changes}


@pytest.mark.parametrize("limit", ["0", "201", "x"])
def test_a_limit_that_cannot_be_is_refused(client, limit):
    answer = client.get(f"{API}commitments/equipment-donation/provenance/", {"limit": limit})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "limit")


def test_a_part_of_another_story_is_refused(client, hub):
    cursor = client.get(path_of(hub.commitment, limit=2)).json()["next"].partition("cursor=")[2].partition("&")[0]
    answer = client.get(f"{API}commitments/equipment-donation/provenance/?limit=2&cursor={cursor}")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "mismatch")


def test_versions_come_in_pages(client, world):
    for number in range(4):
        world.norland.name = f"Norland {number}"
        world.norland.save()
        actions.amend(things=[world.norland], by=world.curator, reason="Its name.")
    path = f"{API}actors/{world.norland.pk}/versions/"
    whole = client.get(path).json()
    told = following(client, client.get(f"{path}?limit=2").json())
    assert [row for page in told for row in page["results"]] == whole["results"]
    assert [len(page["results"]) for page in told] == [2, 2, 1] and whole["next"] is None


@pytest.mark.parametrize("size", [1, 3, 15])
def test_the_page_of_a_hub_shows_a_part_with_what_its_status_rests_on(client, hub, monkeypatch, size):
    monkeypatch.setattr(provenance, "of_commitment", partial(provenance.of_commitment, size=size))
    page = client.get(f"/commitments/{hub.commitment.pk}/{hub.commitment.slug}/")
    commitment = page.context["commitment"]
    shown = {claim["id"] for claim in page.context["claims"]}
    assert {*commitment["status_claims"], *(told["claim"] for told in commitment["positions"])} <= shown
    assert ("The whole story in pages" in page.content.decode()) == (size < 15)


def test_the_page_of_a_hub_costs_the_same_whatever_its_length(client, hub, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(provenance, "of_commitment", partial(provenance.of_commitment, size=2))
    with django_assert_max_num_queries(12):
        client.get(f"/commitments/{hub.commitment.pk}/{hub.commitment.slug}/")
