import pytest

from commitments import actions, models
from commitments.models.ledger import Entry, Head
from tests.world import ACCEPTED, OFFERED, row


def bring(world, data=None):
    return actions.fill_capture(
        capture=world.capture, data=data or world.data, by=world.curator, reason="Somebody brought it."
    )


def test_brought_bytes_are_proven_by_their_digest_and_kept(world):
    bring(world)
    assert row(world.source)["captures"][0]["held"] is True


def test_other_bytes_are_refused(world):
    with pytest.raises(actions.Refused, match="their SHA-256 is"):
        bring(world, b"Something else.")
    assert row(world.source)["captures"][0]["held"] is False


def test_bytes_are_brought_once(world):
    bring(world)
    with pytest.raises(actions.Refused, match="held already"):
        bring(world)


def test_passages_are_checked_when_the_bytes_come(world):
    passage = world.draft_passage(OFFERED)
    bring(world)
    assert row(passage)["check"] == "found"
    assert row(world.offer)["passages"][0]["check"] == "found"


def test_a_passage_that_does_not_stand_where_it_was_said_to_is_named_so(world):
    passage = world.draft_passage(ACCEPTED)
    models.Passage.objects.filter(pk=passage.pk).update(start=passage.start + 1, end=passage.end + 1)
    world.publish(passage)
    bring(world)
    assert row(passage)["check"] == "ambiguous"


def test_where_the_text_is_held_other_words_are_refused(world):
    bring(world)
    passage = world.draft_passage(ACCEPTED)
    with pytest.raises(Exception, match="do not stand at"):
        models.Passage.objects.filter(pk=passage.pk).update(start=passage.start + 1, end=passage.end + 1)


def test_unpublished_edits_stay_unpublished_when_bytes_come(world):
    world.source.title = "A title nobody published"
    world.source.save()
    bring(world)
    assert row(world.source)["title"] == "Norland offers patrol boats"


def test_a_recheck_that_finds_the_same_writes_nothing(world):
    bring(world)
    before = Head.objects.get().seq
    passages = list(models.Passage.objects.filter(capture=world.capture))
    assert actions.recheck(passages=passages, by=world.curator, reason="Routine.") is None
    assert Head.objects.get().seq == before


def test_the_results_stand_in_the_ledger(world):
    written = bring(world)
    types = Entry.objects.filter(seq__gte=written.first).values_list("type", flat=True)
    assert set(types) == {"fill_capture", "recheck"}
