"""Two people at the desk in Chromium: one edit over another by keyboard alone, a set submitted and published; the
screens on the way keep to the policy, to the width, and to what axe asks."""

import pytest

from commitments.models import Commitment
from tests import accessible
from tests.desk import account, sign_in
from tests.desk import page as address
from tests.world import ACCEPTED, World, standing

pytestmark = pytest.mark.browser
WIDTH = 1280


@pytest.fixture
def world(cloned_database, django_db_blocker):
    with django_db_blocker.unblock():
        yield World()


@pytest.fixture
def enter(world, served, browser):
    """Signs somebody in, in a browser of their own."""
    contexts = []

    def entered(name, group):
        account(name, group)
        contexts.append(browser.new_context(viewport={"width": WIDTH, "height": 800}))
        page = contexts[-1].new_page()
        sign_in(page, f"{served}/admin/", name)
        return page

    yield entered
    for context in contexts:
        context.close()


def check(page):
    """Nothing wider than the window, and nothing that axe finds, in the header, the way here or the page itself."""
    page.locator("#content-main").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH, page.url
    assert accessible.faults(page) == []


def test_two_people_on_one_commitment_and_nothing_is_lost(world, served, enter):
    ours, theirs = enter("first", "curator"), enter("second", "curator")
    for page, title in ((ours, "Our title"), (theirs, "Their title")):
        page.goto(served + address(world.commitment))
        page.get_by_label("Title (English)").fill(title)
    ours.get_by_label("Condition").fill("If they ask.")
    theirs.get_by_role("button", name="Save", exact=True).click()
    theirs.get_by_text("was changed successfully").wait_for()
    ours.get_by_role("button", name="Save", exact=True).click()
    ours.get_by_role("button", name="Save what I chose").wait_for()
    check(ours)
    ours.get_by_label("Mine").focus()
    ours.keyboard.press("Space")
    ours.keyboard.press("Enter")
    ours.get_by_text("what you chose stands now").wait_for()
    saved = Commitment.objects.get(pk=world.commitment.pk)
    assert (saved.title_en, saved.condition) == ("Our title", "If they ask.")


def test_a_set_goes_from_a_contributor_to_the_public(world, served, enter):
    claim = world.draft_claim(ACCEPTED, bears="agreed")
    author, reviewer = enter("author", "contributor"), enter("reviewer", "curator")
    author.goto(served + address(claim))
    author.get_by_role("link", name="Submit for review").click()
    author.wait_for_url("**/reviewset/add/**")
    check(author)
    author.get_by_role("button", name="Submit for review").click()
    author.get_by_text("Awaiting review").wait_for()
    check(author)
    reviewer.goto(author.url)
    check(reviewer)
    reviewer.get_by_label("Reason").fill("First recording.")
    reviewer.get_by_role("button", name="Publish the set").click()
    reviewer.get_by_text("Published: the whole set.").wait_for()
    assert standing(claim)
    reviewer.goto(served + address(claim, "history"))
    check(reviewer)
