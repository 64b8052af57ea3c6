"""The parts of the marking page's one form: the words, how they came, the claim, what it says, and whose it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from commitments.admin.days import unknown_day
from commitments.admin.picks import PickField, refusal_of_office
from commitments.captures.places import trimmed
from commitments.dates import UncertainDate
from commitments.models import Office
from commitments.models.fields import UncertainDateFormField
from commitments.vocabulary import (
    LOCATORS,
    SPEECH_ACTS,
    TRANSLATED,
    VOICES,
    Words,
)

MOST_PARTS = 20
NEEDS_STATEMENT = gettext_lazy("A claim needs its sentence: what is asserted, in our own neutral words.")


def in_language(words: Words, *, meant: bool = False) -> list[tuple[str, str]]:
    """Choices with their labels, and where `meant` their meanings, in the language of the page."""
    spanish = (get_language() or "").startswith("es")
    labels = {word.slug: word.es if spanish else word.en for word in words.words.values()}
    return [
        (slug, f"{label}: {words[slug].meaning}" if meant and words[slug].meaning and not spanish else label)
        for slug, label in labels.items()
    ]


def one_of(words: Words, label: Any, *, empty: Any = None, **options: Any) -> forms.ChoiceField:
    def choices() -> list[tuple[str, str]]:
        return [*([("", str(empty))] if empty else []), *in_language(words)]

    return forms.ChoiceField(choices=choices, label=label, **options)


class EasyDateField(UncertainDateFormField):
    """A date without a basis is taken as stated: what the person who typed nothing else meant."""

    def compress(self, values: list[str]) -> UncertainDate | None:
        if values and values[0] and not values[1]:
            values = [values[0], "stated", *values[2:]]
        return super().compress(values)


class PassageForm(forms.Form):
    """Words of the captured text, by position; empty where only existing passages are used."""

    start = forms.IntegerField(
        required=False, min_value=0, label=gettext_lazy("From character"), widget=forms.NumberInput(attrs={"size": 8})
    )
    end = forms.IntegerField(required=False, min_value=1, label=gettext_lazy("up to character"))
    locator = one_of(LOCATORS, gettext_lazy("Where in the source"), initial="body")
    locator_at = forms.CharField(max_length=40, required=False, label=gettext_lazy("page or time"))
    voice = one_of(VOICES, gettext_lazy("Voice"), initial="quoted")
    translated = one_of(TRANSLATED, gettext_lazy("Translated?"), initial="unknown")

    def __init__(self, *args: Any, text: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.text = text

    @property
    def is_marked(self) -> bool:
        return self.cleaned_data.get("start") is not None

    @property
    def words(self) -> str:
        return self.text[self.cleaned_data["start"] : self.cleaned_data["end"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if self.errors or (start is None and end is None):
            return cleaned
        if start is None or end is None:
            raise forms.ValidationError(_("Words need both a first and a last character."))
        if end > len(self.text):
            raise forms.ValidationError(
                _("The text has %(all)s characters; these words end at %(end)s.") % {"all": len(self.text), "end": end}
            )
        place = trimmed(self.text, start, end)
        if place.end <= place.start:
            raise forms.ValidationError(
                _("There are no words from %(start)s to %(end)s.") % {"start": start, "end": end}
            )
        return cleaned | {"start": place.start, "end": place.end}


class HopForm(forms.Form):
    actor = PickField("actor", may_be_new=True, label=gettext_lazy("Who relayed it"))
    described_as = forms.CharField(
        max_length=200, required=False, label=gettext_lazy("or, unnamed, the source's words for them")
    )
    act = one_of(SPEECH_ACTS, gettext_lazy("How"), initial="reports")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.has_changed() and not self.errors and not cleaned.get("actor") and not cleaned.get("described_as"):
            raise forms.ValidationError(_("Name who relayed it, or give the source's words for them."))
        return cleaned


class ClaimForm(forms.Form):
    statement = forms.CharField(
        max_length=400,
        required=False,
        label=gettext_lazy("What is asserted"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("In one neutral sentence of our own, in English."),
    )
    said_on = EasyDateField(
        required=False,
        label=gettext_lazy("Said on"),
        help_text=gettext_lazy("2021-01-14, or /2021-01-14 for “by then”. Empty: not known."),
    )
    claimant = PickField(
        "office",
        "actor",
        may_be_new=True,
        label=gettext_lazy("Who says it"),
        help_text=gettext_lazy(
            "By the office they held on that day. What they tell of others is a position of those others below."
        ),
    )
    post = forms.CharField(
        max_length=200,
        required=False,
        label=gettext_lazy("Their post, where it is not recorded yet"),
        help_text=gettext_lazy("Such as Foreign Secretary: the office is drafted, with these words as its passage."),
    )
    body = PickField("actor", may_be_new=True, label=gettext_lazy("The body of that post"))
    speech_act = one_of(SPEECH_ACTS, gettext_lazy("What they do by saying it"), initial="reports")
    on_behalf_of = PickField("actor", may_be_new=True, label=gettext_lazy("On behalf of"))
    occasion = PickField("occasion", label=gettext_lazy("Occasion"))

    @property
    def is_made(self) -> bool:
        return bool(self.cleaned_data.get("statement"))

    @property
    def said(self) -> UncertainDate:
        return self.cleaned_data["said_on"] or unknown_day()

    @property
    def has_no_side(self) -> bool:
        """A person whose post nobody told: what they say counts for no state."""
        told = self.cleaned_data
        claimant = told.get("claimant")
        is_person = claimant is not None and not isinstance(claimant, Office) and _kind(claimant) == "person"
        return is_person and not told.get("post") and not told.get("on_behalf_of")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._check_whole(cleaned)
        self._check_office(cleaned)
        return cleaned

    def _check_whole(self, cleaned: dict[str, Any]) -> None:
        told = [name for name in ("claimant", "post", "said_on", "on_behalf_of", "occasion") if cleaned.get(name)]
        if told and not cleaned.get("statement") and "statement" not in self.errors:
            self.add_error("statement", NEEDS_STATEMENT)
        if cleaned.get("statement") and not cleaned.get("claimant") and "claimant" not in self.errors:
            self.add_error("claimant", _("A claim needs who asserts it."))

    def _check_office(self, cleaned: dict[str, Any]) -> None:
        claimant, said_on = cleaned.get("claimant"), cleaned.get("said_on")
        if isinstance(claimant, Office) and said_on and said_on.edtf:
            refusal = refusal_of_office(claimant, said_on.edtf)
            if refusal:
                self.add_error("claimant", refusal)
        if not cleaned.get("post"):
            if cleaned.get("body"):
                self.add_error("post", _("Name the post they hold at this body."))
        elif isinstance(claimant, Office):
            self.add_error("post", _("Their office is chosen already; leave this empty."))
        elif not cleaned.get("body") and "body" not in self.errors:
            self.add_error("body", _("A post needs its body: it decides which side its holder speaks for."))
        elif claimant and _kind(claimant) != "person":
            self.add_error("post", _("Only a person holds a post."))


def _kind(actor: Any) -> str:
    return str(actor.kind)


HopForms = forms.formset_factory(HopForm, extra=2, max_num=MOST_PARTS, validate_max=True, absolute_max=MOST_PARTS + 5)
