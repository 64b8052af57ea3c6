"""Imports at the desk: who may do what, what a bad file is answered, and the way from the file to the drafts."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.admin.import_forms import field_of
from commitments.captures.tables import Way, read
from commitments.importers import publishing
from commitments.models import Commitment, Import, ImportRow
from tests.desk import errors, page, send, signed_in
from tests.imports import HINDI, MAPPED, as_csv, brought, checked, uploaded

PAGES = ("change", "mapping", "words", "reading", "rejected")


@pytest.fixture
def contributor(world):
    return signed_in("contributor")


@pytest.fixture
def imported(world):
    return brought(as_csv(HINDI), by=world.curator, language="hi", mapping=MAPPED)


def text(answer):
    return " ".join(answer.content.decode().split())


def drafted(client, imported):
    client.post(page(imported, "check"))
    client.post(page(imported, "draft"), {"leave_out": "on"})
    imported.refresh_from_db()
    return imported


def test_an_uploaded_file_leads_to_its_columns(contributor):
    answer = uploaded(contributor, as_csv(HINDI, "utf-16"), language="hi")
    imported = Import.objects.get()
    assert answer.headers["Location"] == page(imported, "mapping")
    assert (imported.encoding, imported.delimiter, imported.size) == ("utf-16", "semicolon", 3)
    assert imported.mapping["columns"]["made_on"] == "तारीख"


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.json", b"[" * 100_000, "nested more than"),
        ("a.yaml", b"- &a 1\n- *a\n", "anchors, aliases and tags are not read"),
        ("a.csv", b"\x89PNG\r\n\0\0", "NUL"),
        ("a.csv", b"", "empty"),
        ("a.csv", b'a,b\n"1,2', "no CSV"),
        ("a.json", b'[{"a": "\\ud800"}]', "surrogate"),
    ],
)
def test_a_file_that_is_no_table_is_told_on_the_form(contributor, name, data, told):
    answer = uploaded(contributor, data, name)
    assert told in errors(answer) and not Import.objects.exists()


def test_a_file_that_is_too_large_is_told_its_size(contributor):
    answer = uploaded(contributor, b"a" * (10 * 2**20 + 1))
    assert "at most 10485760 are taken" in errors(answer)


def test_the_way_from_columns_to_drafts(contributor, imported):
    words = send(contributor, page(imported, "mapping")).headers["Location"]
    assert words == page(imported, "words")
    assert send(contributor, words).headers["Location"] == page(imported)
    assert imported.rows.counted() == {"created": 2, "unchanged": 0, "rejected": 1}
    assert drafted(contributor, imported).state == "drafted"
    assert Commitment.objects.drafts().count() == 2


def test_the_mapping_of_a_data_set_is_offered_for_its_next_file(contributor, imported):
    uploaded(contributor, as_csv(HINDI[:2]))
    assert Import.objects.latest("pk").mapping == imported.mapping


def test_the_mapping_of_an_earlier_file_is_offered_where_the_last_had_other_columns(contributor, imported):
    uploaded(contributor, as_csv([["key", "title"], ["1", "Boats"]]))
    uploaded(contributor, as_csv(HINDI[:2]))
    assert Import.objects.latest("pk").mapping == imported.mapping


def test_a_mapping_that_names_other_columns_is_not_offered(contributor, imported):
    uploaded(contributor, as_csv([["key", "title"], ["1", "Boats"]]))
    assert Import.objects.latest("pk").mapping["columns"] == {"key": "key", "title": "title", "quote": "title"}


def test_a_needed_column_that_is_left_out_is_told(contributor, imported):
    answer = send(contributor, page(imported, "mapping"), **{"column-title": ""})
    assert "“title”: choose their column, or write what holds for all rows." in errors(answer)


def test_a_column_that_the_file_has_not_is_told(contributor, imported):
    answer = send(contributor, page(imported, "mapping"), **{"column-title": "no such column"})
    assert "not one of the available choices" in errors(answer)


def test_a_word_is_chosen_for_each_of_theirs(contributor, imported):
    Import.objects.update(mapping=imported.mapping | {"words": {}})
    send(contributor, page(imported, "words"), **{field_of("status", "पूर्ण"): "partly_fulfilled"})
    assert Import.objects.get().mapping["words"]["status"] == {"पूर्ण": "partly_fulfilled", "जारी": "in_progress"}


def test_a_file_is_read_again_in_another_encoding(contributor, world):
    wrong = brought(
        as_csv([["имя", "b"], ["я", "2"]], "cp1251"), by=world.curator, way=Way("csv", "cp1252", "semicolon")
    )
    send(contributor, page(wrong, "reading"), encoding="cp1251")
    wrong.refresh_from_db()
    assert read(bytes(wrong.data), Way(wrong.format, wrong.encoding, wrong.delimiter)).columns == ["имя", "b"]


def test_rejected_rows_are_left_out_only_where_somebody_says_so(contributor, imported):
    contributor.post(page(imported, "check"))
    answer = contributor.post(page(imported, "draft"))
    assert "say that they may be left out" in text(answer)
    assert not Commitment.objects.drafts().exists()


def test_what_is_drafted_is_not_mapped_or_checked_again(contributor, imported):
    drafted(contributor, imported)
    for name in ("mapping", "words", "reading"):
        assert contributor.get(page(imported, name)).headers["Location"] == page(imported)
    contributor.post(page(imported, "check"))
    assert ImportRow.objects.filter(commitment__isnull=False).count() == 2


def test_a_curator_publishes_and_pauses(world, imported):
    curator = signed_in("curator")
    drafted(curator, imported)
    send(curator, page(imported, "publish"), reason="From the register.")
    assert Import.objects.get().state == "publishing"
    publishing.step()
    curator.post(page(imported, "pause"))
    assert Import.objects.get().state == "paused"
    assert "0 of 2 commitments are published." in text(curator.get(page(imported)))


def test_who_drafted_an_import_leaves_its_publication_to_another(world, imported, settings):
    settings.SECOND_PERSON = True
    curator = signed_in("curator")
    drafted(curator, imported)
    curator.post(page(imported, "publish"), {"reason": "My own."})
    assert Import.objects.get().state == "drafted"
    assert page(imported, "publish") not in text(curator.get(page(imported)))
    assert page(imported, "publish") in text(signed_in("curator").get(page(imported)))


def test_a_contributor_may_not_publish_and_sees_no_button(contributor, imported):
    drafted(contributor, imported)
    for name in ("publish", "pause"):
        assert contributor.post(page(imported, name), {"reason": "I may not."}).status_code == 403
    assert page(imported, "publish") not in text(contributor.get(page(imported)))
    assert page(imported, "publish") in text(signed_in("curator").get(page(imported)))


@pytest.mark.parametrize("name", PAGES)
def test_staff_without_a_group_reach_no_page_of_an_import(imported, name):
    assert signed_in().get(page(imported, name)).status_code == 403
    assert Client().get(page(imported, name)).headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("name", ["check", "draft", "publish", "pause"])
def test_staff_without_a_group_start_nothing(imported, name):
    assert signed_in().post(page(imported, name), {"reason": "No."}).status_code == 403


def test_what_was_drafted_is_not_deleted(world, imported):
    curator = signed_in("curator")
    drafted(curator, imported)
    assert curator.post(page(imported, "delete"), {"post": "yes"}).status_code == 403


def test_drafts_are_taken_back_after_a_look_at_what_goes(contributor, imported):
    drafted(contributor, imported)
    assert page(imported, "take_back") in contributor.get(page(imported)).content.decode()
    shown = text(contributor.get(page(imported, "take_back")))
    assert "2 commitments that this import drafted are deleted" in shown and "somebody else" not in shown
    contributor.post(page(imported, "take_back"))
    assert not Commitment.objects.drafts().exists()
    assert contributor.get(page(imported, "mapping")).status_code == 200


def test_drafts_of_others_are_taken_back_by_curators_alone(contributor, imported):
    drafted(signed_in("curator"), imported)
    assert contributor.get(page(imported, "take_back")).status_code == 403
    assert page(imported, "take_back") not in contributor.get(page(imported)).content.decode()


def test_an_import_with_a_row_that_was_refused_is_not_called_published(world, imported):
    drafted(signed_in("contributor"), imported)
    imported.rows.get(number=1).commitment.parties.all().delete()
    publishing.start(imported, by=world.curator, reason="From the register.")
    while publishing.step():
        pass
    imported.refresh_from_db()
    assert imported.state == "paused" and imported.rows.published().count() == 1


def test_rejected_rows_are_downloaded_with_reasons_and_without_formulas(contributor, world):
    rows = [HINDI[0], ["=HYPERLINK(1)", "@evil", "soon", "नॉरलैंड", "जारी", ""]]
    bad = brought(as_csv(rows), by=world.curator, language="hi", mapping=MAPPED | {"columns": {"made_on": "तारीख"}})
    checked(bad)
    told = b"".join(contributor.get(page(bad, "rejected")).streaming_content).decode()
    assert "'=HYPERLINK(1),'@evil" in told and "is no date that is read here" in told


def test_the_page_of_an_import_takes_few_queries(world, imported):
    curator = signed_in("curator")
    drafted(curator, imported)
    with CaptureQueriesContext(connection) as queries:
        assert curator.get(page(imported)).status_code == 200
    assert len(queries) < 12, [q["sql"][:120] for q in queries]


@pytest.mark.parametrize("outcome", ["created", "rejected", "failed", "nonsense"])
def test_rows_are_filtered_by_outcome(contributor, imported, outcome):
    contributor.post(page(imported, "check"))
    shown = contributor.get(page(imported) + f"?outcome={outcome}").context["rows"]
    assert len(shown) == {"created": 2, "rejected": 1, "failed": 0}.get(outcome, 3)
