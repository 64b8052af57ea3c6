"""Undoing in the open: edits are discarded at the desk, entries are taken back by new entries; history and its
differences in words."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import actions
from commitments.actions.restoring import document_now
from commitments.models import Actor, Commitment, Edit, Entry, Occasion, Term
from commitments.verification import verify
from tests.desk import errors, fields, page, send, signed_in
from tests.world import ACCEPTED, day, row, standing


@pytest.fixture
def curator(world):
    return signed_in("curator")


@pytest.fixture
def renamed(world):
    """An amendment of the commitment's title."""
    world.commitment.title_en = "Boats, misnamed"
    world.commitment.save()
    actions.amend(things=[world.commitment], by=world.curator, reason="Renamed.")
    return newest(world.commitment)


def newest(thing):
    return Entry.objects.filter(subject_id=thing.pk).latest("version")


def undo(client, thing, **given):
    return send(client, page(thing, "undo", newest(thing).pk), reason="It was a mistake.", **given)


def shown(client, thing, query=""):
    return " ".join(client.get(page(thing, "history") + query).content.decode().split())


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def test_an_amendment_is_undone_by_a_new_entry(world, curator, renamed):
    assert undo(curator, world.commitment).status_code == 302
    undone = newest(world.commitment)
    assert (undone.type, undone.nature, undone.version) == ("amend", "correction", renamed.version + 1)
    assert row(world.commitment)["title"]["en"] == fresh(world.commitment).title_en != "Boats, misnamed"
    verify()


def test_undoing_twice_brings_the_edit_back(world, curator, renamed):
    undo(curator, world.commitment)
    undo(curator, world.commitment)
    assert row(world.commitment)["title"]["en"] == "Boats, misnamed"


def test_a_publication_is_undone_by_retracting(world, curator):
    claim = world.claim(ACCEPTED, bears="agreed")
    assert undo(curator, claim).status_code == 302
    assert standing(claim).retracted and newest(claim).type == "retract"


def test_a_retraction_is_undone_by_reinstating_and_that_by_retracting(world, curator):
    claim = world.claim(ACCEPTED, bears="agreed")
    for is_retracted in (True, False, True):
        undo(curator, claim)
        assert standing(claim).retracted == is_retracted
    verify()


def test_a_publication_on_which_others_rest_is_not_undone(world, curator):
    assert "Other things still rest on it" in errors(undo(curator, world.office))


def test_a_status_is_undone_by_the_form_that_corrects_it(world, curator):
    answer = curator.get(page(world.proposed, "undo", newest(world.proposed).pk))
    assert answer.headers["Location"] == page(world.commitment, "correct", world.proposed.pk)


def test_only_the_newest_entry_is_undone_and_the_page_says_why(world, curator, renamed):
    first = Entry.objects.get(subject_id=world.commitment.pk, version=1)
    answer = send(curator, page(world.commitment, "undo", first.pk), reason="It was a mistake.")
    assert f"Entry {renamed.pk} came after it" in errors(answer)


def test_with_unpublished_edits_nothing_is_undone(world, curator, renamed):
    send(curator, page(world.commitment), title_en="Boats, edited")
    assert "unpublished edits; publish or discard those first" in errors(undo(curator, world.commitment))
    assert fresh(world.commitment).title_en == "Boats, edited"


def test_undoing_without_a_reason_is_refused(world, curator, renamed):
    answer = send(curator, page(world.commitment, "undo", renamed.pk), reason="")
    assert "This field is required" in errors(answer)


def test_who_did_not_see_what_came_in_between_is_told(world, curator, renamed):
    looked = fields(curator, page(world.commitment, "undo", renamed.pk))
    world.claim(ACCEPTED, bears="agreed")
    answer = curator.post(page(world.commitment, "undo", renamed.pk), looked | {"reason": "A mistake."})
    assert "This changed since you looked" in errors(answer)


def test_an_entry_of_another_thing_is_not_found(world, curator, renamed):
    assert curator.get(page(world.offer, "undo", renamed.pk)).status_code == 404


def test_bytes_that_were_brought_stay_and_the_page_says_why(world, curator):
    actions.fill_capture(capture=world.capture, data=world.data, by=world.curator, reason="Brought.")
    assert "proven by their digest and stay" in errors(undo(curator, world.source))


