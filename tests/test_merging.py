"""What was recorded twice becomes one: whatever names the one shows the other, and one entry undoes it."""

import pytest

from commitments import actions, models
from commitments.verification import verify
from tests.world import OFFERED, row


@pytest.fixture
def twin(world):
    """The same offer, recorded a second time, with a claim of its own."""
    twin = world.draft_commitment("ships")
    claim = world.draft_claim(OFFERED, bears="proposed", on=twin)
    world.publish(twin, claim, world.draft_change("proposed", claim, "2020-01-06", on=twin))
    return twin


@pytest.fixture
def norway(world):
    """Norland again, under another name."""
    norway = world._actor("norlandia", "Norlandia", "state")
    world.publish(norway)
    return norway


def merge(world, thing, into, **more):
    return actions.merge(thing=thing, into=into, by=world.curator, reason="Recorded twice.", **more)


def unmerge(world, thing, **more):
    return actions.unmerge(thing=thing, by=world.curator, reason="Not the same.", **more)


def refusal(act, *arguments, **more):
    with pytest.raises(actions.Refused) as refused:
        act(*arguments, **more)
    return str(refused.value)


def test_claims_on_a_merged_commitment_count_for_the_survivor(world, twin):
    before = row(world.commitment)["counts"]["claims"]
    merge(world, twin, world.commitment)
    assert row(world.commitment)["counts"]["claims"] == before + 1
    assert verify()


def test_a_claim_shows_the_survivor(world, twin):
    claim = models.Claim.objects.get(bearings__commitment=twin)
    merge(world, twin, world.commitment)
    assert row(claim)["bearings"][0]["commitment"]["id"] == world.commitment.pk


def test_undoing_leaves_every_row_as_it_was(world, twin):
    claim = models.Claim.objects.get(bearings__commitment=twin)
    before = [row(thing) for thing in (twin, world.commitment, claim)]
    merge(world, twin, world.commitment)
    unmerge(world, twin)
    assert [row(thing) for thing in (twin, world.commitment, claim)] == before
    assert verify()
