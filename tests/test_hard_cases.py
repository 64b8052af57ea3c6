"""The five founding texts, asked as a newsroom would ask, over the API."""

import pytest

API = "/api/v1/"


@pytest.fixture
def ask(client, db):
    def ask(path, **parameters):
        answer = client.get(API + path, parameters)
        assert answer.status_code == 200, answer.content
        return answer.json()

    return ask


def positions(commitment):
    return {
        (p["side"]["name"], p["actor"]["name"], p["position"], p["reading"], p["own_word"])
        for p in commitment["positions"]
    }


def claims(ask, commitment):
    return ask(f"commitments/{commitment}/claims/", limit=200)["results"]


def slugs(answer):
    return {row["slug"] for row in answer["results"]}


# --- January 2021: the ambassador


def test_the_equipment_was_not_accepted_literally_and_declined_by_inference(ask):
    offer = ask("commitments/equipment-donation/")
    assert (offer["status"], offer["open"], offer["flags"]["single_party"]) == ("declined", False, True)
    assert positions(offer) == {
        ("United States", "United States", "proposes", "literal", True),
        ("Mexico", "Mexico", "not_accepted", "literal", False),
        ("Mexico", "Mexico", "declines", "outlet", False),
    }


def test_the_status_rests_on_the_ambassadors_sentence_by_inference(ask):
    story = ask("commitments/equipment-donation/provenance/")
    [claim] = story["status_changes"][-1]["claims"]
    [status] = [b for b in claim["bearings"] if b["status"]]
    assert (status["status"], status["reading"]) == ("declined", "inference")
    assert claim["claimant"]["name"] == "Christopher Landau"
    assert claim["office"]["title"] == "Ambassador of the United States to Mexico"
    assert (claim["said_on"]["edtf"], claim["said_on"]["basis"]) == ("2021-01-14", "weekday_resolved")


def test_his_words_stand_to_the_letter_and_came_through_unnamed_media(ask):
    story = ask("commitments/equipment-donation/provenance/")
    passages = {p["exact"]: p for c in story["status_changes"][-1]["claims"] for p in c["passages"] if p["exact"]}
    [words] = [exact for exact in passages if exact.endswith("and it has not been accepted")]
    [hop] = passages[words]["hops"]
    assert (hop["actor"], hop["described_as"], hop["act"]) == (None, "various local media", "reports")
    assert (passages["rejected"]["locator"], passages["rejected"]["voice"]) == ("headline", "paraphrased")


def test_he_spoke_where_only_the_mexican_press_was_let_in(ask):
    conference = ask("occasions/landau-conference/")
    assert (conference["kind"], conference["access"]) == ("press_conference", "press_only")
    assert {p["actor"]["name"] for p in conference["participants"]} >= {"Christopher Landau"}


def test_the_extradition_offer_is_barrs_by_the_press_and_mexico_silent_by_inference(ask):
    offer = ask("commitments/extradition-offer/")
    assert (offer["status"], offer["open"]) == ("proposed", True)
    assert positions(offer) == {
        ("United States", "William Barr", "proposes", "literal", False),
        ("Mexico", "Mexico", "silent", "inference", False),
    }
    speakers = {claim["claimant"]["name"] for claim in claims(ask, "extradition-offer")}
    assert speakers == {"Christopher Landau", "The Mexican press (unnamed)"}


# --- July 2019


def test_the_operations_are_in_five_named_mexican_cities(ask):
    pledge = ask("commitments/mexico-five/")
    assert pledge["places"] == [
        f"place/{city}" for city in ("ciudad-juarez", "matamoros", "nuevo-laredo", "reynosa", "tijuana")
    ]


def test_the_counterpart_is_implied_and_its_cities_are_not_named(ask):
    counterpart = ask("commitments/us-counterpart/")
    assert (counterpart["status"], counterpart["open"], counterpart["places"]) == ("unclear", False, [])
    [claim] = claims(ask, "us-counterpart")
    assert (claim["claimant"]["name"], claim["bearings"][0]["reading"]) == ("Marcelo Ebrard Casaubon", "implied")


def test_pompeo_favours_the_assets_plan_on_ebrards_word(ask):
    proposal = ask("commitments/guzman-assets/")
    assert proposal["status"] == "proposed"
    assert ("United States", "Mike Pompeo", "favours", "literal", False) in positions(proposal)


