"""Commitments, their parties and lineage, and the changes of their status."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from commitments.models.actors import Actor
from commitments.models.claims import Claim
from commitments.models.desk import DeskNoun, Mergeable, one_of
from commitments.models.fields import TypeIDField, UncertainDateField, WordField
from commitments.models.occasions import Occasion
from commitments.models.sources import Passage
from commitments.models.terms import Term
from commitments.vocabulary import FORMS, LINEAGE_TYPES, NATURES, READINGS, ROLES, STATUSES


class Commitment(Mergeable):
    """One undertaking of one promisor, or of several jointly."""

    subject_type = "commitment"

    id = TypeIDField("cmt")
    slug = models.SlugField(max_length=80, unique=True, help_text="Short name in addresses and filters.")
    title_en = models.CharField(
        "title (English)", max_length=200, help_text="Who is to do what, for whom; neutral, no verdict."
    )
    title_es = models.CharField("title (Spanish)", max_length=200, blank=True)
    summary_en = models.TextField("summary (English)", blank=True, help_text="In our own neutral words.")
    summary_es = models.TextField("summary (Spanish)", blank=True)
    kind = models.ForeignKey(
        Term,
        models.PROTECT,
        related_name="commitments_of_kind",
        limit_choices_to={"scheme": "kind"},
        help_text="What it is about, from the vocabulary of kinds.",
    )
    form = WordField(FORMS, help_text="How it was made, which never changes; what became of it is the status.")
    condition = models.TextField(blank=True, help_text="On what it depends, if the words say so.")
    places = models.ManyToManyField(
        Term,
        blank=True,
        related_name="commitments_at",
        limit_choices_to={"scheme": "place"},
        help_text="Where it is to be done, if the words say so.",
    )
    topics = models.ManyToManyField(
        Term,
        blank=True,
        related_name="commitments_on",
        limit_choices_to={"scheme": "topic"},
        help_text="What it belongs to, so that readers find it.",
    )
    made_on = UncertainDateField(help_text="When it was undertaken or put forward, not when it was reported.")
    due = UncertainDateField(
        null=True,
        blank=True,
        may_be_ahead=True,
        help_text="The deadline that the words give; empty where they give none.",
    )
    due_first = UncertainDateField(
        null=True, blank=True, may_be_ahead=True, editable=False, help_text="The first deadline; never moves."
    )
    occasion = models.ForeignKey(
        Occasion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        help_text="Where it was made; empty where the source does not tell.",
    )

    class Meta(DeskNoun.Meta):
        ordering = ["title_en", "id"]
        indexes = [*DeskNoun.Meta.indexes, models.Index(fields=["title_en", "id"], name="commitment_in_list")]
        constraints = [
            one_of("commitment_form_known", "form", FORMS),
            models.CheckConstraint(condition=~Q(title_en=""), name="commitment_has_title"),
            models.CheckConstraint(
                condition=Q(due__isnull=True) | Q(due_first__isnull=False), name="commitment_due_has_first"
            ),
        ]

    def __str__(self) -> str:
        return self.title_en

    def save(self, *args: object, **kwargs: object) -> None:
        self.due_first = self.due_first or self.due
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Party(models.Model):
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="parties")
    order = models.PositiveSmallIntegerField(default=0, help_text="The order in which they are shown.")
    role = WordField(ROLES, help_text="One promisor, or two or more joint parties.")
    actor = models.ForeignKey(Actor, models.PROTECT, related_name="commitments")

    class Meta:
        ordering = ["order", "id"]
        verbose_name_plural = "parties"
        constraints = [
            one_of("party_role_known", "role", ROLES),
            models.UniqueConstraint(fields=["commitment", "role", "actor"], name="party_once_per_role"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} ({self.get_role_display().lower()})"


class Lineage(models.Model):
    """How one commitment follows from another."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="lineage")
    order = models.PositiveSmallIntegerField(default=0, help_text="The order in which they are shown.")
    type = WordField(LINEAGE_TYPES, help_text="This commitment … that one.")
    target = models.ForeignKey(
        Commitment, models.PROTECT, related_name="descendants", help_text="The earlier or wider commitment."
    )
    reading = WordField(READINGS, help_text="Who makes the link: the words, the outlet, or we.")
    note = models.TextField(blank=True, help_text="The reasoning; needed for every reading but literal.")
    passages = models.ManyToManyField(
        Passage,
        related_name="lineages",
        blank=True,
        help_text="The words that make the link; none where it is our inference.",
    )

    class Meta:
        ordering = ["order", "id"]
        verbose_name_plural = "lineage"
        constraints = [
            one_of("lineage_type_known", "type", LINEAGE_TYPES),
            one_of("lineage_reading_known", "reading", READINGS),
            models.CheckConstraint(condition=~Q(target=F("commitment")), name="lineage_not_to_itself"),
            models.CheckConstraint(condition=Q(reading="literal") | ~Q(note=""), name="lineage_reading_has_note"),
            models.UniqueConstraint(fields=["commitment", "type", "target"], name="lineage_once"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment} {self.get_type_display()} {self.target}"


class StatusChange(DeskNoun):
    """From this date the status is this, because of these claims. A void correction has no status."""

    subject_type = "status_change"

    id = TypeIDField("sch")
    commitment = models.ForeignKey(
        Commitment,
        models.PROTECT,
        related_name="status_changes",
        help_text="Of one that is published, the status is recorded on its own page.",
    )
    status = WordField(STATUSES, blank=True, help_text="Empty only in a correction that voids a change.")
    effective = UncertainDateField(
        "from when", null=True, blank=True, help_text="The day from which it held, not the day it was written."
    )
    nature = WordField(NATURES, default="world")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    claims = models.ManyToManyField(
        Claim, related_name="status_changes", help_text="At least one must say this very status of it."
    )
    reason = models.CharField(max_length=400, help_text="One sentence that the public will read.")

    class Meta(DeskNoun.Meta):
        ordering = ["id"]
        constraints = [
            one_of("status_change_status_known", "status", ["", *STATUSES]),
            one_of("status_change_nature_known", "nature", NATURES),
            models.CheckConstraint(
                condition=Q(nature="world", corrects__isnull=True) | Q(nature="correction", corrects__isnull=False),
                name="status_change_correction_names_what",
            ),
            models.CheckConstraint(
                condition=~Q(status="") | Q(nature="correction"), name="status_change_void_is_correction"
            ),
            models.CheckConstraint(
                condition=Q(status="", effective__isnull=True) | (~Q(status="") & Q(effective__isnull=False)),
                name="status_change_is_dated",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="status_change_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment}: {self.get_status_display() or gettext('void')}"
