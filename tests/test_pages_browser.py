"""Pages in a real browser: accessible in both schemes, at a desk and in the hand, and silent."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

LIST = "/?open=true"
LANDAU = "/commitments/equipment-donation/"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param


@pytest.fixture(params=[1280, 360, 320])
def opened(request, browser, scheme):
    context = browser.new_context(viewport={"width": request.param, "height": 800}, color_scheme=scheme)
    yield context.new_page()
    context.close()


def test_pages_are_accessible_and_fit_their_window(served, opened):
    said, asked = [], []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("request", lambda request: asked.append(request.url))
    for address in (LIST, LANDAU, "/?stauts=open", "/nothing/", "/api/"):
        opened.goto(f"{served}{address}")
        found = Axe().run(opened).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
        assert opened.evaluate(OVERFLOW) == 0
    # A browser tells of every 400 and 404 in its console.
    assert [line for line in said if not re.search("40[04]", line)] == []
    assert {url for url in asked if not url.startswith(served)} == set()


def test_the_first_key_leads_past_the_header(served, page):
    page.goto(f"{served}/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_filtering_needs_no_script(served, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/")
    page.get_by_label("Status").select_option("declined")
    page.get_by_role("button", name="Filter").click()
    assert page.url == f"{served}/commitments/?status=declined"
    assert page.get_by_role("heading", level=2).count() == 2
    context.close()
