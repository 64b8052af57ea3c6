"""What is published can be read for ever; what is not cannot be read at all."""

import pytest

from commitments import actions
from tests.routes import API

pytestmark = pytest.mark.django_db


def test_a_draft_is_nowhere(client, world):
    draft = world.draft_commitment("secret")
    assert client.get(f"{API}commitments/{draft.pk}/").status_code == 404
    assert client.get(f"{API}commitments/{draft.slug}/").status_code == 404
    assert client.get(f"{API}commitments/", {"id": draft.pk}).status_code == 400
    assert draft.pk not in client.get(f"{API}commitments/?limit=200").content.decode()


def test_unpublished_edits_of_a_published_thing_are_nowhere(client, world):
    world.norland.name = "Northland"
    world.norland.save()
    assert client.get(f"{API}actors/{world.norland.pk}/").json()["name"].startswith("Norland")


def test_a_retracted_claim_answers_marked_with_its_reason(client, world):
    claim = world.claim("Sutherland has accepted the boats", position="accepts", of=world.sutherland)
    actions.retract(thing=claim, by=world.curator, reason="Misheard.")
    answer = client.get(f"{API}claims/{claim.pk}/")
    assert answer.status_code == 200
    assert answer.json()["retracted"] == {"reason": "Misheard."}
    story = client.get(f"{API}commitments/{world.commitment.pk}/provenance/").json()
    assert [told["retracted"] for told in story["further_claims"]] == [{"reason": "Misheard."}]
    assert story["commitment"]["positions"] == []
