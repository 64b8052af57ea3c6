"""Two people on one thing at once: nobody's save goes over another's unseen, and nothing is lost."""

import pytest

from commitments.actions.restoring import document_now
from commitments.models import Claim, Commitment, Edit
from tests.desk import _Fields, errors, fields, page, send, signed_in
from tests.world import ACCEPTED, DELIVERED


@pytest.fixture
def first(world):
    return signed_in("curator")


@pytest.fixture
def second(world):
    return signed_in("curator")


def opened(client, thing):
    return fields(client, page(thing))


def carried(answer):
    parser = _Fields()
    parser.feed(answer.content.decode())
    return parser.data


def told(answer):
    return " ".join(answer.content.decode().split())


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def both_retitle(world, first, second):
    """The second curator's save over the first's; both changed the title."""
    looked = opened(second, world.commitment)
    send(first, page(world.commitment), title_en="Their title")
    return second.post(page(world.commitment), looked | {"title_en": "My title"})


def test_what_different_people_changed_goes_together(world, first, second):
    looked = opened(second, world.commitment)
    send(first, page(world.commitment), title_en="Their title")
    answer = second.post(page(world.commitment), looked | {"condition": "If they ask."}, follow=True)
    commitment = fresh(world.commitment)
    assert (commitment.title_en, commitment.condition) == ("Their title", "If they ask.")
    assert "of theirs this was kept: “Title (English)”" in told(answer)


def test_what_both_changed_is_not_written_over(world, first, second):
    answer = both_retitle(world, first, second)
    assert answer.status_code == 409
    assert fresh(world.commitment).title_en == "Their title"


def test_of_a_source_too_what_both_changed_is_asked(world, first, second):
    looked = opened(second, world.source)
    send(first, page(world.source), title="Their title")
    answer = second.post(page(world.source), looked | {"title": "My title"})
    assert answer.status_code == 409 and "Their title" in told(answer)


def test_theirs_mine_and_the_common_base_stand_side_by_side(world, first, second):
    answer = told(both_retitle(world, first, second))
    for words in ("Their", "My", world.commitment.title_en):
        assert words in answer
    assert "changed successfully" not in answer


def test_what_only_one_of_them_changed_is_named_beside_the_choice(world, first, second):
    looked = opened(second, world.commitment)
    send(first, page(world.commitment), title_en="Their title", title_es="Suyo")
    mine = looked | {"title_en": "My title", "condition": "If they ask."}
    answer = told(second.post(page(world.commitment), mine))
    assert "stay as they are now: Title (Spanish)." in answer
    assert "saved with what you choose: Condition." in answer


@pytest.mark.parametrize(("side", "title"), [("mine", "My title"), ("theirs", "Their title"), ("base", None)])
def test_what_is_chosen_is_saved(world, first, second, side, title):
    again = carried(both_retitle(world, first, second)) | {"desk-choice-title.en": side}
    answer = second.post(page(world.commitment), again, follow=True)
    assert fresh(world.commitment).title_en == (title or world.commitment.title_en)
    assert "what you chose stands now" in told(answer)


def test_a_choice_left_open_is_asked_for(world, first, second):
    again = carried(both_retitle(world, first, second)) | {"desk-choice-nothing": "mine"}
    answer = second.post(page(world.commitment), again)
    assert answer.status_code == 409 and "Choose one side for each" in told(answer)


def test_who_is_overtaken_again_while_choosing_is_asked_again(world, first, second):
    again = carried(both_retitle(world, first, second)) | {"desk-choice-title.en": "mine"}
    send(first, page(world.commitment), title_en="Their newest title")
    answer = second.post(page(world.commitment), again)
    assert answer.status_code == 409 and "newest" in told(answer)
    assert fresh(world.commitment).title_en == "Their newest title"


def test_a_party_that_somebody_took_out_does_not_break_the_other_form(world, first, second):
    looked = opened(second, world.commitment)
    send(first, page(world.commitment), parties__1__DELETE="on")
    answer = second.post(page(world.commitment), looked | {"title_en": "My title"})
    assert answer.status_code == 302
    assert fresh(world.commitment).title_en == "My title" and fresh(world.commitment).parties.count() == 1


