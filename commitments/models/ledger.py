"""The ledger: one append-only, gapless sequence of entries, and the one row from which `seq` is taken.

Rows come into being through the database function `record_append` alone (migration 0002_guards); nothing
but the function's own closing of what it replaces ever changes them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from commitments.languages import label
from commitments.vocabulary import ENTRY_TYPES


class Head(models.Model):
    """The single row that an append locks last: `seq` and `recorded_at` of the newest entry."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    log = models.CharField(max_length=30)
    seq = models.BigIntegerField(default=0)
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="head_is_one_row")]

    def __str__(self) -> str:
        return f"{self.log} at {self.seq}"


class EntryQuerySet(models.QuerySet):
    def up_to(self, seq: int) -> Self:
        return self.filter(seq__lte=seq)

    def after(self, seq: int) -> Self:
        return self.filter(seq__gt=seq)

    def recorded_by(self, instant: datetime) -> Self:
        return self.filter(recorded_at__lte=instant)

    def touching(self, *ids: str) -> Self:
        """Entries about any of the things, or that opened a standing of a commitment or actor among them."""
        return self.filter(Q(subject_id__in=ids) | Q(commitments__overlap=list(ids)) | Q(actors__overlap=list(ids)))


class Entry(models.Model):
    """`core` is the signed-for part: RFC 8785 bytes; `leaf` = SHA-256(0x00 || core) as in RFC 6962.

    The other columns repeat what `core` says, for querying, but for `commitments` and `actors`: those whose
    standing the entry opened.
    """

    seq = models.BigIntegerField(primary_key=True)
    set_last = models.BigIntegerField()
    type = models.CharField(max_length=20)
    subject_type = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=80, db_collation="C")
    version = models.IntegerField()
    nature = models.CharField(max_length=12)
    by = models.CharField(max_length=40)
    recorded_at = models.DateTimeField(db_index=True)
    core = models.BinaryField()
    leaf = models.BinaryField()
    commitments = ArrayField(models.TextField(), default=list)
    actors = ArrayField(models.TextField(), default=list)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["seq"]
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "version"], name="entry_one_per_version"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="entry_seq_from_one"),
            models.CheckConstraint(condition=Q(set_last__gte=models.F("seq")), name="entry_set_ends_later"),
        ]
        indexes = [
            GinIndex(fields=["commitments"], name="entry_commitments"),
            GinIndex(fields=["actors"], name="entry_actors"),
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {label(ENTRY_TYPES, self.type)}"


class Curator(models.Model):
    """The pseudonym under which a person's entries stand: `curator-3`. Who it is stays at the desk."""

    user = models.OneToOneField("auth.User", models.PROTECT, related_name="curator")
    number = models.PositiveIntegerField(unique=True)

    def __str__(self) -> str:
        return f"curator-{self.number}"
