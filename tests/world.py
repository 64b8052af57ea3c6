"""A small cast beside the real record, published through the actions alone: two states that share a border,
an ambassador's offer, and one source with its text at hand."""

from __future__ import annotations

import hashlib
from datetime import date
from itertools import count
from typing import Any

import orjson
from django.contrib.auth.models import User

from commitments import actions, models
from commitments.captures.extract import UTF8_TEXT
from commitments.dates import UncertainDate
from commitments.models.record import STANDINGS

TEXT = (
    "Norland offers patrol boats\n\n"
    "“We have offered six patrol boats to Sutherland”, said the ambassador of Norland on Monday.\n"
    "“Sutherland has accepted the boats”, she added. “The boats have been delivered.”\n"
    "A ministry of Sutherland said: “We have not accepted any boats.”\n"
    "It repeated: “We refuse the boats.”\n"
)
OFFERED = "We have offered six patrol boats to Sutherland"
ACCEPTED = "Sutherland has accepted the boats"
DELIVERED = "The boats have been delivered"
NOT_ACCEPTED = "We have not accepted any boats"
REFUSED = "We refuse the boats"
_numbers = count(1)


def day(text: str, basis: str = "stated", note: str = "") -> UncertainDate:
    return UncertainDate.read(text, basis=basis, note=note, recorded_on=date(2026, 1, 1), may_be_ahead=True)


UNKNOWN = UncertainDate.read(None, basis="unknown", note="Not told.", recorded_on=date(2026, 1, 1))


def standing(thing: Any) -> Any:
    """The current standing of a published thing."""
    return STANDINGS[thing.subject_type].objects.current().get(subject_id=thing.pk)


def row(thing: Any) -> dict[str, Any]:
    return orjson.loads(standing(thing).row)


