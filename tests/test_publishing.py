import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from commitments import actions, models
from commitments.actions.writing import document_of
from commitments.documents import PREFIXES, names
from commitments.models.ledger import Entry, Head
from commitments.models.record import ClaimStanding, Version
from commitments.verification import verify
from tests.world import ACCEPTED, OFFERED, UNKNOWN, day, row, standing

ID = rf"({'|'.join(PREFIXES.values())})_[0-7][0-9a-z]{{25}}|(kind|topic|place)/[a-z0-9_-]+"


def test_a_set_is_one_entry_a_thing(world):
    written = world.publish(*(world._actor(slug, slug, "organisation") for slug in ("one", "two")))
    assert Entry.objects.filter(seq__gte=written.first, set_last=written.last).count() == 2


def test_a_document_names_only_what_is_published_or_in_its_set(world):
    part = world._actor("navy", "Navy", "public_body", world._actor("isle", "Isle", "state"))
    with pytest.raises(actions.Refused, match=f"not published: actor “Isle {world.number}”") as refusal:
        world.publish(part)
    assert refusal.value.problems[0].missing == (part.part_of_id,)


def test_a_closed_set_is_published_in_any_order(world):
    part = world._actor("navy", "Navy", "public_body", world._actor("isle", "Isle", "state"))
    world.publish(part, part.part_of)
    assert row(part)["side"]["name"] == f"Isle {world.number}"


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (lambda claim: claim.bearings.get().passages.clear(), "cites no passage"),
        (lambda claim: claim.commitment.parties.all().delete(), "exactly one promisor"),
        (lambda claim: claim.commitment.parties.update(role="promisor"), "exactly one promisor"),
    ],
)
def test_a_set_with_a_fault_is_refused_whole(world, break_it, sentence):
    ships = world.draft_commitment("ships")
    claim = world.draft_claim(OFFERED, bears="proposed", on=ships)
    claim.commitment = ships
    break_it(claim)
    things = (ships, claim, world.draft_change("proposed", claim, "2020-02-01", on=ships))
    with pytest.raises(actions.Refused, match=sentence):
        world.publish(*things)
    assert not ClaimStanding.objects.filter(subject_id=claim.pk).exists()


def test_two_joint_parties_need_no_promisor(world):
    ships = world.draft_commitment("ships")
    ships.parties.update(role="joint")
    claim = world.draft_claim(OFFERED, bears="proposed", on=ships)
    world.publish(ships, claim, world.draft_change("proposed", claim, "2020-02-01", on=ships))
    assert [party["role"] for party in row(ships)["parties"]] == ["joint", "joint"]


def test_a_commitment_without_a_status_is_not_published(world):
    with pytest.raises(actions.Refused, match="needs a status"):
        world.publish(world.draft_commitment("ships"))


def test_a_source_without_a_capture_is_not_published(world):
    source = models.Source.objects.create(slug=f"bare-{world.number}", title="Bare", kind="document", published=UNKNOWN)
    with pytest.raises(actions.Refused, match="has no capture"):
        world.publish(source)


def test_what_is_published_is_not_published_again(world):
    with pytest.raises(actions.Refused, match="published already"):
        world.publish(world.norland)


def test_an_empty_set_is_refused(world):
    with pytest.raises(actions.Refused, match="The set is empty"):
        world.publish()


def test_edits_stay_at_the_desk_until_amended(world):
    world.commitment.title_en = "Six boats"
    world.commitment.save()
    assert row(world.commitment)["title"]["en"] != "Six boats"
    assert models.Commitment.objects.with_unpublished_edits().filter(pk=world.commitment.pk).exists()


def test_an_amendment_is_a_new_version(world):
    world.commitment.title_en = "Six boats"
    world.commitment.save()
    actions.amend(things=[world.commitment], by=world.curator, reason="Shorter.")
    assert (standing(world.commitment).version, row(world.commitment)["title"]["en"]) == (2, "Six boats")
    assert not models.Commitment.objects.with_unpublished_edits().filter(pk=world.commitment.pk).exists()


def test_an_amendment_of_nothing_is_refused(world):
    with pytest.raises(actions.Refused, match="Nothing differs"):
        actions.amend(things=[world.commitment], by=world.curator, reason="No reason.")


def test_a_draft_is_not_amended(world):
    with pytest.raises(actions.Refused, match="not published yet"):
        actions.amend(things=[world._actor("isle", "Isle", "state")], by=world.curator, reason="Too early.")


