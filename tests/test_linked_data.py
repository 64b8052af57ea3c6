"""Linked data of commitments and claims: three vocabularies, one story, and no word more than may be shown."""

import json
import re

import pytest

from commitments import actions
from tests.pages import example
from tests.world import OFFERED

pytestmark = pytest.mark.django_db
JSON_LD = "application/ld+json"
LANDAUS = "/claims/clm_01m80n3ac0ezqtxqm458e2tq5v/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.fixture
def told(client):
    """schema.org, annotations and provenance of one page."""

    def ask(address):
        return json.loads(client.get(f"{address}record.jsonld").content)

    return ask


def of_type(document, kind):
    return [node for node in document["@graph"] if node["@type"] == kind]


def by_id(provenance):
    return {node["@id"].removeprefix("rec:"): node for node in provenance["@graph"]}


def behind(node, link="prov:wasDerivedFrom"):
    return [iri.removeprefix("rec:") for iri in node[link]]


def in_page(client, address):
    text = client.get(address, follow=True).content.decode()
    return re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[1]


def test_a_claim_names_its_claimant_and_where_it_was_read(told):
    [claim] = of_type(told(LANDAUS)[0], "Claim")
    assert (claim["author"]["name"], claim["author"]["@type"]) == ("Christopher Landau", "Person")
    assert claim["author"]["jobTitle"] == "Ambassador of the United States to Mexico"
    assert [source["headline"] for source in claim["appearance"]] == [
        "US ambassador reveals that Mexico rejected US material against arms trafficking"
    ]


def test_a_review_rates_nobodys_truth(client, told):
    for address in (LANDAUS, example("commitment_by_id")):
        reviews = of_type(told(address)[0], "ClaimReview")
        assert reviews
        assert {tuple(review["reviewRating"]) for review in reviews} == {("@type", "alternateName")}
        assert "ratingValue" not in in_page(client, address)


def test_a_day_that_was_worked_out_is_not_published_as_known(told, world):
    [worked_out] = of_type(told(LANDAUS)[0], "Claim")
    assert "datePublished" not in worked_out and "datePublished" not in worked_out["appearance"][0]
    [stated] = of_type(told(f"/claims/{world.offer.pk}/")[0], "Claim")
    assert stated["datePublished"] == "2020-01-06"


def test_words_that_may_be_shown_are_quoted_with_their_place(told, world):
    [annotation] = told(f"/claims/{world.offer.pk}/")[1]["items"]
    quote, place = annotation["target"]["selector"]
    assert (quote["type"], quote["exact"]) == ("TextQuoteSelector", OFFERED)
    assert (place["type"], place["end"] - place["start"]) == ("TextPositionSelector", len(OFFERED))
    assert annotation["target"]["source"]["sha256"] == world.capture.text_sha256


def test_words_that_may_not_be_shown_have_a_place_and_a_digest_alone(told):
    items = {item["id"].partition("psg_")[2][:26]: item["target"] for item in told(LANDAUS)[1]["items"]}
    headline = items["01m80n3abze7j93g2xgb312se4"]
    assert headline["selector"] == [{"type": "TextPositionSelector", "start": 0, "end": 79}]
    assert headline["sha256"].startswith("77171f65")


def test_no_form_holds_words_that_are_withheld(client):
    """The source's headline is a title, and stands; the sentence of its body may not."""
    withheld = {
        p["id"] for p in client.get(f"/api/v1{LANDAUS}provenance/").json()["claim"]["passages"] if p["withheld"]
    }
    provenance = by_id(json.loads(client.get(f"{LANDAUS}record.jsonld").content)[2])
    nodes = [node for iri, node in provenance.items() if iri.removeprefix("passages/").rstrip("/") in withheld]
    assert len(nodes) == len(withheld) == 2
    assert not any("prov:value" in node for node in nodes)


def test_the_chain_runs_from_the_record_back_to_the_speaker(told):
    nodes = by_id(told(LANDAUS)[2])
    claim = nodes["claims/clm_01m80n3ac0ezqtxqm458e2tq5v/"]
    assert any(iri.endswith("psg_01m80n3abze7j93g2xh1er2dka/") for iri in claim["prov:wasDerivedFrom"])
    passage = nodes["passages/psg_01m80n3abze7j93g2xh1er2dka/"]
    capture = nodes[behind(passage, "prov:wasQuotedFrom")[0]]
    source = nodes[behind(capture)[0]]
    relayed = nodes["passages/psg_01m80n3abze7j93g2xh1er2dka/#relay-1"]
    assert "passages/psg_01m80n3abze7j93g2xh1er2dka/#relay-1" in behind(source)
    assert behind(relayed) == ["claims/clm_01m80n3ac0ezqtxqm458e2tq5v/#said"]


