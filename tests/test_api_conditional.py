"""Who holds the answer already is told so, before anything is built."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings

from commitments.api import conditional
from commitments.clocks import stamp
from commitments.models.ledger import Head
from tests.routes import API, ROUTES
from tests.world import standing

pytestmark = pytest.mark.django_db
READABLE = [address for method, _, address, _, _ in ROUTES if method == "GET"]
ASKED = [
    "commitments/?q=equipment",
    "commitments/?q=equipment&sort=-made_on&limit=1&fields=title&include=actors,sources",
    "commitments/?as_of=2021-02-01&open=true&count=true&facets=status",
    "commitments/?as_of=2021-02-01&q=equipment",
    "commitments/?count=true",
    "claims/?claimant=christopher-landau&include=occasions",
    "claims/?q=equipment&as_of=2021-02-01",
    "changes/?commitment=equipment-donation",
    "commitments/equipment-donation/?include=claims",
    "commitments/equipment-donation/?as_of=2021-02-01",
    "commitments/equipment-donation/provenance/?as_of=2021-02-01&limit=1",
    "commitments/equipment-donation/timemap/?after=1",
    "commitments/equipment-donation/versions/?limit=1",
]
FROM_THE_HEAD = [
    "commitments/?q=equipment",
    "commitments/?as_of=2021-02-01",
    "commitments/?as_of=2021-02-01&q=equipment",
    "commitments/?count=true",
    "claims/?as_of=2021-02-01&limit=3",
    "commitments/equipment-donation/timemap/",
    "commitments/?open=true&limit=5",
    "commitments/equipment-donation/?as_of=2021-02-01",
    "commitments/equipment-donation/claims/",
    "commitments/equipment-donation/provenance/",
    "commitments/equipment-donation/versions/",
    "changes/",
]


KNOWN_THEN = [
    "commitments/?",
    "commitments/?q=boats&",
    "commitments/?as_of=2020-01-25&",
    "commitments/?as_of=2020-01-25&q=boats&sort=title&",
    "commitments/?count=true&facets=status&",
    "claims/?q=boats&include=sources&",
    "{}?",
    "{}claims/?as_of=2020-01-25&",
    "{}versions/?",
    "{}timemap/?",
    "{}provenance/?",
    "{}provenance/?as_of=2020-01-25&limit=1&",
    "changes/?",
]


def etag(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content
    return answer["ETag"]


def asked_again(client, path: str, held: str, method: str = "GET"):
    return client.generic(method, path, headers={"if-none-match": held})


def tomorrow():
    return time_machine.travel(datetime.now(UTC) + timedelta(days=1))


@pytest.fixture
def boats(world) -> str:
    return f"{API}commitments/{world.commitment.pk}/"


@pytest.fixture
def agree(world):
    return lambda: world.record("agreed", world.claim("Sutherland has accepted the boats", bears="agreed"), "2020-02")


@pytest.mark.parametrize("address", [*READABLE, *(API + path for path in ASKED)])
def test_every_answer_held_is_a_304_after_one_query_at_most(client, django_assert_max_num_queries, address):
    tag = etag(client, address)
    with django_assert_max_num_queries(1):
        again = asked_again(client, address, tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize("address", READABLE)
def test_head_is_answered_alike(client, address):
    tag = client.head(address)["ETag"]
    assert tag == etag(client, address)
    assert asked_again(client, address, tag, "HEAD").status_code == 304


@pytest.mark.parametrize("address", [*READABLE, *(API + path for path in ASKED)])
def test_a_304_builds_nothing(client, monkeypatch, address):
    tag = etag(client, address)
    monkeypatch.setattr("rest_framework.views.APIView.dispatch", lambda *_, **__: 1 / 0)
    assert asked_again(client, address, tag).status_code == 304


def test_a_304_says_what_a_browser_and_a_cache_need(client):
    path = f"{API}commitments/"
    answer = client.get(path)
    again = asked_again(client, path, answer["ETag"])
    for name in ("ETag", "Cache-Control", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers"):
        assert again[name] == answer[name]
    assert "ETag" in again["Access-Control-Expose-Headers"].split(", ")
    assert not {"Content-Length", "Content-Type", "Vary"} & again.headers.keys()


def test_a_page_elsewhere_may_send_the_tag(client):
    assert client.options(f"{API}commitments/")["Access-Control-Allow-Headers"].split(", ")[-1] == "If-None-Match"


@pytest.mark.parametrize("held", ["{}", "W/{}", '"other", {}', 'W/"other",W/{}', "*", '"a.b.c", {} , "d"'])
def test_a_tag_is_found_in_whatever_list(client, held):
    path = f"{API}commitments/"
    assert asked_again(client, path, held.format(etag(client, path))).status_code == 304


@pytest.mark.parametrize("held", ["", '"other"', "{bare}", "W/", '"', "'*'", '"*"', '"1.2021-01-01.{digest}"'])
def test_another_tag_gets_the_answer(client, held):
    path = f"{API}commitments/"
    bare = etag(client, path).strip('"')
    sent = held.format(bare=bare, digest=bare.rpartition(".")[2])
    assert asked_again(client, path, sent).status_code == 200


@pytest.mark.parametrize("path", FROM_THE_HEAD)
def test_an_answer_out_of_many_things_is_new_with_every_entry(client, world, agree, path):
    tag = etag(client, API + path)
    agree()
    again = asked_again(client, API + path, tag)
    assert (again.status_code, again["ETag"] == tag) == (200, False)


@pytest.mark.parametrize("path", ["commitments/?as_of=2020-01-25", "{}?as_of=2020-01-25", "commitments/"])
def test_an_entry_that_moves_only_what_held_on_an_earlier_day_makes_an_answer_new(client, world, agree, boats, path):
    agree()
    stalled = world.claim("The boats have been delivered", bears="stalled", said="2020-01-20")
    address, opened = API + path.format(boats.removeprefix(API)), standing(world.commitment).seq
    tag = etag(client, address)
    world.record("stalled", stalled, "2020-01-20")
    assert standing(world.commitment).seq == opened
    again = asked_again(client, address, tag)
    assert (again.status_code, again["ETag"] == tag) == (200, False)


def test_one_thing_is_new_only_when_its_standing_is(client, agree, boats):
    others = f"{API}commitments/equipment-donation/"
    tag, tag_of_another = etag(client, boats), etag(client, others)
    agree()
    assert asked_again(client, boats, tag).status_code == 200
    assert asked_again(client, others, tag_of_another).status_code == 304


def test_the_tag_of_one_thing_names_the_entry_that_opened_its_standing(client, boats):
    record = client.get(boats).json()["record"]
    assert int(etag(client, boats).strip('"').partition(".")[0]) == record["seq"]


@pytest.mark.parametrize("path", ["commitments/", "commitments/equipment-donation/"])
def test_overdue_may_change_overnight_and_so_does_the_tag(client, path):
    tag = etag(client, API + path)
    with tomorrow():
        assert asked_again(client, API + path, tag).status_code == 200


def test_a_day_asked_for_does_not_pass(client, django_assert_num_queries):
    path = f"{API}commitments/equipment-donation/?as_of=2021-02-01"
    tag = etag(client, path)
    with tomorrow(), django_assert_num_queries(1):
        assert asked_again(client, path, tag).status_code == 304


@pytest.mark.parametrize("path", KNOWN_THEN)
def test_what_was_known_then_is_held_for_ever(client, django_assert_num_queries, agree, boats, path):
    address = f"{API}{path.format(boats.removeprefix(API))}known_at={Head.objects.get().seq}"
    tag = etag(client, address)
    agree()
    with tomorrow(), django_assert_num_queries(0):
        again = asked_again(client, address, tag)
    assert (again.status_code, again["Cache-Control"]) == (304, "public, max-age=3600")


@pytest.mark.parametrize("path", KNOWN_THEN)
def test_an_answer_that_has_not_settled_has_no_tag(client, boats, path):
    address = API + path.format(boats.removeprefix(API))
    just_now = client.get(f"{address}known_at={stamp(datetime.now(UTC))}")
    assert (just_now.status_code, just_now["Cache-Control"]) == (200, "no-store")
    assert "ETag" not in just_now


def test_a_page_of_a_crawl_is_held_while_the_head_stands_and_again_once_it_is_past(client, agree, boats):
    page = client.get(f"{API}commitments/?limit=2").json()["next"]
    at_the_head = etag(client, page)
    assert asked_again(client, page, at_the_head)["Cache-Control"] == "public, no-cache"
    agree()
    past = asked_again(client, page, at_the_head)
    assert past.status_code == 200
    assert asked_again(client, page, past["ETag"])["Cache-Control"] == "public, max-age=3600"


def test_a_day_asked_for_moves_with_the_record(client, world):
    path = f"{API}commitments/?as_of=2020-01-25&id={world.commitment.pk}"
    before = client.get(path)
    world.record("stalled", world.claim("The boats have been delivered", bears="stalled"), "2020-01-20")
    after = client.get(path)
    told = [answer.json()["results"][0]["status"] for answer in (before, after)]
    assert told == ["proposed", "stalled"] and after["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("path", ["commitments/?statsu=agreed", "commitments/nothing/", "commitments/?known_at=0"])
@pytest.mark.parametrize("held", ["*", "{}"])
def test_an_error_has_no_tag_and_is_never_a_304(client, path, held):
    valid = etag(client, f"{API}commitments/")
    answer = asked_again(client, API + path, held.format(valid))
    assert answer.status_code in (400, 404)
    assert "ETag" not in answer


@pytest.mark.parametrize("path", ["commitments/?status=agreed", "commitments/?open=true&limit=5", "claims/"])
def test_a_tag_holds_for_its_own_question_alone(client, path):
    assert asked_again(client, API + path, etag(client, f"{API}commitments/?open=true")).status_code == 200


def test_a_tag_holds_for_its_own_host_alone(client):
    tag = etag(client, f"{API}commitments/")
    elsewhere = client.get(f"{API}commitments/", headers={"if-none-match": tag, "host": "127.0.0.1"})
    assert elsewhere.status_code == 200


def test_a_tag_does_not_stand_for_a_representation_that_we_do_not_have(client):
    headers = {"accept": "text/turtle", "if-none-match": etag(client, f"{API}commitments/")}
    assert client.get(f"{API}commitments/", headers=headers).status_code == 406


@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS"])
def test_only_reading_is_conditional(client, method):
    path = f"{API}commitments/"
    assert asked_again(client, path, etag(client, path), method).status_code in (204, 405)


def test_other_code_answers_anew(client, monkeypatch):
    tag = etag(client, f"{API}rubric/")
    assert asked_again(client, f"{API}rubric/", tag).status_code == 304
    monkeypatch.setattr(conditional, "BUILD", "other")
    assert asked_again(client, f"{API}rubric/", tag).status_code == 200


def test_the_build_moves_with_every_file_of_the_code(tmp_path):
    for name in ("uv.lock", "commitments/api/views.py", "tracker/settings.py"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("1")
    before = conditional.build_of(tmp_path)
    (tmp_path / "commitments/api/views.py").write_text("2")
    assert conditional.build_of(tmp_path) != before
    assert conditional.build_of(settings.BASE_DIR) == conditional.BUILD


def test_nobody_can_make_up_a_tag_without_our_key(client, settings):
    tag = etag(client, f"{API}rubric/")
    settings.SECRET_KEY = "another"
    assert asked_again(client, f"{API}rubric/", tag).status_code == 200
