"""Sources, their captures, and the passages marked in them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.text import Truncator
from django.utils.translation import gettext
from w3lib.url import canonicalize_url

from commitments.models.actors import Actor
from commitments.models.desk import DeskNoun, DeskQuerySet, Mergeable, one_of
from commitments.models.fields import TypeIDField, UncertainDateField, WordField
from commitments.vocabulary import (
    ANCHORS,
    DATE_BASES,
    LOCATORS,
    RIGHTS,
    SOURCE_KINDS,
    SPEECH_ACTS,
    TRANSLATED,
    VOICES,
)

HEX_DIGEST = r"^[0-9a-f]{64}$"


class Source(Mergeable):
    """One publication. Everything but title and kind may be unknown."""

    subject_type = "source"

    id = TypeIDField("src")
    slug = models.SlugField(max_length=80, unique=True, help_text="Short name in addresses and filters.")
    title = models.CharField(
        max_length=400, help_text="As printed; where the source has none, supply one in [square brackets]."
    )
    kind = WordField(SOURCE_KINDS)
    publisher = models.ForeignKey(
        Actor, models.PROTECT, null=True, blank=True, related_name="published", help_text="Empty: not known."
    )
    publisher_basis = WordField(
        DATE_BASES, blank=True, help_text="How the publisher is known; “stated” where the source says so."
    )
    publisher_note = models.TextField(blank=True, help_text="The reasoning, unless the source states it.")
    byline = models.CharField(max_length=200, blank=True, help_text="The author as printed; empty where none is.")
    language = models.CharField(max_length=12, blank=True, help_text="Language tag, such as en; empty: unknown.")
    # Unknown is NULL here: many sources may have no URL, no two the same.
    url = models.URLField(max_length=2000, blank=True, help_text="As it was read; empty where none is known.")
    # Unknown is NULL here: many sources may have no address, no two the same one.
    url_key = models.CharField(max_length=2000, null=True, unique=True, editable=False)  # noqa: DJ001
    archive_url = models.URLField(max_length=2000, blank=True, help_text="Where an archive keeps a copy.")
    published = UncertainDateField(help_text="When it was published, and how that is known.")
    rights = WordField(
        RIGHTS,
        default="quote_only",
        help_text="Quotation only, also where unknown: no sentence of the outlet's own is then shown.",
    )

    class Meta(DeskNoun.Meta):
        ordering = ["title", "id"]
        indexes = [*DeskNoun.Meta.indexes, models.Index(fields=["title", "id"], name="source_in_list")]
        constraints = [
            one_of("source_kind_known", "kind", SOURCE_KINDS),
            one_of("source_rights_known", "rights", RIGHTS),
            models.CheckConstraint(condition=~Q(title=""), name="source_has_title"),
            models.CheckConstraint(
                condition=Q(url="", url_key__isnull=True) | (~Q(url="") & Q(url_key__isnull=False)),
                name="source_url_has_key",
            ),
            models.CheckConstraint(
                condition=Q(publisher__isnull=True, publisher_basis="")
                | Q(publisher__isnull=False, publisher_basis="stated")
                | Q(publisher__isnull=False, publisher_basis__in=[b for b in DATE_BASES if b != "stated"])
                & ~Q(publisher_note=""),
                name="source_publisher_has_basis_and_note",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        self.url_key = url_key(self.url)
        others = Source.objects.exclude(pk=self.pk)
        if self.url_key and (twin := others.filter(url_key=self.url_key).first()):
            raise ValidationError(
                {"url": gettext("“%(twin)s” is recorded from this address already.") % {"twin": twin}}
            )

    def save(self, *args: object, **kwargs: object) -> None:
        self.url_key = url_key(self.url)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


def url_key(url: str) -> str | None:
    """The address by which two URLs are one: no scheme, default port or fragment, its query in order, escapes
    as RFC 3986 has them."""
    host, slash, rest = canonicalize_url(url).partition("://")[2].partition("/")
    return host.removesuffix(":443").removesuffix(":80") + slash + rest or None


class Capture(models.Model):
    """An immutable copy as we had it: its digests are always public, its bytes may not be held."""

    id = TypeIDField("cap")
    source = models.ForeignKey(Source, models.PROTECT, related_name="captures")
    sha256 = models.CharField("SHA-256 of the bytes", max_length=64)
    size = models.PositiveIntegerField("size in bytes")
    text_sha256 = models.CharField("SHA-256 of the text", max_length=64)
    characters = models.PositiveIntegerField("characters (code points) of the text")
    normaliser = models.CharField(max_length=120, help_text="How the text was had from the bytes, with version.")
    captured = UncertainDateField("captured on", help_text="When the copy was taken, not when it was published.")
    how = models.CharField("how captured", max_length=200, blank=True, help_text="Such as: saved from the browser.")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["text_sha256"], name="capture_text")]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=HEX_DIGEST, text_sha256__regex=HEX_DIGEST),
                name="capture_digests_are_hex",
            ),
            models.UniqueConstraint(fields=["source", "sha256"], name="capture_once_per_source"),
        ]

    def __str__(self) -> str:
        return f"{self.source} ({self.sha256[:12]}…)"


class CaptureBytes(models.Model):
    """The bytes and text of a capture that is held; proven by the capture's digests."""

    capture = models.OneToOneField(Capture, models.PROTECT, primary_key=True, related_name="held")
    data = models.BinaryField()
    text = models.TextField()

    class Meta:
        verbose_name_plural = "capture bytes"

    def __str__(self) -> str:
        return str(self.capture)


