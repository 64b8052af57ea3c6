"""Signing in with a browser: an app or a passkey, in both schemes, at the width of a telephone, without a mouse."""

import os
import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from tests import accessible
from tests.desk import PASSWORD, account, code_of, sign_in
from tracker.accounts import factors

pytestmark = pytest.mark.browser
FOLDER = os.environ.get("SCREENSHOTS")


@pytest.fixture
def people(cloned_database, django_db_blocker):
    with django_db_blocker.unblock():
        yield account


@pytest.fixture
def told(page):
    """What the console complained of."""
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def check(page, name, told):
    """Nothing broke the policy, before axe comes with styles of its own; accessible in both schemes, and no wider
    than a telephone."""
    assert told == [], name
    for scheme, asked in (("light", accessible.ALL), ("dark", accessible.CONTRAST)):
        page.emulate_media(color_scheme=scheme)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            if FOLDER:
                page.screenshot(path=f"{FOLDER}/signin-{name}-{scheme}-{width}.png", full_page=True)
        assert accessible.faults(page, asked) == [], (name, scheme)
    told.clear()


def give_password(page, url, name):
    page.goto(url)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    # A page that is still on its way out cannot be asked anything.
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_newcomer_enrols_an_app_by_keyboard_alone_on_pages_that_all_can_read(people, served, page, told):
    people("newcomer", "curator", enrolled=False)
    page.goto(f"{served}/admin/commitments/claim/")
    check(page, "login", told)
    give_password(page, f"{served}/admin/commitments/claim/", "newcomer")
    check(page, "enrol", told)
    with page.expect_navigation():
        page.get_by_role("link", name="Set up an authenticator app").press("Enter")
    check(page, "app", told)
    page.get_by_label("Authenticator code").fill(code_of(page.get_by_label("Or type this secret").input_value()))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Keep your recovery codes").wait_for()
    check(page, "codes", told)
    page.get_by_label("I have downloaded, printed or copied").press("Space")
    page.get_by_role("button", name="Go on").press("Enter")
    page.wait_for_url("**/admin/commitments/claim/")
    with page.expect_navigation():
        page.get_by_role("link", name="Your sign-in").press("Enter")
    check(page, "own", told)
    assert told == []


def test_whoever_runs_it_for_the_first_time_comes_from_the_printed_password_to_the_desk(people, served, page, capsys):
    call_command("ensure_curator", username="first")
    password = re.search(r"with the password (\S+)", capsys.readouterr().out)[1]
    page.goto(f"{served}/admin/")
    page.get_by_label("Username").fill("first")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Set up an authenticator app").click()
    page.get_by_label("Authenticator code").fill(code_of(page.get_by_label("Or type this secret").input_value()))
    page.get_by_role("button", name="Set it up").click()
    page.get_by_label("I have downloaded, printed or copied").check()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/admin/")


def test_a_passkey_is_added_and_opens_the_desk(people, served, page, told):
    anna = people("anna", "curator", enrolled=False)
    by_name = served.replace("127.0.0.1", "localhost")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    give_password(page, f"{by_name}/admin/", "anna")
    with page.expect_navigation():
        page.get_by_role("link", name="Add a passkey").click()
    check(page, "passkey", told)
    page.get_by_role("button", name="Add it").click()
    page.get_by_label("I have downloaded, printed or copied").check()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/admin/")
    with page.expect_navigation():
        page.get_by_role("button", name="Log out").click()
    give_password(page, f"{by_name}/admin/", "anna")
    check(page, "second-factor", told)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/admin/")
    assert [factor.type for factor in factors.of(anna)] == ["webauthn"] and told == []


def test_a_passkey_that_the_browser_does_not_make_is_told_on_the_page(people, served, page):
    people("anna", "curator", enrolled=False)
    give_password(page, f"{served.replace('127.0.0.1', 'localhost')}/admin/", "anna")
    with page.expect_navigation():
        page.get_by_role("link", name="Add a passkey").click()
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('cancelled')) }")
    page.get_by_role("button", name="Add it").click()
    page.get_by_text("made or found no passkey for this address").wait_for()


def test_pages_of_accounts_can_be_read_by_all(people, served, page, told):
    people("keeper", "security admin")
    somebody = people("somebody", "curator")
    sign_in(page, f"{served}/admin/", "keeper")
    pages = {
        "accounts": reverse("admin:auth_user_changelist"),
        "failures": reverse("admin:accounts_failure_changelist"),
    }
    pages |= {"account": reverse("admin:auth_user_change", args=[somebody.pk])}
    pages |= {"verb": reverse("admin:auth_user_reset_second_factor", args=[somebody.pk])}
    for name, url in pages.items():
        page.goto(served + url)
        if FOLDER:
            page.screenshot(path=f"{FOLDER}/signin-{name}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, url
    assert told == []
