"""What commitments rest on comes with them on request: each thing once, at the clocks of the answer."""

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from commitments.api.included import NOUNS, IncludedOfClaims
from commitments.api.views import PATHS
from commitments.models.ledger import Head
from tests.routes import API
from tests.test_api_counts import read
from tests.test_api_routes import document, operation

pytestmark = pytest.mark.django_db
ALL = ",".join(NOUNS)
OF_CLAIMS = ",".join(IncludedOfClaims.names)
NOT_ACCEPTED = "clm_01m80n3ac0ezqtxqm458e2tq5v"
LIST, ONE = f"commitments/?include={ALL}", f"commitments/equipment-donation/?include={ALL}"


@pytest.fixture
def agreed(world) -> int:
    """Proposed on 6 January 2020; agreed on 1 February, recorded later. Answers the seq before that."""
    before = Head.objects.get().seq
    said = world.claim("Sutherland has accepted the boats", bears="agreed", said="2020-02-01")
    world.record("agreed", said, "2020-02-01")
    return before


def all_named(row: dict) -> dict[str, set[str]]:
    parties = {party["actor"]["id"] for party in row["parties"]}
    told = {who["id"] for p in row["positions"] for who in (p["side"], p["actor"]) if who}
    return {
        "actors": parties | told,
        "claims": {*row["status_claims"], *(p["claim"] for p in row["positions"])},
        "occasions": {row["occasion"]["id"]} if row["occasion"] else set(),
    }


@pytest.mark.parametrize("query", ["limit=200", "limit=4", "open=true&limit=3&sort=title"])
def test_a_list_includes_all_that_its_rows_name_and_nothing_else(client, query):
    answer = read(client, f"{LIST}&{query}")
    for name in ("actors", "claims", "occasions"):
        wanted = {i for row in answer["results"] for i in all_named(row)[name]}
        assert wanted and answer["included"][name].keys() == wanted


def test_the_sources_are_those_of_the_claims(client):
    included = read(client, LIST)["included"]
    passages = [passage for claim in included["claims"].values() for passage in claim["passages"]]
    assert included["sources"].keys() == {passage["source"]["id"] for passage in passages}
    assert read(client, "commitments/?include=sources")["included"] == {"sources": included["sources"]}


def test_the_status_changes_are_those_of_the_commitments(client):
    answer = read(client, f"{LIST}&limit=5")
    changes = answer["included"]["status_changes"].values()
    assert {change["commitment"]["id"] for change in changes} == {row["id"] for row in answer["results"]}


@pytest.mark.parametrize("path", [LIST, ONE])
def test_each_thing_stands_as_its_own_list_shows_it(client, path):
    for name, rows in read(client, path)["included"].items():
        whole = read(client, f"{PATHS[NOUNS[name]]}/?limit=200")["results"]
        assert rows == {row["id"]: row for row in whole if row["id"] in rows}


def test_one_commitment_includes_what_the_list_does(client):
    alone = read(client, ONE)["included"]
    listed = read(client, f"{LIST}&id=equipment-donation")["included"]
    assert alone == listed
    assert list(alone) == list(NOUNS)


def test_members_that_were_left_out_still_bring_what_they_name(client):
    assert read(client, f"{ONE}&fields=id")["included"] == read(client, ONE)["included"]
    assert read(client, f"{LIST}&fields=id&limit=3")["included"] == read(client, f"{LIST}&limit=3")["included"]


def test_nothing_is_included_that_was_not_asked_for(client):
    assert "included" not in read(client, "commitments/") | read(client, "commitments/equipment-donation/")
    assert list(read(client, "commitments/?include=occasions")["included"]) == ["occasions"]


def test_no_commitments_include_nothing(client):
    assert read(client, f"{LIST}&made_on[gt]=2100")["included"] == {name: {} for name in NOUNS}


def test_what_is_included_was_known_then(client, world, agreed):
    for path in (f"{LIST}&id={world.commitment.pk}", f"commitments/{world.commitment.pk}/?include={ALL}"):
        now, then = (read(client, f"{path}{clock}")["included"] for clock in ("", f"&known_at={agreed}"))
        assert len(now["status_changes"]) == 2
        assert list(then["status_changes"]) == [world.proposed.pk]
        assert then["claims"].keys() == {world.offer.pk} != now["claims"].keys()


def test_what_is_included_as_of_a_day_counted_by_then(client, world, agreed):
    included = read(client, f"commitments/{world.commitment.pk}/?include={ALL}&as_of=2020-01-31")["included"]
    assert list(included["status_changes"]) == [world.proposed.pk]
    assert list(included["claims"]) == [world.offer.pk]


def test_every_page_of_a_crawl_includes_the_record_of_its_start(client, world):
    first = read(client, "commitments/?include=status_changes&limit=20")
    world.record("agreed", world.claim("Sutherland has accepted the boats", bears="agreed"), "2020-02")
    second = client.get(first["next"]).json()
    included = first["included"]["status_changes"] | second["included"]["status_changes"]
    whole = read(client, f"status-changes/?limit=200&known_at={first['record']['seq']}")["results"]
    assert included == {row["id"]: row for row in whole}


