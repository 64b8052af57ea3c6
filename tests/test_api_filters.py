"""Every filter finds what it should and leaves out the rest, on the real record."""

import pytest

from commitments.filters import CommitmentFilters
from commitments.models.record import STANDINGS
from tests.routes import API

pytestmark = pytest.mark.django_db


def found(client, words: str, query: str) -> list[dict]:
    answer = client.get(f"{API}{words}/?limit=200&{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def slugs(client, query: str) -> set[str]:
    return {row["slug"] for row in found(client, "commitments", query)}


def every(client) -> list[dict]:
    return found(client, "commitments", "")


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("open=true", lambda row: row["open"]),
        ("open=false", lambda row: not row["open"]),
        ("status=declined", lambda row: row["status"] == "declined"),
        ("status=declined&status=agreed", lambda row: row["status"] in ("declined", "agreed")),
        ("status[not]=proposed", lambda row: row["status"] != "proposed"),
        ("kind=extradition", lambda row: row["kind"] == "kind/extradition"),
        ("kind=kind/extradition", lambda row: row["kind"] == "kind/extradition"),
        ("kind[not]=cooperation", lambda row: row["kind"] != "kind/cooperation"),
        ("form=offer&open=true", lambda row: row["form"] == "offer" and row["open"]),
        ("disputed=false", lambda row: not row["flags"]["disputed"]),
        ("single_party=true", lambda row: row["flags"]["single_party"]),
        ("made_on[gte]=2021", lambda row: row["made_on"]["latest"] >= "2021-01-01"),
        ("made_on[gt]=2021", lambda row: row["made_on"]["latest"] > "2021-12-31"),
        ("made_on[lt]=2020", lambda row: row["made_on"]["earliest"] < "2020-01-01"),
        ("made_on[lte]=2020", lambda row: row["made_on"]["earliest"] <= "2020-12-31"),
        ("made_on[exists]=true", lambda row: row["made_on"]["edtf"] is not None),
        ("due[exists]=true", lambda row: row["due"] is not None),
        ("due[exists]=false", lambda row: row["due"] is None),
        ("overdue=true", lambda row: row["flags"]["overdue"]),
        ("overdue=false", lambda row: not row["flags"]["overdue"]),
        ("place=tijuana", lambda row: "place/tijuana" in row["places"]),
        ("topic=topic/fentanyl", lambda row: "topic/fentanyl" in row["topics"]),
        ("status_since[gte]=2022", lambda row: row["status_since"]["latest"] >= "2022-01-01"),
        ("made_on[gte]=2021&certainty=definite", lambda row: row["made_on"]["earliest"] >= "2021-01-01"),
        ("made_on[lt]=2020&certainty=definite", lambda row: row["made_on"]["latest"] < "2020-01-01"),
        ("made_on[lt]=2020&certainty=possible", lambda row: row["made_on"]["earliest"] < "2020-01-01"),
    ],
)
def test_a_filter_finds_exactly_the_rows_that_it_names(client, query, holds):
    assert slugs(client, query) == {row["slug"] for row in every(client) if holds(row)}


@pytest.mark.parametrize(
    ("query", "present", "absent"),
    [
        ("party=mexico", "equipment-donation", None),
        ("promisor=united-states", "equipment-donation", "prioritise-cooperation"),
        ("promisee=united-states", "prioritise-cooperation", "equipment-donation"),
        ("promisor[not]=united-states", "prioritise-cooperation", "equipment-donation"),
        ("party[all]=mexico&party[all]=united-states", "equipment-donation", None),
        ("promisor[all]=mexico&promisor[all]=united-states", None, "equipment-donation"),
        ("position=mexico:not_accepted", "equipment-donation", "extradition-offer"),
        ("position=william-barr:proposes", "extradition-offer", "equipment-donation"),
        ("position[all]=mexico:silent&position[all]=united-states:proposes", "extradition-offer", "equipment-donation"),
        ("claimant=mexican-press", "extradition-offer", "equipment-donation"),
        ("claimant[not]=mexican-press", "equipment-donation", "extradition-offer"),
        ("occasion=barr-visits", "extradition-offer", "equipment-donation"),
        ("lineage_of=joint-operation", "strengthen-mirror-operations", "joint-operation"),
        ("source=landau-equipment-2021", "equipment-donation", "safe-third"),
        ("source[not]=landau-equipment-2021", "safe-third", "equipment-donation"),
        ("made_on=2021-01-13&certainty=definite", "prioritise-cooperation", "equipment-donation"),
        ("made_on=2021-01-13", "prioritise-cooperation", None),
        ("made_on=2021-01-14/2021-01-20", "equipment-donation", "prioritise-cooperation"),
    ],
)
def test_parties_positions_and_days(client, query, present, absent):
    names = slugs(client, query)
    assert {present} - {None} <= names
    assert absent not in names


def test_an_actor_is_named_by_id_or_slug(client):
    mexico = client.get(f"{API}actors/mexico/").json()["id"]
    assert slugs(client, f"promisor={mexico}") == slugs(client, "promisor=mexico") != slugs(client, "")


def test_an_uncertain_date_is_met_by_overlap(client):
    """Offered by 14 January 2021, when is not told: it may have been any earlier year."""
    assert "equipment-donation" in slugs(client, "made_on=1990")
    assert "prioritise-cooperation" not in slugs(client, "made_on=1990")


