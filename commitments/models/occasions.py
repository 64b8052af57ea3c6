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
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = WordField(OCCASION_KINDS)
    date = UncertainDateField()
    place = models.ForeignKey(
        Term,
        models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"scheme": "place"},
        help_text="Leave empty where the source does not say where.",
    )
    access = WordField(ACCESS_TERMS, default="unknown", help_text="Who could hear what was said; unknown unless told.")
    passages = models.ManyToManyField("commitments.Passage", related_name="occasions", blank=True)

    class Meta(DeskNoun.Meta):
        ordering = ["name", "id"]
        constraints = [
            one_of("occasion_kind_known", "kind", OCCASION_KINDS),
            one_of("occasion_access_known", "access", ACCESS_TERMS),
        ]

    def __str__(self) -> str:
        return self.name


class Participant(models.Model):
    """Somebody took part, by office; a free capacity only where no office is known."""

    occasion = models.ForeignKey(Occasion, models.CASCADE, related_name="participants")
    position = models.PositiveSmallIntegerField(default=0)
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="attended")
    actor = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="attended")
    capacity = models.CharField(max_length=200, blank=True)
    passages = models.ManyToManyField("commitments.Passage", related_name="participants", blank=True)

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
