"""Two people on one thing at once. A form carries the document that its reader began with; what somebody else saved
in between is never written over unseen: it goes together with this input, or the person chooses.

To know what an input means, the desk is set back to where the form began and the input is applied to it, inside
the transaction; only then is it laid over what stands now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core import signing
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from commitments.actions.refusals import Refused
from commitments.actions.restoring import Document, document_now, remake, restore, rows_of
from commitments.actions.writing import check_deferred, digest_of
from commitments.admin.differences import Difference, differences, label_of
from commitments.admin.names import labels_in
from commitments.admin.three_ways import Group, Merged, choices, merged
from commitments.models.desk import DeskNoun
from commitments.models.refusals import sentence_of

BASE, SEEN, CHOICE = "desk-base", "desk-seen", "desk-choice-"
SALT = "commitments.admin.conflicts"


@dataclass(frozen=True)
class Base:
    """What a form began with: the document, and the keys of the rows that its parts name."""

    document: Document
    rows: dict[str, list[int]]
    was_published: bool


@dataclass(frozen=True)
class Choice:
    """One thing that both changed: how it was, theirs and mine, and what can be taken."""

    name: str
    label: str
    base: list[Difference]
    theirs: list[Difference]
    mine: list[Difference]
    sides: list[tuple[str, str]]


class Undone(Exception):
    """Everything this request did at the desk is taken back; the response is shown instead."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response
        super().__init__()


def signed_base(thing: DeskNoun) -> str:
    told = [document_now(thing), rows_of(thing), thing.is_published]
    return signing.dumps(told, salt=SALT, compress=True)


def base_of(request: HttpRequest, object_id: str) -> Base | None:
    """None: the form carries none, or one of another thing or another installation."""
    try:
        base = Base(*signing.loads(request.POST.get(BASE, ""), salt=SALT))
    except signing.BadSignature:
        return None
    return base if base.document["id"] == unquote(object_id) else None


