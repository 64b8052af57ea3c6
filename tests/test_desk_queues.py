"""The queues of the first page: each holds what it says, counts it, and says why it is there."""

import re
from datetime import date

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commitments import actions
from commitments.admin.queues import QUEUES
from commitments.models import Fetch, Likeness, Passage
from tests.desk import entered, page, send, signed_in
from tests.world import ACCEPTED, NOT_ACCEPTED, day, standing

AT_MOST = 12
SLUGS = [queue.slug for queue in QUEUES]


@pytest.fixture
def curator(world):
    return signed_in("curator")


def opened(client, slug, query=""):
    return client.get(f"/admin/commitments/queue/{slug}/{query}")


def listed(client, slug, query=""):
    return {row["id"]: row for row in opened(client, slug, query).context["rows"]}


def counted(answer):
    """The numbers on the first page, by queue."""
    link = r'href="/admin/commitments/queue/([\w-]+)/"><span class="number">([\d,+]+)<'
    return dict(re.findall(link, answer.content.decode()))


def test_the_first_page_counts_every_queue_in_one_query(curator):
    with CaptureQueriesContext(connection) as queries:
        shown = curator.get("/admin/")
    assert list(counted(shown)) == SLUGS
    assert sum("FROM (SELECT" in query["sql"] for query in queries) == 1 and len(queries) < AT_MOST


@pytest.mark.parametrize("slug", SLUGS)
def test_a_queue_takes_a_constant_number_of_queries(curator, slug):
    with CaptureQueriesContext(connection) as queries:
        assert opened(curator, slug).status_code == 200
    assert len(queries) < AT_MOST


@pytest.mark.parametrize("slug", SLUGS)
def test_a_queue_counts_what_its_list_holds(curator, slug):
    assert min(int(counted(curator.get("/admin/"))[slug]), 50) == len(listed(curator, slug))


def test_an_edit_of_what_is_published_waits_until_it_is_published(world, curator):
    assert world.commitment.pk not in listed(curator, "unpublished-edits")
    send(curator, page(world.commitment), title_en="Boats, renamed")
    assert "Changed at the desk" in listed(curator, "unpublished-edits")[world.commitment.pk]["why"]


def test_a_draft_is_no_unpublished_edit(world, curator):
    draft = world.draft_claim(ACCEPTED, bears="agreed")
    assert draft.pk not in listed(curator, "unpublished-edits")


def test_a_quote_that_is_not_found_is_told_with_what_is_wrong(world, curator):
    passage = Passage.objects.filter(capture=world.capture).first()
    assert passage.pk not in listed(curator, "orphaned-quotes")
    Passage.objects.filter(pk=passage.pk).update(anchor="orphaned")
    assert "no longer stand in the newest text" in listed(curator, "orphaned-quotes")[passage.pk]["why"]


def test_a_quote_that_is_not_found_leads_to_the_newest_text_and_leaves_the_queue_when_retracted(world, curator):
    passage = world.draft_passage(ACCEPTED)
    world.publish(passage)
    Passage.objects.filter(pk=passage.pk).update(anchor="orphaned")
    anew, differs = curator.get(page(passage)).context["buttons"][:2]
    assert anew.label == "Mark them anew" and f"{page(world.source, 'mark')}?words=" in anew.url
    assert differs.url == page(world.source, "difference")
    send(curator, page(passage, "retract"), reason="Marked anew.")
    assert passage.pk not in listed(curator, "orphaned-quotes")


def test_a_dispute_stands_in_its_queue_since_it_was_recorded(world, curator):
    assert world.commitment.pk not in listed(curator, "disputed")
    world.claim(ACCEPTED, bears="agreed")
    world.claim(NOT_ACCEPTED, bears="declined", by_ministry=True)
    row = listed(curator, "disputed")[world.commitment.pk]
    assert row["since"] == standing(world.commitment).opened_at


