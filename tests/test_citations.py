"""A page cited in the forms of reference managers: the same thing, version, entry and digest in each."""

import json
import re

import pytest

from commitments import actions
from commitments.pages import bibliographies
from tests.pages import example
from tests.world import row

pytestmark = pytest.mark.django_db
FILES = ("cite.bib", "cite.ris", "cite.json")


@pytest.fixture
def landau(client):
    """A form of the real commitment, by the end of its address."""

    def ask(name, query="", **headers):
        return client.get(f"{example('commitment_by_id')}{name}{query}", headers=headers)

    return ask


@pytest.fixture
def renamed(client, world):
    """The world's commitment under another title, in one of the forms."""

    def ask(title, name):
        world.commitment.title_en = title
        world.commitment.save()
        actions.amend(things=[world.commitment], by=world.curator, reason="Renamed.")
        return client.get(f"/commitments/{world.commitment.pk}/{name}").content.decode()

    return ask


def fields(text):
    return dict(re.findall(r"^  (\w+) = \{(.*)\},$", text, re.MULTILINE))


@pytest.mark.parametrize("name", FILES)
def test_each_form_has_id_version_entry_and_digest(client, world, name):
    text = client.get(f"/commitments/{world.commitment.pk}/{name}").content.decode().replace("\\_", "_")
    record = row(world.commitment) | client.get(f"/api/v1/commitments/{world.commitment.pk}/").json()
    assert f"{world.commitment.pk}_v1_e" in text
    assert record["record"]["leaf"] in text
    assert f"known_at={record['record']['seq']}" in text or "known_at=" in text


def test_the_address_in_a_citation_answers_the_same_after_a_change(client, world):
    told = json.loads(client.get(f"/commitments/{world.commitment.pk}/cite.json").content)[0]
    before = client.get(told["URL"]).context["title"]
    world.commitment.title_en = "Ships"
    world.commitment.save()
    actions.amend(things=[world.commitment], by=world.curator, reason="Renamed.")
    assert client.get(told["URL"]).context["title"] == before != "Ships"


def test_the_record_is_the_author_and_nobody_else(landau):
    [item] = json.loads(landau("cite.json").content)
    assert item["author"] == [{"literal": "Commitment and Claims Tracker"}]
    assert "original-author" not in item
    assert fields(landau("cite.bib").content.decode())["author"] == "{Commitment and Claims Tracker}"


def test_whose_word_a_claim_is_stands_beside_the_author(client, world):
    [item] = json.loads(client.get(f"/claims/{world.offer.pk}/cite.json").content)
    assert item["original-author"] == [{"literal": f"{world.ambassador.name}, Ambassador"}]
    assert item["original-date"] == {"date-parts": [[2020, 1, 6]]}
    assert item["title"] == world.offer.statement


def test_a_date_that_was_worked_out_is_no_original_date(client):
    claim = "clm_01m80n3ac0ezqtxqm458e2tq5v"
    [item] = json.loads(client.get(f"/claims/{claim}/cite.json").content)
    assert "original-date" not in item
    assert "weekday resolved" in item["note"]


def test_the_status_is_told_with_its_reading(landau):
    for name in FILES:
        assert "Not accepted" in landau(name).content.decode()


def test_bibtex_escapes_what_latex_reads(renamed):
    title = fields(renamed(r"A_b & 5% of $1 #2 {x} \y ~z^ <a|b>", "cite.bib"))["title"]
    assert title == (
        r"{A\_b \& 5\% of \$1 \#2 \textbraceleft{}x\textbraceright{} \textbackslash{}y \textasciitilde{}z"
        r"\textasciicircum{} \textless{}a\textbar{}b\textgreater{}}"
    )


@pytest.mark.parametrize("title", ["{ an odd brace", "} another", r"back\slash {{"])
def test_braces_of_a_bibtex_entry_are_even(renamed, title):
    text = renamed(title, "cite.bib")
    assert text.count("{") == text.count("}")


def test_ris_has_one_tag_a_line_and_ends_each_with_cr_lf(renamed):
    text = renamed("Two\u2028lines\tand a tab", "cite.ris")
    lines = text.split("\r\n")
    assert lines[-1] == "" and "\n" not in text.replace("\r\n", "")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert (lines[0], lines[-2]) == ("TY  - ELEC", "ER  - ")
    assert "TI  - Two lines and a tab" in lines


def test_controls_do_not_reach_a_citation():
    assert bibliographies.on_one_line("a\x1b[0m\nb\x00\u202ec") == "a [0m b c"


def test_a_citation_is_offered_for_download_under_the_slug(landau):
    assert landau("cite.ris")["Content-Disposition"] == 'attachment; filename="equipment-donation.ris"'


def test_the_words_of_a_citation_follow_the_language_of_the_address(client):
    answer = client.get(f"/es{example('commitment_by_id')}cite.json")
    [item] = json.loads(answer.content)
    assert (item["language"], item["title"][:8]) == ("es", "Donación")
    assert "/es/commitments/" in item["URL"]


def test_two_states_have_two_keys(landau):
    now, then = (json.loads(landau("cite.json", query).content)[0] for query in ("", "?as_of=2022-01-01"))
    assert now["custom"]["as_of"] != then["custom"]["as_of"] == "2022-01-01"
    assert now["URL"] != then["URL"]


def test_what_is_retracted_is_cited_as_that(client, world):
    actions.retract(thing=world.commitment, by=world.curator, reason="Recorded twice.")
    assert "Retracted: Recorded twice." in client.get(f"/commitments/{world.commitment.pk}/cite.ris").content.decode()


def test_a_citation_of_what_was_merged_leads_to_the_survivor(client, world, twin):
    actions.merge(thing=twin, into=world.commitment, by=world.curator, reason="The same.")
    answer = client.get(f"/commitments/{twin.pk}/cite.bib?as_of=2021-01-01")
    assert answer.status_code == 307
    assert answer["Location"] == f"/commitments/{world.commitment.pk}/cite.bib?as_of=2021-01-01"


def test_a_slug_leads_to_the_file_of_the_id(client, world):
    answer = client.get(f"/commitments/{world.commitment.slug}/cite.bib")
    assert answer["Location"] == f"/commitments/{world.commitment.pk}/cite.bib"


def test_a_form_that_there_is_not_leads_to_the_page(client, landau):
    answer = client.get(f"{example('commitment_by_id')}cite.doc", follow=True)
    assert answer.redirect_chain[-1][0].endswith("/equipment-donation/")


def test_a_form_refuses_what_a_page_refuses(landau):
    assert landau("cite.bib", "?asof=2020-01-01").status_code == 400
    assert landau("cite.bib", "?as_of=2999-01-01").status_code == 400


@pytest.mark.parametrize("noun", ["commitment", "claim"])
def test_the_page_shows_the_citation_and_leads_to_its_forms(client, noun):
    page = client.get(example(f"{noun}_by_id"), follow=True)
    text = page.content.decode()
    assert page.context["cited"].permalink.replace("&", "&amp;") in text
    assert all(f"{name}?known_at=" in text for name in FILES)


def test_the_page_of_an_earlier_day_cites_that_day(client):
    page = client.get(f"{example('commitment_by_id')}?as_of=2022-01-01", follow=True)
    assert page.context["cited"].permalink.endswith("&as_of=2022-01-01")
