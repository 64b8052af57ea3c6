"""Sets for review: what a contributor puts together, a second person reads, and publishes whole or returns."""

import pytest
from django.contrib.auth import get_user
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from commitments import actions
from commitments.models import Comment, Entry, ReviewMember, ReviewSet, Term
from tests.desk import errors, fields, listed, page, send, signed_in
from tests.world import ACCEPTED, DELIVERED, row, standing


@pytest.fixture
def contributor(world):
    return signed_in("contributor")


@pytest.fixture
def curator(world):
    return signed_in("curator")


@pytest.fixture
def claim(world):
    return world.draft_claim(ACCEPTED, bears="agreed")


def submitting(*things):
    return f"{listed(ReviewSet, 'add')}?" + "&".join(f"id={thing.pk}" for thing in things)


def submitted(client, *things, **given):
    answer = send(client, submitting(*things), title="The boats were accepted", submit="Submit", **given)
    assert answer.status_code == 302, errors(answer)
    return ReviewSet.objects.latest("pk")


def decided(client, review_set, name, **given):
    return client.post(page(review_set), fields(client, page(review_set)) | {name: "1"} | given)


def told(answer):
    return " ".join(answer.content.decode().split())


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def test_a_contributor_submits_a_draft_with_all_that_it_needs(contributor, claim):
    found = submitted(contributor, claim)
    passage = claim.bearings.get().passages.get()
    assert found.state == "submitted" and found.by == get_user(contributor)
    assert set(found.members.values_list("subject_id", flat=True)) == {claim.pk, passage.pk}


def test_drafts_chosen_in_a_list_are_submitted_together(world, contributor, claim):
    other = world.draft_claim(DELIVERED, bears="fulfilled")
    chosen = {"action": "submit_chosen", "_selected_action": [claim.pk, other.pk]}
    form = contributor.post(listed(claim), chosen).headers["Location"]
    assert {claim.pk, other.pk} <= set(fields(contributor, form)["things"])


def test_a_curator_publishes_the_whole_set(contributor, curator, claim):
    found = submitted(contributor, claim)
    assert decided(curator, found, "publish", reason="First recording.").status_code == 302
    assert standing(claim) and fresh(found).state == "published"
    assert not ReviewMember.objects.filter(is_waiting=True).exists()


def test_a_set_holds_drafts_and_edits_and_they_are_published_in_one(world, contributor, curator, claim):
    send(curator, page(world.commitment), title_en="Boats, renamed")
    found = submitted(contributor, claim, world.commitment)
    before = Entry.objects.count()
    assert decided(signed_in("curator"), found, "publish", reason="Read.", nature="correction").status_code == 302
    written = Entry.objects.filter(seq__gt=before)
    assert {(e.type, e.set_last) for e in written} == {("publish", before + 3), ("amend", before + 3)}
    assert standing(world.commitment).label == "Boats, renamed"


def test_a_set_with_a_drafted_status_tells_the_sentence_beforehand_and_records_it(world, contributor, curator, claim):
    change = world.draft_change("agreed", claim, "2020-02-01")
    found = submitted(contributor, change)
    assert "Agreed, on the word of" in told(curator.get(page(found)))
    assert row(world.commitment)["status"] == "proposed"
    decided(curator, found, "publish", reason="Read.")
    assert row(world.commitment)["status"] == "agreed"


def test_what_a_set_lacks_is_told_before_the_button(contributor, curator, claim):
    found = submitted(contributor, claim, things=[claim.pk])
    before = Entry.objects.count()
    assert "It names what is not published" in told(curator.get(page(found)))
    assert "It names what is not published" in told(decided(curator, found, "publish", reason="Read."))
    assert Entry.objects.count() == before and fresh(found).state == "submitted"


def test_what_was_edited_since_it_was_read_is_not_published(contributor, curator, claim):
    found = submitted(contributor, claim)
    read = fields(curator, page(found))
    send(contributor, page(claim), statement="Put otherwise.")
    answer = curator.post(page(found), read | {"publish": "1", "reason": "Read."})
    assert "It was edited since you opened this page" in told(answer)
    assert fresh(found).state == "submitted" and not fresh(claim).is_published


