"""The worker: each page asked for is fetched once, what came of it is written, and nothing ends it."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from commitments import actions, worker
from commitments.actions import fetching
from commitments.models import Capture, Edit, Fetch, FetchedWarc, Source
from tests.strangers import HERE, html, moved, page, stranger, told
from tests.world import OFFERED

WORDS = "The minister said that the boats would be delivered before the end of the year, in two parts."


@pytest.fixture
def server():
    with stranger() as running:
        yield running


def ask(world, server, path="/", **options):
    return actions.ask_for(url=server.url(path), by=world.curator, **options)


def work():
    return worker.once([partial(worker.fetches, reach=HERE)])


def done(fetch):
    work()
    fetch.refresh_from_db()
    return fetch


def test_a_page_becomes_a_draft_with_its_capture(world, server):
    head = '<meta name="date" content="2021-01-14"><link rel=canonical href="https://elsewhere.example/">'
    server.pages["/"] = page(WORDS, head=head, title="Boats to come")
    fetch = done(ask(world, server))
    assert (fetch.state, fetch.outcome) == ("done", "Captured.")
    source = fetch.source
    assert (source.title, source.language, source.url) == ("Boats to come", "en", server.url("/"))
    assert (source.published.edtf, source.published.basis, source.is_published) == ("2021-01-14", "stated", False)
    assert fetch.capture.held.text.startswith("Boats to come")
    assert bytes(fetch.capture.held.data) == html(WORDS, head=head, title="Boats to come")


def test_what_the_server_answered_is_kept_and_never_changed(world, server):
    server.pages |= {"/": moved("/page"), "/page": page(WORDS)}
    fetch = done(ask(world, server))
    assert fetch.redirects[0]["status"] == 302 and fetch.final_url == server.url("/page")
    assert b"WARC/1.1" in bytes(fetch.warc.data) and "to which its address leads" in fetch.capture.how
    for change in ("UPDATE commitments_fetchedwarc SET data = ''", "DELETE FROM commitments_fetchedwarc"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_bytes_that_are_not_their_digests_are_no_warc(world, server):
    fetch = ask(world, server)
    with pytest.raises(IntegrityError, match="SHA-256 differs"), transaction.atomic():
        FetchedWarc.objects.create(fetch=fetch, data=b"WARC", sha256="0" * 64)


def test_a_page_that_does_not_say_when_it_was_published_is_undated(world, server):
    server.pages["/"] = page(WORDS)
    assert done(ask(world, server)).source.published.basis == "unknown"


def test_who_asked_is_noted_as_its_author(world, server):
    server.pages["/"] = page(WORDS)
    source = done(ask(world, server)).source
    assert Edit.objects.filter(subject_id=source.pk, user=world.curator).exists()


def test_an_address_that_is_recorded_is_captured_again(world, server):
    server.pages["/"] = page(WORDS)
    first = done(ask(world, server)).source
    server.pages["/"] = page(f"{WORDS} And more.")
    again = done(ask(world, server))
    assert (again.source, again.outcome) == (first, "Captured again.")
    assert first.captures.count() == 2


def test_a_page_that_did_not_change_is_not_captured_twice(world, server):
    server.pages["/"] = page(WORDS)
    first = done(ask(world, server))
    again = done(ask(world, server))
    assert "unchanged since it was captured" in again.outcome and again.capture == first.capture


def test_a_page_asked_for_twice_waits_once(world, server):
    assert ask(world, server) == ask(world, server)


def test_a_lasting_fault_is_given_up_at_once_with_a_sentence(world, server):
    fetch = done(ask(world, server, "/missing"))
    assert (fetch.state, fetch.attempts, fetch.status_code) == ("failed", 1, 404)
    assert "404 Not Found" in fetch.problem and fetch.warc and not Source.objects.filter(url=fetch.url)


def test_a_passing_fault_is_tried_again_later_and_at_most_four_times(world, server):
    server.pages["/"] = told(b"Busy.", status="503 Service Unavailable")
    fetch, waits = ask(world, server), []
    for _ in range(5):
        done(fetch)
        waits.append((fetch.not_before - timezone.now()).total_seconds() if fetch.state == "waiting" else None)
        Fetch.objects.filter(pk=fetch.pk).update(not_before=timezone.now())
    assert (fetch.state, fetch.attempts, len(server.asked)) == ("failed", 5, 5)
    assert waits[0] < waits[1] < waits[2] < waits[3] and waits[4] is None


def test_what_is_no_page_of_words_says_so(world, server):
    server.pages["/"] = told(b"\x89PNG\r\n", "Content-Type: image/png")
    assert "no text, web page, PDF or WARC" in done(ask(world, server)).problem


def test_a_fetch_whose_worker_died_is_taken_again_after_its_lease(world, server):
    server.pages["/"] = page(WORDS)
    fetch = ask(world, server)
    fetching.take()
    assert work() == 0
    Fetch.objects.filter(pk=fetch.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert done(fetch).state == "done"


def test_a_fetch_that_ends_every_worker_is_given_up(world, server):
    fetch = ask(world, server)
    Fetch.objects.filter(pk=fetch.pk).update(attempts=5)
    assert done(fetch).state == "failed" and "ended each time" in fetch.problem


def test_a_worker_whose_lease_ended_writes_nothing(world, server):
    ask(world, server)
    late = fetching.take()
    Fetch.objects.filter(pk=late.pk).update(attempts=2)
    fetching.conclude(fetch=late, answer=fetching.Answer(url=late.url, problem="Too late."))
    assert Fetch.objects.get(pk=late.pk).state == "running"


def test_a_piece_of_work_that_breaks_does_not_end_the_worker(world, server):
    def breaks():
        raise RuntimeError("A fault of ours.")

    server.pages["/"] = page(WORDS)
    fetch = ask(world, server)
    assert worker.once([breaks, partial(worker.fetches, reach=HERE)]) == 1
    fetch.refresh_from_db()
    assert fetch.state == "done"


def test_a_worker_that_is_told_to_stop_gives_its_fetch_back(world, server):
    server.pages["/"] = lambda write: worker.stopping.wait(2) or None
    fetch = ask(world, server)
    taken = fetching.take()
    answer = worker.fetch(taken.url, reach=HERE, stopped=lambda: True)
    fetching.conclude(fetch=taken, answer=answer)
    fetch.refresh_from_db()
    assert (fetch.state, fetch.attempts) == ("waiting", 0)


def test_a_contributor_does_not_capture_what_is_published_again(world, server, django_user_model):
    Source.objects.filter(pk=world.source.pk).update(url=server.url("/"), url_key=server.url("/")[7:])
    server.pages["/"] = page(WORDS)
    somebody = django_user_model.objects.create_user("somebody")
    fetch = done(actions.ask_for(url=server.url("/"), by=somebody))
    assert "a curator captures it again" in fetch.problem
    assert Capture.objects.filter(source=world.source).count() == 1


def test_an_archive_says_which_passages_it_holds_and_is_no_capture(world, server):
    world.draft_passage(OFFERED)
    server.pages["/"] = page(f"“{OFFERED}”, said the ambassador on Monday, and then she said no more.")
    fetch = done(ask(world, server, purpose="archive", source=world.source))
    assert fetch.outcome == "The archive answered: 1 of 1 passages stand in its text."
    assert set(fetch.checks.values()) == {"found"} and fetch.text_sha256 and fetch.warc
    assert world.source.captures.count() == 1


def test_the_command_does_what_is_due_and_never_reaches_inside(world, server, capsys):
    fetch = ask(world, server)
    call_command("worker", "--once")
    fetch.refresh_from_db()
    assert "leads to no address of the public internet" in fetch.problem or "Only ports" in fetch.problem
    assert not server.asked
