"""One commitment as a journalist reads it: nothing stated more strongly than the row says it."""

import pytest

from commitments import actions
from commitments.models.record import CommitmentStanding
from tests.world import ACCEPTED, DELIVERED, NOT_ACCEPTED, OFFERED, TEXT

pytestmark = pytest.mark.django_db

LANDAU = "/commitments/cmt_01m80n3ac0ezqtxqm44rkbbkda/equipment-donation/"


def real(client, slug):
    return client.get(f"/commitments/{slug}/", follow=True)


def shown(client, world, query=""):
    return client.get(f"/commitments/{world.commitment.pk}/{world.commitment.slug}/{query}")


def ties(client, slug):
    return {group["heading"]: group["ties"] for group in real(client, slug).context["ties"]}


def agreed(world):
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")
    return world.last_change()


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        (
            "equipment-donation",
            "Not accepted by Mexico, as we infer it, on the word of Christopher Landau, Ambassador of the United "
            "States to Mexico, alone; true by 14 January 2021, the day it was said: a Thursday, its date worked out "
            "from the weekday.",
        ),
        (
            "joint-operation",
            "Agreed, on the word of Government of Mexico alone; true by 22 July 2019, the day it was said: a Monday, "
            "its date worked out from the weekday.",
        ),
        (
            "strengthen-mirror-operations",
            "Agreed, on the word of Unnamed outlet (text of 28 January 2022) alone; since 26 January 2022, a "
            "Wednesday, its date worked out from the weekday.",
        ),
        (
            "migration-deal",
            "Agreed, on the word of Unnamed outlet (text of July 2019) alone; since a day between 6 June 2019 and "
            "7 June 2019, as we estimate.",
        ),
    ],
)
def test_the_status_is_one_sentence_with_word_date_and_basis(client, slug, sentence):
    assert real(client, slug).context["status"]["sentence"] == sentence


def test_how_the_date_of_a_status_is_known_stands_beside_the_sentence(client):
    page = client.get(LANDAU).content.decode()
    assert "known by: True by the day he spoke." in page
    assert "the Thursday before is the 14th" in page


def test_the_words_behind_a_status_are_quoted_before_everything_else(client):
    page = client.get(LANDAU).content.decode()
    assert page.index("and it has not been accepted</p>") < page.index('id="positions"')
    assert page.count("rejected</p>") == 1 and page.index("rejected</p>") > page.index('id="claims"')


def test_a_status_by_inference_is_marked_wherever_it_is_shown(client):
    context = client.get(LANDAU).context
    [change] = [item for item in context["timeline"] if item["kind"] == "status" and item["mark"]]
    assert context["status"]["mark"] == change["mark"] == "our inference"
    assert "no refusal by Mexico is quoted" in client.get(LANDAU).content.decode()


def test_the_outlets_word_is_never_given_as_the_claimants(client):
    [claim] = [c for c in client.get(LANDAU).context["claims"] if c["statement"].startswith("The equipment")]
    said = {p["exact"] or "withheld": p["is_outlets_word"] for p in claim["passages"]}
    assert said["rejected"] is said["withheld"] is True
    assert [outlets for words, outlets in said.items() if words.startswith("We have offered")] == [False]


def test_positions_stand_side_by_side_with_whose_word_they_are(client):
    sides = {side["name"]: side["told"] for side in client.get(LANDAU).context["positions"]}
    [offer] = sides["United States"]
    assert offer["behind"].startswith("Its own side's word: Christopher Landau")
    assert [(p["word"], p["mark"]) for p in sides["Mexico"]] == [
        ("Has not accepted", ""),
        ("Declines", "the outlet's word"),
    ]
    assert sides["Mexico"][0]["behind"].startswith("Not its own side's word: Christopher Landau")
    assert sides["Mexico"][1]["behind"].startswith("In the outlet's word")


def test_a_side_is_heard_only_by_a_word_of_its_own(client):
    sides = {side["name"]: side["is_heard"] for side in client.get(LANDAU).context["positions"]}
    assert sides == {"United States": True, "Mexico": False}
    [side] = real(client, "prioritise-cooperation").context["positions"]
    assert (side["name"], side["is_heard"]) == ("Mexico", False)


