"""Actors and the offices that persons held."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from commitments.models.desk import DeskNoun, Mergeable, one_of
from commitments.models.fields import TypeIDField, UncertainDateField, WordField
from commitments.vocabulary import ACTOR_KINDS


class Actor(Mergeable):
    """A state, public body, organisation, outlet, person, or a group that the source leaves unnamed."""

    subject_type = "actor"

    id = TypeIDField("act")
    slug = models.SlugField(max_length=80, unique=True, help_text="Short name in addresses and filters.")
    name = models.CharField(max_length=200, help_text="The name shown everywhere in English; other languages go below.")
    kind = WordField(
        ACTOR_KINDS,
        help_text="Press and unnamed groups never count as a side; a person's side comes from their office.",
    )
    part_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        help_text="The body or state that this one belongs to; leave empty for states and persons.",
    )

    class Meta(DeskNoun.Meta):
        ordering = ["name", "id"]
        indexes = [*DeskNoun.Meta.indexes, models.Index(fields=["name", "id"], name="actor_in_list")]
        constraints = [
            one_of("actor_kind_known", "kind", ACTOR_KINDS),
            models.CheckConstraint(condition=~Q(part_of=models.F("id")), name="actor_not_part_of_itself"),
            models.CheckConstraint(
                condition=Q(part_of__isnull=True) | ~Q(kind__in=["state", "person"]),
                name="actor_state_or_person_is_no_part",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ActorName(models.Model):
    """The actor's name in another language (BCP 47 tag)."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="names")
    language = models.CharField(max_length=12, help_text="Language tag, such as es.")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["actor", "language"], name="actor_one_name_per_language")]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class Office(DeskNoun):
    """A person held a post at a body, from and to (Popolo Membership)."""

    subject_type = "office"

    id = TypeIDField("off")
    slug = models.SlugField(max_length=80, unique=True, help_text="Short name in addresses and filters.")
    person = models.ForeignKey(Actor, models.PROTECT, related_name="offices", help_text="Who held it; always a person.")
    title = models.CharField(max_length=200, help_text="The post's title, such as Foreign Secretary.")
    body = models.ForeignKey(
        Actor, models.PROTECT, related_name="officers", help_text="It decides which side the holder speaks for."
    )
    start = UncertainDateField("from", help_text="Since when they held it; “known by” where only that is told.")
    end = UncertainDateField("to", may_be_ahead=True, help_text="Until when; “unknown” while nothing tells.")
    passages = models.ManyToManyField(
        "commitments.Passage",
        related_name="offices",
        blank=True,
        help_text="The words that show it; without any it cannot be published.",
    )

    class Meta(DeskNoun.Meta):
        ordering = ["title", "id"]
        indexes = [*DeskNoun.Meta.indexes, models.Index(fields=["title", "id"], name="office_in_list")]
        constraints = [models.CheckConstraint(condition=~Q(person=models.F("body")), name="office_body_is_not_person")]

    def __str__(self) -> str:
        return f"{self.person}, {self.title}"
