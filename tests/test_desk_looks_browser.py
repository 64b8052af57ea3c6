"""Every screen of the desk in Chromium: accessible in both schemes and languages, as wide as its window, silent."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User

from tests.screens import screens
from tests.world import World

pytestmark = pytest.mark.browser
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def world(cloned_database, django_db_blocker):
    with django_db_blocker.unblock():
        yield World()


def opened(browser, served, scheme, language, width=1280):
    """A page of somebody who may do everything, signed in."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    context.add_cookies([{"name": "django_language", "value": language, "url": served}])
    User.objects.filter(username="all").exists() or User.objects.create_superuser("all", password="at-the-desk")
    page = context.new_page()
    page.goto(f"{served}/admin/")
    page.locator("[name=username]").fill("all")
    page.locator("[name=password]").fill("at-the-desk")
    page.locator("#login-form [type=submit]").click()
    page.wait_for_url("**/admin/")
    return page


def faults(page):
    found = Axe().run(page).response["violations"]
    return [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in found]


@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "es")])
def test_every_screen_of_the_desk_is_accessible_and_fits_its_window(world, served, browser, scheme, language):
    page, told, wrong = opened(browser, served, scheme, language), [], {}
    page.on("console", lambda message: told.append((page.url, message.text)) if message.type == "error" else None)
    for url in screens(world):
        page.goto(served + url)
        # The checker itself applies styles, which the policy refuses.
        told_by_the_page = list(told)
        found = faults(page) + ([("wider than the window", "")] if page.evaluate(WIDE) > 0 else [])
        told[:] = told_by_the_page
        wrong |= {url: found} if found else {}
    assert wrong == {} and told == []
    page.context.close()


def test_the_sign_in_page_is_accessible_in_both_schemes(world, served, browser):
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(f"{served}/admin/")
        assert faults(page) == []
        page.close()


def test_the_desk_can_be_used_in_the_hand(world, served, browser):
    page = opened(browser, served, "light", "es", width=360)
    for url in ("/admin/", "/admin/commitments/queue/silent/", "/admin/commitments/claim/add/"):
        page.goto(served + url)
        assert page.evaluate(WIDE) <= 0, url
    page.context.close()


def test_the_scheme_and_the_language_are_chosen_by_keyboard(world, served, browser):
    page = opened(browser, served, "light", "en")
    page.get_by_role("button", name="Español").press("Enter")
    page.wait_for_load_state()
    assert page.get_by_role("heading", level=1).inner_text() == "¿En qué quiere trabajar?"
    page.locator(".theme-toggle").press("Enter")
    page.locator(".theme-toggle").press("Enter")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.context.close()
