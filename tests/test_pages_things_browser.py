"""Pages of claims, actors, sources and occasions in a real browser: accessible in both schemes and both languages, at
a desk and in the hand, and silent."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

CLAIM = "/claims/clm_01m80n3ac0ezqtxqm458e2tq5v/"
PAGES = (
    CLAIM,
    "/actors/mexico/",
    "/es/actors/christopher-landau/",
    "/sources/landau-equipment-2021/",
    "/es/occasions/security-meeting/",
    "/actors/",
    "/sources/?page=9",
)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
BOXES = "[...document.querySelectorAll('.chain')[0].children].map(box => box.getBoundingClientRect())"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_things_are_accessible_and_fit_their_window(served, browser, scheme):
    context = browser.new_context(color_scheme=scheme)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    for address in PAGES:
        page.goto(f"{served}{address}")
        found = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(OVERFLOW) == 0, address
    assert {url for url in asked if not url.startswith(served)} == set()
    context.close()


def test_the_chain_lies_at_a_desk_and_stands_in_the_hand(served, page):
    page.goto(f"{served}{CLAIM}")
    first, second = page.evaluate(BOXES)[:2]
    assert first["right"] < second["left"] and first["top"] == second["top"]
    page.set_viewport_size({"width": 320, "height": 800})
    first, second = page.evaluate(BOXES)[:2]
    assert first["bottom"] < second["top"] and first["left"] == second["left"]
