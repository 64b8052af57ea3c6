"""From bytes to text: what is brought is read by what it is, and what cannot be read says so in a sentence."""

import gzip
import io
import subprocess

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from commitments.captures import extract
from commitments.captures.extract import UTF8_TEXT, Unreadable, digest_of, payload_of, read, text_of
from tests.strangers import html

WORDS = "“We have offered six boats”, said the ambassador, who spoke for a long while about the boats."
SPANISH = "El embajador dijo mañana: «No hemos aceptado ningún equipo», según la prensa mexicana."


def pdf(words="The boats were delivered."):
    """One page of a PDF, as small as can be."""
    stream = f"BT /F1 12 Tf 72 700 Td ({words}) Tj ET".encode()
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        font,
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s endobj\n" % (n, part) for n, part in enumerate(parts, 1))
    return body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF"


def warc(*records, version="1.1", packed=True):
    """`records` are (type, HTTP status line, headers, payload)."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed, warc_version=version)
    for kind, status, headers, payload in records:
        http = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
        told = {"length": len(payload), "http_headers": http, "payload": io.BytesIO(payload)}
        writer.write_record(writer.create_warc_record("https://example.org/a", kind, **told))
    return out.getvalue()


PAGE = [("Content-Type", "text/html")]


def test_a_plain_text_is_itself():
    reading = read("One line.\r\nAnother: año.\n".encode())
    assert (reading.text, reading.normaliser) == ("One line.\nAnother: año.\n", UTF8_TEXT)


def test_of_a_web_page_the_headline_and_the_main_text_are_read():
    reading = read(html(WORDS, title="Six boats"))
    assert reading.text.startswith("Six boats\n") and WORDS in reading.text
    assert reading.normaliser.startswith("trafilatura ") and reading.normaliser.endswith("; version 1")


def test_a_page_tells_its_title_language_and_day():
    head = '<meta property="article:published_time" content="2021-01-14T23:30:00-06:00">'
    reading = read(html(WORDS, head=head, title="Six boats"))
    assert (reading.title, reading.language, reading.published) == ("Six boats", "en", "2021-01-14")


def test_a_day_that_is_only_in_the_words_is_not_the_pages():
    assert read(html(f"On 14 January 2021: {WORDS}")).published == ""


def test_script_is_no_text_and_bidi_controls_stay_in_it():
    reading = read(html(f"{WORDS}<script>alert(1)</script> And \u202ethis\u202c is turned around."))
    assert "alert" not in reading.text
    assert "\u202ethis\u202c" in reading.text


def test_a_suggested_title_cannot_turn_anything_around():
    assert read(html(WORDS, title="Six \u202eboats")).title == "Six boats"


@pytest.mark.parametrize(
    ("charset", "declared"),
    [("windows-1252", "iso-8859-1"), ("utf-16", "utf-8"), ("windows-1252", ""), ("utf-8", "windows-1252")],
)
def test_a_pages_letters_are_right_whatever_it_declares(charset, declared):
    meta = f'<meta charset="{declared}">' if declared else ""
    page = f"<html><head>{meta}<title>Nota</title></head><body><article><p>{SPANISH}</p></article></body></html>"
    reading = read(page.encode(charset), media_type="text/html")
    assert SPANISH in reading.text


def test_a_page_in_gb18030_is_read_as_it_declares():
    words = "墨西哥外交部长说，两国同意加强合作。" * 3
    page = f"<html><head><meta charset=gb2312><title>新闻</title></head><body><p>{words}</p></body></html>"
    reading = read(page.encode("gb18030"))
    assert words in reading.text and ", gb18030;" in reading.normaliser


def test_a_text_without_a_declared_encoding_names_the_one_it_was_read_by():
    reading = read(SPANISH.encode("windows-1252"))
    assert (reading.text, reading.normaliser) == (SPANISH, "windows-1252, CRLF as LF; version 1")


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("cp1251", "Министр заявил в четверг: «Мы построим мост через реку до конца года». Ответа пока нет."),
        ("cp1253", "Ο υπουργός δήλωσε την Πέμπτη ότι η κυβέρνηση θα κατασκευάσει τη γέφυρα μέχρι το τέλος του έτους."),
        ("cp1255", "שר התחבורה אמר ביום חמישי כי הממשלה תבנה את הגשר עד סוף השנה. המדינה השכנה טרם השיבה."),
        ("cp1256", "أعلن وزير المياه يوم الأربعاء أن بلاده ستبني محطة لتحلية المياه على الساحل الجنوبي."),
    ],
)
def test_a_text_from_before_unicode_keeps_its_script(charset, words):
    assert read(words.encode(charset)).text == words


def test_a_page_without_main_text_is_read_whole():
    reading = read(b"<html><body><div><a href=/>Home</a> <span>Boats: none.</span></div></body></html>")
    assert "Boats: none." in reading.text


def test_of_a_pdf_the_text_is_read():
    reading = read(pdf(), name="minutes.pdf")
    assert reading.text.strip() == "The boats were delivered."
    assert reading.normaliser.startswith("pypdfium2 ")


def test_of_a_warc_the_first_page_that_is_no_redirect_is_read():
    found = ("response", "301 Moved", [("Location", "/a")], b"")
    archived = warc(found, ("response", "200 OK", PAGE, html(WORDS)), ("response", "200 OK", PAGE, html("Other.")))
    reading = read(archived)
    assert reading.data == html(WORDS) and reading.warc == archived
    assert reading.url == "https://example.org/a"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("packed", [True, False])
def test_every_kind_of_warc_is_read(version, packed):
    archived = warc(("response", "200 OK", PAGE, html(WORDS)), version=version, packed=packed)
    assert WORDS in read(archived).text


def test_a_packed_payload_in_a_warc_is_unpacked():
    headers = [*PAGE, ("Content-Encoding", "gzip")]
    assert read(warc(("response", "200 OK", headers, gzip.compress(html(WORDS))))).data == html(WORDS)


def test_a_payload_is_found_in_a_warc_by_its_digest():
    archived = warc(("response", "200 OK", PAGE, html("Other.")), ("response", "200 OK", PAGE, html(WORDS)))
    assert payload_of(archived, digest_of(html(WORDS))) == html(WORDS)
    with pytest.raises(Unreadable, match="No page in this WARC has"):
        payload_of(archived, digest_of(b"Something else."))


BOMB = warc(("response", "200 OK", [*PAGE, ("Content-Encoding", "gzip")], gzip.compress(b"\0" * 20 * 2**20, mtime=0)))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"x" * (10 * 2**20 + 1), "larger than the 10 MiB"),
        (b"x" * 2_000_001, "more than two million characters"),
        (b"%PDF-1.7 garbage", "damaged"),
        (pdf()[:60], "damaged"),
        (pdf(""), "no text"),
        (b"PK\x03\x04 a zip, whatever its name", "archive or an office document"),
        (gzip.compress(b"Some text.", mtime=0), "packed file"),
        (b"\x89PNG\r\n\x1a\n", "no text, web page, PDF or WARC"),
        (b"text with a \0 in it", "no text, web page, PDF or WARC"),
        (b"<html><body></body></html>", "No text stands in this page"),
        (b"WARC/1.1\r\nnothing", "WARC"),
        (warc(("revisit", "200 OK", PAGE, b"")), "had not changed"),
        (warc(("response", "404 Not Found", PAGE, html(WORDS))), "No page that a server answered"),
        (warc(("response", "200 OK", PAGE, html(WORDS)), packed=False)[:-60], "middle of the page"),
        (warc(("response", "200 OK", PAGE, html(WORDS)))[:-40], "WARC"),
        (BOMB, "larger than what is taken"),
    ],
)
def test_what_cannot_be_read_says_why(data, sentence):
    with pytest.raises(Unreadable, match=sentence):
        read(data, name="article.pdf")


def test_a_locked_pdf_says_so():
    locked = pdf().replace(b"/Size 6>>", b"/Size 6/ID[(a)(b)]/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -44"
        b"/O<" + b"00" * 32 + b">/U<" + b"11" * 32 + b">>>>>")  # fmt: skip
    with pytest.raises(Unreadable, match="locked with a password"):
        read(locked)


@pytest.mark.parametrize("depth", [2_000, 200_000])
def test_a_page_nested_without_an_end_ends_in_text_or_a_sentence(depth):
    try:
        assert WORDS in read(b"<html><body>" + b"<div>" * depth + WORDS.encode()).text
    except Unreadable as error:
        assert str(error)


def test_a_parser_that_hangs_ends_in_a_sentence(monkeypatch):
    def hangs(*arguments, **options):
        return subprocess_run(["sleep", "60"], **options | {"timeout": 0.2})

    subprocess_run = subprocess.run
    monkeypatch.setattr(extract.subprocess, "run", hangs)
    with pytest.raises(Unreadable, match="too much memory or time"):
        read(html(WORDS))


def test_the_parsers_are_told_nothing_of_ours(monkeypatch):
    seen = {}
    subprocess_run = subprocess.run

    def watched(*arguments, **options):
        seen.update(options["env"])
        return subprocess_run(*arguments, **options)

    monkeypatch.setattr(extract.subprocess, "run", watched)
    read(html(WORDS))
    assert seen.keys() == {"PATH", "LC_ALL"}


@pytest.mark.parametrize("data", [WORDS.encode(), SPANISH.encode("windows-1252"), html(WORDS), pdf()])
def test_the_text_is_had_again_by_the_normalisers_name(data):
    reading = read(data)
    assert text_of(data, reading.normaliser) == reading.text


def test_a_normaliser_that_nobody_knows_is_refused():
    with pytest.raises(Unreadable, match="not known here"):
        text_of(WORDS.encode(), "somebody's own; version 9")


def test_hard_spaces_and_joiners_that_spell_stay_in_the_text():
    words = "Entregó 6&nbsp;lanchas a la marina. می&zwnj;خواهم, dijo el ministro ante la prensa del país."
    text = read(html(words)).text
    assert "6\u00a0lanchas" in text and "می\u200cخواهم" in text
