"""Check your copy, without JavaScript: what is brought is compared exactly, and kept nowhere."""

import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from commitments import actions, models
from commitments.captures.anchoring import Quote
from commitments.pages import checking, copies
from tests.copies import CAPTURE, ENDLESS, PLACES, RECOGNISED
from tests.world import OFFERED, REFUSED, TEXT

pytestmark = pytest.mark.django_db
HEADLINE = "Norland offers patrol boats"


def read(answer):
    """What a person reads; the script's own words stand in the page as well."""
    page = re.sub("<script.*?</script>", "", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", strip_tags(page))


def file(data, name="copy.txt"):
    return {"file": SimpleUploadedFile(name, data)}


def of(source):
    return f"/sources/{source.pk}/check/"


def text_of(world):
    return world.data.decode()


@pytest.fixture
def withheld(world):
    """A passage of which the digest alone is published."""
    passage = models.Passage.objects.create(
        capture=world.capture,
        start=0,
        end=len(HEADLINE),
        exact_sha256=hashlib.sha256(HEADLINE.encode()).hexdigest(),
        locator="headline",
        voice="narrated",
    )
    world.publish(passage)
    return passage


# --- The rule


@pytest.mark.parametrize("name", RECOGNISED)
def test_a_copy_is_recognised(name):
    (text, sha256), expected = RECOGNISED[name]
    copy = copies.recognised([CAPTURE], text, sha256)
    assert (copy.way, copy.text) == expected
    assert (copy.capture == CAPTURE) is bool(copy.way)


def test_line_ends_too_many_are_taken_off():
    assert copies.recognised([ENDLESS], "aa\n\n", None).way == "without_last_lines"


@pytest.mark.parametrize("name", PLACES)
def test_a_passage_is_placed(name):
    text, quote, place = PLACES[name]
    quote = Quote(quote["start"], quote["end"], quote["sha256"], quote["words"])
    assert copies.places(text, [quote]) == [place]


def test_what_may_be_tried_is_shared_among_the_passages(monkeypatch):
    monkeypatch.setattr(copies, "MOST_TRIED", 100)
    sought = Quote(0, 1, hashlib.sha256(b"b").hexdigest())
    assert copies.places("a", [sought, sought]) == ["nowhere", "not_here"]


# --- The form


def test_a_pasted_text_is_told_to_be_a_capture(client, world):
    told = read(client.post("/check/", {"text": text_of(world)}))
    assert "This is the text of a capture that we know, character for character." in told
    assert "Your copy is this capture." in told and "At their place: 1. Elsewhere: 0. Not found: 0." in told


def test_the_answer_leads_to_the_claims_that_rest_on_a_passage(client, world):
    page = client.post("/check/", {"text": text_of(world)}).content.decode()
    assert f'href="/claims/{world.offer.pk}/"' in page and f"{OFFERED}." in page


def test_a_file_is_told_by_its_bytes(client, world):
    told = read(client.post("/check/", file(world.data)))
    assert "This is a capture that we know, byte for byte." in told
    assert "At their place: 1." in told


def test_a_text_that_is_no_capture_is_told_to_be_none(client, world):
    told = read(client.post("/check/", {"text": TEXT}))
    assert "This is no capture that we know." in told and "At their place" not in told


def test_passages_are_looked_for_in_any_text_at_their_source(client, world, withheld):
    told = read(client.post(of(world.source), {"text": f"Later: {HEADLINE}. {OFFERED}"}))
    assert "This is no capture that we know." in told
    assert "At their place: 0. Elsewhere: 2. Not found: 0." in told and told.count("Elsewhere, once") == 2


def test_a_passage_that_is_missing_is_told(client, world, withheld):
    told = read(client.post(of(world.source), {"text": HEADLINE}))
    assert "At their place: 1. Elsewhere: 0. Not found: 1." in told and "Not in it" in told


def test_withheld_words_are_not_told(client, world, withheld):
    source = models.Source.objects.get(pk=world.source.pk)
    page = client.get(of(source)).content.decode()
    assert "Words withheld" in page and page.count(f'data-words="{HEADLINE}') == 0


def test_a_draft_is_not_looked_for(client, world):
    world.draft_passage(REFUSED)
    assert REFUSED not in client.get(of(world.source)).content.decode()


def test_a_file_that_is_no_text_is_compared_by_its_bytes_alone(client, world):
    told = read(client.post(of(world.source), file(b"\xff\xfe\0%PDF", "copy.pdf")))
    assert "This is no capture that we know." in told and "Passages are not looked for" in told


def test_signs_that_no_database_holds_are_only_signs(client, world):
    assert client.post(of(world.source), {"text": "\0"}).status_code == 200
    assert client.post(of(world.source), file(b"\0 text")).status_code == 200


def test_in_spanish_the_form_answers_too(client, world):
    answer = client.post(f"/es{of(world.source)}", {"text": text_of(world)})
    assert answer.status_code == 200 and '<html lang="es">' in answer.content.decode()


def test_a_retracted_source_is_marked(client, world):
    again, _ = world._source_again()
    world.publish(again)
    actions.retract(thing=again, by=world.curator, reason="Recorded twice.")
    assert "Retracted: Recorded twice." in read(client.get(of(again)))


def test_a_merged_source_leads_to_the_check_of_its_survivor(client, world):
    again, _ = world._source_again()
    world.publish(again)
    actions.merge(thing=again, into=world.source, by=world.curator, reason="Recorded twice.")
    answer = client.post(of(again), {"text": TEXT})
    assert (answer.status_code, answer["Location"]) == (307, of(world.source))
    assert client.get(of(world.source)).content.decode().count('class="capture"') == 2


# --- Keeping nothing


def test_what_is_brought_is_neither_stored_nor_logged_nor_sent_back(client, world, caplog):
    from django.db import connection

    caplog.set_level("DEBUG")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.post("/check/", {"text": "Something that nobody is to know"})
    assert "nobody is to know" not in caplog.text + answer.content.decode() + str(asked.captured_queries)
    assert {query["sql"].split()[0] for query in asked} == {"SELECT"}
    assert (answer["Cache-Control"], "ETag" in answer, answer.cookies) == ("no-store", False, {})


def test_no_proof_is_asked_for_where_nothing_is_changed(world):
    asks = Client(enforce_csrf_checks=True)
    assert asks.post("/check/", {"text": TEXT}).status_code == 200


def test_what_is_brought_stays_in_memory(client, world, monkeypatch):
    monkeypatch.setattr("tempfile.NamedTemporaryFile", None)
    assert client.post("/check/", file(b"x" * 2_500_000)).status_code == 200


def test_a_check_asks_few_queries(client, world, django_assert_max_num_queries):
    for address in ("/check/", of(world.source)):
        with django_assert_max_num_queries(7):
            client.post(address, {"text": text_of(world)})


# --- What cannot be checked


@pytest.mark.parametrize("sent", [{}, {"text": ""}, file(b"")])
def test_nothing_brought_is_told_in_a_sentence(client, sent):
    answer = client.post("/check/", sent)
    assert (answer.status_code, answer["Cache-Control"]) == (400, "no-store")
    assert "Nothing was brought: paste a text, or choose a file." in read(answer)


@pytest.mark.parametrize("sent", [{"text": "x" * 2_700_000}, file(b"x" * 2_700_000)])
def test_too_much_is_told_in_a_sentence(client, sent):
    answer = client.post("/check/", sent)
    assert (answer.status_code, answer["Cache-Control"]) == (413, "no-store")
    assert "This is larger than 2.5 MB" in read(answer)


@pytest.mark.parametrize("body", [b"", b"--x", b"no form at all"])
def test_a_broken_form_is_a_400(client, body):
    answer = client.post("/check/", body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400


def test_what_a_digest_begins_with_finds_its_captures(client, world):
    prefix = world.capture.sha256[: checking.DIGITS]
    assert world.capture.sha256 in client.get(f"/check/captures/{prefix}/").content.decode()


def test_what_no_digest_begins_with_finds_none(client, world):
    other = "0" * checking.DIGITS
    assert "There are none." in read(client.get(f"/check/captures/{other}/"))


@pytest.mark.parametrize("prefix", ["7bc7", "7bc7b3", "7BC7B", "%25%25%25%25%25", "_____", "7bc7%00", "٣٣٣٣٣"])
def test_what_no_digest_can_begin_with_is_a_400(client, prefix):
    answer = client.get(f"/check/captures/{prefix}/")
    assert answer.status_code == 400 and "is not how a digest begins" in read(answer)