def test_a_set_is_returned_with_a_comment_and_submitted_again(contributor, curator, claim):
    found = submitted(contributor, claim)
    assert decided(curator, found, "return", comment="Which day?").status_code == 302
    assert fresh(found).state == "returned"
    returned = told(contributor.get(page(found)))
    assert returned.index("Which day?") < returned.index("Change the set, and submit it")
    assert ReviewSet.objects.returned_to(get_user(contributor)).get() == found
    assert send(contributor, page(found, "edit"), submit="Submit").status_code == 302
    assert fresh(found).state == "submitted"


def test_a_set_is_not_returned_without_a_word(contributor, curator, claim):
    found = submitted(contributor, claim)
    assert "This field is required" in told(decided(curator, found, "return", comment=""))
    assert fresh(found).state == "submitted"


def test_its_author_withdraws_a_set_and_nobody_else(contributor, curator, claim):
    found = submitted(contributor, claim)
    assert "Withdraw the set" not in told(curator.get(page(found)))
    assert "only they change it" in told(decided(curator, found, "withdraw"))
    assert fresh(found).state == "submitted"
    assert decided(contributor, found, "withdraw").status_code == 302
    assert fresh(found).state == "withdrawn"


def test_a_thing_awaits_review_in_one_set_at_a_time(contributor, claim):
    submitted(contributor, claim)
    answer = send(contributor, submitting(claim), title="Again", submit="Submit")
    assert "awaits review in the set “The boats were accepted” already" in errors(answer)


def test_the_database_keeps_a_thing_out_of_two_waiting_sets(contributor, claim):
    found = submitted(contributor, claim)
    other = ReviewSet.objects.create(title="Another", by=found.by)
    again = {"subject_type": "claim", "subject_id": claim.pk, "is_waiting": True}
    with pytest.raises(IntegrityError, match="review_member_waits_once"), transaction.atomic():
        ReviewMember.objects.create(review_set=other, **again)


def test_a_set_is_kept_for_later(contributor, claim):
    send(contributor, submitting(claim), title="Not yet", keep="Keep")
    assert ReviewSet.objects.get(title="Not yet").state == "drafting"


def test_a_thing_is_added_to_a_set_that_was_kept(world, contributor, claim):
    send(contributor, submitting(claim), title="Not yet", keep="Keep")
    found, other = ReviewSet.objects.get(title="Not yet"), world.draft_claim(DELIVERED, bears="fulfilled")
    adding = f"{page(found, 'edit')}?id={other.pk}"
    assert adding in contributor.get(submitting(other)).content.decode()
    send(contributor, adding, submit="Submit")
    assert {claim.pk, other.pk} <= set(found.members.values_list("subject_id", flat=True))


def test_somebody_elses_set_is_not_changed(world, contributor, curator, claim):
    send(contributor, submitting(claim), title="Not yet", keep="Keep")
    found = ReviewSet.objects.get(title="Not yet")
    assert curator.get(page(found, "edit")).status_code == 403
    told = {"title": "Mine", "note": "", "things": [claim], "review_set": found}
    with pytest.raises(actions.Refused, match="only they change it"):
        actions.submit_set(by=get_user(curator), **told)


def test_a_set_nobody_could_read_is_refused(world, monkeypatch, contributor, claim):
    monkeypatch.setattr("commitments.actions.reviewing.MOST", 1)
    assert "at most 1 things" in errors(send(contributor, submitting(claim), title="All", submit="Submit"))


@pytest.mark.parametrize("ids", ["", "?id=nothing", "?id=clm_%00", "?id=xyz_1"])
def test_a_set_of_nothing_is_not_found(contributor, ids):
    assert contributor.get(listed(ReviewSet, "add") + ids).status_code == 404


def test_a_comment_that_is_not_there_is_not_resolved(contributor, claim):
    for told in ("x", "0", "9" * 5000):
        assert contributor.post(page(claim, "comments"), {"resolve": told}).status_code == 404


def test_a_set_decided_meanwhile_is_not_decided_again(contributor, curator, claim):
    found = submitted(contributor, claim)
    read = fields(curator, page(found))
    decided(contributor, found, "withdraw")
    answer = curator.post(page(found), read | {"publish": "1", "reason": "Read."})
    assert "This set is in the state “Withdrawn” now" in told(answer)
    assert fresh(found).state == "withdrawn" and not fresh(claim).is_published


def test_a_partial_publication_is_impossible(world, contributor, curator, claim):
    found = submitted(contributor, claim, world.draft_claim(DELIVERED, bears="fulfilled"))
    claim.bearings.get().passages.clear()
    before = Entry.objects.count()
    decided(curator, found, "publish", reason="Read.")
    assert Entry.objects.count() == before


