"""The pages that merge, undo a merge and show possible duplicates."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments import actions, models
from commitments.actions.capturing import add_capture, draft_source
from commitments.actions.likeness import folded, look
from commitments.admin import duplicates
from commitments.captures.extract import read
from commitments.models.ledger import Entry
from tests.desk import errors, fields, listed, page, send, signed_in
from tests.test_merging import merge
from tests.world import OFFERED, day, standing

PAGE = "/admin/commitments/duplicates/"


@pytest.fixture
def curator(world):
    return signed_in("curator")


def comparing(thing, into):
    return f"{page(thing, 'merge')}?into={into.pk}"


def labels(client, thing):
    return [button.label for button in client.get(page(thing)).context["buttons"]]


def offered(world, slug, title, **more):
    """A published commitment, proposed."""
    made = world.draft_commitment(slug)
    for column, value in ({"title_en": title} | more).items():
        setattr(made, column, value)
    made.save()
    claim = world.draft_claim(OFFERED, bears="proposed", on=made)
    world.publish(made, claim, world.draft_change("proposed", claim, "2020-01-06", on=made))
    return made


@pytest.mark.parametrize("noun", ["commitment", "actor", "source"])
def test_a_curator_merges_and_undoes_it(world, twin, norway, curator, noun):
    again, _ = world._source_again()
    world.publish(again)
    pairs = {"commitment": (twin, world.commitment), "actor": (norway, world.norland), "source": (again, world.source)}
    thing, into = pairs[noun]
    assert send(curator, comparing(thing, into), reason="Recorded twice.").status_code == 302
    assert standing(thing).merged_into == into.pk
    assert send(curator, page(thing, "unmerge"), reason="Not the same.").status_code == 302
    assert standing(thing).merged_into is None


def test_the_two_stand_side_by_side_with_what_rests_on_them_and_what_changes(world, twin, curator):
    shown = curator.get(comparing(twin, world.commitment))
    told = " ".join(shown.content.decode().split())
    assert "Ships of Norland for Sutherland" in told and "Boats of Norland for Sutherland" in told
    assert [dict(side.rests) for side in shown.context["sides"]] == [{"Claims": 1, "Status changes": 1}] * 2
    assert "2 other published things are brought up to date" in told and "no longer count" in told


def test_what_cannot_be_merged_is_told_before_and_has_no_button(world, curator):
    told = curator.get(comparing(world.norland, world.sutherland)).content.decode()
    assert "they cannot be the same party" in told and 'value="Merge"' not in told


def test_a_refusal_stands_on_the_form(world, twin, curator):
    answer = send(curator, comparing(twin, world.commitment), reason=" ")
    assert answer.status_code == 200 and not standing(twin).merged_into


def test_somebody_who_was_faster_is_told_of(world, twin, curator):
    form = fields(curator, comparing(twin, world.commitment))
    world.norland.name = "Kingdom of Norland"
    world.norland.save()
    actions.amend(things=[world.norland], by=world.curator, reason="Its full name.")
    answer = curator.post(comparing(twin, world.commitment), form | {"reason": "Recorded twice."})
    assert "This changed since you looked" in errors(answer)


@pytest.mark.parametrize("into", ["nothing", "draft", "itself"])
def test_only_another_published_one_can_be_chosen(world, twin, curator, into):
    ids = {"nothing": "x", "draft": world.draft_commitment("draft").pk, "itself": twin.pk}
    shown = curator.get(f"{page(twin, 'merge')}?into={ids[into]}").content.decode()
    assert "Choose one that is published" in shown and 'value="Merge"' not in shown


def test_the_survivor_is_found_without_javascript(world, twin, curator):
    shown = curator.get(f"{page(twin, 'merge')}?q=Boats of Norland").content.decode()
    assert f"?into={world.commitment.pk}" in shown and f"?into={twin.pk}" not in shown


def test_a_merged_thing_says_so_and_is_not_edited(world, twin, curator):
    merge(world, twin, world.commitment)
    shown = curator.get(page(twin))
    assert "Merged into another" in shown.content.decode() and page(world.commitment) in shown.content.decode()
    assert "title_en" not in fields(curator, page(twin))
    assert curator.post(page(twin), {"title_en": "Otherwise"}).status_code == 403
    assert [button.label for button in shown.context["buttons"]] == ["Undo the merge", "Public page"]


def test_a_merged_thing_is_not_offered(world, norway, curator):
    asked = {"app_label": "commitments", "model_name": "party", "field_name": "actor", "term": "Norlandia"}
    found = curator.get("/admin/autocomplete/", asked).json()["results"]
    assert [one["id"] for one in found] == [norway.pk]
    merge(world, norway, world.norland)
    assert curator.get("/admin/autocomplete/", asked).json()["results"] == []


def test_the_merged_ones_are_a_list_of_their_own(world, twin, curator):
    merge(world, twin, world.commitment)
    found = curator.get(listed(models.Commitment) + "?state=merged").context["cl"].queryset
    assert [one.pk for one in found] == [twin.pk]


def test_a_status_of_the_survivor_is_recorded_on_a_claim_on_what_was_merged(world, twin, curator):
    merge(world, twin, world.commitment)
    claim = world.claim("Sutherland has accepted the boats", bears="agreed", said="2020-02-01", on=twin)
    when = {"effective_edtf": "2020-02-01", "effective_basis": "stated"}
    told = {"status": "agreed", "claims": [claim.pk], "reason": "She said so.", "record": "1"}
    assert send(curator, page(world.commitment, "record_status"), **when, **told).status_code == 302
    assert standing(world.commitment).status == "agreed"


@pytest.mark.parametrize("name", ["merge", "unmerge"])
def test_a_contributor_merges_nothing_by_its_address(world, twin, name):
    contributor = signed_in("contributor")
    assert contributor.get(page(twin, name)).status_code == 403
    assert contributor.post(page(twin, name), {"reason": "I may not."}).status_code == 403
    assert contributor.get(PAGE).status_code == contributor.post(PAGE, {"look": "1"}).status_code == 403


def test_the_buttons_are_there_for_curators_alone(world, twin, curator):
    contributor = signed_in("contributor")
    assert "Merge into …" in labels(curator, twin) and "Merge into …" not in labels(contributor, twin)
    merge(world, twin, world.commitment)
    assert "Undo the merge" not in labels(contributor, twin)


def test_a_draft_is_not_merged(world, curator):
    draft = world.draft_commitment("draft")
    assert curator.get(page(draft, "merge")).status_code == 404
    assert "Merge into …" not in labels(curator, draft)


@pytest.mark.parametrize("name", ["merge", "unmerge"])
def test_a_page_of_merging_takes_few_queries(world, twin, curator, name):
    if name == "unmerge":
        merge(world, twin, world.commitment)
    with CaptureQueriesContext(connection) as queries:
        assert curator.get(page(twin, name)).status_code == 200
    assert len(queries) < 12


def found_pairs():
    return {(pair.stays.pk, pair.goes.pk) for pair in duplicates.pairs(1000)}


def test_words_are_compared_folded():
    assert folded("Сергей Лавров") == folded("Lavrov, Sergei") == ("lavrov", "sergei")
    assert folded("Cooperación México") == ("cooperacion", "mexico")


def test_commitments_of_the_same_words_and_parties_are_found(world):
    first = offered(world, "radars", "Twelve coastal radars for the harbour of Sutherland")
    again = offered(world, "radars-again", "Twelve coastal radars for the harbours of Sutherland")
    look()
    assert (first.pk, again.pk) in found_pairs()


def test_another_number_is_another_commitment(world):
    first = offered(world, "radars", "Delivery of 12 coastal radars to Sutherland")
    again = offered(world, "radars-again", "Delivery of 13 coastal radars to Sutherland")
    look()
    assert (first.pk, again.pk) not in found_pairs()


def test_an_actor_is_found_by_a_name_in_another_script(world):
    first = world._actor("lavrov", "Sergei Lavrov", "person")
    again = world._actor("lavrov-again", "S. Lavrov", "person")
    again.names.create(language="ru", name="Сергей Лавров")
    models.Actor.objects.filter(pk=first.pk).update(name="Sergei Lavrov")
    world.publish(first, again)
    look()
    assert (first.pk, again.pk) in found_pairs()


def test_sources_of_one_title_are_found(world):
    again, _ = world._source_again()
    again.title = world.source.title
    again.save()
    world.publish(again)
    look()
    assert (world.source.pk, again.pk) in found_pairs()


ARTICLE = "\n".join(
    f"The minister opened pier {n} and named the boats that would moor there by then." for n in range(40)
)


def article(world, title, text=ARTICLE, *, published=True):
    reading = read(f"{text}\nOf record {world.number}.".encode())
    address = f"https://{title.split()[0].lower()}.example/{world.number}"
    source = draft_source(reading=reading, by=world.curator, url=address, title=title)
    add_capture(source=source, reading=reading, by=world.curator, how="Pasted.")
    if published:
        world.publish(source)
    return source


def reason_of(one, other):
    look()
    return models.Likeness.objects.filter(one_id=one.pk, other_id=other.pk).values_list("reason", flat=True).first()


def test_the_same_text_under_another_title_and_address_is_found(world):
    assert reason_of(article(world, "Piers opened"), article(world, "Minister visits harbour")) == "same_text"


def test_a_text_that_is_the_same_in_great_part_is_found(world):
    shortened = ARTICLE.replace("The minister opened pier 7 ", "She opened one more ")
    assert reason_of(article(world, "Piers opened"), article(world, "Harbour visited", shortened)) == "near_text"


def test_another_text_is_another_source(world):
    other = " ".join(f"A treaty on fishing was discussed for {n} days." for n in range(40))
    assert reason_of(article(world, "Piers opened"), article(world, "Harbour visited", other)) is None


def test_the_text_of_a_draft_is_compared_with_nothing(world):
    first, draft = article(world, "Piers opened"), article(world, "Harbour visited", published=False)
    assert reason_of(first, draft) is None


def test_the_same_text_is_the_reason_that_the_page_gives(world, curator):
    assert reason_of(article(world, "Piers opened"), article(world, "Harbour visited")) == "same_text"
    assert "Source: The same text, under another title or address (100 %)" in curator.get(PAGE).content.decode()


def test_what_a_person_parted_is_not_found_again(world, curator):
    again, _ = world._source_again()
    models.Source.objects.filter(pk=again.pk).update(title=world.source.title)
    world.publish(again)
    look()
    [likeness] = models.Likeness.objects.filter(other_id=again.pk)
    assert curator.post(PAGE, {"pair": likeness.pk}).status_code == 302
    look()
    assert (world.source.pk, again.pk) not in found_pairs()
    likeness.refresh_from_db()
    assert likeness.parted_by is not None


def test_what_was_merged_waits_for_no_answer(world, norway):
    models.Likeness.objects.create(
        subject_type="actor", one_id=world.norland.pk, other_id=norway.pk, score=90, reason="near_words"
    )
    assert duplicates.count() == 1
    merge(world, norway, world.norland)
    assert duplicates.count() == 0


def test_the_page_shows_each_pair_with_its_reason_and_leads_to_comparing(world, curator):
    again, _ = world._source_again()
    models.Source.objects.filter(pk=again.pk).update(title=world.source.title)
    world.publish(again)
    assert curator.post(PAGE, {"look": "1"}).status_code == 302
    with CaptureQueriesContext(connection) as queries:
        told = curator.get(PAGE).content.decode()
    assert f"{page(again, 'merge')}?into={world.source.pk}" in told and "The same words" in told
    assert len(queries) < 12


@pytest.mark.parametrize("sent", [{}, {"pair": "x"}, {"pair": "9" * 30}, {"pair": "-1"}])
def test_an_answer_to_no_question_changes_nothing(world, curator, sent):
    assert curator.post(PAGE, sent).status_code == 302
    assert curator.get(f"{PAGE}?p=nothing").status_code == 200


def test_an_earlier_commitment_of_the_same_parties_and_kind_is_suggested(world, curator):
    later = offered(world, "ferries", "Ferries", made_on=day("2020-01-06"))
    models.Commitment.objects.filter(pk=world.commitment.pk).update(made_on=day("2019"))
    earlier = offered(world, "canoes", "Canoes", made_on=day("2018"))
    told = duplicates.forebears(later)
    assert [forebear.id for forebear in told] == [earlier.pk]
    assert "renews or strengthens it?" in curator.get(page(later)).content.decode()


def test_what_its_lineage_names_is_not_suggested(world):
    later = offered(world, "ferries", "Ferries", made_on=day("2020-01-06"))
    earlier = offered(world, "canoes", "Canoes", made_on=day("2018"))
    later.lineage.create(type="renews", target=earlier, reading="inference", note="Same boats.")
    assert duplicates.forebears(later) == []


def test_looking_writes_nothing_to_the_ledger(world, twin):
    before = Entry.objects.count()
    look()
    assert Entry.objects.count() == before


def test_the_page_has_an_address_of_its_own():
    assert reverse("admin:duplicates") == PAGE


def test_an_edit_of_what_is_merged_waits_in_no_queue_until_the_merge_is_undone(world, twin, curator):
    def waiting():
        return curator.get("/admin/commitments/queue/unpublished-edits/").content.decode()

    send(curator, page(twin), title_en="Ships, renamed")
    assert "has edits that nobody published" in curator.get(comparing(twin, world.commitment)).content.decode()
    merge(world, twin, world.commitment)
    assert "Ships, renamed" not in waiting()
    actions.unmerge(thing=twin, by=world.curator, reason="Not the same.")
    assert "Ships, renamed" in waiting()