class PassageManager(models.Manager.from_queryset(DeskQuerySet)):  # type: ignore[misc]
    """A passage names its source wherever it is shown: both come in one query."""

    def get_queryset(self) -> DeskQuerySet:
        return super().get_queryset().select_related("capture__source")


class Passage(DeskNoun):
    """One place in a capture: W3C TextPositionSelector and TextQuoteSelector over the capture's text."""

    subject_type = "passage"
    verbatim = frozenset({"exact", "prefix", "suffix"})

    id = TypeIDField("psg")
    capture = models.ForeignKey(
        Capture, models.PROTECT, related_name="passages", help_text="The copy of the source in which the words stand."
    )
    start = models.PositiveIntegerField(help_text="First character, counted in Unicode code points from 0.")
    end = models.PositiveIntegerField(help_text="One past the last character.")
    exact = models.TextField(
        blank=True,
        help_text="The words, where they may be shown: a quoted speaker's, or up to five of the outlet's own "
        "where the word is the point. Otherwise empty, and the digest stands for them.",
    )
    exact_sha256 = models.CharField("SHA-256 of the words", max_length=64)
    prefix = models.CharField(max_length=200, blank=True, help_text="Only for sources shown in full.")
    suffix = models.CharField(max_length=200, blank=True, help_text="Only for sources shown in full.")
    locator = WordField(LOCATORS, default="body", help_text="In which part of the source the words stand.")
    locator_at = models.CharField(
        "page or time", max_length=40, blank=True, help_text="The page number or time code, where it is one."
    )
    voice = WordField(VOICES, help_text="How the source presents the words, whoever you think said them.")
    translated = WordField(TRANSLATED, default="unknown", help_text="Whether the speaker's words were translated.")
    anchor = WordField(ANCHORS, default="text_not_held", editable=False)

    objects = PassageManager()

    class Meta(DeskNoun.Meta):
        ordering = ["capture", "start", "id"]
        indexes = [
            *DeskNoun.Meta.indexes,
            models.Index(fields=["capture", "start", "id"], name="passage_in_list"),
            models.Index(fields=["anchor"], condition=Q(anchor__in=["orphaned", "ambiguous"]), name="passage_lost"),
        ]
        constraints = [
            one_of("passage_locator_known", "locator", LOCATORS),
            one_of("passage_voice_known", "voice", VOICES),
            one_of("passage_translated_known", "translated", TRANSLATED),
            one_of("passage_anchor_known", "anchor", ANCHORS),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="passage_ends_after_start"),
            models.CheckConstraint(condition=Q(exact_sha256__regex=HEX_DIGEST), name="passage_digest_is_hex"),
        ]

    def __str__(self) -> str:
        words = f"“{Truncator(self.exact).chars(80)}”" if self.exact else gettext("words withheld")
        return f"{words} ({self.capture.source.slug}, {self.get_locator_display().lower()} {self.start}–{self.end})"


class Hop(models.Model):
    """One relay between the claimant and the source; the publisher is not a hop."""

    passage = models.ForeignKey(Passage, models.CASCADE, related_name="hops")
    position = models.PositiveSmallIntegerField(default=0, help_text="0 is next to the claimant.")
    actor = models.ForeignKey(
        Actor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="relayed",
        help_text="Who passed it on, where the source names them.",
    )
    described_as = models.CharField(max_length=200, blank=True, help_text="The source's words, where unnamed.")
    act = WordField(SPEECH_ACTS, default="reports", help_text="What they did by passing it on.")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            one_of("hop_act_known", "act", SPEECH_ACTS),
            models.CheckConstraint(
                condition=Q(actor__isnull=False) | ~Q(described_as=""), name="hop_names_or_describes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor or self.described_as} {self.get_act_display()}"
