"""Where people and machines begin: the guide, the index, the console."""

import json
import re
from html import unescape

import pytest

from commitments.api.conventions import CONVENTIONS
from commitments.api.guide import FIRST_CALLS
from commitments.api.problems import MEDIA_TYPE
from tests.routes import API
from tests.test_api_examples import HOST, steady
from tests.test_pages_browser import OVERFLOW

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def guide(client) -> str:
    answer = client.get("/api/", headers=HTML)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    return answer.content.decode()


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/json, text/html;q=0.5"])
def test_machines_find_an_index_at_the_door(client, accept):
    answer = client.get("/api/", headers={"accept": accept})
    assert answer["Content-Type"] == "application/json"
    assert answer.content == client.get(API).content


def test_caches_keep_the_guide_and_the_index_apart(client):
    assert client.get("/api/", headers=HTML)["Vary"] == client.get("/api/")["Vary"] == "Accept"
    tag = client.get("/api/")["ETag"]
    assert client.get("/api/", headers=HTML | {"if-none-match": tag}).status_code == 200


def test_every_link_of_the_index_leads_somewhere(client, db):
    index = client.get(API).json()
    links = [index["document"], index["guide"], index["console"], *index["resources"].values()]
    assert {client.get(link).status_code for link in links} == {200}


def test_the_guide_shows_each_first_call_with_its_true_answer(client, db):
    shown = re.findall(
        r'<a href="([^"]+)"><code>GET .*?</a>\s*answers (\d+):.*?<pre[^>]*><code>(.*?)</code>', guide(client), re.S
    )
    assert [unescape(address) for address, _, _ in shown] == [API + address for address in FIRST_CALLS]
    for address, status, told in shown:
        answer = client.get(unescape(address), headers=HOST)
        assert (str(answer.status_code), steady(answer.json())) == (status, steady(json.loads(unescape(told))))


def test_the_guide_tells_what_holds_for_every_call(client):
    text = unescape(re.sub(r"</?code>", "`", guide(client)))
    assert all(paragraph in text for told in CONVENTIONS.values() for paragraph in told.split("\n\n"))


def test_the_guide_leads_to_the_document_and_the_console(client):
    leads = re.findall(r'href="([^"]+)"', guide(client))
    assert {f"{API}openapi.json", "/api/console/", f"{API}rubric/"} <= set(leads)


def test_the_guide_refuses_what_it_does_not_know(client):
    answer = client.get("/api/?q=tariffs", headers=HTML)
    assert answer.status_code == 400
    assert "There is no parameter “q” here." in (told := answer.content.decode())
    assert "Known:" not in told


@pytest.mark.parametrize("address", ["/api/console/?theme=dark", "/api/console/?script=&script="])
def test_the_console_refuses_what_it_does_not_know(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (400, MEDIA_TYPE)


def test_the_console_is_a_page_and_nothing_else(client):
    answer = client.get("/api/console/", headers={"accept": "application/json"})
    assert (answer.status_code, answer["Content-Type"]) == (406, MEDIA_TYPE)


@pytest.mark.browser
def test_the_console_fits_its_window_and_calls_the_api_from_a_silent_browser(served, page):
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served}/api/console/")
    operation = page.locator('[id="operations-commitments-get_commitments_id_provenance"]')
    operation.locator(".opblock-summary").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute", exact=True).click()
    assert operation.locator("tr.response .response-col_status").first.inner_text().startswith("200")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(OVERFLOW) == 0
    assert said == []
    assert {url for url in asked if not url.startswith((served, "data:"))} == set()
