"""What held of a commitment from day to day of the world: stored, and opened and closed as entries move it."""

from itertools import combinations

import hypothesis.strategies as st
import pytest
from django.db import connection
from hypothesis import given

from commitments import actions
from commitments.derive import Said, contradictions
from commitments.models.ledger import Head
from commitments.models.record import CommitmentSpan
from commitments.vocabulary import CONTRADICTORY_POSITIONS, CONTRADICTORY_STATUSES
from tests.world import ACCEPTED, DELIVERED, NOT_ACCEPTED, REFUSED, day, standing


def current(world):
    return list(CommitmentSpan.objects.current().filter(subject_id=world.commitment.pk).order_by("from_day"))


def told(world):
    """(first day, status, positions told) of each current span."""
    return [
        (span.from_day.isoformat(), span.status, sorted({p.partition(":")[2] for p in span.positions}))
        for span in current(world)
    ]


@pytest.fixture
def agreed(world):
    """Proposed on 6 January 2020, agreed on 1 February."""
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")


def test_a_commitment_begins_with_its_first_status(world):
    assert told(world) == [("2020-01-06", "proposed", [])]


def test_a_status_holds_until_the_next(world, agreed):
    assert told(world) == [("2020-01-06", "proposed", []), ("2020-02-01", "agreed", [])]
    assert [span.until_day.isoformat() for span in current(world)] == ["2020-02-01", "9999-12-31"]


def test_a_claim_said_later_opens_a_span(world, agreed):
    world.claim(NOT_ACCEPTED, position="not_accepted", of=world.sutherland, said="2020-03-01")
    assert told(world)[-1] == ("2020-03-01", "agreed", ["not_accepted"])


def test_a_claim_said_before_the_first_status_opens_none(world):
    world.claim(NOT_ACCEPTED, position="not_accepted", of=world.sutherland, said="2019-03-01")
    assert told(world) == [("2020-01-06", "proposed", ["not_accepted"])]


def test_a_day_on_which_nothing_changes_opens_no_span(world):
    """A closed commitment is not silent, so a further claim of the same status changes nothing."""
    world.record("declined", world.claim(REFUSED, bears="declined", said="2020-02-01"), "2020-02-01")
    before = current(world)
    world.claim(NOT_ACCEPTED, bears="declined", said="2020-03-01")
    assert current(world) == before


def test_what_held_earlier_keeps_its_span(world, agreed):
    first, _ = current(world)
    world.claim(NOT_ACCEPTED, position="not_accepted", of=world.sutherland, said="2020-03-01")
    assert current(world)[0] == first


def test_a_closed_span_is_known_until_the_entry_that_closed_it(world):
    claim = world.claim(ACCEPTED, bears="agreed", said="2020-01-06")
    [before], known = current(world), Head.objects.get().seq
    world.record("agreed", claim, "2020-02-01")
    then = CommitmentSpan.objects.known_at(known).filter(subject_id=world.commitment.pk).get()
    assert then == before
    assert then.until_seq == Head.objects.get().seq == standing(world.commitment).seq


def test_on_a_day_there_is_one_span(world, agreed):
    of = CommitmentSpan.objects.current().filter(subject_id=world.commitment.pk)
    days = ("2020-01-05", "2020-01-06", "2020-01-31", "2020-02-01", "2026-01-01")
    assert [[span.status for span in of.on(day(text).latest)] for text in days] == [
        [],
        ["proposed"],
        ["proposed"],
        ["agreed"],
        ["agreed"],
    ]


def test_a_voided_status_leaves_the_span_before_it_longer(world, agreed):
    actions.correct_status(change=world.last_change(), by=world.curator, reason="Misread.")
    # The claim stays, and ends the silence.
    assert told(world) == [("2020-01-06", "proposed", []), ("2020-02-01", "proposed", [])]


def test_who_spoke_of_a_status_before_it_was_told_moves_its_span(world):
    """The claim was said later than what it tells; whose word it is shows from the day of the status on."""
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2021-02-01"), "2020-02-01")
    world.embassy.part_of = None
    world.embassy.save()
    actions.amend(things=[world.embassy], by=world.curator, reason="It speaks for nobody.")
    assert [span.single_party for span in current(world)] == [False, False, False]


