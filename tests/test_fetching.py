"""One page of the public internet: what a hostile server does ends in a sentence, and what was exchanged is kept."""

import gzip
import socket
import threading
import time
import zlib
from dataclasses import replace
from ipaddress import ip_address

import pytest

from commitments.captures.extract import read
from commitments.captures.fetch import fetch
from commitments.captures.reach import PUBLIC, is_public
from tests.authorities import DAY, Authority
from tests.strangers import HERE, html, moved, page, stranger, told

WORDS = "The minister said that the boats would be delivered before the end of the year."


@pytest.fixture
def server():
    with stranger() as running:
        yield running


def asked(server, answer, **changed):
    server.pages["/"] = answer
    return fetch(server.url("/"), reach=replace(HERE, **changed))


PRIVATE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://192.88.99.1/",
    "http://localhost/",
    "http://ⓛocalhost/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a00:1]/",
    "http://[::a00:1]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[ff02::1]/",
    "http://[64:ff9b::a00:1]/",
    "http://[64:ff9b:1::a00:1]/",
    "http://[2002:a00:1::]/",
    "http://[2001:0:a00:1::]/",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_an_address_that_is_not_public_is_refused_in_every_spelling(url):
    answer = fetch(url)
    assert "leads to no address of the public internet" in answer.problem
    assert not answer.again and not answer.exchanges


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "193.0.6.139"])
def test_an_address_that_is_public_is_not_refused(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://example.org/a", "Only http and https"),
        ("file:///etc/passwd", "Only http and https"),
        ("http://a:b@example.org/", "user name or password"),
        ("http://example.org:22/", "Only ports 80 and 443"),
        ("http://[fe80::1%25lo]/", "names no host"),
        ("http:///a", "names no host"),
        ("http://exam..ple/", "not a proper address"),
        ("http://example.org:99999/", "not a proper address"),
    ],
)
def test_an_address_that_is_not_fetched_says_why(url, sentence):
    assert sentence in fetch(url).problem


def test_a_name_that_leads_inside_is_refused_and_nobody_is_connected_to(server):
    inside = replace(PUBLIC, resolve=lambda host, port: ["10.0.0.7"])
    answer = fetch("http://harmless.example/", reach=inside)
    assert "leads to no address of the public internet" in answer.problem


def test_a_name_is_looked_up_once_and_that_very_address_is_connected_to(server):
    server.pages["/"] = page(WORDS)
    answers = iter([["127.0.0.1"], ["10.0.0.7"]])
    rebinding = replace(HERE, resolve=lambda host, port: next(answers))
    answer = fetch(f"http://rebinding.example:{server.server_address[1]}/", reach=rebinding)
    assert answer.status == 200
    assert b"Host: rebinding.example" in answer.exchanges[0].request


def test_a_redirect_to_a_private_address_is_refused(server):
    answer = asked(server, moved("http://10.0.0.1/inside"))
    assert "“10.0.0.1” leads to no address" in answer.problem
    assert answer.redirects[0]["location"] == "http://10.0.0.1/inside"


def test_a_redirect_loop_is_named(server):
    server.pages["/b"] = moved("/")
    assert "redirects in a loop" in asked(server, moved("/b")).problem


def test_more_than_five_redirects_are_not_followed(server):
    server.pages |= {f"/{n}": moved(f"/{n + 1}") for n in range(9)}
    assert "more than 5 times" in asked(server, moved("/0")).problem
    assert len(server.asked) == 6


def test_a_redirect_that_leads_to_the_page_is_told(server):
    server.pages["/page"] = page(WORDS)
    answer = asked(server, moved("/page"))
    assert (answer.problem, answer.final_url) == ("", server.url("/page"))


