"""A commitment's page: its status, its history, and the forms that record and correct statuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments import actions
from commitments.admin.badges import status_badge
from commitments.admin.desk import DeskInline, dated
from commitments.admin.duplicates import forebears
from commitments.admin.history import History
from commitments.admin.imports import exporter
from commitments.admin.list_filters import named
from commitments.admin.merging import MergeableAdmin
from commitments.admin.statuses import CorrectionForm, StatusForm
from commitments.admin.verbs import Button, require, seen, seen_now
from commitments.groups import RECORD_STATUS
from commitments.models import Commitment, CommitmentStanding, Lineage, Party, StatusChange


def draft_url(commitment: Commitment) -> str:
    return f"{reverse('admin:commitments_statuschange_add')}?{urlencode({'commitment': commitment.pk})}"


class PartyInline(DeskInline):
    model = Party
    autocomplete_fields = ["actor"]
    fields = [("actor", "role"), "order"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("actor")


class LineageInline(DeskInline):
    model = Lineage
    fk_name = "commitment"
    verbose_name = _("link to an earlier commitment")
    verbose_name_plural = _("links to earlier commitments")
    autocomplete_fields = ["target", "passages"]
    radio_fields = {"reading": admin.VERTICAL}
    fields = [("type", "target"), "reading", "note", "passages", "order"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("commitment", "target")


@admin.register(Commitment)
class CommitmentAdmin(MergeableAdmin):
    change_form_template = "admin/desk/commitment_form.html"
    list_display = ["title_en", "status_now", "form", "kind", "made", "due_by", "state"]
    list_filter = ["form", named("kind", _("kind"), by="label_en"), named("parties__actor", _("party"))]
    list_select_related = ["kind"]
    search_fields = ["title_en", "title_es", "slug", "id", "parties__actor__name"]
    autocomplete_fields = ["kind", "places", "topics", "occasion"]
    prepopulated_fields = {"slug": ["title_en"]}
    radio_fields = {"form": admin.VERTICAL}
    fields = [
        "title_en",
        "title_es",
        "slug",
        "summary_en",
        "summary_es",
        "kind",
        "form",
        "made_on",
        "due",
        "condition",
        "occasion",
        "places",
        "topics",
    ]
    inlines = [PartyInline, LineageInline]
    actions = [*MergeableAdmin.actions, *(exporter(format_) for format_ in ("csv", "json", "yaml"))]
    made = dated("made_on", _("made on"))
    due_by = dated("due", _("due"))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        standing = CommitmentStanding.objects.current().filter(subject_id=OuterRef("pk"))
        return super().get_queryset(request).annotate(status=Subquery(standing.values("status")))

    @admin.display(description=_("status"), ordering="status")
    def status_now(self, commitment: Any) -> str:
        return status_badge(commitment.status) if commitment.status else "–"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("<path:object_id>/record-status/", view(self.record_view), name=f"{prefix}_record_status"),
            path("<path:object_id>/correct/<change_id>/", view(self.correct_view), name=f"{prefix}_correct"),
            *super().get_urls(),
        ]

    def buttons(self, request: HttpRequest, thing: Any) -> list[Button]:
        found = super().buttons(request, thing)
        if thing.is_published:
            is_merged = thing.merged_into_id is not None
            if not thing.is_retracted and not is_merged and request.user.has_perm(RECORD_STATUS):
                found.insert(0, self._record_button(thing))
        return found

    def _record_button(self, thing: Any) -> Button:
        """Where a second person publishes, a status is drafted and submitted."""
        if settings.SECOND_PERSON:
            return Button(gettext("Draft a status change"), draft_url(thing))
        return Button(gettext("Record a status change"), self.page_url("record_status", quote(thing.pk)))

    def render_change_form(self, request: HttpRequest, context: Any, **options: Any) -> HttpResponse:
        thing = options.get("obj")
        if thing is not None and thing.is_published and thing.merged_into_id is None:
            context |= {
                "history": History.of(thing),
                "may_correct": request.user.has_perm(RECORD_STATUS) and not thing.is_retracted,
            }
        if thing is not None and self.has_change_permission(request, thing):
            context |= {"forebears": forebears(thing)}
        return super().render_change_form(request, context, **options)

    def record_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        require(request, RECORD_STATUS)
        history = self._history(request, object_id)
        if settings.SECOND_PERSON:
            messages.info(request, gettext("A status is drafted here; another curator publishes it."))
            return HttpResponseRedirect(draft_url(history.commitment))
        initial = history.told_by(request.GET.get("claim", ""))
        form = StatusForm(request.POST or None, history=history, initial=initial)
        form.offer(initial.get("effective"))
        act = {"commitment": history.commitment}
        title = gettext("Record a status change: %(commitment)s") % act
        return self._status_page(request, title, form, actions.record_status, gettext("Record it"), act)

    def correct_view(self, request: HttpRequest, object_id: str, change_id: str) -> HttpResponse:
        require(request, RECORD_STATUS)
        history = self._history(request, object_id)
        change = StatusChange.objects.filter(pk=change_id, commitment=history.commitment).first()
        if change is None:
            raise Http404
        form = CorrectionForm(request.POST or None, history=history, change=change)
        title = gettext("Correct “%(status)s”: %(commitment)s") % {
            "status": change.get_status_display() or gettext("void"),
            "commitment": history.commitment,
        }
        return self._status_page(
            request, title, form, actions.correct_status, gettext("Correct it"), {"change": change}
        )

    def _history(self, request: HttpRequest, object_id: str) -> History:
        commitment = self.thing_or_404(request, object_id)
        if not commitment.is_published:
            raise Http404
        return History.of(commitment)

    def _status_page(
        self,
        request: HttpRequest,
        title: str,
        form: StatusForm,
        action: Callable[..., Any],
        submit: str,
        arguments: dict[str, Any],
    ) -> HttpResponse:
        commitment = form.history.commitment
        valid = request.method == "POST" and form.is_valid()
        if valid and "preview" not in request.POST:
            told = arguments | form.told()
            if form.written(action, by=request.user, seen=seen(request), **told):
                return self.done(
                    request, gettext("Recorded: %(sentence)s") % {"sentence": form.preview}, self.change_url(commitment)
                )
        context = {
            "form": form,
            "history": form.history,
            "seen": seen_now(request, form, form.history.seq),
            "preview": form.preview if valid and form.is_valid() else "",
            "submit": submit,
            "back": self.change_url(commitment),
        }
        return self.verb_page(request, "status", title, **context)
