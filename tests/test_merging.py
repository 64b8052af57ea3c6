"""What was recorded twice becomes one: whatever names the one shows the other, and one entry undoes it."""

import orjson
import pytest
from django.db import IntegrityError, connection, transaction

from commitments import actions, models
from commitments.actions import writing
from commitments.models.ledger import Entry
from commitments.verification import verify
from tests.world import ACCEPTED, DELIVERED, NOT_ACCEPTED, OFFERED, row, standing


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


def test_a_merge_touches_nothing_but_standings(world, twin):
    documents = models.Version.objects.exclude(subject_id=twin.pk)
    before = list(documents.values_list("pk", "until_seq"))
    written = merge(world, twin, world.commitment)
    assert written.first == written.last
    assert list(documents.values_list("pk", "until_seq")) == before


def test_the_entry_says_into_what(world, twin):
    written = merge(world, twin, world.commitment)
    entry = Entry.objects.get(seq=written.first)
    assert (entry.type, entry.subject_id, entry.nature) == ("merge", twin.pk, "correction")
    assert b'"into":"%s"' % world.commitment.pk.encode() in bytes(entry.published.body)


def test_a_merged_commitment_has_no_status_and_no_spans(world, twin):
    merge(world, twin, world.commitment)
    assert (row(twin)["status"], standing(twin).merged_into) == (None, world.commitment.pk)
    assert not models.CommitmentSpan.objects.current().filter(subject_id=twin.pk).exists()


def test_a_party_stands_under_the_survivors_name_and_once(world, norway):
    both = world.draft_commitment("radios")
    both.parties.create(role="implementer", actor=norway, order=2)
    both.parties.create(role="implementer", actor=world.norland, order=3)
    claim = world.draft_claim(ACCEPTED, bears="agreed", on=both)
    passages = [p for p in models.Passage.objects.filter(bearings__claim=claim) if not p.is_published]
    world.publish(*passages, both, claim, world.draft_change("agreed", claim, "2020-02-01", on=both))
    merge(world, norway, world.norland)
    told = [(p["role"], p["actor"]["id"]) for p in row(both)["parties"]]
    assert told == [
        ("promisor", world.norland.pk),
        ("promisee", world.sutherland.pk),
        ("implementer", world.norland.pk),
    ]
    assert verify()


def test_what_a_merged_side_said_contradicts_as_the_survivors_word(world):
    west = world._actor("westland", "Westland", "state")
    world.publish(west)
    office = models.Office.objects.get(pk=world.office.pk)
    claim = world.claim(ACCEPTED, position="accepts", of=west)
    world.claim(NOT_ACCEPTED, position="not_accepted", of=world.sutherland, by_ministry=True)
    assert not row(world.commitment)["flags"]["disputed"]
    merge(world, west, world.sutherland)
    assert row(claim)["bearings"][0]["side"]["id"] == world.sutherland.pk
    assert {p["side"]["id"] for p in row(world.commitment)["positions"]} == {world.sutherland.pk}
    assert office.person_id == world.ambassador.pk and verify()


def test_offices_of_a_merged_person_decide_the_survivors_side(world):
    envoy = world._actor("envoy", "Envoy", "person")
    world.publish(envoy)
    claim = models.Claim.objects.create(
        statement="Offered.", claimant=envoy, speech_act="offers", said_on=world.offer.said_on
    )
    claim.passages.add(models.Passage.objects.filter(capture=world.capture).first())
    world.publish(claim)
    assert row(claim)["side"] is None
    merge(world, world.ambassador, envoy)
    assert row(claim)["side"]["id"] == world.norland.pk
    assert [office["id"] for office in row(envoy)["offices"]] == [world.office.pk]
    assert row(world.offer)["claimant"]["id"] == envoy.pk and verify()


def test_a_rename_of_the_survivor_reaches_what_names_the_merged_one(world, norway):
    ships = world.draft_commitment("ships")
    ships.parties.filter(role="promisor").update(actor=norway)
    claim = world.draft_claim(OFFERED, bears="proposed", on=ships)
    world.publish(ships, claim, world.draft_change("proposed", claim, "2020-01-06", on=ships))
    merge(world, norway, world.norland)
    world.norland.name = "Kingdom of Norland"
    world.norland.save()
    actions.amend(things=[world.norland], by=world.curator, reason="Its full name.")
    assert row(ships)["parties"][0]["actor"] == {"id": world.norland.pk, "name": "Kingdom of Norland"}
    assert verify()


