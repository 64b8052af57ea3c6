"""On a source's page: capture it again, compare its captures, ask its archive, and who else has this text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments import actions
from commitments.actions.checking import anchor, quote_of
from commitments.admin.capture_forms import bytes_of
from commitments.admin.verb_forms import VerbForm
from commitments.admin.verbs import Button, PublishableAdmin
from commitments.captures.anchoring import Place, place
from commitments.captures.difference import difference
from commitments.captures.extract import Reading, Unreadable, read
from commitments.languages import label
from commitments.models import Capture, CaptureBytes, Fetch, Passage, Source
from commitments.models.captures import same_article
from commitments.vocabulary import ANCHORS


class RecaptureForm(VerbForm):
    upload = forms.FileField(
        required=False,
        label=gettext_lazy("A file"),
        help_text=gettext_lazy("A web page, a PDF, a plain text or a WARC, as it was saved."),
    )
    text = forms.CharField(
        required=False,
        strip=False,
        label=gettext_lazy("Or the text itself"),
        widget=forms.Textarea(attrs={"rows": 8, "cols": 80}),
        help_text=gettext_lazy("Pasted as it was read. Leave both empty and the page is fetched from its address."),
    )

    def __init__(self, *args: Any, source: Source, **options: Any) -> None:
        super().__init__(*args, **options)
        self.source = source
        self.reading: Reading | None = None
        self.how = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload, text = cleaned.get("upload"), cleaned.get("text", "").replace("\r\n", "\n")
        if upload and text.strip():
            raise ValidationError(_("Bring a file or a text, not both."))
        if not upload and not text.strip() and not self.source.url and "upload" not in self.errors:
            raise ValidationError(_("No address of this source is recorded: bring a file or the text."))
        try:
            if upload:
                self.reading, self.how = read(bytes_of(upload), name=upload.name), _("Brought as a file.")
            elif text.strip():
                self.reading, self.how = read(text.encode("utf-8", "replace"), name=".txt"), _("Pasted at the desk.")
        except Unreadable as error:
            raise ValidationError(str(error)) from error
        return cleaned


@dataclass(frozen=True)
class Checked:
    """A passage, and where its words stand in the text looked at."""

    passage: Passage
    word: str
    result: str
    places: tuple[int, ...]


def may_be_captured(admin: PublishableAdmin, request: HttpRequest, source: Source) -> bool:
    return request.user.has_perm("commitments.add_capture") and admin.has_change_permission(request, source)


class Recapturing(PublishableAdmin):
    change_form_template = "admin/desk/source_form.html"

    class Media:
        css = {"all": ["admin-desk/captures.css"]}

    def get_urls(self) -> list[Any]:
        pages = [
            ("recapture", self.recapture_view),
            ("archive", self.archive_view),
            ("difference", self.difference_view),
        ]
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(f"<path:object_id>/{page}/", self.admin_site.admin_view(view), name=f"{name}_{page}")
            for page, view in pages
        ]
        return [*own, *super().get_urls()]

    def buttons(self, request: HttpRequest, thing: Any) -> list[Button]:
        found = super().buttons(request, thing)
        if may_be_captured(self, request, thing):
            found.append(Button(_("Capture it again"), self.page_url("recapture", quote(thing.pk))))
        if thing.archive_url and request.user.has_perm("commitments.add_fetch"):
            found.append(Button(_("Ask the archive"), self.page_url("archive", quote(thing.pk))))
        if CaptureBytes.objects.filter(capture__source=thing).count() > 1:
            found.append(Button(_("Compare captures"), self.page_url("difference", quote(thing.pk))))
        return found

    def render_change_form(self, request: HttpRequest, context: Any, **options: Any) -> HttpResponse:
        source = options.get("obj")
        if source is not None:
            context |= {
                "fetches": Fetch.objects.filter(source=source)[:10],
                "likenesses": likenesses(source),
            }
        return super().render_change_form(request, context, **options)

    def recapture_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        source = self.thing_or_404(request, object_id)
        if not may_be_captured(self, request, source):
            raise PermissionDenied
        form = RecaptureForm(request.POST or None, request.FILES or None, source=source)
        if request.method == "POST" and form.is_valid():
            return self._recaptured(request, source, form)
        told = {"submit": _("Capture it"), "back": self.change_url(source)}
        return self.verb_page(request, "verb", _("Capture it again"), form=form, **told)

    def _recaptured(self, request: HttpRequest, source: Source, form: RecaptureForm) -> HttpResponse:
        if form.reading is None:
            actions.ask_for(url=source.url, purpose="recapture", source=source, by=request.user)
            return self.done(request, _("Asked for: the worker fetches the page."), self.change_url(source))
        _capture, is_new = actions.add_capture(source=source, reading=form.reading, by=request.user, how=form.how)
        if not is_new:
            said = _("These very bytes are captured already; nothing was added.")
            return self.done(request, said, self.change_url(source))
        said = _("Captured again. Look at what differs, then publish the source's edits.")
        return self.done(request, said, self.page_url("difference", quote(source.pk)))

    def archive_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        source = self.thing_or_404(request, object_id)
        if not request.user.has_perm("commitments.add_fetch"):
            raise PermissionDenied
        if not source.archive_url:
            raise Http404
        form = VerbForm(request.POST or None)
        if request.method == "POST":
            actions.ask_for(url=source.archive_url, purpose="archive", source=source, by=request.user)
            return self.done(request, _("Asked for: the worker asks the archive."), self.change_url(source))
        title = _("Ask the archive whether it holds the passages")
        return self.verb_page(request, "verb", title, form=form, submit=_("Ask"), back=self.change_url(source))

    def difference_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        source = self.thing_or_404(request, object_id)
        if not self.has_view_permission(request, source):
            raise PermissionDenied
        captures = list(Capture.objects.filter(source=source, held__isnull=False))
        if len(captures) < 2:
            return HttpResponseRedirect(self.change_url(source))
        by_id = {capture.pk: capture for capture in captures}
        older = by_id.get(request.GET.get("from", ""), captures[-2])
        newer = by_id.get(request.GET.get("to", ""), captures[-1])
        held = dict(CaptureBytes.objects.filter(capture__in=[older, newer]).values_list("pk", "text"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Compare captures"),
            "source": source,
            "back": self.change_url(source),
            "media": self.media,
            "captures": captures,
            "older": older,
            "newer": newer,
            "parts": difference(held[older.pk], held[newer.pk]),
            "checked": checked(source, newer, held[newer.pk]),
        }
        return TemplateResponse(request, "admin/desk/difference.html", context)


def checked(source: Source, capture: Capture, text: str) -> list[Checked]:
    """Of each passage of the source, where its words stand in this capture's text. Two queries."""
    passages = Passage.objects.filter(capture__source=source)
    own = dict(CaptureBytes.objects.filter(capture__source=source).values_list("pk", "text"))
    found = [(p, _where(p, own.get(p.capture_id), capture, text)) for p in passages]
    return [Checked(p, label(ANCHORS, w.result) if w.result else "", w.result, w.starts) for p, w in found]


def _where(passage: Passage, own: str | None, capture: Capture, text: str) -> Place:
    if passage.capture_id == capture.pk:
        return anchor(passage, own, None)
    return place(text, quote_of(passage, own))


def likenesses(source: Source) -> list[dict[str, Any]]:
    """Other sources with the text of this one's newest captures, in hundredths."""
    found: dict[str, tuple[Source, float]] = {}
    for capture in Capture.objects.filter(source=source).order_by("-id")[:3]:
        for other, share in same_article(capture):
            if share > found.get(other.pk, (other, 0.0))[1]:
                found[other.pk] = (other, share)
    return [{"source": other, "percent": round(share * 100)} for other, share in found.values()]
