"""One claim as a journalist reads it: the words, the way they came, what rests on them, and how independent it is."""

import re

import pytest

from commitments import actions, models
from tests.pages import text
from tests.world import ACCEPTED, DELIVERED, NOT_ACCEPTED, OFFERED, TEXT, day

pytestmark = pytest.mark.django_db

NOT_TAKEN = "/claims/clm_01m80n3ac0ezqtxqm458e2tq5v/"


@pytest.fixture
def briefing(world):
    """The offer, said at an occasion."""
    occasion = models.Occasion.objects.create(
        slug=f"briefing-{world.number}",
        name="Briefing",
        kind="press_conference",
        date=day("2020-01-06"),
        access="press_only",
    )
    occasion.passages.add(world.draft_passage(OFFERED))
    world.offer.occasion = occasion
    world.offer.save()
    world.publish(occasion)
    actions.amend(things=[world.offer], by=world.curator, reason="Said there.")
    return occasion


def shown(client, claim, query=""):
    return client.get(f"/claims/{claim.pk}/{query}")


def test_the_chain_names_everyone_between_the_speaker_and_us(client):
    way = client.get(NOT_TAKEN).context["ways"][0]
    assert [(link.kind, link.name) for link in way["links"]] == [
        ("speaker", "Christopher Landau"),
        ("occasion", "Conference of Christopher Landau with the Mexican press"),
        ("relay", "various local media"),
        ("outlet", "Atalayar"),
        ("read", "A copy of 3316 characters"),
    ]


def test_passages_that_came_another_way_have_a_chain_of_their_own(client):
    ways = client.get(NOT_TAKEN).context["ways"]
    assert [way["numbers"] for way in ways] == [[1, 4], [2, 3]]
    assert [link.kind for link in ways[1]["links"]] == ["speaker", "occasion", "outlet", "read"]


def test_the_chain_says_in_words_how_each_link_is_known(client):
    speaker, occasion, relay, outlet, read = (
        " ".join(link.told) for link in client.get(NOT_TAKEN).context["ways"][0]["links"]
    )
    assert "Ambassador of the United States to Mexico" in speaker and "In office from: August 2019" in speaker
    assert "weekday resolved" in occasion and "Access: Press only" in occasion and "Place: not told." in occasion
    assert "Not named; so described by the source." in relay and "his words according to them" in relay
    assert "The publisher is known so: curator's estimate" in outlet and "Byline: not known." in outlet
    assert "Not held: digests alone." in read and "Taken: date not known" in read


def test_the_outlets_word_is_marked_and_the_claimants_is_not(client):
    words = client.get(NOT_TAKEN).context["words"]
    assert [(w["exact"] or "")[:8] for w in words if w["is_outlets_word"]] == ["US ambas", "rejected", ""]
    assert [w["exact"][:8] for w in words if not w["is_outlets_word"]] == ["We have "]


def test_withheld_words_are_position_and_digest_in_words(client):
    page = text(client.get(NOT_TAKEN))
    assert "Words withheld: this source may only be quoted." in page
    assert "Headline, characters 0 to 79 of the text (of 3316)" in page
    assert "77171f657cd4468d12731c0fba58d553be07a52366c6e14a1d7246af99311a58" in page


def test_words_of_a_source_shown_in_full_stand_in_their_context(client, world):
    world.source.rights = "full_text"
    world.source.save()
    passage = world.draft_passage(OFFERED)
    models.Passage.objects.filter(pk=passage.pk).update(prefix="patrol boats “", suffix="”, said the ambassador")
    passage.refresh_from_db()
    actions.amend(things=[world.source, passage], by=world.curator, reason="Free to be shown.")
    page = shown(client, world.offer).content.decode()
    assert f"…patrol boats “</span><mark>{OFFERED}</mark>" in page


def test_words_that_may_only_be_quoted_stand_alone(client, world):
    [words] = shown(client, world.offer).context["words"]
    assert (words["exact"], words["is_in_context"], words["prefix"]) == (OFFERED, False, None)


def test_what_rests_on_it_is_told_with_the_date_and_the_basis(client):
    [change] = client.get(NOT_TAKEN).context["changes"]
    assert (change["badge"]["word"], change["is_alone"]) == ("Not accepted", True)
    assert change["when"].startswith("by 14 January 2021 (known by")


def test_a_claim_on_which_nothing_rests_says_so(client, world):
    claim = world.claim(DELIVERED, bears="fulfilled", said="2020-03-01")
    page = text(shown(client, claim))
    assert "No status rests on it." in page
    assert "The status that the record shows does not rest on it." in page


def test_a_corrected_status_stays_under_what_it_changed_and_is_marked(client, world):
    claim = world.claim(ACCEPTED, bears="agreed", said="2020-02-01")
    world.record("agreed", claim, "2020-02-01")
    actions.correct_status(change=world.last_change(), by=world.curator, reason="We misread it.")
    assert [change["is_corrected"] for change in shown(client, claim).context["changes"]] == [True]


