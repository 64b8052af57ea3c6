"""Two clocks, never mixed: what held in the world on a day, and what this record said at an instant."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
import time_machine

from commitments.clocks import stamp
from commitments.models.ledger import Entry, Head
from tests.routes import API

pytestmark = pytest.mark.django_db
ACCEPTED = "Sutherland has accepted the boats"


def read(client, path: str, **query: str) -> dict:
    answer = client.get(API + path, query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def refusal(client, **query: str) -> dict:
    answer = client.get(f"{API}commitments/equipment-donation/", query)
    assert answer.status_code == 400
    return answer.json()["errors"][0]


@pytest.fixture
def agreed(world):
    """Proposed on 6 January 2020; agreed on 1 February, recorded later. Answers the seq before that."""
    before = Head.objects.get().seq
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")
    return before


def test_known_at_shows_what_the_record_said_then(client, world, agreed):
    path = f"commitments/{world.commitment.pk}/"
    assert read(client, path)["status"] == "agreed"
    assert read(client, path, known_at=str(agreed))["status"] == "proposed"


def test_an_instant_stands_for_the_last_entry_recorded_by_then(client, world, agreed):
    entry = Entry.objects.get(seq=agreed)
    stated = read(client, "commitments/", known_at=stamp(entry.recorded_at))["record"]
    assert stated == {
        "seq": agreed,
        "as_of": entry.recorded_at.date().isoformat(),
        "known_at": stamp(entry.recorded_at),
    }


def test_a_seq_inside_a_published_set_stands_for_the_whole_set(client):
    first = Entry.objects.get(seq=1)
    assert first.set_last > 1
    assert read(client, "commitments/", known_at="1")["record"]["seq"] == first.set_last


def test_before_the_first_entry_there_is_nothing(client):
    answer = read(client, "commitments/", known_at="2001-01-01T00:00:00Z")
    assert answer["results"] == []
    assert answer["record"] == {"seq": 0, "as_of": "2001-01-01", "known_at": "2001-01-01T00:00:00.000000Z"}
    gone = client.get(f"{API}commitments/equipment-donation/?known_at=2001-01-01T00:00:00Z")
    assert gone.status_code == 404


def test_not_given_known_at_is_the_newest_entrys_own_instant(client):
    head = Head.objects.get()
    assert read(client, "actors/")["record"] == {
        "seq": head.seq,
        "as_of": datetime.now(UTC).date().isoformat(),
        "known_at": stamp(head.recorded_at),
    }


def test_an_empty_record_answers(client, monkeypatch):
    monkeypatch.setattr("commitments.clocks.HEAD", "SELECT 0, NULL::timestamptz, true")
    answer = read(client, "commitments/")
    assert answer["results"] == [] and answer["next"] is None
    assert (answer["record"]["seq"], answer["record"]["known_at"]) == (0, None)
    assert read(client, "changes/")["up_to"] == 0


def test_one_thing_states_both_clocks_and_what_opened_it(client, world, agreed):
    record = read(client, f"commitments/{world.commitment.pk}/")["record"]
    opened = Entry.objects.filter(seq__gt=agreed, type="record_status").get()
    assert (record["seq"], record["known_at"]) == (opened.seq, stamp(opened.recorded_at))
    assert record["version"] == 1


@pytest.mark.parametrize(
    ("known_at", "says"),
    [
        ("0", "The first entry has seq 1."),
        ("999999", "no entry 999999 yet"),
        ("9" * 150, "yet"),
        ("2999-01-01T00:00:00Z", "has not come yet"),
        ("2021-01-01T00:00:00", "with Z or an offset"),
        ("2021-01-01", "with Z or an offset"),
        ("0001-01-01T00:00:00+14:00", "with Z or an offset"),
        ("yesterday", "with Z or an offset"),
        ("", "with Z or an offset"),
        ("-1", "with Z or an offset"),
        ("٣", "with Z or an offset"),
    ],
)
def test_an_instant_that_cannot_be_read_is_refused(client, known_at, says):
    error = refusal(client, known_at=known_at)
    assert error["parameter"] == "known_at"
    assert says in error["detail"]


@pytest.mark.parametrize(
    ("as_of", "code"),
    [
        ("2999-01-01", "future"),
        ("20210101", "invalid"),
        ("2021-02-29", "invalid"),
        ("2021-W01-1", "invalid"),
        ("", "invalid"),
    ],
)
def test_a_day_that_cannot_be_read_is_refused(client, as_of, code):
    assert (refusal(client, as_of=as_of)["parameter"], refusal(client, as_of=as_of)["code"]) == ("as_of", code)


def test_a_plus_that_arrived_as_a_space_is_read_as_what_was_meant(client):
    entry = Entry.objects.latest("seq")
    text = (entry.recorded_at + timedelta(hours=2)).isoformat().replace("+00:00", "+02:00")
    for written in (quote(text), text):
        answer = client.get(f"{API}commitments/?known_at={written}")
        assert answer.json()["record"]["seq"] == entry.seq


def test_as_of_shows_what_held_in_the_world_on_that_day(client, world, agreed):
    path = f"commitments/{world.commitment.pk}/"
    then = read(client, path, as_of="2020-01-31")
    assert (then["status"], then["status_since"]["edtf"]) == ("proposed", "2020-01-06")
    assert (then["record"]["as_of"], then["silent_since"]) == ("2020-01-31", "2020-01-06")
    assert read(client, path, as_of="2020-02-01")["status"] == "agreed"


def test_counts_and_titles_stay_as_recorded_on_whatever_day(client, world, agreed):
    path = f"commitments/{world.commitment.pk}/"
    then, now = read(client, path, as_of="2020-01-31"), read(client, path)
    assert then["counts"] == now["counts"] == {"claims": 2, "independent_roots": 2, "sources": 1}


def test_a_day_of_today_derives_what_is_stored(client):
    today = datetime.now(UTC).date().isoformat()
    for row in read(client, "commitments/", limit="200")["results"]:
        alone = read(client, f"commitments/{row['id']}/", as_of=today)
        assert alone | {"record": None} == row | {"record": None}


def test_the_last_day_of_the_sources_derives_what_is_stored(client):
    """Nothing in the real record happened later: re-deriving finds what the standings hold."""
    for row in read(client, "commitments/", limit="200")["results"]:
        alone = read(client, f"commitments/{row['id']}/", as_of="2026-01-01")
        assert alone | {"record": None} == row | {"record": None}


def test_both_clocks_compose(client, world, agreed):
    path = f"commitments/{world.commitment.pk}/"
    answer = read(client, path, known_at=str(agreed), as_of="2020-02-02")
    assert (answer["status"], answer["record"]["as_of"]) == ("proposed", "2020-02-02")


def test_before_its_first_status_a_commitment_is_not_there_and_says_since_when_it_is(client, world):
    answer = client.get(f"{API}commitments/{world.commitment.pk}/?as_of=2020-01-05")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "On 2020-01-05 this commitment had no status yet; it has one from 2020-01-06."


def test_a_claim_is_not_there_before_it_was_said(client, world):
    path = f"{API}claims/{world.offer.pk}/"
    assert client.get(f"{path}?as_of=2020-01-05").status_code == 404
    assert client.get(f"{path}?as_of=2020-01-06").status_code == 200


def test_what_is_recorded_of_a_commitment_is_listed_as_of_a_day(client, world, agreed):
    for words in ("claims", "status-changes"):
        path = f"commitments/{world.commitment.pk}/{words}/"
        assert len(read(client, path)["results"]) == 2
        assert len(read(client, path, as_of="2020-01-31")["results"]) == 1
        assert len(read(client, path, known_at=str(agreed))["results"]) == 1


def test_overdue_hangs_on_the_day_of_reading(client, world):
    commitment = world.draft_commitment("dated")
    commitment.due = world.proposed.effective
    commitment.save()
    claim = world.draft_claim("We refuse the boats", bears="pledged", on=commitment, said="2020-01-01")
    passage = claim.bearings.get().passages.get()
    world.publish(passage, claim, commitment, world.draft_change("pledged", claim, "2020-01-01", on=commitment))
    path = f"commitments/{commitment.pk}/"
    assert read(client, path)["flags"]["overdue"] is True
    assert read(client, "commitments/", id=commitment.pk)["results"][0]["flags"]["overdue"] is True
    assert read(client, path, as_of="2020-01-06")["flags"]["overdue"] is False


@pytest.mark.parametrize(
    "path", ["commitments/?limit=2", "{}/?", "{}/provenance/?", "{}/versions/?", "changes/?limit=9"]
)
def test_an_answer_with_known_at_is_the_same_bytes_tomorrow(client, world, path):
    known = Head.objects.get().seq
    address = f"{API}{path.format(f'commitments/{world.commitment.pk}')}&known_at={known}".replace("?&", "?")
    then = client.get(address).content
    world.record("agreed", world.claim(ACCEPTED, bears="agreed"), "2020-02")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
        assert client.get(address).content == then


def test_only_settled_answers_may_be_kept(client):
    just_now = stamp(datetime.now(UTC))
    assert client.get(f"{API}commitments/?known_at={just_now}")["Cache-Control"] == "no-store"
    assert client.get(f"{API}commitments/?known_at=1")["Cache-Control"] == "public, max-age=3600"


def test_re_deriving_costs_the_same_whatever_the_length(django_assert_num_queries, client, world, agreed):
    for commitment in ("equipment-donation", world.commitment.pk):
        with django_assert_num_queries(3):
            client.get(f"{API}commitments/{commitment}/?as_of=2021-01-20")
