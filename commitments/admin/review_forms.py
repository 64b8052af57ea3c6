"""The forms of a set for review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.admin.verb_forms import VerbForm, choice_of, reason
from commitments.models.desk import DeskNoun
from commitments.vocabulary import NATURES

__all__ = ["PublishSetForm", "ReturnForm", "SetForm", "VerbForm"]


class SetForm(VerbForm):
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("What the set is about, for the reviewer."),
    )
    note = forms.CharField(
        label=_("Note for the reviewer"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text=_("What to look at, and what you are not sure of. Never public."),
    )
    things = forms.MultipleChoiceField(
        label=_("Reviewed and published together"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What the drafts name must be public already or stand in the same set."),
    )

    def __init__(self, *args: Any, choices: Sequence[DeskNoun], ticked: Sequence[DeskNoun], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["things"].choices = list(dict.fromkeys(choice_of(thing) for thing in choices))  # type: ignore[attr-defined]
        self.fields["things"].initial = [thing.pk for thing in ticked]


class PublishSetForm(VerbForm):
    nature = forms.ChoiceField(
        choices=NATURES.choices,
        initial="world",
        required=False,
        widget=forms.RadioSelect,
        label=_("What the edits tell"),
        help_text=_("Of what is public already: did something happen, or were we wrong?"),
    )
    reason = reason(_("One sentence that the public will read, such as “First recording”."))

    def clean_nature(self) -> str:
        return self.cleaned_data["nature"] or "world"


class ReturnForm(VerbForm):
    comment = forms.CharField(
        label=_("Comment"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text=_("What is missing or wrong, so that the author knows what to do. Never public."),
    )
