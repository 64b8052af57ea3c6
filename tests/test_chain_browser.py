"""The way of a claim's words as a browser lays it out."""

import pytest

pytestmark = pytest.mark.browser

CLAIM = "/claims/clm_01m80n3ac0ezqtxqm458e2tq5v/"
BOXES = "[...document.querySelectorAll('.chain')[0].children].map(box => box.getBoundingClientRect())"


def test_the_chain_lies_at_a_desk_and_stands_in_the_hand(served, page):
    page.goto(f"{served}{CLAIM}")
    first, second = page.evaluate(BOXES)[:2]
    assert first["right"] < second["left"] and first["top"] == second["top"]
    page.set_viewport_size({"width": 320, "height": 800})
    first, second = page.evaluate(BOXES)[:2]
    assert first["bottom"] < second["top"] and first["left"] == second["left"]
