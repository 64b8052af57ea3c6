"""A permanent address says the same bytes for ever, whatever happens to the record: of pages, of their other forms,
of lists, feeds and frames, in both languages."""

from itertools import cycle

import pytest

from commitments import actions
from commitments.captures.extract import read
from commitments.models.ledger import Entry, Head
from tests.world import ACCEPTED, DELIVERED, TEXT

pytestmark = pytest.mark.django_db
DAYS = ("as_of=2020-01-20", "as_of=2026-01-01", "")


def correct(world):
    actions.correct_status(change=world.last_change(), by=world.curator, reason="We misread it.")


def rename(world):
    world.norland.name = "Norland, renamed"
    world.norland.save()
    actions.amend(things=[world.norland], by=world.curator, reason="Its name.")


def undo(world):
    rename(world)
    entry = Entry.objects.filter(subject_id=world.norland.pk).latest("seq")
    actions.undo_entry(entry=entry, by=world.curator, reason="By mistake.")


def retract(world):
    actions.retract(thing=world.last_claim, by=world.curator, reason="Of another boat.")


def merge(world):
    other = world._actor("norland-again", "Norland again", "state")
    world.publish(other)
    actions.merge(thing=world.norland, into=other, by=world.curator, reason="The same.")


def unmerge(world):
    merge(world)
    actions.unmerge(thing=world.norland, by=world.curator, reason="Not the same.")


def fill(world):
    actions.fill_capture(capture=world.capture, data=world.data, by=world.curator, reason="Brought.")


def recapture(world):
    fill(world)
    text = TEXT.replace("six patrol boats", "seven boats")
    actions.add_capture(source=world.source, reading=read(text.encode()), by=world.curator, how="By hand.")
    world.source.refresh_from_db()
    actions.amend(things=[world.source], by=world.curator, reason="Captured again.")


def of_things(world):
    commitment = f"/commitments/{world.commitment.pk}"
    return [
        f"{commitment}/{world.commitment.slug}/",
        f"{commitment}/record.jsonld",
        f"{commitment}/cite.bib",
        f"{commitment}/card.png",
        f"/embed{commitment}/",
        f"/embed{commitment}/timeline/",
        f"/claims/{world.offer.pk}/",
        f"/claims/{world.offer.pk}/cite.json",
        f"/actors/{world.norland.pk}/",
        f"/sources/{world.source.pk}/",
        *("/", "/commitments/?sort=title", "/claims/", "/actors/", "/sources/", "/occasions/"),
    ]


def permalinks(world):
    """Each address once, days and languages by turns."""
    seq = Head.objects.get().seq
    feeds = ["/feeds/changes.atom?", f"/es/actors/{world.norland.pk}/feed.atom?"]
    asked = zip(of_things(world), cycle(("", "/es")), cycle(DAYS), strict=False)
    links = [f"{language}{address}{'&' if '?' in address else '?'}{day}" for address, language, day in asked]
    return [f"{link}&known_at={seq}".replace("?&", "?") for link in (*links, *feeds)]


@pytest.fixture
def told(world):
    world.last_claim = world.claim(DELIVERED, bears="fulfilled", said="2020-03-01")
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")
    return world


@pytest.mark.parametrize("change", [correct, rename, undo, retract, merge, unmerge, fill, recapture])
def test_a_permanent_address_says_the_same_bytes_after(client, told, change):
    before = {link: client.get(link) for link in permalinks(told)}
    assert {answer.status_code for answer in before.values()} == {200}
    change(told)
    differing = [link for link, answer in before.items() if client.get(link).content != answer.content]
    assert differing == []
