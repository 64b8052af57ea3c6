"""Export in the format that an import reads: what goes out comes in again, here unchanged, elsewhere the same."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.captures.tables import read, sniffed
from commitments.importers import exporting, publishing
from commitments.models import Claim, Commitment
from tests.desk import listed, signed_in
from tests.imports import HINDI, MAPPED, as_csv, brought, checked, published
from tests.world import ACCEPTED, REFUSED

FORMATS = list(exporting.WRITERS)


@pytest.fixture(autouse=True)
def _without_rest(monkeypatch):
    monkeypatch.setattr(publishing, "REST", 0)


def file_of(rows, format_):
    return "".join(exporting.WRITERS[format_](rows)).encode()


def ids():
    return list(Commitment.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("format_", FORMATS)
def test_an_import_exported_is_unchanged_when_it_is_imported_again(world, format_):
    imported = published(
        brought(as_csv(HINDI, "utf-16"), by=world.curator, language="hi", mapping=MAPPED), by=world.curator
    )
    again = brought(file_of(exporting.of_import(imported), format_), by=world.curator, name=f"again.{format_}")
    assert checked(again) == {"created": 0, "unchanged": 2, "rejected": 0}


@pytest.mark.parametrize("format_", FORMATS)
def test_the_whole_record_exported_is_unchanged_in_its_own_installation(world, format_):
    world.claim(REFUSED, position="declines", of=world.sutherland)
    rows = list(exporting.of_commitments(ids()))
    again = brought(file_of(rows, format_), by=world.curator, name=f"record.{format_}", data_set="The record")
    assert checked(again) == {"created": 0, "unchanged": len(rows), "rejected": 0}


def test_elsewhere_it_creates_the_same(world):
    """Another installation knows no id of these: keys are changed to look like one."""
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")
    rows = list(exporting.of_commitments(ids()))
    elsewhere = [row | {"key": row["key"].replace("cmt_", "theirs-")} for row in rows]
    imported = published(brought(file_of(elsewhere, "json"), by=world.curator, name="a.json"), by=world.curator)
    made = list(imported.rows.of_commitment().order_by("number").values_list("commitment", flat=True))
    back = [row | {"key": ""} for row in exporting.of_commitments(made)]
    assert [_comparable(row) for row in back] == [_comparable(row | {"key": ""}) for row in rows]
    call_command("verify")


def _comparable(row):
    """A withheld quote goes out empty: the passage is then the whole row, told by the file."""
    left_out = set() if row.get("quote") else {"voice"}
    return {name: cell for name, cell in row.items() if cell and name not in left_out}


def test_a_desk_that_says_otherwise_now_is_told(world):
    rows = list(exporting.of_commitments([world.commitment.pk]))
    world.commitment.title_en = "Boats, renamed"
    world.commitment.save()
    again = brought(file_of(rows, "yaml"), by=world.curator, name="a.yaml")
    assert checked(again)["rejected"] == 1
    assert "recorded before with other words" in again.rows.get().reasons[0]


def test_an_export_asks_no_more_queries_for_more_commitments(world):
    with CaptureQueriesContext(connection) as queries:
        assert len(list(exporting.of_commitments(ids()))) > 30
    assert len(queries) < 16


def test_retracted_claims_and_corrected_statuses_stay_out(world):
    from commitments import actions

    claim = world.claim(REFUSED, position="declines", of=world.sutherland)
    assert len(list(exporting.of_commitments([world.commitment.pk]))) == 2
    actions.retract(thing=claim, by=world.curator, reason="Misread.")
    assert len(list(exporting.of_commitments([world.commitment.pk]))) == 1


@pytest.mark.parametrize("format_", FORMATS)
def test_commitments_chosen_in_the_list_are_exported(world, format_):
    chosen = {"action": f"export_{format_}", "_selected_action": [world.commitment.pk]}
    answer = signed_in("contributor").post(listed(Commitment), chosen)
    data = b"".join(answer.streaming_content)
    [row] = read(data, sniffed(data, name=f"a.{format_}")).rows
    assert row.cells["title"] == world.commitment.title_en and row.cells["quote"] == Claim.objects.get(
        pk=world.offer.pk
    ).statement.rstrip(".")
    assert answer["Content-Disposition"] == f'attachment; filename="commitments.{format_}"'


@pytest.mark.parametrize("format_", FORMATS)
def test_a_sample_is_imported_as_it_is(world, format_):
    data = (settings.BASE_DIR / f"fixtures/samples/sample.{format_}").read_bytes()
    assert checked(brought(data, by=world.curator, name=f"sample.{format_}")) == {
        "created": 3,
        "unchanged": 0,
        "rejected": 0,
    }