def test_a_side_was_heard_though_another_said_the_same_of_it_later(client):
    [side] = [s for s in real(client, "extradition-offer").context["positions"] if s["name"] == "United States"]
    assert side["is_heard"] is True
    own, others = side["told"]
    assert own["behind"].startswith("Its own side's word: Christopher Landau")
    assert (others["actor"], others["is_own_word"]) == ("William Barr", False)


def unheard(client, world):
    return [(side["name"], side["spoke"]) for side in shown(client, world).context["unheard"]]


def test_a_party_of_whose_side_no_position_is_told_is_named_and_whether_the_status_is_its_word(client, world):
    assert unheard(client, world) == [(world.norland.name, True), (world.sutherland.name, False)]
    world.claim(ACCEPTED, position="accepts", of=world.ministry, said="2020-02-01")
    assert unheard(client, world) == [(world.norland.name, True)]


def test_favour_told_by_the_other_side_is_not_the_own_word(client):
    sides = {side["name"]: side["told"] for side in real(client, "guzman-assets").context["positions"]}
    [favour] = sides["United States"]
    assert (favour["word"], favour["actor"]) == ("Favours", "Mike Pompeo")
    assert favour["behind"].startswith("Not its own side's word: Marcelo Ebrard")


def test_sides_are_named_in_the_language_of_the_page(client):
    context = client.get(f"/es{LANDAU}").context
    assert [side["name"] for side in context["positions"]] == ["Estados Unidos", "México"]
    assert "México" in context["status"]["sentence"]


def test_exact_words_stand_in_a_quotation_with_their_language(client):
    page = client.get(LANDAU).content.decode()
    assert '<blockquote lang="en">' in page
    assert "it has not been accepted</p>" in page


def test_words_not_free_to_show_are_position_and_digest(client):
    answer = client.get(LANDAU)
    assert "Words withheld: Body, characters 425 to 519 of the text" in " ".join(answer.content.decode().split())
    [claim] = [c for c in answer.context["claims"] if c["statement"].startswith("The equipment")]
    page = client.get(f"/claims/{claim['id']}/").content.decode()
    assert "310579947a649dac65d38994d0baafe12813fb71f1aa5762d1544c05d30a9660" in page


def test_the_way_of_the_words_names_each_relay_in_order(client):
    way = client.get(LANDAU).context["claims"][0]["passages"][0]["way"]
    assert way == [
        "Christopher Landau, Ambassador of the United States to Mexico",
        "relayed by various local media (act: reports). The text gives his words according to them.",
    ]


def test_a_source_tells_what_is_inferred_and_what_is_not_known(client):
    [source] = client.get(LANDAU).context["sources"]
    assert source["publisher"].startswith("Atalayar (publisher; curator's estimate:")
    assert (source["byline"], source["url"]) == ("not known", None)
    [source] = real(client, "joint-operation").context["sources"]
    assert source["publisher"] == "publisher not known"


def test_ties_are_shown_from_both_ends_with_their_reading(client):
    before = ties(client, "strengthen-mirror-operations")["What it came from"]
    assert [(t["type"], t["reading"]) for t in before] == [("strengthens", "Our inference")]
    assert "the link is ours" in before[0]["note"] and before[0]["badge"]["word"] == "Agreed"
    after = ties(client, "joint-operation")["What came of it"]
    assert ("strengthens", "Our inference") in [(t["type"], t["reading"]) for t in after]


def test_a_whole_and_its_parts_are_neither_before_nor_after(client):
    assert [t["title"] for t in ties(client, "strengthen-mirror-operations")["What it is part of"]] == [
        "Binational Group against Arms Trafficking"
    ]
    assert len(ties(client, "binational-group")["Its parts"]) > 3


def ties_on(client, day):
    groups = client.get(f"/commitments/binational-group/?as_of={day}", follow=True).context["ties"]
    return {tie["title"]: tie["badge"]["word"] for group in groups for tie in group["ties"]}


def test_of_an_earlier_day_a_tie_has_the_status_of_that_day(client):
    exchange = "Increased exchange of ballistic and intelligence information"
    assert [ties_on(client, day)[exchange] for day in ("2022-02-01", "2023-12-31")] == ["Agreed", "In progress"]


