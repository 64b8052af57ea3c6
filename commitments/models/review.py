"""Who worked on what: whose eyes a draft, or an edit of what is published, has had before it is published."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.expressions import Combinable

from commitments.models.desk import DeskNoun


class EditQuerySet(models.QuerySet):
    def note(self, things: Iterable[DeskNoun], *, by: User) -> None:
        """One row a thing: `by` wrote or changed it at the desk. One query."""
        self.bulk_create(Edit(subject_type=thing.subject_type, subject_id=thing.pk, user=by) for thing in things)


def only_by(user: User) -> Combinable | models.Q:
    """A condition on things of the desk: the user saved them, and nobody else did."""
    edits = Edit.objects.filter(subject_id=OuterRef("pk"))
    return Exists(edits.filter(user=user)) & ~Exists(edits.exclude(user=user))


def is_own_draft(thing: DeskNoun, user: User) -> bool:
    """Whether it was never published and nobody but the user saved it."""
    drafts = type(thing).objects.drafts()
    return bool(drafts.filter(only_by(user), pk=thing.pk).exists())


class Edit(models.Model):
    """A person saved a thing of the desk; those since its last publication are its authors."""

    subject_type = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=80, db_collation="C")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="edits")
    at = models.DateTimeField(auto_now_add=True)

    objects = EditQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["subject_id", "at"], name="edit_of_subject")]

    def __str__(self) -> str:
        return f"{self.subject_id} by {self.user}"
