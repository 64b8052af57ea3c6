"""Commitments by the thousand for lists and crawls, published through the actions in batches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from commitments import models
from commitments.dates import UncertainDate
from tests.world import OFFERED, World

IN_ONE_SET = 500
FIRST = date(1990, 1, 1)


def on(day: date) -> UncertainDate:
    return UncertainDate(day.isoformat(), day, day, "stated")


def invent(world: World, number: int) -> list[models.Commitment]:
    """All are offered by Norland, and proposed."""
    made = []
    for start in range(0, number, IN_ONE_SET):
        made += publish(world, range(start, min(start + IN_ONE_SET, number)))
    return made


def publish(world: World, numbers: range) -> list[models.Commitment]:
    commitments = [commitment(world, number) for number in numbers]
    models.Commitment.objects.bulk_create(commitments)
    models.Party.objects.bulk_create(
        models.Party(commitment=of, role="promisor", actor=world.norland) for of in commitments
    )
    claims = claims_on(world, commitments, "proposed")
    changes = changes_to(commitments, claims, "proposed")
    world.publish(*commitments, *claims, *changes)
    return commitments


def commitment(world: World, number: int) -> models.Commitment:
    return models.Commitment(
        slug=f"invented-{world.number}-{number}",
        title_en=f"Boat {number} of Norland",
        kind=world.kind,
        form="offer",
        made_on=on(FIRST + timedelta(days=number % 9000)),
    )


def claims_on(world: World, commitments: list[models.Commitment], status: str) -> list[models.Claim]:
    """One on each, in the words of the offer."""
    cited = world.draft_passage(OFFERED)
    claims = [
        models.Claim(statement="Offered.", claimant=world.norland, speech_act="offers", said_on=of.made_on)
        for of in commitments
    ]
    bearings = [
        models.Bearing(claim=claim, commitment=of, status=status, reading="literal")
        for claim, of in zip(claims, commitments, strict=True)
    ]
    models.Claim.objects.bulk_create(claims)
    models.Bearing.objects.bulk_create(bearings)
    through = models.Bearing.passages.through
    through.objects.bulk_create(through(bearing=bearing, passage=cited) for bearing in bearings)
    return claims


def changes_to(
    commitments: list[models.Commitment], claims: list[models.Claim], status: str
) -> list[models.StatusChange]:
    changes = [
        models.StatusChange(commitment=of, status=status, effective=of.made_on, reason="Told so.") for of in commitments
    ]
    models.StatusChange.objects.bulk_create(changes)
    through = models.StatusChange.claims.through
    through.objects.bulk_create(
        through(statuschange=change, claim=claim) for change, claim in zip(changes, claims, strict=True)
    )
    return changes


def writes(world: World, commitments: list[models.Commitment], name: int) -> Iterator[None]:
    """Turn by turn: a commitment more, and one of these agreed the day after it was proposed."""
    for place, of in enumerate(commitments):
        publish(world, range(10_000_000 + name * 100_000 + place, 10_000_001 + name * 100_000 + place))
        yield
        of.made_on = on(of.made_on.latest + timedelta(days=1))
        claims = claims_on(world, [of], "agreed")
        world.publish(*claims, *changes_to([of], claims, "agreed"))
        yield
