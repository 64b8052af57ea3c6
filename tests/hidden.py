"""Drafts that nobody may see: of every noun, with names and dates that would show at once in filters, sorting,
facets and suggestions; edits of what is published that were never published; and remarks on all of it."""

from __future__ import annotations

import hashlib
from itertools import cycle
from typing import Any

from django.contrib.auth.models import User

from commitments import models
from commitments.models.desk import DeskNoun
from commitments.vocabulary import POSITIONS, STATUSES
from tests.world import UNKNOWN, day

WORD = "Uncanny"
NOUNS = (
    *(models.Term, models.Actor, models.Source, models.Passage, models.Office, models.Occasion),
    *(models.Commitment, models.Claim, models.StatusChange),
)
# First and last in every order.
TITLES = cycle(["", "0 ", "zzz ", "Ñ "])
DAYS = cycle(["1500", "2026-01-01", "2021-01-14", "/2021-01-14"])
SCHEMES = ("kind", "topic", "place")


class Hidden:
    """`names` stand from the beginning; `make` makes what has them, a dozen of each noun."""

    def __init__(self) -> None:
        self.ids = {model: model._meta.pk.default() for model in NOUNS if model is not models.Term}
        self.made: list[DeskNoun] = []

    @property
    def named(self) -> dict[str, list[str]]:
        """Id and slug of one draft of each noun, and a slug that is nearer to the draft's than to any other."""
        names = {model.subject_type: [one, *SLUGS.get(model, [])] for model, one in self.ids.items()}
        return names | {"term": ["kind/extraditions", "topic/arms-traffickings", "place/mexicos", "kind/extraditionz"]}

    def make(self, times: int = 12) -> None:
        for number in range(times):
            for model in NOUNS:
                self._draft(model, number)
        for model in EDITS:
            edit(model)
        remark(self.made)

    def _draft(self, model: type[DeskNoun], number: int) -> None:
        columns = MAKERS[model](number)
        if number == 0 and model in self.ids:
            columns["id"] = self.ids[model]
        if number == 0 and model in SLUGS:
            columns["slug"] = SLUGS[model][0]
        thing = model.objects.create(**columns)
        if model in PARTS:
            PARTS[model](thing, number)
        self.made.append(thing)


SLUGS = {
    models.Actor: ["mexicos", "mexicoz"],
    models.Office: ["landau-ambassadors", "landau-ambassadorz"],
    models.Occasion: ["landau-conferences", "landau-conferencez"],
    models.Source: ["landau-equipment-2022", "landau-equipment-2023"],
    models.Commitment: ["equipment-donations", "equipment-donationz"],
}


def title(what: str) -> str:
    return f"{next(TITLES)}{WORD} {what}"


def mexico() -> models.Actor:
    return models.Actor.objects.get(slug="mexico")


def published(model: type[DeskNoun], number: int = 0) -> Any:
    things = model.objects.published().order_by("pk")
    return things[number % len(things)]


def newest(model: type[DeskNoun]) -> Any:
    return model.objects.drafts().latest("created_at")


def _term(number: int) -> dict[str, Any]:
    known = {"kind": "extraditions", "topic": "arms-traffickings", "place": "mexicos"}
    scheme = SCHEMES[number % len(SCHEMES)]
    slug = known[scheme] if number < 3 else f"{known[scheme]}-{number}"
    return {"scheme": scheme, "slug": slug, "label_en": title("term"), "broader": None}


def _source(number: int) -> dict[str, Any]:
    return {
        "slug": f"landau-{number}",
        "title": title("source"),
        "kind": "news_article",
        "publisher": mexico(),
        "publisher_basis": "stated",
        "published": day(next(DAYS)),
        "url": f"https://news.example/{number}",
    }


def _passage(number: int) -> dict[str, Any]:
    source = newest(models.Source)
    digest = hashlib.sha256(WORD.encode()).hexdigest()
    capture = source.captures.create(
        sha256=digest, size=99, text_sha256=digest, characters=99, normaliser="none", captured=UNKNOWN
    )
    end = len(WORD)
    return {"capture": capture, "start": 0, "end": end, "exact": WORD, "exact_sha256": digest, "voice": "quoted"}


def _office(number: int) -> dict[str, Any]:
    person = models.Actor.objects.published().filter(kind="person").first()
    columns = {"slug": f"minister-{number}", "title": title("minister"), "person": person, "body": mexico()}
    return columns | {"start": day(next(DAYS)), "end": UNKNOWN}


def _occasion(number: int) -> dict[str, Any]:
    return {"slug": f"talks-{number}", "name": title("talks"), "kind": "meeting", "date": day(next(DAYS))}


