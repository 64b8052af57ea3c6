"""One source as a journalist holds it against a copy: what it is, whether our copies still match, what rests on it."""

import re

import pytest

from commitments import actions, models
from commitments.captures.extract import read
from tests.pages import text
from tests.world import ACCEPTED, DELIVERED, NOT_ACCEPTED, OFFERED, TEXT

pytestmark = pytest.mark.django_db

LANDAU = "/sources/src_01m80n3abze7j93g2xg2t4a81p/"


def told(client, world, query=""):
    return client.get(f"/sources/{world.source.pk}/{query}")


def fill(world):
    actions.fill_capture(capture=world.capture, data=world.data, by=world.curator, reason="Somebody brought it.")


def recapture(world, text):
    """The source says otherwise by now, and the record tells of it."""
    actions.add_capture(source=world.source, reading=read(text.encode()), by=world.curator, how="By hand.")
    world.source.refresh_from_db()
    actions.amend(things=[world.source], by=world.curator, reason="Captured again.")


def mark_letters(world, number):
    """So many passages of a letter each."""
    told = {"capture": world.capture, "exact_sha256": "0" * 64, "voice": "narrated"}
    world.publish(*(models.Passage.objects.create(start=at, end=at + 1, **told) for at in range(number)))


def test_passages_stand_in_the_order_of_the_text(client):
    passages = client.get(LANDAU).context["passages"]
    starts = [models.Passage.objects.get(pk=passage["id"]).start for passage in passages]
    assert starts == sorted(starts) and len(starts) == 27


def test_what_rests_on_a_passage_stands_under_it_by_kind(client):
    passages = client.get(LANDAU).context["passages"]
    resting = {one["noun"] for passage in passages for one in passage["rests"]}
    assert resting == {"Claim", "Occasion", "Office"}
    [offer] = [p for p in passages if (p["exact"] or "").startswith("We have offered")]
    assert "The equipment has not been accepted by Mexico." in [one["name"] for one in offer["rests"]]


def test_the_tie_of_a_commitment_stands_under_the_words_it_rests_on(client):
    tied = [
        one["noun"]
        for source in client.get("/sources/").context["groups"]
        for row in source["rows"]
        for passage in client.get(f"/sources/{row['id']}/").context["passages"]
        for one in passage["rests"]
    ]
    assert "Tie to another commitment" in tied


def test_where_no_text_is_held_nothing_is_said_to_match(client):
    [one] = client.get(LANDAU).context["checked"]
    assert (one["result"], one["glyph"]) == ("text_not_held", "○")
    assert one["says"].startswith("27 passages cannot be checked here")


def test_a_held_copy_in_which_the_words_stand_is_said_to_match(client, world):
    fill(world)
    [one] = told(client, world).context["checked"]
    assert one["says"].startswith("1 passage stands word for word where it was read")


def test_a_passage_that_stands_elsewhere_is_named_first(client, world):
    passage = world.draft_passage(ACCEPTED)
    models.Passage.objects.filter(pk=passage.pk).update(start=passage.start + 1, end=passage.end + 1)
    world.publish(passage)
    fill(world)
    assert [one["result"] for one in told(client, world).context["checked"]] == ["ambiguous", "found"]
    assert "1 passage stands elsewhere than it did, or at several places." in text(told(client, world))


def test_words_that_the_newest_copy_lacks_are_said_to_be_gone(client, world):
    fill(world)
    recapture(world, TEXT.replace(OFFERED, "We offer nothing"))
    context = told(client, world).context
    assert [one["result"] for one in context["checked"]] == ["orphaned"]
    assert [capture["id"] == world.capture.pk for capture in context["captures"]] == [False, True]


def test_a_retracted_passage_is_marked_and_no_longer_checked(client, world):
    passage = world.draft_passage(DELIVERED)
    world.publish(passage)
    actions.retract(thing=passage, by=world.curator, reason="Marked twice.")
    answer = told(client, world)
    assert "Retracted: Marked twice." in text(answer)
    assert answer.context["checked"][0]["says"].startswith("1 passage cannot")


def test_the_facts_say_what_is_inferred_and_what_is_not_known(client):
    page = text(client.get(LANDAU))
    assert "Atalayar (curator's estimate: The text names it only in two picture credits)" in page
    assert "Byline not known" in page and "Address not known" in page and "Language English" in page