def test_what_is_due_is_overdue_only_after_its_day(world, curator):
    due = world.draft_commitment("late")
    due.due = day("2020-01-01")
    due.save()
    claim = world.draft_claim(ACCEPTED, bears="agreed", on=due)
    world.publish(due, claim, world.draft_change("agreed", claim, "2019-01-01", on=due), *passages(claim))
    assert "2020-01-01" in listed(curator, "overdue")[due.pk]["why"]
    assert world.commitment.pk not in listed(curator, "overdue")


def passages(claim):
    return [p for bearing in claim.bearings.all() for p in bearing.passages.drafts()]


def test_one_sides_word_alone_stands_in_its_queue(world, curator):
    assert world.commitment.pk in listed(curator, "single-party")
    assert "Proposed" in listed(curator, "single-party")[world.commitment.pk]["badge"]


def test_silence_is_asked_for_in_days(world, curator):
    ago = (date.today() - date(2020, 1, 6)).days
    assert world.commitment.pk in listed(curator, "silent", f"?days={ago - 1}")
    assert world.commitment.pk not in listed(curator, "silent", f"?days={ago + 1}")


@pytest.mark.parametrize("query", ["?days=many", "?days=0", "?days=99999999999", "?page=-1", "?page=x"])
def test_what_cannot_be_asked_of_a_queue_is_told_in_a_sentence(curator, query):
    assert "give a whole number from 1 to" in opened(curator, "silent", query).content.decode()


def test_an_undated_claim_says_what_is_not_known(world, curator):
    row = listed(curator, "undated")[world.source.pk]
    assert row["why"] == "Published on: unknown. Not told."


def test_there_is_no_other_queue(curator):
    assert opened(curator, "no-such-queue").status_code == 404


def test_who_may_not_see_commitments_sees_no_queue(world):
    nobody = signed_in()
    assert opened(nobody, "disputed").status_code == 403
    assert "queue/disputed" not in nobody.get("/admin/").content.decode()


def test_a_contributor_sees_the_queues(world):
    assert opened(signed_in("contributor"), "overdue").status_code == 200


def submitted(world, by):
    draft = world.draft_claim(ACCEPTED, bears="agreed")
    return actions.submit_set(title="Boats", note="", things=[draft], by=by)


def test_a_set_that_was_submitted_awaits_review_until_it_is_returned(world, curator):
    author = User.objects.create_user("author", is_staff=True)
    author.groups.add(Group.objects.get(name="contributor"))
    review_set = submitted(world, author)
    assert "author put" in listed(curator, "awaiting-review")[str(review_set.pk)]["why"]
    actions.return_set(review_set=review_set, by=world.curator, comment="Mend it.")
    assert listed(curator, "awaiting-review") == {}
    assert str(review_set.pk) in listed(entered(author), "returned")


def test_nobodys_own_set_awaits_them_where_a_second_person_is_asked_for(world, curator, settings):
    review_set = submitted(world, get_user(curator))
    assert str(review_set.pk) in listed(curator, "awaiting-review")
    settings.SECOND_PERSON = True
    assert str(review_set.pk) not in listed(curator, "awaiting-review")
    assert str(review_set.pk) in listed(signed_in("curator"), "awaiting-review")


def test_a_page_that_could_not_be_fetched_says_why(world, curator):
    told = {"state": "failed", "problem": "There was no answer.", "finished_at": timezone.now()}
    fetch = Fetch.objects.create(url="https://example.org/", requested_by=world.curator, **told)
    assert listed(curator, "failed-captures")[fetch.pk]["why"] == "There was no answer."


def test_two_that_may_be_one_lead_to_where_it_is_decided(world, curator):
    pair = sorted([world.norland.pk, world.sutherland.pk])
    Likeness.objects.create(subject_type="actor", one_id=pair[0], other_id=pair[1], score=95, reason="near_words")
    row = listed(curator, "possible-duplicates")[pair[0]]
    assert "It may be the same as" in row["why"] and row["url"] == reverse("admin:duplicates")
    Likeness.objects.update(parted_by=world.curator)
    assert pair[0] not in listed(curator, "possible-duplicates")
