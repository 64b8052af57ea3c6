"""The ledger and the record, to be looked at: only the actions write them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments.actions.filling import MODELS
from commitments.admin.names import labels_of, link_to
from commitments.admin.versions import is_taken_back, may_undo
from commitments.languages import choices, label
from commitments.models import ClaimStanding, CommitmentStanding, Entry, PlainStanding, Version
from commitments.vocabulary import ENTRY_TYPES, NATURES

TABLES = (CommitmentStanding, ClaimStanding, PlainStanding)


def pretty(text: str) -> SafeString:
    spread = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return format_html('<pre class="canonical">{}</pre>', spread)


def nouns() -> list[tuple[str, Any]]:
    return [(noun, model._meta.verbose_name) for noun, model in MODELS.items()]


class ClosedFilter(admin.SimpleListFilter):
    """One of a closed list: nothing is asked of the ledger to offer it."""

    offered: Callable[[], list[tuple[str, Any]]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return self.offered()

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


class TypeFilter(ClosedFilter):
    title, parameter_name = _("type"), "type"
    offered = staticmethod(partial(choices, ENTRY_TYPES))


class NounFilter(ClosedFilter):
    title, parameter_name = _("subject type"), "subject_type"
    offered = staticmethod(nouns)


class NatureFilter(ClosedFilter):
    title, parameter_name = _("nature"), "nature"
    offered = staticmethod(partial(choices, NATURES))


def name_of(row: Any) -> str:
    return labels_of([row.subject_id]).get(row.subject_id, row.subject_id)


class Named(ChangeList):
    """Rows with the names of what they are about. One query more."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        labels = labels_of({row.subject_id for row in rows})
        for row in rows:
            row.labels = labels
        self.result_list = rows  # type: ignore[assignment]


class Told:
    """The words of the ledger, by language."""

    @admin.display(description=_("what"), ordering="subject_id")
    def subject(self, row: Any) -> SafeString:
        labels = row.labels if hasattr(row, "labels") else labels_of([row.subject_id])
        return link_to(row.subject_id, labels)

    @admin.display(description=_("type"), ordering="type")
    def type_told(self, row: Any) -> str:
        return label(ENTRY_TYPES, row.type)

    @admin.display(description=_("nature"), ordering="nature")
    def nature_told(self, row: Any) -> str:
        return label(NATURES, row.nature)

    @admin.display(description=_("subject type"), ordering="subject_type")
    def noun(self, row: Any) -> str:
        return str(MODELS[row.subject_type]._meta.verbose_name)


class ReadOnly(Told, admin.ModelAdmin):
    actions = None
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return Named

    def render_change_form(self, request: HttpRequest, context: Any, **options: Any) -> HttpResponse:
        row = options.get("obj")
        if row is not None:
            context |= {"subtitle": self.in_words(row)}
        return super().render_change_form(request, context, **options)

    def in_words(self, row: Any) -> str:
        """Of the page's own title."""
        return f"{row}, {self.noun(row)} “{name_of(row)}”"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    change_form_template = "admin/desk/entry.html"
    list_display = ["seq", "type_told", "nature_told", "noun", "subject", "by", "recorded_at"]
    list_filter = [TypeFilter, NounFilter, NatureFilter]
    search_fields = ["subject_id", "by"]
    ordering = ["-seq"]
    list_select_related = ["published"]
    fields = [
        "seq",
        "set_last",
        "type_told",
        "nature_told",
        "noun",
        "subject",
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

    @admin.display(description=_("reason"))
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
    ordering = ["-entry"]
    list_display = ["entry_id", "noun", "subject", "n", "type_told", "until_seq"]
    list_filter = [NounFilter, TypeFilter]
    search_fields = ["subject_id"]
    fields = ["entry", "until_seq", "noun", "subject", "subject_id", "n", "type_told", "told"]

    def in_words(self, row: Version) -> str:
        said = gettext("Version %(n)s of %(noun)s “%(name)s”")
        return said % {"n": row.n, "noun": self.noun(row), "name": name_of(row)}

    @admin.display(description=_("body"))
    def told(self, version: Version) -> SafeString:
        return pretty(bytes(version.body).decode())