@pytest.mark.parametrize("path", ["commitments/", "commitments/equipment-donation/"])
@pytest.mark.parametrize(("asked", "says"), [("actor", "“actors”"), ("q", "Known:"), ("", "Known:")])
def test_what_cannot_be_included_is_refused_with_the_nearest(client, path, asked, says):
    answer = client.get(f"{API}{path}?include={asked}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "include")
    assert says in answer.json()["detail"]


@pytest.mark.parametrize("path", ["actors/", "actors/mexico/", "commitments/equipment-donation/status-changes/"])
def test_only_commitments_and_claims_include(client, path):
    answer = client.get(f"{API}{path}?include=actors")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown_parameter")


def named_by_claim(row: dict) -> dict[str, set[str]]:
    said = [row["claimant"], row["on_behalf_of"], row["side"]]
    told = [bearing[who] for bearing in row["bearings"] for who in ("actor", "side")]
    return {
        "actors": {who["id"] for who in (*said, *told) if who},
        "sources": {passage["source"]["id"] for passage in row["passages"]},
        "occasions": {row["occasion"]["id"]} if row["occasion"] else set(),
    }


@pytest.mark.parametrize(
    "path", ["claims/?limit=200", "claims/?limit=5&sort=-said_on", "commitments/equipment-donation/claims/?limit=9"]
)
def test_claims_include_all_that_they_name_and_nothing_else(client, path):
    answer = read(client, f"{path}&include={OF_CLAIMS}")
    for name in ("actors", "sources", "occasions"):
        wanted = {i for row in answer["results"] for i in named_by_claim(row)[name]}
        assert wanted and answer["included"][name].keys() == wanted


def test_claims_include_the_status_changes_that_cite_them(client):
    answer = read(client, f"claims/?limit=200&include={OF_CLAIMS}")
    assert answer["included"]["status_changes"] == {
        row["id"]: row for row in read(client, "status-changes/?limit=200")["results"] if row["claims"]
    }
    one = read(client, f"claims/{NOT_ACCEPTED}/?include=status_changes")["included"]["status_changes"]
    assert all(NOT_ACCEPTED in change["claims"] for change in one.values()) and one


def test_one_claim_includes_what_the_list_does(client):
    listed = read(client, f"claims/?id={NOT_ACCEPTED}&include={OF_CLAIMS}")["included"]
    assert read(client, f"claims/{NOT_ACCEPTED}/?include={OF_CLAIMS}")["included"] == listed


def test_claims_include_no_claims_and_say_what_they_do(client):
    answer = client.get(f"{API}claims/?include=claims")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown_value")
    assert "actors" in answer.json()["detail"] or "Known" in answer.json()["detail"]


def test_what_claims_include_counted_and_was_known_then(client, world, agreed):
    path = f"claims/{world.offer.pk}/?include=status_changes"
    assert list(read(client, f"{path}&as_of=2020-01-31")["included"]["status_changes"]) == [world.proposed.pk]
    assert list(read(client, f"{path}&known_at={agreed}")["included"]["status_changes"]) == [world.proposed.pk]


def test_what_claims_include_costs_a_query_a_noun(django_assert_num_queries, client):
    for limit in (20, 200):
        with django_assert_num_queries(2 + len(IncludedOfClaims.names)):
            read(client, f"claims/?include={OF_CLAIMS}&limit={limit}")


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("commitments/", f"{LIST}&count=true&facets=status,kind,form,open,party,topic,place&sort=-due"),
        ("commitments/<str:id>/", ONE),
        ("claims/", f"claims/?count=true&sort=-said_on&include={OF_CLAIMS}"),
        ("claims/<str:id>/", f"claims/{NOT_ACCEPTED}/?include={OF_CLAIMS}"),
    ],
)
def test_answers_with_all_that_can_be_asked_have_the_documented_shape(client, pattern, path):
    schema = operation(client, API + pattern)["responses"]["200"]["content"]["application/json"]["schema"]
    known = {"components": document(client)["components"]}
    validator = Draft202012Validator(schema | known, format_checker=FormatChecker())
    answer = read(client, path)
    validator.validate(answer)
    assert not validator.is_valid(answer | {"total": 1})


def test_what_is_included_costs_a_query_a_noun_whatever_the_number(django_assert_num_queries, client):
    for limit in (20, 200):
        with django_assert_num_queries(2 + len(NOUNS)):
            read(client, f"{LIST}&limit={limit}")
    with django_assert_num_queries(4):
        read(client, "commitments/?include=sources")


def test_one_commitment_costs_no_more_queries_than_a_list(django_assert_max_num_queries, client):
    with django_assert_max_num_queries(2 + len(NOUNS)):
        read(client, ONE)
