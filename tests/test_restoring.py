"""A document is put back into the desk's rows: `restore` is the inverse of filling."""

import pytest

from commitments import actions, models
from commitments.actions.filling import MODELS
from commitments.actions.restoring import COLUMNS, LINKS, PARTS, document_now, members, restore, rows_of, with_members
from commitments.documents import DOCUMENTS, SUBJECT_TYPES
from tests.hidden import EDITS, WORD
from tests.world import ACCEPTED, DELIVERED, day

EDITED = [noun for noun in SUBJECT_TYPES if noun != "status_change"]
KEPT = {"id", "captures", "scheme", "source"}


def part_rows(thing):
    """Everything the desk holds of a thing's parts, as stored."""
    found = {member: list(getattr(thing, part.relation).values()) for member, part in parts_of(thing)}
    linked = LINKS.get(thing.subject_type, {}).values()
    return found | {name: sorted(getattr(thing, name).values_list("pk", flat=True)) for name in linked}


def parts_of(thing):
    return PARTS.get(thing.subject_type, {}).items()


def spoil(thing):
    """Edits of every kind: columns, items gone, an item more in front, another order, links gone."""
    for column, value in EDITS[type(thing)].items():
        setattr(thing, column, value)
    thing.save()
    for _, part in parts_of(thing):
        rows = list(getattr(thing, part.relation).all())
        for index, row in enumerate(reversed(rows)):
            if part.order:
                setattr(row, part.order, index)
                row.save()
        if rows:
            rows[0].delete()
    for relation in LINKS.get(thing.subject_type, {}).values():
        getattr(thing, relation).clear()


@pytest.mark.parametrize("noun", SUBJECT_TYPES)
def test_every_member_of_a_document_is_told_of(noun):
    told = {m.partition(".")[0] for table in (COLUMNS, PARTS, LINKS) for m in table.get(noun, {})}
    assert set(DOCUMENTS[noun]["properties"]) - told <= (KEPT | {"slug"} if noun == "term" else KEPT)


@pytest.mark.parametrize("noun", EDITED)
def test_putting_back_its_own_document_changes_nothing(db, noun):
    for thing in MODELS[noun].objects.published():
        before, document = part_rows(thing), document_now(thing)
        restore(thing, document)
        assert (part_rows(thing), document_now(thing)) == (before, document)


@pytest.mark.parametrize("noun", EDITED)
def test_after_edits_of_every_kind_the_document_comes_back(db, noun):
    for thing in MODELS[noun].objects.published():
        document = document_now(thing)
        spoil(thing)
        assert document_now(thing) != document
        restore(thing, document)
        assert document_now(thing) == document


@pytest.mark.parametrize("noun", EDITED)
def test_a_document_is_put_together_again_from_its_members(db, noun):
    for thing in MODELS[noun].objects.published():
        document = document_now(thing)
        assert with_members(noun, document, members(noun, document)) == document


def test_a_draft_of_a_status_change_comes_back(world):
    draft = world.draft_commitment("radios")
    change = world.draft_change("agreed", world.draft_claim(ACCEPTED, bears="agreed", on=draft), "2020-02-01", on=draft)
    document = document_now(change)
    models.StatusChange.objects.filter(pk=change.pk).update(status="stalled", reason=WORD)
    change.claims.clear()
    restore(change, document)
    assert document_now(change) == document


def test_rows_come_back_under_the_keys_they_had(world):
    rows, document = rows_of(world.commitment), document_now(world.commitment)
    world.commitment.parties.all().delete()
    restore(world.commitment, document, rows=rows)
    assert rows_of(world.commitment) == rows


def test_a_first_deadline_that_was_never_published_is_taken_back(world):
    document = document_now(world.commitment)
    world.commitment.due = day("2030")
    world.commitment.save()
    restore(world.commitment, document)
    assert document_now(world.commitment)["due_first"] is None


def test_two_roles_exchanged_come_back(world):
    document = document_now(world.commitment)
    first, second = world.commitment.parties.all()
    models.Party.objects.filter(pk=first.pk).update(actor=second.actor)
    models.Party.objects.filter(pk=second.pk).update(actor=first.actor)
    restore(world.commitment, document)
    assert document_now(world.commitment) == document


def test_what_names_something_deleted_since_is_refused_by_its_id(world):
    claim = world.draft_claim(ACCEPTED, bears="agreed", on=world.draft_commitment("radios"))
    document, radios = document_now(claim), claim.bearings.get().commitment
    claim.bearings.all().delete()
    models.Commitment.objects.filter(pk=radios.pk).delete()
    with pytest.raises(actions.Refused, match=rf"no longer at the desk: {radios.pk}"):
        restore(claim, document)


def test_further_passages_of_a_claim_stay_apart_from_those_its_bearings_name(world):
    claim = world.draft_claim(ACCEPTED, bears="agreed")
    claim.passages.add(world.draft_passage(DELIVERED))
    document = document_now(claim)
    assert members("claim", document)["passages"] == [world.draft_passage(DELIVERED).pk]
    claim.passages.clear()
    restore(claim, document)
    assert document_now(claim) == document
