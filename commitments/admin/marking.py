"""The marking page: the captured text beside one form, from words to a passage, a claim and a status change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms import Media, Script
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from commitments.actions.second_person import own_work
from commitments.admin import marking_offers as offers
from commitments.admin.closure import needed_by
from commitments.admin.marking_drafts import Drafts
from commitments.admin.marking_input import MarkingInput
from commitments.admin.marking_text import Recorded, as_html, recorded
from commitments.admin.picks import offered
from commitments.admin.rehearsal import Rehearsed, rehearsed
from commitments.admin.reviews import ADD as ADD_SET
from commitments.admin.undoing import NotUndone, undo
from commitments.admin.verbs import Button, VerbPages, require
from commitments.groups import PUBLISH
from commitments.models import Capture, CaptureBytes, Source
from commitments.models.refusals import in_sentences, sentence_of

SUBMIT = "admin:commitments_reviewset_add"
NOUNS = ("passage", "claim", "statuschange", "actor", "office", "commitment")
DRAFTING = tuple(f"commitments.add_{noun}" for noun in NOUNS)
MOST_IN_A_SET = 150  # ids in an address
PICKED = ("actor", "office", "commitment", "occasion", "kind", "topic", "place")


@dataclass(frozen=True)
class Sheet:
    """The text of one capture on the table; `capture` is None where none is held."""

    source: Source
    captures: list[Any]
    capture: Capture | None
    text: str

    @classmethod
    def of(cls, source_id: str, capture_id: str = "") -> Sheet:
        """The capture asked for, else the newest held. Two queries."""
        captures = list(Capture.objects.filter(source=source_id).select_related("source").order_by("-id"))
        source = captures[0].source if captures else Source.objects.filter(pk=source_id).first()
        if source is None:
            raise Http404
        held = CaptureBytes.objects.filter(capture__source=source_id).order_by("-capture_id")
        row = (held.filter(capture=capture_id) if capture_id else held).values_list("capture_id", "text").first()
        if row is None and capture_id:
            raise Http404
        chosen = next((c for c in captures if row and c.pk == row[0]), None)
        return cls(source, captures, chosen, row[1] if row else "")

    @property
    def query(self) -> str:
        return urlencode({"capture": self.capture.pk}) if self.capture else ""


class MarkingPages(VerbPages):
    """Pages of a source: its text, to be marked."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("pick/", view(self.pick_view), name=f"{prefix}_pick"),
            path("<path:object_id>/mark/look/", view(self.look_view), name=f"{prefix}_look"),
            path("<path:object_id>/mark/undo/", view(self.unmark_view), name=f"{prefix}_unmark"),
            path("<path:object_id>/mark/", view(self.mark_view), name=f"{prefix}_mark"),
            *super().get_urls(),
        ]

    def buttons(self, request: HttpRequest, thing: Any) -> list[Button]:
        found = super().buttons(request, thing)
        if request.user.has_perms(DRAFTING):
            found.insert(0, Button(_("Mark its words"), self.mark_url(thing)))
        return found

    def mark_url(self, source: Source, sheet: Sheet | None = None) -> str:
        url = self.page_url("mark", quote(source.pk))
        return f"{url}?{sheet.query}" if sheet and sheet.query else url

    def mark_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        require(request, *DRAFTING)
        sheet = Sheet.of(unquote(object_id), request.GET.get("capture", ""))
        known = recorded(sheet.source, sheet.capture.pk if sheet.capture else None, request.user)
        told = {"text": sheet.text, "source": sheet.source, "known": known, "asked": request.GET}
        given = MarkingInput(request.POST if request.method == "POST" else None, **told)
        preview = Rehearsed()
        if request.method == "POST" and sheet.capture and given.is_valid():
            if "preview" in request.POST:
                preview = self._preview(request, sheet, given)
            elif self._draft(request, sheet, given):
                return HttpResponseRedirect(self.mark_url(sheet.source, sheet))
        return self._sheet_page(request, sheet, known, given, preview)

    def _draft(self, request: HttpRequest, sheet: Sheet, given: MarkingInput) -> bool:
        """Whether it was drafted; what the database refuses stands on the form."""
        try:
            with transaction.atomic():
                made = given.draft(Drafts(request.user, sheet.capture, sheet.text))
        except IntegrityError as error:
            given.passage.add_error(None, sentence_of(error))
        except ValidationError as error:
            given.passage.add_error(None, [str(m) for m in in_sentences(error).messages])
        else:
            self._tell(request, made)
            return True
        return False

    def _tell(self, request: HttpRequest, made: list[Any]) -> None:
        listed = "; ".join(f"{thing._meta.verbose_name} {thing}" for thing in made)
        told = _("Drafted: %(made)s.") % {"made": listed} if made else _("These words are marked already.")
        messages.success(request, told)

    def _preview(self, request: HttpRequest, sheet: Sheet, given: MarkingInput) -> Rehearsed:
        with transaction.atomic():
            try:
                with transaction.atomic():
                    made = given.draft(Drafts(request.user, sheet.capture, sheet.text))
                    things = [thing for thing in (sheet.source, *given.further, *made) if not thing.is_published]
                    answer = rehearsed([*things, *needed_by(things)], by=request.user)
            except IntegrityError as error:
                answer = Rehearsed(was_asked=True, refusals=[sentence_of(error)])
            except ValidationError as error:
                answer = Rehearsed(was_asked=True, refusals=in_sentences(error).messages)
            transaction.set_rollback(True)
        return answer

    def _sheet_page(
        self, request: HttpRequest, sheet: Sheet, known: Recorded, given: MarkingInput, preview: Rehearsed
    ) -> HttpResponse:
        words = request.GET.get("words", "")
        return self.verb_page(
            request,
            "marking",
            str(sheet.source),
            sheet=sheet,
            known=known,
            given=given,
            preview=preview,
            html=as_html(sheet.text, known.passages),
            selected=self._selected(sheet, given),
            words=words,
            places=offers.places_of(sheet.text, words) if words else None,
            quotes=offers.quotes(sheet.text),
            days=offers.days(sheet.text, sheet.source),
            names=offers.names(sheet.text),
            publication=self._publication(request, sheet),
            media=self.media + media(),
            **self._links(request, sheet, known),
        )

    def _publication(self, request: HttpRequest, sheet: Sheet) -> offers.Offer | None:
        """For who may change the source."""
        may_change = self.has_change_permission(request, sheet.source)
        return offers.publication(sheet.text, sheet.source) if may_change else None

    def _selected(self, sheet: Sheet, given: MarkingInput) -> dict[str, Any]:
        """The words that the form now names."""
        start, end = given.passage["start"].value(), given.passage["end"].value()
        return offers.selection_of(sheet.text, sheet.source.rights, start, end)

    def _links(self, request: HttpRequest, sheet: Sheet, known: Recorded) -> dict[str, Any]:
        for passage in known.passages:
            passage.used_by = known.uses.get(passage.pk, [])
        ids = [thing.pk for thing in known.made]
        ids = [*([] if sheet.source.is_published else [sheet.source.pk]), *ids][:MOST_IN_A_SET]
        chosen = f"?{urlencode({'id': ids}, doseq=True)}"
        may_publish = bool(ids) and request.user.has_perm(PUBLISH)
        is_own = may_publish and bool(own_work(dict.fromkeys(ids), request.user))
        return {
            "back": self.change_url(sheet.source),
            "is_own": is_own,
            "publish_url": self.page_url("publish") + chosen if may_publish and not is_own else "",
            "submit_url": reverse(SUBMIT) + chosen if ids and request.user.has_perm(ADD_SET) else "",
            "look_url": f"{self.page_url('look', quote(sheet.source.pk))}?{sheet.query}",
            "undo_url": f"{self.page_url('unmark', quote(sheet.source.pk))}?{sheet.query}",
            "form_url": self.mark_url(sheet.source, sheet),
            "pick_url": self.page_url("pick"),
            "deletes": {noun for noun in NOUNS if request.user.has_perm(f"commitments.delete_{noun}")},
        }

    def look_view(self, request: HttpRequest, object_id: str) -> JsonResponse:
        """What the form would take of a selection, or where words stand."""
        require(request, *DRAFTING)
        sheet = Sheet.of(unquote(object_id), request.GET.get("capture", ""))
        if "words" in request.GET:
            found = offers.places_of(sheet.text, request.GET["words"])
            return JsonResponse({"places": [offer.fills for offer in found]})
        place = (request.GET.get(name, "") for name in ("start", "end"))
        told = offers.selection_of(sheet.text, sheet.source.rights, *place)
        return JsonResponse(told or {"said": _("Positions are whole numbers.")}, status=200 if told else 400)

    def pick_view(self, request: HttpRequest) -> JsonResponse:
        """What a field that names something offers for what is typed."""
        require(request, *DRAFTING)
        kinds = [kind for kind in request.GET.get("kinds", "").split(",") if kind in PICKED]
        term, on = request.GET.get("term", "")[:200], request.GET.get("on", "")[:40]
        if "\0" in term:
            return JsonResponse({"options": []})
        return JsonResponse({"options": offered(kinds, term, on)})

    def unmark_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        require(request, *DRAFTING)
        if request.method == "POST":
            try:
                with transaction.atomic():
                    thing = undo(request.POST.get("id", ""), by=request.user)
                messages.success(request, _("Deleted: %(thing)s.") % {"thing": thing})
            except NotUndone as refusal:
                messages.error(request, str(refusal))
        back = reverse(f"{self.admin_site.name}:commitments_source_mark", args=[object_id])
        return HttpResponseRedirect(f"{back}?{urlencode(request.GET)}")


def media() -> Media:
    """The pop-ups that add a thing are Django's, and come after its jQuery; ours run when the page is read."""
    theirs = ["vendor/jquery/jquery.min.js", "jquery.init.js", "admin/RelatedObjectLookups.js"]
    ours = [Script(f"admin-desk/{name}.js", defer=True) for name in ("pick", "marking")]
    return Media(css={"all": ["admin-desk/marking.css"]}, js=[*(f"admin/js/{name}" for name in theirs), *ours])