def test_parties_that_both_added_can_both_be_kept(world, first, second):
    def with_party(looked, actor):
        party = {"role": "implementer", "actor": actor.pk, "order": "5", "id": "", "commitment": world.commitment.pk}
        return looked | {"parties-TOTAL_FORMS": "3"} | {f"parties-2-{name}": text for name, text in party.items()}

    looked = opened(second, world.commitment)
    first.post(page(world.commitment), with_party(opened(first, world.commitment), world.ministry))
    answer = second.post(page(world.commitment), with_party(looked, world.embassy))
    again = carried(answer) | {"desk-choice-parties": "both"}
    assert second.post(page(world.commitment), again).status_code == 302
    implementers = world.commitment.parties.filter(role="implementer").values_list("actor", flat=True)
    assert list(implementers) == [world.ministry.pk, world.embassy.pk]


def test_bearings_go_together_with_what_somebody_else_changed_of_the_claim(world, first, second):
    claim = world.draft_claim(ACCEPTED, bears="agreed")
    looked = opened(second, claim)
    send(first, page(claim), statement="Put otherwise.")
    second.post(page(claim), looked | {"bearings-0-status": "fulfilled"})
    assert (fresh(claim).statement, claim.bearings.get().status) == ("Put otherwise.", "fulfilled")


def test_passages_that_both_added_are_both_kept(world, first, second):
    claim, other = world.draft_claim(ACCEPTED, bears="agreed"), world.draft_passage(DELIVERED)
    third = world.draft_passage("We refuse the boats")
    looked = opened(second, claim)
    send(first, page(claim), passages=[other.pk])
    assert second.post(page(claim), looked | {"passages": [third.pk]}).status_code == 302
    assert set(claim.passages.values_list("pk", flat=True)) == {other.pk, third.pk}


def test_saving_nothing_over_a_newer_row_leaves_it_and_notes_nobody(world, first, second):
    looked = opened(second, world.commitment)
    send(first, page(world.commitment), title_en="Their title")
    before = document_now(world.commitment), fresh(world.commitment).edited_at, Edit.objects.count()
    assert second.post(page(world.commitment), looked).status_code == 302
    after = document_now(world.commitment), fresh(world.commitment).edited_at, Edit.objects.count()
    assert after == before


def test_a_fault_of_my_input_is_told_and_leaves_theirs(world, first, second):
    looked = opened(second, world.commitment)
    send(first, page(world.commitment), title_en="Their title")
    answer = second.post(page(world.commitment), looked | {"title_en": ""})
    assert "This field is required" in errors(answer)
    assert fresh(world.commitment).title_en == "Their title"


def test_a_merge_that_the_database_refuses_is_told_on_the_form(world, first, second):
    looked = opened(second, world.sutherland)
    send(first, page(world.norland), kind="public_body", part_of=world.sutherland.pk)
    send(first, page(world.sutherland), name="Renamed")
    answer = second.post(page(world.sutherland), looked | {"kind": "public_body", "part_of": world.norland.pk})
    assert "An actor cannot be part of something that is part of it" in errors(answer)


def test_what_was_published_meanwhile_is_edited_as_published(world, first, second):
    claim = world.draft_claim(ACCEPTED, bears="agreed")
    looked = opened(second, claim)
    world.publish(world.draft_passage(ACCEPTED), claim)
    assert second.post(page(claim), looked | {"statement": "Put otherwise."}).status_code == 302
    assert Claim.objects.with_unpublished_edits().filter(pk=claim.pk).exists()


def test_a_contributor_is_told_that_it_was_published_and_keeps_the_words(world):
    claim, contributor = world.draft_claim(ACCEPTED, bears="agreed"), signed_in("contributor")
    looked = opened(contributor, claim)
    world.publish(world.draft_passage(ACCEPTED), claim)
    answer = contributor.post(page(claim), looked | {"statement": "Put otherwise."})
    assert answer.status_code == 409
    assert "published since you opened it" in told(answer) and "Put otherwise." in told(answer)


def test_a_draft_deleted_meanwhile_can_be_made_again(world, first, second):
    claim = world.draft_claim(ACCEPTED, bears="agreed")
    looked = opened(second, claim)
    first.post(page(claim, "delete"), {"post": "yes"})
    answer = second.post(page(claim), looked | {"statement": "Put otherwise."})
    assert answer.status_code == 409 and "deleted this draft" in told(answer)
    assert not Claim.objects.filter(pk=claim.pk).exists()
    assert second.post(page(claim), carried(answer)).status_code == 302
    assert fresh(claim).statement == "Put otherwise." and fresh(claim).bearings.count() == 1


def test_a_form_that_does_not_say_what_it_began_with_is_refused(world, first):
    looked = opened(first, world.commitment) | {"desk-base": "of another installation", "title_en": "My title"}
    assert "does not say what you began with" in errors(first.post(page(world.commitment), looked))
    assert not Commitment.objects.filter(title_en="My title").exists()
