"""Tampering behind the triggers' back: each in a clone of the real record, and each named."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from commitments import actions
from commitments.documents import SUBJECT_TYPES
from commitments.grants import APPENDED_ONLY
from commitments.models.ledger import Entry
from commitments.verification import DoesNotHold, verify
from tests.world import ACCEPTED, NOT_ACCEPTED

LAST = "(SELECT max(seq) FROM commitments_entry)"
OF_EQUIPMENT = (
    "WHERE subject_id IN (SELECT subject_id FROM commitments_commitmentstanding WHERE slug = 'equipment-donation')"
)
# what is done -> what verify says; the seq of the real record's first commitment is not fixed, so it is asked for
TAMPERINGS = {
    "document": (
        "UPDATE commitments_version SET body = replace(convert_from(body, 'UTF8'), 'labels', 'label')::bytea "
        "WHERE seq = 30",
        r"\(entry 30\): body and salt do not give the digest",
    ),
    "core": (
        "UPDATE commitments_entry SET core = replace(convert_from(core, 'UTF8'), 'curator-1', 'curator-2')::bytea "
        "WHERE seq = 30",
        "entry 30: the core does not give the leaf",
    ),
    "core and its leaf": (
        "UPDATE commitments_entry SET core = c, leaf = sha256('\\x00'::bytea || c) FROM (SELECT "
        "replace(convert_from(core, 'UTF8'), 'curator-1', 'curator-2')::bytea AS c FROM commitments_entry "
        "WHERE seq = 30) AS x WHERE seq = 30",
        "entry 30: the core's by is not",
    ),
    "core, leaf and column": (
        "UPDATE commitments_entry SET by = 'curator-2', core = c, leaf = sha256('\\x00'::bytea || c) FROM (SELECT "
        "replace(convert_from(core, 'UTF8'), 'curator-1', 'curator-2')::bytea AS c FROM commitments_entry "
        "WHERE seq = 30) AS x WHERE seq = 30",
        "the standing of .* at entry 30: record does not follow",
    ),
    "spelling of a core": (
        "UPDATE commitments_entry SET core = c, leaf = sha256('\\x00'::bytea || c) FROM (SELECT "
        "(convert_from(core, 'UTF8') || ' ')::bytea AS c FROM commitments_entry WHERE seq = 30) AS x WHERE seq = 30",
        "entry 30: the core is not canonical",
    ),
    "leaf": (
        "UPDATE commitments_entry SET leaf = sha256('x') WHERE seq = 30",
        "entry 30: the core does not give the leaf",
    ),
    "salt": (
        "UPDATE commitments_version SET salt = '\\x00' WHERE seq = 30",
        r"\(entry 30\): body and salt do not give the digest",
    ),
    "row of a standing": (
        "UPDATE commitments_commitmentstanding SET row = replace(row, 'declined', 'agreed') "
        "WHERE slug = 'equipment-donation'",
        "the standing of cmt_.*: row does not follow",
    ),
    "column of a standing": (
        "UPDATE commitments_commitmentstanding SET is_open = true WHERE slug = 'equipment-donation'",
        "the standing of cmt_.*: is_open does not follow",
    ),
    "words of a standing": (
        "UPDATE commitments_commitmentstanding SET words = words || 'bribes:1A' WHERE slug = 'equipment-donation'",
        "the standing of cmt_.*: words does not follow",
    ),
    "weights of words in a standing": (
        "UPDATE commitments_claimstanding SET words = setweight(words, 'B') WHERE seq = "
        "(SELECT min(seq) FROM commitments_claimstanding)",
        "the standing of clm_.*: words does not follow",
    ),
    "what is told of a standing": (
        "UPDATE commitments_commitmentstanding SET told = '{Bribes.}' WHERE slug = 'equipment-donation'",
        "the standing of cmt_.*: told does not follow",
    ),
    "missing standing": (
        "DELETE FROM commitments_claimstanding "
        "WHERE subject_id = (SELECT min(subject_id) FROM commitments_claimstanding)",
        "the standing of clm_.* is missing",
    ),
    "standing of nothing": (
        "INSERT INTO commitments_plainstanding SELECT r.* FROM commitments_plainstanding AS s, "
        'jsonb_populate_record(s, \'{"subject_id": "act_x"}\') AS r WHERE s.seq = 60',
        "the standing of act_x at entry 60: nothing in the ledger opened it",
    ),
    "derivation of a span": (
        f"UPDATE commitments_commitmentspan SET derived = replace(derived, 'declined', 'agreed') {OF_EQUIPMENT}",
        "the span of cmt_.* from 2.* at entry .*: derived does not follow",
    ),
    "column of a span": (
        f"UPDATE commitments_commitmentspan SET is_open = true {OF_EQUIPMENT}",
        "the span of cmt_.* from 2.* at entry .*: is_open does not follow",
    ),
    "end of a span": (
        f"UPDATE commitments_commitmentspan SET until_day = '9999-01-01' {OF_EQUIPMENT}",
        "the span of cmt_.* from 2.* at entry .*: until_day does not follow",
    ),
    "beginning of a span": (
        f"UPDATE commitments_commitmentspan SET from_day = from_day + 1 {OF_EQUIPMENT}",
        "the span of cmt_.* from 2.* at entry .* is missing",
    ),
    "missing span": (
        f"DELETE FROM commitments_commitmentspan {OF_EQUIPMENT}",
        "the span of cmt_.* from 2.* at entry .* is missing",
    ),
    "closed span": (
        f"UPDATE commitments_commitmentspan SET until_seq = {LAST} {OF_EQUIPMENT}",
        "the span of cmt_.* from 2.* at entry .* was closed by no entry",
    ),
    "span of nothing": (
        "INSERT INTO commitments_commitmentspan (subject_id, from_day, until_day, seq, derived, is_open, status, "
        "positions, since_rising, since_falling, disputed, single_party) SELECT subject_id, '1900-01-01', "
        "'1900-01-02', seq, derived, is_open, status, positions, since_rising, since_falling, disputed, "
        f"single_party FROM commitments_commitmentspan {OF_EQUIPMENT} LIMIT 1",
        "the span of cmt_.* from 1900-01-01 at entry .*: nothing in the ledger opened it",
    ),
    "day from which a claim counts": (
        "UPDATE commitments_claimstanding SET counts_from = counts_from + 1",
        "the standing of clm_.*: counts_from does not follow",
    ),
    "day from which a status counts": (
        "UPDATE commitments_plainstanding SET counts_from = counts_from + 1",
        "the standing of sch_.*: counts_from does not follow",
    ),
    "closed standing": (
        "UPDATE commitments_plainstanding SET until_seq = 70 WHERE seq = 60",
        "was closed by no entry",
    ),
    "closed version": (
        "UPDATE commitments_version SET until_seq = 70 WHERE seq = 60",
        "was closed by no entry",
    ),
    "missing version": ("DELETE FROM commitments_version WHERE seq = 30", "the version of entry 30 is missing"),
    "missing entry": (
        "DELETE FROM commitments_version WHERE seq = 30; DELETE FROM commitments_entry WHERE seq = 30",
        "entry 30 is missing",
    ),
    "missing last entry": (
        f"DELETE FROM commitments_version WHERE seq = {LAST}; DELETE FROM commitments_entry WHERE seq = {LAST}",
        "is missing",
    ),
    "clock": (
        "UPDATE commitments_entry SET recorded_at = recorded_at - interval '1 day' WHERE seq = 30",
        "entry 30: the core's recorded_at is not",
    ),
    "touched": (
        f"UPDATE commitments_entry SET commitments = '{{}}' WHERE seq = {LAST}",
        "it opened other standings than it says",
    ),
    "total": (
        "UPDATE commitments_total SET things = things + 1 WHERE subject_type = 'claim'",
        "the total of claim is not",
    ),
    "missing total": ("DELETE FROM commitments_total WHERE subject_type = 'term'", "the total of term is not"),
    "total of nothing": ("INSERT INTO commitments_total VALUES ('dream', 1)", "the total of dream is not 0"),
    "head": ("UPDATE commitments_head SET seq = seq + 1", "is missing: the head row says"),
}


@pytest.fixture
def unguarded(cloned_database):
    """A clone whose owner has taken every guard away, as a thief with the keys would."""
    with connection.cursor() as cursor:
        for table in sorted(model._meta.db_table for model in APPENDED_ONLY):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        cursor.execute("ALTER TABLE commitments_entry DROP CONSTRAINT entry_leaf_fits")
    return connection


def test_the_real_record_holds(db):
    assert str(verify()).startswith("The record holds: ")


def test_a_record_that_grew_holds(world):
    world.record("agreed", world.claim(ACCEPTED, bears="agreed"), "2020-02-01")
    assert verify().seq == Entry.objects.latest("seq").seq


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_is_named(unguarded, what):
    statement, named = TAMPERINGS[what]
    with unguarded.cursor() as cursor:
        for one in statement.split("; "):
            cursor.execute(one)
    with pytest.raises(DoesNotHold, match=named):
        verify()


def test_a_standing_that_a_write_forgot_is_named(cloned_database, world, monkeypatch):
    """The replay repeats the writer's own reckoning; the last pass, from nothing, does not."""
    monkeypatch.setattr("commitments.moving.SHOWS", dict.fromkeys(SUBJECT_TYPES, frozenset()))
    world.norland.name = "Kingdom of Norland"
    world.norland.save()
    actions.amend(things=[world.norland], by=world.curator, reason="Its full name.")
    with pytest.raises(DoesNotHold, match="is out of date"):
        verify()


