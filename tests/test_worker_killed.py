"""The worker as a program of its own, killed in the middle of a set: what it had published stays, and stays once."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from commitments.importers import drafting, publishing
from commitments.models.ledger import Entry, Head
from tests.imports import as_csv, brought, checked
from tests.world import World

pytestmark = pytest.mark.heavy

# Three sets of rows.
ROWS = [["id", "promise", "date", "country"], *([f"N-{n}", f"Boat {n}", "2021-01-14", "Norway"] for n in range(120))]


@pytest.fixture
def boats(cloned_database):
    """An import that the worker is asked to publish."""
    curator = World().curator
    imported = brought(as_csv(ROWS), by=curator, mapping={"constants": {"kind": "Boats given"}})
    checked(imported)
    drafting.draft(imported, by=curator)
    publishing.start(imported, by=curator, reason="From the register.")
    return imported


@contextmanager
def worker(url, *options):
    command = [sys.executable, "manage.py", "worker", *options]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env={**os.environ, "DATABASE_URL": url}) as process:
        try:
            yield process
        finally:
            process.kill()


def until(holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "It never came."
        time.sleep(0.01)


def sessions(condition="true"):
    """How many others are connected to this database."""
    others = "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    with connection.cursor() as cursor:
        # A transaction sees its first look at this view until it ends.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {others} AND {condition}")
        return cursor.fetchone()[0]


def killed_inside_its_second_set(imported, url):
    """The ledger's head is held, so that the worker stands with a whole set rendered and its append begun."""
    with worker(url) as process:
        until(lambda: imported.rows.published().count() == publishing.AT_ONCE)
        with transaction.atomic():
            Head.objects.select_for_update().get(id=1)
            until(lambda: sessions("wait_event_type = 'Lock'"))
            process.kill()
            process.wait()
    until(lambda: not sessions())


def test_a_worker_killed_inside_a_set_leaves_the_sets_before_it_and_nothing_of_this_one(boats, cloned_url):
    killed_inside_its_second_set(boats, cloned_url)
    boats.refresh_from_db()
    assert boats.rows.published().count() == publishing.AT_ONCE
    assert (boats.state, boats.problem) == ("publishing", "")


def test_the_next_worker_goes_on_where_the_killed_one_stopped(boats, cloned_url, capsys):
    killed_inside_its_second_set(boats, cloned_url)
    with worker(cloned_url, "--once") as process:
        assert process.wait(60) == 0
    boats.refresh_from_db()
    assert (boats.state, boats.rows.published().count()) == ("published", 120)
    published = Entry.objects.filter(subject_id__in=boats.rows.values("commitment"), type="publish")
    assert published.count() == published.values("subject_id").distinct().count() == 120
    call_command("verify")
    assert f"{Head.objects.get().seq} entries" in capsys.readouterr().out
