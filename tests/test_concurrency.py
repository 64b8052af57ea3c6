"""Writers at once, each on a connection of its own, in a clone of the record."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from commitments import actions, models
from commitments.models.ledger import Entry, Head
from commitments.verification import verify
from tests.world import ACCEPTED, DELIVERED, OFFERED, row, standing


def at_once(*works):
    """Runs all works at the same moment in threads of their own; their answers, or what they raised."""
    barrier = threading.Barrier(len(works))

    def run(work):
        try:
            barrier.wait(timeout=30)
            return work()
        except actions.Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.fixture
def shared(cloned_database, world):
    return world


def commitments_with_claims(world, number):
    pairs = []
    for index in range(number):
        commitment = world.draft_commitment(f"boats{index}")
        offer = world.draft_claim(OFFERED, bears="proposed", on=commitment)
        agreed = world.draft_claim(OFFERED, bears="agreed", on=commitment)
        change = world.draft_change("proposed", offer, "2020-01-06", on=commitment)
        world.publish(commitment, offer, agreed, change)
        pairs.append((commitment, agreed))
    return pairs


def agree(world, commitment, claim, **more):
    return actions.record_status(
        commitment=commitment,
        status="agreed",
        effective=world.proposed.effective,
        claims=[claim],
        by=world.curator,
        reason="Agreed at once.",
        **more,
    )


def test_sixteen_writers_keep_the_sequence_gapless_and_in_commit_order(shared):
    pairs = commitments_with_claims(shared, 16)
    seen, done = [], threading.Event()

    def watch():
        while not done.is_set():
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*), max(seq), (SELECT seq FROM commitments_head) FROM commitments_entry")
                seen.append(cursor.fetchone())
        connections.close_all()

    watcher = threading.Thread(target=watch)
    watcher.start()
    at_once(*(lambda pair=pair: agree(shared, *pair) for pair in pairs))
    done.set()
    watcher.join()
    assert all(count == highest == head for count, highest, head in seen)
    assert Entry.objects.count() == Head.objects.get().seq
    assert verify()


def test_of_two_writers_on_one_commitment_one_wins_and_one_is_told(shared):
    one, other = shared.claim(ACCEPTED, bears="agreed"), shared.claim(DELIVERED, bears="fulfilled")
    seen = standing(shared.commitment).seq
    answers = at_once(
        lambda: shared.record("agreed", one, "2020-02-01", seen=seen),
        lambda: shared.record("fulfilled", other, "2020-02-02", seen=seen),
    )
    refused = [answer for answer in answers if isinstance(answer, actions.Conflict)]
    assert len(refused) == 1 and refused[0].meanwhile[0].type == "record_status"


def test_a_rename_and_new_claims_at_once_show_the_new_name_everywhere(shared):
    shared.norland.name = "Kingdom of Norland"
    shared.norland.save()
    pairs = commitments_with_claims(shared, 4)
    at_once(
        lambda: actions.amend(things=[shared.norland], by=shared.curator, reason="Its full name."),
        *(lambda pair=pair: agree(shared, *pair) for pair in pairs),
    )
    assert {row(c)["parties"][0]["actor"]["name"] for c, _ in pairs} == {"Kingdom of Norland"}
    assert verify()


def test_a_draft_is_published_once(shared):
    isle = shared._actor("isle", "Isle", "state")
    answers = at_once(*[lambda: shared.publish(models.Actor.objects.get(pk=isle.pk))] * 4)
    assert sum(isinstance(answer, actions.Written) for answer in answers) == 1


def test_two_persons_who_write_for_the_first_time_get_numbers_of_their_own(shared):
    from django.contrib.auth.models import User

    def first_words(index):
        user = User.objects.create_user(f"new-{index}")
        thing = shared._actor(f"isle{index}", "Isle", "state")
        return actions.publish(things=[thing], by=user, reason="First.")

    written = at_once(*(lambda index=index: first_words(index) for index in range(4)))
    assert len({Entry.objects.get(seq=w.first).by for w in written}) == 4


def recorded_twice(world):
    one, other = world._actor("isle", "Isle", "state"), world._actor("island", "Island", "state")
    world.publish(one, other)
    return one, other


def merge(world, thing, into):
    return actions.merge(thing=thing, into=into, by=world.curator, reason="Recorded twice.")


def test_of_two_who_merge_each_way_one_wins_and_one_is_told(shared):
    one, other = recorded_twice(shared)
    answers = at_once(lambda: merge(shared, one, other), lambda: merge(shared, other, one))
    [refused] = [answer for answer in answers if isinstance(answer, actions.Refused)]
    assert "was merged into" in str(refused)
    assert verify()


def test_a_thing_is_merged_once(shared):
    one, other = recorded_twice(shared)
    answers = at_once(*[lambda: merge(shared, one, other)] * 3)
    assert sum(isinstance(answer, actions.Written) for answer in answers) == 1


def test_what_is_published_while_its_party_is_merged_shows_the_survivor(shared):
    one, other = recorded_twice(shared)
    commitment = shared.draft_commitment("rafts")
    commitment.parties.filter(role="promisor").update(actor=one)
    claim = shared.draft_claim(OFFERED, bears="proposed", on=commitment)
    change = shared.draft_change("proposed", claim, "2020-01-06", on=commitment)
    at_once(lambda: merge(shared, one, other), lambda: shared.publish(commitment, claim, change))
    assert row(commitment)["parties"][0]["actor"]["id"] == other.pk
    assert verify()
