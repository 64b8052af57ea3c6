"""Hostile and odd requests over a real HTTP connection to the product as it is served."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

API = "/api/v1/"
HOSTILE = {
    "NUL in a path": ("GET", f"{API}commitments/a%00b/", 404),
    "NUL in a query": ("GET", f"{API}commitments/?status=a%00b", 400),
    "bytes that are no UTF-8 in a path": ("GET", f"{API}commitments/%ff%fe/", 404),
    "bytes that are no UTF-8 in a query": ("GET", f"{API}commitments/?status=%ff", 400),
    "a lone surrogate": ("GET", f"{API}commitments/?status=%ed%a0%80", 400),
    "a number of 5,000 digits": ("GET", f"{API}changes/?after={'9' * 5000}", 400),
    "an entry of 5,000 digits": ("GET", f"{API}changes/{'9' * 5000}/", 404),
    "a version that is no number": ("GET", f"{API}commitments/equipment-donation/versions/-1/", 404),
    "a cursor of our own making": ("GET", f"{API}commitments/?cursor=WyIxIl0:abc", 400),
    "a clock of the year 99999": ("GET", f"{API}commitments/?known_at=99999-01-01T00:00:00Z", 400),
    "a clock before the record": ("GET", f"{API}commitments/?known_at=2001-01-01T00:00:00Z", 200),
    "a day that is none": ("GET", f"{API}commitments/equipment-donation/?as_of=2021-02-30", 400),
    "a thousand parameters": ("GET", f"{API}commitments/?" + "&".join(f"a{i}=1" for i in range(1000)), 400),
    "an unknown path": ("GET", f"{API}comitments/", 404),
    "another way up": ("GET", f"{API}commitments/../../admin/", 404),
    "a method that writes": ("DELETE", f"{API}commitments/equipment-donation/", 405),
    "a method that nobody has": ("BREW", f"{API}commitments/", 405),
    "an answer in XML": ("GET", f"{API}commitments/", 406),
}


@pytest.fixture
def ask(served):
    address = urlsplit(served)

    def ask(method, path, body=None, **headers):
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    return ask


def test_every_hostile_request_gets_its_clear_answer(ask):
    """One server for the whole table: starting it costs more than asking."""
    for what, (method, path, status) in HOSTILE.items():
        answer, body = ask(method, path, Accept="text/xml" if status == 406 else "*/*")
        assert answer.status == status, what
        if status >= 400:
            problem = json.loads(body)
            assert answer.headers["Content-Type"] == "application/problem+json", what
            assert (problem["status"], bool(problem["detail"]), bool(problem["request_id"])) == (status, True, True)


def test_a_body_of_three_megabytes_is_not_taken(ask):
    answer, _ = ask("POST", f"{API}commitments/", b"x" * 3_000_000)
    assert answer.status in (405, 413)


def test_head_answers_as_get_without_the_body(ask):
    path = f"{API}commitments/equipment-donation/"
    (head, nothing), (got, _) = ask("HEAD", path), ask("GET", path)
    assert (head.status, nothing) == (200, b"")
    assert head.headers["Content-Type"] == got.headers["Content-Type"] == "application/json"


def test_a_304_over_http_is_headers_and_nothing_else(ask):
    path = f"{API}commitments/"
    got, _ = ask("GET", path)
    again, nothing = ask("GET", path, **{"If-None-Match": got.headers["ETag"]})
    assert (again.status, nothing, again.headers["ETag"]) == (304, b"", got.headers["ETag"])
    assert "Content-Length" not in again.headers


def test_an_address_may_read_a_hundred_times_a_second_where_nothing_is_set(ask):
    got, _ = ask("GET", f"{API}rubric/")
    assert got.headers["RateLimit-Policy"] == '"reads";q=6000;w=60'


def test_the_same_question_gets_the_same_bytes(ask):
    path = f"{API}commitments/?open=true&limit=5&known_at=1"
    assert ask("GET", path)[1] == ask("GET", path)[1]


def test_health_and_readiness_answer(ask):
    assert [ask("GET", path)[0].status for path in ("/healthz", "/readyz")] == [200, 200]
