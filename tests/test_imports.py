"""Imports: the dry run says row by row what would be, drafts come all or none, and sets are published."""

from threading import Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection

from commitments import models
from commitments.importers import drafting, publishing, withdrawing
from commitments.models import Commitment, Edit, Entry, Import, ImportRow, Passage
from tests.imports import HINDI, MAPPED, as_csv, brought, checked, published
from tests.world import ACCEPTED, standing

ROWS = [["id", "promise", "date", "country"], *([f"N-{n}", f"Boat {n}", "2021-01-14", "Norway"] for n in range(1, 8))]


@pytest.fixture(autouse=True)
def _without_rest(monkeypatch):
    monkeypatch.setattr(publishing, "REST", 0)


@pytest.fixture
def hindi(world):
    return brought(as_csv(HINDI, "utf-16"), by=world.curator, language="hi", mapping=MAPPED)


@pytest.fixture
def boats(world):
    return brought(as_csv(ROWS), by=world.curator, mapping={"constants": {"kind": "Boats given"}})


def at_the_desk():
    nouns = (Commitment, models.Actor, models.Term, models.Source, Passage, models.Claim, Edit)
    return [noun.objects.count() for noun in nouns]


def reasons(imported, number):
    return " ".join(imported.rows.get(number=number).reasons)


def test_a_dry_run_says_what_would_be_created_and_what_is_rejected(hindi):
    assert checked(hindi) == {"created": 2, "unchanged": 0, "rejected": 1}
    assert "made on, said on, status since: “फ़रवरी” is no date that is read here" in reasons(hindi, 3)


def test_a_dry_run_writes_nothing_to_the_desk(hindi):
    before = at_the_desk()
    checked(hindi)
    assert at_the_desk() == before
    assert hindi.rows.filter(commitment__isnull=False).count() == 0


def test_a_dry_run_names_the_actors_that_would_be_proposed(hindi):
    checked(hindi)
    assert [proposed[:2] for proposed in hindi.proposed] == [["kind", "Pledge"], ["actor", "नॉरलैंड"]]


def test_drafts_hold_what_the_file_says_in_its_own_script(hindi, world):
    checked(hindi)
    drafting.draft(hindi, by=world.curator)
    first = hindi.rows.get(number=1).commitment
    assert first.title_en == "“हम छह नावें देंगे”; नॉरलैंड के राजदूत ने कहा"
    assert first.made_on.edtf == "2021-01-14"
    assert first.slug.isascii() and first.parties.get().actor.name == "नॉरलैंड"


def test_the_passage_is_the_place_of_the_words_in_the_file(hindi, world):
    checked(hindi)
    drafting.draft(hindi, by=world.curator)
    passage = Passage.objects.get(bearings__commitment__imported_rows__number=1)
    text = passage.capture.held.text
    assert text[passage.start : passage.end] == passage.exact == HINDI[1][1]
    assert [(hop.described_as, hop.act) for hop in passage.hops.all()] == [("https://news.example/1", "reports")]


def test_drafts_are_noted_as_somebodys_edits(boats, world):
    checked(boats)
    drafting.draft(boats, by=world.curator)
    commitment = boats.rows.first().commitment
    assert Edit.objects.filter(subject_id=commitment.pk, user=world.curator).exists()


def test_what_became_otherwise_since_the_dry_run_is_not_drafted(boats, world):
    checked(boats)
    models.Actor.objects.create(slug="norway", name="Norway", kind="state")
    with pytest.raises(drafting.Changed):
        drafting.draft(boats, by=world.curator)
    assert not Commitment.objects.drafts().exists()


def test_where_one_draft_is_refused_none_is_made(boats, world, monkeypatch):
    checked(boats)
    before = at_the_desk()
    monkeypatch.setattr(drafting, "AT_ONCE", 3)
    slug_of = drafting.Examined.slug_of
    long = {"Boat 5": "x" * 90}
    monkeypatch.setattr(drafting.Examined, "slug_of", lambda f, title, pk: long.get(title) or slug_of(f, title, pk))
    with pytest.raises(drafting.Changed):
        drafting.draft(boats, by=world.curator)
    boats.refresh_from_db()
    assert (at_the_desk(), boats.state, boats.rows.created().count()) == (before, "checked", 7)


