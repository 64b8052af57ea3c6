"""Imports: upload, mapping, dry run, drafts, publication in sets, and export of the same format."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commitments.admin.desk import RefusalsOnTheForm
from commitments.admin.import_forms import (
    DraftForm,
    MappingForm,
    PublishImportForm,
    ReadingForm,
    UploadForm,
    WordsForm,
)
from commitments.admin.verbs import VerbPages, require
from commitments.captures.tables import Table, defused, read
from commitments.groups import PUBLISH, RECORD_STATUS
from commitments.importers import exporting, publishing, withdrawing
from commitments.importers.columns import FAMILIES
from commitments.importers.drafting import UNTOLD
from commitments.importers.examining import way_of
from commitments.importers.mapping import Chosen, folded, word_of, words_of
from commitments.languages import label
from commitments.models import Actor, Import, ImportRow, Outcome, State, Term
from commitments.vocabulary import SCHEMES

AT_ONCE = 50
MOST_WORDS = 200
GLYPHS = {Outcome.CREATED: "+", Outcome.UNCHANGED: "=", Outcome.REJECTED: "×"}
HEAVY = ("data", "mapping", "shared", "proposed")


@admin.register(Import)
class ImportAdmin(VerbPages, RefusalsOnTheForm):
    form = UploadForm
    list_display = ["file_name", "data_set", "size", "state", "created_by", "created_at"]
    list_filter = ["state"]
    list_select_related = ["created_by"]
    search_fields = ["data_set", "file_name", "title"]
    autocomplete_fields = ["publisher"]
    formfield_overrides = {models.URLField: {"widget": AdminURLFieldWidget, "assume_scheme": "https"}}
    fieldsets = [
        (None, {"fields": ["upload", "data_set"]}),
        (
            gettext_lazy("The file as a source: what is asked once for all its rows"),
            {
                "fields": [
                    "title",
                    ("language", "rights"),
                    ("publisher", "publisher_basis"),
                    "publisher_note",
                    "url",
                    "published",
                ]
            },
        ),
        (gettext_lazy("How the file is read"), {"fields": [("format", "encoding", "delimiter")]}),
    ]

    class Media:
        css = {"all": ["admin-desk/imports.css"]}
        js = ["admin-desk/imports.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        people = ("created_by", "asked_by", "published_by")
        return super().get_queryset(request).defer(*HEAVY).select_related(*people, "source")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change=change, **options)
        form.base_fields["title"].required = False
        form.base_fields["title"].help_text = _("As printed; empty: the name of the data set.")
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"published": UNTOLD, **super().get_changeform_initial_data(request)}

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        only_save = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, only_save | {"title": _("Import a file")} | (extra_context or {}))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was drafted keeps the file and the rows that it came from."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.is_drafted)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        told = {"rows": obj.size, "encoding": obj.encoding, "format": obj.format.upper()}
        sentence = _("Read as %(format)s in %(encoding)s: %(rows)s rows. Now say which of its columns is what.")
        return self.done(request, sentence % told, self.page_url("mapping", quote(obj.pk)))

    def get_urls(self) -> list[Any]:
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        pages = {
            "reading": self.reading_view,
            "mapping": self.mapping_view,
            "words": self.words_view,
            "check": self.check_view,
            "draft": self.draft_view,
            "publish": self.publish_view,
            "pause": self.pause_view,
            "take_back": self.take_back_view,
            "rejected": self.rejected_view,
        }
        own = [
            path(f"<path:object_id>/{name.replace('_', '-')}/", view(to), name=f"{prefix}_{name}")
            for name, to in pages.items()
        ]
        export = path("<path:object_id>/export/<format_>/", view(self.export_view), name=f"{prefix}_export")
        return [*own, export, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **options: Any) -> HttpResponse:
        """An import has a page of its own in place of a form."""
        imported = self.thing_or_404(request, object_id)
        if not self.has_view_permission(request, imported):
            raise PermissionDenied
        return self._page(request, imported, DraftForm(rejected=0))

    def _page(self, request: HttpRequest, imported: Import, form: DraftForm) -> HttpResponse:
        """Nine queries: the rows' counts, one page of them, and the signed-in person's rights."""
        outcome = request.GET.get("outcome", "")
        rows = ImportRow.objects.filter(imported=imported).select_related("commitment")
        counts = rows.counted()
        shown = rows.filter(**_filter(outcome))
        page = Paginator(shown, AT_ONCE).get_page(request.GET.get("page"))
        context = {
            "imported": imported,
            "counts": [(o, Outcome(o).label, GLYPHS[Outcome(o)], n) for o, n in counts.items()],
            "rejected": counts[Outcome.REJECTED],
            "created": counts[Outcome.CREATED],
            "progress": progress(rows) if imported.is_drafted else None,
            "outcome": outcome,
            "page": page,
            "rows": [(row, GLYPHS[Outcome(row.outcome)]) for row in page],
            "proposed": proposed(imported) if imported.state == State.CHECKED else [],
            "form": form,
            "may_change": self.has_change_permission(request, imported),
            "may_publish": request.user.has_perms([PUBLISH, RECORD_STATUS]),
            "is_own": wrote(request.user, imported),
            "may_take_back": may_take_back(request.user, imported),
            "formats": exporting.MEDIA_TYPES,
            "back": self.page_url("changelist"),
        }
        return self.verb_page(request, "import", str(imported), **context)

    def undrafted(self, request: HttpRequest, object_id: str) -> Import:
        """An import whose mapping may still change; raises 403 or 404."""
        imported: Import = self.thing_or_404(request, object_id)
        if not self.has_change_permission(request, imported):
            raise PermissionDenied
        return imported

    def is_too_late(self, request: HttpRequest, imported: Import) -> bool:
        late = imported.is_drafted or imported.is_busy
        if late:
            messages.error(request, _("This import is drafted or under way; what it says stays as it is."))
        return late

    def reading_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        imported = self.undrafted(request, object_id)
        if self.is_too_late(request, imported):
            return HttpResponseRedirect(self.change_url(imported))
        form = ReadingForm(request.POST or None, imported=imported)
        if request.method == "POST" and form.is_valid():
            imported.state = State.UPLOADED
            imported.save(update_fields=["format", "encoding", "delimiter", "size", "mapping", "state"])
            return HttpResponseRedirect(self.page_url("mapping", quote(imported.pk)))
        context = {"form": form, "submit": _("Read it so"), "back": self.change_url(imported)}
        return self.verb_page(request, "verb", _("How the file is read"), **context)

    def mapping_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        imported = self.undrafted(request, object_id)
        if self.is_too_late(request, imported):
            return HttpResponseRedirect(self.change_url(imported))
        table = read(bytes(imported.data), way_of(imported))
        form = MappingForm(request.POST or None, table=table, chosen=Chosen.from_json(imported.mapping))
        if request.method == "POST" and form.is_valid():
            keep_mapping(imported, form.told())
            return HttpResponseRedirect(self.page_url("words", quote(imported.pk)))
        context = {
            "form": form,
            "imported": imported,
            "columns": table.columns,
            "first_rows": [[row.cells.get(name, "") for name in table.columns] for row in table.rows[:3]],
            "back": self.change_url(imported),
            "reading": self.page_url("reading", quote(imported.pk)),
        } | known_names()
        return self.verb_page(request, "import_mapping", _("Which column is what"), **context)

    def words_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        imported = self.undrafted(request, object_id)
        if self.is_too_late(request, imported):
            return HttpResponseRedirect(self.change_url(imported))
        chosen = Chosen.from_json(imported.mapping)
        found = words_to_choose(read(bytes(imported.data), way_of(imported)), chosen)
        form = WordsForm(request.POST or None, found=found[:MOST_WORDS], chosen=chosen)
        if request.method == "POST" and form.is_valid():
            keep_mapping(imported, form.told())
            return self._checked(request, imported)
        context = {"form": form, "left": len(found[MOST_WORDS:]), "back": self.page_url("mapping", quote(imported.pk))}
        return self.verb_page(request, "import_words", _("Their words and names"), **context | known_names())

    def check_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        imported = self.undrafted(request, object_id)
        if request.method != "POST" or self.is_too_late(request, imported):
            return HttpResponseRedirect(self.change_url(imported))
        return self._checked(request, imported)

    def _checked(self, request: HttpRequest, imported: Import) -> HttpResponse:
        publishing.ask(imported, State.CHECKING, by=request.user)
        return HttpResponseRedirect(self.change_url(imported))

    def draft_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        imported = self.undrafted(request, object_id)
        if request.method != "POST" or self.is_too_late(request, imported):
            return HttpResponseRedirect(self.change_url(imported))
        counts = ImportRow.objects.filter(imported=imported).counted()
        form = DraftForm(request.POST, rejected=counts[Outcome.REJECTED])
        if imported.state != State.CHECKED or not counts[Outcome.CREATED]:
            messages.error(request, _("There is nothing to draft: check the file first, and see what it would create."))
        elif form.is_valid():
            publishing.ask(imported, State.DRAFTING, by=request.user)
        else:
            return self._page(request, imported, form)
        return HttpResponseRedirect(self.change_url(imported))

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        require(request, PUBLISH, RECORD_STATUS)
        imported: Import = self.thing_or_404(request, object_id)
        if not imported.is_drafted:
            messages.error(request, _("Nothing of this import is drafted yet."))
            return HttpResponseRedirect(self.change_url(imported))
        if wrote(request.user, imported):
            messages.error(request, _("You drafted this import; another curator publishes it."))
            return HttpResponseRedirect(self.change_url(imported))
        form = PublishImportForm(request.POST or None, initial={"reason": imported.reason})
        if request.method == "POST" and form.is_valid():
            ImportRow.objects.filter(imported=imported).update(problem="")
            publishing.start(imported, by=request.user, reason=form.cleaned_data["reason"])
            told = _("The drafts are published in sets, by the worker; this page says how far it has come.")
            return self.done(request, told, self.change_url(imported))
        context = {"form": form, "submit": _("Publish in sets"), "back": self.change_url(imported)}
        return self.verb_page(request, "verb", _("Publish what was imported"), **context)

    def pause_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        require(request, PUBLISH)
        imported: Import = self.thing_or_404(request, object_id)
        if request.method != "POST":
            return HttpResponseRedirect(self.change_url(imported))
        publishing.pause(imported)
        told = _("Paused: what is published stays, the rest stays drafts.")
        return self.done(request, told, self.change_url(imported))

    def take_back_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        imported: Import = self.thing_or_404(request, object_id)
        if not self.has_change_permission(request, imported) or not may_take_back(request.user, imported):
            raise PermissionDenied
        if imported.is_busy or not imported.is_drafted:
            messages.error(request, _("There are no drafts to take back now; pause a publication first."))
            return HttpResponseRedirect(self.change_url(imported))
        if request.method == "POST":
            deleted = withdrawing.take_back(imported)
            told = ngettext("%(n)s commitment was taken back.", "%(n)s commitments were taken back.", deleted)
            return self.done(request, told % {"n": deleted}, self.change_url(imported))
        free, held = withdrawing.divided(imported)
        context = {"form": forms.Form(), "free": len(free), "held": held, "back": self.change_url(imported)}
        title = _("Take the drafts back")
        return self.verb_page(request, "import_take_back", title, submit=_("Delete these drafts"), **context)

    def rejected_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The rows that are rejected, as they stand in the file, each with why."""
        imported: Import = self.thing_or_404(request, object_id)
        if not self.has_view_permission(request, imported):
            raise PermissionDenied
        rows = dict(imported.rows.filter(outcome=Outcome.REJECTED).values_list("number", "reasons"))
        table = read(bytes(imported.data), way_of(imported))
        return downloaded(rejected_lines(table, rows), f"{_stem(imported)}-rejected.csv", "csv")

    def export_view(self, request: HttpRequest, object_id: str, format_: str) -> HttpResponse:
        imported: Import = self.thing_or_404(request, object_id)
        if not self.has_view_permission(request, imported):
            raise PermissionDenied
        if format_ not in exporting.WRITERS:
            raise Http404
        rows = exporting.of_import(imported)
        return downloaded(exporting.WRITERS[format_](rows), f"{_stem(imported)}.{format_}", format_)


