"""A failure at each SQL statement of each action leaves everything as it was."""

import pytest
from django.db import DatabaseError, connection

from commitments import actions
from commitments.models import Entry
from tests.world import ACCEPTED, NOT_ACCEPTED, day


class Injected(DatabaseError):
    pass


class FailAt:
    """Lets `number` statements through and fails the next, but not the rolling back that follows."""

    def __init__(self, number):
        self.left = number

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left == -1:
            raise Injected
        return execute(sql, params, many, context)


def everything():
    """By table, which writing each row is of: one that was written again, as it was before or not, is another. The
    tables come in whatever order they were read in."""
    tables = sorted(t for t in connection.introspection.table_names() if t.startswith("commitments_"))
    rows = "SELECT '{0}', string_agg(t.ctid || ' ' || t.xmin, ',' ORDER BY t.ctid) FROM {0} t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(rows.format(table) for table in tables))
        return dict(cursor.fetchall())


def published(world):
    drafts = [world._actor(slug, slug, "organisation") for slug in ("one", "two")]
    return lambda: world.publish(*drafts)


def amended(world):
    world.norland.name = "Kingdom of Norland"
    world.norland.save()
    return lambda: actions.amend(things=[world.norland], by=world.curator, reason="Its full name.")


def recorded(world):
    claim = world.claim(ACCEPTED, bears="agreed")
    return lambda: world.record("agreed", claim, "2020-02-01")


def corrected(world):
    world.record("agreed", world.claim(ACCEPTED, bears="agreed"), "2020-02-01")
    claim, wrong = world.claim(NOT_ACCEPTED, bears="declined"), world.last_change()
    return lambda: actions.correct_status(
        change=wrong,
        status="declined",
        effective=day("2020-02-01"),
        claims=[claim],
        by=world.curator,
        reason="Misread.",
    )


def retracted(world):
    claim = world.claim(ACCEPTED, bears="agreed")
    world.record("agreed", claim, "2020-02-01")
    corrections = [actions.Correction(world.last_change(), "It fell with its claim.")]
    return lambda: actions.retract(thing=claim, by=world.curator, reason="Misheard.", corrections=corrections)


def set_published(world):
    world.norland.name = "Kingdom of Norland"
    world.norland.save()
    things = [world._actor("one", "one", "organisation"), world.norland]
    review_set = actions.submit_set(title="Both", note="", things=things, by=world.curator)
    return lambda: actions.publish_reviewed(review_set=review_set, by=world.curator, reason="Read.")


def undone(world):
    amended(world)()
    entry = Entry.objects.filter(subject_id=world.norland.pk).latest("version")
    return lambda: actions.undo_entry(entry=entry, by=world.curator, reason="It has no king.")


def filled(world):
    return lambda: actions.fill_capture(
        capture=world.capture, data=world.data, by=world.curator, reason="Somebody brought it."
    )


@pytest.mark.parametrize("prepare", [published, amended, recorded, corrected, retracted, set_published, undone, filled])
def test_a_failure_at_any_statement_leaves_nothing(world, prepare):
    act = prepare(world)
    before, number = everything(), 0
    while True:
        try:
            with connection.execute_wrapper(FailAt(number)):
                act()
        except Injected:
            assert everything() == before, f"something was left after {number} statements"
            number += 1
        else:
            break
    assert number > 10 and everything() != before