def test_a_position_that_a_later_word_took_the_place_of_says_so(client, world):
    older = world.claim(NOT_ACCEPTED, position="not_accepted", of=world.sutherland, by_ministry=True, said="2020-02-01")
    [before] = shown(client, older).context["bearings"]
    world.claim(ACCEPTED, position="accepts", of=world.sutherland, by_ministry=True, said="2020-03-01")
    [after] = shown(client, older).context["bearings"]
    assert before["outcome"] == "The position that the record shows rests on this claim."
    assert after["outcome"] == "A later word stands in its place."


def test_what_contradicts_it_stands_beside_it_on_both_pages(client, world):
    one = world.claim(ACCEPTED, bears="agreed", said="2020-02-01")
    other = world.claim(NOT_ACCEPTED, bears="declined", by_ministry=True, said="2020-02-02")
    for claim, against in ((one, other), (other, one)):
        [pair] = shown(client, claim).context["contradictions"]
        assert [told["id"] for told in pair["sides"]] == [claim.pk, against.pk]


def test_one_side_contradicts_nothing_by_itself(client, world):
    one = world.claim(ACCEPTED, bears="agreed", said="2020-02-01")
    world.claim(NOT_ACCEPTED, bears="declined", said="2020-02-02")
    assert shown(client, one).context["contradictions"] == []
    assert "No claim of another side in this record contradicts it." in text(shown(client, one))


def test_claims_of_one_speaker_on_one_occasion_are_one_root(client):
    root = client.get(NOT_TAKEN).context["root"]
    [counts] = root["counts"]
    assert (counts["claims"], counts["independent_roots"], counts["sources"]) == (2, 1, 1)
    assert "No request for extradition was received while he was ambassador." in [r["statement"] for r in root["same"]]


def test_the_same_speaker_on_another_day_is_another_root(client, world):
    one, same, another = (
        world.claim(words, bears="agreed", said=said)
        for words, said in ((ACCEPTED, "2020-02-01"), (DELIVERED, "2020-02-01"), ("on Monday", "2020-02-03"))
    )
    assert [row["id"] for row in shown(client, one).context["root"]["same"]] == [same.pk]
    assert shown(client, another).context["root"]["same"] == []


def test_what_was_said_at_an_occasion_is_no_root_with_what_was_not(client, world, briefing):
    claim = world.claim(DELIVERED, bears="fulfilled", said="2020-01-06")
    for one in (world.offer, claim):
        assert shown(client, one).context["root"]["same"] == []


def test_a_retracted_claim_is_of_no_root(client, world):
    claim = world.claim(DELIVERED, bears="fulfilled", said="2020-01-06")
    assert [row["id"] for row in shown(client, world.offer).context["root"]["same"]] == [claim.pk]
    actions.retract(thing=claim, by=world.curator, reason="Not about these boats.")
    assert shown(client, world.offer).context["root"]["same"] == []


def test_a_claim_without_day_and_occasion_stands_for_itself(client, world):
    claim = world.draft_claim(ACCEPTED, bears="agreed")
    claim.said_on = world.source.published
    claim.save()
    world.publish(*models.Passage.objects.filter(bearings__claim=claim), claim)
    assert "it stands for itself" in text(shown(client, claim))


def test_a_retracted_claim_is_shown_and_marked_with_its_reason(client, world):
    claim = world.claim(DELIVERED, bears="fulfilled", said="2020-03-01")
    actions.retract(thing=claim, by=world.curator, reason="Not about these boats.")
    page = text(shown(client, claim))
    assert "Retracted. Not about these boats." in page
    assert DELIVERED in page


def test_before_it_was_said_there_is_nothing_to_show(client, world):
    answer = shown(client, world.offer, "?as_of=2019-01-01")
    assert answer.status_code == 404
    assert "it counts from 2020-01-06" in answer.content.decode()


@pytest.mark.parametrize("name", ["clm_01m80n3ac0ezqtxqm458e2tq5w", "nothing", "cmt_01m80n3ac0ezqtxqm44rkbbkda"])
def test_what_is_no_claim_is_a_404(client, name):
    assert client.get(f"/claims/{name}/").status_code == 404


def test_a_draft_has_no_page(client, world):
    assert shown(client, world.draft_claim(ACCEPTED, bears="agreed")).status_code == 404


def test_the_entries_that_brought_it_in_are_named(client):
    reasons = [told["reason"] for told in client.get(NOT_TAKEN).context["sets"]]
    assert reasons[-1] == "Reported as not accepted, on the US ambassador's word alone."


def test_everything_it_names_leads_somewhere(client):
    page = client.get(NOT_TAKEN).content.decode()
    for address in set(re.findall(r'href="(/(?!static/)[^"#]*)', page)):
        assert client.get(address.replace("&amp;", "&"), follow=True).status_code == 200, address


def test_a_much_repeated_claim_asks_no_more_queries(client, world, django_assert_max_num_queries):
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")
    for words in (word for word in TEXT.split() if word.isalpha() and TEXT.count(word) == 1):
        world.claim(words, bears="declined", by_ministry=True, said="2020-02-01")
    with django_assert_max_num_queries(11):
        shown(client, world.offer)
