"""A crawl while eight writers publish and change statuses: each row once, as it was at the crawl's start."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, takewhile

import pytest
from django.db import connections
from django.test import Client

from commitments.models.ledger import Head
from commitments.models.record import COMMITMENT_ORDERS, CommitmentStanding
from tests.invented import invent, writes
from tests.routes import API
from tests.world import World

WRITERS = 8
SIZES = (7, 200, 31, 200, 113, 200)


def write(world, commitments, name, barrier, done) -> int:
    """How often it wrote until the crawl was done: once before its second page at least."""
    try:
        barrier.wait(timeout=60)
        written = writes(world, commitments, name)
        next(written)
        barrier.wait(timeout=60)
        return 1 + sum(1 for _ in takewhile(lambda _: not done.is_set(), written))
    finally:
        connections.close_all()


def crawl(address: str, barrier: threading.Barrier) -> list[dict]:
    """Every page of the list, of whatever size, through to its end."""
    client, sizes, pages = Client(), cycle(SIZES), []
    following = f"{API}{address}&limit={next(sizes)}"
    while following:
        pages.append(client.get(following).json())
        head, _, tail = (pages[-1]["next"] or "").partition("limit=")
        following = head and f"{head}limit={next(sizes)}&{tail.partition('&')[2]}"
        if len(pages) == 1:
            barrier.wait(timeout=60)
    return pages


def check_a_crawl(world: World, sort: str, shares: dict[int, list]) -> None:
    """Beside a writer of each share."""
    barrier, done = threading.Barrier(WRITERS + 1), threading.Event()
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, world, share, name, barrier, done) for name, share in shares.items()]
        try:
            barrier.wait(timeout=60)
            pages = crawl(f"commitments/?status=proposed&promisor={world.norland.slug}&sort={sort}", barrier)
        finally:
            done.set()
        assert all(writer.result() for writer in writers)
    check_snapshot(pages, sort)
    assert len(pages) > 10 and Head.objects.get().seq > pages[0]["record"]["seq"]


def check_snapshot(pages: list[dict], sort: str) -> None:
    [seq] = {page["record"]["seq"] for page in pages}
    rows = [row for page in pages for row in page["results"]]
    then = CommitmentStanding.objects.known_at(seq).filter(status="proposed", slug__startswith="invented")
    held = then.order_by(*COMMITMENT_ORDERS[sort]).values_list("subject_id", flat=True)
    offered = [row["id"] for row in rows if row["slug"].startswith("invented")]
    assert offered == list(held)
    assert {row["status"] for row in rows} == {"proposed"}
    assert max(row["record"]["seq"] for row in rows) <= seq


def check_crawls(world: World, number: int, *sorts: str) -> None:
    commitments = invent(world, number)
    names = range(WRITERS * len(sorts))
    for place, sort in enumerate(sorts):
        own = names[place * WRITERS :][:WRITERS]
        check_a_crawl(world, sort, {name: commitments[name :: len(names)] for name in own})


@pytest.mark.usefixtures("cloned_database")
def test_two_thousand_rows_come_once_each_as_of_the_start(world):
    check_crawls(world, 2000, "-made_on", "title")


@pytest.mark.heavy
@pytest.mark.usefixtures("cloned_database")
def test_fifty_thousand_rows_come_once_each_as_of_the_start(world):
    check_crawls(world, 50_000, "-made_on")
