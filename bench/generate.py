"""Invents a record of N commitments and publishes it through `actions.publish`, batch by batch.

    python -m bench.generate 2000 --batch 500 --seed 1

A commitment brings, on average, 2.4 status changes, 2.9 claims with one passage each, and 0.4 sources. Kinds,
states, statuses and the words of what is said are drawn with falling weights, so that some filters and searches
find much and others next to nothing.
The content follows from the seed and the number of commitments there are already; ids and salts do not.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from statistics import median
from time import perf_counter

from bench import database

database.use()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402

from commitments import actions  # noqa: E402
from commitments import models as desk  # noqa: E402
from commitments.dates import FIRST_DAY, LAST_DAY, UncertainDate  # noqa: E402
from commitments.models.desk import DeskNoun  # noqa: E402

KINDS, TOPICS, PLACES, STATES, OUTLETS = 12, 20, 20, 40, 20
FIRST_MADE, DAYS = date(1990, 1, 1), 34 * 365
UNKNOWN = UncertainDate(None, FIRST_DAY, LAST_DAY, "unknown", "Not told.")
FIRST_STATUSES = {"proposed": 40, "pledged": 30, "agreed": 20, "discussed": 9, "unclear": 1}
NEXT_STATUSES = {
    "in_progress": 40,
    "agreed": 20,
    "fulfilled": 15,
    "stalled": 10,
    "partly_fulfilled": 8,
    "declined": 4,
    "withdrawn": 2,
    "lapsed": 1,
}
POSITIONS = {"accepts": 60, "favours": 20, "not_accepted": 12, "declines": 7, "reserves": 1}
FORMS = {"pledge": 40, "offer": 30, "proposal": 20, "agreement": 9, "request": 1}


def falling(size: int) -> list[float]:
    """Weights of which each is four fifths of the one before: of 12, the first draws 21 %, the last 2 %."""
    return [0.8**n for n in range(size)]


def vocabulary() -> list[str]:
    """20,000 words, the first of them English, Spanish and Thai, the rest invented."""
    known = (
        "border equipment inspection information police agreement offer security program operation exchange water "
        "energy trade vaccines training frontera cooperación acuerdo equipo información seguridad agua energía "
        "comercio donación ประเทศไทยและเพื่อนบ้าน ความร่วมมือ"
    )
    syllables = [c + v for c in "bcdfglmnprstv" for v in "aeiou"]
    chance = random.Random(1)
    invented = ("".join(chance.choices(syllables, k=chance.choice((2, 3, 3, 4)))) for _ in range(20_000))
    return [*known.split(), *invented]


VOCABULARY = vocabulary()
# Zipf's law: the second word is half as frequent as the first, the third a third.
FREQUENCY = list(accumulate(1 / n for n in range(1, len(VOCABULARY) + 1)))


def said(chance: random.Random, size: int) -> str:
    return " ".join(chance.choices(VOCABULARY, cum_weights=FREQUENCY, k=size))


def on(day: date) -> UncertainDate:
    return UncertainDate(day.isoformat(), day, day, "stated")


class Cast:
    """What all batches share: terms, states with a ministry and a minister each, and outlets."""

    def __init__(self) -> None:
        self.curator, is_new = User.objects.get_or_create(username="bench", defaults={"is_superuser": True})
        if is_new:
            with transaction.atomic():
                self._invent()
        self.kinds = list(desk.Term.objects.filter(scheme="kind").order_by("slug"))
        self.topics = list(desk.Term.objects.filter(scheme="topic"))
        self.places = list(desk.Term.objects.filter(scheme="place"))
        self.states = list(desk.Actor.objects.filter(kind="state").order_by("slug"))
        self.outlets = list(desk.Actor.objects.filter(kind="outlet").order_by("slug"))
        self.offices = {office.body.part_of_id: office for office in desk.Office.objects.select_related("body")}

    def _invent(self) -> None:
        sizes = {"kind": KINDS, "topic": TOPICS, "place": PLACES}
        terms = [
            desk.Term(id=f"{scheme}/{scheme}-{n:02}", scheme=scheme, slug=f"{scheme}-{n:02}", label_en=f"{scheme} {n}")
            for scheme, size in sizes.items()
            for n in range(size)
        ]
        states = [desk.Actor(slug=f"state-{n:02}", name=f"State {n}", kind="state") for n in range(STATES)]
        bodies = [
            desk.Actor(slug=f"ministry-{n:02}", name=f"Ministry of {state}", kind="public_body", part_of=state)
            for n, state in enumerate(states)
        ]
        people = [desk.Actor(slug=f"minister-{n:02}", name=f"Minister {n}", kind="person") for n in range(STATES)]
        outlets = [desk.Actor(slug=f"outlet-{n:02}", name=f"Outlet {n}", kind="outlet") for n in range(OUTLETS)]
        register = source("register", FIRST_MADE, None)
        words = passage(capture(register), "is the minister", 0)
        offices = [
            desk.Office(slug=f"office-{n:02}", person=who, title="Minister", body=body, start=UNKNOWN, end=UNKNOWN)
            for n, (who, body) in enumerate(zip(people, bodies, strict=True))
        ]
        things = [*terms, *states, *bodies, *people, *outlets, register, words, *offices]
        cited = [desk.Office.passages.through(office=office, passage=words) for office in offices]
        create([*things, words.capture, *cited])
        actions.publish(things=things, by=self.curator, reason="Invented.")


def create(rows: Sequence[models.Model]) -> None:
    """Rows in as few statements as their order allows: what names another comes after it."""
    order = [
        *(desk.Term, desk.Actor, desk.Source, desk.Capture, desk.Passage, desk.Office, desk.Office.passages.through),
        *(desk.Commitment, desk.Party, desk.Commitment.topics.through, desk.Commitment.places.through),
        *(desk.Claim, desk.Bearing, desk.Bearing.passages.through),
        *(desk.StatusChange, desk.StatusChange.claims.through),
    ]
    for model in order:
        model.objects.bulk_create([row for row in rows if type(row) is model], batch_size=1000)


def source(slug: str, published: date, publisher: desk.Actor | None) -> desk.Source:
    return desk.Source(
        slug=slug,
        title=f"News of {published}, {slug}",
        kind="news_article",
        publisher=publisher,
        publisher_basis="stated" if publisher else "",
        language="en",
        url=f"https://news.example/{slug}",
        url_key=f"news.example/{slug}",
        published=on(published),
    )


def capture(of: desk.Source) -> desk.Capture:
    digest = hashlib.sha256(of.slug.encode()).hexdigest()
    return desk.Capture(
        source=of, sha256=digest, size=9000, text_sha256=digest, characters=9000, normaliser="bench", captured=UNKNOWN
    )


def passage(of: desk.Capture, words: str, start: int) -> desk.Passage:
    digest = hashlib.sha256(words.encode()).hexdigest()
    return desk.Passage(
        capture=of, start=start, end=start + len(words), exact=words, exact_sha256=digest, voice="quoted"
    )


class Batch:
    """A closed set of commitments with all they rest on: `things` to publish, `parts` of things."""

    def __init__(self, cast: Cast, chance: random.Random, numbers: range) -> None:
        self.cast, self.chance = cast, chance
        self.things: list[DeskNoun] = []
        self.parts: list[models.Model] = []
        self.captures = [self._source(f"news-{numbers.start}-{n}") for n in range(max(1, len(numbers) * 2 // 5))]
        for number in numbers:
            self._commitment(number)

    def publish(self) -> actions.Written:
        with transaction.atomic():
            create([*self.things, *self.parts])
            return actions.publish(things=self.things, by=self.cast.curator, reason="Invented.")

    def draw(self, weights: dict[str, int]) -> str:
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def _day(self) -> date:
        return FIRST_MADE + timedelta(days=self.chance.randrange(DAYS))

    def _source(self, slug: str) -> desk.Capture:
        publisher = self.chance.choices(self.cast.outlets, falling(OUTLETS))[0]
        of = source(slug, self._day(), publisher)
        self.things.append(of)
        self.parts.append(read := capture(of))
        return read

    def _commitment(self, number: int) -> None:
        promisor, promisee = self.chance.choices(self.cast.states, falling(STATES), k=2)
        while promisee is promisor:
            promisee = self.chance.choice(self.cast.states)
        made = self._day()
        due = on(made + timedelta(days=self.chance.randrange(30, 4000))) if self.chance.random() < 0.2 else None
        of = desk.Commitment(
            slug=f"c-{number}",
            title_en=f"Commitment {number} of {promisor} to {promisee}: {said(self.chance, 4)}",
            summary_en=f"{promisor} says that for {promisee} it will do: {said(self.chance, 20)}.",
            kind=self.chance.choices(self.cast.kinds, falling(KINDS))[0],
            form=self.draw(FORMS),
            made_on=on(made) if self.chance.random() < 0.97 else UNKNOWN,
            due=due,
            due_first=due,
        )
        self.things.append(of)
        self.parts += [
            desk.Party(commitment=of, role="promisor", actor=promisor, order=0),
            desk.Party(commitment=of, role="promisee", actor=promisee, order=1),
            desk.Commitment.topics.through(commitment=of, term=self.chance.choice(self.cast.topics)),
            desk.Commitment.places.through(commitment=of, term=self.chance.choice(self.cast.places)),
        ]
        for status, day in self._history(made):
            self._change(of, status, day, self._claim(of, promisor, day, status=status))
        if self.chance.random() < 0.5:
            self._claim(of, promisee, made, actor=promisee, position=self.draw(POSITIONS))

    def _history(self, day: date) -> Iterator[tuple[str, date]]:
        """Statuses with their days, none like the one before."""
        status = self.draw(FIRST_STATUSES)
        yield status, day
        for _ in range(self.chance.choice((0, 1, 1, 2, 3))):
            status = self.draw({word: weight for word, weight in NEXT_STATUSES.items() if word != status})
            day += timedelta(days=self.chance.randrange(1, 200))
            yield status, day

    def _claim(self, of: desk.Commitment, state: desk.Actor, day: date, **told: object) -> desk.Claim:
        office = self.cast.offices[state.pk] if self.chance.random() < 0.5 else None
        words = f"{said(self.chance, 8)}, {self.chance.randrange(10**9)} on {of.slug}"
        cited = passage(self.chance.choice(self.captures), words, self.chance.randrange(8000))
        claim = desk.Claim(
            statement=f"{state} says: {words}.",
            claimant_id=office.person_id if office else state.pk,
            office=office,
            speech_act="reports",
            said_on=on(day),
        )
        bearing = desk.Bearing(claim=claim, commitment=of, reading="literal", **told)
        self.things += [cited, claim]
        self.parts += [bearing, desk.Bearing.passages.through(bearing=bearing, passage=cited)]
        return claim

    def _change(self, of: desk.Commitment, status: str, day: date, claim: desk.Claim) -> None:
        change = desk.StatusChange(commitment=of, status=status, effective=on(day), reason=f"Said to be {status}.")
        self.things.append(change)
        self.parts.append(desk.StatusChange.claims.through(statuschange=change, claim=claim))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("commitments", type=int, nargs="?", default=2000)
    asked.add_argument("--batch", type=int, default=500)
    asked.add_argument("--seed", type=int, default=1)
    told = asked.parse_args()
    call_command("migrate", verbosity=0)
    cast = Cast()
    first = desk.Commitment.objects.count()
    rates = []
    for start in range(first, first + told.commitments, told.batch):
        numbers = range(start, min(start + told.batch, first + told.commitments))
        batch = Batch(cast, random.Random(f"{told.seed}/{start}"), numbers)
        before = perf_counter()
        written = batch.publish()
        took = perf_counter() - before
        rates.append(len(numbers) / took)
        print(f"{numbers.stop:>8} commitments, entry {written.last}: {rates[-1]:.0f} a second", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"median {median(rates):.0f} commitments a second in batches of {told.batch}")


if __name__ == "__main__":
    main()
