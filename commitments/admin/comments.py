"""Remarks on a thing of the desk: never public, resolved by whoever settled them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments import actions
from commitments.admin.verb_forms import VerbForm
from commitments.admin.verb_pages import VerbPages, number, require
from commitments.models import Comment

COMMENT = "commitments.add_comment"


class CommentForm(VerbForm):
    text = forms.CharField(
        label=_("Comment"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text=_("For those who work here; never public."),
    )


def told_on(comments: QuerySet) -> list[Comment]:
    """Oldest first, with who wrote and who resolved them. One query."""
    return list(comments.select_related("by", "resolved_by").order_by("pk"))


class CommentPages(VerbPages):
    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_comments"
        view = self.admin_site.admin_view(self.comments_view)
        return [path("<path:object_id>/comments/", view, name=name), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, **options: Any) -> HttpResponse:
        thing = options.get("obj")
        if thing is not None:
            context |= {
                "comments": told_on(Comment.objects.on(thing.pk).unresolved()),
                "comments_url": self.page_url("comments", quote(thing.pk)),
            }
        return super().render_change_form(request, context, **options)

    def comments_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        thing = self.thing_or_404(request, object_id)
        if not self.has_view_or_change_permission(request, thing):
            raise PermissionDenied
        if "resolve" in request.POST:
            return self._resolved(request, thing)
        form = CommentForm(request.POST or None)
        if request.method == "POST":
            require(request, COMMENT)
            if form.is_valid() and form.written(actions.comment, thing=thing, by=request.user, **form.cleaned_data):
                return self.done(request, gettext("Commented."), self.page_url("comments", quote(thing.pk)))
        context = {
            "form": form,
            "submit": gettext("Comment"),
            "comments": told_on(Comment.objects.on(thing.pk)),
            "may_comment": request.user.has_perm(COMMENT),
            "back": self.change_url(thing),
        }
        return self.verb_page(request, "comments", gettext("Comments: %(thing)s") % {"thing": thing}, **context)

    def _resolved(self, request: HttpRequest, thing: Any) -> HttpResponse:
        require(request, COMMENT)
        told = Comment.objects.on(thing.pk).filter(pk=number(request.POST["resolve"]) or 0).first()
        if told is None:
            raise Http404
        actions.resolve(comment=told, by=request.user)
        return self.done(request, gettext("Resolved."), self.page_url("comments", quote(thing.pk)))
