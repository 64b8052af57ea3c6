"""The desk in Chromium: a status is recorded and seen by the public; no page breaks the security policy."""

import pytest

from commitments.models import Claim, Commitment, Passage
from tests.desk import account, listed, sign_in
from tests.desk import page as address
from tests.world import ACCEPTED, OFFERED

pytestmark = pytest.mark.browser
WIDTH = 1280


@pytest.fixture
def desk(world, served, page):
    """The page of a curator who has signed in."""
    account("desk", "curator")
    sign_in(page, f"{served}/admin/", "desk")
    return page


def test_a_status_recorded_at_the_desk_stands_on_the_public_page(world, desk, served):
    world.claim(ACCEPTED, bears="agreed", said="2020-02-01")
    desk.goto(served + address(world.commitment))
    desk.get_by_role("link", name="Record a status change").click()
    desk.locator("[name=effective_edtf]").fill("2020-02-01")
    desk.locator("[name=effective_basis]").select_option("stated")
    desk.get_by_label("Agreed: ").check()
    desk.get_by_label(ACCEPTED).check()
    desk.get_by_label("Reason").fill("She said so.")
    desk.get_by_role("button", name="Record it").click()
    desk.get_by_role("link", name="Public page").click()
    desk.wait_for_url(f"**/commitments/{world.commitment.pk}/**")
    assert "Agreed" in desk.inner_text("main")


def recorded_twice(world):
    twin = world.draft_commitment("ships")
    claim = world.draft_claim(OFFERED, bears="proposed", on=twin)
    world.publish(twin, claim, world.draft_change("proposed", claim, "2020-01-06", on=twin))
    return twin


def test_what_was_recorded_twice_is_merged_at_the_desk_and_leads_to_the_survivor(world, desk, served):
    twin = recorded_twice(world)
    desk.goto(served + address(twin))
    desk.get_by_role("link", name="Merge into …").click()
    desk.locator(".select2-selection").click()
    desk.locator(".select2-search__field").fill("Boats of Norland")
    desk.locator(".select2-results__option", has_text="Boats of Norland").click()
    desk.get_by_role("button", name="Compare the two").click()
    desk.get_by_label("Reason").fill("Recorded twice.")
    desk.get_by_role("button", name="Merge", exact=True).click()
    desk.get_by_text("Merged into another").first.wait_for()
    desk.goto(f"{served}/commitments/{twin.pk}/")
    assert f"/commitments/{world.commitment.pk}/" in desk.url


def test_no_page_of_the_desk_breaks_the_policy_or_the_width(world, desk, served):
    told = []
    desk.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    pages = [listed(Commitment), listed(Passage), listed(Claim, "add"), listed(Commitment, "add")]
    twin = recorded_twice(world)
    pages += [f"{address(twin, 'merge')}?into={world.commitment.pk}", "/admin/commitments/duplicates/"]
    pages += [address(world.offer), address(world.commitment), address(world.commitment, "record_status")]
    for url in pages:
        desk.goto(served + url)
        desk.wait_for_load_state("networkidle")
        assert desk.evaluate("document.documentElement.scrollWidth") <= WIDTH, url
    assert told == []
