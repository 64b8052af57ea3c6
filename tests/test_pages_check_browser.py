"""Check your copy in Chromium: compared where it is, by the same rule, with nothing told to anybody."""

import re

import pytest

from tests import accessible
from tests.copies import CAPTURE, ENDLESS, PLACES, RECOGNISED, TEXT
from tests.world import OFFERED

pytestmark = pytest.mark.browser
RULE = """async ({ recognised, placed, captures }) => ({
  recognised: await Promise.all(recognised.map(([text, sha256]) => Copies.recognised(captures, text, sha256))),
  placed: (await Promise.all(placed.map(([text, quote]) => Copies.places(text, [quote])))).flat(),
})"""
DONE = "#answer[aria-busy=false]"
DROPPED = """(text) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], "copy.txt"));
  document.getElementById("copy").dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
}"""
WITHOUT_DIGESTS = "Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined })"


def check(page, text):
    page.get_by_label("Paste a text").fill(text)
    page.get_by_role("button", name="Check").click()
    page.locator(DONE).wait_for()
    return page.locator("main").inner_text()


def known(capture):
    return {"sha256": capture["sha256"], "textSha256": capture["text_sha256"]}


def test_both_rules_are_one(served, page):
    """The cases that tests/test_pages_check.py holds the rule in Python to."""
    page.goto(f"{served}/check/")
    brought = [*(brought for brought, _ in RECOGNISED.values()), ("aa\n\n", None)]
    cases = {"recognised": brought, "placed": [case[:2] for case in PLACES.values()]}
    told = page.evaluate(RULE, cases | {"captures": [known(CAPTURE), known(ENDLESS)]})
    expected = [*(expected for _, expected in RECOGNISED.values()), ("without_last_lines", "aa")]
    assert [(copy["way"], copy["text"]) for copy in told["recognised"]] == expected
    assert dict(zip(PLACES, told["placed"], strict=True)) == {name: case[2] for name, case in PLACES.items()}


def test_no_request_carries_the_text_or_a_whole_digest(world, served, page):
    sent = []
    page.goto(f"{served}/check/")
    page.on("request", lambda request: sent.append((request.method, request.url, request.post_data)))
    told = check(page, world.data.decode())
    assert "character for character" in told and "At their place: 1." in told
    check(page, TEXT)
    assert {method for method, _, _ in sent} == {"GET"}
    asked = [url for _, url, _ in sent if "favicon" not in url]
    assert asked and [url for url in asked if not re.fullmatch(rf"{served}/check/captures/[0-9a-f]{{5}}/", url)] == []


def test_at_a_source_nothing_is_asked_at_all(world, served, page):
    sent = []
    page.goto(f"{served}/sources/{world.source.pk}/check/")
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: sent.append(request.url))
    assert "Elsewhere, once" in check(page, f"Heard today: {OFFERED}.")
    assert sent == []


def test_a_file_that_is_dropped_is_compared_by_its_bytes(world, served, page):
    page.goto(f"{served}/check/")
    page.evaluate(DROPPED, world.data.decode())
    page.get_by_text("This is a capture that we know, byte for byte.").wait_for()
    page.get_by_role("link", name=f"{OFFERED}.").click()
    page.wait_for_url(f"{served}/claims/{world.offer.pk}/")


def test_without_javascript_the_form_is_sent_and_says_so(world, served, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/check/")
    assert page.get_by_text("Sent, compared, forgotten.").is_visible()
    page.get_by_label("Paste a text").fill(world.data.decode())
    page.get_by_role("button", name="Check").click()
    assert "character for character" in page.locator("#verdict").inner_text()
    context.close()


def test_where_the_browser_makes_no_digests_the_form_is_sent_and_says_so(world, served, page):
    page.add_init_script(WITHOUT_DIGESTS)
    page.goto(f"{served}/check/")
    assert page.get_by_text("Your browser does not compare digests on this address.").is_visible()
    page.get_by_label("Paste a text").fill(world.data.decode())
    page.get_by_role("button", name="Check").click()
    page.get_by_text("character for character").wait_for()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_these_pages_are_accessible_and_fit_their_window(world, served, browser, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    for address in (
        f"/sources/{world.source.pk}/check/",
        "/check/captures/7bc7b/",
        "/corrections/",
        "/es/how-we-know/",
    ):
        page.goto(f"{served}{address}")
        if "sources" in address:
            check(page, f"{OFFERED} and {OFFERED}")
        assert accessible.faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
