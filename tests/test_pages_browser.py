"""Pages in a real browser: accessible in both schemes, at a desk and in the hand, and silent."""

import re
from itertools import product

import pytest
from playwright.sync_api import expect

from tests import accessible
from tests.pages import PAGES, example

pytestmark = pytest.mark.browser

LANDAU = "/commitments/equipment-donation/"
ERRORS = ("/?stauts=open", "/nothing/", "/api/")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Each width, scheme and language with each other in `make heavy`.
FEW = [(1280, "light", ""), (360, "dark", "/es")]
ALL = list(product((1920, 1280, 360, 320), ("light", "dark"), ("", "/es")))
FURTHER = [pytest.param(*case, marks=pytest.mark.heavy) for case in ALL if case not in FEW]


@pytest.fixture
def opened(width, scheme, browser):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    yield context.new_page()
    context.close()


def addresses(language):
    return [*(f"{language}{example(name)}" for name, page in PAGES.items() if page.is_html), *ERRORS]


@pytest.mark.parametrize(("width", "scheme", "language"), [*FEW, *FURTHER])
def test_pages_are_accessible_and_fit_their_window(served, opened, language):
    said, asked, faults = [], [], {}
    opened.on("console", lambda message: said.append(message.text))
    opened.on("request", lambda request: asked.append(request.url))
    for address in addresses(language):
        opened.goto(f"{served}{address}")
        faults[address] = accessible.faults(opened)
        faults[address] += [("overflow", wide)] if (wide := opened.evaluate(OVERFLOW)) else []
    assert {address: found for address, found in faults.items() if found} == {}
    # A browser tells of every 400 and 404 in its console.
    assert [line for line in said if not re.search("40[04]", line)] == []
    assert {url for url in asked if not url.startswith(served)} == set()


@pytest.mark.parametrize(("width", "scheme"), [(320, "light")])
def test_pages_fit_the_narrowest_window(served, opened):
    wide = {}
    for address in addresses("/es"):
        opened.goto(f"{served}{address}")
        wide[address] = opened.evaluate(OVERFLOW)
    assert {address: by for address, by in wide.items() if by} == {}


def test_the_first_key_leads_past_the_header(served, page):
    page.goto(f"{served}/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_searching_and_narrowing_down_need_no_script(served, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/")
    page.get_by_label("Search all commitments").fill("mexico")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("Narrow down").click()
    page.get_by_role("link", name="Not accepted", exact=True).click()
    expect(page).to_have_url(f"{served}/commitments/?q=mexico&status=declined")
    assert page.locator("ol.commitments h2").count() == 2
    context.close()
