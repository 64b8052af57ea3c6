"""From the marking page's valid forms to drafts: passage, hops, claim, bearings, status changes, and what they name
that was not recorded. One transaction; nothing of it reaches the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.utils.translation import gettext as _

from commitments.admin.bearing_forms import BearingForm, NewCommitmentForm
from commitments.admin.days import known_by, true_by, unknown_day
from commitments.admin.marking_forms import ClaimForm, PassageForm
from commitments.admin.picks import NewActor
from commitments.captures.places import word_count
from commitments.dates import UncertainDate
from commitments.models import (
    Actor,
    Bearing,
    Claim,
    Commitment,
    Edit,
    Hop,
    Office,
    Passage,
    StatusChange,
)
from commitments.models.desk import DeskNoun
from commitments.models.slugs import fallback_of, free_slug

MOST_WORDS = 5
CONTEXT = 32  # characters before and after the words, for sources shown in full


def are_kept(rights: str, voice: str, words: str) -> bool:
    """Whether the words themselves are kept, or their digest alone."""
    return rights == "full_text" or voice == "quoted" or word_count(words) <= MOST_WORDS


@dataclass
class Drafts:
    """What one submit of the page makes; `made` in the order of making."""

    by: User
    capture: Any = None
    text: str = ""
    made: list[DeskNoun] = field(default_factory=list)
    _new: dict[tuple[str, str], Actor] = field(default_factory=dict)

    def keep(self, thing: Any) -> Any:
        if not thing.slug:
            thing.slug = free_slug(type(thing), str(thing), fallback_of(thing))
        return self._saved(thing)

    def _saved(self, thing: Any) -> Any:
        thing.full_clean(validate_unique=False, validate_constraints=False)
        thing.save()
        self.made.append(thing)
        return thing

    def actor(self, picked: Any) -> Any:
        """The one recorded, or drafted now; the same new name twice is one actor."""
        if not isinstance(picked, NewActor):
            return picked
        key = (picked.kind, picked.name)
        if key not in self._new:
            self._new[key] = self.keep(Actor(name=picked.name, kind=picked.kind, part_of=self.actor(picked.of)))
        return self._new[key]

    def passage(self, form: PassageForm, hops: Sequence[dict[str, Any]]) -> Passage:
        """The words marked; where the same words were marked already and came the same way, that passage."""
        told = form.cleaned_data
        place = {"capture": self.capture, "start": told["start"], "end": told["end"]}
        twin = Passage.objects.filter(**place, voice=told["voice"], hops__isnull=True).first()
        if twin and not hops:
            return twin  # type: ignore[no-any-return]
        passage = Passage(**place, **self._words(form), locator=told["locator"], locator_at=told["locator_at"])
        passage.voice, passage.translated, passage.anchor = told["voice"], told["translated"], "found"
        self._saved(passage)
        for position, hop in enumerate(hops):
            actor = self.actor(hop["actor"])
            Hop.objects.create(
                passage=passage, position=position, actor=actor, described_as=hop["described_as"], act=hop["act"]
            )
        return passage

    def _words(self, form: PassageForm) -> dict[str, str]:
        words, rights = form.words, self.capture.source.rights
        start, end = form.cleaned_data["start"], form.cleaned_data["end"]
        shown = {"prefix": self.text[max(0, start - CONTEXT) : start], "suffix": self.text[end : end + CONTEXT]}
        kept = are_kept(rights, form.cleaned_data["voice"], words)
        return {
            "exact": words if kept else "",
            "exact_sha256": hashlib.sha256(words.encode()).hexdigest(),
            **(shown if rights == "full_text" else {}),
        }

    def claim(self, form: ClaimForm, passages: Sequence[Passage], *, cited: bool) -> Claim:
        """`cited`: bearings will name the passages; otherwise the claim does."""
        told = form.cleaned_data
        office = self._office(form, passages)
        claimant = office.person if office else self.actor(told["claimant"])
        claim = Claim(statement=told["statement"], claimant=claimant, office=office, said_on=form.said)
        claim.on_behalf_of, claim.occasion = self.actor(told["on_behalf_of"]), told["occasion"]
        claim.speech_act = told["speech_act"]
        self._saved(claim)
        if not cited:
            claim.passages.set(passages)
        return claim

    def _office(self, form: ClaimForm, passages: Sequence[Passage]) -> Office | None:
        told = form.cleaned_data
        if isinstance(told["claimant"], Office):
            return told["claimant"]
        if not told["post"]:
            return None
        office = Office(person=self.actor(told["claimant"]), title=told["post"], body=self.actor(told["body"]))
        office.start = known_by(form.said, _("They spoke in this office on that day."))
        office.end = unknown_day()
        self.keep(office)
        office.passages.set(passages)
        return office

    def commitment(self, form: NewCommitmentForm, said: UncertainDate) -> Commitment:
        told = form.cleaned_data
        commitment = Commitment(title_en=told["title"], title_es=told["title_es"], kind=told["kind"])
        commitment.form, commitment.due = told["form"], told["due"]
        commitment.made_on = told["made_on"] or known_by(said, _("Spoken of on that day."))
        self.keep(commitment)
        first, second = ("joint", "joint") if told["joint"] else ("promisor", "promisee")
        commitment.parties.create(order=0, role=first, actor=self.actor(told["promisor"]))
        if told["promisee"]:
            commitment.parties.create(order=1, role=second, actor=self.actor(told["promisee"]))
        return commitment

    def bearing(
        self, claim: Claim, order: int, form: BearingForm, commitment: Any, passages: Sequence[Passage]
    ) -> None:
        told = form.cleaned_data
        bearing = Bearing.objects.create(
            claim=claim,
            order=order,
            commitment=commitment,
            status=form.status,
            actor=self.actor(told["actor"]),
            position=form.position,
            reading=told["reading"],
            note=told["note"],
        )
        bearing.passages.set(passages)
        if told["record"]:
            self._change(claim, form, commitment)

    def _change(self, claim: Claim, form: BearingForm, commitment: Commitment) -> None:
        effective = form.cleaned_data["effective"] or true_by(claim.said_on)
        change = StatusChange(
            commitment=commitment, status=form.status, effective=effective, reason=form.cleaned_data["reason"]
        )
        self._saved(change)
        change.claims.set([claim])

    def finish(self) -> None:
        """Notes who made them, and lets the database say now what it would say at commit."""
        Edit.objects.note(self.made, by=self.by)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
