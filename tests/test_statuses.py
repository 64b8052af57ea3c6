import pytest
from django.core.exceptions import ObjectDoesNotExist

from commitments import actions, models
from commitments.models.ledger import Entry, Head
from tests.world import ACCEPTED, DELIVERED, NOT_ACCEPTED, OFFERED, UNKNOWN, day, row, standing


def test_a_new_status_moves_the_standing(world):
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")
    assert (row(world.commitment)["status"], row(world.commitment)["open"]) == ("agreed", True)


def test_a_status_names_the_claim_it_rests_on(world):
    claim = world.claim(ACCEPTED, bears="agreed", said="2020-02-01")
    world.record("agreed", claim, "2020-02-01")
    assert row(world.commitment)["status_claims"] == [claim.pk]


def test_a_status_without_a_claim_is_refused(world):
    with pytest.raises(actions.Refused, match="needs at least one claim"):
        actions.record_status(
            commitment=world.commitment,
            status="agreed",
            effective=day("2020-02-01"),
            claims=[],
            by=world.curator,
            reason="None.",
        )


def test_a_claim_that_bears_another_status_does_not_carry_it(world):
    with pytest.raises(actions.Refused, match="rests on no claim"):
        world.record("agreed", world.claim(ACCEPTED, bears="fulfilled"), "2020-02-01")


def test_a_draft_claim_does_not_carry_a_status(world):
    draft = world.draft_claim(OFFERED, bears="agreed")
    with pytest.raises(actions.Refused, match="not published: claim “We have offered"):
        world.record("agreed", draft, "2020-02-01")


def test_the_status_before_is_not_recorded_again(world):
    with pytest.raises(actions.Refused, match="already “proposed”"):
        world.record("proposed", world.offer, "2020-02-01")


def test_a_refusal_says_what_would_be_allowed(world):
    with pytest.raises(actions.Refused, match="Allowed here: pledged, agreed, in_progress"):
        world.record("proposed", world.offer, "2020-02-01")


def test_discussed_never_comes_after_another(world):
    claim = world.claim(ACCEPTED, bears="discussed")
    with pytest.raises(actions.Refused, match="may only come first"):
        world.record("discussed", claim, "2020-02-01")


def test_discussed_may_come_before_what_is_known(world):
    world.record("discussed", world.claim(ACCEPTED, bears="discussed", said="2019-12-01"), "2019-12-01")
    assert row(world.commitment)["status"] == "proposed"


def test_a_change_in_between_is_checked_against_the_one_after_it(world):
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-03-01"), "2020-03-01")
    with pytest.raises(actions.Refused, match="already “agreed”"):
        world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")


def test_superseded_needs_a_lineage_that_says_so(world):
    claim = world.claim(ACCEPTED, bears="superseded")
    with pytest.raises(actions.Refused, match="supersedes this one"):
        world.record("superseded", claim, "2020-02-01")


def test_superseded_is_allowed_with_that_lineage(world):
    newer = world.draft_commitment("ships")
    newer.lineage.create(type="supersedes", target=world.commitment, reading="inference", note="Same aim.")
    offer = world.draft_claim(OFFERED, bears="proposed", on=newer)
    world.publish(newer, offer, world.draft_change("proposed", offer, "2020-02-01", on=newer))
    world.record("superseded", world.claim(ACCEPTED, bears="superseded"), "2020-02-01")
    assert row(world.commitment)["status"] == "superseded"


def test_a_closed_commitment_is_reopened_by_a_new_claim(world):
    world.record("declined", world.claim(NOT_ACCEPTED, bears="declined", by_ministry=True), "2020-02-01")
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-05-01"), "2020-05-01")
    assert row(world.commitment)["open"] is True


def test_an_undated_status_counts_from_the_day_its_claim_was_said(world):
    claim = world.claim(ACCEPTED, bears="agreed", said="2020-02-03")
    actions.record_status(
        commitment=world.commitment,
        status="agreed",
        effective=UNKNOWN,
        claims=[claim],
        by=world.curator,
        reason="When is not told.",
    )
    assert row(world.last_change())["counts_from"] == "2020-02-03"


def test_a_status_cannot_begin_after_the_day_of_recording(world):
    claim = world.claim(ACCEPTED, bears="agreed")
    with pytest.raises(actions.Refused, match="The date ends after today"):
        world.record("agreed", claim, "2999-01-01")


def test_a_status_needs_a_reason(world):
    with pytest.raises(actions.Refused, match="needs a reason"):
        actions.record_status(
            commitment=world.commitment,
            status="declined",
            effective=day("2020-02-01"),
            claims=[world.offer],
            by=world.curator,
            reason=" ",
        )


def test_a_refused_status_leaves_nothing_behind(world):
    before = (Head.objects.get().seq, models.StatusChange.objects.count())
    with pytest.raises(actions.Refused):
        world.record("proposed", world.offer, "2020-02-01")
    assert (Head.objects.get().seq, models.StatusChange.objects.count()) == before


def test_who_looked_before_somebody_else_wrote_is_told_what_changed(world):
    seen = standing(world.commitment).seq
    world.record("agreed", world.claim(ACCEPTED, bears="agreed"), "2020-02-01")
    late = world.claim(DELIVERED, bears="fulfilled")
    with pytest.raises(actions.Conflict, match=f"you saw entry {seen}.*“Status recorded”"):
        world.record("fulfilled", late, "2020-03-01", seen=seen)


def test_who_looked_at_the_current_standing_may_write(world):
    late = world.claim(DELIVERED, bears="fulfilled")
    world.record("fulfilled", late, "2020-03-01", seen=standing(world.commitment).seq)
    assert row(world.commitment)["status"] == "fulfilled"


def test_a_draft_commitment_takes_no_status(world):
    draft = world.draft_commitment("ships")
    with pytest.raises(actions.Refused, match="not published"):
        actions.record_status(
            commitment=draft,
            status="proposed",
            effective=day("2020-02-01"),
            claims=[world.offer],
            by=world.curator,
            reason="Too early.",
        )


def test_an_entry_says_whose_standing_it_opened(world):
    written = world.record("agreed", world.claim(ACCEPTED, bears="agreed"), "2020-02-01")
    assert Entry.objects.get(seq=written.last).commitments == [world.commitment.pk]


def test_drafts_are_nowhere_in_the_record(world):
    draft = world.draft_commitment("secret")
    with pytest.raises(ObjectDoesNotExist):
        standing(draft)
