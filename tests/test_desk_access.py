"""Who reaches which page of the desk, by its address and by its buttons."""

from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.template.response import SimpleTemplateResponse
from django.urls import resolve

from tests.access import CLIENTS, Examples, expected, routes

# Beside these there is no other page: see routes().
DESK = ("/admin/", "/account/")
OF_ONE_ROUTE = 2


class Links(HTMLParser):
    """Where a page leads: by link, and by the action of a form."""

    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.found.add(given["href"])
        if tag == "form" and given.get("action"):
            self.found.add(given["action"])


def links_of(answer, url):
    parser = Links()
    if answer.headers["Content-Type"].startswith("text/html"):
        parser.feed(answer.content.decode())
    return {urlsplit(urljoin(url, link))._replace(fragment="").geturl() for link in sorted(parser.found)}


def crawled(client, first="/admin/"):
    """Every page that the first leads to, a few of each route, with its status and the page that led there."""
    waiting, seen, answers = [(first, "")], Counter(), {}
    while waiting:
        url, page = waiting.pop(0)
        route = resolve(urlsplit(url).path).route
        if url in answers or seen[route] >= OF_ONE_ROUTE:
            continue
        seen[route] += 1
        answer = client.get(url)
        answers[url] = (answer.status_code, page)
        waiting += [(link, url) for link in links_of(answer, url) if link.startswith(DESK)]
    return answers


@pytest.fixture
def examples(db):
    return Examples()


@pytest.fixture
def undrawn(monkeypatch):
    """Pages are made, and not written out as HTML: whoever only asks whether one may be seen needs a third less."""
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")


def told_otherwise(client, role, examples):
    for name, pattern in routes():
        url, status = examples.address(name, pattern), expected(name)[role]
        got = client.get(url).status_code
        if got != status:
            yield role, url, f"{got}, not {status}"
        elif status == 403 and client.post(url).status_code not in (403, 405):
            yield role, url, "something may be sent there"


def test_every_page_answers_each_role_as_the_table_says(examples, undrawn):
    assert [fault for role, enter in CLIENTS.items() for fault in told_otherwise(enter(), role, examples)] == []


def test_a_page_that_is_in_no_table_is_noticed():
    with pytest.raises(KeyError):
        expected("admin:commitments_claim_new_verb")


def test_no_button_leads_to_a_page_that_the_role_may_not_open(examples):
    for role, pages in {"without a group": 3, "contributor": 60, "curator": 60, "security admin": 10}.items():
        answers = crawled(CLIENTS[role]())
        # A form that is only sent, such as the one that signs out, answers 405 to being opened.
        assert {url: told for url, told in answers.items() if told[0] not in (200, 302, 405)} == {}, role
        assert len(answers) > pages, role
