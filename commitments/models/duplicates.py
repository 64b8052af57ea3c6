"""Published things that may be one: found by likeness, answered by a person."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commitments.models.record import CommitmentStanding, PlainStanding


class LikenessQuerySet(models.QuerySet):
    def unanswered(self) -> Self:
        """Those that nobody has parted, of things that still stand for themselves; the most alike first."""
        gone = Q()
        for table in (CommitmentStanding, PlainStanding):
            merged = table.objects.current().merged().values("subject_id")
            gone |= Q(one_id__in=merged) | Q(other_id__in=merged)
        return self.filter(~gone, parted_by=None).order_by("-score", "id")


class Likeness(models.Model):
    """`one` was recorded first. `parted_by`: who said that they are not the same; such a pair is not found again."""

    subject_type = models.CharField(max_length=20)
    one_id = models.CharField(max_length=80, db_collation="C")
    other_id = models.CharField(max_length=80, db_collation="C")
    score = models.PositiveSmallIntegerField(help_text="How alike the words are, of 100.")
    reason = models.CharField(max_length=40)
    parted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="parted_pairs"
    )
    parted_at = models.DateTimeField(null=True)

    objects = LikenessQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "likenesses"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["one_id", "other_id"], name="likeness_once"),
            models.CheckConstraint(condition=Q(one_id__lt=F("other_id")), name="likeness_in_order"),
        ]
        indexes = [models.Index(fields=["-score"], name="likeness_unanswered", condition=Q(parted_by=None))]

    def __str__(self) -> str:
        return f"{self.one_id} and {self.other_id}: {self.score}"