def wrote(user: Any, imported: Import) -> bool:
    """Where SECOND_PERSON is set, whoever drafted an import leaves its publication to another."""
    return settings.SECOND_PERSON and user in (imported.created_by, imported.asked_by)


def may_take_back(user: Any, imported: Import) -> bool:
    """Whoever drafted it, and who may delete drafts of others."""
    return user in (imported.created_by, imported.asked_by) or user.has_perm("commitments.delete_commitment")


def proposed(imported: Import) -> list[tuple[str, str, str]]:
    """What would be made anew: of which sort, its name, and the nearest that is known."""
    sorts = {"actor": str(Actor._meta.verbose_name)} | {scheme: label(SCHEMES, scheme) for scheme in SCHEMES}
    return [(sorts[sort], name, near) for sort, name, near in imported.proposed]


def _filter(outcome: str) -> dict[str, Any]:
    if outcome == "failed":
        return {"outcome": Outcome.CREATED, "problem__gt": ""}
    return {"outcome": outcome} if outcome in Outcome.values else {}


def progress(rows: QuerySet) -> dict[str, int]:
    """Of the commitments that were drafted: one query."""
    lead = Q(outcome=Outcome.CREATED, leads=True)
    is_draft = Q(commitment__isnull=False, commitment__published_at__isnull=True)
    return rows.aggregate(  # type: ignore[no-any-return]
        left=Count("pk", filter=lead & is_draft),
        all=Count("pk", filter=lead),
        published=Count("pk", filter=lead & Q(commitment__published_at__isnull=False)),
        failed=Count("pk", filter=lead & Q(problem__gt="")),
        gone=Count("pk", filter=lead & Q(commitment__isnull=True)),
    )


