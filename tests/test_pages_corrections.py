"""The corrections page: the custodian is as visible as its subject."""

import re

import pytest
from django.utils.html import strip_tags

from commitments import actions, models
from commitments.models.ledger import Entry
from commitments.pages import amended, corrections
from tests.world import ACCEPTED, DELIVERED, day

pytestmark = pytest.mark.django_db


def page(client, query="", language=""):
    return client.get(f"{language}/corrections/{query}")


def read(answer):
    return re.sub(r"\s+", " ", strip_tags(answer.content.decode()))


def agreed(world):
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")
    return world.last_change()


def voided(world, reason="Those were other boats."):
    return actions.correct_status(change=agreed(world), by=world.curator, reason=reason)


def amend(world, nature="correction", **edits):
    models.Commitment.objects.filter(pk=world.commitment.pk).update(**edits)
    world.commitment.refresh_from_db()
    return actions.amend(things=[world.commitment], by=world.curator, reason="Looked again.", nature=nature)


@pytest.fixture
def one_row(monkeypatch):
    monkeypatch.setattr(corrections, "ROWS", 1)


def test_a_record_without_corrections_says_so(client):
    told = read(page(client))
    assert f"This record has {Entry.objects.count()} entries; none of them corrected anything." in told
    assert "Nothing that was published has been corrected" in told


def test_a_voided_status_stands_with_before_after_reason_and_pseudonym(client, world):
    written = voided(world)
    told = read(page(client))
    assert "Status Agreed, since 1 February 2020 → none in its place (voided)" in told
    assert "Why: Those were other boats." in told
    assert f"Entry {written.last}, by curator-{world.curator.curator.number}." in told
    assert "1 of them corrected something" in told


def test_a_corrected_status_says_what_took_its_place(client, world):
    wrong, claim = agreed(world), world.claim(DELIVERED, bears="fulfilled", said="2020-02-01")
    actions.correct_status(
        change=wrong, status="fulfilled", effective=day("2020-02-02"), claims=[claim], by=world.curator, reason="Read."
    )
    assert "Agreed, since 1 February 2020 → Fulfilled, since 2 February 2020" in read(page(client))


def test_the_pages_before_and_after_differ_by_the_correction(client, world):
    voided(world)
    links = re.findall(r'href="(/commitments/[^"]+known_at=\d+)"', page(client).content.decode())
    before, after = (read(client.get(link, follow=True)) for link in links)
    assert "Agreed, on the word of" in before and "Proposed, on the word of" in after


def test_before_a_correction_in_a_set_is_before_the_whole_set(client, world):
    claim = world.claim(ACCEPTED, bears="agreed", said="2020-02-01")
    world.record("agreed", claim, "2020-02-01")
    stood_at = Entry.objects.latest("seq").seq
    fall = actions.Correction(world.last_change(), "It falls with the claim.")
    actions.retract(thing=claim, by=world.curator, reason="Misread.", corrections=[fall])
    assert page(client).content.decode().count(f'known_at={stood_at}"') == 2


def test_a_retraction_stands_with_its_reason(client, world):
    claim = world.claim(DELIVERED, bears="fulfilled")
    actions.retract(thing=claim, by=world.curator, reason="Misheard.")
    told = read(page(client, "?kind=retract"))
    assert f"{DELIVERED}. " in told and "Published → Retracted: counts for nothing" in told and "Misheard." in told


def test_a_retraction_that_was_taken_back_is_told_as_such(client, world):
    claim = world.claim(DELIVERED, bears="fulfilled")
    actions.retract(thing=claim, by=world.curator, reason="Misheard.")
    actions.amend(things=[claim], by=world.curator, reason="Heard again.")
    told = read(page(client, "?kind=amend"))
    assert f"{DELIVERED}. Reinstated" in told and "Retracted: counts for nothing → Published" in told


def test_an_amendment_says_which_members_and_how(client, world):
    amend(world, title_en="Six boats", form="pledge")
    told = read(page(client, "?kind=amend"))
    assert "Title en: Boats of Norland for Sutherland → en: Six boats" in told
    assert "Form Offer → Pledge" in told and "Looked again." in told


@pytest.mark.parametrize(("nature", "words"), [("correction", "We were wrong"), ("world", "Something happened")])
def test_that_we_were_wrong_and_that_something_happened_are_told_apart(client, world, nature, words):
    amend(world, nature=nature, condition="If they ask.")
    told = read(page(client))
    assert words in told and "Condition not told → If they ask." in told


def test_a_merge_and_its_undoing_stand_there(client, world, twin):
    actions.merge(thing=twin, into=world.commitment, by=world.curator, reason="Twice.")
    actions.unmerge(thing=twin, by=world.curator, reason="Not the same.")
    told = read(page(client))
    assert "Shown as itself → Boats of Norland for Sutherland" in told
    assert "Shown as Boats of Norland for Sutherland → itself" in told


def test_the_newest_stands_first_and_the_others_on_the_next_page(client, world, one_row):
    voided(world)
    amend(world, title_en="Six boats")
    first = page(client).content.decode()
    following = re.search(r'rel="next"\s+href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert "Looked again." in first and "other boats" not in first
    assert "other boats" in read(client.get(following))


def test_a_kind_leaves_the_others_out(client, world):
    voided(world)
    amend(world, title_en="Six boats")
    told = read(page(client, "?kind=correct_status"))
    assert "voided" in told and "Looked again." not in told


def test_what_was_corrected_later_does_not_stand_in_an_earlier_view(client, world):
    stood_at = Entry.objects.latest("seq").seq
    voided(world)
    told = read(page(client, f"?known_at={stood_at}"))
    assert "none of them corrected anything" in told and "An earlier view." in told


def test_a_draft_never_stands_there(client, world):
    models.Commitment.objects.filter(pk=world.commitment.pk).update(title_en="Nobody has read this")
    assert "Nobody has read this" not in read(page(client))


def test_in_spanish_the_words_of_the_rubric_are_spanish(client, world):
    voided(world)
    assert "Estado corregido" in read(page(client, language="/es"))


def test_many_corrections_ask_no_more_queries(client, world, django_assert_max_num_queries):
    for number in range(25):
        amend(world, title_en=f"Boats {number}")
    with django_assert_max_num_queries(10):
        answer = page(client)
    assert len(answer.content) < 50_000


@pytest.mark.parametrize(
    "query", ["?kind=nonsense", "?before=soon", "?before=-1", "?before=٣", "?kind=amend&kind=merge"]
)
def test_what_cannot_be_asked_is_a_400_in_a_sentence(client, query):
    answer = page(client, query)
    assert answer.status_code == 400 and "</code>:" in answer.content.decode()


def test_every_member_of_every_document_has_a_name():
    from commitments.documents import DOCUMENTS

    members = {member for schema in DOCUMENTS.values() for member in schema["properties"]}
    assert members - {"id"} == set(amended.MEMBERS)
    assert set(DOCUMENTS) == set(amended.NOUNS)


def test_a_link_to_the_page_says_the_same_after_a_later_correction(client, world):
    link = re.search(r'href="(/corrections/\?known_at=\d+)"', page(client).content.decode())[1]
    before = client.get(link).content
    claim = world.claim(ACCEPTED, bears="agreed", said="2020-02-01")
    actions.retract(thing=claim, by=world.curator, reason="Of another boat.")
    assert client.get(link).content == before
