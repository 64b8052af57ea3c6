"""What the pages of verbs share, whatever their noun: addresses, permission, what their reader saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from commitments.actions.filling import documents_of
from commitments.actions.writing import digest_of
from commitments.admin.verb_forms import VerbForm
from commitments.models.desk import DeskNoun
from commitments.models.record import STANDINGS

REVIEWED = "reviewed-"


@dataclass(frozen=True)
class Button:
    """Without an address it says why there is nothing to press."""

    label: str
    url: str = ""


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
    return number(request.POST.get(name, ""))


def number(text: str) -> int | None:
    """A whole number that the database can hold; None: it is none."""
    return int(text) if text.isdecimal() and len(text) <= 18 else None


def digests_of(things: Sequence[DeskNoun]) -> dict[str, str]:
    """By id what a page shows of each thing; it carries them so that nothing else is published than was read."""
    return {document["id"]: digest_of(document) for _, document in documents_of(things)}


def reviewed_in(request: HttpRequest) -> dict[str, str]:
    """The digests that a page carried."""
    carried = [name for name in request.POST if name.startswith(REVIEWED)]
    return {name.removeprefix(REVIEWED): request.POST[name] for name in carried}


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
