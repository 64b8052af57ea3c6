"""The first page: open commitments, where all stand, what was recorded lately."""

import gzip

import pytest

from tests.world import ACCEPTED

pytestmark = pytest.mark.django_db


def test_the_board_counts_every_commitment_by_its_status(client):
    board = client.get("/").context["board"]
    everything = client.get("/api/v1/commitments/?facets=status,open").json()["facets"]
    told = {value["asks"]: value["count"] for value in board["statuses"]}
    assert told == {value["value"]: value["count"] for value in everything["status"]}
    assert board["open"]["true"]["count"] == next(v["count"] for v in everything["open"] if v["value"] == "true")


def test_a_status_of_the_board_leads_to_its_commitments(client):
    for value in client.get("/").context["board"]["statuses"]:
        assert client.get(value["address"]).context["count"]["value"] == value["count"]


def test_it_tells_what_was_recorded_lately(client, world):
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")
    newest = client.get("/").context["recent"][0]
    assert [one["id"] for one in newest["about"]] == [world.commitment.pk]


def test_an_earlier_day_knows_nothing_of_later_sets(client, world):
    before = client.get("/").context["clock"].seq
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")
    assert client.get(f"/?known_at={before}").context["recent"][0]["last"] == before


def test_before_the_first_entry_of_the_world_nothing_is_open(client):
    page = client.get("/?as_of=1990-01-01").content.decode()
    assert "No commitment is open on this day." in page


def test_pages_travel_compressed_and_the_desk_does_not(client):
    packed = client.get("/", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip" and packed["ETag"].startswith("W/")
    assert gzip.decompress(packed.content).decode().startswith("\n")
    again = client.get("/", headers={"accept-encoding": "gzip", "if-none-match": packed["ETag"]})
    assert again.status_code == 304
    assert "Content-Encoding" not in client.get("/account/login/", headers={"accept-encoding": "gzip"})