def test_of_an_earlier_day_what_had_no_status_yet_is_no_tie(client):
    groups = client.get("/commitments/joint-operation/?as_of=2020-02-01", follow=True).context["ties"]
    titles = [tie["title"] for group in groups for tie in group["ties"]]
    assert titles and "Stronger mirror operations on the common border" not in titles


def test_the_timeline_is_in_world_order(client):
    kinds = [item["kind"] for item in client.get(LANDAU).context["timeline"]]
    assert kinds == ["status", "status", "occasion", "said", "said"]


@pytest.mark.parametrize("address", ["cmt_01m80n3ac0ezqtxqm44rkbbkda/", "cmt_01m80n3ac0ezqtxqm44rkbbkda/wrong/"])
def test_another_slug_leads_to_the_right_one(client, address):
    answer = client.get(f"/commitments/{address}?as_of=2022-01-01")
    assert answer["Location"] == f"{LANDAU}?as_of=2022-01-01"


@pytest.mark.parametrize("name", ["cmt_01m80n3ac0ezqtxqm44rkbbkdb", "nothing", "Ünknown"])
def test_an_unknown_commitment_is_a_404(client, name):
    assert client.get(f"/commitments/{name}/").status_code == 404


def test_a_draft_has_no_page(client, world):
    draft = world.draft_commitment("drafted")
    assert client.get(f"/commitments/{draft.pk}/{draft.slug}/").status_code == 404


def test_a_corrected_status_stays_shown_and_marked(client, world):
    wrong = agreed(world)
    actions.correct_status(change=wrong, by=world.curator, reason="We misread it.")
    answer = shown(client, world)
    marked = [item for item in answer.context["timeline"] if item.get("corrected_by")]
    assert [item["badge"]["word"] for item in marked] == ["Agreed"]
    assert "Corrected: no longer counts" in answer.content.decode()
    assert "We misread it." in answer.content.decode()


def test_what_contradicts_what_stands_side_by_side(client, world):
    agreed(world)
    world.claim(NOT_ACCEPTED, bears="declined", by_ministry=True, said="2020-02-02")
    answer = shown(client, world)
    [[one, other]] = answer.context["contradictions"]
    assert {one["side"], other["side"]} == {world.norland.name, world.sutherland.name}
    assert "Disputed between the sides" in answer.context["flags"]


def test_a_retracted_commitment_answers_and_is_marked(client, world):
    seq = CommitmentStanding.objects.current().get(subject_id=world.commitment.pk).seq
    actions.retract(thing=world.commitment, by=world.curator, reason="Recorded twice.")
    answer = shown(client, world, "?as_of=2020-03-01")
    assert answer.status_code == 200 and "Recorded twice." in answer.content.decode()
    assert "Recorded twice." not in shown(client, world, f"?known_at={seq}").content.decode()


def test_a_retracted_claim_is_marked(client, world):
    claim = world.claim(DELIVERED, bears="fulfilled", said="2020-03-01")
    actions.retract(thing=claim, by=world.curator, reason="Not about these boats.")
    answer = shown(client, world)
    assert "Not about these boats." in answer.content.decode()


def test_an_earlier_day_shows_what_held_then(client, world):
    agreed(world)
    answer = shown(client, world, "?as_of=2020-01-20")
    assert answer.context["status"]["badge"]["word"] == "Proposed"
    assert "An earlier view." in answer.content.decode()


def test_before_its_first_status_there_is_nothing_to_show(client, world):
    answer = shown(client, world, "?as_of=2019-01-01")
    assert answer.status_code == 404
    assert "it has one from 2020-01-06" in answer.content.decode()


def test_an_earlier_entry_shows_what_was_recorded_then(client, world):
    seq = CommitmentStanding.objects.current().get(subject_id=world.commitment.pk).seq
    agreed(world)
    assert shown(client, world, f"?known_at={seq}").context["status"]["badge"]["word"] == "Proposed"


@pytest.mark.parametrize(
    "query", ["?as_of=tomorrow", "?known_at=x", "?asof=2020-01-01", "?as_of=2020-01-01&as_of=2020"]
)
def test_a_clock_that_cannot_be_read_is_a_400(client, query):
    assert client.get(f"{LANDAU}{query}").status_code == 400


