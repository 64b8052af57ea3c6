"""Imports: a file of others, how it is mapped, and row by row what became of it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from commitments.models.actors import Actor
from commitments.models.commitments import Commitment
from commitments.models.desk import one_of
from commitments.models.fields import UncertainDateField, WordField
from commitments.models.sources import Source
from commitments.vocabulary import DATE_BASES, RIGHTS

FORMATS = [("csv", "CSV"), ("json", "JSON"), ("yaml", "YAML")]


class State(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded, not checked yet")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, nothing drafted yet")
    DRAFTING = "drafting", _("Being drafted")
    DRAFTED = "drafted", _("Drafted")
    PUBLISHING = "publishing", _("Being published")
    PAUSED = "paused", _("Publication paused")
    PUBLISHED = "published", _("Published")


class Outcome(models.TextChoices):
    CREATED = "created", _("Created")
    UNCHANGED = "unchanged", _("Unchanged")
    REJECTED = "rejected", _("Rejected")


class ImportQuerySet(models.QuerySet):
    def publishing(self) -> Self:
        return self.filter(state=State.PUBLISHING)

    def waiting(self) -> Self:
        """What the worker has something to do for."""
        return self.filter(state__in=(State.CHECKING, State.DRAFTING, State.PUBLISHING))


class Import(models.Model):
    """The bytes of a file and what a person said of it. Imports of one `data_set` share its keys."""

    data_set = models.CharField(
        _("data set"),
        max_length=200,
        help_text=_("Its name. Files of the same data set share their keys: what was imported before is known again."),
    )
    file_name = models.CharField(_("file name"), max_length=200)
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    format = models.CharField(_("format"), max_length=10, choices=FORMATS)
    encoding = models.CharField(_("encoding"), max_length=20)
    delimiter = models.CharField(_("delimiter"), max_length=20, blank=True)
    title = models.CharField(_("title"), max_length=400)
    publisher = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="+")
    publisher_basis = WordField(DATE_BASES, blank=True)
    publisher_note = models.TextField(blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    url = models.URLField(_("address"), max_length=2000, blank=True)
    published = UncertainDateField()
    rights = WordField(RIGHTS, default="quote_only")
    mapping = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.UPLOADED)
    source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="imports")
    # Ids of the drafts that several rows share: the source, new actors and terms.
    shared = models.JSONField(default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="imports")
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    # What the rows name and the desk does not know: (noun, name, the nearest known).
    proposed = models.JSONField(default=list)
    size = models.PositiveIntegerField(_("rows"), default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    problem = models.TextField(blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [one_of("import_state_known", "state", State.values)]

    def __str__(self) -> str:
        return f"{self.data_set} ({self.file_name})"

    @property
    def is_drafted(self) -> bool:
        return self.state in (State.DRAFTED, State.PUBLISHING, State.PAUSED, State.PUBLISHED)

    @property
    def is_busy(self) -> bool:
        return self.state in (State.CHECKING, State.DRAFTING, State.PUBLISHING)


class ImportRowQuerySet(models.QuerySet):
    def created(self) -> Self:
        return self.filter(outcome=Outcome.CREATED)

    def of_commitment(self) -> Self:
        """The first row of each key: it holds the commitment."""
        return self.created().filter(leads=True)

    def published(self) -> Self:
        return self.filter(commitment__published_at__isnull=False)

    def waiting(self) -> Self:
        """Rows whose commitment is a draft and nothing stood against publishing it."""
        return self.of_commitment().filter(problem="", commitment__published_at__isnull=True, commitment__isnull=False)

    def counted(self) -> dict[str, int]:
        """Rows by outcome, in one query."""
        found = dict(self.order_by().values_list("outcome").annotate(Count("pk")))
        return {outcome: found.get(outcome, 0) for outcome in Outcome.values}

    def recorded(self, data_set: str) -> Self:
        """Rows that brought what the desk holds."""
        return self.created().filter(imported__data_set=data_set, commitment__isnull=False)


class ImportRow(models.Model):
    """One row of the file. `cells` are in our columns and words; `digest` is of all rows of its key."""

    imported = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    key = models.CharField(_("key"), max_length=200, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    reasons = models.JSONField(default=list)
    cells = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    leads = models.BooleanField(default=True)
    commitment = models.ForeignKey(Commitment, models.SET_NULL, null=True, related_name="imported_rows")
    # Ids of the drafts that are this row's own.
    things = models.JSONField(default=list)
    problem = models.TextField(blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["imported", "number"]
        constraints = [
            one_of("import_row_outcome_known", "outcome", Outcome.values),
            models.UniqueConstraint(fields=["imported", "number"], name="import_row_once"),
        ]
        indexes = [
            models.Index(fields=["key"], name="import_row_by_key"),
            models.Index(fields=["imported", "outcome", "number"], name="import_row_by_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.imported}, {self.number}"
