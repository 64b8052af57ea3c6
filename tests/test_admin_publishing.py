"""Publish, publish edits and retract, from the desk."""

import pytest
from django.contrib.messages import get_messages

from commitments.models import Actor, Claim, Entry, StatusChange, Term
from tests.desk import errors, fields, listed, page, send, signed_in
from tests.world import ACCEPTED, DELIVERED, standing


@pytest.fixture
def curator(world):
    return signed_in("curator")


def publish(thing):
    return f"{listed(thing, 'publish')}?id={thing.pk}"


def publish_edits(thing):
    return f"{listed(thing, 'publish_edits')}?id={thing.pk}"


def test_a_draft_is_published_with_the_drafts_it_names(world, curator):
    claim = world.draft_claim(ACCEPTED, bears="agreed")
    passage = claim.bearings.get().passages.get()
    assert send(curator, publish(claim), reason="First recording.").status_code == 302
    assert standing(claim) and standing(passage)


def test_a_drafted_commitment_is_published_with_its_drafted_status(world, curator):
    draft = world.draft_commitment("radios")
    claim = world.draft_claim(ACCEPTED, bears="agreed", on=draft)
    world.draft_change("agreed", claim, "2020-02-01", on=draft)
    assert send(curator, publish(draft), reason="First recording.").status_code == 302
    assert standing(draft).status == "agreed"


def test_a_set_without_what_it_names_is_refused_by_name(world, curator):
    claim = world.draft_claim(ACCEPTED, bears="agreed")
    answer = send(curator, publish(claim), things=[claim.pk], reason="First recording.")
    assert f"“{claim}”: It names what is not published" in errors(answer)
    assert not Claim.objects.published().filter(pk=claim.pk).exists()


def test_a_publication_without_a_reason_is_refused(world, curator):
    claim = world.draft_claim(ACCEPTED, bears="agreed")
    assert "This field is required" in errors(send(curator, publish(claim)))


def test_drafts_chosen_in_a_list_are_published_together(world, curator):
    drafts = [world.draft_claim(words, bears="agreed") for words in (ACCEPTED, DELIVERED)]
    chosen = {"action": "publish_chosen", "_selected_action": [draft.pk for draft in drafts]}
    form = curator.post(listed(Claim), chosen).headers["Location"]
    send(curator, form, reason="First recording.")
    first, last = sorted(standing(draft).seq for draft in drafts)
    assert Entry.objects.get(seq=first).set_last == Entry.objects.get(seq=last).set_last


def test_edits_are_published_with_what_differs_shown(world, curator):
    send(curator, page(world.commitment), title_en="Boats, renamed")
    assert "Boats, renamed" in curator.get(publish_edits(world.commitment)).content.decode()
    answer = send(curator, publish_edits(world.commitment), nature="correction", reason="Misnamed.")
    assert answer.status_code == 302, errors(answer)
    assert standing(world.commitment).label == "Boats, renamed"


def test_edits_of_one_who_did_not_see_the_last_entry_are_refused(world, curator):
    send(curator, page(world.commitment), title_en="Boats, renamed")
    looked = fields(curator, publish_edits(world.commitment))
    world.claim(ACCEPTED, bears="agreed")
    sent = looked | {"nature": "world", "reason": "Renamed."}
    said = errors(curator.post(publish_edits(world.commitment), sent))
    assert "This changed since you looked" in said and "“Published”, by curator-" in said


def test_what_was_edited_since_the_page_was_read_is_not_published(world, curator):
    send(curator, page(world.commitment), title_en="Boats, renamed")
    read = fields(curator, publish_edits(world.commitment))
    send(curator, page(world.commitment), title_en="Boats, renamed unread")
    sent = read | {"nature": "world", "reason": "Renamed."}
    assert "It was edited since you opened this page" in errors(curator.post(publish_edits(world.commitment), sent))


def test_where_nothing_differs_publishing_edits_is_refused(world, curator):
    answer = send(curator, publish_edits(world.commitment), nature="world", reason="Nothing.")
    assert "Nothing differs" in errors(answer)


def test_a_claim_is_retracted_with_its_reason(world, curator):
    claim = world.claim(ACCEPTED, bears="agreed")
    assert send(curator, page(claim, "retract"), reason="Misquoted.").status_code == 302
    assert standing(claim).retracted


def test_a_claim_and_the_status_that_rests_on_it_go_in_one_form(world, curator):
    claim = world.claim(ACCEPTED, bears="agreed")
    world.record("agreed", claim, "2020-02-01")
    change = world.last_change().pk
    void = dict.fromkeys([f"{change}-{part}" for part in ("effective_edtf", "effective_basis", "status")], "")
    answer = send(curator, page(claim, "retract"), reason="Misquoted.", **void | {f"{change}-reason": "It falls."})
    assert answer.status_code == 302, errors(answer)
    assert standing(claim).retracted and standing(world.commitment).status == "proposed"


