"""What holds for every page for people, whatever it shows; pages.py has the table of them."""

import re

import pytest

from tests.pages import PAGES, example, names

pytestmark = pytest.mark.django_db
HTML = [name for name, page in PAGES.items() if page.is_html]
LANGUAGES = ("", "/es")
ASKED = [
    (name, language) for name, page in PAGES.items() for language in LANGUAGES if page.in_languages or not language
]


@pytest.fixture
def asked(client):
    def ask(name, language="", **headers):
        return client.get(f"{language}{example(name)}", headers=headers, follow=True)

    return ask


def test_every_page_is_in_the_table():
    assert set(names()) == set(PAGES)


@pytest.mark.parametrize(("name", "language"), ASKED)
def test_a_page_answers_in_each_language(asked, name, language):
    answer = asked(name, language)
    assert answer.status_code == 200
    assert answer["Content-Language"] == (language[1:] or "en")


@pytest.mark.parametrize("name", HTML)
def test_a_page_names_its_language_and_the_other(asked, name):
    page = asked(name, "/es").content.decode()
    assert '<html lang="es">' in page
    assert re.search(r'hreflang="en"\s+href="http://testserver/(?!es/)', page)
    assert re.search(r'hreflang="es"\s+href="http://testserver/es/', page)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light(asked, name):
    assert len(asked(name).content) < PAGES[name].weight * 1000


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_few_queries(client, name, django_assert_max_num_queries):
    address = example(name)
    if (led := client.get(address)).status_code == 302:
        address = led["Location"]
    with django_assert_max_num_queries(PAGES[name].queries):
        client.get(address)


@pytest.mark.parametrize("name", PAGES)
def test_who_holds_a_page_gets_a_304(asked, name, django_assert_max_num_queries):
    first = asked(name)
    again = asked(name, **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == again["Cache-Control"] == PAGES[name].cache


@pytest.mark.parametrize("name", PAGES)
def test_no_page_asks_who_reads_it(asked, name):
    """A shared cache may keep it for everybody."""
    assert not re.search("cookie|accept-language", asked(name).get("Vary", ""), re.IGNORECASE)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_no_other_host(asked, name):
    """But as links that a reader may follow."""
    loaded = re.findall(
        r'<(?:script|img|iframe|source|link rel="stylesheet")[^>]+(?:src|href)="([^"]*)"', str(asked(name).content)
    )
    assert [address for address in loaded if not address.startswith(("/", "data:"))] == []


@pytest.mark.parametrize("name", PAGES)
def test_an_unknown_parameter_is_a_400_in_a_sentence(client, name):
    answer = client.get(f"{example(name).partition('?')[0]}?nonsense=1", follow=True)
    assert answer.status_code == 400
    assert "nonsense" in answer.content.decode()
