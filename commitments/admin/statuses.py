"""Record a status, correct one: the forms, and the drafts of status changes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments import actions, derive
from commitments.admin.badges import status_badge
from commitments.admin.desk import DeskForm, dated
from commitments.admin.history import History, claim_in_words
from commitments.admin.verb_forms import VerbForm, reason
from commitments.admin.verbs import PublishableAdmin
from commitments.languages import label, meaning
from commitments.models import Claim, StatusChange
from commitments.models.fields import UncertainDateFormField
from commitments.vocabulary import STATUSES


class StatusForm(VerbForm):
    """Offers the claims that bear on the commitment and the statuses that its date allows."""

    effective = UncertainDateFormField(
        label=_("From when"),
        help_text=_(
            "The day from which it held, not the day it was written. Where only “by then” is told, the "
            "basis is “known by”, and the note shows the chain."
        ),
    )
    status = forms.ChoiceField(label=_("Status"), widget=forms.RadioSelect)
    claims = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label=_("Because of these claims"),
        help_text=_("At least one must bear that very status. Claims that are not published are not listed."),
    )
    reason = reason(_("One sentence that the public will read."))

    def __init__(self, *args: Any, history: History, without: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.history, self.without = history, without
        self.fields["claims"].choices = [(c["id"], claim_in_words(c)) for c in history.usable]  # type: ignore[attr-defined]
        self.offer(None)

    def offer(self, effective: Any) -> None:
        allowed = self.history.allowed(effective, without=self.without)
        field: Any = self.fields["status"]
        field.choices = [(slug, f"{label(STATUSES, slug)}: {meaning(STATUSES[slug])}") for slug in allowed]
        field.error_messages["invalid_choice"] = self.history.not_allowed(effective, without=self.without)

    def clean_effective(self) -> Any:
        """The date decides what is offered; it comes before the status in the order of cleaning."""
        self.offer(self.cleaned_data["effective"])
        return self.cleaned_data["effective"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cited = cleaned.get("status") and cleaned.get("claims")
        if cited and not derive.supporting(self.history.shown_as, self.history.usable, cleaned):
            said = gettext("None of these says “%(status)s” of this commitment.")
            self.add_error("claims", said % {"status": label(STATUSES, cleaned["status"])})
        return cleaned

    @property
    def preview(self) -> str:
        """The sentence on the public page; of valid input."""
        told = self.cleaned_data
        if not told.get("status"):
            return self.history.sentence(None, without=self.without)
        effective = told["effective"].as_json()
        claims = [self.history.by_id[i] for i in told["claims"]]
        counts_from = derive.change_counts_from(effective, claims, timezone.now().date().isoformat())
        change = {"id": "", "corrected_by": None, "counts_from": counts_from, "effective": effective}
        return self.history.sentence(change | {k: told[k] for k in ("status", "claims")}, without=self.without)

    def told(self) -> dict[str, Any]:
        """The arguments of the actions."""
        claims = Claim.objects.filter(pk__in=self.cleaned_data["claims"])
        return {key: self.cleaned_data[key] for key in ("status", "effective", "reason")} | {"claims": list(claims)}


class CorrectionForm(StatusForm):
    """What takes the place of a status change; without a status nothing does, and the change is void."""

    effective = UncertainDateFormField(
        label=_("From when"), required=False, help_text=_("Empty where no status follows.")
    )
    status = forms.ChoiceField(label=_("Status"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, change: StatusChange, without_claim: str = "", **options: Any) -> None:
        self.change = change
        kept = [c.pk for c in change.claims.all() if c.pk != without_claim]
        initial = {"effective": change.effective, "status": change.status, "claims": kept}
        super().__init__(*args, initial=initial, without=change.pk, **options)
        claims: Any = self.fields["claims"]
        claims.required = False
        claims.choices = [(pk, label) for pk, label in claims.choices if pk != without_claim]
        if without_claim:
            self.fields["reason"].required = False
            self.fields["reason"].help_text = gettext("One sentence that the public will read. Empty: the one above.")
        self.offer(change.effective)

    def offer(self, effective: Any) -> None:
        """No claim carries no status; and a commitment keeps its only one."""
        super().offer(effective)
        claims, field = (self.fields[name] for name in ("claims", "status"))
        field.choices = field.choices if claims.choices else []  # type: ignore[attr-defined]
        if any(counted["id"] != self.change.pk for counted in derive.history(self.history.changes)):
            nothing = gettext("None: the change was wrong, and nothing takes its place.")
            field.choices = [*field.choices, ("", nothing)]  # type: ignore[attr-defined]

    @property
    def has_no_way(self) -> bool:
        """The commitment's only status would rest on nothing."""
        return not self.fields["status"].choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("effective", "claims") if cleaned.get("status") else ():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, gettext("A status needs this; leave it empty only where no status follows."))
        return cleaned

    def correction(self, *, reason: str) -> actions.Correction:
        told = self.told()
        return actions.Correction(change=self.change, **told | {"reason": told["reason"] or reason})


class StatusChangeForm(DeskForm):
    def clean_effective(self) -> Any:
        if not self.cleaned_data["effective"]:
            raise forms.ValidationError(gettext("A status needs the date from which it held, with its basis."))
        return self.cleaned_data["effective"]

    def clean_status(self) -> str:
        if not self.cleaned_data["status"]:
            raise forms.ValidationError(gettext("Choose the status."))
        return self.cleaned_data["status"]


@admin.register(StatusChange)
class StatusChangeAdmin(PublishableAdmin):
    """Drafts that are published in a set: with their claims, with a commitment that is a draft itself, or after a
    second person has read them. Of published claims alone, the status is recorded from the commitment's page."""

    form = StatusChangeForm
    is_amended = False
    list_display = ["commitment", "status_told", "from_when", "nature", "state"]
    list_filter = ["status", "nature"]
    list_select_related = ["commitment"]
    search_fields = ["commitment__title_en", "commitment__slug", "id", "reason"]
    autocomplete_fields = ["commitment", "claims"]
    fields = ["commitment", "status", "effective", "claims", "reason"]
    from_when = dated("effective", _("from"))

    @admin.display(description=_("status"), ordering="status")
    def status_told(self, change: StatusChange) -> str:
        return status_badge(change.status)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """A recorded status change is corrected from its commitment's page."""
        return super().has_change_permission(request, obj) and (obj is None or not obj.is_published)
