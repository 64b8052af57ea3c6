"""What the forms and lists of every noun share: state, who may edit what, and refusals told on the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments.actions.writing import check_deferred
from commitments.admin.badges import STATES, state_badge
from commitments.admin.conflicts import ConflictsTold
from commitments.groups import PUBLISH
from commitments.languages import explained, label
from commitments.models.desk import DeskNoun, Mergeable
from commitments.models.fields import WordField
from commitments.models.record import Version
from commitments.models.refusals import in_sentences, sentence_of
from commitments.models.review import Edit, is_own_draft
from commitments.vocabulary import DATE_BASES


def with_retraction(nouns: QuerySet) -> QuerySet:
    current = Version.objects.filter(subject_id=OuterRef("pk"), until_seq__isnull=True)
    return nouns.annotate(is_retracted=Exists(current.filter(type="retract")))


def is_merged(noun: DeskNoun) -> bool:
    return isinstance(noun, Mergeable) and noun.merged_into_id is not None


def unmerged(nouns: QuerySet) -> QuerySet:
    return nouns.unmerged() if issubclass(nouns.model, Mergeable) else nouns


def state_of(noun: Any) -> str:
    """One of STATES, of a noun annotated by `with_retraction`."""
    if not noun.is_published:
        return "draft"
    if is_merged(noun):
        return "merged"
    if noun.is_retracted:
        return "retracted"
    return "edited" if noun.edited_at > noun.published_at else "published"


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        mergeable = issubclass(model_admin.model, Mergeable)
        return [(state, label) for state, label in STATES.items() if mergeable or state != "merged"]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        match self.value():
            case "merged":
                return queryset.filter(merged_into__isnull=False)
            case "draft":
                return queryset.drafts()
            case "retracted":
                return queryset.filter(is_retracted=True)
            case "edited":
                return unmerged(queryset.with_unpublished_edits()).filter(is_retracted=False)
            case "published":
                return unmerged(queryset.published()).filter(is_retracted=False, edited_at__lte=F("published_at"))
        return queryset


def dated(field: str, name: str) -> Callable[[Any, Any], str]:
    """A list column: the date as written, with its basis."""

    @admin.display(description=name, ordering=f"{field}__latest")
    def column(self: Any, noun: Any) -> str:
        value = getattr(noun, field)
        if value is None:
            return "–"
        basis = label(DATE_BASES, value.basis).lower()
        return f"{value.edtf} ({basis})" if value.edtf else gettext("unknown")

    return column


class DeskForm(forms.ModelForm):
    """`refusal`: what the database answered when this very input was saved."""

    refusal = ""

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.refusal:
            self.add_error(None, self.refusal)
        return self.cleaned_data

    def _update_errors(self, errors: ValidationError) -> None:
        super()._update_errors(in_sentences(errors))


class WordsExplained:
    """A word of the rubric is chosen by what it means: in `radio_fields` from lines, elsewhere from a list."""

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        words = db_field.words if isinstance(db_field, WordField) else None
        if words is not None and not options.get("choices"):
            nothing = [("", _("Choose …"))] if not db_field.blank else [("", _("None"))]
            first = [] if db_field.name in self.radio_fields and not db_field.blank else nothing  # type: ignore[attr-defined]
            options["choices"] = [*first, *explained(words)]
        return super().formfield_for_choice_field(db_field, request, **options)  # type: ignore[misc]


class NoDeletingFromAfar(WordsExplained):
    """A form leads to what it names, to look at or edit; deleting asks for a page of its own."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if isinstance(db_field, URLField):
            options.setdefault("assume_scheme", "https")
        field = super().formfield_for_dbfield(db_field, request, **options)  # type: ignore[misc]
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
        return field


class DeskInline(NoDeletingFromAfar, admin.StackedInline):
    """Parts of a noun: who may edit the noun may edit them."""

    form = DeskForm
    extra = 0

    @property
    def parent(self) -> DeskAdmin:
        return self.admin_site.get_model_admin(self.parent_model)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.parent.has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None or obj._state.adding:
            return self.parent.has_add_permission(request)
        return self.parent.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


class RefusalsOnTheForm(NoDeletingFromAfar, admin.ModelAdmin):
    """Whatever the database refuses becomes a sentence on the form, with the input kept."""

    form = DeskForm
    list_per_page = 50
    show_full_result_count = False
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    class Media:
        js = ["admin-desk/names.js"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change=change, **options)
        form.refusal = getattr(request, "desk_refusal", "")
        return form

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().changeform_view(request, *args, **options)
        except IntegrityError as error:
            request.desk_refusal = sentence_of(error)
            return super().changeform_view(request, *args, **options)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        check_deferred()

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().delete_view(request, object_id, extra_context)
        except IntegrityError as error:
            messages.error(request, sentence_of(error))
            return HttpResponseRedirect(request.path)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Drafts are deleted one by one, looked at; published things never."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}


class DeskAdmin(ConflictsTold, RefusalsOnTheForm):
    """A noun: drafts for all who write at the desk, published things for those who may publish."""

    change_form_template = "admin/desk/noun_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return with_retraction(super().get_queryset(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """While a form is being saved, nobody publishes what it edits."""
        noun = super().get_object(request, object_id, from_field)
        if noun is not None and request.method == "POST" and connection.in_atomic_block:
            # The plain manager: some nouns' own joins what is not locked here.
            locked = self.model._base_manager.select_for_update(of=("self",)).get(pk=noun.pk)
            noun.published_at = locked.published_at
            if isinstance(noun, Mergeable):
                noun.merged_into_id = locked.merged_into_id
        return noun

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [StateFilter, *super().get_list_filter(request)]

    @admin.display(description=_("state"), ordering="published_at")
    def state(self, noun: DeskNoun) -> SafeString:
        return state_badge(state_of(noun))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not obj.is_published or (request.user.has_perm(PUBLISH) and not is_merged(obj)))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A draft: for those who may delete, and for the only person who ever saved it."""
        if obj is None or obj.is_published:
            return obj is None and super().has_delete_permission(request, obj)
        return super().has_delete_permission(request, obj) or is_own_draft(obj, request.user)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Only what differs: a save moves `edited_at`."""
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        parts_changed = any(formset.has_changed() for formset in formsets)
        if parts_changed:
            form.instance.save(update_fields=["edited_at"])
        super().save_related(request, form, formsets, change)
        if parts_changed or not change or form.has_changed():
            Edit.objects.note([form.instance], by=request.user)
