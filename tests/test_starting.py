"""The start of the work: a source recorded from a pasted text, a file or an address, once and not twice."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from commitments.models import Actor, Capture, Fetch, Source
from tests.desk import listed, page, signed_in
from tests.news import ARABIC, HINDI, NEWS
from tests.test_marking import start, told


@pytest.fixture
def contributor(db):
    return signed_in("contributor")


def titled(title):
    return Source.objects.get(title=title)


@pytest.mark.parametrize("text", [HINDI, ARABIC], ids=["Hindi", "Arabic"])
def test_a_title_in_any_script_gets_a_short_name(contributor, text):
    start(contributor, text)
    assert titled(text.splitlines()[0]).slug.startswith("source-")


def test_two_sources_of_one_title_get_two_short_names(contributor):
    start(contributor, "Same title\n\nOne.")
    start(contributor, "Same title\n\nOther.")
    assert sorted(s.slug for s in Source.objects.filter(title="Same title")) == ["same-title", "same-title-2"]


def test_line_ends_of_the_browser_are_those_of_the_text(contributor):
    start(contributor, "One\r\n\r\nTwo\r\n")
    assert titled("One").captures.get().held.text == "One\n\nTwo\n"


def test_what_looks_like_a_page_is_text_when_it_was_pasted(contributor):
    text = "<html><script>alert(1)</script>\n“Yes”"
    start(contributor, text, title="Markup")
    source = titled("Markup")
    assert source.captures.get().held.text == text
    assert "<script>alert" not in contributor.get(page(source, "mark")).content.decode()


def test_a_saved_page_is_read_with_what_it_says_of_itself(contributor):
    body = "<p>The minister said that two towers stand at the strait and that more will come.</p>" * 5
    html = f"<html lang='en'><head><title>Towers stand</title></head><body><article>{body}</article></body></html>"
    answer = start(contributor, "", upload=SimpleUploadedFile("page.html", html.encode(), "text/html"))
    assert answer.status_code == 302, told(answer)
    assert "two towers stand" in titled("Towers stand").captures.get().held.text


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"pasted": ""}, "Paste the text, choose a file, or give the address"),
        ({"pasted": " \n "}, "There is no text in it"),
        ({"pasted": "a\0b"}, "Null characters are not allowed"),
        ({"pasted": "x", "url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"pasted": "x", "publisher": "Nobody"}, "Nothing called “Nobody” is recorded"),
        ({"pasted": "x", "published_edtf": "2999-01-01"}, "after the day of recording"),
        ({"pasted": "x", "upload": SimpleUploadedFile("a.txt", b"y")}, "not both"),
        ({"pasted": "", "upload": SimpleUploadedFile("a.txt", b"a\0b\0")}, "no text"),
        ({"pasted": "", "upload": SimpleUploadedFile("a.gz", b"\x1f\x8b\x08" + b"0" * 50)}, "packed"),
    ],
)
def test_what_cannot_be_a_source_is_refused_in_words(contributor, given, sentence):
    before = Source.objects.count()
    answer = start(contributor, given.pop("pasted"), **given)
    assert sentence in told(answer)
    assert Source.objects.count() == before


def test_lone_surrogates_do_not_break_it(contributor):
    answer = contributor.post(
        listed(Source, "start"),
        b"kind=news_article&rights=quote_only&pasted=One%ED%A0%80two",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 302, told(answer)


def test_the_same_text_is_shown_and_not_recorded_twice(contributor):
    start(contributor)
    answer = start(contributor, NEWS, title="Elsewhere")
    assert [str(twin) for twin in answer.context["twins"]] == ["Vesland says radar towers are in place"]
    assert not Source.objects.filter(title="Elsewhere").exists()


def test_the_same_text_is_another_publication_where_somebody_says_so(contributor):
    start(contributor)
    assert start(contributor, NEWS, title="Elsewhere", another="on").status_code == 302
    assert Capture.objects.filter(source__title="Elsewhere").exists()


def test_an_address_is_recorded_once_whatever_is_said(contributor):
    start(contributor, url="https://example.org/towers?b=1&a=2")
    again = start(contributor, "Otherwise.", url="http://example.org/towers?a=2&b=1#top", another="on")
    assert again.context["twins"] and not Source.objects.filter(title="Otherwise.").exists()


def test_a_publisher_not_recorded_yet_is_drafted_with_it(contributor):
    start(contributor, publisher="new outlet: Radio Alma")
    assert titled("Vesland says radar towers are in place").publisher == Actor.objects.get(name="Radio Alma")


def test_an_address_alone_is_fetched_and_waited_for(contributor):
    answer = start(contributor, "", url="https://example.org/towers")
    fetch = Fetch.objects.get(url="https://example.org/towers")
    waiting = contributor.get(answer.headers["Location"])
    assert waiting.status_code == 200 and "Waiting" in waiting.content.decode() and fetch.state == "waiting"


def test_a_fetch_that_is_done_leads_to_marking(contributor, world):
    answer = start(contributor, "", url="https://example.org/towers")
    Fetch.objects.update(state="done", source=world.source, finished_at="2026-01-01T00:00Z")
    assert contributor.get(answer.headers["Location"]).headers["Location"] == page(world.source, "mark")


def test_a_fetch_that_failed_says_why_and_what_else_to_do(contributor):
    answer = start(contributor, "", url="https://example.org/towers")
    Fetch.objects.update(state="failed", problem="The server answered 404.", finished_at="2026-01-01T00:00Z")
    shown = contributor.get(answer.headers["Location"]).content.decode()
    assert "The server answered 404." in shown and "Paste the text instead" in shown


@pytest.mark.parametrize("group", ["contributor", "curator"])
def test_the_first_page_and_the_list_lead_here(group, db):
    client = signed_in(group)
    for url in ("/admin/", listed(Source)):
        assert f'href="{listed(Source, "start")}"' in client.get(url).content.decode()


def test_who_may_not_record_a_source_sees_no_way_to(db):
    assert listed(Source, "start") not in signed_in().get("/admin/").content.decode()


def test_a_long_text_full_of_unseen_signs_is_shown_within_bounds(contributor):
    start(contributor, "Title\n" + "a\u202e" * 100_000)
    answer = contributor.get(page(titled("Title"), "mark"))
    assert answer.status_code == 200 and len(answer.content) < 2_500_000


def test_a_first_line_becomes_a_title_that_stands_as_written(contributor):
    start(contributor, "Fees \u202edeviaw\u202c\n\nThe minister spoke.")
    assert Source.objects.filter(title="Fees deviaw").exists()
