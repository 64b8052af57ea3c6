"""One thing at an instant (RFC 7089): the state that held, when it began, its own address, and its neighbours."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils.http import http_date, parse_http_date

from commitments import actions
from commitments.api import memento
from commitments.models.ledger import Entry
from tests.routes import API, ONE_OF_EACH, ROUTES
from tests.world import ACCEPTED, DELIVERED, day

pytestmark = pytest.mark.django_db
THINGS = [
    address
    for method, pattern, address, _, _ in ROUTES
    if method == "GET" and pattern.endswith(("/<str:id>/", "/<str:slug>/"))
]
LINK = re.compile(r'<([^>]+)>((?:; \w+="[^"]*")+)')


def links(text: str) -> dict[str, tuple[str, dict]]:
    """Each relation -> where it leads, and what else is said of it."""
    told = {}
    for target, parts in LINK.findall(text):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', parts))
        told |= {rel: (target, attributes) for rel in attributes.pop("rel").split()}
    return told


def at(instant: datetime) -> dict:
    return {"accept-datetime": http_date(instant.timestamp())}


@pytest.fixture
def boats(world) -> str:
    return f"{API}commitments/{world.commitment.pk}/"


@pytest.fixture
def states(world, boats) -> list[datetime]:
    """Proposed, agreed, fulfilled: when each began."""
    since = [Entry.objects.latest("seq").recorded_at]
    claims = [world.claim(ACCEPTED, bears="agreed"), world.claim(DELIVERED, bears="fulfilled")]
    for claim, status in zip(claims, ("agreed", "fulfilled"), strict=True):
        world.record(status, claim, "2020-02" if status == "agreed" else "2020-03")
        since.append(Entry.objects.latest("seq").recorded_at)
    return since


def test_a_plain_answer_leads_to_its_timegate_and_timemap(client, boats):
    answer = client.get(boats)
    told = links(answer["Link"])
    assert told["original"] == told["timegate"] == (f"http://testserver{boats}", {})
    assert told["timemap"] == (f"http://testserver{boats}timemap/", {"type": "application/link-format"})
    assert answer["Vary"] == "Accept-Datetime" and "Memento-Datetime" not in answer


def test_an_instant_is_answered_by_the_state_that_held_then(client, states, boats):
    answer = client.get(boats, headers=at(datetime.now(UTC) + timedelta(days=1)))
    assert (answer.status_code, answer.json()["status"]) == (200, "fulfilled")
    assert answer["Memento-Datetime"] == http_date(int(states[2].timestamp()))
    assert answer["Vary"] == "Accept-Datetime"
    assert links(answer["Link"])["timemap"][0] == f"http://testserver{boats}timemap/"


def test_before_its_first_state_a_thing_is_answered_by_that_one(client, states, boats):
    answer = client.get(boats, headers=at(datetime(1999, 1, 1, tzinfo=UTC)))
    assert (answer.status_code, answer.json()["status"]) == (200, "proposed")
    assert answer["Memento-Datetime"] == http_date(int(states[0].timestamp()))


@pytest.mark.parametrize("year", [1999, 2999])
@pytest.mark.parametrize("query", ["", "fields=title,status", "as_of=2021-01-20"])
def test_the_content_location_gives_the_same_bytes_for_ever(client, world, states, boats, year, query):
    answer = client.get(f"{boats}?{query}", headers=at(datetime(year, 1, 1, tzinfo=UTC)))
    world.norland.name = "Kingdom of Norland"
    world.norland.save()
    actions.amend(things=[world.norland], by=world.curator, reason="Its full name.")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=30)):
        own = client.get(answer["Content-Location"])
    assert own.content == answer.content
    assert own["Memento-Datetime"] == answer["Memento-Datetime"]
    assert own["Cache-Control"] == "public, max-age=3600" and "Vary" not in own


def test_the_state_is_told_with_those_around_it(client, states, boats):
    told = links(client.get(boats, headers=at(datetime(1999, 1, 1, tzinfo=UTC)))["Link"])
    assert {"first", "next", "last"} <= told.keys() and "prev" not in told
    first, following, last = (client.get(told[rel][0]).json() for rel in ("first", "next", "last"))
    assert [state["status"] for state in (first, following, last)] == ["proposed", "proposed", "fulfilled"]
    assert following["counts"]["claims"] == 2
    told = links(client.get(boats, headers=at(datetime(2999, 1, 1, tzinfo=UTC)))["Link"])
    assert {"first", "prev", "last"} <= told.keys() and "next" not in told


def test_every_state_leads_to_the_instant_at_which_it_is_told(client, states, boats):
    told = links(client.get(boats, headers=at(datetime(2999, 1, 1, tzinfo=UTC)))["Link"])
    for rel in ("first", "prev", "last"):
        address, attributes = told[rel]
        assert client.get(address)["Memento-Datetime"] == attributes["datetime"]


def test_the_second_that_an_entry_was_recorded_in_shows_it():
    begun = [datetime(2024, 5, 1, 12, 0, 0, 400_000, tzinfo=UTC), datetime(2024, 5, 1, 13, tzinfo=UTC)]
    states = [memento.State(seq, since, "cmt_x") for seq, since in enumerate(begun, 1)]
    shown = [
        memento.Memento(memento.read_instant(text, datetime(2025, 1, 1, tzinfo=UTC)), states).state.seq
        for text in ("Wed, 01 May 2024 12:00:00 GMT", "Wed, 01 May 2024 12:59:59 GMT", "Wed, 01 May 2024 13:00:00 GMT")
    ]
    assert shown == [1, 1, 2]


def test_the_middle_state_names_all_four_others():
    states = [memento.State(seq, datetime(2024, 5, seq, tzinfo=UTC), "cmt_x") for seq in range(1, 6)]
    told = links(", ".join(memento.Memento(datetime(2024, 5, 3, 9, tzinfo=UTC), states).links("https://x/")))
    found = {rel: target.rpartition("=")[2] for rel, (target, _) in told.items() if rel != "memento"}
    assert found == {"first": "1", "prev": "2", "next": "4", "last": "5"}


def test_a_later_day_than_the_states_first_stands_in_its_address():
    states = [memento.State(7, datetime(2024, 5, 1, 12, tzinfo=UTC), "cmt_x")]
    assert memento.Memento(datetime(2024, 5, 1, 18, tzinfo=UTC), states).clocks == {"known_at": "7"}
    later = memento.Memento(datetime(2024, 6, 1, tzinfo=UTC), states).clocks
    assert later == {"known_at": "7", "as_of": "2024-06-01"}


def test_overdue_is_told_as_of_the_instant_not_of_when_the_state_began(client, world):
    commitment = world.draft_commitment("dated")
    commitment.due = day((datetime.now(UTC) + timedelta(days=3)).date().isoformat())
    commitment.save()
    claim = world.draft_claim(ACCEPTED, bears="pledged", on=commitment)
    change = world.draft_change("pledged", claim, "2020-01-06", on=commitment)
    world.publish(claim.bearings.get().passages.get(), claim, commitment, change)
    path = f"{API}commitments/{commitment.pk}/"
    with time_machine.travel(datetime.now(UTC) + timedelta(days=30)):
        for days, overdue in ((1, True), (29, False)):
            answer = client.get(path, headers=at(datetime.now(UTC) - timedelta(days=days)))
            assert answer.json()["flags"]["overdue"] is overdue


def test_known_at_in_the_address_goes_before_the_header(client, states, boats):
    plain = client.get(f"{boats}?known_at=1", headers=at(datetime(2999, 1, 1, tzinfo=UTC)))
    assert plain.status_code == 404
    first = links(client.get(f"{boats}timemap/").content.decode())["first"][0]
    answer = client.get(first, headers=at(datetime(2999, 1, 1, tzinfo=UTC)))
    assert answer.json()["status"] == "proposed" and answer.content == client.get(first).content


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2007-05-31T20:35:00Z",
        "Fri, 31 May 2007 20:35:00 GMT",
        "Thu, 31 May 2007 20:35:00 UTC",
        "Thu, 31 May 2007 20:35:00 GMT, Thu, 31 May 2007 20:35:00 GMT",
        "Thursday, 31-May-07 20:35:00 GMT",
        "Thu May 31 20:35:00 2007",
        "Thu, 31 May 2007 25:35:00 GMT",
        "Thu, 31 May 0000 20:35:00 GMT",
        "x" * 5000,
    ],
)
def test_an_instant_that_cannot_be_read_is_refused(client, boats, text):
    answer = client.get(boats, headers={"accept-datetime": text, "if-none-match": '"1.2.3"'})
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["parameter"], error["code"]) == (400, "Accept-Datetime", "invalid")
    assert "write an instant as Thu, 31 May 2007 20:35:00 GMT" in error["detail"]


@pytest.mark.parametrize("year", [100, 1969, 9999])
def test_instants_of_every_century_are_answered(client, boats, year):
    assert client.get(boats, headers=at(datetime(year, 1, 1, tzinfo=UTC))).status_code == 200


def test_what_is_not_there_is_a_404_at_every_instant(client):
    answer = client.get(f"{API}commitments/nothing/", headers=at(datetime(2999, 1, 1, tzinfo=UTC)))
    assert answer.status_code == 404


@pytest.mark.parametrize("address", THINGS)
def test_every_thing_has_states(client, address):
    answer = client.get(address, headers=at(datetime(1999, 1, 1, tzinfo=UTC)))
    assert client.get(answer["Content-Location"]).content == answer.content
    assert parse_http_date(answer["Memento-Datetime"]) > 0
    told = links(client.get(f"{address}timemap/").content.decode())
    assert told["first"][1]["datetime"] == answer["Memento-Datetime"]


def test_there_is_a_thing_of_every_noun():
    assert len(THINGS) == len(ONE_OF_EACH) + 1


@pytest.mark.parametrize("path", ["commitments/", "commitments/equipment-donation/versions/", "rubric/"])
def test_what_is_no_single_thing_does_not_look_at_the_header(client, path):
    answer = client.get(API + path, headers={"accept-datetime": "yesterday"})
    assert answer.status_code == 200 and "Vary" not in answer


@pytest.mark.parametrize("year", [1999, 2999])
def test_the_answer_for_an_instant_held_is_a_304_after_one_query(client, boats, django_assert_num_queries, year):
    headers = at(datetime(year, 1, 1, tzinfo=UTC))
    answer = client.get(boats, headers=headers)
    with django_assert_num_queries(1):
        again = client.get(boats, headers=headers | {"if-none-match": answer["ETag"]})
    assert (again.status_code, again["Content-Location"]) == (304, answer["Content-Location"])
    assert (again["Vary"], again["Cache-Control"]) == ("Accept-Datetime", "public, no-cache")


def test_another_instant_has_another_tag(client, boats):
    instants = [at(datetime(year, 1, 1, tzinfo=UTC)) for year in (1999, 2000)]
    tags = {client.get(boats, headers=headers)["ETag"] for headers in ({}, *instants)}
    assert len(tags) == 3


def test_a_new_state_ends_the_tag_of_every_instant(client, world, boats):
    headers = at(datetime(1999, 1, 1, tzinfo=UTC))
    tag = client.get(boats, headers=headers)["ETag"]
    world.record("agreed", world.claim(ACCEPTED, bears="agreed"), "2020-02")
    assert client.get(boats, headers=headers | {"if-none-match": tag}).status_code == 200


def test_an_instant_costs_the_same_however_many_states_there_are(client, states, boats, django_assert_num_queries):
    for address in (boats, f"{API}commitments/equipment-donation/"):
        with django_assert_num_queries(3):
            client.get(address, headers=at(datetime(2999, 1, 1, tzinfo=UTC)))


class TestTimeMap:
    def test_it_lists_every_state_oldest_first(self, client, states, boats):
        answer = client.get(f"{boats}timemap/")
        assert answer["Content-Type"] == "application/link-format"
        text = answer.content.decode()
        mementos = [target for target, parts in LINK.findall(text) if "memento" in parts]
        shown = [client.get(target).json() for target in mementos]
        assert [state["status"] for state in shown] == ["proposed"] * 3 + ["agreed", "fulfilled"]
        assert {"original", "timegate", "self", "first", "last"} <= links(text).keys()

    def test_its_own_link_says_which_time_it_covers(self, client, states, boats):
        address, attributes = links(client.get(f"{boats}timemap/").content.decode())["self"]
        assert address == f"http://testserver{boats}timemap/"
        ends = [http_date(int(instant.timestamp())) for instant in (states[0], states[-1])]
        assert [attributes["from"], attributes["until"]] == ends

    def test_one_state_is_the_first_and_the_last(self, client, boats):
        told = links(client.get(f"{boats}timemap/").content.decode())
        assert told["first"] == told["last"] == told["memento"]

    def test_a_long_one_comes_in_parts(self, client, states, boats, monkeypatch):
        monkeypatch.setattr(memento, "MOST_STATES", 2)
        address, targets = f"{boats}timemap/", []
        while address:
            text = client.get(address).content.decode()
            targets += [target for target, parts in LINK.findall(text) if "memento" in parts]
            address = links(text).get("timemap", (None,))[0]
        assert len(targets) == len(set(targets)) == 5
        assert "last" in links(text) and "first" not in links(text)

    def test_it_can_be_read_as_known_then(self, client, states, boats):
        first = links(client.get(f"{boats}timemap/").content.decode())["first"][0]
        then = client.get(f"{boats}timemap/?{first.partition('?')[2]}").content.decode()
        assert then.count("memento") == 1

    def test_it_is_no_json(self, client, boats):
        answer = client.get(f"{boats}timemap/", headers={"accept": "application/json"})
        assert (answer.status_code, answer["Content-Type"]) == (406, "application/problem+json")
        assert "application/link-format" in answer.json()["detail"]

    def test_it_is_held_until_the_record_moves(self, client, world, boats):
        tag = client.get(f"{boats}timemap/")["ETag"]
        assert client.get(f"{boats}timemap/", headers={"if-none-match": tag}).status_code == 304
        world.claim(ACCEPTED, bears="agreed")
        assert client.get(f"{boats}timemap/", headers={"if-none-match": tag}).status_code == 200
