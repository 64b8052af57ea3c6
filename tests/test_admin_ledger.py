"""The ledger at the desk: entries with what they say."""

import pytest

from commitments.models import Entry, Version
from tests.desk import listed, page, signed_in


def test_an_entry_shows_its_core_reason_and_digest(world):
    entry = Entry.objects.get(subject_id=world.proposed.pk)
    shown = signed_in("curator").get(page(entry)).content.decode()
    assert "Said to be proposed." in shown
    assert bytes(entry.leaf).hex() in shown
    assert "&quot;body_digest&quot;" in shown


def test_an_entry_shows_the_standings_it_opened(world):
    entry = Entry.objects.get(subject_id=world.proposed.pk)
    assert world.proposed.pk in signed_in("curator").get(page(entry)).content.decode()


def test_entries_are_found_by_their_subject(world):
    found = signed_in("curator").get(f"{listed(Entry)}?q={world.commitment.pk}")
    assert found.context["cl"].result_count == 1


def test_an_entry_is_told_in_words(world):
    entry, curator = Entry.objects.get(subject_id=world.proposed.pk), signed_in("curator")
    told = curator.get(page(entry)).context_data["subtitle"]
    assert told == f"{entry.seq}: Status recorded, status change “{world.commitment}: Proposed”"
    version = Version.objects.get(entry=entry)
    assert curator.get(page(version)).context_data["subtitle"].startswith("Version 1 of status change “")


@pytest.mark.parametrize("model", [Entry, Version])
def test_lists_of_the_ledger_lead_to_things_by_their_names(world, model, django_assert_max_num_queries):
    curator = signed_in("curator")
    with django_assert_max_num_queries(12):
        shown = curator.get(listed(model)).content.decode()
    assert f'<a href="{page(world.commitment)}">{world.commitment}</a>' in shown
