"""Fetches and captures at the desk: asking, trying again, comparing, and never a stranger's script."""

import html as html_lib
from dataclasses import replace
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments import actions, worker
from commitments.captures.extract import read
from commitments.models import Capture, Fetch, Source
from tests.authorities import Authority
from tests.desk import errors, listed, page, send, signed_in
from tests.strangers import HERE, html, moved, stranger, told
from tests.strangers import page as answered
from tests.world import OFFERED, TEXT

HOSTILE = "The \u202eminister said <script>alert(1)</script> &lt;img src=x onerror=alert(2)&gt; that the boats came."


@pytest.fixture
def curator(world):
    return signed_in("curator")


@pytest.fixture
def fetched(world):
    """A finished fetch, through one redirect, of a page that is up to no good."""
    with stranger() as server:
        server.pages |= {"/": moved("/page"), "/page": answered(HOSTILE)}
        fetch = actions.ask_for(url=server.url("/"), by=world.curator)
        worker.once([partial(worker.fetches, reach=HERE)])
    fetch.refresh_from_db()
    return fetch


@pytest.fixture
def failed(world):
    fetch = actions.ask_for(url="http://10.0.0.1/", by=world.curator)
    worker.once()
    fetch.refresh_from_db()
    return fetch


def test_a_certificate_that_is_not_trusted_is_told_at_the_desk(world, curator, tmp_path):
    shown = Authority(tmp_path).self_signed("news.example")
    with stranger(shown) as server:
        fetch = actions.ask_for(url=server.url("/", "news.example"), by=world.curator)
        here = replace(HERE, resolve=lambda host, port: ["127.0.0.1"])
        worker.once([partial(worker.fetches, reach=here)])
    fetch.refresh_from_db()
    assert (fetch.state, fetch.attempts, server.asked) == ("failed", 1, [])
    assert "it is signed by nobody but itself" in html_lib.unescape(curator.get(page(fetch)).content.decode())


@pytest.mark.parametrize("group", ["contributor", "curator"])
def test_who_writes_at_the_desk_may_ask_for_a_page(world, group):
    answer = signed_in(group).post(listed(Fetch, "add"), {"url": "https://example.org/a"})
    assert answer.status_code == 302
    assert Fetch.objects.get().state == "waiting"


def test_an_address_that_is_none_is_refused_in_words(curator):
    assert "Enter a valid URL" in errors(curator.post(listed(Fetch, "add"), {"url": "not an address"}))
    assert not Fetch.objects.exists()


def test_a_stranger_at_the_desk_reaches_no_page_of_fetches(world, fetched):
    stranger_ = signed_in()
    for url in (listed(Fetch), listed(Fetch, "add"), page(fetched), page(fetched, "warc"), page(fetched, "again")):
        assert stranger_.get(url).status_code == 403


def test_a_failed_fetch_says_why_and_is_tried_again(curator, failed):
    shown = curator.get(page(failed)).content.decode()
    assert "no address of the public internet" in shown and page(failed, "again") in shown
    assert send(curator, page(failed, "again")).status_code == 302
    assert Fetch.objects.filter(state="waiting", url=failed.url).exists()


def test_what_did_not_fail_is_not_tried_again(curator, fetched):
    assert page(fetched, "again") not in curator.get(page(fetched)).content.decode()
    assert curator.get(page(fetched, "again")).status_code == 404


def test_nobody_edits_or_removes_a_fetch(curator, fetched):
    assert curator.post(page(fetched), {"url": "https://example.org/"}).status_code == 403
    assert curator.get(page(fetched, "delete")).status_code == 403


def test_a_fetch_shows_where_its_address_led(curator, fetched):
    shown = curator.get(page(fetched)).content.decode()
    assert "Where the address led" in shown and "/page" in shown


def test_the_warc_is_a_file_and_never_a_page(curator, fetched):
    answer = curator.get(page(fetched, "warc"))
    assert answer["Content-Disposition"].startswith("attachment") and answer["Content-Type"] == "application/warc"
    assert b"WARC/1.1" in answer.content


def test_a_captured_text_is_shown_escaped_and_with_what_is_invisible(curator, fetched):
    shown = curator.get(page(fetched.capture)).content.decode()
    assert "[RLO]" in shown and "\u202e" not in shown
    assert "&lt;img src=x" in shown and "<img src=x" not in shown


def test_the_list_of_fetches_asks_few_queries(curator, world, failed):
    Fetch.objects.bulk_create(Fetch(url=f"https://example.org/{n}", requested_by=world.curator) for n in range(60))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert curator.get(listed(Fetch)).status_code == 200
    assert len(asked) < 12


def difference_of(source):
    return page(source, "difference")