def test_sets_are_published_one_a_step_and_proven(boats, world, monkeypatch):
    monkeypatch.setattr(publishing, "AT_ONCE", 3)
    published(boats, by=world.curator)
    assert boats.state == "published"
    sets = Entry.objects.filter(subject_id__in=boats.rows.values("commitment")).values_list("set_last", flat=True)
    assert len(set(sets)) == 3
    assert standing(boats.rows.first().commitment).status == "pledged"


def test_a_killed_step_leaves_nothing_and_the_next_goes_on(boats, world, monkeypatch):
    checked(boats)
    drafting.draft(boats, by=world.curator)
    publishing.start(boats, by=world.curator, reason="From the register.")
    publishing.step()
    monkeypatch.setattr(publishing, "AT_ONCE", 4)
    publishing.step()
    assert boats.rows.published().count() == 4
    while publishing.step():
        pass
    assert boats.rows.published().count() == 7
    once = Entry.objects.filter(subject_id__in=boats.rows.values("commitment"), type="publish")
    assert once.count() == 7


def test_a_paused_import_publishes_nothing_more(boats, world):
    checked(boats)
    drafting.draft(boats, by=world.curator)
    publishing.start(boats, by=world.curator, reason="From the register.")
    publishing.step()
    publishing.pause(boats)
    assert publishing.step() is False
    assert boats.rows.published().count() == 0


def test_a_row_that_cannot_be_published_is_told_and_passed_over(boats, world):
    checked(boats)
    drafting.draft(boats, by=world.curator)
    boats.rows.get(number=3).commitment.parties.all().delete()
    publishing.start(boats, by=world.curator, reason="From the register.")
    while publishing.step():
        pass
    assert boats.rows.published().count() == 6
    assert "exactly one promisor" in boats.rows.get(number=3).problem


def test_the_same_file_again_is_unchanged(boats, world):
    published(boats, by=world.curator)
    again = brought(as_csv(ROWS), by=world.curator, mapping={"constants": {"kind": "Boats given"}})
    assert checked(again) == {"created": 0, "unchanged": 7, "rejected": 0}


def test_the_same_key_with_other_words_is_rejected(boats, world):
    published(boats, by=world.curator)
    other = [[cell.replace("Boat 2", "Bridge 2") for cell in row] for row in ROWS]
    again = brought(as_csv(other), by=world.curator, mapping={"constants": {"kind": "Boats given"}})
    assert checked(again) == {"created": 0, "unchanged": 6, "rejected": 1}
    assert "recorded before with other words" in reasons(again, 2)


def test_the_key_of_another_data_set_is_another_key(boats, world):
    published(boats, by=world.curator)
    other = brought(as_csv(ROWS), by=world.curator, data_set="Other", mapping={"constants": {"kind": "Boats given"}})
    assert checked(other)["created"] == 7


def test_an_unknown_actor_is_rejected_with_the_nearest_where_none_may_be_proposed(world):
    rows = [ROWS[0], ["1", "Boat", "2021", "Norlnad " + str(world.number)]]
    imported = brought(as_csv(rows), by=world.curator, mapping={"new_actors": False, "constants": {"kind": "Boats"}})
    checked(imported)
    assert f"The nearest known is “Norland {world.number}”" in reasons(imported, 1)


def test_a_draft_of_somebody_else_is_not_published_along(world):
    models.Actor.objects.create(slug="drafted", name="Drafted", kind="state")
    imported = brought(
        as_csv([ROWS[0], ["1", "Boat", "2021", "Drafted"]]), by=world.curator, mapping={"constants": {"kind": "Boats"}}
    )
    checked(imported)
    assert "“Drafted” is a draft at the desk" in reasons(imported, 1)


def test_rows_of_one_key_tell_one_history(world):
    rows = [
        ["key", "title", "made_on", "promisor", "status", "effective"],
        ["1", "Boats", "2020-01-06", "Norland X", "proposed", "2020-01-06"],
        ["1", "", "", "", "agreed", "2020-02-01"],
    ]
    mapping = {"constants": {"kind": "Boats given", "claimant": "Norland X"}}
    imported = published(brought(as_csv(rows), by=world.curator, mapping=mapping), by=world.curator)
    found = standing(Commitment.objects.get(imported_rows__imported=imported, imported_rows__leads=True))
    assert found.status == "agreed" and ImportRow.objects.filter(imported=imported).count() == 2