def _commitment(number: int) -> dict[str, Any]:
    kinds = models.Term.objects.filter(scheme="kind")
    return {
        "slug": f"equipment-{number}",
        "title_en": title("donation"),
        "summary_en": WORD,
        "kind": (kinds.published() if number % 2 else kinds.drafts()).first(),
        "form": "offer",
        "made_on": day(next(DAYS)),
        "due": day("2020", "stated"),
        "occasion": newest(models.Occasion),
    }


def _claim(number: int) -> dict[str, Any]:
    return {
        "statement": title("claim"),
        "claimant": mexico() if number % 2 else newest(models.Actor),
        "speech_act": "denies",
        "said_on": day(next(DAYS)),
        "occasion": published(models.Occasion),
    }


def _status_change(number: int) -> dict[str, Any]:
    statuses = list(STATUSES)
    on = published(models.Commitment, number) if number % 2 else newest(models.Commitment)
    status = statuses[number % len(statuses)]
    return {"commitment": on, "status": status, "effective": day(next(DAYS)), "reason": WORD}


MAKERS = {
    models.Term: _term,
    models.Actor: lambda number: {"slug": f"mexico-{number}", "name": title("Mexico"), "kind": "state"},
    models.Source: _source,
    models.Passage: _passage,
    models.Office: _office,
    models.Occasion: _occasion,
    models.Commitment: _commitment,
    models.Claim: _claim,
    models.StatusChange: _status_change,
}


def _parts_of_commitment(thing: models.Commitment, number: int) -> None:
    thing.parties.create(role="promisor", actor=mexico())
    thing.parties.create(role="promisee", actor=newest(models.Actor))
    thing.topics.set(models.Term.objects.filter(scheme="topic"))
    thing.places.set(models.Term.objects.filter(scheme="place"))
    target = published(models.Commitment, number)
    thing.lineage.create(type="renews", target=target, reading="inference", note=WORD)


def _parts_of_claim(thing: models.Claim, number: int) -> None:
    positions, statuses = list(POSITIONS), list(STATUSES)
    told = {"commitment": published(models.Commitment, number), "reading": "literal"}
    bearings = [
        thing.bearings.create(status=statuses[number % len(statuses)], **told),
        thing.bearings.create(actor=mexico(), position=positions[number % len(positions)], **told),
    ]
    for bearing in bearings:
        bearing.passages.set([published(models.Passage, number), newest(models.Passage)])


def _parts_of_occasion(thing: models.Occasion, number: int) -> None:
    thing.participants.create(office=published(models.Office, number))
    thing.participants.create(actor=mexico(), capacity=WORD)


PARTS = {
    models.Actor: lambda thing, number: thing.names.create(language="es", name=f"{WORD} México"),
    models.Passage: lambda thing, number: thing.hops.create(actor=mexico(), act="reports", note=WORD),
    models.Office: lambda thing, number: thing.passages.set([published(models.Passage)]),
    models.Occasion: _parts_of_occasion,
    models.Commitment: _parts_of_commitment,
    models.Claim: _parts_of_claim,
    models.StatusChange: lambda thing, number: thing.claims.set([published(models.Claim), newest(models.Claim)]),
}

# What a curator may write into what is published, and leave there; a recorded status change is never edited.
EDITS: dict[type[DeskNoun], dict[str, Any]] = {
    models.Term: {"label_en": WORD},
    models.Actor: {"name": WORD},
    models.Source: {"title": WORD, "published": day("1500")},
    models.Passage: {"locator": "caption", "translated": "yes"},
    models.Office: {"title": WORD, "start": day("1500")},
    models.Occasion: {"name": WORD, "date": day("1500")},
    models.Commitment: {"title_en": WORD, "form": "framework", "made_on": day("1500"), "due": day("1501")},
    models.Claim: {"statement": WORD, "speech_act": "threatens", "said_on": day("1500")},
}


def edit(model: type[DeskNoun]) -> None:
    for thing in model.objects.published():
        for column, value in EDITS[model].items():
            setattr(thing, column, value)
        if "slug" in (field.name for field in model._meta.fields) and model is not models.Term:
            thing.slug = f"{thing.slug}-{WORD.lower()}"
        thing.save()


def remark(things: list[DeskNoun]) -> None:
    """A set for review with remarks on it and on each thing, published ones too."""
    author = User.objects.create_user(f"{WORD}-{things[0].pk}")
    review_set = models.ReviewSet.objects.create(title=WORD, note=WORD, by=author, state="submitted")
    review_set.comments.create(text=WORD, by=author)
    for thing in [*things, *(published(model) for model in EDITS)]:
        named = {"subject_type": thing.subject_type, "subject_id": thing.pk}
        review_set.members.create(**named, is_waiting=True)
        models.Comment.objects.create(text=WORD, by=author, **named)
    models.Edit.objects.note(things, by=author)
