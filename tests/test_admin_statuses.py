"""Status changes at the desk: recorded, corrected, refused in words."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils.html import strip_tags

from commitments.models import Entry, StatusChange
from tests.desk import errors, fields, page, send, signed_in
from tests.world import ACCEPTED, DELIVERED, REFUSED, day, row


@pytest.fixture
def curator(world):
    return signed_in("curator")


@pytest.fixture
def accepted(world):
    return world.claim(ACCEPTED, bears="agreed", said="2020-02-01")


def recorded(client, world, claim, status="agreed", on="2020-02-01", **more):
    date = {"effective_edtf": on, "effective_basis": "stated"}
    url = page(world.commitment, "record_status")
    return send(client, url, status=status, claims=[claim.pk], reason="She said so.", **date | more)


def corrected(client, world, change, **given):
    return send(client, page(world.commitment, "correct", change.pk), reason="Misread.", **given)


def public_text(world):
    """The public page of the commitment without its markup."""
    shown = Client().get(f"/commitments/{world.commitment.pk}/{world.commitment.slug}/").content.decode()
    return " ".join(unescape(strip_tags(shown)).split())


def test_a_curator_records_a_status(world, curator, accepted):
    assert recorded(curator, world, accepted).status_code == 302
    assert row(world.commitment)["status"] == "agreed"


def test_the_preview_tells_the_sentence_and_writes_nothing(world, curator, accepted):
    before = Entry.objects.count()
    answer = recorded(curator, world, accepted, preview="Preview")
    assert answer.context["preview"] == (
        f"Agreed, on the word of {world.ambassador.name}, Ambassador, alone; since 1 February 2020, as the source says."
    )
    assert Entry.objects.count() == before


def test_only_allowed_statuses_are_offered(world, curator):
    shown = curator.get(page(world.commitment, "record_status")).content.decode()
    offered = re.findall(r'name="status" value="(\w+)"', shown)
    assert "agreed" in offered and "proposed" not in offered and "discussed" not in offered


def test_a_status_that_the_date_does_not_allow_is_refused_with_what_it_allows(world, curator, accepted):
    world.record("agreed", accepted, "2020-02-01")
    refused = recorded(curator, world, accepted, status="agreed", on="2020-03-01")
    assert "after “Agreed”, where these are allowed: Pledged" in errors(refused)


def test_only_published_claims_on_the_commitment_are_offered(world, curator):
    draft = world.draft_claim(DELIVERED, bears="fulfilled")
    answer = recorded(curator, world, draft, status="fulfilled")
    assert "Select a valid choice" in errors(answer)


def test_a_claim_that_bears_another_status_is_refused_in_words(world, curator):
    answer = recorded(curator, world, world.offer, status="agreed")
    assert "None of these says “Agreed”" in errors(answer)


def test_two_curators_on_one_commitment_the_second_is_told_what_changed(world, curator, accepted):
    looked = fields(curator, page(world.commitment, "record_status"))
    written = world.record("agreed", accepted, "2020-02-01")
    given = {
        "effective_edtf": "2020-03-01",
        "effective_basis": "stated",
        "status": "declined",
        "reason": "Said.",
    }
    refused = world.claim(REFUSED, bears="declined", by_ministry=True)
    answer = curator.post(page(world.commitment, "record_status"), looked | given | {"claims": [refused.pk]})
    assert f"entry {written.first}, “Status recorded”" in errors(answer)
    assert answer.context["form"]["reason"].value() == "Said."


def test_after_reading_what_changed_the_second_may_decide_anew(world, curator, accepted):
    looked = fields(curator, page(world.commitment, "record_status"))
    world.record("agreed", accepted, "2020-02-01")
    refused = world.claim(REFUSED, bears="declined", by_ministry=True)
    given = {
        "effective_edtf": "2020-03-01",
        "effective_basis": "stated",
        "status": "declined",
        "reason": "Said.",
    }
    sent = looked | given | {"claims": [refused.pk]}
    told = curator.post(page(world.commitment, "record_status"), sent)
    anew = curator.post(page(world.commitment, "record_status"), sent | {"seen": told.context["seen"]})
    assert anew.status_code == 302 and row(world.commitment)["status"] == "declined"


def test_a_curator_corrects_a_change_and_the_old_one_stays_marked(world, curator, accepted):
    world.record("agreed", accepted, "2020-02-01")
    answer = corrected(curator, world, world.last_change(), effective_edtf="2020-02-02", effective_basis="stated")
    assert answer.status_code == 302, errors(answer)
    shown = curator.get(page(world.commitment)).content.decode()
    assert "corrected, no longer counts" in shown and "since 2020-02-02" in shown


def test_a_curator_voids_a_change(world, curator, accepted):
    world.record("agreed", accepted, "2020-02-01")
    empty = {"status": "", "effective_edtf": "", "effective_basis": "", "effective_note": "", "claims": []}
    assert corrected(curator, world, world.last_change(), **empty).status_code == 302
    assert row(world.commitment)["status"] == "proposed"


def test_the_only_change_is_not_voided(world, curator):
    empty = {"status": "", "effective_edtf": "", "effective_basis": "", "effective_note": "", "claims": []}
    answer = corrected(curator, world, StatusChange.objects.get(pk=world.proposed.pk), **empty)
    assert "its only status change cannot be voided" in errors(answer)


def test_the_commitments_page_tells_its_history_and_its_claims(world, curator, accepted):
    world.record("agreed", accepted, "2020-02-01")
    shown = curator.get(page(world.commitment)).content.decode()
    assert shown.index("Proposed") < shown.index("Agreed</span> since 2020-02-01")
    assert "Correct<span" in shown and ACCEPTED in shown


def test_the_date_of_a_change_before_others_decides_what_is_offered(world, curator, accepted):
    world.record("agreed", accepted, "2020-02-01")
    answer = recorded(curator, world, accepted, status="agreed", on="2020-01-20")
    assert "before “Agreed”" in errors(answer)
    assert day("2020-01-20").edtf == answer.context["form"]["effective"].value()[0]


def test_the_preview_is_what_the_public_page_then_says(world, curator, accepted):
    previewed = recorded(curator, world, accepted, preview="Preview").context["preview"]
    recorded(curator, world, accepted)
    assert previewed in public_text(world)


def test_the_preview_of_a_void_tells_what_is_left(world, curator, accepted):
    world.record("agreed", accepted, "2020-02-01")
    empty = {"status": "", "effective_edtf": "", "effective_basis": "", "claims": [], "preview": "Preview"}
    answer = corrected(curator, world, world.last_change(), **empty)
    assert answer.context["preview"].startswith("Proposed, on the word of")
