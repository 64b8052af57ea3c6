"""Every screen of the desk in Chromium: accessible in both schemes, as wide as its window, silent."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user
from django.urls import resolve

from tests import accessible
from tests.begun import begun
from tests.desk import page as of
from tests.desk import signed_in
from tests.screens import screens

pytestmark = pytest.mark.browser
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def opened(browser, served, language, width=1280):
    """A page of somebody who may do everything, signed in, and who that is."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    client = signed_in(is_superuser=True)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: key, settings.LANGUAGE_COOKIE_NAME: language}
    context.add_cookies([{"name": name, "value": value, "url": served} for name, value in cookies.items()])
    return context.new_page(), get_user(client)


def faults_of_screen(page):
    """In both schemes; of the second only what differs between them."""
    found = [("wider than the window", "")] if page.evaluate(WIDE) > 0 else []
    found += accessible.faults(page)
    page.emulate_media(color_scheme="dark")
    found += accessible.faults(page, accessible.CONTRAST)
    page.emulate_media(color_scheme="light")
    return found


def of_each_kind(urls):
    """The first address of each kind of page: every noun's list, say, is made by the same templates."""
    kinds = {}
    for url in urls:
        name = resolve(urlsplit(url).path).url_name
        kinds.setdefault(name.split("_", 2)[2] if name.startswith("commitments_") else name, url)
    return list(kinds.values())


@pytest.mark.parametrize("chosen", [of_each_kind, pytest.param(list, marks=pytest.mark.heavy)])
def test_every_screen_of_the_desk_is_accessible_and_fits_its_window(world, served, browser, chosen):
    (page, somebody), told, wrong = opened(browser, served, "es"), [], {}
    page.on("console", lambda message: told.append((page.url, message.text)) if message.type == "error" else None)
    for url in chosen(screens(world, somebody)):
        page.goto(served + url)
        # The checker itself applies styles, which the policy refuses.
        told_by_the_page = list(told)
        found = faults_of_screen(page)
        told[:] = told_by_the_page
        wrong |= {url: found} if found else {}
    assert wrong == {} and told == []
    page.context.close()


def test_the_sign_in_page_is_accessible_in_both_schemes(world, served, browser):
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(f"{served}/admin/")
        assert accessible.faults(page) == []
        page.close()


def test_the_desk_can_be_used_in_the_hand(world, served, browser):
    page, _ = opened(browser, served, "es", width=360)
    queue, history, merge = "/admin/commitments/queue/silent/", *(of(world.commitment, n) for n in ("history", "merge"))
    for url in ("/admin/", queue, "/admin/commitments/claim/add/", history, merge):
        page.goto(served + url)
        assert page.evaluate(WIDE) <= 0, url
    page.context.close()


def test_what_is_tapped_is_24_pixels_from_the_next(world, served, browser):
    page, somebody = opened(browser, served, "en", width=360)
    for url in ("/admin/commitments/claim/", of(begun(somebody).source, "mark")):
        page.goto(served + url)
        assert accessible.faults(page, {"runOnly": ["target-size"]}) == [], url
    page.context.close()


def test_the_scheme_and_the_language_are_chosen_by_keyboard(world, served, browser):
    page, _ = opened(browser, served, "en")
    page.goto(f"{served}/admin/")
    page.get_by_role("button", name="Español").press("Enter")
    page.wait_for_load_state()
    assert page.get_by_role("heading", level=1).inner_text() == "¿En qué quiere trabajar?"
    page.locator(".theme-toggle").press("Enter")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.context.close()