class World:
    """Everything is published when it stands here, but for what the `draft_` methods make."""

    def __init__(self) -> None:
        self.number = next(_numbers)
        self.curator = User.objects.create_superuser(f"curator-of-world-{self.number}")
        self.norland = self._actor("norland", "Norland", "state")
        self.sutherland = self._actor("sutherland", "Sutherland", "state")
        self.ministry = self._actor("ministry", "Ministry of Sutherland", "public_body", self.sutherland)
        self.embassy = self._actor("embassy", "Embassy of Norland", "public_body", self.norland)
        self.ambassador = self._actor("ambassador", "Ambassador of Norland", "person")
        self.source, self.capture = self._source()
        self.kind, _ = models.Term.objects.get_or_create(scheme="kind", slug="boats", label_en="Boats")
        self.office = self._office()
        self.commitment = self.draft_commitment("boats")
        self.offer = self.draft_claim(OFFERED, bears="proposed")
        self.proposed = self.draft_change("proposed", self.offer, "2020-01-06")
        self.publish(*self._all())

    def _all(self) -> list[Any]:
        things = [
            self.norland,
            self.sutherland,
            self.ministry,
            self.embassy,
            self.ambassador,
            self.source,
            self.office,
            self.commitment,
            self.offer,
            self.proposed,
            *models.Passage.objects.filter(capture=self.capture),
        ]
        return things if self.kind.is_published else [self.kind, *things]

    def publish(self, *things: Any, reason: str = "First recording.") -> actions.Written:
        return actions.publish(things=things, by=self.curator, reason=reason)

    def _actor(self, slug: str, name: str, kind: str, part_of: models.Actor | None = None) -> models.Actor:
        return models.Actor.objects.create(
            slug=f"{slug}-{self.number}", name=f"{name} {self.number}", kind=kind, part_of=part_of
        )

    def _source(self) -> tuple[models.Source, models.Capture]:
        source = models.Source.objects.create(
            slug=f"boats-{self.number}", title="Norland offers patrol boats", kind="news_article", published=UNKNOWN
        )
        data = f"{TEXT}{self.number}".encode()
        capture = models.Capture.objects.create(
            source=source,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            text_sha256=hashlib.sha256(data).hexdigest(),
            characters=len(data.decode()),
            normaliser=UTF8_TEXT,
            captured=UNKNOWN,
        )
        return source, capture

    def _source_again(self) -> tuple[models.Source, models.Capture]:
        """The same publication under another address, read from other bytes; a draft."""
        source = models.Source.objects.create(
            slug=f"boats-again-{self.number}", title="Norland offers boats", kind="news_article", published=UNKNOWN
        )
        digest = hashlib.sha256(source.slug.encode()).hexdigest()
        held = {"sha256": digest, "text_sha256": digest, "size": 20, "characters": 20, "normaliser": UTF8_TEXT}
        return source, models.Capture.objects.create(source=source, captured=UNKNOWN, **held)

    @property
    def data(self) -> bytes:
        """The bytes of the capture, which is not held until somebody brings them."""
        return f"{TEXT}{self.number}".encode()

    def _office(self) -> models.Office:
        office = models.Office.objects.create(
            slug=f"ambassador-of-norland-{self.number}",
            person=self.ambassador,
            title="Ambassador",
            body=self.embassy,
            start=day("2019"),
            end=UNKNOWN,
        )
        office.passages.add(self.draft_passage(OFFERED))
        return office

    def draft_passage(self, words: str, voice: str = "quoted") -> models.Passage:
        found = models.Passage.objects.filter(capture=self.capture, exact=words).first()
        start = TEXT.index(words)
        return found or models.Passage.objects.create(
            capture=self.capture,
            start=start,
            end=start + len(words),
            exact=words,
            exact_sha256=hashlib.sha256(words.encode()).hexdigest(),
            voice=voice,
        )

    def draft_commitment(self, slug: str) -> models.Commitment:
        commitment = models.Commitment.objects.create(
            slug=f"{slug}-{self.number}",
            title_en=f"{slug.capitalize()} of Norland for Sutherland",
            kind=self.kind,
            form="offer",
            made_on=day("/2020-01-06", "known_by", "Offered before she spoke."),
        )
        commitment.parties.create(role="promisor", actor=self.norland, order=0)
        commitment.parties.create(role="promisee", actor=self.sutherland, order=1)
        return commitment

    def draft_claim(
        self,
        words: str,
        *,
        bears: str = "",
        position: str = "",
        of: models.Actor | None = None,
        by_ministry: bool = False,
        said: str = "2020-01-06",
        on: models.Commitment | None = None,
    ) -> models.Claim:
        """A claim of the ambassador, or of the ministry, that bears a status or a position of `of`."""
        claim = models.Claim.objects.create(
            statement=f"{words}.",
            claimant=self.ministry if by_ministry else self.ambassador,
            office=None if by_ministry else self.office,
            speech_act="reports",
            said_on=day(said),
        )
        bearing = claim.bearings.create(
            commitment=on or self.commitment, status=bears, actor=of, position=position, reading="literal"
        )
        bearing.passages.add(self.draft_passage(words))
        return claim

    def draft_change(
        self, status: str, claim: models.Claim, effective: str, on: models.Commitment | None = None
    ) -> models.StatusChange:
        change = models.StatusChange.objects.create(
            commitment=on or self.commitment, status=status, effective=day(effective), reason=f"Said to be {status}."
        )
        change.claims.add(claim)
        return change

    def claim(self, words: str, **bearing: Any) -> models.Claim:
        """A published claim, with its passage."""
        claim = self.draft_claim(words, **bearing)
        new = [p for p in models.Passage.objects.filter(bearings__claim=claim) if not p.is_published]
        self.publish(*new, claim)
        return claim

    def record(self, status: str, claim: models.Claim, effective: str, **more: Any) -> actions.Written:
        return actions.record_status(
            commitment=self.commitment,
            status=status,
            effective=day(effective),
            claims=[claim],
            by=self.curator,
            reason=f"Said to be {status}.",
            **more,
        )

    def last_change(self) -> models.StatusChange:
        return models.StatusChange.objects.filter(commitment=self.commitment).latest("created_at")
