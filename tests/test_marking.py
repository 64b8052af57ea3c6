"""From a pasted text to drafts: what the start page and the marking page make, and what they refuse in words."""

import hashlib

import pytest

from commitments.models import (
    Actor,
    Capture,
    Claim,
    Commitment,
    Edit,
    Entry,
    Office,
    Passage,
    Source,
    StatusChange,
    Term,
)
from tests.desk import fields, listed, page, send, signed_in
from tests.news import BUILT, NEWS
from tests.world import ACCEPTED, UNKNOWN, row

START = NEWS.index(BUILT)
PLACE = {"start": str(START), "end": str(START + len(BUILT)), "voice": "quoted"}


@pytest.fixture
def contributor(db):
    return signed_in("contributor")


def start(client, text=NEWS, **given):
    return send(client, listed(Source, "start"), pasted=text, **given)


@pytest.fixture
def source(contributor):
    answer = start(contributor)
    assert answer.status_code == 302, told(answer)
    return Source.objects.get(title="Vesland says radar towers are in place")


def digest(words):
    return hashlib.sha256(words.encode()).hexdigest()


def told(answer):
    """Everything that stands as an error on the page."""
    found = []
    for form in [answer.context.get("form"), *getattr(answer.context.get("given"), "parts", [])]:
        errors = getattr(form, "errors", None) or []
        for errors_of_one in errors if isinstance(errors, list) else [errors]:
            found += [str(e) for group in errors_of_one.values() for e in group]
    return " ".join(found)


def mark(client, source, **given):
    return send(client, page(source, "mark"), **PLACE | given)


CLAIM = {
    "claim__statement": "Vesland has built both radar towers for Ostmark.",
    "claim__claimant": "new person: Mira Solen",
    "claim__post": "Transport minister",
    "claim__body": "new state: Vesland",
    "claim__said_on_edtf": "2024-03-08",
}
NEW = {
    "new__title": "Two radar towers of Vesland for Ostmark",
    "new__kind": "Radar",
    "new__promisor": "new state: Vesland",
    "new__promisee": "new state: Ostmark",
}
FULFILLED = {
    "bearing__0__says": "status:fulfilled",
    "bearing__0__record": "on",
    "bearing__0__reason": "The minister says that both towers are built.",
}


@pytest.fixture
def kind(db):
    return Term.objects.create(scheme="kind", slug="radar", label_en="Radar")


def test_a_pasted_text_becomes_a_source_with_its_capture_held(source):
    capture = Capture.objects.get(source=source)
    assert capture.held.text == NEWS
    assert (capture.characters, capture.how) == (len(NEWS), "Pasted at the desk.")


def test_the_date_line_is_offered_as_day_of_publication_and_saved_by_whoever_saves(contributor, source):
    offer = contributor.get(page(source, "mark")).context["publication"]
    url = f"{page(source)}?{offer.query}"
    told = "“12 March 2024” stands above the text."
    assert [fields(contributor, url)[f"published_{part}"] for part in ("edtf", "basis", "note")] == [
        ["2024-03-12"],
        ["dateline"],
        [told],
    ]
    assert not Source.objects.get(pk=source.pk).published.is_bounded
    send(contributor, url)
    assert Source.objects.get(pk=source.pk).published.edtf == "2024-03-12"


def test_no_day_of_publication_is_offered_where_one_is_known(contributor):
    start(contributor, published_edtf="2024-03-11")
    source = Source.objects.get(title="Vesland says radar towers are in place")
    assert contributor.get(page(source, "mark")).context["publication"] is None


def test_words_become_a_passage_at_their_place(contributor, source):
    assert mark(contributor, source).status_code == 302
    passage = Passage.objects.get(capture__source=source)
    assert (passage.exact, passage.start, passage.anchor) == (BUILT, START, "found")


def test_one_form_makes_claim_office_commitment_and_status(contributor, source, kind):
    answer = mark(contributor, source, **CLAIM, **NEW, **FULFILLED)
    assert answer.status_code == 302, told(answer)
    claim = Claim.objects.get(statement=CLAIM["claim__statement"])
    assert str(claim.office) == "Mira Solen, Transport minister"
    assert claim.bearings.get().commitment.title_en == NEW["new__title"]
    assert StatusChange.objects.get(claims=claim).status == "fulfilled"