@pytest.fixture
def reopened(unguarded, world):
    """A commitment whose last span was closed by the last entry, which opened two; the seq of that entry."""
    world.record("agreed", world.claim(ACCEPTED, bears="agreed"), "2020-02-01")
    return Entry.objects.latest("seq").seq


def test_a_span_left_open_is_named(unguarded, reopened):
    with unguarded.cursor() as cursor:
        cursor.execute("DROP INDEX commitmentspan_one_current")
        cursor.execute(f"UPDATE commitments_commitmentspan SET until_seq = NULL WHERE until_seq = {reopened}")
    with pytest.raises(DoesNotHold, match=rf"from 2020-01-06 at entry .*: not closed by entry {reopened}"):
        verify()


def test_a_span_closed_by_another_entry_is_named(unguarded, reopened):
    with unguarded.cursor() as cursor:
        cursor.execute("UPDATE commitments_commitmentspan SET until_seq = until_seq - 1 WHERE until_seq IS NOT NULL")
    with pytest.raises(DoesNotHold, match=rf"from 2020-01-06 at entry .*: not closed by entry {reopened}"):
        verify()


def test_spans_that_a_write_forgot_are_named(cloned_database, world, monkeypatch):
    monkeypatch.setattr("commitments.moving.MOVING", {})
    world.claim(NOT_ACCEPTED, position="not_accepted", of=world.sutherland, by_ministry=True)
    with pytest.raises(DoesNotHold, match=r"the spans of cmt_.* are out of date from 2020-01-06"):
        verify()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("SET merged_into = NULL WHERE subject_id = '{twin}' AND seq = {seq}", "merged_into does not follow"),
        ("SET names = '{{}}' WHERE seq = {seq}", "names does not follow"),
        ("SET row = replace(row, '{norland}', '{twin}') WHERE seq = {seq}", "row does not follow"),
    ],
)
def test_a_wrong_merge_is_named(unguarded, world, statement, named):
    twin = world._actor("norlandia", "Norlandia", "state")
    world.embassy.part_of = twin
    world.embassy.save()
    world.publish(twin)
    actions.amend(things=[world.embassy], by=world.curator, reason="It is theirs.")
    seq = actions.merge(thing=twin, into=world.norland, by=world.curator, reason="Recorded twice.").first
    assert verify()
    told = statement.format(twin=twin.pk, norland=world.norland.pk, seq=seq)
    with unguarded.cursor() as cursor:
        cursor.execute(f"UPDATE commitments_plainstanding {told}")
    with pytest.raises(DoesNotHold, match=rf"the standing of .* at entry {seq}: {named}"):
        verify()


def test_an_entry_on_what_is_merged_is_named(cloned_database, world, monkeypatch):
    twin = world._actor("norlandia", "Norlandia", "state")
    world.publish(twin)
    actions.merge(thing=twin, into=world.norland, by=world.curator, reason="Recorded twice.")
    monkeypatch.setattr("commitments.actions.writing.refuse_on_merged", lambda changes: None)
    twin.name = "Otherwise"
    twin.save()
    actions.amend(things=[twin], by=world.curator, reason="Past the check.")
    with pytest.raises(DoesNotHold, match=r"act_.* is merged into act_"):
        verify()


def test_the_command_ends_with_an_error(unguarded):
    with unguarded.cursor() as cursor:
        cursor.execute("UPDATE commitments_version SET salt = '' WHERE seq = 1")
    with pytest.raises(CommandError, match="version 1 of"):
        call_command("verify")


def test_the_command_says_what_was_proven(db, capsys):
    call_command("verify")
    assert "The record holds" in capsys.readouterr().out


def test_the_command_says_what_to_do_where_there_are_no_tables(cloned_database):
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE commitments_entry CASCADE")
    with pytest.raises(CommandError, match="no record in this database yet: run `manage"):
        call_command("verify")