@pytest.fixture
def retracted(world):
    actions.retract(thing=world.commitment, by=world.curator, reason="It is another's.")


def test_a_retracted_commitment_has_one_span_without_status(world, retracted):
    assert told(world) == [("0001-01-01", "", [])]
    assert CommitmentSpan.objects.filter(subject_id=world.commitment.pk).count() == 2


def test_a_commitment_taken_up_again_has_its_spans_again(world, retracted):
    actions.amend(things=[world.commitment], by=world.curator, reason="It is not.")
    assert told(world) == [("2020-01-06", "proposed", [])]


def test_a_change_of_title_moves_no_span(world, agreed):
    before = current(world)
    world.commitment.title_en = "Boats"
    world.commitment.save()
    actions.amend(things=[world.commitment], by=world.curator, reason="Shorter.")
    assert current(world) == before


def test_a_name_shown_with_a_position_moves_the_spans_that_show_it(world):
    world.claim(ACCEPTED, position="accepts", of=world.sutherland, said="2020-02-01")
    before = current(world)
    world.sutherland.name = "Realm of Sutherland"
    world.sutherland.save()
    actions.amend(things=[world.sutherland], by=world.curator, reason="Its full name.")
    assert current(world)[0] == before[0]
    assert "Realm of Sutherland" in current(world)[1].derived


def test_spans_hold_what_the_standing_holds(db):
    """Of the real record: by the last day everything counts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE (s.status, s.is_open, s.positions, s.since_falling, s.disputed) ="
            " (h.status, h.is_open, h.positions, h.since_falling, h.disputed)), count(*)"
            " FROM commitments_commitmentstanding s JOIN commitments_commitmentspan h USING (subject_id)"
            " WHERE s.until_seq IS NULL AND h.until_seq IS NULL AND h.until_day = '9999-12-31'"
        )
        alike, commitments = cursor.fetchone()
    assert alike == commitments > 20


@pytest.mark.parametrize("claims", [1, 12])
def test_a_write_costs_the_same_whatever_was_said_before(world, django_assert_num_queries, claims):
    for number in range(claims):
        world.claim(DELIVERED, position="favours", of=world.sutherland, said=f"2020-03-{number + 1:02}")
    claim = world.draft_claim(DELIVERED, position="accepts", of=world.sutherland, said="2020-04-01")
    with django_assert_num_queries(40):
        world.publish(claim)


SAID = st.lists(
    st.tuples(
        st.sampled_from([None, "a", "b", "c"]),
        st.one_of(
            st.tuples(st.sampled_from(["agreed", "declined", "fulfilled", "stalled"]), st.none(), st.none()),
            st.tuples(st.none(), st.sampled_from(["accepts", "declines", "favours", "denies"]), st.sampled_from("ab")),
        ),
    ),
    max_size=12,
)


@given(SAID)
def test_contradictions_are_every_pair_in_ledger_order(told):
    """Nothing settles them: every word is the outlet's."""
    said = [
        Said(
            {"id": str(n), "side": side and {"id": side}, "counts_from": "2020-01-01", "said_on": {"earliest": ""}}
            | {"claimant": None, "on_behalf_of": None, "office": None},
            {"status": status, "position": position, "side": of and {"id": of}, "actor": None, "reading": "outlet"},
        )
        for n, (side, (status, position, of)) in enumerate(told)
    ]
    pairs = [
        (one, other)
        for one, other in combinations(said, 2)
        if None not in (sides := (one.by_side, other.by_side)) and sides[0] != sides[1]
    ]
    expected = [
        (one, other)
        for one, other in pairs
        if frozenset((one.bearing["status"], other.bearing["status"])) in CONTRADICTORY_STATUSES
        or (
            frozenset((one.bearing["position"], other.bearing["position"])) in CONTRADICTORY_POSITIONS
            and one.about == other.about
        )
    ]
    assert [(said[one], said[other]) for one, other in contradictions(said, [])] == expected
