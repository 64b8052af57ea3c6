"""Fetches: what was asked for, what came of it, and what the servers answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments import actions
from commitments.admin.recapture import likenesses
from commitments.admin.verb_forms import VerbForm
from commitments.admin.verbs import Button, VerbPages
from commitments.captures.display import plain
from commitments.models import Fetch, FetchedWarc, Source
from commitments.models.captures import FETCH_STATES

ASK = "commitments.add_fetch"
GLYPHS = {"waiting": "…", "running": "▶", "done": "✓", "failed": "✗"}


class AskForm(VerbForm):
    url = forms.URLField(
        label=gettext_lazy("Address"),
        max_length=2000,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField"}),
        help_text=gettext_lazy(
            "Of one page of the public internet. The worker fetches it; a source is drafted, or, where the address is "
            "recorded already, captured again."
        ),
    )


@admin.register(Fetch)
class FetchAdmin(VerbPages):
    change_form_template = "admin/desk/fetch_form.html"
    list_display = ["address", "purpose", "state_shown", "what_came", "requested_by", "requested_at", "of_source"]
    list_filter = ["state", "purpose"]
    list_select_related = ["source", "requested_by"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["url", "=id"]
    fields = [
        "address",
        "purpose",
        "state_shown",
        "what_came",
        "of_source",
        ("asked_by", "requested_at"),
        ("attempts", "not_before", "finished_at"),
        ("status_code", "kind_told"),
        "final",
    ]

    class Media:
        css = {"all": ["admin-desk/desk.css", "admin-desk/captures.css"]}

    @admin.display(description=gettext_lazy("address"), ordering="url")
    def address(self, fetch: Fetch) -> str:
        return shortened(fetch.url)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, fetch: Fetch) -> str:
        return format_html(
            '<span class="desk-fetch desk-fetch-{}"><span aria-hidden="true">{}</span> {}</span>',
            fetch.state,
            GLYPHS[fetch.state],
            FETCH_STATES[fetch.state],
        )

    @admin.display(description=gettext_lazy("what came of it"))
    def what_came(self, fetch: Fetch) -> str:
        return plain(fetch.problem or fetch.outcome) or "–"

    @admin.display(description=gettext_lazy("source"), ordering="source__title")
    def of_source(self, fetch: Fetch) -> str:
        if fetch.source is None:
            return "–"
        url = reverse("admin:commitments_source_change", args=[quote(fetch.source.pk)])
        return format_html('<a href="{}">{}</a>', url, plain(fetch.source.title))

    @admin.display(description=gettext_lazy("requested by"))
    def asked_by(self, fetch: Fetch) -> str:
        """Django would lead to the account, which few may look at."""
        return str(fetch.requested_by)

    @admin.display(description=gettext_lazy("media type"))
    def kind_told(self, fetch: Fetch) -> str:
        return plain(fetch.media_type) or "–"

    @admin.display(description=gettext_lazy("final address"))
    def final(self, fetch: Fetch) -> str:
        return plain(fetch.final_url) or "–"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrapped = self.admin_site.admin_view
        return [
            path("<path:object_id>/again/", wrapped(self.again_view), name=f"{name}_again"),
            path("<path:object_id>/warc/", wrapped(self.warc_view), name=f"{name}_warc"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: Any, **options: Any) -> HttpResponse:
        fetch = options["obj"]
        context |= {"buttons": self.buttons(request, fetch), "redirects": fetch.redirects}
        if fetch.capture_id and fetch.source_id:
            context["likenesses"] = likenesses(Source.objects.get(pk=fetch.source_id))
        return super().render_change_form(request, context, **options)

    def buttons(self, request: HttpRequest, fetch: Fetch) -> list[Button]:
        found = []
        if fetch.state == "failed" and request.user.has_perm(ASK):
            found.append(Button(_("Try again"), self.page_url("again", quote(fetch.pk))))
        if FetchedWarc.objects.filter(pk=fetch.pk).exists():
            found.append(Button(_("Download the WARC"), self.page_url("warc", quote(fetch.pk))))
        return found

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not request.user.has_perm(ASK):
            raise PermissionDenied
        form = AskForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            asked = actions.ask_for(url=form.cleaned_data["url"], by=request.user)
            return self.done(request, _("Asked for: the worker fetches the page."), self.change_url(asked))
        back = self.page_url("changelist")
        return self.verb_page(request, "verb", _("Fetch a page"), form=form, submit=_("Fetch it"), back=back)

    def again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if not request.user.has_perm(ASK):
            raise PermissionDenied
        fetch = self.thing_or_404(request, object_id)
        if fetch.state != "failed":
            raise Http404
        form = VerbForm(request.POST or None)
        asked = {"url": fetch.url, "purpose": fetch.purpose, "source": fetch.source, "by": request.user}
        if request.method == "POST" and form.is_valid() and form.written(actions.ask_for, **asked):
            return self.done(request, _("Asked for again."), self.page_url("changelist"))
        title = _("Try again: %(url)s") % {"url": shortened(fetch.url)}
        return self.verb_page(request, "verb", title, form=form, submit=_("Try again"), back=self.change_url(fetch))

    def warc_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """As a file, never as a page: what is in it is a stranger's."""
        fetch = self.thing_or_404(request, object_id)
        if not self.has_view_permission(request, fetch):
            raise PermissionDenied
        kept = FetchedWarc.objects.filter(fetch=fetch).first()
        if kept is None:
            raise Http404
        answer = HttpResponse(bytes(kept.data), content_type="application/warc")
        answer["Content-Disposition"] = f'attachment; filename="{fetch.pk}.warc"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


def shortened(url: str) -> str:
    shown = plain(url)
    return shown if len(shown) <= 90 else f"{shown[:88]}…"