def test_safe_third_country_is_refused_outright_in_mexicos_own_word(ask):
    refused = ask("commitments/safe-third/")
    assert refused["status"] == "declined"
    assert ("Mexico", "Mexico", "declines", "literal", True) in positions(refused)


def test_the_migration_deal_hangs_on_a_caption(ask):
    [claim] = claims(ask, "migration-deal")
    [bearing] = [b for b in claim["bearings"] if b["status"] == "agreed"]
    assert {p["locator"] for p in claim["passages"] if p["id"] in bearing["passages"]} == {"caption"}
    meeting = ask("occasions/pompeo-ebrard-meeting/")
    assert (meeting["date"]["edtf"], meeting["date"]["basis"]) == ("2019-07-21", "caption")


def test_the_reduction_of_migration_is_overdue_by_its_ninety_days(ask):
    reduction = ask("commitments/migration-reduction/")
    assert (reduction["due"]["edtf"], reduction["flags"]["overdue"]) == ("2019-09-04", True)


# --- January 2020


def test_technology_was_discussed_and_a_programme_agreed(ask):
    discussed, agreed = (ask(f"commitments/{slug}/") for slug in ("inspection-technology-2020", "common-programme"))
    assert (discussed["status"], discussed["open"]) == ("discussed", False)
    assert (agreed["status"], agreed["open"]) == ("agreed", True)


def test_eighteen_named_people_met_on_a_day_known_from_a_file_name(ask):
    meeting = ask("occasions/security-meeting/")
    assert (meeting["date"]["edtf"], meeting["date"]["basis"]) == ("2020-01-16", "file_name")
    assert len({p["actor"]["id"] for p in meeting["participants"] if p["office"]}) == 18
    earlier = ask("occasions/barr-visit-december-2019/")["date"]
    assert (earlier["edtf"], earlier["basis"]) == ("2019-12-05", "stated")


def test_a_source_without_a_title_gets_one_in_brackets(ask):
    assert ask("sources/security-meeting-2020/")["title"].startswith("[")


# --- January 2022 and the undated visit

UNDERTAKINGS = {
    "streamline-prosecution",
    "increase-extraditions",
    "strengthen-mirror-operations",
    "modernise-inspection-technology",
    "exchange-information",
    "raise-traffickers-costs",
}


def test_one_meeting_six_undertakings(ask):
    group = ask("commitments/binational-group/")["id"]
    rows = [ask(f"commitments/{slug}/") for slug in UNDERTAKINGS]
    assert all(("part_of", group) in {(li["type"], li["commitment"]["id"]) for li in r["lineage"]} for r in rows)
    assert len({row["occasion"]["id"] for row in rows}) == 1


def test_mirror_operations_of_2019_and_2022_are_linked_by_us(ask):
    [link] = [li for li in ask("commitments/strengthen-mirror-operations/")["lineage"] if li["type"] == "strengthens"]
    assert link["commitment"]["id"] == ask("commitments/joint-operation/")["id"]
    assert link["reading"] == "inference" and link["note"]


def test_progress_on_information_rests_on_one_partys_word_and_an_interval(ask):
    exchange = ask("commitments/exchange-information/")
    assert (exchange["status"], exchange["flags"]["single_party"]) == ("in_progress", True)
    visit = ask("occasions/congressional-visit/")["date"]
    assert visit["basis"] == "curator_estimate" and visit["earliest"] < visit["latest"]


# --- Questions across the stories


def test_what_is_open_between_the_two(ask):
    answer = ask("commitments/", **{"open": "true", "party[all]": ["united-states", "mexico"], "limit": 200})
    assert "extradition-offer" in slugs(answer) and "equipment-donation" not in slugs(answer)


def test_what_mexico_did_not_accept(ask):
    assert slugs(ask("commitments/", position="mexico:not_accepted")) == {"equipment-donation"}


def test_what_was_known_of_the_offer_before_he_spoke(client, db):
    answer = client.get(f"{API}commitments/equipment-donation/", {"as_of": "2021-01-13"})
    assert answer.status_code == 404 and "2021-01-14" in answer.json()["detail"]


def test_no_sentence_of_an_outlet_is_shown(ask):
    shown = [p for p in ask("passages/", limit=200)["results"] if p["exact"] and p["voice"] != "quoted"]
    assert all(len(passage["exact"].split()) <= 5 for passage in shown)


def test_no_address_is_invented(ask):
    assert {source["url"] for source in ask("sources/")["results"]} == {None}
