"""Who worked on what, and whose eyes it has had before it is published: edits, sets for review, comments.

Nothing of this is ever public.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from commitments.models.desk import DeskNoun, one_of


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


class ReviewState(models.TextChoices):
    DRAFTING = "drafting", _("Being put together")
    SUBMITTED = "submitted", _("Awaiting review")
    RETURNED = "returned", _("Returned")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ReviewSetQuerySet(models.QuerySet):
    def awaiting(self, reviewer: User) -> Self:
        """Submitted sets that this person may publish."""
        waiting = self.filter(state=ReviewState.SUBMITTED)
        return waiting.exclude(by=reviewer) if settings.SECOND_PERSON else waiting

    def returned_to(self, author: User) -> Self:
        return self.filter(state=ReviewState.RETURNED, by=author)

    def open_to(self, author: User) -> Self:
        """Those that they can still change."""
        return self.filter(by=author, state__in=[ReviewState.DRAFTING, ReviewState.RETURNED])

    def with_size(self) -> Self:
        return self.annotate(size=Count("members"))


class ReviewSet(models.Model):
    """Drafts and edits that are to be published together, as somebody puts them to a second person."""

    title = models.CharField(_("title"), max_length=200, help_text=_("What the set is about, for the reviewer."))
    note = models.TextField(
        _("note for the reviewer"), blank=True, help_text=_("What to look at, and what you are not sure of.")
    )
    state = models.CharField(
        _("state"), max_length=12, choices=ReviewState.choices, default=ReviewState.DRAFTING, editable=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="review_sets",
        editable=False,
        verbose_name=_("put together by"),
    )
    made_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="decided_sets", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)

    objects = ReviewSetQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("set for review")
        verbose_name_plural = _("sets for review")
        constraints = [one_of("review_set_state_known", "state", ReviewState.values)]
        indexes = [models.Index(fields=["state", "submitted_at"], name="review_set_waiting")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Who put it together can still change it."""
        return self.state in (ReviewState.DRAFTING, ReviewState.RETURNED)


class ReviewMember(models.Model):
    """A thing stands in any number of sets, but in one that awaits review at a time."""

    review_set = models.ForeignKey(ReviewSet, models.CASCADE, related_name="members")
    subject_type = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=80, db_collation="C")
    is_waiting = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["review_set", "subject_id"], name="review_member_once_per_set"),
            models.UniqueConstraint(
                fields=["subject_id"], condition=Q(is_waiting=True), name="review_member_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return self.subject_id


class CommentQuerySet(models.QuerySet):
    def on(self, *subject_ids: str) -> Self:
        return self.filter(subject_id__in=subject_ids).select_related("by", "resolved_by")

    def unresolved(self) -> Self:
        return self.filter(resolved_at__isnull=True)


class Comment(models.Model):
    """A remark on a thing of the desk, or on a set for review."""

    review_set = models.ForeignKey(ReviewSet, models.CASCADE, null=True, related_name="comments")
    subject_type = models.CharField(max_length=20, blank=True)
    subject_id = models.CharField(max_length=80, blank=True, db_collation="C", db_index=True)
    text = models.TextField(_("comment"), max_length=4000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="desk_comments")
    at = models.DateTimeField(auto_now_add=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="resolved_comments"
    )
    resolved_at = models.DateTimeField(null=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(review_set__isnull=True) & ~Q(subject_id="") | Q(review_set__isnull=False, subject_id=""),
                name="comment_on_thing_or_set",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="comment_has_text"),
        ]

    def __str__(self) -> str:
        return self.text
