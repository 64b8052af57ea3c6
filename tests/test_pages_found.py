"""What search engines are told of the pages: where all of them are, which are not for them, and of each one what it
is, in which languages, and under which address."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest

from commitments import actions
from commitments.pages import finding
from tests.pages import PAGES, example

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HTML = [name for name, page in PAGES.items() if page.is_html and not name.startswith("embed")]


@pytest.fixture
def named(client):
    """The addresses in a sitemap, without host."""

    def ask(address="/sitemap.xml"):
        root = ElementTree.fromstring(client.get(address).content)  # noqa: S314
        return [node.text.removeprefix("http://testserver") for node in root.iter(f"{SITEMAP}loc")]

    return ask


def head_of(answer):
    return answer.content.decode().partition("</head>")[0]


def in_head(answer, pattern):
    return [unescape(found) for found in re.findall(pattern, head_of(answer))]


def canonical(answer):
    return in_head(answer, r'rel="canonical"\s+href="http://testserver([^"]*)"')


def test_a_sitemap_names_every_page_once_in_both_languages(named, world):
    addresses = named()
    english = {address for address in addresses if not address.startswith("/es/")}
    assert len(addresses) == len(set(addresses)) == 2 * len(english)
    assert {f"/es{address}" for address in english} < set(addresses)
    assert {f"/commitments/{world.commitment.pk}/{world.commitment.slug}/", f"/actors/{world.ministry.pk}/"} < english


def test_a_sitemap_leads_straight_to_pages_under_their_own_address(client, named):
    for address in [*named()[:18], *named()[18::40]]:
        answer = client.get(address)
        assert (answer.status_code, canonical(answer)) == (200, [address])


def test_a_sitemap_says_when_a_page_changed_last(client, world):
    text = client.get("/sitemap.xml").content.decode()
    found = re.search(rf"actors/{world.ministry.pk}/</loc><lastmod>([^<]+)</lastmod>", text)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", found[1])


def test_more_things_than_a_file_names_have_an_index_of_files(named, monkeypatch):
    whole = named()
    monkeypatch.setattr(finding, "THINGS", 70)
    files = named()
    assert files == [f"/sitemap.xml?page={page}" for page in range(1, len(files) + 1)] and len(files) > 2
    assert sorted(address for file in files for address in named(file)) == sorted(whole)


def test_what_was_merged_is_in_no_sitemap(named, world):
    other = world._actor("ministry-again", "The ministry", "public_body", world.sutherland)
    world.publish(other)
    actions.merge(thing=other, into=world.ministry, by=world.curator, reason="The same.")
    assert f"/actors/{other.pk}/" not in named()


def test_a_page_of_a_sitemap_that_is_not_there_is_refused_in_a_sentence(client):
    answer = client.get("/sitemap.xml?page=2")
    assert answer.status_code == 400
    assert "its pages are 1 to 1" in answer.content.decode()


def test_robots_keep_from_the_desk_and_find_the_sitemap(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/\n" in text
    assert text.endswith("\nSitemap: http://testserver/sitemap.xml\n")


@pytest.mark.parametrize("name", HTML)
def test_a_page_describes_itself(client, name):
    [told] = in_head(client.get(example(name), follow=True), r'<meta name="description"\s+content="([^"]*)"')
    assert len(told) > 20 and told == " ".join(told.split())


def test_pages_of_different_things_are_described_differently(client, world):
    told = [
        in_head(client.get(address, follow=True), r'<meta name="description"\s+content="([^"]*)"')
        for address in (f"/actors/{world.ministry.pk}/", f"/actors/{world.norland.pk}/", f"/claims/{world.offer.pk}/")
    ]
    assert len(set(map(tuple, told))) == 3


def test_an_earlier_view_is_found_as_todays(client, world):
    address = f"/claims/{world.offer.pk}/"
    seq = client.get(address).context["clock"].seq
    assert canonical(client.get(f"{address}?known_at={seq}&as_of=2026-01-01")) == [address]


def test_a_list_that_was_narrowed_down_is_not_for_search_engines(client):
    answer = client.get("/commitments/?open=true")
    assert canonical(answer) == []
    assert '<meta name="robots" content="noindex, nofollow">' in head_of(answer)


def test_who_speaks_neither_language_is_led_to_the_english_page(client):
    assert in_head(client.get("/es/actors/"), r'hreflang="x-default"\s+href="([^"]*)"') == ["http://testserver/actors/"]


@pytest.mark.parametrize("mark", ["fbclid=x", "utm_source=letter&utm_medium=mail", "gclid=1", "igsh=a"])
def test_what_a_sharing_site_adds_to_a_link_does_not_break_it(client, world, mark):
    address = f"/claims/{world.offer.pk}/?as_of=2026-01-01"
    led = client.get(f"{address}&{mark}")
    assert (led.status_code, led["Location"]) == (302, address)
