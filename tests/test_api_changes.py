"""The ledger over the API: a gapless feed, entries that prove themselves, versions byte for byte."""

import base64
import hashlib

import pytest

from commitments import actions
from commitments.models.ledger import Entry, Head
from tests.routes import API

pytestmark = pytest.mark.django_db


def read(client, path: str, **query: str) -> dict:
    return client.get(API + path, query).json()


def test_following_the_feed_gives_every_entry_once_and_in_order(client):
    seqs, address = [], f"{API}changes/?after=0&limit=200"
    while address:
        answer = client.get(address).json()
        seqs += [change["seq"] for change in answer["results"]]
        address = answer["next"]
    assert seqs == list(range(1, Head.objects.get().seq + 1))


def test_up_to_moves_even_where_a_filter_matches_nothing(client):
    head = Head.objects.get().seq
    answer = read(client, "changes/", commitment="equipment-donation", after=str(head))
    assert (answer["results"], answer["up_to"], answer["next"]) == ([], head, None)


def test_a_feed_that_goes_on_says_how_far_it_got(client):
    answer = read(client, "changes/", limit="3", after="10")
    assert ([change["seq"] for change in answer["results"]], answer["up_to"]) == ([11, 12, 13], 13)
    assert "after=13" in answer["next"]


def test_the_changes_of_one_commitment_are_those_that_touched_it(client, world):
    world.record("agreed", world.claim("Sutherland has accepted the boats", bears="agreed"), "2020-02")
    changes = read(client, "changes/", commitment=world.commitment.slug)["results"]
    assert [change["type"] for change in changes][-2:] == ["publish", "record_status"]
    assert all(world.commitment.pk in (change["subject"]["id"], *change["commitments"]) for change in changes)


def test_the_changes_of_either_of_two_actors(client):
    mexico, states, both = (
        {c["seq"] for c in client.get(f"{API}changes/?limit=200&{query}").json()["results"]}
        for query in ("actor=mexico", "actor=united-states", "actor=mexico&actor=united-states")
    )
    assert mexico | states == both
    assert mexico and states


def test_a_change_carries_its_reason(client, world):
    world.record("agreed", world.claim("Sutherland has accepted the boats", bears="agreed"), "2020-02")
    change = read(client, f"changes/{Head.objects.get().seq}/")
    assert (change["reason"], change["nature"]) == ("Said to be agreed.", "world")


@pytest.mark.parametrize("after", ["-1", "x", "9" * 30])
def test_an_after_that_is_no_seq_is_refused(client, after):
    answer = client.get(f"{API}changes/", {"after": after})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "after")


def test_an_entry_proves_itself(client):
    entry = read(client, "changes/7/")
    core = base64.b64decode(entry["core_base64"])
    assert core == bytes(Entry.objects.get(seq=7).core)
    assert hashlib.sha256(b"\0" + core).hexdigest() == entry["leaf"]
    assert (entry["core"]["seq"], entry["core"]["body_digest"]) == (7, entry["body_digest"])


def test_a_versions_salt_and_exact_bytes_give_its_digest(client):
    [version] = read(client, "claims/clm_01m80n3ac0ezqtxqm458e2tq5v/versions/")["results"]
    body = client.get(f"{API}claims/clm_01m80n3ac0ezqtxqm458e2tq5v/versions/1/")
    assert body["Content-Type"] == "application/json"
    assert hashlib.sha256(bytes.fromhex(version["salt"]) + body.content).hexdigest() == version["body_digest"]


def test_a_version_closed_later_was_open_then(client, world):
    before = Head.objects.get().seq
    world.norland.name = "Northland"
    world.norland.save()
    actions.amend(things=[world.norland], by=world.curator, reason="Renamed.")
    path = f"actors/{world.norland.pk}/versions/"
    assert [v["until_seq"] for v in read(client, path)["results"]] == [before + 1, None]
    assert [v["until_seq"] for v in read(client, path, known_at=str(before))["results"]] == [None]


def test_the_feed_costs_two_queries_whatever_its_length(django_assert_num_queries, client):
    for limit in ("1", "200"):
        with django_assert_num_queries(2):
            read(client, "changes/", limit=limit)