def recaptured(world):
    text = TEXT.replace(OFFERED, "We have offered \u202eseven boats")
    actions.fill_capture(capture=world.capture, data=world.data, by=world.curator, reason="Brought.")
    return actions.add_capture(source=world.source, reading=read(text.encode()), by=world.curator, how="By hand.")


def test_two_captures_are_compared_and_the_passages_looked_for(curator, world):
    recaptured(world)
    shown = curator.get(difference_of(world.source)).content.decode()
    assert "<del>" in shown and "<ins>" in shown and "Orphaned" in shown
    assert "[RLO]" in shown and "\u202e" not in shown


def test_comparing_asks_few_queries(curator, world):
    recaptured(world)
    with CaptureQueriesContext(connection) as asked:
        curator.get(difference_of(world.source))
    assert len(asked) < 12


def test_with_one_capture_there_is_nothing_to_compare(curator, world):
    assert curator.get(difference_of(world.source)).status_code == 302
    assert difference_of(world.source) not in curator.get(page(world.source)).content.decode()


def test_a_source_is_captured_again_by_a_pasted_text(curator, world):
    answer = send(curator, page(world.source, "recapture"), text=f"{TEXT}\nA line more.")
    assert answer.status_code == 302, errors(answer)
    capture = world.source.captures.latest("id")
    assert capture.held.text == f"{TEXT}\nA line more." and capture.how == "Pasted at the desk."


def test_a_source_is_captured_again_by_a_file(curator, world):
    upload = SimpleUploadedFile("boats.html", html(OFFERED * 3))
    assert curator.post(page(world.source, "recapture"), {"upload": upload}).status_code == 302
    assert world.source.captures.latest("id").normaliser.startswith("trafilatura")


def test_a_file_that_cannot_be_read_is_refused_in_words(curator, world):
    upload = SimpleUploadedFile("boats.pdf", b"PK\x03\x04")
    answer = curator.post(page(world.source, "recapture"), {"upload": upload})
    assert "archive or an office document" in errors(answer)
    assert world.source.captures.count() == 1


def test_without_an_address_a_file_or_a_text_is_asked_for(curator, world):
    assert "No address of this source is recorded" in errors(send(curator, page(world.source, "recapture")))


def test_a_source_with_an_address_is_fetched_again(curator, world):
    draft = actions.draft_source(reading=read(b"Words."), url="https://example.org/a", by=world.curator)
    assert send(curator, page(draft, "recapture")).status_code == 302
    assert Fetch.objects.get().purpose == "recapture"


def test_a_contributor_does_not_capture_what_is_published_again(world):
    contributor = signed_in("contributor")
    assert contributor.get(page(world.source, "recapture")).status_code == 403
    assert "Capture it again" not in contributor.get(page(world.source)).content.decode()


def test_the_archive_is_asked_where_its_address_is_recorded(curator, world):
    assert curator.get(page(world.source, "archive")).status_code == 404
    Source.objects.filter(pk=world.source.pk).update(archive_url="https://archive.example/a")
    assert send(curator, page(world.source, "archive")).status_code == 302
    assert Fetch.objects.get().purpose == "archive"


def test_the_same_text_under_another_address_is_told(curator, world, fetched):
    twin = actions.draft_source(reading=read(html(HOSTILE)), by=world.curator, title="A twin")
    actions.add_capture(source=twin, reading=read(html(HOSTILE)), by=world.curator, how="By hand.")
    for where in (fetched, twin):
        assert "This text is recorded elsewhere" in curator.get(page(where)).content.decode()


def test_a_capture_of_a_published_source_holds_its_file_at_once(curator, world):
    form = {
        "source": world.source.pk,
        "upload": SimpleUploadedFile("a.txt", b"Other words."),
        "captured_edtf": "2026-01-01",
    }
    form |= {"captured_basis": "stated"}
    answer = curator.post(listed(Capture, "add"), form)
    assert answer.status_code == 302, errors(answer)
    assert Capture.objects.latest("id").held.text == "Other words."


def test_the_first_page_of_the_admin_leads_to_fetches(curator):
    assert listed(Fetch) in curator.get(reverse("admin:index")).content.decode()


def test_an_error_of_the_server_is_shown_on_the_sources_page(curator, world):
    with stranger() as server:
        server.pages["/"] = told(b"Gone.", status="410 Gone")
        actions.ask_for(url=server.url("/"), by=world.curator, purpose="archive", source=world.source)
        worker.once([partial(worker.fetches, reach=HERE)])
    assert "The server answered 410 Gone." in curator.get(page(world.source)).content.decode()


def test_a_new_capture_leads_to_what_differs(world):
    curator = signed_in("curator")
    given = {"text": "Nothing of it stands here."}
    assert send(curator, page(world.source, "recapture"), **given).headers["Location"] == page(
        world.source, "difference"
    )
    assert send(curator, page(world.source, "recapture"), **given).headers["Location"] == page(world.source)
