"""Full text: what is found by what, here and in PostgreSQL; and which part of a text is shown."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from commitments import actions, search, selection
from commitments.clocks import resolve
from commitments.selection import Selection
from commitments.standings import excerpted
from commitments.verification import verify
from tests.world import ACCEPTED, DELIVERED, NOT_ACCEPTED, OFFERED, World, day, row, standing

# Letters of several scripts, signs, and what breaks lexers; lone surrogates never reach a text.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80)
LINES = st.lists(st.tuples(st.sampled_from("ABCD"), TEXTS), max_size=4)
SCRIPTS = st.text("abc zé'’.-,ñ\"ไทยประเทศ漢字が المكسيك दिल्ली", max_size=40)


def is_found(q: str, *texts: str) -> bool:
    """What PostgreSQL says."""
    vector = search.vector(("A", text) for text in texts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [vector, search.parse(q).tsquery])
        return cursor.fetchone()[0]


def marked(q: str, text: str) -> list[str]:
    found = search.excerpt([text], search.parse(q))
    return [found["text"][start:end] for start, end in found["marks"]]


FOUND = {
    "as typed": ("equipment", "The equipment stayed."),
    "capitals": ("EQUIPMENT", "the Equipment"),
    "accent left out": ("aceptacion", "la aceptación"),
    "accent put in": ("México", "Mexico"),
    "accent typed apart": ("cafe\u0301", "café"),
    "ligature": ("oeuvre", "œuvre"),
    "full width": ("mexico", "Ｍｅｘｉｃｏ"),
    "English plural": ("operation", "mirror operations"),
    "English participle": ("accept", "has not been accepted"),
    "Spanish plural": ("sanción", "las sanciones"),
    "Spanish past": ("cumplir", "no cumplió"),
    "Spanish past without its accent": ("cumplio", "México cumplió"),
    "Spanish participle": ("aceptar", "fue aceptado"),
    "possessive": ("mexico", "Mexico's offer"),
    "abbreviation": ("US", "the U.S. offer"),
    "abbreviation with dots": ("U.S.", "the US offer"),
    "abbreviation of two words": ("EE.UU.", "de EE. UU. a México"),
    "hyphen": ("non-intrusive", "non intrusive inspection"),
    "hyphen in the text": ('"non intrusive"', "non-intrusive inspection"),
    "apostrophe": ("O'Neill", "said O’Neill"),
    "number": ("3,000", "3,000 pesos"),
    "words in any order": ("equipment mexico", "Mexico has the equipment"),
    "phrase": ('"not been accepted"', "has not been accepted yet"),
    "phrase with a stem": ('"mirror operation"', "mirror operations"),
    "phrase in curly quotes": ("“mirror operations”", "mirror operations"),
    "phrase left open": ('"mirror operations', "mirror operations"),
    "either": ("extradition OR mirror", "mirror operations"),
    "either of two pairs": ("extradition offer OR mirror operations", "mirror operations"),
    "one left out that is not there": ("mirror -extradition", "mirror operations"),
    "phrase left out that is not there": ('mirror -"operations mirror"', "mirror operations"),
    "question": ("Did Mexico accept the equipment?", "Mexico accepts equipment"),
    "Spanish question": ("¿Qué hizo México con el equipo?", "México hizo algo con equipo"),
    "nothing but small words": ("what is it", "it is what we said"),
    "commas": ("mexico,equipment", "equipment for Mexico"),
    "Thai": ("ประเทศ", "รัฐบาลของประเทศไทย"),
    "one Thai letter": ("ท", "ประเทศไทย"),
    "Thai part of a word": ("ะเท", "ประเทศ"),
    "Thai vowel sign at the start": ("ิน", "เงิน"),
    "Han": ("美國", "關於美國的提議"),
    "one Han sign": ("美", "美國"),
    "Kana": ("ガス", "天然ガス協定"),
    "Kana beside Latin": ("ガスABC", "天然ガスABC協定"),
    "Hangul": ("협정", "새로운 협정"),
    "Arabic": ("المكسيك", "حكومة المكسيك"),
    "Arabic with its points": ("مُحَمَّد", "محمد"),
    "Hebrew": ("שלום", "שָׁלוֹם"),
    "Devanagari": ("दिल्ली", "नई दिल्ली में"),
    "Cyrillic": ("договор", "Договор подписан"),
    "Greek": ("ΟΔΟΣ", "οδός"),
}
NOT_FOUND = {
    "another word": ("extradition", "mirror operations"),
    "one of two words": ("mirror extradition", "mirror operations"),
    "words of a phrase apart": ('"mirror operations"', "mirror of operations"),
    "words of a phrase turned round": ('"operations mirror"', "mirror operations"),
    "left out": ("mirror -operations", "mirror operations"),
    "phrase left out": ('mirror -"mirror operations"', "mirror operations"),
    "hyphen apart": ("non-intrusive", "intrusive and non"),
    "Thai in another order": ("ทไย", "ประเทศไทย"),
    "Han apart": ("美國", "美的國"),
    "Kana with something between": ("ガスABC", "ガスとABC"),
    "part of an Arabic word": ("كسيك", "المكسيك"),
    "vowel sign of Devanagari": ("दल", "दिल"),
    "acronym that a small word spells": ("UN offer", "offer"),
    "small word that a Spanish ending leaves": ("Canada", "problems that can be solved"),
}


@pytest.mark.parametrize("what", FOUND)
def test_what_is_found(db, what):
    assert is_found(*FOUND[what])


@pytest.mark.parametrize("what", NOT_FOUND)
def test_what_is_not_found(db, what):
    assert not is_found(*NOT_FOUND[what])


def test_a_phrase_does_not_run_from_one_text_into_the_next(db):
    assert not is_found('"mirror operations"', "a mirror", "operations go on")


@pytest.mark.parametrize("q", ["", " ", "...", "-", '""', '"..."', "OR", "OR OR", "¿?", "-''", "\u0301"])
def test_nothing_to_search_for_is_said(q):
    with pytest.raises(ValueError, match=r"^There is no word to search for; .*[.]$"):
        search.parse(q)


@pytest.mark.parametrize("q", ["-mexico", '-"the equipment"', "-mexico OR -equipment"])
def test_nothing_but_words_to_leave_out_is_said(q):
    with pytest.raises(ValueError, match=r"^Only words to leave out .*[.]$"):
        search.parse(q)


@given(LINES)
def test_a_vector_is_spelt_as_postgresql_spells_it(django_db_blocker, django_db_setup, lines):
    vector = search.vector(lines)
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector::text", [vector])
        assert cursor.fetchone() == (vector,)


@given(TEXTS | SCRIPTS)
def test_any_query_is_read_or_refused_with_a_sentence(django_db_blocker, django_db_setup, q):
    try:
        query = search.parse(q)
    except ValueError as error:
        assert str(error).endswith(".")
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT numnode(%s::tsquery)", [query.tsquery])
        assert cursor.fetchone()[0] > 0


@given(SCRIPTS, SCRIPTS, SCRIPTS)
def test_what_stands_in_a_text_is_found_as_a_phrase(django_db_blocker, django_db_setup, before, words, after):
    q = '"{}"'.format(words.replace('"', " "))
    if any(True for _ in search.pieces_of(q)):
        with django_db_blocker.unblock():
            assert is_found(q, f"{before} {words} {after}")


@given(SCRIPTS, TEXTS | SCRIPTS)
def test_what_postgresql_finds_is_marked_and_nothing_else(django_db_blocker, django_db_setup, q, text):
    if not any(True for _ in search.pieces_of(q)):
        return
    phrase = '"{}"'.format(q.replace('"', " "))
    with django_db_blocker.unblock():
        assert is_found(phrase, text) == bool(marked(phrase, text))


@given(TEXTS)
def test_folding_twice_changes_nothing(text):
    assert search.fold(search.fold(text)) == search.fold(text)


@pytest.mark.parametrize(
    "text", ["word " * 20_000, " ".join(map(str, range(20_000))), "漢" * 20_000, "\ufdfa" * 20_000]
)
def test_a_text_without_end_is_indexed_up_to_a_bound(db, text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(%s::tsvector)", [search.vector([("A", text), ("D", text)])])
        assert 0 < cursor.fetchone()[0] < 40_000


def test_a_vector_of_the_widest_lexemes_fits(db):
    text = " ".join(chr(0x10400 + i % 70) * 90 + str(i) for i in range(20_000))
    assert is_found(chr(0x10400) * 90 + "0", text)


MARKED = {
    "a stem": ("operation", "of Mirror Operations.", ["Operations"]),
    "a phrase whole": ('"been accepted"', "has not been accepted.", ["been accepted"]),
    "a phrase across lines": ('"been accepted"', "has been\naccepted", ["been\naccepted"]),
    "accents as they stand": ("mexico", "de México.", ["México"]),
    "accents typed apart": ("mexico", "de Me\u0301xico", ["Me\u0301xico"]),
    "nothing of what is left out": ("mexico -equipment", "Mexico", ["Mexico"]),
    "each alternative": ("mexico OR equipment", "equipment for Mexico", ["equipment", "Mexico"]),
    "Thai": ("ประเทศ", "รัฐบาลของประเทศไทย", ["ประเทศ"]),
    "possessive": ("mexico", "Mexico’s", ["Mexico"]),
    "overlapping phrases as one": ('"a b" "b c"', "a b c", ["a b c"]),
    "nothing": ("extradition", "Mexico", []),
}


@pytest.mark.parametrize("what", MARKED)
def test_what_is_marked(what):
    q, text, words = MARKED[what]
    assert marked(q, text) == words


def test_an_excerpt_is_a_part_of_the_text_around_what_was_found():
    text = "before it all " * 40 + "the équipement stayed " + "after it all " * 40
    found = search.excerpt([text], search.parse("equipement"))
    assert found["text"] in text and 170 < len(found["text"]) <= 200
    assert found["text"].startswith("it all ") or found["text"][0] in "bai"
    assert [found["text"][a:b] for a, b in found["marks"]] == ["équipement"]


def test_an_excerpt_comes_from_the_text_that_holds_most():
    texts = ["Mexico only", "the equipment of Mexico", "Mexico and its equipment"]
    assert search.excerpt(texts, search.parse("mexico equipment"))["text"] == texts[1]


def test_of_texts_that_hold_nothing_the_first_begins():
    found = search.excerpt(["word " * 100, "more"], search.parse("mexico"))
    assert found == {"text": "word " * 40, "marks": []}


def test_an_excerpt_of_no_text_is_empty():
    assert search.excerpt([], search.parse("mexico")) == {"text": "", "marks": []}


def found(noun: str, q: str) -> Selection:
    now = resolve(None, None, datetime.now(UTC))
    return Selection.of(noun, now).matching(search.parse(q))


def commitments_found(q: str) -> set[str]:
    return {listed.slug for listed in found("commitment", q).all()}


def claims_found(q: str) -> set[str]:
    return {listed.subject_id for listed in found("claim", q).all()}


# What a reader of the five stories asks, and a commitment among those that answer.
ASKED_OF_THE_RECORD = {
    "equipment": "equipment-donation",
    "did Mexico accept the equipment?": "equipment-donation",
    "donacion equipo": "equipment-donation",
    '"no intrusivo"': "equipment-donation",
    "Landau equipment": "equipment-donation",
    '"has not been accepted"': "equipment-donation",
}


@pytest.mark.parametrize("q", ASKED_OF_THE_RECORD)
def test_the_real_record_answers(db, q):
    assert ASKED_OF_THE_RECORD[q] in commitments_found(q)


def test_a_claim_is_found_by_its_quoted_words(world):
    assert claims_found('"six patrol boats"') == {world.offer.pk}


def test_a_claim_is_found_by_its_claimants_office(world):
    assert world.offer.pk in claims_found(f'ambassador "norland {world.number}"')


def test_a_commitment_is_found_by_what_is_quoted_of_it(world):
    assert commitments_found('"offered six patrol boats"') == {world.commitment.slug}


def test_a_commitment_is_found_by_who_spoke_of_it(world):
    assert commitments_found(f'"ambassador of norland {world.number}"') == {world.commitment.slug}


def test_a_commitment_is_found_by_the_label_of_its_kind(world):
    world.kind.label_es = "Embarcaciones"
    world.kind.save()
    actions.amend(things=[world.kind], by=world.curator, reason="In Spanish too.")
    assert world.commitment.slug in commitments_found("embarcacion")


@pytest.fixture
def named_in_thai(world) -> World:
    world.norland.names.create(language="th", name="ราชอาณาจักรนอร์แลนด์")
    actions.amend(things=[world.norland], by=world.curator, reason="Its name in Thai.")
    return world


def test_a_commitment_is_found_by_a_partys_name_in_another_language(named_in_thai):
    assert commitments_found("นอร์แลนด์") == {named_in_thai.commitment.slug}


def test_a_new_name_of_who_spoke_finds_claim_and_commitment(world):
    world.ambassador.names.create(language="es", name="Embajadora Única")
    actions.amend(things=[world.ambassador], by=world.curator, reason="Her name in Spanish.")
    assert commitments_found("embajadora unica") == {world.commitment.slug}
    assert claims_found("embajadora unica") == {world.offer.pk}


def test_a_record_with_a_new_name_holds(named_in_thai):
    assert verify()


def test_a_retracted_claim_is_found_and_its_commitment_no_longer(world):
    claim = world.claim(NOT_ACCEPTED, position="not_accepted", of=world.sutherland, by_ministry=True)
    assert world.commitment.slug in commitments_found('"not accepted any boats"')
    actions.retract(thing=claim, by=world.curator, reason="Misread.")
    assert world.commitment.slug not in commitments_found('"not accepted any boats"')
    assert claim.pk in claims_found('"not accepted any boats"')


def test_what_is_told_of_a_hub_is_bounded(world, monkeypatch):
    monkeypatch.setattr("commitments.standings.MOST_SAID", len(OFFERED) * 2 + 1)
    world.claim(ACCEPTED, bears="agreed")
    assert standing(world.commitment).told == [f"{OFFERED}.", OFFERED]


def test_the_excerpt_of_a_commitment_may_be_what_a_claim_says(world):
    found = excerpted(row(world.commitment), standing(world.commitment).told, search.parse("patrol"))
    assert found["text"] == f"{OFFERED}." and found["text"][slice(*found["marks"][0])] == "patrol"


def test_what_a_name_found_is_shown_from_the_beginning(world):
    found = excerpted(row(world.offer), [], search.parse("ambassador"))
    assert found == {"text": f"{OFFERED}.", "marks": []}


def best(q: str, size: int = 50) -> list[str]:
    return [listed.slug for listed in found("commitment", q).best(size)]


@pytest.fixture
def by_title(world) -> World:
    """An older commitment beside the world's, of which claims say “patrol”: the older one's title does."""
    older = world.draft_commitment("patrol")
    older.made_on = day("2020-01-05")
    older.save()
    claim = world.draft_claim(DELIVERED, bears="agreed", on=older)
    passage = world.draft_passage(DELIVERED)
    world.publish(older, passage, claim, world.draft_change("agreed", claim, "2020-01-06", on=older))
    return world


def test_a_title_is_a_better_match_than_a_claim(by_title):
    assert best("patrol") == [f"patrol-{by_title.number}", by_title.commitment.slug]


def test_of_equal_matches_the_newest_comes_first(by_title):
    assert best(f'"sutherland {by_title.number}"') == [by_title.commitment.slug, f"patrol-{by_title.number}"]


def test_no_more_than_asked_for_are_answered(by_title):
    assert best("patrol", size=1) == [f"patrol-{by_title.number}"]


@pytest.mark.parametrize("probed", [0, 2000], ids=["many", "few"])
def test_only_the_newest_matches_are_ranked(by_title, monkeypatch, probed):
    monkeypatch.setattr(selection, "RARE", probed)
    monkeypatch.setattr(selection, "MOST_RANKED", 1)
    assert len(best("boats OR patrol")) == 1
