"""An address may read so often in a minute; what costs nothing is not counted."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
import time_machine

from commitments.api import limits
from commitments.api.problems import MEDIA_TYPE
from tests.routes import API

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 1, 1, 12, 0, 15, tzinfo=UTC)
RUBRIC = f"{API}rubric/"


@pytest.fixture(autouse=True)
def two_a_minute(settings, monkeypatch):
    settings.API_READS_PER_MINUTE = 2
    monkeypatch.setattr(limits, "READS", limits.Reads())
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def statuses(client, *paths: str, **sent) -> list[int]:
    return [client.get(path, **sent).status_code for path in paths]


def test_an_address_that_asks_too_often_is_told_when_to_come_back(client):
    assert statuses(client, RUBRIC, RUBRIC) == [200, 200]
    answer = client.get(RUBRIC)
    assert (answer.status_code, answer["Content-Type"], answer["Retry-After"]) == (429, MEDIA_TYPE, "45")
    assert answer.json()["detail"] == "This address asked more than 2 times in a minute; ask again in 45 seconds."
    assert (answer["Cache-Control"], answer["Access-Control-Allow-Origin"]) == ("no-store", "*")


def test_a_refusal_by_the_limit_costs_no_query(client, django_assert_num_queries):
    statuses(client, RUBRIC, RUBRIC)
    with django_assert_num_queries(0):
        assert statuses(client, f"{API}commitments/") == [429]


def test_every_answer_says_how_many_reads_are_left(client):
    answers = [client.get(path) for path in (RUBRIC, f"{API}nothing/", f"{API}actors/nobody/", RUBRIC)]
    assert [answer.get("RateLimit") for answer in answers] == [
        '"reads";r=1;t=45',
        None,
        '"reads";r=0;t=45',
        '"reads";r=0;t=45',
    ]
    assert {answer.get("RateLimit-Policy") for answer in answers} == {'"reads";q=2;w=60', None}


def test_the_next_minute_is_a_new_one(client, two_a_minute):
    assert statuses(client, RUBRIC, RUBRIC, RUBRIC) == [200, 200, 429]
    two_a_minute.shift(45)
    assert statuses(client, RUBRIC, RUBRIC, RUBRIC) == [200, 200, 429]


def test_nothing_is_remembered_of_the_minute_before(client, two_a_minute):
    statuses(client, RUBRIC, REMOTE_ADDR="192.0.2.1")
    two_a_minute.shift(60)
    statuses(client, RUBRIC, REMOTE_ADDR="192.0.2.2")
    assert list(limits.READS.counted) == ["192.0.2.2"]


def test_addresses_are_counted_apart(client):
    assert statuses(client, *[RUBRIC] * 3, REMOTE_ADDR="192.0.2.1") == [200, 200, 429]
    assert statuses(client, RUBRIC, REMOTE_ADDR="192.0.2.2") == [200]


def test_what_is_held_already_is_free(client):
    tag = client.get(RUBRIC)["ETag"]
    assert statuses(client, *[RUBRIC] * 9, headers={"if-none-match": tag}) == [304] * 9
    assert statuses(client, RUBRIC, RUBRIC) == [200, 429]


def test_a_304_that_took_the_whole_work_is_counted(client):
    assert statuses(client, *[RUBRIC] * 3, headers={"if-none-match": "*"}) == [304, 304, 429]


def test_the_feed_is_free(client):
    answers = [client.get(f"{API}changes/") for _ in range(9)]
    assert {answer.status_code for answer in answers} == {200}
    assert not any("RateLimit" in answer for answer in answers)
    assert statuses(client, RUBRIC) == [200]


def test_a_preflight_is_free(client):
    assert [client.options(RUBRIC).status_code for _ in range(9)] == [204] * 9


def test_0_sets_no_limit(client, settings):
    settings.API_READS_PER_MINUTE = 0
    answers = [client.get(RUBRIC) for _ in range(9)]
    assert not any("RateLimit" in answer for answer in answers)
    assert {answer.status_code for answer in answers} == {200}


def test_pages_for_people_have_no_limit(client):
    assert statuses(client, *["/commitments/"] * 3) == [200] * 3


@pytest.mark.parametrize(
    ("behind_a_proxy", "forwarded", "counted"),
    [
        (False, "192.0.2.9", "198.51.100.7"),
        (True, "192.0.2.9", "192.0.2.9"),
        (True, "10.9.8.7, 192.0.2.9", "192.0.2.9"),
        (True, None, "198.51.100.7"),
        (True, "no:address", "no:address"),
        (True, "::ffff:192.0.2.9", "192.0.2.9"),
    ],
)
def test_behind_a_proxy_its_word_alone_says_who_asks(rf, settings, behind_a_proxy, forwarded, counted):
    settings.HTTPS_ONLY = behind_a_proxy
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert limits.address_of(rf.get(RUBRIC, headers=headers, REMOTE_ADDR="198.51.100.7")) == counted


def test_all_addresses_of_one_ipv6_network_are_one_client():
    one, same, other = map(limits.network_of, ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"))
    assert one == same != other


@pytest.mark.parametrize(("value", "limit", "faults"), [("", 6000, 0), ("0", 0, 0), ("many", 6000, 1), ("-1", 6000, 1)])
def test_the_setting_is_a_whole_number(value, limit, faults):
    told = "from tracker import settings as s; print(s.API_READS_PER_MINUTE, len(s.ENVIRONMENT_FAULTS))"
    environment = {**os.environ, "API_READS_PER_MINUTE": value, "DATABASE_URL": "postgres://localhost/none"}
    answer = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == [str(limit), str(faults)]
