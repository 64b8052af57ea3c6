"""A source captured again: what differs, where the passages stand now, and what the public is told of it."""

import pytest
from django.core.management import call_command

from commitments import actions
from commitments.captures.anchoring import Place, Quote, place
from commitments.captures.difference import difference
from commitments.captures.extract import read
from commitments.captures.sketch import resemblance, sketch
from commitments.models import Capture, CaptureBytes, Passage
from commitments.models.captures import same_article
from tests.strangers import html
from tests.test_extraction import warc
from tests.world import ACCEPTED, OFFERED, TEXT, row


def recapture(world, text):
    return actions.add_capture(source=world.source, reading=read(text.encode()), by=world.curator, how="By hand.")


def fill(world):
    actions.fill_capture(capture=world.capture, data=world.data, by=world.curator, reason="Somebody brought it.")


def result(passage):
    return Passage.objects.get(pk=passage.pk).anchor


def amend(world):
    world.source.refresh_from_db()
    return actions.amend(things=[world.source], by=world.curator, reason="Captured again.")


def test_words_that_moved_are_found_in_the_newer_text(world):
    fill(world)
    recapture(world, f"A new first line.\n{TEXT}")
    assert result(world.draft_passage(OFFERED)) == "found"


def test_words_that_are_gone_are_orphaned(world):
    fill(world)
    recapture(world, TEXT.replace(OFFERED, "We have offered seven patrol boats to Sutherland"))
    assert result(world.draft_passage(OFFERED)) == "orphaned"


def test_words_at_several_places_are_ambiguous_unless_those_around_them_tell(world):
    quote = Quote(0, 5, "", "boats", before="six ", after=" came")
    assert place("boats and boats", quote).result == "ambiguous"
    assert place("boats, six boats came", quote).starts == (11,)


def test_a_short_word_that_is_left_elsewhere_alone_is_not_taken_for_the_one_that_is_gone():
    quote = Quote.out_of("Mexico rejected boats. They say Lima rejected none.", 7, 15, "")
    assert place("Mexico declined boats. They say Lima rejected none.", quote) == Place("ambiguous", (37,))
    assert place("Mexico declined boats.", quote).result == "orphaned"
    assert place("In the end Mexico rejected ships.", quote).result == "found"


def test_a_likeness_is_not_found(world):
    assert place("We will not halve it.", Quote(0, 13, "", "We will halve")).result == "orphaned"


def test_withheld_words_are_found_by_their_digest(world):
    passage = world.draft_passage(ACCEPTED)
    quote = Quote(passage.start, passage.end, passage.exact_sha256)
    assert place(f"Before it all. {TEXT}", quote).starts == (15 + TEXT.index(ACCEPTED),)
    assert place(TEXT.replace("accepted", "excepted"), quote).result == "orphaned"


def test_so_many_places_are_not_searched_and_nothing_is_said(world):
    assert place("x" * 600_000, Quote(0, 3, "0" * 64)).result == ""


def test_the_public_learns_of_it_when_the_sources_edits_are_published(world):
    fill(world)
    passage = world.draft_passage(OFFERED)
    recapture(world, TEXT.replace(OFFERED, "We offer nothing"))
    assert row(passage)["check"] == "found" and len(row(world.source)["captures"]) == 1
    amend(world)
    assert row(passage)["check"] == "orphaned"
    assert [capture["held"] for capture in row(world.source)["captures"]] == [True, True]


def test_a_passage_that_stands_where_it_stood_gets_no_entry(world):
    fill(world)
    recapture(world, f"{TEXT}A line more.\n")
    written = amend(world)
    assert written.subject_ids == [world.source.pk]


def test_what_was_recaptured_and_published_is_verified(world):
    fill(world)
    recapture(world, TEXT.replace(OFFERED, "We offer nothing"))
    amend(world)
    call_command("verify", verbosity=0)


def test_the_same_bytes_are_no_other_capture(world):
    fill(world)
    capture, is_new = recapture(world, world.data.decode())
    assert (capture, is_new) == (world.capture, False)


def test_a_capture_of_every_kind_is_filled_in_by_its_bytes_or_a_warc_of_them(world):
    for number, brought in enumerate((html(OFFERED), warc(("response", "200 OK", [], html(ACCEPTED))))):
        reading = read(brought)
        told = {"captured": world.capture.captured, "how": f"Way {number}."}
        capture = Capture.objects.create(source=world.source, **reading.digests, **told)
        actions.fill_capture(capture=capture, data=brought, by=world.curator, reason="Brought.")
        assert CaptureBytes.objects.get(capture=capture).text == reading.text


def test_a_text_that_another_version_had_is_not_taken_for_the_captures(world):
    reading = read(html(OFFERED))
    told = reading.digests | {"text_sha256": "0" * 64, "captured": world.capture.captured}
    capture = Capture.objects.create(source=world.source, **told)
    with pytest.raises(actions.Refused, match="the text had from them here is not"):
        actions.fill_capture(capture=capture, data=html(OFFERED), by=world.curator, reason="Brought.")


def other_source(world, text):
    reading = read(text.encode())
    source = actions.draft_source(reading=reading, by=world.curator, url="https://other.example/a", title="Other")
    return actions.add_capture(source=source, reading=reading, by=world.curator, how="By hand.")[0]


LONG = TEXT + " ".join(f"And the boat number {n} was seen in the harbour on day {n * 7}." for n in range(40))


def test_the_same_text_under_another_address_is_recognised(world, django_assert_num_queries):
    recapture(world, LONG)
    other = other_source(world, LONG)
    with django_assert_num_queries(4):
        assert same_article(other) == [(world.source, 1.0)]


def test_nearly_the_same_article_is_recognised_and_another_is_not(world):
    recapture(world, LONG)
    [(source, share)] = same_article(other_source(world, f"By our reporter\n{LONG.upper()}\nSubscribe now!"))
    assert source == world.source and share > 0.8
    assert not resemblance(sketch(LONG), sketch("Something else was said, by somebody else, at length."))


def test_scripts_without_spaces_are_sketched_by_their_characters():
    text = "墨西哥外交部长说，两国同意加强合作，打击武器走私。"
    assert resemblance(sketch(text), sketch(f"{text}记者报道")) > 0.6


def test_what_differs_is_told_word_by_word():
    parts = [(part.kind, part.text) for part in difference("We will halve it.\n", "We will not halve it.\n")]
    assert parts == [("same", "We will "), ("new", "not "), ("same", "halve it.\n")]


def test_long_unchanged_stretches_are_folded_and_nothing_is_lost():
    older, newer = "a " * 3000 + "boats", "a " * 3000 + "ships"
    parts = difference(older, newer)
    assert "folded" in {part.kind for part in parts}
    assert "".join(part.text for part in parts if part.kind != "new") == older
    assert "".join(part.text for part in parts if part.kind != "gone") == newer
