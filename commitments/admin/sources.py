"""Sources and passages: from a publication to the words in it."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments.admin.capture_forms import CaptureForm
from commitments.admin.captures import DIGESTS, keep_bytes
from commitments.admin.desk import DeskForm, DeskInline, dated
from commitments.admin.list_filters import named
from commitments.admin.marking import DRAFTING
from commitments.admin.merging import MergeableAdmin
from commitments.admin.passage_forms import PassageForm
from commitments.admin.recapture import Recapturing
from commitments.admin.starting import StartPages
from commitments.admin.verbs import Button, PublishableAdmin
from commitments.models import Capture, Hop, Passage, Source


class CaptureInline(DeskInline):
    """Captures of a draft can be edited; those of a published source stay as they are."""

    model = Capture
    form = CaptureForm
    fields = [*DIGESTS, "captured", "how"]

    def has_change_permission(self, request, obj=None):
        published = obj is not None and obj.is_published
        return not published and super().has_change_permission(request, obj)

    def has_add_permission(self, request, obj=None):
        return False


class NewCaptureInline(DeskInline):
    model = Capture
    form = CaptureForm
    verbose_name = _("new capture")
    verbose_name_plural = _("new captures")
    fields = ["upload", *DIGESTS, "captured", "how"]

    def get_queryset(self, request):
        return super().get_queryset(request).none()


class SourceForm(DeskForm):
    """`offered`: a day of publication that the address carries; it stands in the form, and whoever saves decides."""

    offered: list[str] = []

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if any(self.offered):
            self.initial["published"] = self.offered


@admin.register(Source)
class SourceAdmin(StartPages, Recapturing, MergeableAdmin):
    form = SourceForm
    list_display = ["title", "kind", "publisher", "when", "language", "rights", "state"]
    list_filter = ["kind", "rights", named("publisher", _("publisher"))]
    list_select_related = ["publisher"]
    search_fields = ["title", "slug", "url", "publisher__name", "byline"]
    autocomplete_fields = ["publisher"]
    radio_fields = {"rights": admin.VERTICAL}
    fields = [
        "title",
        "slug",
        ("kind", "language"),
        "rights",
        "published",
        ("publisher", "publisher_basis"),
        "publisher_note",
        "byline",
        "url",
        "archive_url",
    ]
    inlines = [CaptureInline, NewCaptureInline]
    when = dated("published", _("published on"))

    def get_form(self, request, obj=None, change=False, **options):
        form = super().get_form(request, obj, change=change, **options)
        asked = request.GET if request.method == "GET" else {}
        form.offered = [asked.get(f"published_{part}", "") for part in ("edtf", "basis", "note")]
        return form

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        for capture in formset.forms:
            if capture.has_changed() and capture not in formset.deleted_forms:
                keep_bytes(request, capture)


class HopInline(DeskInline):
    model = Hop
    autocomplete_fields = ["actor"]
    fields = ["position", ("actor", "described_as"), ("act", "note")]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("actor")


@admin.register(Passage)
class PassageAdmin(PublishableAdmin):
    form = PassageForm
    list_display = ["words", "source", "locator", "start", "end", "voice", "anchor", "state"]
    list_filter = ["voice", "locator", "anchor", named("capture__source", _("source"), by="title")]
    list_select_related = ["capture__source"]
    search_fields = ["exact", "id", "capture__source__title", "capture__source__slug"]
    autocomplete_fields = ["capture"]
    radio_fields = {"voice": admin.VERTICAL}
    fields = [
        "capture",
        ("start", "end"),
        "exact",
        "exact_sha256",
        ("locator", "locator_at"),
        "voice",
        "translated",
        ("prefix", "suffix"),
    ]
    inlines = [HopInline]

    def buttons(self, request, thing):
        """Of words that are not found any more: to the newest text, where they are looked for, and to what differs."""
        found = super().buttons(request, thing)
        if thing.anchor not in ("orphaned", "ambiguous") or not request.user.has_perms(DRAFTING):
            return found
        source = quote(thing.capture.source_id)
        words = urlencode({"words": thing.exact}) if thing.exact else ""
        mark = f"{reverse('admin:commitments_source_mark', args=[source])}?{words}"
        differs = reverse("admin:commitments_source_difference", args=[source])
        return [Button(gettext("Mark them anew"), mark), Button(gettext("Compare captures"), differs), *found]

    @admin.display(description=_("passage"))
    def words(self, passage):
        return str(passage)

    @admin.display(description=_("source"), ordering="capture__source__title")
    def source(self, passage):
        return passage.capture.source