def test_a_body_may_be_part_of_a_state_that_is_new_in_another_field(contributor, source, kind):
    given = CLAIM | {"claim__body": "new public body of Vesland: Transport Ministry"}
    answer = mark(contributor, source, **given, **NEW, **FULFILLED)
    assert answer.status_code == 302, told(answer)
    assert Actor.objects.get(name="Transport Ministry").part_of == Actor.objects.get(name="Vesland")


@pytest.mark.parametrize("of", ["Nowhere", "Transport Ministry", "Mira Solen"])
def test_a_body_that_is_part_of_nobody_known_or_new_is_refused(contributor, source, of):
    answer = mark(contributor, source, **CLAIM | {"claim__body": f"new public body of {of}: Transport Ministry"})
    assert f"“{of}” is neither recorded nor new in another field of this form" in told(answer)
    assert not Actor.objects.filter(name="Transport Ministry").exists()


def test_the_publisher_of_a_source_is_part_of_somebody_recorded(contributor):
    answer = start(contributor, publisher="new outlet of Nowhere Press: The Nowhere Post")
    assert "“Nowhere Press” is neither recorded nor new" in told(answer)


def test_the_same_new_name_twice_is_one_actor(contributor, source, kind):
    mark(contributor, source, **CLAIM, **NEW, **FULFILLED)
    assert Actor.objects.filter(name="Vesland").count() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"start": "", "end": ""}, "Mark the words first"),
        ({"start": "5", "end": ""}, "Words need both"),
        ({"start": "0", "end": "99999"}, "The text has"),
        ({"start": "9", "end": "3"}, "There are no words from 9 to 3"),
        ({"claim__claimant": "new state: Vesland"}, "A claim needs its sentence"),
        ({"claim__statement": "Said."}, "A claim needs who asserts it"),
        ({"claim__statement": "Said.", "claim__claimant": "Nobody"}, "Nothing called “Nobody” is recorded"),
        ({"claim__statement": "Said.", "claim__claimant": "new ghost: X"}, "is no kind of actor"),
        ({"claim__said_on_edtf": "2021-02-30"}, "no day of the calendar"),
        ({"claim__said_on_edtf": "2999"}, "after the day of recording"),
        (CLAIM | {"claim__body": ""}, "A post needs its body"),
        (CLAIM | {"claim__claimant": "new state: Vesland"}, "Only a person holds a post"),
        (CLAIM | {"bearing__0__says": "status:agreed"}, "Name the commitment"),
        (CLAIM | {"bearing__0__reading": "outlet", "bearing__0__says": "status:agreed"}, "needs a note"),
        (CLAIM | {"bearing__0__says": "position:accepts"}, "name the actor"),
        (CLAIM | {"bearing__0__record": "on"}, "Choose the status or the position"),
        (CLAIM | FULFILLED | {"bearing__0__reason": ""}, "needs a reason"),
        (CLAIM | NEW, "Say above, in the first line"),
        (CLAIM | NEW | FULFILLED | {"new__kind": "Nothing"}, "Nothing called “Nothing”"),
        ({"hop__0__act": "confirms"}, "Name who relayed it"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(contributor, source, kind, given, sentence):
    answer = mark(contributor, source, **given)
    assert sentence in told(answer)
    assert not Passage.objects.filter(capture__source=source).exists() and not Actor.objects.filter(name="Vesland")


def test_the_words_stay_in_the_form_when_it_is_refused(contributor, source):
    answer = mark(contributor, source, claim__statement="Said.")
    assert answer.context["selected"]["words"] == BUILT


def test_who_relayed_the_words_is_kept_in_order(contributor, source):
    relays = {"hop__0__described_as": "local radio stations", "hop__1__actor": "new outlet: Radio Alma"}
    mark(contributor, source, **relays)
    hops = Passage.objects.get(capture__source=source).hops.all()
    assert [str(hop) for hop in hops] == ["local radio stations reports", "Radio Alma reports"]


def test_of_a_source_that_may_only_be_quoted_long_words_of_its_own_leave_a_digest(contributor, source):
    mark(contributor, source, voice="narrated")
    passage = Passage.objects.get(capture__source=source)
    assert (passage.exact, len(passage.exact_sha256)) == ("", 64)


def test_of_a_source_shown_in_full_the_words_and_what_stands_around_them_are_kept(contributor):
    start(contributor, rights="full_text")
    source = Source.objects.get(title__startswith="Vesland says")
    mark(contributor, source, voice="narrated")
    passage = Passage.objects.get(capture__source=source)
    assert passage.exact == BUILT and passage.prefix.endswith("\n\n“") and passage.suffix.startswith("”, Mira")


def test_a_claim_can_rest_on_words_marked_before(contributor, source):
    mark(contributor, source)
    passage = Passage.objects.get(capture__source=source)
    claim = {"claim__statement": "Said.", "claim__claimant": "new person: Mira Solen"}
    mark(contributor, source, start="", end="", passages=[passage.pk], **claim)
    assert list(Claim.objects.get(statement="Said.").passages.all()) == [passage]


def test_the_same_words_marked_twice_are_one_passage(contributor, source):
    mark(contributor, source)
    mark(contributor, source)
    assert Passage.objects.filter(capture__source=source).count() == 1


def test_who_made_them_is_noted(contributor, source, kind):
    mark(contributor, source, **CLAIM, **NEW, **FULFILLED)
    made = [Claim.objects.get(statement=CLAIM["claim__statement"]), Office.objects.get(title="Transport minister")]
    assert Edit.objects.filter(subject_id__in=[thing.pk for thing in made]).count() == 2


def test_an_office_not_held_on_that_day_is_refused_with_its_time(contributor, source, world):
    claim = {"claim__statement": "Said.", "claim__claimant": f"{world.office} [{world.office.slug}]"}
    answer = mark(contributor, source, claim__said_on_edtf="2018-05-01", **claim)
    assert "held from 2019 to ?, not on 2018-05-01" in told(answer)


def test_a_status_that_cannot_follow_is_refused_with_what_can(contributor, source, world):
    proposed = {
        "bearing__0__commitment": world.commitment.slug,
        "bearing__0__record": "on",
        "bearing__0__reason": "So.",
    }
    answer = mark(contributor, source, **CLAIM, **proposed, bearing__0__says="status:proposed")
    assert "these are allowed: Pledged, Agreed" in told(answer)


def test_a_status_of_a_published_commitment_is_published_with_its_claim(source, world):
    curator = signed_in("curator")
    agreed = {"bearing__0__commitment": world.commitment.slug, "bearing__0__record": "on", "bearing__0__reason": "So."}
    answer = mark(curator, source, **CLAIM, **agreed, bearing__0__says="status:fulfilled")
    assert answer.status_code == 302, told(answer)
    send(curator, curator.get(page(source, "mark")).context["publish_url"], reason="First recording.")
    assert row(world.commitment)["status"] == "fulfilled"


def test_the_preview_is_the_public_sentence_and_writes_nothing(contributor, source, kind):
    entries = Entry.objects.count()
    answer = mark(contributor, source, **CLAIM, **NEW, **FULFILLED, preview="Preview")
    [(title, sentence)] = answer.context["preview"].sentences
    assert title == "Two radar towers of Vesland for Ostmark"
    assert sentence.startswith("Fulfilled, on the word of Mira Solen")
    assert Entry.objects.count() == entries and not Claim.objects.filter(said_on__edtf="2024-03-08").exists()


def test_who_may_not_publish_their_own_work_sees_what_it_would_say(contributor, source, kind, settings):
    settings.SECOND_PERSON = True
    answer = mark(contributor, source, **CLAIM, **NEW, **FULFILLED, preview="Preview")
    assert len(answer.context["preview"].sentences) == 1 and not answer.context["preview"].refusals


def test_a_contributor_is_led_to_submit_the_sources_set(contributor, source):
    mark(contributor, source)
    shown = contributor.get(page(source, "mark"))
    assert shown.context["publish_url"] == "" and f"id={source.pk}" in shown.context["submit_url"]
    assert contributor.get(shown.context["submit_url"]).status_code == 200


def test_the_preview_says_what_could_not_be_published(contributor, source, kind):
    answer = mark(contributor, source, **CLAIM, **NEW, bearing__0__says="status:agreed", preview="Preview")
    assert answer.context["preview"].refusals


def test_a_contributor_deletes_a_draft_of_their_own(contributor, source):
    mark(contributor, source)
    passage = Passage.objects.get(capture__source=source)
    contributor.post(page(source, "unmark"), {"id": passage.pk})
    assert not Passage.objects.filter(pk=passage.pk).exists()


def test_a_draft_that_another_wrote_stays(contributor, source):
    mark(signed_in("contributor"), source)
    passage = Passage.objects.get(capture__source=source)
    answer = contributor.post(page(source, "unmark"), {"id": passage.pk}, follow=True)
    assert "a curator decides" in answer.content.decode()
    assert contributor.post(page(passage, "delete"), {"post": "yes"}).status_code == 403
    assert Passage.objects.filter(pk=passage.pk).exists()


def test_words_that_a_claim_rests_on_stay(contributor, source):
    mark(contributor, source, **CLAIM)
    passage = Passage.objects.get(capture__source=source)
    answer = contributor.post(page(source, "unmark"), {"id": passage.pk}, follow=True)
    assert "stays, as these rest on it" in answer.content.decode()


def test_a_published_thing_is_not_deleted_by_its_author(source, world):
    answer = signed_in("curator").post(page(source, "unmark"), {"id": world.offer.pk}, follow=True)
    assert "is published" in answer.content.decode() and Claim.objects.filter(pk=world.offer.pk).exists()


def test_a_selection_is_answered_trimmed_with_its_guesses(contributor, source):
    answer = contributor.get(page(source, "look"), {"start": START - 3, "end": START + len(BUILT)}).json()
    assert (answer["start"], answer["voice"], answer["locator"]) == (START - 1, "quoted", "body")
    assert "White space around them was left out" in answer["said"]


@pytest.mark.parametrize("asked", [{"start": "x", "end": "9"}, {"start": "9" * 5000, "end": "1"}, {}])
def test_positions_that_are_none_are_refused_in_words(contributor, source, asked):
    answer = contributor.get(page(source, "look"), asked)
    assert answer.status_code == 400 and answer.json()["said"]


def test_without_javascript_each_place_of_some_words_is_offered(contributor, source):
    answer = contributor.get(page(source, "mark"), {"words": "towers"})
    assert len(answer.context["places"]) == 3
    prefilled = contributor.get(page(source, "mark"), answer.context["places"][0].fills)
    assert prefilled.context["selected"]["words"] == "towers"


def test_a_suggestion_followed_as_a_link_fills_the_form(contributor, source):
    [_, friday] = contributor.get(page(source, "mark")).context["days"]
    given = fields(contributor, f"{page(source, 'mark')}?{friday.query}")
    assert given["claim-said_on_edtf"] == ["2024-03-08"] and given["claim-said_on_basis"] == ["weekday_resolved"]


def test_known_names_are_suggested_in_any_language(contributor, source):
    actor = Actor.objects.create(slug="vesland", name="Vesland", kind="state")
    start(contributor, "Veslandia anuncia\n\nDijo Veslandia.")
    actor.names.create(language="es", name="Veslandia")
    spanish = Source.objects.get(title="Veslandia anuncia")
    assert [o.words for o in contributor.get(page(spanish, "mark")).context["names"]] == ["Vesland [vesland]"]


def test_a_field_offers_what_fits_and_says_who_was_not_in_office(contributor, world):
    asked = {"kinds": "office", "term": f"ambassador {world.number}", "on": "2018"}
    [option] = contributor.get(listed(Source, "pick"), asked).json()["options"]
    assert option["value"].endswith(f"[{world.office.slug}]") and "not on 2018" in option["note"]


def test_who_was_not_in_office_comes_after_all_others(contributor, world):
    asked = {"kinds": "office,actor", "term": f"ambassador {world.number}", "on": "2018"}
    offered = contributor.get(listed(Source, "pick"), asked).json()["options"]
    assert [bool(option["note"]) for option in offered] == [False, True]


def test_a_name_that_several_have_is_asked_back(contributor, source):
    for slug in ("a", "b"):
        Actor.objects.create(slug=slug, name="Twin", kind="person")
    answer = mark(contributor, source, claim__statement="Said.", claim__claimant="Twin")
    assert "Twin [a]; Twin [b]" in told(answer)


def test_the_page_takes_few_queries_however_much_is_on_it(contributor, source, django_assert_max_num_queries):
    capture = Capture.objects.get(source=source)
    speaker = Actor.objects.create(slug="speaker", name="Mira Solen", kind="person")
    for start in range(40):
        passage = Passage.objects.create(
            capture=capture, start=start, end=start + 9, exact_sha256=digest(NEWS[start : start + 9]), voice="narrated"
        )
        claim = Claim.objects.create(statement="S.", claimant=speaker, speech_act="reports", said_on=UNKNOWN)
        claim.passages.add(passage)
    with django_assert_max_num_queries(11):
        assert contributor.get(page(source, "mark")).status_code == 200


@pytest.mark.parametrize("name", ["mark", "look", "unmark"])
def test_who_may_not_draft_does_not_enter(source, name):
    assert signed_in().get(page(source, name)).status_code == 403
    assert signed_in().post(page(source, name)).status_code == 403


@pytest.mark.parametrize("name", ["start", "pick"])
def test_who_may_not_draft_starts_nothing(db, name):
    assert signed_in().get(listed(Source, name)).status_code == 403


def test_a_source_that_is_not_there_is_not_found(contributor):
    unknown = Source(pk="src_01m80n3acbe8bvdh83fe2xhhwx")
    assert contributor.get(page(unknown, "mark")).status_code == 404


def test_a_source_whose_text_is_not_held_says_what_to_do(contributor, world):
    assert "Bring the bytes of its capture first" in contributor.get(page(world.source, "mark")).content.decode()
    assert mark(contributor, world.source).status_code == 200


def test_a_contributor_is_offered_no_publication(contributor, source):
    mark(contributor, source)
    assert contributor.get(page(source, "mark")).context["publish_url"] == ""
    assert signed_in("curator").get(page(source, "mark")).context["publish_url"]


def test_a_claim_leads_to_the_form_that_records_its_status(world):
    curator, claim = signed_in("curator"), world.claim(ACCEPTED, bears="agreed", said="2020-02-01")
    [button] = [b for b in curator.get(page(claim)).context["buttons"] if "Record the status it says" in b.label]
    given = fields(curator, button.url)
    assert (given["status"], given["claims"], given["effective_edtf"]) == (["agreed"], [claim.pk], ["/2020-02-01"])


def test_a_drafted_claim_leads_to_a_drafted_status(world):
    contributor, claim = signed_in("contributor"), world.draft_claim(ACCEPTED, bears="agreed")
    [button] = [b for b in contributor.get(page(claim)).context["buttons"] if b.label.startswith("Draft the status")]
    assert fields(contributor, button.url)["status"] == ["agreed"]


def test_everything_that_is_wrong_is_told_at_once_and_leads_to_its_field(contributor, source, kind):
    given = CLAIM | NEW | {"claim__claimant": "Nobody", "new__kind": "", "new__promisor": "Vesland"}
    answer = mark(contributor, source, **given)
    places = {refusal.place for refusal in answer.context["given"].refusals}
    assert places == {"id_claim-claimant", "id_new-title", "id_new-kind", "id_new-promisor"}
    assert 'href="#id_new-kind"' in answer.content.decode()


def test_who_names_no_recorded_kind_is_told_which_there_are(contributor, source, kind):
    answer = mark(contributor, source, **CLAIM | NEW | FULFILLED | {"new__kind": "Loan"})
    assert "Choose one that is" in told(answer) and "; Radar" in told(answer)


def test_a_vocabulary_is_offered_whole_where_nothing_is_typed_yet(contributor, kind):
    offered = contributor.get(listed(Source, "pick"), {"kinds": "kind", "term": ""}).json()["options"]
    assert {"value": "Radar [kind/radar]", "note": ""} in offered and len(offered) > 12


def test_a_preview_without_a_first_status_says_what_to_do(contributor, source, kind):
    unrecorded = FULFILLED | {"bearing__0__record": "", "bearing__0__reason": ""}
    answer = mark(contributor, source, preview="", **CLAIM | NEW | unrecorded)
    assert "record its first and publish both together" in answer.content.decode()


def test_a_preview_says_when_a_speaker_counts_for_no_state(contributor, source, kind):
    nobodys = CLAIM | {"claim__post": "", "claim__body": ""}
    warning = "so their word counts for no state"
    assert warning in mark(contributor, source, preview="", **nobodys).content.decode()
    assert warning not in mark(contributor, source, preview="", **CLAIM).content.decode()


def test_a_new_commitment_takes_its_spanish_title_too(contributor, source, kind):
    mark(contributor, source, **CLAIM | NEW | FULFILLED | {"new__title_es": "Dos torres de radar"})
    assert Commitment.objects.get(title_es="Dos torres de radar").title_en == NEW["new__title"]


@pytest.mark.parametrize("name", ["claim__statement", "new__title", "new__promisor", "bearing__0__reason"])
def test_no_word_of_ours_turns_letters_around(contributor, source, kind, name):
    given = CLAIM | NEW | FULFILLED
    answer = mark(contributor, source, **given | {name: f"{given[name]} \u202eton"})
    assert "[RLO]ton” has a sign that turns letters around" in told(answer)
    assert not Claim.objects.filter(statement__startswith="Vesland has built").exists()
