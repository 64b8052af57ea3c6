import orjson
import pytest

from commitments import actions
from commitments.models.ledger import Entry
from commitments.models.record import CommitmentStanding, Version
from tests.world import ACCEPTED, NOT_ACCEPTED, OFFERED, REFUSED, UNKNOWN, day, row


@pytest.fixture
def wrong(world):
    """A change to `agreed` that turns out to be wrong."""
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")
    return world.last_change()


def correct(world, change, **instead):
    return actions.correct_status(change=change, by=world.curator, reason="We misread it.", **instead)


def test_a_void_correction_brings_back_what_held_before(world, wrong):
    correct(world, wrong)
    assert row(world.commitment)["status"] == "proposed"


def test_a_correcting_status_takes_the_place_of_the_wrong_one(world, wrong):
    claim = world.claim(NOT_ACCEPTED, bears="declined", by_ministry=True)
    correct(world, wrong, status="declined", effective=day("2020-02-02"), claims=[claim])
    assert row(world.commitment)["status"] == "declined"


def test_the_corrected_change_stays_readable_and_marked(world, wrong):
    written = correct(world, wrong)
    assert (row(wrong)["status"], row(wrong)["corrected_by"]) == ("agreed", written.subject_ids[0])


def test_the_entry_names_the_entry_it_corrects(world, wrong):
    written = correct(world, wrong)
    body = orjson.loads(bytes(Version.objects.get(entry=written.last).body))
    assert body["corrects"] == Entry.objects.get(subject_id=wrong.pk).seq


def test_a_change_is_corrected_once(world, wrong):
    correct(world, wrong)
    with pytest.raises(actions.Refused, match="corrected already"):
        correct(world, wrong)


def test_a_correction_can_itself_be_corrected(world, wrong):
    claim = world.claim(NOT_ACCEPTED, bears="declined", by_ministry=True)
    correct(world, wrong, status="declined", effective=day("2020-02-02"), claims=[claim])
    correct(world, world.last_change())
    assert row(world.commitment)["status"] == "proposed"


def test_the_only_status_of_a_commitment_cannot_be_voided(world):
    with pytest.raises(actions.Refused, match="cannot be voided"):
        correct(world, world.proposed)


def test_a_correction_obeys_the_rubric(world, wrong):
    with pytest.raises(actions.Refused, match="already “proposed”"):
        correct(world, wrong, status="proposed", effective=day("2020-02-02"), claims=[world.offer])


def test_what_was_known_before_the_correction_stays_as_it_was(world, wrong):
    before = CommitmentStanding.objects.current().get(subject_id=world.commitment.pk)
    seq, told = before.seq, before.row
    correct(world, wrong)
    assert CommitmentStanding.objects.known_at(seq).get(subject_id=world.commitment.pk).row == told


def test_a_draft_is_edited_not_corrected(world):
    draft = world.draft_change("agreed", world.offer, "2020-02-01")
    with pytest.raises(actions.Refused, match="is a draft"):
        correct(world, draft)


# --- Retraction


def retract(world, thing, **more):
    return actions.retract(thing=thing, by=world.curator, reason="Not what was said.", **more)


def test_a_retracted_claim_stays_readable_with_its_reason(world):
    claim = world.claim(ACCEPTED, position="accepts", of=world.sutherland)
    retract(world, claim)
    assert (row(claim)["statement"], row(claim)["retracted"]["reason"]) == (f"{ACCEPTED}.", "Not what was said.")


def test_a_retracted_claim_no_longer_tells_a_position(world):
    claim = world.claim(ACCEPTED, position="accepts", of=world.sutherland)
    retract(world, claim)
    assert row(world.commitment)["positions"] == []


def test_a_claim_that_a_status_rests_on_alone_is_not_retracted(world):
    with pytest.raises(actions.Refused, match="the status “Proposed” of “Boats"):
        retract(world, world.offer)


def test_a_claim_of_a_retracted_commitment_is_retracted_and_reinstated_before_it(world):
    retract(world, world.commitment)
    retract(world, world.offer)
    assert row(world.offer)["retracted"]
    again = {"by": world.curator, "reason": "It was said after all.", "nature": "correction"}
    with pytest.raises(actions.Refused, match="rests on no claim"):
        actions.amend(things=[world.commitment], **again)
    actions.amend(things=[world.offer], **again)
    actions.amend(things=[world.commitment], **again)
    assert row(world.commitment)["status"] == "proposed"


def test_one_set_retracts_the_claim_and_corrects_the_status(world, wrong):
    [claim] = wrong.claims.all()
    written = retract(world, claim, corrections=[actions.Correction(wrong, "It fell with its claim.")])
    assert (written.last - written.first, row(world.commitment)["status"]) == (1, "proposed")


def test_a_claim_that_others_support_is_retracted(world):
    one, other = (world.claim(ACCEPTED, bears="agreed", said=said) for said in ("2020-02-01", "2020-02-02"))
    actions.record_status(
        commitment=world.commitment,
        status="agreed",
        effective=day("2020-02-01"),
        claims=[one, other],
        by=world.curator,
        reason="Two claims.",
    )
    retract(world, one)
    assert row(world.commitment)["status"] == "agreed"


def test_what_others_rest_on_is_not_retracted(world):
    with pytest.raises(actions.Refused, match=r"Other things still rest on it: .*Ambassador"):
        retract(world, world.ambassador)


def test_a_retracted_commitment_has_no_status_but_answers(world):
    retract(world, world.commitment)
    assert (row(world.commitment)["status"], row(world.commitment)["retracted"]) == (
        None,
        {"reason": "Not what was said."},
    )


def test_a_retraction_is_undone_by_a_new_entry(world):
    claim = world.claim(ACCEPTED, position="accepts", of=world.sutherland)
    retract(world, claim)
    actions.amend(things=[claim], by=world.curator, reason="It was said after all.", nature="correction")
    assert row(claim)["retracted"] is None


@pytest.mark.parametrize(
    ("thing", "sentence"),
    [
        (lambda world: world.proposed, "correct it"),
        (lambda world: world.draft_commitment("ships"), "delete the draft"),
    ],
)
def test_what_cannot_be_retracted_says_what_to_do_instead(world, thing, sentence):
    with pytest.raises(actions.Refused, match=sentence):
        retract(world, thing(world))


def test_nothing_is_retracted_twice(world):
    claim = world.claim(REFUSED, position="declines", of=world.sutherland, by_ministry=True)
    retract(world, claim)
    with pytest.raises(actions.Refused, match="retracted already"):
        retract(world, claim)


def test_a_retraction_needs_a_reason(world):
    claim = world.claim(OFFERED, position="proposes", of=world.norland)
    with pytest.raises(actions.Refused, match="needs a reason"):
        actions.retract(thing=claim, by=world.curator, reason="")


def test_an_undated_claim_still_counts(world):
    claim = world.draft_claim(ACCEPTED, position="accepts", of=world.sutherland)
    claim.said_on = UNKNOWN
    claim.save()
    world.publish(*[p for p in claim.bearings.get().passages.all() if not p.is_published], claim)
    assert row(world.commitment)["positions"][0]["position"] == "accepts"
