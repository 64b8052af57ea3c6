"""A status in a frame on somebody else's page: whole, framable, cacheable, and no other page is."""

import re

import pytest

from commitments import actions
from tests.pages import LANDAU, example

pytestmark = pytest.mark.django_db
FOR_FIVE_MINUTES = "public, max-age=300"


@pytest.fixture
def framed(client):
    def ask(name=LANDAU, query="", language="", **headers):
        return client.get(f"{language}/embed/commitments/{name}/{query}", headers=headers, follow=True)

    return ask


def ancestors(answer):
    return re.search("frame-ancestors ([^;]+)", answer["Content-Security-Policy"])[1]


def test_anybody_may_frame_a_card(framed):
    answer = framed()
    assert ancestors(answer) == "*"
    assert "X-Frame-Options" not in answer


@pytest.mark.parametrize("name", ["commitment_by_id", "claim_by_id", "home", "commitment_file"])
def test_nobody_may_frame_another_page(client, name):
    answer = client.get(example(name), follow=True)
    assert (ancestors(answer), answer["X-Frame-Options"]) == ("'none'", "DENY")


def test_a_card_tells_status_sentence_and_day_and_leads_out_of_the_frame(framed):
    answer = framed()
    text = answer.content.decode()
    assert answer.context["cited"].told.replace("'", "&#x27;") in text
    assert "Not accepted" in text and "As of" in text
    assert text.count('target="_top"') == text.count("<a ") == 2


def test_a_card_is_in_either_language(framed):
    assert "No aceptado" in framed(language="/es").content.decode()


def test_a_card_may_be_kept_for_five_minutes_and_then_asked_for_again(framed):
    first = framed(example("commitment_by_id").split("/")[2])
    again = framed(example("commitment_by_id").split("/")[2], **{"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert first["Cache-Control"] == again["Cache-Control"] == FOR_FIVE_MINUTES


def test_a_card_of_the_past_may_be_kept_longer(framed):
    newest = framed().context["clock"].seq
    assert framed(query=f"?known_at={newest}")["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize(("name", "query", "status"), [("nothing", "", 404), (LANDAU, "?asof=2020-01-01", 400)])
def test_what_cannot_be_shown_is_told_inside_the_frame(framed, name, query, status):
    answer = framed(name, query)
    assert answer.status_code == status
    assert ancestors(answer) == "*" and "X-Frame-Options" not in answer
    assert "commitment" in answer.content.decode() or "asof" in answer.content.decode()


def test_a_card_sets_no_cookie_and_runs_no_script(framed):
    answer = framed()
    assert not answer.cookies
    assert "<script" not in answer.content.decode()


def test_a_retracted_commitment_says_so_in_its_card(framed, world):
    actions.retract(thing=world.commitment, by=world.curator, reason="Recorded twice.")
    assert "Retracted: Recorded twice." in framed(world.commitment.pk).content.decode()


def test_a_merged_commitment_shows_its_survivor(framed, world, twin):
    actions.merge(thing=twin, into=world.commitment, by=world.curator, reason="The same.")
    assert framed(twin.pk).context["cited"].id == world.commitment.pk


def test_a_draft_has_no_card(framed, world):
    assert framed(world.draft_commitment("drafted").pk).status_code == 404


def test_the_page_offers_the_frame_to_copy(client):
    text = client.get(example("commitment_by_id"), follow=True).content.decode()
    assert f"&lt;iframe src=&quot;http://testserver/embed{example('commitment_by_id')}&quot;" in text
