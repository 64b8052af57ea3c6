"""Record a source: from a pasted text, a file or an address to a draft with its capture, ready to be marked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.admin.marking import MarkingPages, media
from commitments.admin.marking_drafts import Drafts
from commitments.admin.marking_forms import unknown_day
from commitments.admin.refusals import sentence_of
from commitments.admin.starting_forms import StartForm
from commitments.admin.verbs import require
from commitments.captures.extract import Reading
from commitments.dates import InvalidDate, UncertainDate
from commitments.models import Capture, CaptureBytes, Source
from commitments.models.sources import url_key

STARTING = ("commitments.add_source", "commitments.add_capture")
MOST_TWINS = 5


def twins(reading: Reading | None, address: str) -> list[Source]:
    """Sources with this address, these bytes or this text."""
    same = Q(url_key=url_key(address)) if url_key(address) else Q()
    if reading:
        told = reading.digests
        same |= Q(captures__sha256=told["sha256"]) | Q(captures__text_sha256=told["text_sha256"])
    return list(Source.objects.filter(same).distinct()[:MOST_TWINS]) if same else []


def published_on(form: StartForm) -> UncertainDate:
    """As given, else as the metadata of the page tells it, else unknown."""
    told = form.cleaned_data["published"]
    if told or not (form.reading and form.reading.published):
        return told or unknown_day()
    today = timezone.now().date()
    try:
        return UncertainDate.read(form.reading.published, basis="stated", recorded_on=today)
    except InvalidDate:
        return unknown_day()


@transaction.atomic
def record(form: StartForm, *, by: User) -> Source:
    """The draft of the source, with a capture that is held. Raises IntegrityError, ValidationError."""
    told, reading = form.cleaned_data, form.reading
    drafts = Drafts(by)
    source = Source(title=form.printed_title, kind=told["kind"], rights=told["rights"], published=published_on(form))
    source.url = form.address
    source.byline = told["byline"] or reading.byline[:200]
    source.language = told["language"] or reading.language[:12]
    source.publisher = drafts.actor(told["publisher"])
    source.publisher_basis = "stated" if source.publisher else ""
    drafts.keep(source)
    keep_capture(source, reading, how=_how(told))
    drafts.finish()
    return source


def _how(told: dict[str, Any]) -> str:
    return _("Brought as a file at the desk.") if told["upload"] else _("Pasted at the desk.")


def keep_capture(source: Source, reading: Reading, *, how: str) -> Capture:
    """Captured now, or on the day that the archive tells."""
    today = timezone.now().date()
    when = UncertainDate.read(reading.captured or today.isoformat(), basis="stated", recorded_on=today)
    capture = Capture.objects.create(source=source, captured=when, how=how, **reading.digests)
    CaptureBytes.objects.create(capture=capture, data=reading.data, text=reading.text)
    return capture


class StartPages(MarkingPages):
    """The first page of the work: everything begins with a source."""

    change_list_template = "admin/desk/sources.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}_start"
        return [path("start/", view(self.start_view), name=name), *super().get_urls()]

    def start_view(self, request: HttpRequest) -> HttpResponse:
        require(request, *STARTING)
        form = StartForm(request.POST or None, request.FILES or None)
        found: list[Source] = []
        if request.method == "POST" and form.is_valid():
            found = twins(form.reading, form.address)
            if not found or self._is_another(form, found):
                source = self._record(request, form)
                if source:
                    return HttpResponseRedirect(self.mark_url(source))
        return self.verb_page(
            request,
            "start",
            _("Record a source"),
            form=form,
            twins=found,
            media=self.media + media(),
            pick_url=self.page_url("pick"),
            back=self.page_url("changelist"),
        )

    def _is_another(self, form: StartForm, found: list[Source]) -> bool:
        """Two sources cannot have one address; two may have one text."""
        return form.cleaned_data["another"] and not any(s.url_key == url_key(form.address) for s in found if s.url_key)

    def _record(self, request: HttpRequest, form: StartForm) -> Source | None:
        try:
            source = record(form, by=request.user)
        except IntegrityError as error:
            form.add_error(None, sentence_of(error))
            return None
        messages.success(request, _("“%(source)s” is drafted. Now mark its words.") % {"source": source})
        return source
