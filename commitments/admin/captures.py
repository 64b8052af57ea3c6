"""Captures: their digests, their text for those who work here, and the bytes that somebody brings later."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path

from commitments import actions
from commitments.admin.capture_forms import CaptureForm
from commitments.admin.desk import RefusalsOnTheForm, dated
from commitments.admin.verb_forms import BytesForm
from commitments.admin.verbs import Button, VerbPages
from commitments.groups import PUBLISH
from commitments.models import Capture, CaptureBytes

DIGESTS = ["sha256", ("size", "characters"), "text_sha256", "normaliser"]


def keep_bytes(request: HttpRequest, form: Any) -> None:
    """At once: what is published says that they are held when the source's edits are published."""
    upload, capture = form.cleaned_data.get("upload"), form.instance
    if not upload:
        return
    upload.seek(0)
    try:
        actions.fill_capture(capture=capture, data=upload.read(), by=request.user, reason="Captured.")
    except actions.Refused as refusal:
        messages.warning(request, str(refusal))


@admin.register(Capture)
class CaptureAdmin(VerbPages, RefusalsOnTheForm):
    form = CaptureForm
    change_form_template = "admin/desk/capture_form.html"

    class Media:
        css = {"all": ["admin-desk/captures.css"]}

    list_display = ["source", "digest", "when", "characters", "is_held"]
    list_select_related = ["source"]
    search_fields = ["id", "source__title", "source__slug", "sha256"]
    autocomplete_fields = ["source"]
    when = dated("captured", "captured on")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        upload = [] if obj else ["upload"]
        return ["source", *upload, *DIGESTS, "captured", "how"]

    @admin.display(description="SHA-256 of the bytes", ordering="sha256")
    def digest(self, capture: Capture) -> str:
        return f"{capture.sha256[:12]}…"

    @admin.display(boolean=True, description="bytes held")
    def is_held(self, capture: Any) -> bool:
        return bool(capture.holds_bytes)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        held = CaptureBytes.objects.filter(capture=OuterRef("pk"))
        return super().get_queryset(request).select_related("source").annotate(holds_bytes=Exists(held))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not obj.source.is_published)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.source.is_published)

    def may_bring_bytes(self, request: HttpRequest, capture: Capture) -> bool:
        return request.user.has_perm(PUBLISH) or self.has_change_permission(request, capture)

    def get_form(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        form = super().get_form(request, obj, **options)
        form.may_add_to_published = request.user.has_perm(PUBLISH)
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        keep_bytes(request, form)

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_bring"
        view = self.admin_site.admin_view(self.bring_view)
        return [path("<path:object_id>/bring/", view, name=name), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, **options: Any) -> HttpResponse:
        capture = options.get("obj")
        if capture is not None and capture.holds_bytes:
            context |= {"text": capture.held.text}
        elif capture is not None and self.may_bring_bytes(request, capture):
            context |= {"buttons": [Button("Bring the bytes", self.page_url("bring", quote(capture.pk)))]}
        return super().render_change_form(request, context, **options)

    def bring_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        capture = self.thing_or_404(request, object_id)
        if not self.may_bring_bytes(request, capture):
            raise PermissionDenied
        form = BytesForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            told = {"data": form.cleaned_data["upload"].read(), "reason": form.cleaned_data["reason"]}
            if form.written(actions.fill_capture, capture=capture, by=request.user, **told):
                return self.done(request, "The bytes are held now.", self.change_url(capture))
        return self.verb_page(
            request, "verb", "Bring the bytes", form=form, submit="Keep them", back=self.change_url(capture)
        )
