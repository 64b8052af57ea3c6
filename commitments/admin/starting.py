"""Record a source: from a pasted text, a file or an address to a draft with its capture, ready to be marked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import actions
from commitments.admin.days import unknown_day
from commitments.admin.marking import MarkingPages, media
from commitments.admin.marking_drafts import Drafts
from commitments.admin.recapture import likenesses
from commitments.admin.starting_forms import StartForm
from commitments.admin.verbs import require
from commitments.captures.display import plain
from commitments.captures.extract import Reading
from commitments.dates import InvalidDate, UncertainDate
from commitments.models import Fetch, Source
from commitments.models.refusals import sentence_of
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
    read = form.reading.published if form.reading else ""
    return form.cleaned_data["published"] or (_stated(read) if read else None) or unknown_day()


@transaction.atomic
def record(form: StartForm, reading: Reading, *, by: Any) -> Source:
    """The draft of the source, with a capture that is held. Raises IntegrityError, ValidationError."""
    told = form.cleaned_data
    drafts = Drafts(by)
    source = Source(title=form.printed_title, kind=told["kind"], rights=told["rights"], published=published_on(form))
    source.url = form.address
    source.byline = told["byline"] or reading.byline[:200]
    source.language = told["language"] or reading.language[:12]
    source.publisher = drafts.actor(told["publisher"])
    source.publisher_basis = "stated" if source.publisher else ""
    drafts.keep(source)
    drafts.finish()
    actions.add_capture(source=source, reading=reading, by=by, how=_how(told), captured=captured_on(reading))
    return source


def captured_on(reading: Reading) -> UncertainDate | None:
    """The day that an archive tells; without one it is today."""
    return _stated(reading.captured) if reading.captured else None


def _stated(day: str) -> UncertainDate | None:
    try:
        return UncertainDate.read(day, basis="stated", recorded_on=timezone.now().date())
    except InvalidDate:
        return None


def _how(told: dict[str, Any]) -> str:
    return _("Brought as a file at the desk.") if told["upload"] else _("Pasted at the desk.")


class StartPages(MarkingPages):
    """The first page of the work: everything begins with a source."""

    change_list_template = "admin/desk/sources.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("start/", view(self.start_view), name=f"{name}_start"),
            path("waiting/<fetch_id>/", view(self.waiting_view), name=f"{name}_waiting"),
            *super().get_urls(),
        ]

    def start_view(self, request: HttpRequest) -> HttpResponse:
        require(request, *STARTING)
        form = StartForm(request.POST or None, request.FILES or None)
        found: list[Source] = []
        if request.method == "POST" and form.is_valid():
            found = twins(form.reading, form.address)
            if not found or self._is_another(form, found):
                url = self._started(request, form)
                if url:
                    return HttpResponseRedirect(url)
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
        key = url_key(form.address)
        return bool(form.cleaned_data["another"]) and not any(key and source.url_key == key for source in found)

    def _started(self, request: HttpRequest, form: StartForm) -> str:
        return self._recorded(request, form, form.reading) if form.reading else self._asked(request, form)

    def _recorded(self, request: HttpRequest, form: StartForm, reading: Reading) -> str:
        """Where its words are marked; nothing where it was refused."""
        try:
            source = record(form, reading, by=request.user)
        except IntegrityError as error:
            form.add_error(None, sentence_of(error))
            return ""
        except ValidationError as error:
            form.add_error(None, error.messages)
            return ""
        messages.success(request, _("“%(source)s” is drafted. Now mark its words.") % {"source": plain(str(source))})
        for other in likenesses(source):
            told = {"percent": other["percent"], "other": plain(str(other["source"]))}
            messages.warning(request, _("%(percent)s %% of its text stands in “%(other)s” as well.") % told)
        return self.mark_url(source)

    def _asked(self, request: Any, form: StartForm) -> str:
        """Where the fetch is waited for."""
        require(request, "commitments.add_fetch")
        fetch = actions.ask_for(url=form.address, by=request.user)
        return self.page_url("waiting", quote(fetch.pk))

    def waiting_view(self, request: HttpRequest, fetch_id: str) -> HttpResponse:
        """Looks again by itself till the worker is done, then leads on to marking."""
        require(request, *STARTING)
        fetch = Fetch.objects.filter(pk=unquote(fetch_id)).select_related("source").first()
        if fetch is None:
            raise Http404
        if fetch.state == "done" and fetch.source:
            messages.success(request, plain(fetch.outcome))
            return HttpResponseRedirect(self.mark_url(fetch.source))
        told = {"fetch": fetch, "address": plain(fetch.url), "problem": plain(fetch.problem)}
        title = _("Fetching the page") if fetch.state != "failed" else _("The page could not be fetched")
        return self.verb_page(request, "waiting", title, back=self.page_url("start"), **told)