def test_a_status_change_is_not_amended(world):
    with pytest.raises(actions.Refused, match="corrected, not amended"):
        actions.amend(things=[world.proposed], by=world.curator, reason="No.")


def test_an_amendment_that_takes_a_status_its_claim_is_refused(world):
    world.offer.bearings.update(status="pledged")
    world.offer.save()
    with pytest.raises(actions.Refused, match="rests on no claim"):
        actions.amend(things=[world.offer], by=world.curator, reason="Reread.")
    world.offer.bearings.update(status="proposed")  # the desk is held to it too, at commit


def test_a_rename_reaches_every_row_that_shows_the_name(world):
    world.norland.name = "Kingdom of Norland"
    world.norland.save()
    actions.amend(things=[world.norland], by=world.curator, reason="Its full name.")
    assert row(world.commitment)["parties"][0]["actor"]["name"] == "Kingdom of Norland"
    assert row(world.office)["side"]["name"] == "Kingdom of Norland"
    assert row(world.offer)["side"]["name"] == "Kingdom of Norland"


def test_a_rename_leaves_the_versions_of_others_alone(world):
    count = Version.objects.count()
    world.ambassador.name = "Her Excellency"
    world.ambassador.save()
    actions.amend(things=[world.ambassador], by=world.curator, reason="Style.")
    assert (Version.objects.count(), row(world.offer)["claimant"]["name"]) == (count + 1, "Her Excellency")


def test_an_office_published_later_gives_a_person_their_side(world):
    minister = world._actor("minister", "Minister", "person")
    claim = world.draft_claim(ACCEPTED, bears="agreed")
    claim.claimant, claim.office = minister, None
    claim.save()
    world.publish(minister, claim, *models.Passage.objects.filter(bearings__claim=claim))
    assert row(claim)["side"] is None
    office = models.Office.objects.create(
        slug=f"minister-{world.number}",
        person=minister,
        title="Minister",
        body=world.ministry,
        start=day("2020"),
        end=UNKNOWN,
    )
    office.passages.add(world.draft_passage(OFFERED))
    world.publish(office)
    assert row(claim)["side"]["name"] == world.sutherland.name


def test_a_moved_deadline_leaves_the_first_one(world):
    ships = world.draft_commitment("ships")
    ships.due = day("2030-01-01")
    ships.save()
    ships.due = day("2031-01-01")
    ships.save()
    assert (ships.due_first.edtf, ships.due.edtf) == ("2030-01-01", "2031-01-01")


def test_curators_are_known_by_number(world):
    world.publish(world._actor("isle", "Isle", "state"))
    assert Entry.objects.get(seq=Head.objects.get().seq).by.startswith("curator-")


@pytest.mark.parametrize(
    "other", ["http://example.org/a?b=1&c=2", "https://EXAMPLE.org/a?c=2&b=1#top", "https://example.org:443/a?b=1&c=2"]
)
def test_an_address_is_recorded_once_however_it_is_spelt(world, other):
    world.source.url = "https://example.org/a?b=1&c=2"
    world.source.save()
    twin = models.Source(slug=f"twin-{world.number}", title="Twin", kind="document", published=UNKNOWN, url=other)
    with pytest.raises(ValidationError, match="recorded from this address already"):
        twin.full_clean()
    with pytest.raises(IntegrityError, match="url_key"):
        twin.save()


def test_sources_without_an_address_are_many(world):
    assert models.Source.objects.filter(url="", url_key=None).count() > 5


def ids_in(value) -> set[str]:
    """Every text in the value that looks like the id of a published thing."""
    if isinstance(value, str):
        return {value} if re.fullmatch(ID, value) else set()
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return set().union(*map(ids_in, parts))


def test_a_document_names_every_id_in_it_but_its_own(db):
    for version in models.Version.objects.all():
        document = document_of(version)
        assert names(version.subject_type, document) == sorted(ids_in(document) - {version.subject_id})


def test_what_shows_a_thing_of_its_own_set_is_opened_by_the_later_of_both(world):
    body = models.Actor.objects.create(slug="treasury", name="Treasury of Norland", kind="public_body")
    part = models.Actor.objects.create(slug="mint", name="Mint of Norland", kind="public_body", part_of=body)
    written = world.publish(part, body)
    assert standing(part).seq == written.last == standing(body).seq
    verify()
