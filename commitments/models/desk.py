"""What every noun of the desk shares: a permanent id, and whether it was published and edited since."""

from __future__ import annotations

from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from commitments.captures.display import plain, turns_around


def refuse_turned(text: str) -> None:
    if turns_around(text):
        said = gettext("“%(text)s” has a sign that turns letters around; write it without.")
        raise ValidationError(said % {"text": plain(text)[:200]})


class DeskQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def drafts(self) -> Self:
        return self.filter(published_at__isnull=True)

    def unmerged(self) -> Self:
        return self.filter(merged_into__isnull=True)

    def with_unpublished_edits(self) -> Self:
        return self.published().filter(edited_at__gt=F("published_at"))


class DeskNoun(models.Model):
    """`edited_at` moves with every save of the row or its inlines; `published_at` only by an action."""

    subject_type: ClassVar[str]
    # Columns with words of others, which stay as they are.
    verbatim: ClassVar[frozenset[str]] = frozenset()

    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(null=True, editable=False)

    objects = DeskQuerySet.as_manager()

    class Meta:
        abstract = True
        # The desk asks for what is not published, and for what was edited since: few among many.
        indexes = [
            models.Index(fields=["edited_at"], condition=Q(published_at__isnull=True), name="%(class)s_drafts"),
            models.Index(
                fields=["edited_at"],
                condition=Q(published_at__isnull=False, edited_at__gt=F("published_at")),
                name="%(class)s_edited",
            ),
        ]

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def clean(self) -> None:
        """Our own words stand where they are written: no sign in them turns what is read around."""
        super().clean()
        for column in self._meta.concrete_fields:
            if isinstance(column, models.CharField | models.TextField) and column.name not in self.verbatim:
                refuse_turned(getattr(self, column.attname) or "")


class Mergeable(DeskNoun):
    """What may turn out to have been recorded twice. `merged_into` moves with the ledger alone (`actions.merge`)."""

    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="absorbed"
    )

    class Meta(DeskNoun.Meta):
        abstract = True


def one_of(name: str, field: str, words: object, *, allow_null: bool = False) -> models.CheckConstraint:
    """The database's own copy of a closed list of the rubric."""
    condition = Q(**{f"{field}__in": list(words)})  # type: ignore[call-overload]
    if allow_null:
        condition |= Q(**{f"{field}__isnull": True})
    return models.CheckConstraint(condition=condition, name=name)