def test_what_is_published_later_may_name_the_merged_one_and_counts_for_the_survivor(world, twin):
    merge(world, twin, world.commitment)
    claim = world.claim(ACCEPTED, bears="agreed", said="2020-02-01", on=twin)
    assert row(world.commitment)["counts"]["claims"] == 3
    world.record("agreed", claim, "2020-02-01")
    assert row(world.commitment)["status"] == "agreed" and verify()


def test_what_a_status_of_the_survivor_rests_on_is_not_taken_away(world, twin):
    merge(world, twin, world.commitment)
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01", on=twin), "2020-02-01")
    assert "“agreed” rests on no claim" in refusal(unmerge, world, twin)
    actions.correct_status(change=world.last_change(), by=world.curator, reason="It was the other one.")
    unmerge(world, twin)
    assert verify()


def test_a_claim_that_a_merged_status_rests_on_is_retracted_once_that_is_corrected(world, twin):
    claim = models.Claim.objects.get(bearings__commitment=twin)
    merge(world, twin, world.commitment)
    assert "rest on it: the status “Proposed”" in refusal(
        actions.retract, thing=claim, by=world.curator, reason="Misheard."
    )


def test_a_merged_commitment_takes_no_new_status(world, twin):
    merge(world, twin, world.commitment)
    claim = world.claim(DELIVERED, bears="fulfilled", said="2020-02-01", on=twin)
    told = refusal(
        actions.record_status,
        commitment=twin, status="fulfilled", effective=world.proposed.effective, claims=[claim],
        by=world.curator, reason="Done.",
    )  # fmt: skip
    assert "was merged into" in told and "record the status there" in told


@pytest.mark.parametrize("act", ["amend", "retract", "merge"])
def test_a_merged_thing_stays_as_it_is(world, norway, act):
    merge(world, norway, world.norland)
    norway.name = "Otherwise"
    norway.save()
    acts = {
        "amend": lambda: actions.amend(things=[norway], by=world.curator, reason="Otherwise."),
        "retract": lambda: actions.retract(thing=norway, by=world.curator, reason="Otherwise."),
        "merge": lambda: merge(world, norway, world.sutherland),
    }
    assert "was merged into" in refusal(acts[act])


def test_the_survivor_is_not_retracted_from_under_what_is_merged_into_it(world, norway):
    isle = world._actor("isle", "Isle", "state")
    world.publish(isle)
    merge(world, norway, isle)
    assert "”, merged into it: undo that" in refusal(
        actions.retract, thing=isle, by=world.curator, reason="Not a state."
    )


def test_only_published_things_of_one_noun_are_merged(world, twin):
    draft = world._actor("draft", "Draft", "state")
    assert "only things of one kind" in refusal(merge, world, twin, world.norland)
    assert "publish it first" in refusal(merge, world, world.norland, draft)
    assert "delete the draft" in refusal(merge, world, draft, world.norland)
    assert "retract the one" in refusal(merge, world, world.offer, world.offer)
    assert "into itself" in refusal(merge, world, twin, twin)
    assert "need a reason" in refusal(actions.merge, thing=twin, into=world.commitment, by=world.curator, reason=" ")


def test_merges_are_one_step_deep(world, norway):
    isle = world._actor("isle", "Isle", "state")
    world.publish(isle)
    merge(world, norway, world.norland)
    assert "merge into that one" in refusal(merge, world, isle, norway)
    assert "instead, or undo that first" in refusal(merge, world, world.norland, isle)


def test_what_was_retracted_is_not_merged(world, norway):
    actions.retract(thing=norway, by=world.curator, reason="There is none.")
    assert "is retracted; reinstate it first" in refusal(merge, world, norway, world.norland)


def test_nothing_is_undone_that_was_not_merged(world, norway):
    assert "is not merged into anything" in refusal(unmerge, world, norway)


