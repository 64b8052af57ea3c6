"""Append-only: the database refuses every change of the ledger and the record, whoever asks and however."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import orjson
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db import models as django_models

from commitments import actions, models
from commitments.actions import writing
from commitments.grants import APPENDED_ONLY
from tests.test_roles import run, serve_as_app_role

# A column that nothing but a forger would change, of each guarded table.
FORGED = {
    models.Entry: ("by", "curator-99"),
    models.Version: ("type", "retract"),
    models.PlainStanding: ("label", "forged"),
    models.ClaimStanding: ("label", "forged"),
    models.CommitmentStanding: ("label", "forged"),
    models.CommitmentSpan: ("derived", "forged"),
    models.Head: ("log", "log_forged"),
    models.Subject: ("type", "forged"),
    models.Total: ("things", "0"),
    models.CaptureBytes: ("text", "forged"),
}
CLOSABLE = [
    models.Version,
    models.PlainStanding,
    models.ClaimStanding,
    models.CommitmentStanding,
    models.CommitmentSpan,
]
REFUSALS = "append-only|only moves forward|permission denied|protected foreign keys"


def by_save(row: django_models.Model, column: str, value: str) -> None:
    setattr(row, column, value)
    row.save()


def by_update(row: django_models.Model, column: str, value: str) -> None:
    type(row).objects.filter(pk=row.pk).update(**{column: value})


def by_bulk_update(row: django_models.Model, column: str, value: str) -> None:
    setattr(row, column, value)
    type(row).objects.bulk_update([row], [column])


def by_delete(row: django_models.Model, column: str, value: str) -> None:
    row.delete()


def by_raw_delete(row: django_models.Model, column: str, value: str) -> None:
    type(row).objects.filter(pk=row.pk)._raw_delete("default")


def by_sql(statement: str) -> Callable[[django_models.Model, str, str], None]:
    def way(row: django_models.Model, column: str, value: str) -> None:
        run(statement.format(table=row._meta.db_table, column=column, value=value))

    return way


WAYS = {
    "save": by_save,
    "update": by_update,
    "bulk_update": by_bulk_update,
    "delete": by_delete,
    "delete of a queryset": by_raw_delete,
    "UPDATE": by_sql("UPDATE {table} SET {column} = '{value}'"),
    "UPDATE to the same": by_sql("UPDATE {table} SET {column} = {column}"),
    "DELETE": by_sql("DELETE FROM {table}"),
    "TRUNCATE": by_sql("TRUNCATE {table} CASCADE"),
}


@pytest.fixture(params=["owner", "owner as replica", "app role"])
def session(request, world, settings) -> None:
    actions.fill_capture(capture=world.capture, data=world.data, by=world.curator, reason="Found again.")
    run("SET CONSTRAINTS ALL IMMEDIATE")
    if request.param == "owner as replica":
        run("SET LOCAL session_replication_role = replica")
    elif request.param == "app role":
        serve_as_app_role(settings)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_nothing_recorded_is_changed(session, way):
    for model, (column, value) in FORGED.items():
        with pytest.raises(DatabaseError, match=REFUSALS), transaction.atomic():
            way(model.objects.first(), column, value)


@pytest.mark.parametrize("model", CLOSABLE)
@pytest.mark.parametrize("replica", [False, True])
def test_an_open_row_is_closed_once_and_never_opened_again(world, model, replica):
    if replica:
        run("SET LOCAL session_replication_role = replica")
    opened = model.objects.filter(until_seq__isnull=True)[:1].get()
    found = model.objects.filter(pk=opened.pk)
    assert found.update(until_seq=2**40) == 1
    for until in (None, 2**40, 2**40 + 1):
        with pytest.raises(IntegrityError, match="only an open row may be closed"), transaction.atomic():
            found.update(until_seq=until)


@pytest.mark.parametrize("model", CLOSABLE)
def test_closing_changes_nothing_else(world, model):
    column, value = FORGED[model]
    opened = model.objects.filter(until_seq__isnull=True)[:1].get()
    with pytest.raises(IntegrityError, match="only an open row may be closed"), transaction.atomic():
        model.objects.filter(pk=opened.pk).update(until_seq=2**40, **{column: value})


@pytest.mark.parametrize(
    "change",
    ["seq = seq - 1", "seq = seq", "recorded_at = recorded_at - interval '1 second', seq = seq + 1", "id = 2"],
)
def test_the_head_only_moves_forward(db, change):
    with pytest.raises(IntegrityError, match="only moves forward"), transaction.atomic():
        run(f"UPDATE commitments_head SET {change}")


@pytest.mark.parametrize("version", ["version - 1", "version", "version + 2"])
def test_a_subject_takes_one_version_at_a_time(db, version):
    with pytest.raises(IntegrityError, match="only moves forward"), transaction.atomic():
        run(f"UPDATE commitments_subject SET version = {version}")


def test_there_is_one_head(db):
    with pytest.raises(IntegrityError, match="head_is_one_row"), transaction.atomic():
        run("INSERT INTO commitments_head (id, log, seq) VALUES (2, 'log_other', 0)")


@pytest.mark.parametrize(
    ("seq", "leaf", "told"),
    [
        ("seq + 2", "leaf", "entry_is_gapless"),
        ("seq + 1", "sha256('another'::bytea)", "entry_leaf_fits"),
        ("seq + 1", "sha256(core)", "entry_leaf_fits"),
        ("seq", "leaf", "commitments_entry_pkey"),
        ("0", "leaf", "entry_seq_from_one"),
    ],
)
def test_an_entry_follows_the_last_and_fits_its_leaf(db, seq, leaf, told):
    with pytest.raises(IntegrityError, match=told), transaction.atomic():
        run(
            "INSERT INTO commitments_entry (seq, set_last, type, subject_type, subject_id, version, nature, by,"
            f" recorded_at, core, leaf, commitments, actors) SELECT {seq}, {seq} + 9, type, subject_type, subject_id,"
            f" version + 1, nature, by, recorded_at, core, {leaf}, commitments, actors"
            " FROM commitments_entry ORDER BY commitments_entry.seq DESC LIMIT 1"
        )


def append(subject_type: str, document: dict, **forged: object) -> None:
    """Calls `record_append` by hand, past every check in Python."""
    log = models.Head.objects.get().log
    change = writing.Change("publish", subject_type, {"id": "made-by-hand", **document}, "By hand.")
    entry = writing._entry(change, None, by="curator-1", log=log) | forged
    payload = {"day": writing.recording_day().isoformat(), "entries": [entry]}
    run("SELECT record_append(%s::jsonb)", orjson.dumps(payload).decode())


def test_what_holds_is_appended_by_hand(world, settings):
    serve_as_app_role(settings)
    before = models.Head.objects.get().seq
    append("claim", {"passages": ["psg_1"]})
    assert models.Head.objects.get().seq == models.Version.objects.latest("entry").pk == before + 1


@pytest.mark.parametrize(
    ("subject_type", "document", "told"),
    [
        ("claim", {"passages": []}, "claim without a passage"),
        ("claim", {}, "claim without a passage"),
        ("office", {"passages": []}, "office without a passage"),
        ("office", {}, "office without a passage"),
        ("occasion", {"passages": []}, "occasion without a passage"),
        ("occasion", {}, "occasion without a passage"),
        ("source", {"captures": []}, "source without a capture"),
        ("source", {}, "source without a capture"),
        ("status_change", {"status": "agreed", "claims": []}, "status without a claim"),
        ("status_change", {"status": "agreed"}, "status without a claim"),
        ("status_change", {"nature": "world", "claims": []}, "only a correction may have no status"),
        ("claim", {"passages": ["psg_1"], "bearings": [{"passages": []}]}, "bearing or participant without a passage"),
        (
            "occasion",
            {"passages": ["psg_1"], "participants": [{"passages": []}]},
            "bearing or participant without a passage",
        ),
    ],
)
@pytest.mark.parametrize("role", ["owner", "app role"])
def test_nothing_unfounded_is_appended_even_by_hand(db, settings, role, subject_type, document, told):
    if role == "app role":
        serve_as_app_role(settings)
    before = models.Head.objects.get().seq
    with pytest.raises(IntegrityError, match=told), transaction.atomic():
        append(subject_type, document)
    assert models.Head.objects.get().seq == before


@pytest.mark.parametrize("forged", [{"body": '{"document":{"passages":["psg_2"]}}'}, {"salt": "00" * 16}])
def test_a_body_that_the_entry_does_not_digest_is_refused(db, forged):
    with pytest.raises(IntegrityError, match="the body is not the one that entry"), transaction.atomic():
        append("claim", {"passages": ["psg_1"]}, **forged)


@pytest.mark.parametrize(
    "forged",
    [{"by": "curator-2"}, {"nature": "correction"}, {"version": 2}, {"subject_id": "another"}, {"type": "amend"}],
)
def test_columns_that_the_core_does_not_say_are_refused(db, forged):
    with pytest.raises(IntegrityError, match="its columns are not what its core says"), transaction.atomic():
        append("claim", {"passages": ["psg_1"]}, **forged)


@pytest.mark.parametrize("model", CLOSABLE)
def test_a_row_is_not_closed_before_it_was_opened(db, model):
    opened = model.objects.filter(until_seq__isnull=True)[:1].get()
    with pytest.raises(IntegrityError, match="closed_later"), transaction.atomic():
        model.objects.filter(pk=opened.pk).update(until_seq=1)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "commitmentspan_one_current"),
        ({"until_day": "2020-01-06"}, "commitmentspan_ends_later"),
        ({"until_day": "2019-01-06"}, "commitmentspan_ends_later"),
        ({"until_seq": 2**41}, None),
        ({"subject_id": "another"}, None),
    ],
)
def test_a_current_span_begins_alone_and_ends_later(world, changed, told):
    values = models.CommitmentSpan.objects.filter(subject_id=world.commitment.pk).values().get() | {"seq": 2**40}
    refused = contextlib.nullcontext() if told is None else pytest.raises(IntegrityError, match=told)
    with refused, transaction.atomic():
        models.CommitmentSpan.objects.create(**values | changed)


def test_an_append_without_a_day_starts_again(db):
    with pytest.raises(DatabaseError, match="the day has turned"), transaction.atomic():
        run("""SELECT record_append('{"entries": [{}]}'::jsonb)""")


def test_the_same_version_is_not_appended_twice(db):
    append("claim", {"passages": ["psg_1"]})
    with pytest.raises(IntegrityError, match="entry_one_per_version"), transaction.atomic():
        append("claim", {"passages": ["psg_1"]})


def test_appending_nothing_is_refused(db):
    payload = orjson.dumps({"day": writing.recording_day().isoformat(), "entries": []}).decode()
    with pytest.raises(IntegrityError, match="nothing to append"), transaction.atomic():
        run("SELECT record_append(%s::jsonb)", payload)


def test_an_append_that_began_yesterday_starts_again(db):
    with pytest.raises(DatabaseError, match="the day has turned"), transaction.atomic():
        run("""SELECT record_append('{"day": "2020-01-01", "entries": [{}]}'::jsonb)""")


def test_every_guard_is_always_enabled(db):
    """`O` fires in ordinary sessions only; `A` whatever session_replication_role says."""
    guards = run(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND c.relname LIKE 'commitments_%%' AND t.tgenabled <> 'A'"
    )
    assert guards == []


def test_each_append_only_table_is_guarded_against_each_kind_of_change(db):
    guarded = set(run("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%\\_no\\_%'"))
    for model in (*APPENDED_ONLY, models.CaptureBytes):
        table = model._meta.db_table
        for event in ("update", "delete", "truncate"):
            assert (table, f"{table.removeprefix('commitments_')}_no_{event}") in guarded


def test_each_guard_that_looks_something_up_fixes_where_it_looks(db):
    """Without a search path of its own a guard would ask the session's temporary tables first."""
    loose = run(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prolang ="
        " (SELECT oid FROM pg_language WHERE lanname = 'plpgsql') AND prosrc ~ 'commitments_'"
        " AND NOT coalesce('search_path=public, pg_temp' = ANY (proconfig), false)"
    )
    assert {name for (name,) in loose} <= {"refuse_all_but_forward"}
