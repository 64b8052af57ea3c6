"""An import in Chromium: without a script from the file to the drafts, and every screen accessible in its window."""

import pytest

from commitments.models import Commitment, Import
from tests import accessible
from tests.desk import account, listed, sign_in
from tests.desk import page as address
from tests.imports import HINDI, MAPPED, as_csv, brought, checked

pytestmark = pytest.mark.browser
WIDTH = 1280


@pytest.fixture
def desk(world, served, browser):
    """Opens a curator's page in a context of one's own choice."""
    account("desk", "curator")
    contexts = []

    def opened(**told):
        contexts.append(browser.new_context(viewport={"width": WIDTH, "height": 800}, **told))
        page = contexts[-1].new_page()
        sign_in(page, f"{served}/admin/", "desk")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_file_to_drafts_with_and_without_a_script(desk, served, scripts):
    desk = desk(java_script_enabled=scripts)
    desk.goto(served + listed(Import, "add"))
    file = {"name": "register.csv", "mimeType": "text/csv", "buffer": as_csv(HINDI, "utf-16")}
    desk.locator("[name=upload]").set_input_files(file)
    desk.get_by_label("Data set").fill("Register of Norland")
    desk.get_by_role("textbox", name="Language").fill("hi")
    desk.locator("[name=_save]").click()
    for name in ("promisor", "claimant"):
        desk.locator(f"[name=column-{name}]").select_option("देश")
    desk.locator("[name=constant-kind]").fill("Pledge")
    desk.get_by_role("button", name="Keep, and go on to words and names").click()
    desk.get_by_role("button", name="Keep, and check the file").click()
    desk.get_by_label("Leave out the 1 row that is rejected").check()
    desk.get_by_role("button", name="Make the drafts").click()
    desk.get_by_text("0 of 2 commitments are published.").wait_for()
    assert Commitment.objects.drafts().count() == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_of_an_import_is_accessible_and_fits(world, desk, served, scheme):
    desk = desk(color_scheme=scheme)
    imported = brought(as_csv(HINDI), by=world.curator, language="hi", mapping=MAPPED | {"words": {}})
    checked(imported)
    names = ("mapping", "words", "reading", "change")
    for url in [listed(Import), *(address(imported, name) for name in names)]:
        desk.goto(served + url)
        assert accessible.faults(desk) == [], url
        assert desk.evaluate("document.documentElement.scrollWidth") <= WIDTH, url