def test_an_unknown_date_is_found_by_overlap_and_sorts_last(client, world):
    commitment = world.draft_commitment("undated")
    commitment.made_on = world.source.published
    commitment.save()
    claim = world.draft_claim("We refuse the boats", bears="declined", on=commitment)
    passage = claim.bearings.get().passages.get()
    world.publish(passage, claim, commitment, world.draft_change("declined", claim, "2020-01-06", on=commitment))
    assert commitment.slug in slugs(client, "made_on=1850") & slugs(client, "made_on[exists]=false")
    assert every(client)[-1]["id"] == commitment.pk


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("claimant=mexican-press", lambda row: row["claimant"]["name"].startswith("The Mexican press")),
        ("speech_act=announces", lambda row: row["speech_act"] == "announces"),
        ("speech_act[not]=reports", lambda row: row["speech_act"] != "reports"),
        ("said_on[lt]=2020", lambda row: row["said_on"]["earliest"] < "2020-01-01"),
    ],
)
def test_claims_are_found(client, query, holds):
    rows = found(client, "claims", query)
    assert rows
    assert [row["id"] for row in rows] == [row["id"] for row in found(client, "claims", "") if holds(row)]


def test_claims_that_bear_on_a_commitment_are_found(client):
    rows = found(client, "claims", "commitment=equipment-donation")
    assert {row["statement"][:13] for row in rows} == {"The United St", "The equipment"}


def test_each_filter_that_is_a_row_of_the_table_works_by_itself(client):
    """One value for every name that the table knows, of whatever kind it reads."""
    values = {"boolean": "true", "string": "2021"}
    own = {
        "id": "equipment-donation",
        "position": "mexico:silent",
        "kind": "extradition",
        "place": "tijuana",
        "topic": "fentanyl",
        "occasion": "barr-visits",
        "lineage_of": "joint-operation",
        "source": "landau-equipment-2021",
    }
    actors = dict.fromkeys(("party", "promisor", "promisee", "claimant"), "mexico")
    for name, rule in CommitmentFilters.rules.items():
        schema = rule.reader.schema
        value = {**own, **actors}.get(name.partition("[")[0]) or schema.get("enum", [values[schema["type"]]])[0]
        assert client.get(f"{API}commitments/", {name: value}).status_code == 200, name


def test_only_what_was_sent_is_built(django_assert_num_queries, client):
    """The head and the list; things that are named are looked up with the head."""
    with django_assert_num_queries(2):
        client.get(f"{API}commitments/?open=true&status=proposed&made_on[gte]=2019")
    with django_assert_num_queries(2):
        client.get(f"{API}commitments/?party=mexico&party=united-states&kind=extradition&position=mexico:silent")


@pytest.mark.parametrize("words", ["actors", "sources", "claims", "passages", "vocabularies", "status-changes"])
def test_a_list_costs_two_queries_whatever_its_length(django_assert_num_queries, client, words):
    for limit in (1, 200):
        with django_assert_num_queries(2):
            client.get(f"{API}{words}/?limit={limit}")


def test_lists_show_nothing_but_their_own_noun(client):
    for noun, words in (("actor", "actors"), ("passage", "passages"), ("term", "vocabularies")):
        shown = {row["id"] for row in found(client, words, "")}
        rows = STANDINGS[noun].objects.current().of_type(noun)
        assert shown == set(rows.values_list("subject_id", flat=True))


def test_only_the_members_asked_for_are_answered(client, db):
    answer = client.get("/api/v1/commitments/", {"fields": "status,id", "limit": 2}).json()
    assert [list(row) for row in answer["results"]] == [["status", "id"]] * 2
    assert list(client.get("/api/v1/actors/mexico/", {"fields": "name"}).json()) == ["name"]


def test_a_member_that_there_is_not_is_refused(client, db):
    answer = client.get("/api/v1/commitments/", {"fields": "status,titel"})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "fields")
    assert "“title”" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("asserts=not_accepted", lambda row: "not_accepted" in [b["position"] for b in row["bearings"]]),
        ("asserts=agreed", lambda row: "agreed" in [b["status"] for b in row["bearings"]]),
        ("reading=outlet", lambda row: "outlet" in [b["reading"] for b in row["bearings"]]),
        ("directness=2", lambda row: row["directness"] == 2),
        (
            "occasion=landau-conference",
            lambda row: (row["occasion"] or {}).get("name", "").startswith("Conference of C"),
        ),
        ("publisher=atalayar", lambda row: "US ambassador" in row["passages"][0]["source"]["title"]),
        ("source=binational-group-2022", lambda row: "Ammunition" in row["passages"][0]["source"]["title"]),
    ],
)
def test_a_filter_of_claims_finds_exactly_what_it_names(client, query, holds):
    rows = found(client, "claims", "")
    wanted = {row["id"] for row in rows if holds(row)}
    assert wanted and {row["id"] for row in found(client, "claims", query)} == wanted


@pytest.mark.parametrize("query", ["certainty=sure", "directness=many", "asserts=yes", "topic=tijuana", "overdue=1"])
def test_a_wrong_value_is_named(client, query):
    name = query.partition("=")[0]
    words = "commitments" if name in ("topic", "overdue") else "claims"
    answer = client.get(f"{API}{words}/?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, name)
