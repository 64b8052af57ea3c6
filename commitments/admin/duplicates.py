"""Possible duplicates: pairs that were found alike, to be compared and merged, or parted for good; and earlier
commitments that one may follow from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from commitments.actions.filling import MODELS
from commitments.actions.likeness import folded, look
from commitments.admin.verbs import require
from commitments.groups import MERGE
from commitments.models import Commitment, Likeness
from commitments.models.desk import DeskNoun
from commitments.models.record import CommitmentStanding

ON_A_PAGE = 50
MOST_FOREBEARS = 5
MOST_COMPARED = 200
REASONS: dict[str, Promise] = {
    "same_words": _("The same words"),
    "near_words": _("Nearly the same words"),
    "same_words_shared": _("The same words, and a party, publisher or date in common"),
    "same_text": _("The same text, under another title or address"),
    "near_text": _("In great part the same text"),
    "near_words_shared": _("Nearly the same words, and a party, publisher or date in common"),
}


@dataclass(frozen=True)
class Pair:
    """Two published things in words: `goes` was recorded later."""

    likeness: Likeness
    stays: DeskNoun
    goes: DeskNoun

    @property
    def noun(self) -> str:
        return str(self.stays._meta.verbose_name).capitalize()

    @property
    def reason(self) -> str:
        return str(REASONS[self.likeness.reason])

    @property
    def merge_url(self) -> str:
        return f"{_url(self.goes, 'merge')}?{urlencode({'into': self.stays.pk})}"

    @property
    def urls(self) -> tuple[str, str]:
        return _url(self.stays, "change"), _url(self.goes, "change")


def _url(thing: DeskNoun, name: str) -> str:
    return reverse(f"admin:commitments_{thing._meta.model_name}_{name}", args=[quote(thing.pk)])


def count() -> int:
    """How many pairs wait for an answer. One query."""
    return Likeness.objects.unanswered().count()


def pairs(limit: int) -> list[Pair]:
    """The most alike first. At most four queries."""
    return in_words(Likeness.objects.unanswered()[:limit])


def in_words(likenesses: Sequence[Likeness]) -> list[Pair]:
    wanted: dict[str, set[str]] = {}
    for found in likenesses:
        wanted.setdefault(found.subject_type, set()).update([found.one_id, found.other_id])
    things: dict[str, DeskNoun] = {}
    for noun, ids in wanted.items():
        things |= MODELS[noun].objects.in_bulk(list(ids))
    return [Pair(found, things[found.one_id], things[found.other_id]) for found in likenesses]


@dataclass(frozen=True)
class Forebear:
    """An earlier commitment of the same parties and kind, and what the later one may be to it."""

    id: str
    title: str
    question: str

    @property
    def url(self) -> str:
        return reverse("admin:commitments_commitment_change", args=[quote(self.id)])


def forebears(commitment: Commitment) -> list[Forebear]:
    """Earlier published ones of the same parties and kind that its lineage does not name. Three queries."""
    parties = sorted({party.actor_id for party in commitment.parties.all()})
    if not parties:
        return []
    named = {link.target_id for link in commitment.lineage.all()}
    alike = CommitmentStanding.objects.current().filter(parties__contains=parties, kind=commitment.kind_id)
    earlier = alike.filter(merged_into=None, retracted=False, made_latest__lt=commitment.made_on.earliest)
    rows = earlier.exclude(subject_id__in=[*named, commitment.pk]).order_by("-made_latest", "subject_id")
    found = list(rows.values_list("subject_id", "label", "form")[:MOST_COMPARED])
    words = " ".join(folded(commitment.title_en))
    found.sort(key=lambda row: fuzz.ratio(words, " ".join(folded(row[1]))), reverse=True)
    return [Forebear(i, label, _question(form)) for i, label, form in found[:MOST_FOREBEARS]]


def _question(form: str) -> str:
    return gettext("is part of it?") if form == "framework" else gettext("renews or strengthens it?")


def page(request: HttpRequest) -> HttpResponse:
    require(request, MERGE)
    if request.method == "POST":
        return _answered(request)
    shown = Paginator(Likeness.objects.unanswered(), ON_A_PAGE).get_page(request.GET.get("p"))
    context = {
        **admin.site.each_context(request),
        "title": gettext("Possible duplicates"),
        "page": shown,
        "pairs": in_words(list(shown)),
    }
    return TemplateResponse(request, "admin/desk/duplicates.html", context)


def _answered(request: HttpRequest) -> HttpResponse:
    """“Not the same”, which is remembered, or “Look again”."""
    if "look" in request.POST:
        number = look()
        told = ngettext("%(count)d pair waits for an answer.", "%(count)d pairs wait for an answer.", number)
        messages.success(request, told % {"count": number})
    elif (pair := request.POST.get("pair", "")).isdecimal() and len(pair) < 19:
        parted = {"parted_by": request.user, "parted_at": timezone.now()}
        Likeness.objects.filter(pk=pair, parted_by=None).update(**parted)
        messages.success(request, gettext("Remembered: they are not the same."))
    return HttpResponseRedirect(request.get_full_path())


def with_page(urls: Callable[[], list[Any]]) -> Callable[[], list[Any]]:
    """The admin's own addresses, and this page's."""
    view = admin.site.admin_view(page)
    return lambda: [path("commitments/duplicates/", view, name="duplicates"), *urls()]
