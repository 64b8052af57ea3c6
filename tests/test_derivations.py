import pytest

from commitments import actions, models
from tests.world import ACCEPTED, DELIVERED, NOT_ACCEPTED, OFFERED, REFUSED, UNKNOWN, day, row


def positions(world):
    return [(p["position"], p["own_word"]) for p in row(world.commitment)["positions"]]


def test_a_position_told_by_the_other_side_is_not_its_own_word(world):
    world.claim(ACCEPTED, position="accepts", of=world.sutherland)
    assert positions(world) == [("accepts", False)]


def test_a_body_speaks_for_its_state(world):
    world.claim(NOT_ACCEPTED, position="not_accepted", of=world.ministry, by_ministry=True)
    [told] = row(world.commitment)["positions"]
    assert (told["side"]["id"], told["actor"]["id"], told["own_word"]) == (world.sutherland.pk, world.ministry.pk, True)


def test_an_actor_of_no_side_speaks_for_itself(world):
    union = world._actor("union", "Union of Coasts", "organisation")
    world.publish(union)
    claim = world.draft_claim(ACCEPTED, position="accepts", of=union)
    claim.claimant, claim.office = union, None
    claim.save()
    world.publish(*[p for p in models.Passage.objects.filter(bearings__claim=claim) if not p.is_published], claim)
    assert positions(world) == [("accepts", True)]


def test_who_holds_an_office_of_an_actor_of_no_side_speaks_for_it(world):
    union = world._actor("union", "Union of Coasts", "organisation")
    office = models.Office.objects.create(
        slug="envoy-of-the-union", person=world.ambassador, title="Envoy", body=union, start=day("2020"), end=UNKNOWN
    )
    office.passages.add(world.draft_passage(OFFERED))
    claim = world.draft_claim(NOT_ACCEPTED, position="not_accepted", of=union)
    claim.office = office
    claim.save()
    passages = models.Passage.objects.filter(bearings__claim=claim)
    world.publish(union, office, *[p for p in passages if not p.is_published], claim)
    assert positions(world) == [("not_accepted", True)]


def test_a_sides_own_later_word_removes_older_ones(world):
    world.claim(ACCEPTED, position="accepts", of=world.sutherland, said="2020-02-01")
    world.claim(REFUSED, position="declines", of=world.sutherland, by_ministry=True, said="2020-03-01")
    assert positions(world) == [("declines", True)]


def test_a_sides_own_earlier_word_removes_nothing(world):
    world.claim(REFUSED, position="declines", of=world.sutherland, by_ministry=True, said="2020-02-01")
    world.claim(ACCEPTED, position="accepts", of=world.sutherland, said="2020-03-01")
    assert sorted(positions(world)) == [("accepts", False), ("declines", True)]


def test_the_latest_said_claim_stands_for_its_position(world):
    later = world.claim(ACCEPTED, position="accepts", of=world.sutherland, said="2020-03-01")
    world.claim(OFFERED, position="accepts", of=world.sutherland, said="2020-02-01")
    assert [p["claim"] for p in row(world.commitment)["positions"]] == [later.pk]


def test_contradicting_sides_make_it_disputed(world):
    world.claim(NOT_ACCEPTED, position="not_accepted", of=world.sutherland, by_ministry=True, said="2020-02-01")
    world.claim(ACCEPTED, position="accepts", of=world.sutherland, said="2020-03-01")
    assert row(world.commitment)["flags"]["disputed"] is True


def test_one_side_does_not_dispute_with_itself(world):
    world.claim(NOT_ACCEPTED, position="not_accepted", of=world.sutherland)
    world.claim(ACCEPTED, position="accepts", of=world.sutherland)
    assert row(world.commitment)["flags"]["disputed"] is False


def test_a_partys_own_later_word_settles_a_dispute_about_its_position(world):
    world.claim(ACCEPTED, position="accepts", of=world.sutherland, said="2020-02-01")
    world.claim(NOT_ACCEPTED, position="not_accepted", of=world.sutherland, by_ministry=True, said="2020-03-01")
    assert row(world.commitment)["flags"]["disputed"] is False


@pytest.fixture
def two_words(world):
    """The two sides contradict each other on the status."""
    yes = world.claim(ACCEPTED, bears="agreed", said="2020-02-01")
    no = world.claim(REFUSED, bears="declined", by_ministry=True, said="2020-02-02")
    return yes, no


def test_contradicting_statuses_make_it_disputed(world, two_words):
    assert row(world.commitment)["flags"]["disputed"] is True


def test_a_status_change_that_cites_both_settles_it(world, two_words):
    actions.record_status(
        commitment=world.commitment,
        status="declined",
        effective=day("2020-02-02"),
        claims=two_words,
        by=world.curator,
        reason="The refusal is its own word.",
    )
    assert row(world.commitment)["flags"]["disputed"] is False


def test_a_status_on_one_sides_word_is_marked(world):
    assert row(world.commitment)["flags"]["single_party"] is True


def test_a_status_on_both_sides_words_is_not(world, two_words):
    world.record("agreed", two_words[0], "2020-02-01")
    actions.correct_status(
        change=world.last_change(),
        status="declined",
        effective=day("2020-02-02"),
        claims=two_words,
        by=world.curator,
        reason="Both speak of it.",
    )
    assert row(world.commitment)["flags"]["single_party"] is False


def test_silence_counts_from_the_last_claim_while_it_is_open(world):
    world.claim(DELIVERED, position="favours", of=world.sutherland, said="2020-07-01")
    assert row(world.commitment)["silent_since"] == "2020-07-01"


def test_a_closed_commitment_is_not_silent(world):
    world.record("fulfilled", world.claim(DELIVERED, bears="fulfilled", said="2020-07-01"), "2020-07-01")
    assert row(world.commitment)["silent_since"] is None


def test_one_speaker_on_one_day_is_one_root(world):
    world.claim(ACCEPTED, bears="agreed", said="2020-01-06")
    assert row(world.commitment)["counts"] == {"claims": 2, "independent_roots": 1, "sources": 1}


def test_directness_counts_the_hops_and_the_outlet(world):
    passage = world.draft_passage(ACCEPTED)
    passage.hops.create(described_as="local media")
    assert row(world.claim(ACCEPTED, bears="agreed"))["directness"] == 2


def test_a_publisher_of_the_claimants_own_side_is_no_step(world):
    world.source.publisher, world.source.publisher_basis = world.embassy, "stated"
    world.source.save()
    actions.amend(things=[world.source], by=world.curator, reason="It says so.")
    assert row(world.offer)["directness"] == 0


def test_the_unnamed_press_is_no_side(world):
    press = world._actor("press", "The press", "unnamed_group", world.norland)
    world.publish(press)
    assert row(press)["side"] is None
