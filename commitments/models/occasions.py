"""Occasions: meetings, visits, press conferences, statements, and who took part."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from commitments.models.actors import Actor, Office
from commitments.models.desk import DeskNoun, one_of
from commitments.models.fields import TypeIDField, UncertainDateField, WordField
from commitments.models.terms import Term
from commitments.vocabulary import ACCESS_TERMS, OCCASION_KINDS


class Occasion(DeskNoun):
    subject_type = "occasion"

    id = TypeIDField("occ")
    slug = models.SlugField(max_length=80, unique=True, help_text="Short name in addresses and filters.")
    name = models.CharField(
        max_length=200, help_text="A neutral name that tells it from others: what, between whom, where or when."
    )
    kind = WordField(OCCASION_KINDS)
    date = UncertainDateField(help_text="When it took place, not when it was reported.")
    place = models.ForeignKey(
        Term,
        models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"scheme": "place"},
        help_text="Leave empty where the source does not say where.",
    )
    access = WordField(ACCESS_TERMS, default="unknown", help_text="Who could hear what was said; unknown unless told.")
    passages = models.ManyToManyField(
        "commitments.Passage",
        related_name="occasions",
        blank=True,
        help_text="The words that tell of it; without any it cannot be published.",
    )

    class Meta(DeskNoun.Meta):
        ordering = ["name", "id"]
        indexes = [*DeskNoun.Meta.indexes, models.Index(fields=["name", "id"], name="occasion_in_list")]
        constraints = [
            one_of("occasion_kind_known", "kind", OCCASION_KINDS),
            one_of("occasion_access_known", "access", ACCESS_TERMS),
        ]

    def __str__(self) -> str:
        return self.name


class Participant(models.Model):
    """Somebody took part, by office; a free capacity only where no office is known."""

    occasion = models.ForeignKey(Occasion, models.CASCADE, related_name="participants")
    position = models.PositiveSmallIntegerField(default=0, help_text="The order in which they are listed.")
    office = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attended",
        help_text="The post in which they took part; then leave actor and capacity empty.",
    )
    actor = models.ForeignKey(
        Actor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attended",
        help_text="Only where no office is known.",
    )
    capacity = models.CharField(
        max_length=200, blank=True, help_text="In the source's words, where no office is known."
    )
    passages = models.ManyToManyField(
        "commitments.Passage",
        related_name="participants",
        blank=True,
        help_text="Where their taking part is told; without any it cannot be published.",
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=False, actor__isnull=True, capacity="")
                | Q(office__isnull=True, actor__isnull=False),
                name="participant_by_office_or_as_actor",
            ),
        ]

    def __str__(self) -> str:
        return str(self.office or self.actor)
