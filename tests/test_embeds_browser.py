"""Frames in a real browser: in a narrow column, in both schemes; and what a reader copies from a page."""

import pytest

from tests import accessible
from tests.pages import LANDAU

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_card_fits_a_narrow_column_and_is_light_and_accessible(served, browser, scheme):
    context = browser.new_context(viewport={"width": 280, "height": 400}, color_scheme=scheme)
    page, weights = context.new_page(), []
    page.on("response", lambda response: weights.append(len(response.body()) if response.ok else 0))
    page.goto(f"{served}/es/embed/commitments/{LANDAU}/")
    assert page.evaluate("document.documentElement.scrollWidth") == 280
    assert 3_000 < sum(weights) < 15_000
    assert accessible.faults(page) == []
    context.close()


def test_a_reader_copies_the_citation_with_one_key(served, browser):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{served}/commitments/{LANDAU}/")
    page.get_by_role("button", name="Copy").first.press("Enter")
    page.get_by_role("status").filter(has_text="Copied").first.wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#cite-line").inner_text()
    context.close()
