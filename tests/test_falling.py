"""What would differ if a claim fell: said of the claims that carry something, and of nothing else."""

from functools import partial

import pytest
from django.utils import timezone

from commitments import actions, provenance
from commitments.clocks import resolve
from commitments.pages import falling
from commitments.reading import find
from tests.world import ACCEPTED, DELIVERED, NOT_ACCEPTED, OFFERED, REFUSED

pytestmark = pytest.mark.django_db
EARLY = "2020-01-07"


@pytest.fixture
def fall(world, now):
    """What the page says of one claim's fall."""

    def told(claim):
        story = provenance.of_commitment(find("commitment", world.commitment.pk, now()), now(), resting=True)
        cited = [claim for change in story["status_changes"] for claim in change["claims"]]
        claims = {c["id"]: c for c in (*story["resting"], *cited, *story["further_claims"])}
        day = now().as_of.isoformat()
        found = falling.falls(world.commitment.pk, [claim.pk], list(claims.values()), story["status_changes"], day)
        return found[claim.pk]

    return told


@pytest.fixture
def now():
    return lambda: resolve(None, None, timezone.now())


def test_without_the_only_claim_no_status_is_left(fall, world):
    assert fall(world.offer) == ["No status would be left."]


def test_without_the_claim_of_a_later_status_the_one_before_holds(fall, world):
    claim = world.claim(ACCEPTED, bears="agreed", said="2020-02-01")
    world.record("agreed", claim, "2020-02-01")
    assert fall(claim) == ["The status would be “Proposed”, since 6 January 2020."]


def test_a_claim_that_others_stand_beside_falls_without_a_difference(fall, world):
    one = world.claim(ACCEPTED, bears="agreed", said="2020-02-01")
    two = world.claim(DELIVERED, bears="agreed", said="2020-02-01")
    change = world.draft_change("agreed", one, "2020-02-01")
    change.claims.add(two)
    world.publish(change)
    assert fall(one) == fall(two) == []


def test_an_earlier_status_that_fell_changes_nothing_today(fall, world):
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")
    assert fall(world.offer) == []


def test_a_position_told_by_one_claim_alone_would_go(fall, world):
    claim = world.claim(NOT_ACCEPTED, position="not_accepted", of=world.sutherland, by_ministry=True, said=EARLY)
    [told] = fall(claim)
    assert told == f"The position of {world.sutherland.name} “Has not accepted” would go."


def test_a_position_that_another_claim_tells_too_would_stay(fall, world):
    """Of two claims the later stands behind it; without that the earlier does."""
    for words, said in ((NOT_ACCEPTED, "2020-01-07"), (REFUSED, "2020-01-08")):
        claim = world.claim(words, position="reserves", of=world.sutherland, said=said)
    assert fall(claim) == []


def test_an_older_position_that_an_own_word_outdated_would_count_again(fall, world):
    world.claim(ACCEPTED, position="accepts", of=world.sutherland, said=EARLY)
    own = world.claim(REFUSED, position="declines", of=world.sutherland, by_ministry=True, said="2020-02-01")
    assert fall(own) == [
        f"The position of {world.sutherland.name} “Declines” would go.",
        f"The position of {world.sutherland.name} “Accepts” would count again.",
    ]


def test_without_one_of_two_that_contradict_each_other_nothing_is_disputed(fall, world):
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")
    against = world.claim(NOT_ACCEPTED, bears="declined", by_ministry=True, said="2020-02-02")
    assert fall(against) == ["The sides would no longer contradict each other."]


def test_without_the_other_side_only_one_is_heard_on_the_status(fall, world):
    one = world.claim(ACCEPTED, bears="agreed", said="2020-02-01")
    other = world.claim(NOT_ACCEPTED, bears="agreed", by_ministry=True, said="2020-02-01")
    change = world.draft_change("agreed", one, "2020-02-01")
    change.claims.add(other)
    world.publish(change)
    assert fall(other) == ["The status would then rest on one side's word alone."]


def test_a_corrected_status_does_not_come_back_with_a_fall(fall, world):
    wrong = world.claim(ACCEPTED, bears="agreed", said="2020-02-01")
    world.record("agreed", wrong, "2020-02-01")
    actions.correct_status(change=world.last_change(), by=world.curator, reason="We misread it.")
    assert fall(wrong) == [] and fall(world.offer) == ["No status would be left."]


def test_the_page_says_what_would_differ(client):
    falls = client.get("/commitments/equipment-donation/", follow=True).context["falls"]
    told = {fall["statement"]: fall["told"] for fall in falls}
    assert told["The equipment has not been accepted by Mexico."] == [
        "The status would be “Proposed”, true by 14 January 2021.",
        "The position of Mexico “Has not accepted” would go.",
        "The position of Mexico “Declines (the outlet's word)” would go.",
    ]


def test_of_a_hub_the_page_says_that_it_is_not_worked_out(client, world, monkeypatch):
    for words in (OFFERED, ACCEPTED):
        world.claim(words, position="proposes", of=world.norland)
    monkeypatch.setattr(provenance, "of_commitment", partial(provenance.of_commitment, size=1))
    page = client.get(f"/commitments/{world.commitment.pk}/{world.commitment.slug}/")
    assert page.context["falls"] is None
    assert "than are weighed one by one" in page.content.decode()