def test_a_claim_whose_status_cannot_be_voided_is_not_retracted(world, curator):
    void = dict.fromkeys([f"{world.proposed.pk}-effective_{part}" for part in ("edtf", "basis", "note")], "")
    void |= {f"{world.proposed.pk}-status": "", f"{world.proposed.pk}-reason": "It falls."}
    answer = send(curator, page(world.offer, "retract"), reason="Misquoted.", **void)
    assert "its only status change cannot be voided" in errors(answer)
    assert not standing(world.offer).retracted


def test_where_nothing_can_take_the_place_of_the_only_status_the_page_says_what_to_do_first(world, curator):
    shown = curator.get(page(world.offer, "retract"))
    assert shown.context["has_no_way"] and 'type="submit" class="default"' not in shown.content.decode()
    first = page(world.commitment, "retract")
    assert f'href="{first}"' in shown.content.decode()
    send(curator, first, reason="It was none.")
    assert send(curator, page(world.offer, "retract"), reason="Misquoted.").status_code == 302
    assert standing(world.offer).retracted


def test_the_sentence_that_a_retraction_leaves_is_previewed(world, curator):
    claim = world.claim(ACCEPTED, bears="agreed", said="2020-02-01")
    world.record("agreed", claim, "2020-02-01")
    change = world.last_change()
    void = {f"{change.pk}__{name}": "" for name in ("status", "effective_edtf", "effective_basis")}
    given = {"reason": "Misquoted.", **void}
    [(commitment, told)] = send(curator, page(claim, "retract"), preview="1", **given).context["previews"]
    assert commitment == world.commitment and told.startswith("Proposed, on the word of")
    assert send(curator, page(claim, "retract"), **given).status_code == 302
    assert StatusChange.objects.get(corrects=change).reason == "Misquoted."


def test_a_status_that_was_recorded_of_a_claim_is_not_offered_again(world, curator):
    claim = world.claim(ACCEPTED, bears="agreed", said="2020-02-01")
    labels = [button.label for button in curator.get(page(claim)).context["buttons"]]
    assert "Record the status it says: Agreed" in labels
    world.record("agreed", claim, "2020-02-01")
    assert not [b for b in curator.get(page(claim)).context["buttons"] if "status it says" in b.label]


def test_reinstating_is_called_so(world, curator):
    claim = world.claim(ACCEPTED, bears="agreed")
    told = send(curator, page(claim, "retract"), reason="Misquoted.")
    assert ".." not in str(next(iter(get_messages(told.wsgi_request))))
    shown = curator.get(f"{listed(Claim, 'publish_edits')}?id={claim.pk}")
    assert "is retracted: it stands again" in shown.content.decode()
    assert shown.context["submit"] == "Reinstate"


def test_what_others_rest_on_is_not_retracted(world, curator):
    answer = send(curator, page(world.office, "retract"), reason="Wrong.")
    assert "Other things still rest on it" in errors(answer)


def test_a_retracted_claim_says_so_at_the_desk(world, curator):
    claim = world.claim(ACCEPTED, bears="agreed")
    send(curator, page(claim, "retract"), reason="Misquoted.")
    assert "⊠</span> Retracted</span>" in curator.get(page(claim)).content.decode()


def test_a_rename_says_how_many_others_show_the_name(world, curator):
    world.ambassador.name = "Her Excellency"
    world.ambassador.save()
    told = curator.get(publish_edits(world.ambassador)).content.decode()
    assert "4 other published things show something of this" in " ".join(told.split())


def test_what_nobody_shows_moves_nothing_else(world, curator):
    topic = Term.objects.create(scheme="topic", slug="shown-nowhere", label_en="Shown nowhere")
    world.publish(topic)
    told = curator.get(publish_edits(topic)).content.decode()
    assert "Nothing else that is published shows anything of this" in " ".join(told.split())


def told_after(client, answer):
    return client.get(answer["Location"]).content.decode()


def test_what_was_published_leads_to_its_public_page(world, curator):
    draft = world.draft_commitment("radios")
    claim = world.draft_claim(ACCEPTED, bears="agreed", on=draft)
    world.draft_change("agreed", claim, "2020-02-01", on=draft)
    said = told_after(curator, send(curator, publish(draft), reason="First recording."))
    assert f'See it in public: <a href="/commitments/{draft.pk}/">' in said


def test_a_name_stays_text_in_what_is_said_of_a_publication(world, curator):
    actor = Actor.objects.create(slug="b", name="<b>Bold\u202e", kind="organisation")
    said = told_after(curator, send(curator, publish(actor), reason="First recording."))
    assert "&lt;b&gt;Bold[RLO]</a>" in said


@pytest.mark.parametrize("noun", ["commitment", "source", "ministry", "offer"])
def test_what_is_published_has_a_button_to_its_public_page(world, curator, noun):
    thing = getattr(world, noun)
    buttons = curator.get(page(thing)).context["buttons"]
    [url] = [button.url for button in buttons if button.label == "Public page"]
    assert curator.get(url, follow=True).status_code == 200


def test_no_reason_turns_letters_around(world, curator):
    answer = send(curator, publish(world.draft_claim(ACCEPTED, bears="agreed")), reason="First \u202egnidrocer.")
    assert "has a sign that turns letters around" in errors(answer)
