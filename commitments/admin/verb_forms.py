"""The small forms of the verbs. Each calls one action; what it refuses becomes the form's own errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django import forms
from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments import actions
from commitments.languages import choices
from commitments.models.desk import DeskNoun, refuse_turned
from commitments.models.refusals import sentence_of
from commitments.vocabulary import NATURES

LARGEST_UPLOAD = 10 * 2**20


def reason(help_text: Any) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": 2, "cols": 80})
    return forms.CharField(
        label=_("Reason"), max_length=400, widget=box, help_text=help_text, validators=[refuse_turned]
    )


class VerbForm(forms.Form):
    """`conflict`: somebody else was faster, and told on the form what changed. `result`: what the action answered.
    `labels`: by id, the names of what it is about."""

    conflict = False
    result: Any = None
    labels: Mapping[str, str] = MappingProxyType({})

    def written(self, action: Callable[..., Any], **arguments: Any) -> bool:
        """Whether the action was done; where not, its sentences stand on the form."""
        try:
            self.result = action(**arguments)
        except IntegrityError as error:
            self.add_error(None, sentence_of(error))
            return False
        except actions.Refused as refusal:
            self.conflict = isinstance(refusal, actions.Conflict)
            for problem in refusal.problems:
                self.add_error(None, sentence_about(problem, self.labels))
            return False
        return True


def sentence_about(problem: actions.Problem, labels: Mapping[str, str]) -> str:
    """With the name of what it is about, where a set has many things."""
    name = labels.get(problem.subject_id)
    return f"“{name}”: {problem.sentence}" if name and name not in problem.sentence else problem.sentence


def choice_of(thing: DeskNoun) -> tuple[str, str]:
    return thing.pk, f"{thing._meta.verbose_name}: {thing}"


class PublishForm(VerbForm):
    things = forms.MultipleChoiceField(
        label=_("Published together"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What the drafts name must be public already or stand in the same set."),
    )
    reason = reason(_("One sentence that the public will read, such as “First recording”."))

    def __init__(self, *args: Any, choices: Sequence[DeskNoun], left: Sequence[DeskNoun] = (), **options: Any) -> None:
        """`left`: what this person may not publish, offered unticked."""
        super().__init__(*args, **options)
        self.fields["things"].choices = [choice_of(thing) for thing in choices]  # type: ignore[attr-defined]
        self.fields["things"].initial = [thing.pk for thing in choices if thing not in left]
        self.labels = {thing.pk: str(thing) for thing in choices}


class AmendForm(VerbForm):
    nature = forms.ChoiceField(
        choices=choices(NATURES),
        widget=forms.RadioSelect,
        label=_("What changed"),
        help_text=_(
            "“We were wrong” where the record did not say what the source says: it is listed among the corrections. "
            "“Something happened” where the world moved on, and for additions such as a summary or a translation."
        ),
    )
    reason = reason(_("One sentence that the public will read beside the new version."))


class RetractForm(VerbForm):
    reason = reason(_("One sentence that the public will read. The thing stays readable, marked as retracted."))


def too_large(upload: Any) -> str:
    said = gettext("The file has %(size)s bytes; at most %(limit)s are taken.")
    return said % {"size": upload.size, "limit": LARGEST_UPLOAD}


class UndoForm(VerbForm):
    reason = reason(_("One sentence that the public will read. What is undone stays readable, with its reason."))


class DiscardForm(VerbForm):
    """Nothing to fill in: a button."""


class BytesForm(VerbForm):
    upload = forms.FileField(label=_("The file"), help_text=_("The very bytes: their SHA-256 must be the capture's."))
    reason = reason(_("One sentence that the public will read where the source is published."))

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload.size > LARGEST_UPLOAD:
            raise forms.ValidationError(too_large(upload))
        return upload
