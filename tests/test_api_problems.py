"""Bad input of any kind is a 4xx in a clear sentence, as problem+json; a fault of ours is one too."""

import pytest

from commitments.api import views
from commitments.api.problems import MEDIA_TYPE
from tests.routes import API

pytestmark = pytest.mark.django_db


def refused(client, path: str, status: int = 400) -> dict:
    answer = client.get(API + path)
    assert (answer.status_code, answer["Content-Type"]) == (status, MEDIA_TYPE), answer.content
    assert answer["X-Request-ID"] == answer.json()["request_id"]
    return answer.json()


@pytest.mark.parametrize(
    ("query", "parameter", "says"),
    [
        ("statsu=declined", "statsu", "Did you mean “status”?"),
        ("status=decline", "status", "Did you mean “declined”?"),
        ("status=declined&status=done", "status", "“done” is none of them."),
        ("form=promise", "form", "Known: offer"),
        ("kind=extraditoin", "kind", "Did you mean “extradition”?"),
        ("kind=topic/extradition", "kind", "no kind “topic/extradition”"),
        ("party=Mexco", "party", "Did you mean “mexico”?"),
        ("position=mexico", "position", "with a colon"),
        ("position=mexico:silnt", "position", "Did you mean “silent”?"),
        ("position=mexco:silent", "position", "Did you mean “mexico”?"),
        ("id=cmt_nothing", "id", "no commitment"),
        ("party=", "party", "no actor “”"),
        ("id=&id=equipment-donation", "id", "no commitment “”"),
        ("open=maybe", "open", "neither true nor false"),
        ("open=True", "open", "neither true nor false"),
        ("open=true&open=true", "open", "once only"),
        ("open=", "open", "neither true nor false"),
        ("made_on=yesterday", "made_on", "not a date"),
        ("made_on[gte]=2021&made_on[gte]=2022", "made_on[gte]", "once only"),
        ("made_on[near]=2021", "made_on[near]", "Did you mean"),
        ("limit=0", "limit", "from 1 to 200"),
        ("limit=201", "limit", "from 1 to 200"),
        ("limit=ten", "limit", "from 1 to 200"),
        ("limit=" + "9" * 5000, "limit", "5000 characters"),
        ("status=" + "x" * 100_000, "status", "100000 characters"),
        ("status=a%00b", "status", "cannot stand in text"),
        ("%00=a", "\ufffd", "cannot stand in text"),
        ("cursor=forged", "cursor", "not given out here"),
        ("as_of=2020-01", "as_of", "no day"),
        ("as_of=2100-01-01", "as_of", "has not come yet"),
        ("q=-only", "q", "Only words to leave out"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(client, query, parameter, says):
    [error] = refused(client, f"commitments/?{query}")["errors"]
    assert error["parameter"] == parameter
    assert says in error["detail"]


def test_everything_wrong_is_named_at_once(client):
    errors = refused(client, "commitments/?status=done&form=promise&open=maybe")["errors"]
    assert {error["parameter"] for error in errors} == {"status", "form", "open"}


@pytest.mark.parametrize(
    "path",
    [
        "commitments/cmt_01m80n3ac0ezqtxqm44rkbbkdb/",
        "commitments/%00/",
        "commitments/%ED%A0%80/",
        "commitments/" + "x" * 5000 + "/",
        "commitments/mexico/",
        "commitments/nothing/provenance/",
        "commitments/nothing/claims/",
        "commitments/equipment-donation/versions/2/",
        "commitments/equipment-donation/versions/0/",
        "commitments/equipment-donation/versions/" + "9" * 5000 + "/",
        "vocabularies/colours/",
        "vocabularies/kind/nothing/",
        "vocabularies/%00/%00/",
        "changes/0/",
        "changes/" + "9" * 5000 + "/",
        "nothing/",
    ],
)
def test_what_is_not_there_is_a_404(client, path):
    refused(client, path, 404)


def test_addresses_outside_every_version_of_the_api_are_problems_too(client):
    answer = client.get("/api/nothing")
    assert (answer.status_code, answer["Content-Type"]) == (404, MEDIA_TYPE)


def test_more_parameters_than_anybody_needs_are_refused(client):
    refused(client, "commitments/?" + "&".join(["status=agreed"] * 2000))


def test_a_representation_that_we_do_not_have_is_a_406(client):
    answer = client.get(f"{API}commitments/", headers={"accept": "text/turtle"})
    assert (answer.status_code, answer["Content-Type"]) == (406, MEDIA_TYPE)


def test_a_fault_of_ours_is_a_problem_with_an_id_to_find_it_by(client, monkeypatch, caplog):
    monkeypatch.setattr(views.vocabulary, "rubric", lambda: 1 / 0)
    client.raise_request_exception = False
    problem = refused(client, "rubric/", 500)
    assert problem["request_id"] in caplog.text
    assert "division" not in str(problem)


def test_people_are_told_in_html(client):
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
    assert "There is nothing at this address" in answer.content.decode()


def test_a_host_that_is_not_ours_is_a_400(client):
    answer = client.get(f"{API}commitments/", headers={"host": "elsewhere.example"})
    assert (answer.status_code, answer["Content-Type"]) == (400, MEDIA_TYPE)
