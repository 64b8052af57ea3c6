"""What was answered with `known_at` is answered so for ever, whatever is written and however late it is asked."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from commitments import actions, models
from commitments.clocks import stamp
from commitments.models.ledger import Entry, Head
from tests.questions import questions
from tests.test_api_edges import told
from tests.world import OFFERED, World

pytestmark = pytest.mark.django_db
# Of these there is no earlier view: an entry never changes, and the rubric is not in the record.
NOT_IN_TIME = ("/api/v1/changes/1/", "/api/v1/rubric/", "/api/v1/openapi.json")
TOGETHER = [
    "commitments/?open=true&sort=due&limit=3&count=true&facets=status,party&include=actors,claims",
    "commitments/?party[all]=united-states&party[all]=mexico&made_on[gte]=2020&fields=title,status",
    "commitments/equipment-donation/?as_of=2021-01-20&include=actors,claims,sources,status_changes,occasions",
    "commitments/equipment-donation/claims/?as_of=2021-01-20&count=true",
    "commitments/equipment-donation/provenance/?as_of=2021-01-20",
    "claims/?said_on[lt]=2021&certainty=definite&sort=-said_on&limit=5",
    "changes/?actor=mexico&after=9&limit=9",
    "commitments/?status=nothing",
    "commitments/nothing/",
]


def asked(seq: int) -> list[str]:
    """Every route, and every fifth of all that can be asked of it, as known at the entry or at its instant."""
    plain = [url for url in questions() if url.partition("?")[0] not in NOT_IN_TIME and "known_at=" not in url]
    routes, queries = [url for url in plain if "?" not in url], [url for url in plain if "?" in url]
    instant = stamp(Entry.objects.get(seq=seq).recorded_at)
    urls = [*routes, *queries[::5], *(f"/api/v1/{url}" for url in TOGETHER)]
    return [
        f"{url}{'&' if '?' in url else '?'}known_at={instant if place % 4 == 3 else seq}"
        for place, url in enumerate(urls)
    ]


def answers(client, urls: list[str]) -> dict[str, tuple]:
    """With two pages more of each list, so with its cursors."""
    said = {}
    for url in urls:
        for _ in range(3):
            answer = client.get(url)
            said[url] = told(answer)
            link, *more = answer.headers.get("Link", "").split('>; rel="next"')
            if not more:
                break
            url = link.removeprefix("<")
    return said


def write_a_thousand_entries(world: World) -> None:
    """New things, more claims on what is old, and a new name for everybody."""
    old = list(models.Commitment.objects.published())
    claims = [world.draft_claim(OFFERED, bears="agreed", on=old[number % len(old)]) for number in range(500)]
    actors = [world._actor(f"isle-{number}", "Isle", "state") for number in range(450)]
    world.publish(*claims, *actors)
    known = list(models.Actor.objects.published().filter(slug__in=["mexico", "united-states"])) + actors[:100]
    for actor in known:
        actor.name = f"New {actor.name}"
        actor.save()
    actions.amend(things=known, by=world.curator, reason="Renamed.")


def test_a_hundred_answers_are_the_same_a_thousand_entries_and_a_month_later(client, world):
    seq = Head.objects.get().seq
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
        before = answers(client, asked(seq))
    assert len(before) > 100
    write_a_thousand_entries(world)
    assert Head.objects.get().seq - seq > 1000
    with time_machine.travel(datetime.now(UTC) + timedelta(days=30)):
        differing = [url for url, said in before.items() if told(client.get(url)) != said]
    assert differing == []