def keep_mapping(imported: Import, chosen: Chosen) -> None:
    imported.mapping = chosen.as_json()
    if imported.state == State.CHECKED:
        imported.state = State.UPLOADED
    imported.save(update_fields=["mapping", "state"])


def words_to_choose(table: Table, chosen: Chosen) -> list[tuple[str, str, int]]:
    """(family, word, how often) of what the file holds and neither the rubric nor the desk knows by itself."""
    known = known_folded()
    found = []
    for family, counted in words_of(table, chosen).items():
        for word, number in counted.most_common():
            words = FAMILIES[family][0].words if family in FAMILIES else None
            is_known = word_of(words, word) if words else folded(word) in known.get(family, ())
            if not is_known or chosen.ours(family, word):
                found.append((family, word, number))
    return found


def known_folded() -> dict[str, set[str]]:
    families = ("actor", "kind", "topic", "place")
    names = known_names()
    return {family: {folded(name) for name in names[f"known_{family}s"]} for family in families}


def known_names() -> dict[str, list[str]]:
    """What the fields of names offer. Two queries."""
    actors = Actor.objects.published().values_list("name", "names__name", "slug")
    terms = Term.objects.published().values_list("scheme", "label_en", "label_es", "slug")
    found = {"known_actors": sorted({name for row in actors for name in row if name})}
    for scheme in ("kind", "topic", "place"):
        labels = {told for of, *row in terms if of == scheme for told in row if told}
        found[f"known_{scheme}s"] = sorted(labels)
    return found