def test_words_that_are_withheld_are_nowhere_on_the_page(client, world):
    passage = world.draft_passage(NOT_ACCEPTED)
    models.Passage.objects.filter(pk=passage.pk).update(exact="", voice="narrated")
    passage.refresh_from_db()
    world.publish(passage)
    page = told(client, world).content.decode()
    assert NOT_ACCEPTED not in page and passage.exact_sha256 in page


def test_commitments_on_which_it_bears_are_named_with_their_status(client):
    rows = {row["slug"]: row["badge"]["word"] for row in client.get(LANDAU).context["commitments"]}
    assert rows["equipment-donation"] == "Not accepted"


def test_many_passages_come_in_pages(client, world):
    mark_letters(world, 45)
    first, second = told(client, world), told(client, world, "?page=2")
    assert (first.context["pages"], len(first.context["passages"])) == (2, 40)
    numbers = [passage["number"] for answer in (first, second) for passage in answer.context["passages"]]
    assert numbers == list(range(1, 47))
    assert 'rel="next" href="?page=2"' in first.content.decode()
    ways = re.findall(r'(?s)<nav class="paging"\s+aria-label="([^"]*)"', first.content.decode())
    assert len(ways) == len(set(ways)) == 2


@pytest.mark.parametrize("page", ["0", "3", "-1", "two", "1.5", "²", "9999999999"])
def test_a_page_that_there_is_not_is_refused_in_a_sentence(client, world, page):
    mark_letters(world, 45)
    answer = told(client, world, f"?page={page}")
    assert answer.status_code == 400
    assert f"There is no page “{page}” of this list; its pages are 1 to 2." in text(answer)


def test_pages_keep_the_clock(client, world):
    mark_letters(world, 45)
    assert 'href="?as_of=2026-01-01&amp;page=2"' in told(client, world, "?as_of=2026-01-01").content.decode()


def test_of_one_passage_with_many_claims_a_part_is_shown_and_the_rest_counted(client, world):
    claims = [world.draft_claim(OFFERED, bears="proposed", said=f"2020-01-{day:02}") for day in range(7, 17)]
    world.publish(*claims)
    [passage] = told(client, world).context["passages"]
    assert (len(passage["rests"]), passage["others"]) == (6, 6)
    assert "All 11 claims read in it" in text(told(client, world))


def test_what_touches_in_the_text_is_drawn_as_one(client, world):
    mark_letters(world, 10)
    [capture] = told(client, world).context["captures"]
    assert (capture["count"], len(capture["spots"])) == (11, 2)


def test_a_source_of_much_asks_no_more_queries(client, world, django_assert_max_num_queries):
    mark_letters(world, 45)
    for words in (word for word in TEXT.split() if word.isalpha() and TEXT.count(word) == 1):
        world.claim(words, bears="agreed", said="2020-02-01")
    with django_assert_max_num_queries(11):
        told(client, world)


def test_a_source_on_which_nothing_rests_says_so(client, world):
    source, _ = world._source_again()
    world.publish(source)
    page = text(client.get(f"/sources/{source.pk}/"))
    assert "there is nothing to compare" in page and "No commitment rests on it." in page


def test_a_merged_source_gives_its_copies_and_passages_to_the_survivor(client, world):
    twin, capture = world._source_again()
    passage = models.Passage.objects.create(capture=capture, start=0, end=5, exact_sha256="0" * 64, voice="narrated")
    world.publish(twin, passage)
    actions.merge(thing=twin, into=world.source, by=world.curator, reason="The same article.")
    assert client.get(f"/sources/{twin.pk}/")["Location"] == f"/sources/{world.source.pk}/"
    context = told(client, world).context
    assert {shown["id"] for shown in context["captures"]} == {capture.pk, world.capture.pk}
    assert passage.pk in [shown["id"] for shown in context["passages"]]


def test_a_retracted_source_is_marked_with_its_reason(client, world):
    source, _ = world._source_again()
    world.publish(source)
    actions.retract(thing=source, by=world.curator, reason="Recorded by mistake.")
    assert "Retracted. Recorded by mistake." in text(client.get(f"/sources/{source.pk}/"))


def test_a_draft_has_no_page(client, world):
    source, _ = world._source_again()
    assert client.get(f"/sources/{source.pk}/").status_code == 404
