"""The picture of a status: what stands on it, what it leaves out, and that nothing becomes boxes."""

from io import BytesIO

import pytest
from PIL import Image

from commitments import actions
from commitments.pages import cards
from commitments.pages.badges import GLYPHS
from tests.pages import example

pytestmark = pytest.mark.django_db
TITLE = cards.font("NotoSerif-Bold", 52)


@pytest.fixture
def card(client):
    def ask(address, query="", **headers):
        return client.get(f"{address}card.png{query}", headers=headers)

    return ask


def image(answer):
    return Image.open(BytesIO(answer.content))


@pytest.mark.parametrize("noun", ["commitment", "claim"])
def test_a_card_is_a_picture_of_the_size_that_others_show(card, noun):
    answer = card(example(f"{noun}_by_id"))
    assert answer["Content-Type"] == "image/png"
    assert (image(answer).format, image(answer).size) == ("PNG", (1200, 630))
    assert len(answer.content) < 80_000


def test_a_card_is_in_the_language_of_its_address(client, card):
    assert card(example("commitment_by_id")).content != card(f"/es{example('commitment_by_id')}").content


def test_who_holds_a_card_gets_a_304(card):
    first = card(example("commitment_by_id"))
    again = card(example("commitment_by_id"), **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_card_changes_with_the_status(client, card, world):
    address = f"/commitments/{world.commitment.pk}/"
    before = card(address).content
    actions.retract(thing=world.commitment, by=world.curator, reason="Recorded twice.")
    assert card(address).content != before


def test_a_card_tells_status_reading_and_whose_word(client):
    shown = cards.shown(client.get(example("commitment_by_id"), follow=True).context["cited"])
    assert (shown.group, shown.glyph, shown.word) == ("closed", "⊘", "Not accepted [our inference]")
    assert "Christopher Landau" in shown.lines[0]
    assert "One side only" in shown.lines[1]


def test_a_page_names_its_card_its_status_and_both_languages(client):
    text = " ".join(client.get(f"/es{example('commitment_by_id')}", follow=True).content.decode().split())
    card = f"http://testserver/es{example('commitment_by_id')}card.png"
    assert f'<meta property="og:image" content="{card}">' in text
    assert '<meta property="og:locale" content="es_MX">' in text
    assert '<meta property="og:locale:alternate" content="en_US">' in text
    assert '<meta name="twitter:card" content="summary_large_image">' in text


def test_a_page_of_an_earlier_day_names_the_card_of_that_day(client):
    page = client.get(f"{example('claim_by_id')}?as_of=2026-01-01")
    assert "card.png?known_at=" in page.content.decode()


@pytest.mark.parametrize("status", GLYPHS)
def test_every_status_has_a_sign(status):
    signs = cards.font("StatusGlyphs", 34)
    assert cards.drawn(signs, GLYPHS[status]) != cards.drawn(signs, cards.NOWHERE)


@pytest.mark.parametrize("text", ["Donación de México", "Ελλάδα", "Україна і Росія", "Đắk Lắk – “quoted”", "e\u0301"])
def test_letters_of_three_scripts_are_drawn(text):
    assert cards.can_be_drawn(text)


@pytest.mark.parametrize("text", ["中国", "السعودية", "ประเทศไทย", "Peace 🕊", "हिन्दी"])
def test_other_scripts_are_known_to_be_missing(text):
    assert not cards.can_be_drawn(text)


def test_a_title_that_cannot_be_drawn_gives_way_to_the_id(client, card, world):
    world.commitment.title_en = "中国的承诺"
    world.commitment.save()
    actions.amend(things=[world.commitment], by=world.curator, reason="Renamed.")
    address = f"/commitments/{world.commitment.pk}/"
    cited = client.get(address, follow=True).context["cited"]
    assert cards.drawable(cited.title, cited) == world.commitment.pk
    assert cards.drawable("Boats", cited) == "Boats"
    assert image(card(address)).size == (1200, 630)


def test_a_long_title_wraps_and_ends_with_an_ellipsis():
    lines = cards.wrapped("Commitment of the parties to " * 20, TITLE, 3)
    assert len(lines) == 3 and lines[-1].endswith("…")
    assert all(TITLE.getlength(line) <= cards.WIDTH for line in lines)


def test_a_word_wider_than_the_card_is_cut():
    [line] = cards.wrapped("x" * 500, TITLE, 3)
    assert line.endswith("…") and TITLE.getlength(line) <= cards.WIDTH


def test_a_short_title_stays_whole():
    assert cards.wrapped("  Six \n patrol\u200b boats ", TITLE, 3) == ["Six patrol boats"]