def test_no_proxy_of_the_environment_is_asked(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    assert asked(server, page(WORDS)).status == 200


def test_ten_gigabytes_in_a_small_gzip_are_never_unpacked(server):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = packer.compress(b"\0" * 2**20)
    bomb = block + b"".join(packer.compress(b"\0" * 2**20) for _ in range(300)) + packer.flush()
    began = time.monotonic()
    answer = asked(server, told(bomb, "Content-Encoding: gzip"))
    assert "Unpacked, the page is larger" in answer.problem
    assert time.monotonic() - began < 3 and len(answer.body) == 0


def test_a_body_without_an_end_stops_at_the_cap(server):
    def pour(write):
        write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            write(b"x" * 65536)

    answer = asked(server, pour, most_bytes=2**20)
    assert "larger than the 10 MiB" in answer.problem


def test_a_slow_drip_ends_at_the_total_time(server):
    def drip(write):
        write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            write(b"x")
            time.sleep(0.1)

    began = time.monotonic()
    answer = asked(server, drip, seconds=1)
    assert "did not answer within 1 seconds" in answer.problem and answer.again
    assert time.monotonic() - began < 2.5


def test_endless_headers_stop(server):
    def pour(write):
        write(b"HTTP/1.1 200 OK\r\n")
        while True:
            write(b"X-More: " + b"y" * 900 + b"\r\n")

    assert "headers never end" in asked(server, pour).problem


def test_an_answer_shorter_than_announced_is_not_taken(server):
    answer = asked(server, b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nHalf of it")
    assert "ended before all of it had come" in answer.problem and answer.again


def test_a_gzip_that_breaks_off_is_not_taken(server):
    answer = asked(server, told(gzip.compress(html(WORDS))[:-12], "Content-Encoding: gzip"))
    assert "ended before all of it had come" in answer.problem


def test_what_is_no_http_says_so(server):
    assert "not proper HTTP" in asked(server, b"SSH-2.0-OpenSSH_9.2\r\n").problem


def test_an_unknown_packing_says_so(server):
    assert "packed as “br”" in asked(server, told(b"abc", "Content-Encoding: br")).problem


@pytest.mark.parametrize(("status", "again"), [("503 Busy", True), ("429 Wait", True), ("404 No", False)])
def test_an_error_says_its_number_and_whether_it_may_pass(server, status, again):
    answer = asked(server, told(b"Sorry.", status=status))
    assert status[:3] in answer.problem and answer.again is again


def test_a_connection_that_is_refused_is_tried_again(server):
    server.server_close()
    assert fetch(server.url("/"), reach=HERE).again


@pytest.mark.parametrize("packing", ["gzip", "deflate", "bare"])
def test_packed_pages_are_unpacked(server, packing):
    packed = {"gzip": gzip.compress, "deflate": zlib.compress, "bare": lambda data: zlib.compress(data)[2:-4]}
    name = packing.replace("bare", "deflate")
    answer = asked(server, told(packed[packing](html(WORDS)), f"Content-Encoding: {name}"))
    assert answer.body == html(WORDS)


def test_the_warc_holds_every_byte_of_every_exchange(server):
    server.pages["/page"] = page(WORDS)
    archived = asked(server, moved("/page")).warc
    assert archived.startswith(b"WARC/1.1") and archived.count(b"WARC-Type: response") == 2
    assert moved("/page") in archived and page(WORDS) in archived


def test_the_warc_is_read_as_the_page_in_it(server):
    reading = read(asked(server, page(WORDS)).warc)
    assert reading.data == html(WORDS) and WORDS in reading.text
    assert reading.url == server.url("/")


def test_the_digests_in_the_warc_are_sha256_and_hold(server, tmp_path):
    from warcio.archiveiterator import ArchiveIterator

    file = tmp_path / "one.warc"
    file.write_bytes(asked(server, page(WORDS)).warc)
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            record.content_stream().read()
            assert record.rec_headers.get_header("WARC-Block-Digest").startswith("sha256:")


def test_a_server_that_speaks_no_tls_is_sent_nothing_in_the_clear(server):
    answer = fetch(server.url("/").replace("http:", "https:"), reach=HERE)
    # What it reads in our greeting is noise, and so is what it answers to that.
    assert answer.problem and not answer.body and "/" not in server.asked


def in_the_clear(listening):
    connected, _ = listening.accept()
    with connected:
        connected.recv(4096)
        connected.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def test_a_server_that_answers_in_the_clear_is_told():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=in_the_clear, args=[listening], daemon=True).start()
        answer = fetch(f"https://127.0.0.1:{listening.getsockname()[1]}/", reach=HERE)
    assert answer.problem == "The server agreed on no private connection (WRONG_VERSION_NUMBER)."


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def over_tls(shown, trusted, host="news.example"):
    """What is fetched from a server that shows this certificate; what it was asked for."""
    reach = replace(HERE, tls=trusted, resolve=lambda host, port: ["127.0.0.1"])
    with stranger(shown) as server:
        server.pages["/"] = page(WORDS)
        return fetch(server.url("/", host), reach=reach), server.asked


def test_a_page_of_a_server_whose_authority_is_trusted_is_fetched(authority):
    answer, asked_for = over_tls(authority.server("news.example"), authority.trusted)
    assert (answer.problem, answer.status, answer.body) == ("", 200, html(WORDS))
    assert asked_for == ["/"] and page(WORDS) in answer.warc


DISTRUSTED = {
    "self-signed": (lambda authority: authority.self_signed("news.example"), "signed by nobody but itself"),
    "expired": (lambda authority: authority.server("news.example", days=(-9 * DAY, -DAY)), "its time is over"),
    "early": (lambda authority: authority.server("news.example", days=(DAY, 9 * DAY)), "has not come yet"),
    "another's": (lambda authority: authority.server("other.example"), "it is another name's"),
}


@pytest.mark.parametrize(("shown", "why"), DISTRUSTED.values(), ids=DISTRUSTED)
def test_a_certificate_that_is_not_to_be_trusted_is_refused_and_nothing_is_asked(authority, shown, why):
    answer, asked_for = over_tls(shown(authority), authority.trusted)
    assert answer.problem.startswith("The server's certificate is not valid") and why in answer.problem
    assert not answer.again and not answer.body and not asked_for


def test_the_product_trusts_no_authority_of_a_tests_own(authority):
    answer, asked_for = over_tls(authority.server("news.example"), PUBLIC.tls)
    assert "an authority that is not trusted here" in answer.problem and not asked_for
