"""Forms of the desk: what they take, work out, and tell in words."""

import hashlib

import pytest
from django.contrib.auth import get_user
from django.core.files.uploadedfile import SimpleUploadedFile

from commitments import actions
from commitments.models import Actor, Bearing, Capture, CaptureBytes, Claim, Edit, Passage, Source
from tests.desk import errors, fields, listed, page, send, signed_in
from tests.world import OFFERED, TEXT


@pytest.fixture
def curator(world):
    return signed_in("curator")


def new_passage(client, world, **given):
    start = TEXT.index(OFFERED)
    told = {"capture": world.capture.pk, "start": start, "end": start + len(OFFERED), "voice": "quoted"}
    return send(client, listed(Passage, "add"), **told | given)


def held(world):
    actions.fill_capture(capture=world.capture, data=world.data, by=world.curator, reason="Brought.")


def test_saving_what_did_not_change_is_no_edit(world, curator):
    before = world.commitment.edited_at
    assert send(curator, page(world.commitment)).status_code == 302
    world.commitment.refresh_from_db()
    assert world.commitment.edited_at == before


def test_an_edit_of_an_inline_is_an_edit_of_its_noun(world, curator):
    send(curator, page(world.commitment), parties__0__order="7")
    assert type(world.commitment).objects.with_unpublished_edits().filter(pk=world.commitment.pk).exists()


def test_an_edit_shows_in_the_list_until_it_is_published(world, curator):
    send(curator, page(world.commitment), title_en="Boats, renamed")
    found = curator.get(listed(world.commitment) + "?state=edited").content.decode()
    assert "Boats, renamed" in found and "Published, with unpublished edits" in found


@pytest.mark.parametrize("group", ["curator", "contributor"])
def test_a_claim_is_drafted_with_its_bearing(world, group):
    given = {"statement": "Drafted.", "claimant": world.norland.pk, "speech_act": "reports"}
    date = {"said_on_edtf": "2020-01-06", "said_on_basis": "stated"}
    bearing = {"commitment": world.commitment.pk, "status": "agreed", "reading": "literal", "order": "0"}
    bearing["passages"] = [Passage.objects.filter(capture=world.capture).first().pk]
    bearings = {f"bearings__0__{name}": value for name, value in bearing.items()}
    url, one = listed(Claim, "add"), {"bearings-TOTAL_FORMS": "1"}
    answer = send(signed_in(group), url, **given, **date, **bearings, **one)
    assert answer.status_code == 302, errors(answer)
    assert Bearing.objects.get(claim__statement="Drafted.").status == "agreed"


def test_a_date_that_is_none_is_refused_in_words(world, curator):
    answer = send(curator, page(world.offer), said_on_edtf="2021-02-30")
    assert "no day of the calendar" in errors(answer)


def test_a_violated_constraint_is_told_in_words(world, curator):
    answer = send(curator, page(world.offer), bearings__0__reading="outlet")
    assert "Every reading but “literal” needs a note" in errors(answer)


def test_the_databases_own_refusal_is_told_on_the_form_and_the_input_kept(world, curator):
    answer = send(curator, page(world.sutherland), kind="public_body", part_of=world.ministry.pk)
    assert "An actor cannot be part of something that is part of it" in errors(answer)
    assert answer.context["adminform"].form["part_of"].value() == world.ministry.pk
    assert Actor.objects.get(pk=world.sutherland.pk).part_of is None


def test_what_the_database_checks_at_commit_is_told_on_the_form_too(world, curator):
    answer = send(curator, page(world.offer), bearings__0__DELETE="on")
    assert "A published claim needs a passage" in errors(answer)
    assert world.offer.bearings.exists()


def test_the_digest_of_a_passage_is_worked_out_from_its_words(world, curator):
    assert new_passage(curator, world, exact=OFFERED, start="100", end=str(100 + len(OFFERED))).status_code == 302
    made = Passage.objects.get(capture=world.capture, start=100)
    assert made.exact_sha256 == hashlib.sha256(OFFERED.encode()).hexdigest()
    assert made.anchor == "text_not_held"


def test_a_passage_without_words_or_digest_is_refused(world, curator):
    assert "Give the words, or their SHA-256" in errors(new_passage(curator, world, exact=""))


def test_words_that_do_not_fit_their_positions_are_refused(world, curator):
    assert "The words have 5 characters" in errors(new_passage(curator, world, exact="boats"))


def test_a_passage_after_the_end_of_the_text_is_refused(world, curator):
    assert "characters; the passage ends at" in errors(new_passage(curator, world, exact="", end="99999"))


def test_in_a_held_text_the_words_are_read_at_their_position(world, curator):
    held(world)
    assert new_passage(curator, world, start="0", end="7", exact="Norland").status_code == 302
    assert Passage.objects.get(capture=world.capture, start=0).anchor == "found"


def test_words_that_stand_elsewhere_in_a_held_text_are_refused_with_where(world, curator):
    held(world)
    told = errors(new_passage(curator, world, start="1", end="8", exact="Norland"))
    assert "At 1 to 8 stands “orland ”" in told and "start at 0 and end at 7" in told


def test_digests_of_a_capture_are_worked_out_from_its_file(world, curator):
    source = Source.objects.create(slug="drafted", title="Drafted", kind="other", published=world.source.published)
    upload = SimpleUploadedFile("text.txt", b"line\r\nline")
    captured = {"captured_basis": "unknown", "captured_note": "Not told."}
    answer = send(curator, listed(Capture, "add"), source=source.pk, upload=upload, **captured)
    assert answer.status_code == 302, errors(answer)
    assert Capture.objects.get(source=source).characters == 9
    assert CaptureBytes.objects.get(capture__source=source).text == "line\nline"


def test_a_capture_without_file_and_digests_is_refused(world, curator):
    assert "Give this, or bring the file." in errors(send(curator, listed(Capture, "add"), source=world.source.pk))


def test_bytes_brought_later_are_proven_by_their_digest(world, curator):
    wrong = send(curator, page(world.capture, "bring"), upload=SimpleUploadedFile("a", b"no"), reason="Brought.")
    assert "These bytes are not the capture" in errors(wrong)
    right = SimpleUploadedFile("a", world.data)
    assert send(curator, page(world.capture, "bring"), upload=right, reason="Brought.").status_code == 302
    assert "she added" in curator.get(page(world.capture)).content.decode()


def test_a_capture_of_a_published_source_is_not_edited(world, curator):
    assert "sha256" not in fields(curator, page(world.capture))
    assert curator.post(page(world.capture), {"sha256": "0" * 64}).status_code == 403


def test_who_saved_a_thing_is_noted(world, curator):
    send(curator, page(world.commitment), title_en="Boats, renamed")
    [edit] = Edit.objects.filter(subject_id=world.commitment.pk)
    assert edit.user == get_user(curator)


def test_saving_what_did_not_change_notes_nobody(world, curator):
    send(curator, page(world.commitment))
    assert not Edit.objects.filter(subject_id=world.commitment.pk).exists()
