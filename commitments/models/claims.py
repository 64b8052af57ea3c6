"""Claims, and what each says about commitments."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from commitments.models.actors import Actor, Office
from commitments.models.desk import DeskNoun, one_of
from commitments.models.fields import TypeIDField, UncertainDateField, WordField
from commitments.models.occasions import Occasion
from commitments.models.sources import Passage
from commitments.vocabulary import POSITIONS, READINGS, SPEECH_ACTS, STATUSES


class Claim(DeskNoun):
    """Somebody asserts one thing, in their own name or for another."""

    subject_type = "claim"

    id = TypeIDField("clm")
    statement = models.CharField(max_length=400, help_text="What is asserted, in one neutral sentence of our own.")
    claimant = models.ForeignKey(
        Actor,
        models.PROTECT,
        related_name="claims",
        help_text="Who asserts it in their own name; what they tell of others is a bearing on those.",
    )
    office = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        help_text="The office the claimant spoke in; it must be one of theirs.",
    )
    on_behalf_of = models.ForeignKey(
        Actor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims_by_others",
        help_text="Only where they speak for another.",
    )
    speech_act = WordField(SPEECH_ACTS, help_text="What was done by saying it, as the words have it.")
    occasion = models.ForeignKey(
        Occasion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        help_text="Where it was said; empty where the source does not tell.",
    )
    said_on = UncertainDateField(help_text="When it was said, not when it was printed.")
    passages = models.ManyToManyField(
        Passage, blank=True, related_name="claims", help_text="Further passages, not named in a bearing."
    )

    class Meta(DeskNoun.Meta):
        ordering = ["-id"]
        constraints = [
            one_of("claim_speech_act_known", "speech_act", SPEECH_ACTS),
            models.CheckConstraint(condition=~Q(statement=""), name="claim_has_statement"),
        ]

    def __str__(self) -> str:
        return self.statement


class Bearing(models.Model):
    """What a claim says about one commitment: a status, or one actor's position. It names its passages."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="bearings")
    order = models.PositiveSmallIntegerField(default=0, help_text="The order in which they are shown.")
    commitment = models.ForeignKey(
        "commitments.Commitment",
        models.PROTECT,
        related_name="bearings",
        help_text="The commitment of which the claim says something.",
    )
    status = WordField(
        STATUSES, blank=True, help_text="What became of it, by this claim; or leave it and give a position."
    )
    actor = models.ForeignKey(
        Actor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bearings",
        help_text="Whose position it tells; it counts for the state they belong to.",
    )
    position = WordField(POSITIONS, blank=True, help_text="Where that actor stands, by this claim.")
    reading = WordField(
        READINGS, help_text="Literal only where the words themselves say it; whoever has to add a thought infers."
    )
    note = models.TextField(
        blank=True, help_text="How you got from the words to this; needed for every reading but literal."
    )
    passages = models.ManyToManyField(
        Passage, related_name="bearings", help_text="The words on which this rests; at least one."
    )

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            one_of("bearing_status_known", "status", ["", *STATUSES]),
            one_of("bearing_position_known", "position", ["", *POSITIONS]),
            one_of("bearing_reading_known", "reading", READINGS),
            models.CheckConstraint(
                condition=(~Q(status="") & Q(actor__isnull=True, position=""))
                | (Q(status="", actor__isnull=False) & ~Q(position="")),
                name="bearing_status_or_position",
            ),
            models.CheckConstraint(condition=Q(reading="literal") | ~Q(note=""), name="bearing_reading_has_note"),
        ]

    def __str__(self) -> str:
        said = self.get_status_display() or f"{self.actor}: {self.get_position_display().lower()}"
        return f"{self.commitment}: {said} ({self.get_reading_display().lower()})"
