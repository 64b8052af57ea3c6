"""The edges of the API: whoever asks, wherever and however, gets the same answer, open to every origin, and an
error is a problem without exception."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from commitments.api import limits, views
from commitments.api.problems import MEDIA_TYPE
from tests.roles import ROLES
from tests.routes import API, ROUTES

pytestmark = pytest.mark.django_db
READABLE = [address for method, _, address, _, _ in ROUTES if method == "GET"]
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW")
ABSENT = ["/api/v2/commitments/", "/api/nothing", f"{API}nothing/", f"{API}commitments/a/b/c/d/"]
ELSEWHERE = {"origin": "https://elsewhere.example"}
# What is wrong with a request at any readable address, and the status of its answer.
WRONG = {
    "a parameter that is none": (400, "?statsu=declined", {}),
    "a character that is none": (400, "?%00=%00", {}),
    "more parameters than are read": (400, "?" + "&".join(["a=1"] * 1001), {}),
    "a host that is not ours": (400, "", {"host": "elsewhere.example"}),
    "a form that we do not have": (406, "", {"accept": "text/turtle"}),
    "a format of the framework": (400, "?format=xml", {}),
}


def told(answer) -> tuple:
    """All that an answer says, but for the id of the request."""
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}
    body = re.sub(rb'"request_id":"\w+"|Request [0-9a-f]{32}', b"", answer.content)
    return answer.status_code, body, headers, dict(answer.cookies)


def is_open(answer) -> bool:
    cookies = answer.cookies or "cookie" in answer.get("Vary", "").lower()
    return answer["Access-Control-Allow-Origin"] == "*" and not cookies


def check_problem(answer, status: int) -> dict:
    assert (answer.status_code, answer["Content-Type"]) == (status, MEDIA_TYPE), answer.content
    problem = answer.json()
    assert problem["status"] == status and problem["detail"]
    assert answer["X-Request-ID"] == problem["request_id"]
    assert is_open(answer) and answer["Cache-Control"] == "no-store"
    return problem


@pytest.fixture
def fault(client, monkeypatch) -> Client:
    """A client that gets our 500 as others do; the rubric is out of order."""
    monkeypatch.setattr(views.vocabulary, "rubric", lambda: 1 / 0)
    client.raise_request_exception = False
    return client


@pytest.fixture
def everyone() -> dict[str, Client]:
    return {role: sign_in() for role, sign_in in ROLES.items()}


@pytest.mark.parametrize("method", METHODS)
def test_every_route_answers_every_role_alike(everyone, method):
    for address in READABLE:
        answers = {role: asks.generic(method, address) for role, asks in everyone.items()}
        assert all(told(answer) == told(answers["anonymous"]) for answer in answers.values()), address
        assert all(is_open(answer) for answer in answers.values()), address


@pytest.mark.parametrize("wrong", WRONG)
def test_every_route_refuses_every_role_alike(everyone, wrong):
    status, query, headers = WRONG[wrong]
    for address in READABLE:
        answers = {role: asks.get(address + query, headers=headers) for role, asks in everyone.items()}
        assert all(told(answer) == told(answers["anonymous"]) for answer in answers.values()), address
        check_problem(answers["anonymous"], status)


@pytest.mark.parametrize("role", ROLES)
def test_what_is_held_is_a_304_for_every_role(role):
    asks = ROLES[role]()
    for address in READABLE:
        again = asks.get(address, headers={"if-none-match": asks.get(address)["ETag"]})
        assert again.status_code == 304 and is_open(again)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("address", ABSENT)
def test_an_address_of_nothing_is_a_404_for_every_role(role, address):
    asks = ROLES[role]()
    for method in METHODS:
        if method != "HEAD":
            check_problem(asks.generic(method, address), 404)


@pytest.mark.parametrize("role", ROLES)
def test_a_fault_of_ours_is_a_500_for_every_role(role, fault):
    asks = ROLES[role]()
    asks.raise_request_exception = False
    check_problem(asks.get(f"{API}rubric/"), 500)


@pytest.mark.parametrize("role", ROLES)
def test_too_many_reads_are_a_429_for_every_role(role, settings, monkeypatch):
    settings.API_READS_PER_MINUTE = 1
    monkeypatch.setattr(limits, "READS", limits.Reads())
    asks = ROLES[role]()
    with time_machine.travel(datetime(2027, 1, 1, 12, tzinfo=UTC), tick=False):
        for address in READABLE:
            answer = asks.get(address)
        check_problem(answer, 429)
    assert (answer["Retry-After"], answer["RateLimit"]) == ("60", '"reads";r=0;t=60')
    assert answer["RateLimit-Policy"] == '"reads";q=1;w=60'


@pytest.mark.parametrize("method", [method for method in METHODS if method not in ("GET", "HEAD", "OPTIONS")])
def test_only_reading_is_answered_and_what_is_answered_is_named(client, method):
    for address in READABLE:
        answer = client.generic(method, address)
        problem = check_problem(answer, 405)
        assert answer["Allow"] == "GET, HEAD, OPTIONS"
        assert problem["detail"] == f'Method "{method}" not allowed. GET, HEAD, OPTIONS are answered here.'


@pytest.mark.parametrize("address", [f"{API}commitments/", f"{API}nothing/", f"{API}commitments"])
def test_a_preflight_is_answered_at_every_address(client, address):
    asked = {"access-control-request-method": "GET", "access-control-request-headers": "accept-datetime"}
    answer = client.options(address, headers=ELSEWHERE | asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert answer["Access-Control-Allow-Headers"] == "Accept-Datetime, If-None-Match"


def test_a_page_elsewhere_may_read_every_header_that_means_something(client):
    exposed = client.get(f"{API}commitments/")["Access-Control-Expose-Headers"].split(", ")
    assert {"Allow", "ETag", "Link", "Memento-Datetime", "RateLimit", "Retry-After", "X-Request-ID"} <= set(exposed)
    assert exposed == sorted(exposed)


@pytest.mark.parametrize("method", METHODS)
def test_an_address_that_lacks_its_last_slash_leads_to_where_it_was_meant(client, method):
    answer = client.generic(method, f"{API}commitments?status=agreed&q=%C3%A9")
    assert (answer.status_code, answer.content) == (308, b"")
    assert answer["Location"] == f"{API}commitments/?status=agreed&q=%C3%A9"
    assert is_open(answer)


@pytest.mark.parametrize("address", [address.rstrip("/") for address in READABLE if address.endswith("/")])
def test_every_route_is_found_without_its_last_slash(client, address):
    assert client.get(address, follow=True).status_code == 200


def test_behind_a_proxy_plain_http_is_redirected_for_every_origin(settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get(f"{API}commitments/")
    assert answer["Location"].startswith("https://") and is_open(answer)


class TestWithDebug:
    """Django's own pages for those who develop never stand under /api/."""

    @pytest.fixture(autouse=True)
    def debug(self, settings):
        settings.DEBUG = True

    @pytest.mark.parametrize("address", [*ABSENT, f"{API}commitments/nothing/", f"{API}vocabularies/colours/"])
    def test_what_is_not_there_is_a_problem(self, client, address):
        check_problem(client.get(address), 404)

    @pytest.mark.parametrize("wrong", WRONG)
    def test_what_is_wrong_is_a_problem(self, client, wrong):
        status, query, headers = WRONG[wrong]
        check_problem(client.get(f"{API}commitments/{query}", headers=headers), status)

    def test_a_fault_of_ours_is_a_problem_that_tells_nothing_of_the_code(self, fault, caplog):
        answer = fault.get(f"{API}rubric/")
        assert "division" not in check_problem(answer, 500)["detail"]
        assert answer["X-Request-ID"] in caplog.text and "ZeroDivisionError" in caplog.text

    def test_a_missing_slash_is_no_fault_of_ours_whatever_the_method(self, client):
        assert client.post(f"{API}commitments").status_code == 308


@pytest.mark.parametrize(
    "accept",
    ["", ";", "*", "*/*;q=a", "application/json; charset*=nonsense'x'y", "application/json;a*=utf-8''%ff", "\xff/\xfe"],
)
def test_whatever_stands_in_accept_is_never_a_fault_of_ours(client, accept):
    assert client.get(f"{API}commitments/", headers={"accept": accept}).status_code in (200, 406)
