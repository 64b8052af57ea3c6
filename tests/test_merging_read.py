"""What the public reads of merged things: the survivor, by whatever name it is asked for."""

import pytest

from commitments.models.ledger import Head
from tests.test_merging import merge, unmerge
from tests.world import row

API = "/api/v1/"


def asked(client, path, **headers):
    return client.get(API + path, headers=headers)


def ids(client, path):
    return [one["id"] for one in asked(client, path).json()["results"]]


@pytest.mark.parametrize("suffix", ["", "claims/", "status-changes/", "provenance/", "?fields=title&as_of=2021-01-01"])
def test_a_merged_commitment_leads_to_the_survivor_with_all_that_was_asked(client, world, twin, suffix):
    merge(world, twin, world.commitment)
    for name in (twin.pk, twin.slug):
        answer = asked(client, f"commitments/{name}/{suffix}")
        assert (answer.status_code, answer["Location"]) == (307, f"{API}commitments/{world.commitment.pk}/{suffix}")
        assert answer["Cache-Control"] == "public, no-cache"


def test_a_merged_actor_and_source_lead_on_too(client, world, norway):
    merge(world, norway, world.norland)
    answer = asked(client, f"actors/{norway.slug}/")
    assert (answer.status_code, answer["Location"]) == (307, f"{API}actors/{world.norland.pk}/")
    assert not answer.content and "ETag" not in answer


def test_before_the_merge_and_after_its_undoing_it_answers_itself(client, world, twin):
    path, before = f"commitments/{twin.pk}/", Head.objects.get().seq
    told = asked(client, path).json()
    merge(world, twin, world.commitment)
    between = Head.objects.get().seq
    unmerge(world, twin)
    assert asked(client, f"{path}?known_at={before}").json()["title"] == told["title"]
    assert asked(client, f"{path}?known_at={between}").status_code == 307
    again = asked(client, path).json()
    assert {m: again[m] for m in again if m not in ("record",)} == {m: told[m] for m in told if m not in ("record",)}


def test_its_own_history_stays_its_own(client, world, twin):
    merge(world, twin, world.commitment)
    versions = asked(client, f"commitments/{twin.pk}/versions/").json()["results"]
    assert [version["type"] for version in versions] == ["publish", "merge"]
    assert asked(client, f"commitments/{twin.pk}/versions/2/").json()["into"] == world.commitment.pk
    assert asked(client, f"commitments/{twin.pk}/timemap/").status_code == 200


def test_an_instant_asked_for_leads_on_where_it_was_merged_by_then(client, world, twin):
    merge(world, twin, world.commitment)
    later = {"accept-datetime": "Fri, 01 Jan 2100 00:00:00 GMT"}
    answer = asked(client, f"commitments/{twin.pk}/", **later)
    assert (answer.status_code, answer["Vary"]) == (307, "Accept-Datetime")
    assert "known_at" not in answer["Location"]


def test_a_tag_from_before_the_merge_is_answered_with_where_it_went(client, world, twin):
    path = f"commitments/{twin.pk}/"
    tag = asked(client, path)["ETag"]
    merge(world, twin, world.commitment)
    assert asked(client, path, **{"if-none-match": tag}).status_code == 307


def test_lists_counts_and_searches_leave_it_out(client, world, twin):
    path = f"commitments/?party={world.norland.pk}"
    before = asked(client, "commitments/?count=true&limit=1").json()["count"]["value"]
    assert twin.pk in ids(client, path) and twin.pk in ids(client, "commitments/?q=ships")
    merge(world, twin, world.commitment)
    assert twin.pk not in ids(client, path) and twin.pk not in ids(client, "commitments/?q=ships")
    assert asked(client, "commitments/?count=true&limit=1").json()["count"]["value"] == before - 1
    assert twin.pk not in ids(client, f"{path}&as_of=2021-01-01")


@pytest.mark.parametrize("by", ["pk", "slug"])
def test_filters_find_by_a_merged_name_what_the_survivor_has(client, world, twin, norway, by):
    merge(world, twin, world.commitment)
    merge(world, norway, world.norland)
    survivor, of_twin = world.commitment.pk, getattr(twin, by)
    assert ids(client, f"commitments/?party={getattr(norway, by)}") == [survivor]
    assert ids(client, f"commitments/?id={of_twin}") == [survivor]
    assert len(ids(client, f"claims/?commitment={of_twin}")) == 2


def test_the_feed_shows_both_entries_touching_both_things(client, world, twin):
    after = Head.objects.get().seq
    merge(world, twin, world.commitment)
    unmerge(world, twin)
    entries = asked(client, f"changes/?after={after}").json()["results"]
    assert [entry["type"] for entry in entries] == ["merge", "unmerge"]
    assert all({twin.pk, world.commitment.pk} <= set(entry["commitments"]) for entry in entries)
    for one in (twin, world.commitment):
        assert asked(client, f"changes/?after={after}&commitment={one.pk}").json()["results"] == entries


def test_the_feed_of_a_merged_thing_keeps_its_own_entries(client, world, twin):
    merge(world, twin, world.commitment)
    entries = asked(client, f"changes/?commitment={twin.pk}").json()["results"]
    assert {"publish", "merge"} <= {entry["type"] for entry in entries if entry["subject"]["id"] == twin.pk}


def test_the_page_for_people_leads_on(client, world, twin):
    merge(world, twin, world.commitment)
    answer = client.get(f"/commitments/{twin.pk}/{twin.slug}/?as_of=2021-01-01")
    assert (answer.status_code, answer["Location"]) == (307, f"/commitments/{world.commitment.pk}/?as_of=2021-01-01")


def test_the_story_of_the_survivor_tells_claims_of_both_and_statuses_of_its_own(client, world, twin):
    merge(world, twin, world.commitment)
    story = asked(client, f"commitments/{world.commitment.pk}/provenance/").json()
    assert [change["id"] for change in story["status_changes"]] == [world.proposed.pk]
    assert len(story["status_changes"][0]["claims"] + story["further_claims"]) == 2


def test_a_merged_source_gives_its_captures_to_the_survivor(client, world):
    source, capture = world._source_again()
    world.publish(source)
    merge(world, world.source, source)
    assert [told["id"] for told in row(source)["captures"]] == [capture.pk, world.capture.pk]
    story = asked(client, f"commitments/{world.commitment.pk}/provenance/").json()
    [passage] = story["status_changes"][0]["claims"][0]["passages"]
    assert (passage["source"]["id"], passage["capture"]["id"]) == (source.pk, world.capture.pk)


def test_the_document_tells_of_the_307_where_it_may_be_answered():
    from commitments.api.schema import document

    leading = {path for path, of in document()["paths"].items() if "307" in of["get"]["responses"]}
    named = {f"{API}{words}/{{id}}/" for words in ("actors", "sources", "commitments")}
    more = {f"{API}commitments/{{id}}/{suffix}/" for suffix in ("claims", "status-changes", "provenance")}
    assert leading == named | more