class ConflictsTold(admin.ModelAdmin):
    """Stands before what locks the row and tells refusals."""

    subject_type: str

    def render_change_form(self, request: HttpRequest, context: Any, **options: Any) -> HttpResponse:
        thing = options.get("obj")
        if thing is not None and self.has_change_permission(request, thing):
            context |= {"desk_base": request.POST.get(BASE) or signed_base(thing)}
        return super().render_change_form(request, context, **options)

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **options)
        except Undone as undone:
            return undone.response

    def message_user(self, request: HttpRequest, message: Any, *args: Any, **options: Any) -> None:
        """While an input is only tried, nothing is said of it."""
        if not getattr(request, "is_desk_trial", False):
            super().message_user(request, message, *args, **options)

    def _changeform_view(self, request: HttpRequest, object_id: Any, *args: Any) -> HttpResponse:
        if request.method != "POST" or object_id is None:
            return super()._changeform_view(request, object_id, *args)  # type: ignore[misc]
        base, thing = base_of(request, object_id), self.get_object(request, unquote(object_id))
        if thing is None and base is not None:
            thing = self._made_again(request, base)
        elif thing is None or not self.has_change_permission(request, thing):
            self._tell_published_meanwhile(request, base, thing)
            return super()._changeform_view(request, object_id, *args)  # type: ignore[misc]
        elif base is None:
            request.desk_refusal = gettext("This page does not say what you began with. Open it again and save anew.")  # type: ignore[attr-defined]
            return super()._changeform_view(request, object_id, *args)  # type: ignore[misc]
        theirs = document_now(thing)
        if base is not None and theirs == base.document:
            return super()._changeform_view(request, object_id, *args)  # type: ignore[misc]
        return self._laid_over(request, object_id, thing, base, theirs, args)

    def _laid_over(
        self, request: HttpRequest, object_id: str, thing: Any, base: Any, theirs: Document, args: Any
    ) -> HttpResponse:
        """The input, laid over what somebody else saved since."""
        self._set_back(request, thing, base)
        request.is_desk_trial = True  # type: ignore[attr-defined]
        response = super()._changeform_view(request, object_id, *args)  # type: ignore[misc]
        request.is_desk_trial = False  # type: ignore[attr-defined]
        if not isinstance(response, HttpResponseRedirect):
            raise Undone(response.render())
        mine = document_now(thing)
        chosen = _chosen(request) if request.POST.get(SEEN) == digest_of(theirs) else {}
        result = merged(thing.subject_type, base.document, theirs, mine, chosen)
        if mine == base.document:
            self._say(request, thing, result)
            raise Undone(response)
        if result.conflicts:
            raise Undone(self._choice_page(request, thing, base.document, theirs, mine, result, bool(chosen)))
        restore(thing, result.document)
        check_deferred()
        self._say(request, thing, result)
        return response

    def _set_back(self, request: HttpRequest, thing: Any, base: Base) -> None:
        try:
            restore(thing, base.document, rows=base.rows)
        except (IntegrityError, Refused) as error:
            told = sentence_of(error) if isinstance(error, IntegrityError) else str(error)
            raise Undone(self._input_page(request, told)) from error

    def _say(self, request: HttpRequest, thing: Any, result: Merged) -> None:
        listed = ", ".join(f"“{label_of(thing.subject_type, member)}”" for member in result.kept)
        told = gettext("Saved. Somebody else had saved it since you opened it; of theirs this was kept: %(members)s.")
        plain = gettext("Saved. Somebody else had saved it since you opened it; what you chose stands now.")
        messages.success(request, told % {"members": listed} if listed else plain)

    def _made_again(self, request: HttpRequest, base: Base) -> Any:
        """A draft that was deleted since, only where its writer chose so."""
        if not self.has_add_permission(request):
            raise Undone(self._input_page(request, gettext("It was deleted since you opened it.")))
        if request.POST.get(f"{CHOICE}deleted") != "mine":
            raise Undone(self._deleted_page(request))
        try:
            remake(self.model.subject_type, base.document, rows=base.rows)  # type: ignore[attr-defined]
        except (IntegrityError, Refused) as error:
            told = sentence_of(error) if isinstance(error, IntegrityError) else str(error)
            raise Undone(self._input_page(request, told)) from error
        return self.get_object(request, base.document["id"])

    def _tell_published_meanwhile(self, request: HttpRequest, base: Base | None, thing: Any) -> None:
        if thing is not None and base is not None and thing.is_published and not base.was_published:
            told = gettext("It was published since you opened it, and what is published only curators edit.")
            raise Undone(self._input_page(request, told))

    def _choice_page(
        self,
        request: HttpRequest,
        thing: Any,
        base: Document,
        theirs: Document,
        mine: Document,
        result: Merged,
        is_incomplete: bool,
    ) -> HttpResponse:
        noun = thing.subject_type
        labels = labels_in([(noun, document) for document in (base, theirs, mine)])
        told = [_choice(noun, group, base, theirs, mine, labels) for group in result.conflicts]
        context = {
            "title": gettext("Two people changed this: %(thing)s") % {"thing": thing},
            "choices": told,
            "kept": [label_of(noun, member) for member in result.kept],
            "added": [label_of(noun, member) for member in result.added],
            "carried": [*_carried(request), (SEEN, digest_of(theirs))],
            "is_incomplete": is_incomplete,
        }
        return self._page(request, "conflict", context)

    def _deleted_page(self, request: HttpRequest) -> HttpResponse:
        context = {"title": gettext("It was deleted since you opened it"), "carried": _carried(request)}
        return self._page(request, "deleted", context)

    def _input_page(self, request: HttpRequest, sentence: str) -> HttpResponse:
        """Nothing was saved, and nothing that was typed is lost."""
        typed = [(name, text) for name, text in _carried(request) if text and name != BASE and "_FORMS" not in name]
        return self._page(request, "input", {"title": gettext("Not saved"), "sentence": sentence, "typed": typed})

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        told = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media, "back": request.path}
        page = TemplateResponse(request, f"admin/desk/{template}.html", told | context, status=409)
        return page.render()


def _choice(
    noun: str, group: Group, base: Document, theirs: Document, mine: Document, labels: dict[str, str]
) -> Choice:
    words = {
        "theirs": gettext("Theirs"),
        "mine": gettext("Mine"),
        "base": gettext("As it was before"),
        "both": gettext("Both: all that either of us added"),
    }
    return Choice(
        name=f"{CHOICE}{group[0]}",
        label=label_of(noun, group[0]),
        base=differences(noun, None, base, labels, only=group),
        theirs=differences(noun, base, theirs, labels, only=group),
        mine=differences(noun, base, mine, labels, only=group),
        sides=[(side, words[side]) for side in choices(noun, group)],
    )


def _chosen(request: HttpRequest) -> dict[str, str]:
    return {name.removeprefix(CHOICE): side for name, side in request.POST.items() if name.startswith(CHOICE)}  # type: ignore[misc]


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    """The input, so that it can be sent again; files cannot."""
    own = ("csrfmiddlewaretoken", SEEN)
    names = [name for name in request.POST if name not in own and not name.startswith(CHOICE)]
    return [(name, text) for name in names for text in request.POST.getlist(name)]
