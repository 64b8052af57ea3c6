"""A printed page is an evidence sheet: dark ink, unfolded, and nothing cut."""

import pytest

from tests.pages import LANDAU

pytestmark = pytest.mark.browser

COLOUR = "element => getComputedStyle(element).color"


@pytest.fixture
def paper(browser, served):
    """As a reader of the dark scheme prints it."""
    context = browser.new_context(viewport={"width": 700, "height": 900}, color_scheme="dark")
    page = context.new_page()
    page.goto(f"{served}/commitments/{LANDAU}/")
    page.emulate_media(media="print")
    yield page
    context.close()


def test_paper_has_dark_ink_and_everything_unfolded_whatever_the_readers_scheme(paper):
    for mark in (".verdict .badge", ".verdict .mark", ".sentence"):
        channels = paper.locator(mark).first.evaluate(COLOUR).strip("rgba()").split(",")
        assert max(map(int, channels[:3])) < 160
    assert paper.get_by_text("worked out", exact=False).first.is_visible()
    assert paper.locator("details:not([open]) li").first.bounding_box()["height"] > 0
    assert paper.evaluate("document.querySelector('.timeline').getBoundingClientRect().left") >= 6


def test_paper_says_where_the_whole_chain_of_each_claim_is_read(paper):
    told = paper.locator(".brief").first.get_by_text("The whole chain of this claim")
    address = told.evaluate("element => getComputedStyle(element, '::after').content")
    assert "/claims/clm_" in address or "attr(href)" in address
