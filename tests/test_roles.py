"""The role that serves owns no table: it does the desk's work, and appends only through the functions."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from commitments import actions, models
from commitments.grants import APPENDED_ONLY, grant_app_role
from tests.world import ACCEPTED, World, day, standing

GUARDED = [model._meta.db_table for model in APPENDED_ONLY]


def run(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def serve_as_app_role(settings) -> str:
    """From here on the session is the app's role, made and granted inside the test's transaction."""
    settings.APP_ROLE = f"app_{uuid4().hex[:12]}"
    run(f'CREATE ROLE "{settings.APP_ROLE}"')
    grant_app_role()
    run(f'SET ROLE "{settings.APP_ROLE}"')
    return settings.APP_ROLE


@pytest.fixture
def app_role(db, settings) -> str:
    return serve_as_app_role(settings)


def refused(statement: str, *values: object) -> str:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        run(statement, *values)
    return str(refusal.value)


def tables() -> list[str]:
    return [name for (name,) in run("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]


def test_the_app_role_is_who_runs_the_queries(app_role):
    assert run("SELECT current_user") == [(app_role,)]


def test_the_app_role_owns_nothing(app_role):
    owned = "SELECT relname FROM pg_class WHERE relowner = %s::regrole"
    owned += " UNION SELECT proname FROM pg_proc WHERE proowner = %s::regrole"
    assert run(owned, app_role, app_role) == []


def test_the_app_role_truncates_no_table(app_role):
    answers = {name: refused(f'TRUNCATE "{name}" CASCADE') for name in tables()}
    assert {name for name, told in answers.items() if "permission denied" not in told} == set()
    assert set(GUARDED) < set(answers)


@pytest.mark.parametrize("table", [*GUARDED, "commitments_capturebytes", "commitments_statuschange"])
def test_the_app_role_switches_no_guard_off(app_role, table):
    assert "must be owner" in refused(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    assert "must be owner" in refused(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    assert "permission denied" in refused("SET session_replication_role = replica")


def test_the_app_role_changes_no_function(app_role):
    assert "must be owner" in refused("ALTER FUNCTION record_append(jsonb) SECURITY INVOKER")
    assert "must be owner" in refused("DROP FUNCTION version_holds() CASCADE")
    assert "permission denied" in refused("CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1'")


@pytest.mark.parametrize("table", GUARDED)
def test_the_app_role_reads_the_ledger_and_record_and_writes_neither(app_role, table):
    assert run(f"SELECT count(*) FROM {table}")[0][0] > 0
    [(column,)] = run("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", table)
    for statement in (
        f"INSERT INTO {table} DEFAULT VALUES",
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
    ):
        assert "permission denied" in refused(statement)


def test_the_app_role_publishes_and_records_through_the_actions(app_role):
    world = World()
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")
    assert standing(world.commitment).status == "agreed"
    assert models.Head.objects.get().seq == models.Entry.objects.latest("seq").seq


def test_the_app_role_amends_retracts_and_brings_bytes(app_role):
    world = World()
    claim = world.claim(ACCEPTED, position="accepts", of=world.sutherland)
    actions.fill_capture(capture=world.capture, data=world.data, by=world.curator, reason="Found again.")
    world.commitment.due = day("2027")
    world.commitment.save()
    actions.amend(things=[world.commitment], by=world.curator, reason="A deadline was told.")
    actions.retract(thing=claim, by=world.curator, reason="Misread.")
    assert standing(claim).retracted
    assert standing(world.commitment).due_latest.year == 2027


def test_the_app_role_edits_and_deletes_drafts(app_role):
    draft = World().draft_commitment("draft")
    draft.delete()
    assert not models.Commitment.objects.filter(pk=draft.pk).exists()


def test_a_temporary_table_does_not_stand_in_for_what_a_guard_looks_up(world, settings):
    serve_as_app_role(settings)
    run("CREATE TEMP TABLE commitments_source (id text, published_at timestamptz, rights text)")
    told = refused("UPDATE commitments_capture SET how = 'otherwise' WHERE id = %s", world.capture.pk)
    assert "never edited" in told


def test_a_temporary_table_does_not_stand_in_for_the_ledger(world, settings):
    serve_as_app_role(settings)
    draft = models.Term.objects.create(scheme="topic", slug="shadows", label_en="Shadows")
    before = models.Head.objects.get().seq
    run("CREATE TEMP TABLE commitments_entry (LIKE commitments_entry INCLUDING ALL)")
    written = world.publish(draft)
    run("DROP TABLE pg_temp.commitments_entry")
    assert (written.first, models.Entry.objects.latest("seq").seq) == (before + 1, before + 1)


def test_strangers_may_not_append(db):
    run('CREATE ROLE "a_stranger_of_this_test"')
    run('SET ROLE "a_stranger_of_this_test"')
    assert "permission denied" in refused("SELECT record_append('{}'::jsonb)")
    assert "permission denied" in refused("SELECT subject_lock(ARRAY['x'], ARRAY[true])")


def test_granting_again_changes_nothing(app_role):
    rights = "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = %s"
    before = sorted(run(rights, app_role))
    run("RESET ROLE")
    grant_app_role()
    assert before and sorted(run(rights, app_role)) == before


def test_without_an_app_role_nothing_is_granted(db, settings):
    settings.APP_ROLE = ""
    before = run("SELECT relname, relacl::text FROM pg_class ORDER BY oid")
    grant_app_role()
    assert run("SELECT relname, relacl::text FROM pg_class ORDER BY oid") == before
