"""From a pasted news text to the public page in Chromium: by mouse, by the keyboard alone, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from commitments.models import Commitment, Passage, Source
from tests import accessible
from tests.desk import account, sign_in
from tests.news import ARABIC, BUILT, HINDI, NEWS

pytestmark = pytest.mark.browser
STATEMENT = "Vesland has built both radar towers for Ostmark."
TITLE = "Two radar towers of Vesland for Ostmark"
SENTENCE = "Fulfilled, on the word of Mira Solen, Transport minister, alone; true by 8 March 2024"


@pytest.fixture
def curator(cloned_database, django_db_blocker):
    with django_db_blocker.unblock():
        yield account("desk", "curator")


@pytest.fixture
def desk(curator, served, page):
    return signed_in(page, served)


def signed_in(page, served):
    sign_in(page, f"{served}/admin/", "desk")
    return page


def pasted(desk, text=NEWS):
    """The marking page of a text that was just pasted."""
    desk.get_by_role("link", name="Record a source").first.click()
    desk.get_by_label("Paste its text").fill(text)
    desk.get_by_role("button", name="Record it").click()
    desk.wait_for_selector("#text")
    # Its scripts move what stands around the text.
    desk.wait_for_load_state()
    return desk


def drag_over(desk, words):
    """The mouse from the first to the last letter of the words."""
    left, top, right, bottom = desk.evaluate(
        """words => {
          const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
          for (let node; (node = walker.nextNode());) {
            const at = node.data.indexOf(words);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + words.length);
            const boxes = [...range.getClientRects()];
            const last = boxes[boxes.length - 1];
            return [boxes[0].left + 1, boxes[0].top + boxes[0].height / 2, last.right - 1, last.top + last.height / 2];
          }
        }""",
        words,
    )
    desk.mouse.move(left, top)
    desk.mouse.down()
    desk.mouse.move(right, bottom, steps=4)
    desk.mouse.up()


def marked(desk):
    expect(desk.locator("[name=start]")).not_to_have_value("")
    return desk.locator("#marked-words").inner_text()


def filled(desk):
    """The claim, its office, the new commitment and its status; by clicks."""
    desk.get_by_label("What is asserted").fill(STATEMENT)
    desk.locator(".mark-offers a", has_text="Friday").click()
    desk.get_by_label("Who says it").press_sequentially("Mira Solen")
    desk.get_by_role("option", name="new person: Mira Solen").click()
    desk.get_by_text("Their post is new").click()
    desk.get_by_label("Their post, where").fill("Transport minister")
    desk.get_by_label("The body of that post").fill("new state: Vesland")
    desk.get_by_label("it says").first.select_option("status:fulfilled")
    desk.get_by_text("It changes the status").first.click()
    desk.get_by_label("This is the commitment").first.check()
    desk.get_by_label("Reason").first.fill("The minister says that both towers are built.")
    desk.get_by_text("The commitment is not recorded yet").click()
    desk.get_by_label("Title").fill(TITLE)
    desk.get_by_label("Kind").press_sequentially("equipment")
    desk.locator(".pick-list [role=option]").first.click()
    desk.get_by_label("Who undertakes it").fill("new state: Vesland")
    desk.get_by_label("To whom").fill("new state: Ostmark")


def published(desk, served):
    """What the public page then says."""
    desk.get_by_role("link", name="Publish this source's set").click()
    desk.get_by_label("Reason").fill("First recording.")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Publish").click()
    desk.goto(f"{served}/commitments/{Commitment.objects.get(title_en=TITLE).pk}/")
    return desk.inner_text("main")


def test_kinds_are_listed_before_anything_is_typed(desk):
    pasted(desk)
    desk.get_by_text("The commitment is not recorded yet").click()
    desk.get_by_label("Kind").focus()
    desk.locator(".pick-list [role=option]").nth(12).wait_for()
    desk.get_by_label("Kind").press_sequentially("zzz")
    expect(desk.locator(".pick-list [role=option]")).to_have_count(0)


def test_what_is_refused_is_listed_in_sight_with_the_focus_on_it(desk):
    pasted(desk)
    desk.get_by_label("What is asserted").fill(STATEMENT)
    desk.get_by_role("button", name="Save as drafts").click()
    expect(desk.locator("#mark-refused")).to_be_focused()
    desk.locator("#mark-refused").get_by_role("link", name="Who says it").click()
    expect(desk.get_by_label("Who says it")).to_be_in_viewport()


def test_without_javascript_nothing_dead_is_offered(desk, browser):
    pasted(desk)
    context = browser.new_context(java_script_enabled=False, storage_state=desk.context.storage_state())
    page = context.new_page()
    page.goto(desk.url)
    assert not page.get_by_role("button", name="Mark these words").is_visible()
    assert page.locator("noscript").get_by_role("paragraph").is_visible()
    context.close()


def test_by_mouse_from_a_pasted_text_to_the_public_page(desk, served):
    pasted(desk)
    drag_over(desk, BUILT)
    desk.get_by_role("button", name="Mark these words").click()
    assert marked(desk) == BUILT
    filled(desk)
    desk.get_by_role("button", name="Preview what the public will read").click()
    assert SENTENCE in desk.locator(".desk-preview").inner_text()
    desk.get_by_role("button", name="Save as drafts").click()
    assert SENTENCE in published(desk, served)


def tab_to(desk, label):
    """Presses Tab until something with this name has the focus."""
    for _ in range(150):
        desk.keyboard.press("Tab")
        name = desk.evaluate(
            """() => {
              const it = document.activeElement;
              const labels = it.labels && it.labels.length ? it.labels[0].textContent : "";
              const said = it.tagName === "SELECT" ? "" : it.textContent;
              return [labels, it.getAttribute("aria-label"), it.value, said, it.id].join(" | ");
            }"""
        )
        if label in name:
            return
    raise AssertionError(f"Tab never came to “{label}”.")


def type_in(desk, label, text):
    tab_to(desk, label)
    desk.keyboard.press("ControlOrMeta+a")
    desk.keyboard.insert_text(text)


def choose(desk, label, letters):
    tab_to(desk, label)
    desk.keyboard.type(letters)


def test_by_the_keyboard_alone_from_a_pasted_text_to_the_public_page(desk, served):
    tab_to(desk, "Record a source")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/start/")
    type_in(desk, "Paste its text", NEWS)
    tab_to(desk, "Record it and mark its words")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/mark/")
    type_in(desk, "Find words", BUILT)
    desk.keyboard.press("Enter")
    expect(desk.locator("#mark-told")).to_have_text(re.compile(r"^1 / 1 · \d+–\d+: "))
    desk.keyboard.press("Enter")
    assert marked(desk) == BUILT
    by_keyboard(desk)
    desk.wait_for_selector(".messagelist")
    assert "true by 8 March 2024" in published(desk, served)


def by_keyboard(desk):
    type_in(desk, "What is asserted", STATEMENT)
    type_in(desk, "Date as written", "2024-03-08")
    type_in(desk, "Who says it", "new person: Mira Solen")
    tab_to(desk, "Their post is new")
    desk.keyboard.press("Enter")
    type_in(desk, "Their post, where", "Transport minister")
    type_in(desk, "The body of that post", "new state: Vesland")
    choose(desk, "it says", "Fulfilled")
    tab_to(desk, "It changes the status")
    desk.keyboard.press("Enter")
    tab_to(desk, "This is the commitment")
    desk.keyboard.press("Space")
    type_in(desk, "Reason", "The minister says that both towers are built.")
    tab_to(desk, "The commitment is not recorded yet")
    desk.keyboard.press("Enter")
    type_in(desk, "Title", TITLE)
    type_in(desk, "Kind", "")
    desk.keyboard.type("equipment")
    desk.wait_for_selector(".pick-list [role=option]")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    type_in(desk, "Who undertakes it", "new state: Vesland")
    type_in(desk, "To whom", "new state: Ostmark")
    tab_to(desk, "Save as drafts")
    desk.keyboard.press("Enter")


def test_who_was_not_in_office_is_said_beside_the_choice_in_the_hand(world, desk, curator):
    office = world.office
    desk.set_viewport_size({"width": 360, "height": 740})
    pasted(desk)
    desk.get_by_label("Date as written").first.fill("2018")
    desk.get_by_label("Who says it").press_sequentially(office.person.name)
    offered = desk.locator("[role=option]", has_text=office.slug)
    box = offered.locator(".pick-note", has_text="not on 2018").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    offered.click()
    expect(desk.get_by_label("Who says it")).to_have_accessible_description(re.compile("not on 2018"))
    desk.get_by_label("Date as written").first.fill("2019-06")
    desk.get_by_label("What is asserted").focus()
    expect(desk.get_by_label("Who says it")).not_to_have_accessible_description(re.compile("not on 2018"))


def test_arrows_and_shift_select_words_and_typing_changes_nothing(desk):
    pasted(desk)
    desk.locator("#text").focus()
    desk.keyboard.press("ControlOrMeta+Home")
    desk.keyboard.type("x")
    desk.keyboard.press("Backspace")
    for _ in range(2):
        desk.keyboard.press("ControlOrMeta+Shift+ArrowRight")
    desk.keyboard.press("Enter")
    assert marked(desk).startswith("Vesland say")
    assert desk.locator("#text").inner_text().startswith("Vesland says radar towers are in place")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HINDI, "हम दो मीनारें बनाएँगे"),
        (HINDI, "यह घोषणा"),
        (ARABIC, "سنبني برجين"),
        ("Price: 10\u00a0000 €\r\n👩🏽‍🚀 Cafe\u0301\ttold \u202eus so\u202c, e\u0301tage.\r\n", "us so"),
    ],
    ids=["after combining marks", "after an emoji of many parts", "right to left", "spaces, CRLF and bidi controls"],
)
def test_positions_are_code_points_of_the_text(desk, text, words):
    kept = text.replace("\r\n", "\n")
    pasted(desk, text)
    drag_over(desk, words)
    desk.get_by_role("button", name="Mark these words").click()
    marked(desk)
    place = [int(desk.locator(f"[name={name}]").input_value()) for name in ("start", "end")]
    assert kept[place[0] : place[1]].strip("\u202e\u202c") == words


def test_bidirectional_controls_are_seen_and_turn_nothing_around(desk):
    pasted(desk, "He said \u202eyes\u202c to it.\nAnd so on.")
    assert "[RLO]yes[PDF]" in desk.locator("#text").inner_text().replace("\n", "")


def test_a_marked_passage_is_highlighted_and_told_at_the_caret(desk):
    pasted(desk)
    desk.get_by_role("link", name=BUILT).click()
    marked(desk)
    desk.get_by_role("button", name="Save as drafts").click()
    assert desk.locator("#text mark").inner_text() == BUILT
    desk.locator("#text mark").click()
    desk.locator("#text").press("Enter")
    assert desk.locator("[name=passages]").is_checked()


def test_without_javascript_words_are_found_by_typing_them(curator, served, browser):
    context = browser.new_context(java_script_enabled=False)
    desk = pasted(signed_in(context.new_page(), served))
    desk.get_by_label("Find words").fill("towers")
    desk.get_by_role("button", name="Find").click()
    desk.get_by_role("link", name="promised to").click()
    desk.get_by_role("button", name="Save as drafts").click()
    assert Passage.objects.get(capture__source__title__startswith="Vesland").exact == "towers"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_pass_axe_and_fit_their_width(desk, scheme):
    desk.emulate_media(color_scheme=scheme)
    told = []
    desk.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    desk.get_by_role("link", name="Record a source").first.click()
    desk.wait_for_selector(".mark-start")
    found = [faults(desk)]
    desk.get_by_label("Paste its text").fill(NEWS)
    desk.get_by_role("button", name="Record it").click()
    desk.wait_for_selector("#text")
    for element in desk.locator("details").all():
        element.evaluate("element => { element.open = true; }")
    found.append(faults(desk))
    assert (found, told) == ([[], []], [])


def faults(desk):
    """What axe finds, and whether the page is wider than its window, at two widths."""
    found = list(map(str, accessible.faults(desk)))
    for width in (1280, 360):
        desk.set_viewport_size({"width": width, "height": 800})
        wide = desk.evaluate("document.documentElement.scrollWidth")
        found += [f"{wide} px wide at {width}"] if wide > width else []
    desk.set_viewport_size({"width": 1280, "height": 800})
    return found


def test_a_text_of_one_line_stays_usable(desk):
    text = "Once. " + "word " * 40_000 + "“the last words”"
    pasted(desk, text)
    desk.get_by_label("Find words").fill("the last words")
    desk.get_by_role("button", name="Find").click()
    expect(desk.locator("#mark-told")).to_have_text(re.compile(r"^1 / 1 · \d+–\d+: "))
    desk.get_by_role("button", name="Mark these words").click()
    assert marked(desk) == "the last words"
    assert Source.objects.filter(title__startswith="Once.").exists()


def test_an_actor_added_in_the_pop_up_is_named_in_the_form(desk):
    pasted(desk)
    with desk.expect_popup() as opened:
        desk.locator("[id='add_id_claim-claimant']").click()
    opened.value.locator("[name=name]").fill("Popland")
    opened.value.locator("[name=slug]").fill("popland")
    opened.value.locator("[name=kind]").select_option("state")
    opened.value.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_label("Who says it")).to_have_value(re.compile("act_"))