def test_each_step_was_somebodys_act(told):
    nodes = by_id(told(LANDAUS)[2])
    speaking = nodes["claims/clm_01m80n3ac0ezqtxqm458e2tq5v/#speaking"]
    assert speaking["prov:wasAssociatedWith"][0].endswith("act_01m80n3acbe8bvdh83j7yb4eg0/")
    assert speaking["date"] == "2021-01-14"
    relayer = nodes["passages/psg_01m80n3abze7j93g2xh1er2dka/#relay-1-by"]
    assert relayer["label"] == "various local media"
    [recording] = [node for node in nodes.values() if node.get("prov:endedAtTime")]
    assert nodes[recording["prov:wasAssociatedWith"][0]]["prov:actedOnBehalfOf"] == ["http://testserver/"]


def test_who_speaks_in_office_acts_for_its_body(told, world):
    nodes = by_id(told(f"/claims/{world.offer.pk}/")[2])
    speaker = nodes[f"actors/{world.ambassador.pk}/"]
    assert speaker["prov:actedOnBehalfOf"] == [f"rec:actors/{world.embassy.pk}/"]


def test_every_node_that_is_named_is_told(told):
    provenance = told(example("commitment_by_id"))[2]
    ids = {node["@id"] for node in provenance["@graph"]}
    links = {
        iri for node in provenance["@graph"] for value in node.values() if isinstance(value, list) for iri in value
    }
    assert links - ids == set()
    assert len(ids) == len(provenance["@graph"])


def test_a_page_holds_what_its_status_rests_on(client):
    documents = json.loads(in_page(client, example("commitment_by_id")))
    assert [claim["text"] for claim in of_type(documents[0], "Claim")] == [
        "The equipment has not been accepted by Mexico."
    ]


def test_nothing_that_was_written_can_end_the_script(client, world):
    world.commitment.title_en = "</script><script>alert(1)</script><!--"
    world.commitment.save()
    actions.amend(things=[world.commitment], by=world.curator, reason="Renamed.")
    held = in_page(client, f"/commitments/{world.commitment.pk}/")
    assert not re.search("[<>&]", held)
    assert json.loads(held)[0]["@graph"][0]["name"] == world.commitment.title_en


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (BROWSER, "text/html"),
        ("*/*", "text/html"),
        ("application/pdf", "text/html"),
        ("nonsense", "text/html"),
        (JSON_LD, JSON_LD),
        (f'{JSON_LD}; profile="http://www.w3.org/ns/anno.jsonld"', JSON_LD),
        (f"{JSON_LD};q=0.5, text/html;q=0.9", "text/html"),
        (f"{JSON_LD}, */*;q=0.1", JSON_LD),
        ("application/x-bibtex", "application/x-bibtex"),
        ("application/x-research-info-systems", "application/x-research-info-systems"),
        ("application/vnd.citationstyles.csl+json", "application/vnd.citationstyles.csl+json"),
    ],
)
@pytest.mark.parametrize("noun", ["commitment", "claim"])
def test_a_page_answers_in_the_form_that_is_asked_for(client, noun, accept, answered):
    answer = client.get(example(f"{noun}_by_id"), headers={"accept": accept}, follow=True)
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, answered)
    assert "Accept" in answer["Vary"].split(", ")


def test_a_form_at_the_address_of_the_page_names_its_own(client):
    answer = client.get(f"{LANDAUS}?as_of=2022-01-01", headers={"accept": JSON_LD})
    assert answer["Content-Location"] == f"{LANDAUS}record.jsonld?as_of=2022-01-01"
    assert client.get(answer["Content-Location"]).content == answer.content


def test_each_form_has_a_tag_of_its_own(client):
    kinds = ("text/html", JSON_LD, "application/x-bibtex")
    tags = {kind: client.get(LANDAUS, headers={"accept": kind})["ETag"] for kind in kinds}
    assert len(set(tags.values())) == 3
    again = client.get(LANDAUS, headers={"accept": JSON_LD, "if-none-match": tags[JSON_LD]})
    assert (again.status_code, again["Vary"]) == (304, "Accept")
    assert again["Content-Location"].endswith("record.jsonld")
    assert client.get(LANDAUS, headers={"accept": JSON_LD, "if-none-match": tags["text/html"]}).status_code == 200


@pytest.mark.parametrize("noun", ["commitment", "claim"])
def test_a_page_leads_to_its_other_forms(client, noun):
    text = " ".join(client.get(example(f"{noun}_by_id"), follow=True).content.decode().split())
    for kind in (JSON_LD, "application/x-bibtex", "application/x-research-info-systems"):
        [address] = re.findall(rf'<link rel="alternate" type="{re.escape(kind)}" title="[^"]+" href="([^"]+)">', text)
        assert client.get(address)["Content-Type"].startswith(kind)
