"""How captures come: fetches that were asked for, what the servers answered, and sketches of the texts."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.captures.display import plain
from commitments.captures.sketch import resemblance
from commitments.models.desk import one_of
from commitments.models.fields import TypeIDField
from commitments.models.sources import HEX_DIGEST, Capture, Source

PURPOSES = {
    "capture": _("a new source"),
    "recapture": _("capture again"),
    "archive": _("what the archive holds"),
}
FETCH_STATES = {
    "waiting": _("Waiting"),
    "running": _("Running"),
    "done": _("Done"),
    "failed": _("Failed"),
}


class FetchQuerySet(models.QuerySet):
    def due(self, now: datetime) -> Self:
        """What a worker may take: what waits, and what a worker took and did not bring back in its time."""
        waiting = Q(state="waiting", not_before__lte=now)
        taken = Q(state="running", leased_until__lt=now)
        # Said again for the index of what is not finished.
        return self.filter(waiting | taken, finished_at__isnull=True).order_by("not_before", "id")

    def failed(self) -> Self:
        return self.filter(state="failed")

    def unfinished(self) -> Self:
        return self.filter(finished_at__isnull=True)


class Fetch(models.Model):
    """One page that somebody asked for. The worker takes it, and says here what came of it."""

    id = TypeIDField("fet")
    url = models.URLField(_("address"), max_length=2000)
    purpose = models.CharField(_("purpose"), max_length=10, choices=PURPOSES, default="capture")
    source = models.ForeignKey(Source, models.SET_NULL, null=True, blank=True, related_name="fetches")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="fetches")
    requested_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=FETCH_STATES, default="waiting")
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    problem = models.TextField(_("problem"), blank=True)
    outcome = models.TextField(_("what came of it"), blank=True)
    status_code = models.PositiveSmallIntegerField(_("status code"), null=True)
    final_url = models.TextField(_("final address"), blank=True)
    media_type = models.CharField(_("media type"), max_length=200, blank=True)
    redirects = models.JSONField(_("redirects"), default=list)
    capture = models.ForeignKey(Capture, models.SET_NULL, null=True, related_name="fetches")
    # Of an archive's answer: the digest of its text, and by passage whether the words stand in it.
    text_sha256 = models.CharField(max_length=64, blank=True)
    checks = models.JSONField(default=dict)

    objects = FetchQuerySet.as_manager()

    class Meta:
        # Ids rise with time.
        ordering = ["-id"]
        verbose_name_plural = _("fetches")
        constraints = [
            one_of("fetch_purpose_known", "purpose", PURPOSES),
            one_of("fetch_state_known", "state", FETCH_STATES),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(problem=""), name="fetch_failed_says_why"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed"]) ^ Q(finished_at__isnull=True), name="fetch_finished_has_time"
            ),
            models.CheckConstraint(
                condition=Q(state="running") ^ Q(leased_until__isnull=True), name="fetch_running_is_leased"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "not_before"], name="fetch_due", condition=Q(finished_at__isnull=True)),
            models.Index(fields=["state", "-id"], name="fetch_by_state"),
        ]

    def __str__(self) -> str:
        return plain(self.url)


class FetchedWarc(models.Model):
    """All that was asked and answered in the last attempt of a fetch, as WARC 1.1. Never changed."""

    fetch = models.OneToOneField(Fetch, models.PROTECT, primary_key=True, related_name="warc")
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(sha256__regex=HEX_DIGEST), name="warc_digest_is_hex")]

    def __str__(self) -> str:
        return str(self.fetch)


class SketchQuerySet(models.QuerySet):
    def sharing(self, hashes: list[int]) -> Self:
        # As one value: number by number, each is bound in the width of the first and cut to it.
        array = ArrayField(models.BigIntegerField())
        return self.filter(hashes__overlap=models.Value(hashes, output_field=array))


class Sketch(models.Model):
    """A held capture's text in 64 numbers (`captures.sketch`): what resembles it is found by an index."""

    capture = models.OneToOneField(Capture, models.CASCADE, primary_key=True, related_name="sketch")
    hashes = ArrayField(models.BigIntegerField())

    objects = SketchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "sketches"
        indexes = [GinIndex(fields=["hashes"], name="sketch_hashes")]

    def __str__(self) -> str:
        return str(self.capture)


SAME = 0.5
MOST_LIKENESSES = 200


def same_article(capture: Capture) -> list[tuple[Source, float]]:
    """Other sources that have this text, whole (1.0) or in great part, the likest first. Four queries."""
    others = Capture.objects.exclude(source=capture.source_id)
    found = dict.fromkeys(others.filter(text_sha256=capture.text_sha256).values_list("source", flat=True), 1.0)
    mine = Sketch.objects.filter(capture=capture).values_list("hashes", flat=True).first()
    if mine:
        sharing = Sketch.objects.sharing(mine).exclude(capture__source=capture.source_id)
        near = sharing.values_list("capture__source", "hashes")
        for source, hashes in near[:MOST_LIKENESSES]:
            found[source] = max(found.get(source, 0.0), resemblance(mine, hashes))
    likest = sorted((i for i, share in found.items() if share >= SAME), key=lambda i: (-found[i], i))
    sources = Source.objects.in_bulk(likest)
    return [(sources[i], found[i]) for i in likest]
