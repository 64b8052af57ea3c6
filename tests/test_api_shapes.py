"""What the contract names of each answer is there, under that very name."""

import pytest
from typeid import TypeID

from commitments.api.views import PATHS
from tests.routes import API, ONE_OF_EACH

pytestmark = pytest.mark.django_db
PREFIXES = {
    "commitment": "cmt",
    "claim": "clm",
    "passage": "psg",
    "source": "src",
    "actor": "act",
    "office": "off",
    "occasion": "occ",
    "status_change": "sch",
}
DATE = "edtf earliest latest basis note"
PASSAGE = "id source.id source.title capture exact exact_sha256 start end locator voice translated hops check"
# Members by noun; a dot leads into one, a star into each of a list.
MEMBERS = {
    "commitment": "id title.en title.es summary.en summary.es kind form parties.*.role parties.*.actor.name condition "
    "places topics made_on due due_first occasion lineage status open status_since status_claims "
    "positions.*.actor.name positions.*.position positions.*.claim positions.*.reading positions.*.own_word "
    "flags.disputed flags.overdue flags.single_party silent_since counts.claims counts.independent_roots "
    "counts.sources links.page links.provenance links.versions "
    + " ".join(f"made_on.{member}" for member in DATE.split()),
    "claim": "id statement claimant.id claimant.name office.id office.title office.body.name on_behalf_of speech_act "
    "occasion.name bearings.*.commitment.title bearings.*.status bearings.*.actor bearings.*.position "
    "bearings.*.reading bearings.*.note bearings.*.passages directness "
    + " ".join(f"passages.*.{member}" for member in PASSAGE.split())
    + "".join(f" said_on.{member}" for member in DATE.split()),
    "passage": PASSAGE,
    "source": "id title kind publisher byline language url archive_url published.edtf rights captures.*.id "
    "captures.*.sha256 captures.*.text_sha256 captures.*.characters captures.*.captured captures.*.held",
    "occasion": "id name kind date.edtf place access participants.*.actor.name participants.*.office "
    "participants.*.capacity",
    "actor": "id slug name names kind part_of side offices",
    "office": "id title body.name from to",
    "status_change": "id commitment.id commitment.title status effective.edtf nature claims reason corrects",
}


def lacking(told, members: str) -> list[str]:
    """Those of the members that an answer does not have."""
    return [path for path in members.split() if not holds(told, path.split("."))]


def holds(told, path: list[str]) -> bool:
    if not path:
        return True
    if path[0] == "*":
        return all(holds(one, path[1:]) for one in told)
    return path[0] in told and holds(told[path[0]], path[1:])


def one(client, noun: str) -> dict:
    return client.get(f"{API}{PATHS[noun]}/{ONE_OF_EACH[noun]}/").json()


@pytest.mark.parametrize("noun", MEMBERS)
def test_one_thing_has_every_member_that_the_contract_names(client, noun):
    told = one(client, noun)
    assert lacking(told, f"{MEMBERS[noun]} record.seq record.version record.leaf record.recorded_at") == []


@pytest.mark.parametrize("noun", MEMBERS)
def test_a_thing_stands_in_lists_as_it_does_alone(client, noun):
    alone = one(client, noun)
    rows = client.get(f"{API}{PATHS[noun]}/?limit=200").json()["results"]
    [listed] = [row for row in rows if row["id"] == alone["id"]]
    clocks = {member: alone["record"][member] for member in ("as_of", "known_at")}
    assert listed | {"record": listed["record"] | clocks} == alone


def test_an_occasion_and_lineage_stand_with_what_they_lead_to(client):
    rows = client.get(f"{API}commitments/?limit=200").json()["results"]
    links = [link for row in rows for link in row["lineage"]]
    occasions = [row["occasion"] for row in rows if row["occasion"]]
    assert links and occasions
    assert lacking(links, "*.type *.commitment.id *.commitment.title *.reading") == []
    assert lacking(occasions, "*.id *.name") == []


def test_the_holders_offices_stand_with_the_actor(client):
    [office] = client.get(f"{API}actors/christopher-landau/").json()["offices"]
    assert lacking(office, "id title body.id body.name from.edtf to.edtf") == []


@pytest.mark.parametrize("words", PATHS.values())
def test_a_list_is_its_results_the_next_page_and_the_record(client, words):
    answer = client.get(f"{API}{words}/").json()
    assert list(answer) == ["results", "next", "record"]
    assert list(answer["record"]) == ["seq", "as_of", "known_at"]


@pytest.mark.parametrize(("noun", "prefix"), PREFIXES.items())
def test_ids_are_type_ids_with_a_uuid_of_version_7_in_them(client, noun, prefix):
    for row in client.get(f"{API}{PATHS[noun]}/?fields=id&limit=200").json()["results"]:
        told = TypeID.from_string(row["id"])
        assert (told.prefix, told.uuid.version) == (prefix, 7)


def test_a_term_is_named_by_scheme_and_slug(client):
    ids = [row["id"] for row in client.get(f"{API}vocabularies/?fields=id&limit=200").json()["results"]]
    assert ids and all(client.get(f"{API}vocabularies/{i}/").json()["id"] == i for i in ids)


def test_a_list_has_fifty_results_unless_asked_for_more_or_fewer(client):
    assert [len(client.get(f"{API}claims/{asked}").json()["results"]) for asked in ("", "?limit=60")] == [50, 60]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "1.5", ""])
def test_a_limit_is_from_1_to_200(client, limit):
    answer = client.get(f"{API}claims/?limit={limit}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "limit")


def test_a_comma_is_an_ordinary_character(client):
    answer = client.get(f"{API}commitments/?status=declined,stalled")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown_value")
    assert "“declined,stalled”" in answer.json()["detail"]
