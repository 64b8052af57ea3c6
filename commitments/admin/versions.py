"""A thing's history: what was published and by whom, what differs between any two versions and the desk, and the way
back: undo in the open, discard what nobody published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments import actions
from commitments.actions.restoring import Document, document_now
from commitments.actions.undoing import UNDONE, document_before, undone_by, why_not
from commitments.actions.writing import document_of
from commitments.admin.desk import state_of
from commitments.admin.differences import Difference, differences
from commitments.admin.names import labels_in
from commitments.admin.verb_forms import DiscardForm, UndoForm
from commitments.admin.verb_pages import Button, VerbPages, number, require, seen, seen_now, standing_seq
from commitments.groups import PUBLISH, RECORD_STATUS, RETRACT
from commitments.models import Edit, Entry, StatusChange, Version
from commitments.pages.sentences import label
from commitments.vocabulary import ENTRY_TYPES, NATURES

DESK = "desk"
UNDO_WORDS = {
    "retract": _("It is retracted: it stays readable, marked, with your reason."),
    "amend": _("The version before it stands again, as a correction with your reason."),
}


@dataclass(frozen=True)
class Told:
    """One version, in words."""

    n: int
    seq: int
    type: str
    nature: str
    by: str
    at: Any
    reason: str


class VersionPages(VerbPages):
    def get_urls(self) -> list[Any]:
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/undo/<int:seq>/", view(self.undo_view), name=f"{prefix}_undo"),
            path("<path:object_id>/discard/", view(self.discard_view), name=f"{prefix}_discard"),
            *super().get_urls(),
        ]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Five queries, and those of the two documents that are compared."""
        thing = self.thing_or_404(request, object_id)
        if not self.has_view_or_change_permission(request, thing):
            raise PermissionDenied
        pages = Paginator(Version.objects.filter(subject_id=thing.pk).select_related("entry").order_by("-n"), 50)
        page = pages.get_page(request.GET.get("p"))
        versions = list(page)
        newest = pages.count
        left, right = self._chosen(request, thing, newest)
        stored = {str(version.n): document_of(version) for version in versions}
        context = {
            "versions": [_told(version) for version in versions],
            "page": page,
            "newest": newest,
            "left": left,
            "right": right,
            "differences": self._differences(thing, left, right, stored) if right else [],
            "edits": Edit.objects.filter(subject_id=thing.pk).select_related("user").order_by("-id")[:50],
            "undo": self._undo_button(request, thing, versions),
            "thing": thing,
            "back": self.change_url(thing),
        }
        return self.verb_page(request, "history", gettext("History: %(thing)s") % {"thing": thing}, **context)

    def _chosen(self, request: HttpRequest, thing: Any, newest: int) -> tuple[str, str]:
        """The two sides asked for; unasked, the newest difference there is."""
        sides = request.GET.get("from", ""), request.GET.get("to", "")
        if any(sides):
            if not all(side == DESK or 1 <= (number(side) or 0) <= newest for side in sides):
                raise Http404
            return sides
        if newest and state_of(thing) == "edited":
            return str(newest), DESK
        return (str(newest - 1), str(newest)) if newest > 1 else ("", "")

    def _differences(self, thing: Any, left: str, right: str, stored: dict[str, Document]) -> list[Difference]:
        before, after = self._document(thing, left, stored), self._document(thing, right, stored)
        labels = labels_in([(thing.subject_type, before), (thing.subject_type, after)])
        return differences(thing.subject_type, before, after, labels)

    def _document(self, thing: Any, side: str, stored: dict[str, Document]) -> Document:
        if side == DESK:
            return document_now(thing)
        return stored.get(side) or document_of(Version.objects.get(subject_id=thing.pk, n=side))

    def _undo_button(self, request: HttpRequest, thing: Any, versions: list[Version]) -> Button | None:
        newest = versions[0].entry if versions else None
        if newest is None or not is_taken_back(newest) or not request.user.has_perm(may_undo(newest)):
            return None
        return Button(gettext("Undo the newest entry"), self.page_url("undo", quote(thing.pk), str(newest.pk)))

    def undo_view(self, request: HttpRequest, object_id: str, seq: int) -> HttpResponse:
        thing = self.thing_or_404(request, object_id)
        entry = Entry.objects.select_related("published").filter(pk=seq, subject_id=thing.pk).first()
        if entry is None:
            raise Http404
        require(request, may_undo(entry))
        if entry.subject_type == "status_change":
            return HttpResponseRedirect(correction_page(thing))
        form = UndoForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            undone = {"entry": entry, "by": request.user, "seen": seen(request)}
            if form.written(actions.undo_entry, **undone, **form.cleaned_data):
                return self.done(request, gettext("Undone by a new entry."), self.page_url("history", quote(thing.pk)))
        context = {
            "form": form,
            "submit": gettext("Undo it"),
            "seen": seen_now(request, form, standing_seq(thing)),
            "told": _told(entry.published),
            "why_not": why_not(entry),
            "becomes": UNDO_WORDS.get(undone_by(entry), ""),
            "differences": self._undone(thing, entry),
            "back": self.page_url("history", quote(thing.pk)),
        }
        return self.verb_page(request, "undo", gettext("Undo: %(thing)s") % {"thing": thing}, **context)

    def _undone(self, thing: Any, entry: Entry) -> list[Difference]:
        if undone_by(entry) != "amend" or entry.type != "amend":
            return []
        after = document_before(entry)
        before = document_of(entry.published)
        noun = thing.subject_type
        return differences(noun, before, after, labels_in([(noun, before), (noun, after)]))

    def discard_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        require(request, PUBLISH)
        thing = self.thing_or_404(request, object_id)
        if not thing.is_published:
            raise Http404
        form = DiscardForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and form.written(actions.discard_edits, thing=thing, by=request.user):
            told = gettext("Discarded: the desk says what the public reads.")
            return self.done(request, told, self.change_url(thing))
        newest = Version.objects.get(subject_id=thing.pk, until_seq__isnull=True).n
        context = {
            "form": form,
            "submit": gettext("Discard these edits"),
            "differences": self._differences(thing, DESK, str(newest), {}),
            "back": self.change_url(thing),
        }
        title = gettext("Discard edits: %(thing)s") % {"thing": thing}
        return self.verb_page(request, "discard", title, **context)


def may_undo(entry: Entry) -> str:
    """The permission that it takes."""
    if entry.subject_type == "status_change":
        return RECORD_STATUS
    return RETRACT if entry.type == "publish" else PUBLISH


def is_taken_back(entry: Entry) -> bool:
    """By a new entry, or, of a status, by the form that corrects it."""
    return entry.subject_type == "status_change" or entry.type in UNDONE


def correction_page(change: StatusChange) -> str:
    """A status is corrected from its commitment's page."""
    arguments = [quote(change.commitment_id), change.pk]
    return reverse("admin:commitments_commitment_correct", args=arguments)


def _told(version: Version) -> Told:
    body = orjson.loads(bytes(version.body))
    return Told(
        n=version.n,
        seq=version.entry_id,
        type=label(ENTRY_TYPES, version.type) if version.type in ENTRY_TYPES else version.type,
        nature=label(NATURES, version.entry.nature),
        by=version.entry.by,
        at=version.entry.recorded_at,
        reason=body["reason"],
    )
