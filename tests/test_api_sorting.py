"""Lists in the order asked for: by uncertain dates, the unknown last either way, in pages that skip nothing."""

import pytest

from commitments.models.record import CLAIM_ORDERS, COMMITMENT_ORDERS
from commitments.standings import order_keys, title_key
from tests.routes import API
from tests.test_api_counts import read
from tests.test_api_pages import crawl, ids

pytestmark = pytest.mark.django_db
DATED = [
    *(("commitments", sort) for sort in COMMITMENT_ORDERS if sort != "title"),
    *(("claims", sort) for sort in CLAIM_ORDERS),
]


def day_of(row: dict, sort: str) -> tuple[str, str] | None:
    day = row[sort.removeprefix("-")]
    return (day["latest"], day["earliest"]) if day and day["edtf"] else None


@pytest.fixture
def unknown(world) -> str:
    """A commitment made nobody knows when."""
    commitment = world.draft_commitment("undated")
    commitment.made_on = world.source.published
    commitment.save()
    claim = world.draft_claim("We refuse the boats", bears="declined", on=commitment)
    passage = claim.bearings.get().passages.get()
    world.publish(passage, claim, commitment, world.draft_change("declined", claim, "2020-01-06", on=commitment))
    return commitment.pk


@pytest.mark.parametrize(("words", "sort"), DATED)
def test_rows_come_by_their_latest_then_earliest_day_and_the_unknown_last(client, unknown, words, sort):
    rows = read(client, f"{words}/?limit=200&sort={sort}")["results"]
    days = [day_of(row, sort) for row in rows]
    known = [day for day in days if day]
    assert known == sorted(known, reverse=sort.startswith("-"))
    assert days == known + [None] * (len(days) - len(known))


@pytest.mark.parametrize("sort", ["made_on", "-made_on"])
def test_a_day_that_is_unknown_comes_last_either_way(client, unknown, sort):
    assert read(client, f"commitments/?limit=200&sort={sort}")["results"][-1]["id"] == unknown


@pytest.mark.parametrize("sort", ["due", "-due"])
def test_what_is_never_due_comes_after_what_is(client, sort):
    rows = read(client, f"commitments/?limit=200&sort={sort}")["results"]
    due = [row["due"] is not None for row in rows]
    assert due == sorted(due, reverse=True)
    assert True in due and False in due


def test_titles_come_in_the_order_of_the_alphabet(client):
    titles = [row["title"]["en"].lower() for row in read(client, "commitments/?limit=200&sort=title")["results"]]
    assert titles == sorted(titles)


def test_a_title_is_sorted_without_accents_and_capitals():
    assert title_key("Ébano ÑANDÚ") == "ebano nandu"
    assert len(title_key("ß" * 500)) == 100


def test_days_with_an_open_end_are_known_and_sort_before_the_unknown():
    ahead = order_keys("due", {"edtf": "2021/..", "earliest": "2021-01-01", "latest": "9999-12-31"})
    never = order_keys("due", None)
    assert ahead["due_rising"] < never["due_rising"]
    assert ahead["due_falling"] > never["due_falling"]


@pytest.mark.parametrize(("words", "sort"), [*DATED, ("commitments", "title")])
def test_pages_in_every_order_hold_what_one_long_list_holds(client, unknown, words, sort):
    whole = ids(crawl(client, f"{words}/?limit=200&sort={sort}"))
    assert ids(crawl(client, f"{words}/?limit=9&sort={sort}")) == whole
    assert set(whole) == set(ids(crawl(client, f"{words}/?limit=200")))
    assert len(set(whole)) == len(whole)


@pytest.mark.parametrize("sort", ["status_since", "-due", "title"])
def test_a_sorted_crawl_shows_the_record_as_it_was_at_its_start(client, world, sort):
    whole = ids(crawl(client, f"commitments/?limit=200&sort={sort}"))
    first = read(client, f"commitments/?limit=9&sort={sort}")
    world.record("agreed", world.claim("Sutherland has accepted the boats", bears="agreed"), "2024-02")
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    assert ids([first, second, third]) == whole
    assert ids(crawl(client, f"commitments/?limit=5&sort={sort}&known_at={first['record']['seq']}")) == whole


def test_newest_first_is_the_order_unless_another_is_asked_for(client):
    assert read(client, "commitments/")["results"] == read(client, "commitments/?sort=-made_on")["results"]


def test_what_is_recorded_of_a_commitment_can_be_sorted_too(client):
    rows = read(client, "commitments/equipment-donation/claims/?sort=-said_on")["results"]
    assert [row["said_on"]["latest"] for row in rows] == sorted((r["said_on"]["latest"] for r in rows), reverse=True)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("commitments/?sort=made", "“made_on”"),
        ("commitments/?sort=-title", "“title”"),
        ("commitments/?sort=made_on,due", "none of them"),
        ("commitments/?sort=", "Known:"),
        ("commitments/?sort=due&sort=title", "once only"),
        ("claims/?sort=made_on", "“said_on”"),
        ("actors/?sort=name", "no parameter “sort”"),
    ],
)
def test_an_order_that_there_is_not_is_refused(client, path, says):
    answer = client.get(API + path)
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "sort")
    assert says in answer.json()["detail"]


def test_a_cursor_carried_over_to_another_order_is_refused(client):
    following = read(client, "commitments/?limit=1&sort=due")["next"]
    [error] = client.get(following.replace("sort=due", "sort=-due")).json()["errors"]
    assert (error["parameter"], error["code"]) == ("cursor", "mismatch")


@pytest.mark.parametrize(("words", "sort"), [("commitments", "status_since"), ("claims", "-said_on")])
def test_a_sorted_page_costs_two_queries_however_deep(django_assert_num_queries, client, words, sort):
    with django_assert_num_queries(2):
        following = read(client, f"{words}/?limit=1&sort={sort}")["next"]
    with django_assert_num_queries(2):
        client.get(following)