def test_a_contributor_neither_publishes_nor_returns(contributor, claim):
    found = submitted(contributor, claim)
    shown = told(contributor.get(page(found)))
    assert "Publish the set" not in shown and "Return with this comment" not in shown
    for name in ("publish", "return"):
        given = {name: "1", "reason": "Read.", "comment": "No."}
        assert contributor.post(page(found), given).status_code == 403
    assert fresh(found).state == "submitted"


def test_who_may_not_record_statuses_publishes_no_set_with_one(world, contributor, claim):
    found = submitted(contributor, world.draft_change("agreed", claim, "2020-02-01"))
    curator = signed_in("curator")
    group = get_user(curator).groups.get()
    group.permissions.remove(group.permissions.get(codename="record_status"))
    assert decided(signed_in("curator"), found, "publish", reason="Read.").status_code == 403


def test_staff_without_a_group_see_no_set(contributor, claim):
    found, nobody = submitted(contributor, claim), signed_in()
    for url in (page(found), page(found, "edit"), submitting(claim), listed(ReviewSet)):
        assert nobody.get(url).status_code == 403


def test_a_draft_leads_to_its_set_while_it_awaits_review(contributor, claim):
    [button, _draft] = contributor.get(page(claim)).context["buttons"]
    assert button.label == "Submit for review" and contributor.get(button.url).status_code == 200
    found = submitted(contributor, claim)
    [button, _draft] = contributor.get(page(claim)).context["buttons"]
    assert (button.label, button.url) == ("In review: The boats were accepted", page(found))


def test_the_review_page_takes_as_many_queries_for_many_things_as_for_one(world, contributor, curator, claim):
    def asked(review_set):
        with CaptureQueriesContext(connection) as queries:
            assert curator.get(page(review_set)).status_code == 200
        return len(queries)

    few = asked(submitted(contributor, claim))
    many = [world.draft_claim(words, bears="fulfilled") for words in (DELIVERED, "We refuse the boats")]
    assert asked(submitted(contributor, *many)) == few


def test_a_comment_on_a_set_is_resolved(contributor, curator, claim):
    found = submitted(contributor, claim)
    decided(contributor, found, "comment", text="Look at the day.")
    remark = Comment.objects.get(review_set=found)
    decided(curator, found, "resolve", resolve=str(remark.pk))
    assert fresh(remark).resolved_by == get_user(curator)


def test_a_comment_on_a_thing_shows_on_its_form_until_it_is_resolved(contributor, curator, claim):
    send(contributor, page(claim, "comments"), text="Which boats?")
    assert "Which boats?" in told(curator.get(page(claim)))
    remark = Comment.objects.get(subject_id=claim.pk)
    curator.post(page(claim, "comments"), {"resolve": str(remark.pk)})
    assert "Which boats?" not in told(curator.get(page(claim)))
    assert "Which boats?" in told(curator.get(page(claim, "comments")))


def test_an_empty_comment_is_refused(contributor, claim):
    assert "This field is required" in errors(send(contributor, page(claim, "comments"), text=""))


def test_a_stranger_to_the_desk_comments_on_nothing(claim):
    nobody = signed_in()
    assert nobody.get(page(claim, "comments")).status_code == 403
    assert nobody.post(page(claim, "comments"), {"text": "I was here."}).status_code == 403


def test_a_set_may_not_hold_a_correction_or_an_edit_without_difference(world):
    with pytest.raises(actions.Refused, match="Nothing differs"):
        actions.publish_set(things=[world.commitment], by=world.curator, reason="Read.")
    with pytest.raises(actions.Refused, match="corrected, not amended"):
        actions.publish_set(things=[world.proposed], by=world.curator, reason="Read.")


def test_words_of_the_rubric_and_of_vocabularies_are_in_the_readers_language(world, curator, contributor):
    draft = world.draft_commitment("radios")
    change = world.draft_change("agreed", world.draft_claim(ACCEPTED, bears="agreed", on=draft), "2020-02-01", on=draft)
    Term.objects.filter(pk=world.kind.pk).update(label_es="Barcos")
    found = submitted(contributor, draft, change)
    curator.cookies["django_language"] = "es"
    shown = told(curator.get(page(found)))
    assert f"{draft}: Acordado" in shown and "Barcos</a>" in shown
