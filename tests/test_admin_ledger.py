"""The ledger at the desk: entries with what they say."""

from commitments.models import Entry
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
