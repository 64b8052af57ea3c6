"""Terms: the words of the curated vocabularies (kind, topic, place), as in SKOS."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Concat
from django.utils.translation import get_language

from commitments.models.desk import DeskNoun, one_of
from commitments.models.fields import WordField
from commitments.vocabulary import SCHEMES


class Term(DeskNoun):
    """`id` is `scheme/slug`, for ever."""

    subject_type = "term"

    id = models.CharField(max_length=80, primary_key=True, editable=False, db_collation="C")
    scheme = WordField(SCHEMES, help_text="Which vocabulary the word belongs to; it cannot change later.")
    slug = models.SlugField(max_length=60, help_text="Short name in addresses and filters; permanent.")
    label_en = models.CharField("label (English)", max_length=120, help_text="As readers see it.")
    label_es = models.CharField("label (Spanish)", max_length=120, blank=True)
    broader = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="narrower",
        help_text="The wider term of the same vocabulary that includes this one.",
    )

    class Meta(DeskNoun.Meta):
        ordering = ["id"]
        constraints = [
            one_of("term_scheme_known", "scheme", SCHEMES),
            models.CheckConstraint(
                condition=models.Q(id=Concat("scheme", models.Value("/"), "slug", output_field=models.CharField())),
                name="term_id_is_scheme_and_slug",
            ),
        ]

    def __str__(self) -> str:
        """In the reader's language, where both are given."""
        return self.label_es if self.label_es and get_language() == "es" else self.label_en

    def save(self, *args: object, **kwargs: object) -> None:
        self.id = self.id or f"{self.scheme}/{self.slug}"
        super().save(*args, **kwargs)  # type: ignore[arg-type]
