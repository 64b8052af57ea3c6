"""Publish, publish edits, retract: pages of a noun's admin, each one small form that calls an action."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments import actions
from commitments.admin.badges import state_badge
from commitments.admin.closure import needed_by, things_of
from commitments.admin.comments import CommentPages
from commitments.admin.desk import DeskAdmin, state_of
from commitments.admin.differences import compared
from commitments.admin.public_pages import address_of, with_links
from commitments.admin.reviews import ADD as ADD_SET
from commitments.admin.reviews import own_among, review_button, submit_url
from commitments.admin.verb_forms import AmendForm, PublishForm, RetractForm
from commitments.admin.verb_pages import (
    Button,
    VerbPages,
    digests_of,
    require,
    reviewed_in,
    seen,
    seen_now,
    standing_seq,
)
from commitments.admin.versions import VersionPages
from commitments.groups import PUBLISH, RECORD_STATUS, RETRACT
from commitments.models.desk import DeskNoun


def may_publish_beside(left: list[DeskNoun], asked: list[DeskNoun]) -> bool:
    """Whether something of `asked` is left to publish, `left` being this person's own. What the rest needs and this
    person wrote leaves nothing."""
    return {thing.pk for thing in left} < {thing.pk for thing in asked}


def _public_page(thing: DeskNoun) -> list[Button]:
    address = address_of(thing) if thing.is_published else ""
    return [Button(gettext("Public page"), address)] if address else []


class PublishableAdmin(VersionPages, CommentPages, VerbPages, DeskAdmin):
    actions = ["publish_chosen", "publish_edits_of_chosen", "submit_chosen"]
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
            buttons = [*self.buttons(request, thing), *_public_page(thing)]
            context |= {"state": state_badge(state_of(thing)), "buttons": buttons}
        return super().render_change_form(request, context, **options)

    def buttons(self, request: HttpRequest, thing: Any) -> list[Button]:
        state, user = state_of(thing), request.user
        chosen = f"?{urlencode({'id': thing.pk})}"
        found = review_button(request, thing, state)
        if state == "draft" and user.has_perm(PUBLISH):
            found.append(self._unless_own(request, thing, gettext("Publish"), self.page_url("publish") + chosen))
        if state in ("edited", "retracted") and self.is_amended and user.has_perm(PUBLISH):
            label = gettext("Publish edits") if state == "edited" else gettext("Reinstate")
            found.append(self._unless_own(request, thing, label, self.page_url("publish_edits") + chosen))
        if state == "edited" and user.has_perm(PUBLISH):
            found.append(Button(gettext("Discard edits"), self.page_url("discard", quote(thing.pk))))
        if state in ("published", "edited") and self.is_amended and user.has_perm(RETRACT):
            found.append(Button(gettext("Retract"), self.page_url("retract", quote(thing.pk))))
        return found

    def _unless_own(self, request: HttpRequest, thing: Any, label: str, url: str) -> Button:
        """One query where SECOND_PERSON is set."""
        if own_among([thing], request.user):
            return Button(gettext("Another curator publishes what you wrote"))
        return Button(label, url)

    def has_submit_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(ADD_SET)

    @admin.action(description=_("Submit those chosen for review"), permissions=["submit"])
    def submit_chosen(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        return HttpResponseRedirect(submit_url(request, queryset))

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
        found = list(
            self.get_queryset(request).filter(pk__in=[i for i in request.GET.getlist("id") if "\x00" not in i])
        )
        if not found:
            raise Http404
        return found

    def publish_view(self, request: HttpRequest) -> HttpResponse:
        """Takes the ids of whatever nouns: a set has many."""
        require(request, PUBLISH)
        asked = things_of(request.GET.getlist("id"))
        if not asked:
            raise Http404
        choices = [*asked, *needed_by([thing for thing in asked if not thing.is_published])]
        left = own_among(choices, request.user)
        may_publish = may_publish_beside(left, asked)
        form = PublishForm(request.POST or None, choices=choices, left=left if may_publish else ())
        if request.method == "POST" and form.is_valid():
            things = things_of(form.cleaned_data["things"])
            if any(thing.subject_type == "status_change" for thing in things):
                require(request, RECORD_STATUS)
            if form.written(actions.publish, things=things, by=request.user, reason=form.cleaned_data["reason"]):
                said = gettext("Published: %(number)s in one set.") % {"number": len(things)}
                return self.done(request, with_links(said, things), self._after(asked))
        context = {"left": left, "may_publish": may_publish, "submit_url": submit_url(request, asked)}
        told = {"form": form, "submit": gettext("Publish"), "back": self._after(asked)}
        return self.verb_page(request, "publish", gettext("Publish"), **told | context)

    def publish_edits_view(self, request: HttpRequest) -> HttpResponse:
        require(request, PUBLISH)
        asked = self.asked(request)
        form = AmendForm(request.POST or None)
        saw = {thing.pk: seen(request, f"seen-{thing.pk}") for thing in asked} if request.POST else {}
        if request.method == "POST" and form.is_valid():
            amended = {"things": asked, "by": request.user, "seen": saw, "reviewed": reviewed_in(request)}
            if form.written(actions.amend, **amended, **form.cleaned_data):
                said = gettext("Edits published: %(number)s.") % {"number": len(asked)}
                return self.done(request, with_links(said, asked), self._after(asked))
        if not saw or form.conflict:
            saw = {thing.pk: standing_seq(thing) for thing in asked}
        told = {"compared": compared(asked), "reviewed": digests_of(asked), "moved": actions.moved_by(asked)}
        left = own_among(asked, request.user)
        told |= {"left": left, "may_publish": not left, "submit_url": submit_url(request, asked)}
        told["reinstated"] = [thing for thing in asked if thing.is_retracted]  # type: ignore[attr-defined]
        title = gettext("Reinstate") if len(told["reinstated"]) == len(asked) else gettext("Publish edits")
        context = told | {"form": form, "submit": title, "saw": saw}
        return self.verb_page(request, "amend", title, back=self._after(asked), **context)

    def _after(self, asked: list[DeskNoun]) -> str:
        own = [thing for thing in asked if isinstance(thing, self.model)]
        return self.change_url(own[0]) if len(own) == 1 else self.page_url("changelist")

    def retract_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        require(request, RETRACT)
        thing = self.thing_or_404(request, object_id)
        form = RetractForm(request.POST or None)
        parts = self.correction_forms(request, thing)
        valid = request.method == "POST" and all([form.is_valid(), *(part.is_valid() for part in parts)])
        if valid and "preview" not in request.POST:
            corrections = [part.correction(reason=form.cleaned_data["reason"]) for part in parts]
            retracted = {"thing": thing, "by": request.user, "seen": seen(request), "corrections": corrections}
            if form.written(actions.retract, **retracted, **form.cleaned_data):
                return self.done(
                    request,
                    gettext("Retracted: %(thing)s.") % {"thing": str(thing).rstrip(".")},
                    self.change_url(thing),
                )
        context = {
            "form": form,
            "parts": parts,
            "has_no_way": any(part.has_no_way for part in parts),
            "previews": [(part.change.commitment, part.preview) for part in parts] if valid and form.is_valid() else [],
            "seen": seen_now(request, form, standing_seq(thing)),
            "submit": gettext("Retract"),
            "back": self.change_url(thing),
        }
        return self.verb_page(request, "retract", gettext("Retract: %(thing)s") % {"thing": thing}, **context)

    def correction_forms(self, request: HttpRequest, thing: DeskNoun) -> list[Any]:
        """Of a claim, a form for each status that would fall with it."""
        return []
