"""What a claim says of a commitment, and the commitment that is not recorded yet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.admin.marking_forms import MOST_PARTS, EasyDateField, in_language, one_of
from commitments.admin.picks import PickField
from commitments.models.desk import refuse_turned
from commitments.vocabulary import FORMS, POSITIONS, READINGS, STATUSES


class BearingForm(forms.Form):
    """What the claim says of one commitment; and, where it is to change, the status from then on."""

    commitment = PickField("commitment", label=gettext_lazy("Of which commitment"))
    says = forms.ChoiceField(required=False, label=gettext_lazy("it says"))
    actor = PickField("actor", may_be_new=True, label=gettext_lazy("whose position"))
    reading = one_of(READINGS, gettext_lazy("How we read it"), initial="literal")
    note = forms.CharField(
        required=False,
        label=gettext_lazy("Why we read it so"),
        validators=[refuse_turned],
        help_text=gettext_lazy("Needed unless the words say it literally."),
    )
    record = forms.BooleanField(
        required=False, label=gettext_lazy("This is the commitment's status from then on: record the change")
    )
    effective = EasyDateField(
        required=False, label=gettext_lazy("From when"), help_text=gettext_lazy("Empty: by the day it was said.")
    )
    reason = forms.CharField(
        max_length=400,
        required=False,
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("One sentence that the public will read."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        statuses = [(f"status:{slug}", label) for slug, label in in_language(STATUSES)]
        positions = [(f"position:{slug}", label) for slug, label in in_language(POSITIONS)]
        self.fields["says"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            (_("its status is"), statuses),
            (_("somebody's position is"), positions),
        ]

    @property
    def is_filled(self) -> bool:
        """Whether it must be seen: somebody wrote in it."""
        return self.is_bound and self.has_changed()

    @property
    def is_told(self) -> bool:
        return bool(self.cleaned_data.get("says"))

    @property
    def status(self) -> str:
        return self._word("status")

    @property
    def position(self) -> str:
        return self._word("position")

    def _word(self, axis: str) -> str:
        told, _colon, word = self.cleaned_data.get("says", "").partition(":")
        return word if told == axis else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("says"):
            named = [name for name in ("commitment", "actor", "note", "record") if cleaned.get(name)]
            if named:
                self.add_error("says", _("Choose the status or the position that the words tell."))
            return cleaned
        if self.position and not cleaned.get("actor") and "actor" not in self.errors:
            self.add_error("actor", _("A position is somebody's: name the actor."))
        if self.status and cleaned.get("actor"):
            self.add_error("actor", _("A status is nobody's position; leave the actor empty."))
        if cleaned.get("reading") != "literal" and not cleaned.get("note"):
            self.add_error("note", _("Every reading but “literal” needs a note that shows the reasoning."))
        self._check_record(cleaned)
        return cleaned

    def _check_record(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("record"):
            return
        if not self.status:
            self.add_error("record", _("Only a status is recorded as a change; a position is not one."))
        if not cleaned.get("reason"):
            self.add_error("reason", _("A status change needs a reason: one sentence that the public will read."))


class NewCommitmentForm(forms.Form):
    """The commitment that the first line above speaks of, where it is not recorded yet."""

    title = forms.CharField(
        max_length=200,
        required=False,
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("Who is to do what, for whom; in English."),
    )
    title_es = forms.CharField(max_length=200, required=False, label=gettext_lazy("The same in Spanish"))
    kind = PickField("kind", label=gettext_lazy("Kind"))
    form = one_of(FORMS, gettext_lazy("Form"), initial="offer")
    promisor = PickField("actor", may_be_new=True, label=gettext_lazy("Who undertakes it"))
    promisee = PickField("actor", may_be_new=True, label=gettext_lazy("To whom, or with whom"))
    joint = forms.BooleanField(required=False, label=gettext_lazy("Both undertake it together"))
    made_on = EasyDateField(
        required=False, label=gettext_lazy("Made on"), help_text=gettext_lazy("Empty: by the day it was spoken of.")
    )
    due = EasyDateField(
        required=False,
        may_be_ahead=True,
        label=gettext_lazy("Due"),
        help_text=gettext_lazy("Empty: no deadline is told."),
    )

    @property
    def is_made(self) -> bool:
        return bool(self.cleaned_data.get("title"))

    @property
    def is_meant(self) -> bool:
        """Whether somebody began to fill it in, rightly or not."""
        return self.is_made or bool(self.errors)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("title"):
            named = ("title_es", "kind", "promisor", "promisee", "made_on", "due")
            if any(cleaned.get(name) for name in named) and "title" not in self.errors:
                self.add_error("title", _("A new commitment needs a title."))
            return cleaned
        for name, sentence in (
            ("kind", _("A commitment needs a kind, one of the recorded terms.")),
            ("promisor", _("A commitment needs who undertakes it.")),
        ):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        if cleaned.get("joint") and not cleaned.get("promisee") and "promisee" not in self.errors:
            self.add_error("promisee", _("Name the other who undertakes it with them."))
        return cleaned


BearingForms = forms.formset_factory(
    BearingForm, extra=2, max_num=MOST_PARTS, validate_max=True, absolute_max=MOST_PARTS + 5
)