def test_a_history_against_the_rubric_is_rejected_before_it_is_drafted(world):
    rows = [
        ["key", "title", "made_on", "promisor", "status", "effective"],
        ["1", "Boats", "2020-01-06", "Norland X", "agreed", "2020-01-06"],
        ["1", "", "", "", "discussed", "2020-02-01"],
    ]
    mapping = {"constants": {"kind": "Boats given", "claimant": "Norland X"}}
    imported = brought(as_csv(rows), by=world.curator, mapping=mapping)
    checked(imported)
    assert "“discussed” may only come first" in reasons(imported, 2)
    assert "stands or falls with the rows of its key" in reasons(imported, 1)


def test_a_word_that_nobody_chose_rejects_the_row_and_says_where_to_choose(world):
    imported = brought(as_csv(HINDI), by=world.curator, language="hi", mapping=MAPPED | {"words": {}})
    checked(imported)
    assert "status: “पूर्ण” is not known; choose under “Their words”" in reasons(imported, 1)


def test_what_the_database_alone_refuses_rejects_that_row_and_no_other(world, monkeypatch):
    long = "x" * 90
    monkeypatch.setattr(drafting.Examined, "slug_of", lambda self, title, pk: long if title == "Boat 2" else pk)
    imported = brought(as_csv(ROWS), by=world.curator, mapping={"constants": {"kind": "Boats given"}})
    assert checked(imported) == {"created": 6, "unchanged": 0, "rejected": 1}
    assert "The desk refuses it" in reasons(imported, 2)


def test_a_large_file_is_left_to_the_worker(boats, world, monkeypatch):
    monkeypatch.setattr(publishing, "AT_ONCE_IN_A_REQUEST", 3)
    publishing.ask(boats, "checking", by=world.curator)
    assert Import.objects.get().state == "checking" and not boats.rows.exists()
    assert publishing.step() is True
    assert Import.objects.get().state == "checked" and boats.rows.count() == 7


def drafted(imported, world):
    checked(imported)
    drafting.draft(imported, by=imported.created_by)
    return imported


def test_drafts_are_taken_back_whole_and_the_import_begins_anew(boats, world):
    before = at_the_desk()[:3]
    drafted(boats, world)
    assert withdrawing.take_back(boats) == 7
    assert at_the_desk()[:3] == before
    boats.refresh_from_db()
    assert (boats.state, boats.rows.count()) == ("uploaded", 0)


def test_what_was_taken_back_is_drafted_again_from_the_same_source(boats, world):
    drafted(boats, world)
    source = boats.source
    withdrawing.take_back(boats)
    assert published(boats, by=world.curator).source == source
    assert boats.rows.published().count() == 7


def test_what_was_published_stays_and_a_corrected_file_may_come_for_the_rest(boats, world, monkeypatch):
    monkeypatch.setattr(publishing, "AT_ONCE", 3)
    drafted(boats, world)
    publishing.start(boats, by=world.curator, reason="From the register.")
    for _step in range(3):
        publishing.step()
    publishing.pause(boats)
    kept = boats.rows.published().count()
    assert 0 < kept < 7 and withdrawing.take_back(boats) == 7 - kept
    again = brought(as_csv(ROWS), by=world.curator, mapping={"constants": {"kind": "Boats given"}})
    assert checked(again) == {"created": 7 - kept, "unchanged": kept, "rejected": 0}


def test_drafts_that_somebody_else_worked_on_or_cites_stay(boats, world, monkeypatch):
    monkeypatch.setattr(withdrawing, "AT_ONCE", 2)
    drafted(boats, world)
    edited, cited = (boats.rows.get(number=number) for number in (1, 2))
    Edit.objects.note([edited.commitment], by=User.objects.create_user("another"))
    claim = world.draft_claim(ACCEPTED, bears="agreed")
    claim.passages.add(Passage.objects.get(pk__in=cited.things))
    free, held = withdrawing.divided(boats)
    assert (len(free), held, withdrawing.take_back(boats)) == (5, 2, 5)
    assert set(boats.rows.filter(commitment__isnull=False)) == {edited, cited}
    assert Import.objects.get(pk=boats.pk).state == "paused" and claim.passages.exists()


def test_a_file_that_is_checked_at_once_is_left_alone_by_the_worker(cloned_database, boats, world, monkeypatch):
    found = []

    def worker():
        found.append(publishing.step())
        connection.close()

    def at_work(imported):
        if not found:
            thread = Thread(target=worker)
            thread.start()
            thread.join(10)

    monkeypatch.setattr(publishing, "_check", at_work)
    publishing.ask(boats, "checking", by=world.curator)
    assert found == [False]
