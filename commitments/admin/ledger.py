"""The ledger and the record, to be looked at: only the actions write them."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from commitments.actions.filling import MODELS
from commitments.admin.versions import is_taken_back, may_undo
from commitments.models import ClaimStanding, CommitmentStanding, Entry, PlainStanding, Version

TABLES = (CommitmentStanding, ClaimStanding, PlainStanding)


def pretty(text: str) -> SafeString:
    spread = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return format_html('<pre class="canonical">{}</pre>', spread)


class ReadOnly(admin.ModelAdmin):
    actions = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    change_form_template = "admin/desk/entry.html"
    list_display = ["seq", "type", "nature", "subject_type", "subject_id", "by", "recorded_at"]
    list_filter = ["type", "subject_type", "nature", "by"]
    search_fields = ["subject_id", "by"]
    ordering = ["-seq"]
    list_select_related = ["published"]
    fields = [
        "seq",
        "set_last",
        "type",
        "nature",
        "subject_type",
        "subject_id",
        "version",
        "by",
        "recorded_at",
        "reason",
        "digest",
        "core_told",
        "document",
        "standings",
        "commitments",
        "actors",
    ]

    def render_change_form(self, request: HttpRequest, context: Any, **options: Any) -> HttpResponse:
        entry = options.get("obj")
        if entry is not None and is_taken_back(entry) and request.user.has_perm(may_undo(entry)):
            model = MODELS[entry.subject_type]._meta.model_name
            arguments = [quote(entry.subject_id), entry.pk]
            context |= {"undo_url": reverse(f"admin:commitments_{model}_undo", args=arguments)}
        return super().render_change_form(request, context, **options)

    @admin.display
    def reason(self, entry: Entry) -> str:
        return str(json.loads(bytes(entry.published.body))["reason"])

    @admin.display(description=_("leaf (SHA-256)"))
    def digest(self, entry: Entry) -> str:
        return bytes(entry.leaf).hex()

    @admin.display(description=_("core"))
    def core_told(self, entry: Entry) -> SafeString:
        return pretty(bytes(entry.core).decode())

    @admin.display(description=_("body"))
    def document(self, entry: Entry) -> SafeString:
        return pretty(bytes(entry.published.body).decode())

    @admin.display(description=_("standings it opened"))
    def standings(self, entry: Entry) -> SafeString:
        """Rows of three tables with keys of two columns, which have no pages of their own here."""
        opened = [s for table in TABLES for s in table.objects.filter(seq=entry.seq)]
        return format_html_join("", "<p>{}: {}</p>{}", [(s.subject_id, s.label, pretty(s.row)) for s in opened])


@admin.register(Version)
class VersionAdmin(ReadOnly):
    list_display = ["pk", "subject_type", "subject_id", "n", "type", "until_seq"]
    list_filter = ["subject_type", "type"]
    search_fields = ["subject_id"]
    fields = ["entry", "until_seq", "subject_type", "subject_id", "n", "type", "told"]

    @admin.display(description=_("body"))
    def told(self, version: Version) -> SafeString:
        return pretty(bytes(version.body).decode())