def test_the_page_links_to_its_json_both_ways(client):
    page = client.get(LANDAU).content.decode()
    own = "/api/v1/commitments/cmt_01m80n3ac0ezqtxqm44rkbbkda/"
    assert f'<link rel="alternate" type="application/json" href="{own}">' in " ".join(page.split())
    assert client.get(own).json()["links"]["page"].endswith(LANDAU)
    assert f'href="{own}provenance/"' in page


def test_every_link_inside_the_page_leads_somewhere(client):
    for row in client.get("/commitments/?limit=200").context["rows"]:
        page = client.get(f"/commitments/{row['id']}/{row['slug']}/").content.decode()
        targets = {part.split('"')[0] for part in page.split('href="#')[1:]}
        assert all(f'id="{target}"' in page for target in targets)


def test_the_ledger_entries_that_brought_it_in_are_named(client):
    context = client.get(LANDAU).context
    assert [told["reason"] for told in context["sets"]][1:] == [
        "First record of the offer.",
        "Reported as not accepted, on the US ambassador's word alone.",
    ]
    assert {told["by"] for told in context["sets"]} == {"curator-1"}


def hub(world, number):
    """So many claims in the same words, besides the offer."""
    claims = [world.draft_claim(OFFERED, position="favours", of=world.sutherland) for _ in range(number)]
    world.publish(*claims)


@pytest.mark.parametrize("query", ["", "?as_of=2020-02-01&compare=now"])
def test_a_page_of_five_hundred_claims_stays_light_and_leads_to_the_rest(
    client, world, django_assert_max_num_queries, query
):
    hub(world, 500)
    with django_assert_max_num_queries(12):
        answer = shown(client, world, query)
    assert len(answer.context["claims"]) == 25 and len(answer.content) < 100_000
    assert f"/claims/?commitment={world.commitment.pk}" in answer.content.decode()
    carrying = {*answer.context["commitment"]["status_claims"], answer.context["commitment"]["positions"][0]["claim"]}
    assert carrying <= {claim["id"] for claim in answer.context["claims"]}


def test_a_claim_that_has_no_room_is_led_to_on_its_own_page(client, world, monkeypatch):
    monkeypatch.setattr("commitments.pages.commitment.SHOWN", 1)
    late = agreed(world).claims.get()
    context = shown(client, world).context
    assert [claim["id"] for claim in context["claims"]] == [late.pk]
    addresses = [address for item in context["timeline"] for address, _ in item.get("claims", ())]
    assert addresses == [f"/claims/{world.offer.pk}/", f"#{late.pk}"]


def test_a_commitment_of_one_claim_shows_each_part_without_gaps(client, world):
    page = shown(client, world).content.decode()
    assert "No position of this side is recorded" in page
    assert 'id="lineage"' not in page and 'id="contradictions"' not in page


def test_the_drawing_says_what_the_list_says(client):
    page = client.get(LANDAU).content.decode()
    assert page.count('role="img"') == 2
    wide = page[page.index('id="timeline-wide-desc"') :]
    assert "⊘ Not accepted (our inference), by 14 January 2021" in wide[: wide.index("</desc>")]


def test_a_page_asks_no_more_queries_for_more_claims(client, world, django_assert_max_num_queries):
    agreed(world)
    for words in (word for word in TEXT.split() if word.isalpha() and TEXT.count(word) == 1):
        world.claim(words, bears="agreed", said="2020-02-01")
    with django_assert_max_num_queries(11):
        assert len(shown(client, world).context["claims"]) > 10


def test_words_of_a_source_cannot_become_markup(client, world):
    world.commitment.title_en = "<script>alert(1)</script>"
    world.commitment.save()
    actions.amend(things=[world.commitment], by=world.curator, reason="Renamed.")
    assert b"<script>" not in shown(client, world).content


def test_a_status_from_a_span_of_days_is_told_as_one(client, world):
    claim = world.claim(ACCEPTED, bears="agreed", said="2020-02")
    world.record("agreed", claim, "2020-02-01/2020-02-20")
    sentence = shown(client, world).context["status"]["sentence"]
    assert sentence.endswith("since a day between 1 February 2020 and 20 February 2020, as the source says.")