def test_a_person_is_no_state_and_a_part_is_not_the_whole(world):
    assert "a person, the other is not" in refusal(merge, world, world.ambassador, world.norland)
    assert "a part is not the whole" in refusal(merge, world, world.embassy, world.norland)
    assert "a part is not the whole" in refusal(merge, world, world.norland, world.embassy)


def test_those_who_promise_each_other_are_two(world):
    told = refusal(merge, world, world.norland, world.sutherland)
    assert "stand against each other (promisee, promisor)" in told


def test_commitments_that_are_linked_are_two(world, twin):
    twin.lineage.create(type="renews", target=world.commitment, reading="inference", note="Same boats.")
    actions.amend(things=[twin], by=world.curator, reason="Linked.")
    for pair in ((twin, world.commitment), (world.commitment, twin)):
        assert "the record says that they are two" in refusal(merge, world, *pair)


def test_a_link_that_the_survivor_lacks_would_be_lost(world, twin):
    third = world.draft_commitment("rafts")
    claim = world.draft_claim(OFFERED, bears="proposed", on=third)
    third.lineage.create(type="renews", target=world.commitment, reading="inference", note="Same boats.")
    world.publish(third, claim, world.draft_change("proposed", claim, "2020-01-06", on=third))
    assert "(renews) that “Ships" in refusal(merge, world, third, twin)


def test_sources_of_other_rights_are_not_merged(world):
    source, _ = world._source_again()
    source.rights = "full_text"
    source.save()
    world.publish(source)
    assert "make that alike first" in refusal(merge, world, world.source, source)


def test_somebody_who_looked_before_is_told(world, twin):
    seen = standing(twin).seq
    merge(world, twin, world.commitment, seen=seen)
    with pytest.raises(actions.Conflict):
        unmerge(world, twin, seen=seen)


def test_the_desk_says_what_the_ledger_says(world, twin):
    merge(world, twin, world.commitment)
    twin.refresh_from_db()
    assert twin.merged_into == world.commitment
    unmerge(world, twin)
    twin.refresh_from_db()
    assert twin.merged_into is None


@pytest.mark.parametrize("noun", ["twin", "norway"])
def test_the_desk_alone_merges_nothing(world, twin, norway, noun):
    thing, into = {"twin": (twin, world.commitment), "norway": (norway, world.norland)}[noun]
    with pytest.raises(IntegrityError, match="by an entry of the ledger alone"), transaction.atomic():
        type(thing).objects.filter(pk=thing.pk).update(merged_into=into)
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_desk_alone_undoes_no_merge(world, twin):
    merge(world, twin, world.commitment)
    with pytest.raises(IntegrityError, match="by an entry of the ledger alone"), transaction.atomic():
        models.Commitment.objects.filter(pk=twin.pk).update(merged_into=None)
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_lets_a_status_rest_on_a_claim_on_what_was_merged(world, twin):
    merge(world, twin, world.commitment)
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01", on=twin), "2020-02-01")
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_actor_does_not_come_to_be_part_of_itself_through_a_merge(world, norway):
    province = world._actor("province", "Province", "public_body", norway)
    merge(world, norway, world.norland)
    with pytest.raises(IntegrityError, match="part of something that is part of it"), transaction.atomic():
        models.Actor.objects.filter(pk=norway.pk).update(part_of=province)


def test_a_claim_may_be_made_in_an_office_of_what_was_merged(world):
    envoy = world._actor("envoy", "Envoy", "person")
    world.publish(envoy)
    given = {"statement": "Offered.", "claimant": envoy, "speech_act": "offers", "said_on": world.offer.said_on}
    with pytest.raises(IntegrityError, match="not one that the claimant held"), transaction.atomic():
        models.Claim.objects.create(office=world.office, **given)
    merge(world, world.ambassador, envoy)
    models.Claim.objects.create(office=world.office, **given)


def test_an_append_by_hand_names_another_thing(db):
    change = writing.Change("merge", "actor", {"id": "made-by-hand"}, "By hand.")
    entry = writing._entry(change, None, by="curator-1", log=models.Head.objects.get().log)
    payload = orjson.dumps({"day": writing.recording_day().isoformat(), "entries": [entry]}).decode()
    with pytest.raises(IntegrityError, match="names another published thing"), transaction.atomic():
        connection.cursor().execute("SELECT record_append(%s::jsonb)", [payload])
