"""What is declared is what answers: routes, the OpenAPI document, the README."""

import re
from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.conf import settings
from django.urls import URLResolver, get_resolver
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate

from commitments import documents
from commitments.api.problems import MEDIA_TYPE
from commitments.api.shapes import COMPONENTS
from commitments.filters import ChangeFilters, ClaimFilters, CommitmentFilters
from tests.routes import API, FOR_PEOPLE, ROUTES

pytestmark = pytest.mark.django_db
READABLE = [(pattern, address) for method, pattern, address, _, _ in ROUTES if method == "GET"]
FILTERS = {"commitments/": CommitmentFilters, "claims/": ClaimFilters, "changes/": ChangeFilters}


def patterns(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        yield from patterns(pattern, route) if isinstance(pattern, URLResolver) else [route]


def document(client) -> dict:
    return client.get(f"{API}openapi.json").json()


def operation(client, pattern: str) -> dict:
    return document(client)["paths"][re.sub(r"<\w+:(\w+)>", r"{\1}", pattern)]["get"]


def test_every_route_of_the_api_is_in_the_table():
    declared = {pattern for _, pattern, _, _, _ in ROUTES + FOR_PEOPLE}
    assert {route for route in patterns(get_resolver()) if route.startswith("/api/")} == declared


@pytest.mark.parametrize(("method", "pattern", "address", "role", "status"), ROUTES + FOR_PEOPLE)
def test_every_route_answers_as_the_table_says(client, method, pattern, address, role, status):
    answer = client.generic(method, address)
    assert answer.status_code == status, answer.content
    if status == 405:
        assert answer["Content-Type"] == MEDIA_TYPE
        assert answer["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(("pattern", "address"), READABLE)
def test_every_answer_has_the_shape_that_the_document_gives(client, pattern, address):
    [(media_type, told)] = operation(client, pattern)["responses"]["200"]["content"].items()
    # None of these calls asks for some members only.
    shapes = document(client)["components"]["schemas"]
    known = {"components": {"schemas": {name: not name.startswith("SomeOf") and shapes[name] for name in shapes}}}
    answer = client.get(address)
    shown = answer.json() if media_type == "application/json" else answer.content.decode()
    assert answer["Content-Type"] == media_type
    Draft202012Validator(told["schema"] | known, format_checker=FormatChecker()).validate(shown)


def test_making_the_document_leaves_the_shapes_as_they_are(client):
    before = deepcopy(documents.ROWS)
    document(client)
    assert before == documents.ROWS


def test_a_row_with_a_member_that_no_shape_knows_is_refused(client):
    row = client.get(f"{API}commitments/equipment-donation/").json()
    validator = Draft202012Validator(COMPONENTS["Commitment"])
    assert validator.is_valid(row)
    assert not validator.is_valid(row | {"draft": True})


@pytest.mark.parametrize(("pattern", "address"), READABLE)
def test_every_route_refuses_a_parameter_that_it_does_not_declare(client, pattern, address):
    answer = client.get(address, {"statsu": "declined"})
    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json()["errors"]] == ["statsu"]


def test_the_openapi_document_is_valid(client):
    validate(document(client))


@pytest.mark.parametrize(("words", "filters"), FILTERS.items())
def test_every_filter_stands_in_the_openapi_document(client, words, filters):
    documented = {p["name"]: p for p in operation(client, API + words)["parameters"]}
    assert filters.rules.keys() <= documented.keys()
    assert all(documented[name]["description"] for name in filters.rules)


def test_the_document_gives_every_problem_as_problem_json(client):
    for path, of_path in document(client)["paths"].items():
        problems = {status: told for status, told in of_path["get"]["responses"].items() if status >= "400"}
        assert problems.keys() >= {"400", "405", "406", "500"}
        # What names nothing has nothing to miss.
        assert ("404" in problems) == ("{" in path)
        assert all(list(told["content"]) == [MEDIA_TYPE] for told in problems.values())


def test_the_document_gives_the_304_and_the_limit_with_their_headers(client):
    for route in ("rubric/", "changes/"):
        answers = operation(client, API + route)["responses"]
        assert "content" not in answers["304"]
        assert answers["304"]["headers"].keys() == {"ETag", "Cache-Control"}
        assert ("429" in answers) == ("RateLimit" in answers["200"]["headers"]) == (route != "changes/")
    limited = operation(client, f"{API}rubric/")["responses"]["429"]["headers"]
    assert limited.keys() == {"Retry-After", "RateLimit", "RateLimit-Policy", "X-Request-ID"}


@pytest.mark.parametrize("filters", FILTERS.values())
def test_every_filter_stands_in_the_readme(filters):
    api = (settings.BASE_DIR / "README.md").read_text().partition("\n## API")[2].partition("\n## ")[0]
    assert {name.partition("[")[0] for name in filters.rules} <= set(re.findall(r"`(\w+)`", api))


def test_links_lead_where_they_say(client):
    links = client.get(f"{API}commitments/equipment-donation/").json()["links"]
    assert links.pop("page").endswith("/equipment-donation/")
    assert {client.get(link).status_code for link in links.values()} == {200}


def test_one_commitment_and_its_page_for_people_lead_to_each_other(client):
    answer = client.get(f"{API}commitments/equipment-donation/")
    page = answer.json()["links"]["page"]
    assert f'<{page}>; rel="alternate"; type="text/html"' in answer["Link"].split(", ")
    html = " ".join(client.get(page).content.decode().split())
    address = html.partition('<link rel="alternate" type="application/json" href="')[2].partition('"')[0]
    assert client.get(address).json() == answer.json()


@pytest.mark.parametrize("path", ["actors/mexico/", "claims/clm_01m80n3ac0ezqtxqm458e2tq5v/"])
def test_what_has_no_page_of_its_own_has_no_alternate(client, path):
    assert "alternate" not in client.get(API + path)["Link"]


def test_versions_tell_what_proves_each_and_nothing_else(client):
    [version] = client.get(f"{API}commitments/equipment-donation/versions/").json()["results"]
    assert list(version) == ["n", "seq", "until_seq", "type", "salt", "body_digest", "leaf"]


def test_a_slug_and_an_id_give_the_same_answer(client):
    by_slug = client.get(f"{API}actors/mexico/")
    assert client.get(f"{API}actors/{by_slug.json()['id']}/").content == by_slug.content


def test_anybody_may_read_from_any_origin_and_no_cookie_is_set(client):
    answer = client.get(f"{API}commitments/")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, no-cache"
    assert not answer.cookies and "Vary" not in answer