def rejected_lines(table: Table, reasons: dict[int, list[str]]) -> Iterator[str]:
    line = io.StringIO(newline="")
    writer = csv.writer(line)

    def written(cells: Iterable[str]) -> str:
        line.seek(0)
        line.truncate()
        writer.writerow([defused(cell) for cell in cells])
        return line.getvalue()

    yield "\ufeff" + written([_("row"), _("why"), *table.columns])
    for row in table.rows:
        if row.number in reasons:
            cells = [row.cells.get(name, "") for name in table.columns]
            yield written([str(row.number), " ".join(reasons[row.number]), *cells])


def downloaded(lines: Iterable[str], name: str, format_: str) -> HttpResponse:
    answer = StreamingHttpResponse(
        (line.encode() for line in lines), content_type=f"{exporting.MEDIA_TYPES[format_]}; charset=utf-8"
    )
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer  # type: ignore[return-value]


def _stem(imported: Import) -> str:
    return slugify(imported.data_set) or f"import-{imported.pk}"


def exporter(format_: str) -> Any:
    """A list action of commitments: those chosen, in the format that an import reads."""

    @admin.action(description=gettext_lazy("Export as %(format)s") % {"format": format_.upper()}, permissions=["view"])
    def export(self: Any, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        ids = list(queryset.order_by("pk").values_list("pk", flat=True))
        return downloaded(exporting.WRITERS[format_](exporting.of_commitments(ids)), f"commitments.{format_}", format_)

    export.__name__ = f"export_{format_}"
    return export