def test_edits_are_discarded(world, curator):
    document = document_now(world.commitment)
    send(curator, page(world.commitment), title_en="Boats, misnamed", due_edtf="2030", due_basis="stated")
    assert Commitment.objects.with_unpublished_edits().filter(pk=world.commitment.pk).exists()
    assert send(curator, page(world.commitment, "discard")).status_code == 302
    assert document_now(world.commitment) == document
    assert not Commitment.objects.with_unpublished_edits().filter(pk=world.commitment.pk).exists()
    assert Edit.objects.filter(subject_id=world.commitment.pk).count() == 2


def test_where_nothing_differs_nothing_is_discarded(world, curator):
    assert "Nothing differs" in errors(send(curator, page(world.commitment, "discard")))


def test_discarding_is_offered_where_there_are_edits_and_to_curators_alone(world, curator):
    def labels(client):
        return [b.label for b in client.get(page(world.commitment)).context["buttons"]]

    assert "Discard edits" not in labels(curator)
    send(curator, page(world.commitment), title_en="Boats, misnamed")
    assert "Discard edits" in labels(curator)
    assert "Discard edits" not in labels(signed_in("contributor"))


@pytest.mark.parametrize("name", ["undo", "discard"])
def test_a_contributor_takes_nothing_back_by_its_address(world, renamed, name):
    more = [renamed.pk] if name == "undo" else []
    url, contributor = page(world.commitment, name, *more), signed_in("contributor")
    assert contributor.get(url).status_code == 403
    assert contributor.post(url, {"reason": "I may not."}).status_code == 403


def test_a_contributor_sees_no_way_to_undo(world, renamed, curator):
    assert "Undo the newest entry" in shown(curator, world.commitment)
    assert "Undo the newest entry" not in shown(signed_in("contributor"), world.commitment)


def test_history_tells_who_when_and_why_and_what_differs(world, curator, renamed):
    told = shown(curator, world.commitment)
    for words in ("First recording.", "Renamed.", renamed.by, "Amended", "<ins>", "misnamed"):
        assert words in told


def test_any_two_versions_are_compared_and_the_desk_too(world, curator, renamed):
    send(curator, page(world.commitment), condition="If they ask.")
    assert "misnamed" in shown(curator, world.commitment, "?from=1&to=2")
    told = shown(curator, world.commitment, "?from=2&to=desk")
    assert "<ins>If they ask.</ins>" in told and "Condition" in told


@pytest.mark.parametrize(
    "query", ["?from=0&to=1", "?from=1&to=99", "?from=1", "?from=x&to=y", f"?from=1&to={'9' * 5000}"]
)
def test_versions_that_are_not_there_are_not_compared(world, curator, query):
    assert curator.get(page(world.commitment, "history") + query).status_code == 404


def test_the_history_of_a_draft_says_that_it_was_never_published(world, curator):
    assert "never published" in shown(curator, world.draft_claim(ACCEPTED, bears="agreed"))


def test_staff_without_a_group_see_no_history(world):
    assert signed_in().get(page(world.commitment, "history")).status_code == 403


@pytest.mark.parametrize("model", [Commitment, Actor, Term, Occasion])
def test_a_history_takes_few_queries(world, curator, renamed, model):
    thing = world.commitment if model is Commitment else model.objects.published().first()
    url = page(thing, "history")
    curator.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert curator.get(url).status_code == 200
    assert len(queries) < 12, [q["sql"][:90] for q in queries]


def test_differences_tell_labels_words_dates_and_items(world, curator):
    made = {"made_on_edtf": "2020-01-05", "made_on_basis": "stated", "made_on_note": ""}
    send(curator, page(world.commitment), form="pledge", parties__1__role="implementer", **made)
    told = shown(curator, world.commitment)
    for words in ("Pledge", "5 January 2020", "Implementer", world.sutherland.name, "By 6 January 2020"):
        assert words in told
    assert ">promisee<" not in told and page(world.sutherland) in told


def test_an_entry_leads_to_its_undoing(world, curator, renamed):
    told = curator.get(page(renamed)).content.decode()
    assert page(world.commitment, "undo", renamed.pk) in told
    assert (
        page(world.commitment, "undo", renamed.pk) not in signed_in("contributor").get(page(renamed)).content.decode()
    )


def test_a_deadline_that_was_undone_stays_the_first(world, curator):
    world.commitment.due = day("2030")
    world.commitment.save()
    actions.amend(things=[world.commitment], by=world.curator, reason="A deadline was told.")
    assert "never moves" in errors(undo(curator, world.commitment))
