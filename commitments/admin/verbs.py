"""Publish, publish edits, retract: pages of a noun's admin, each one small form that calls an action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments import actions
from commitments.actions.filling import MODELS, documents_of
from commitments.admin.badges import state_badge
from commitments.admin.closure import needed_by, things_of
from commitments.admin.desk import DeskAdmin, state_of
from commitments.admin.verb_forms import AmendForm, PublishForm, RetractForm, VerbForm
from commitments.groups import PUBLISH, RECORD_STATUS, RETRACT
from commitments.models.desk import DeskNoun
from commitments.models.record import STANDINGS, Version


@dataclass(frozen=True)
class Button:
    label: str
    url: str


def require(request: HttpRequest, *permissions: str) -> None:
    if not request.user.has_perms(permissions):
        raise PermissionDenied


def standing_seq(thing: DeskNoun) -> int | None:
    """The entry that opened what the public now sees of the thing."""
    standings = STANDINGS[thing.subject_type].objects.current().filter(subject_id=thing.pk)
    return standings.values_list("seq", flat=True).first()


def seen_now(request: HttpRequest, form: VerbForm, now: int | None) -> int | None:
    """What the form carries: what its reader saw first, and once told of a conflict, what stands now."""
    if request.method == "POST" and not form.conflict:
        return seen(request)
    return now


def seen(request: HttpRequest, name: str = "seen") -> int | None:
    told = request.POST.get(name, "")
    return int(told) if told.isdecimal() else None


class VerbPages(admin.ModelAdmin):
    """What the pages of verbs share, whatever their noun."""

    def page_url(self, name: str, *arguments: str) -> str:
        opts = self.opts
        return reverse(f"{self.admin_site.name}:{opts.app_label}_{opts.model_name}_{name}", args=arguments)

    def change_url(self, thing: Any) -> str:
        return self.page_url("change", quote(thing.pk))

    def thing_or_404(self, request: HttpRequest, object_id: str) -> Any:
        thing = self.get_object(request, unquote(object_id))
        if thing is None:
            raise Http404
        return thing

    def verb_page(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        told = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "media": self.media,
        }
        return TemplateResponse(request, f"admin/desk/{template}.html", told | context)

    def done(self, request: HttpRequest, sentence: str, url: str) -> HttpResponseRedirect:
        messages.success(request, sentence)
        return HttpResponseRedirect(url)


class PublishableAdmin(VerbPages, DeskAdmin):
    actions = ["publish_chosen", "publish_edits_of_chosen"]
    # A recorded status change is corrected, never amended or retracted.
    is_amended = True

    def get_urls(self) -> list[Any]:
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("publish/", view(self.publish_view), name=f"{prefix}_publish"),
            path("publish-edits/", view(self.publish_edits_view), name=f"{prefix}_publish_edits"),
            path("<path:object_id>/retract/", view(self.retract_view), name=f"{prefix}_retract"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: Any, **options: Any) -> HttpResponse:
        thing = options.get("obj")
        if thing is not None:
            context |= {"state": state_badge(state_of(thing)), "buttons": self.buttons(request, thing)}
        return super().render_change_form(request, context, **options)

    def buttons(self, request: HttpRequest, thing: Any) -> list[Button]:
        state, user = state_of(thing), request.user
        chosen = f"?{urlencode({'id': thing.pk})}"
        found = []
        if state == "draft" and user.has_perm(PUBLISH):
            found.append(Button(gettext("Publish"), self.page_url("publish") + chosen))
        if state in ("edited", "retracted") and self.is_amended and user.has_perm(PUBLISH):
            label = gettext("Publish edits") if state == "edited" else gettext("Reinstate")
            found.append(Button(label, self.page_url("publish_edits") + chosen))
        if state in ("published", "edited") and self.is_amended and user.has_perm(RETRACT):
            found.append(Button(gettext("Retract"), self.page_url("retract", quote(thing.pk))))
        return found

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PUBLISH)

    @admin.action(description=_("Publish the drafts chosen"), permissions=["publish"])
    def publish_chosen(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        return self._with_ids("publish", queryset)

    @admin.action(description=_("Publish the edits of those chosen"), permissions=["publish"])
    def publish_edits_of_chosen(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        return self._with_ids("publish_edits", queryset)

    def _with_ids(self, page: str, queryset: QuerySet) -> HttpResponse:
        ids = list(queryset.values_list("pk", flat=True))
        return HttpResponseRedirect(f"{self.page_url(page)}?{urlencode({'id': ids}, doseq=True)}")

    def asked(self, request: HttpRequest) -> list[DeskNoun]:
        found = list(self.get_queryset(request).filter(pk__in=request.GET.getlist("id")))
        if not found:
            raise Http404
        return found

    def publish_view(self, request: HttpRequest) -> HttpResponse:
        require(request, PUBLISH)
        asked = self.asked(request)
        choices = [*asked, *needed_by([thing for thing in asked if not thing.is_published])]
        form = PublishForm(request.POST or None, choices=choices)
        if request.method == "POST" and form.is_valid():
            things = things_of(form.cleaned_data["things"])
            if any(thing.subject_type == "status_change" for thing in things):
                require(request, RECORD_STATUS)
            if form.written(actions.publish, things=things, by=request.user, reason=form.cleaned_data["reason"]):
                return self.done(
                    request, gettext("Published: %(number)s in one set.") % {"number": len(things)}, self._after(asked)
                )
        return self.verb_page(
            request, "verb", gettext("Publish"), form=form, submit=gettext("Publish"), back=self._after(asked)
        )

    def publish_edits_view(self, request: HttpRequest) -> HttpResponse:
        require(request, PUBLISH)
        asked = self.asked(request)
        form = AmendForm(request.POST or None)
        saw = {thing.pk: seen(request, f"seen-{thing.pk}") for thing in asked} if request.POST else {}
        if request.method == "POST" and form.is_valid():
            amended = {"things": asked, "by": request.user, "seen": saw}
            if form.written(actions.amend, **amended, **form.cleaned_data):
                return self.done(
                    request, gettext("Edits published: %(number)s.") % {"number": len(asked)}, self._after(asked)
                )
        if not saw or form.conflict:
            saw = {thing.pk: standing_seq(thing) for thing in asked}
        told = {"differences": differences(asked), "moved": actions.moved_by(asked)}
        context = told | {"form": form, "submit": gettext("Publish edits"), "saw": saw}
        return self.verb_page(request, "amend", gettext("Publish edits"), back=self._after(asked), **context)

    def _after(self, asked: list[DeskNoun]) -> str:
        return self.change_url(asked[0]) if len(asked) == 1 else self.page_url("changelist")

    def retract_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        require(request, RETRACT)
        thing = self.thing_or_404(request, object_id)
        form = RetractForm(request.POST or None)
        parts = self.correction_forms(request, thing)
        if request.method == "POST" and all([form.is_valid(), *(part.is_valid() for part in parts)]):
            corrections = [part.correction() for part in parts]
            retracted = {
                "thing": thing,
                "by": request.user,
                "seen": seen(request),
                "corrections": corrections,
            }
            if form.written(actions.retract, **retracted, **form.cleaned_data):
                return self.done(request, gettext("Retracted: %(thing)s.") % {"thing": thing}, self.change_url(thing))
        context = {"form": form, "parts": parts, "seen": seen_now(request, form, standing_seq(thing))}
        return self.verb_page(
            request,
            "retract",
            gettext("Retract: %(thing)s") % {"thing": thing},
            submit=gettext("Retract"),
            back=self.change_url(thing),
            **context,
        )

    def correction_forms(self, request: HttpRequest, thing: DeskNoun) -> list[Any]:
        """Of a claim, a form for each status that would fall with it."""
        return []


def differences(things: list[DeskNoun]) -> list[dict[str, str]]:
    """Member by member, what the public reads and what the desk says."""
    current = Version.objects.filter(subject_id__in=[t.pk for t in things], until_seq__isnull=True)
    public = {v.subject_id: orjson.loads(bytes(v.body))["document"] for v in current}
    labels = {thing.pk: str(thing) for thing in things}
    return [
        {
            "thing": labels[desk["id"]],
            "member": member_told(noun, member),
            "public": told(before.get(member)),
            "desk": told(value),
        }
        for noun, desk in documents_of(things)
        if (before := public.get(desk["id"]))
        for member, value in desk.items()
        if value != before.get(member)
    ]


def member_told(noun: str, member: str) -> str:
    """A member of the document is called as its box on the form, where it has one."""
    boxes = {field.name: field.verbose_name for field in MODELS[noun]._meta.get_fields() if hasattr(field, "help_text")}
    return str(boxes.get(member, member.replace("_", " ")))


def told(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
