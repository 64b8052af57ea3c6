"""A field that names something recorded, as text: suggestions come from an address of the desk, and without
JavaScript its name or short name is typed. A list of thousands is never sent with a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.dates import FIRST_DAY, InvalidDate, bounds
from commitments.languages import word_label
from commitments.models import Actor, Commitment, Occasion, Office, Term
from commitments.models.desk import DeskNoun
from commitments.vocabulary import ACTOR_KINDS

MOST_OFFERED = 12
MOST_LISTED = 60  # of a vocabulary that is short enough to be read as a whole
VOCABULARIES = ("kind", "topic", "place")
LONGEST_NAME = 200  # characters, as the column has
_SHORT_NAME = re.compile(r"\[([\w/-]+)\]$")
_ID = re.compile(r"(act|off|cmt|occ)_[0-9a-z]{26}")
_NEW = re.compile(r"(?i:new|nuev[oa])\s+([\w ]+?)(?:\s+(?i:of|de)\s+(.+?))?\s*:\s*(\S.*)", re.DOTALL)
# In either language, whichever the reader's is.
KINDS_IN_WORDS = {
    **{ACTOR_KINDS[kind].es.lower(): kind for kind in ACTOR_KINDS},
    **{kind.replace("_", " "): kind for kind in ACTOR_KINDS},
}


def kinds_told() -> list[str]:
    return [word_label(ACTOR_KINDS[kind]).lower() for kind in ACTOR_KINDS]


lazily_told = lazy(lambda: ",".join(kinds_told()), str)


@dataclass(frozen=True)
class Awaited:
    """The name of a body or state that is not recorded; `settle` looks for it among what is new on the same form."""

    name: str


@dataclass(frozen=True)
class NewActor:
    """Somebody not recorded yet, to be drafted with what names them; `of` is the body or state they are part of,
    recorded or new itself."""

    kind: str
    name: str
    of: Any = None


def settle(forms: Sequence[forms.Form]) -> None:
    """Of cleaned forms that are sent together: who is part of somebody new gets that one, or a refusal."""
    new = [(form, name, told) for form in forms for name, told in form.cleaned_data.items() if _is_new(told)]
    waiting = [found for found in new if _is_awaited(found[2])]
    bodies = {_folded(told): told for *_field, told in new if told.kind != "person" and not _is_awaited(told)}
    while ready := [found for found in waiting if _folded(found[2].of) in bodies]:
        for form, name, told in ready:
            form.cleaned_data[name] = replace(told, of=bodies[_folded(told.of)])
            bodies[_folded(told)] = form.cleaned_data[name]
        waiting = [found for found in waiting if found not in ready]
    for form, name, told in waiting:
        sentence = _(
            "“%(text)s” is neither recorded nor new in another field of this form: name it there, such as "
            "“new state: %(text)s”, or add it first."
        )
        form.add_error(name, sentence % {"text": told.of.name})


def _is_new(told: object) -> bool:
    return isinstance(told, NewActor)


def _is_awaited(new: NewActor) -> bool:
    return isinstance(new.of, Awaited)


def _folded(named: NewActor | Awaited) -> str:
    return named.name.casefold()


@dataclass(frozen=True)
class Picked:
    """How one kind of thing is looked for and named."""

    rows: QuerySet
    searched: tuple[str, ...]

    def find(self, term: str) -> QuerySet:
        """Every word stands in one of the fields."""
        rows = self.rows
        for word in term.split():
            rows = rows.filter(_any(self.searched, "icontains", word))
        return rows

    def named(self, name: str) -> QuerySet:
        return self.rows.filter(_any(self.searched, "iexact", name))


def _any(fields: Sequence[str], lookup: str, value: str) -> Q:
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__{lookup}": value})
    return found


def picked(kind: str) -> Picked:
    """What can be picked, by the name of its noun, or of the scheme of a term."""
    match kind:
        case "actor":
            return Picked(Actor.objects.all(), ("name", "slug", "names__name"))
        case "office":
            rows = Office.objects.select_related("person")
            return Picked(rows, ("person__name", "title", "slug", "person__names__name"))
        case "commitment":
            return Picked(Commitment.objects.all(), ("title_en", "title_es", "slug"))
        case "occasion":
            return Picked(Occasion.objects.all(), ("name", "slug"))
        case _:
            return Picked(Term.objects.filter(scheme=kind), ("label_en", "label_es", "slug"))


def label(thing: Any) -> str:
    """What stands in the field: the name, and in brackets what makes it certain."""
    return f"{thing} [{thing.pk if isinstance(thing, Term) else thing.slug}]"


def offered(kinds: Sequence[str], term: str, on: str = "") -> list[dict[str, str]]:
    """What fits the words typed; last, with the reason, who did not hold the office on that day. One query a kind."""
    found: list[dict[str, str]] = []
    most = MOST_LISTED if set(kinds) <= set(VOCABULARIES) else MOST_OFFERED
    for kind in kinds:
        things = list(picked(kind).find(term).distinct()[:most])
        found += [{"value": label(thing), "note": _note(thing, on)} for thing in things]
    return sorted(found, key=lambda option: option["note"] != "")[:most]


def _note(thing: DeskNoun, on: str) -> str:
    return refusal_of_office(thing, on) if isinstance(thing, Office) else ""


def refusal_of_office(office: Office, on: str) -> str:
    """Why somebody surely did not hold the office on that day, else nothing. `on` is EDTF text."""
    try:
        earliest, latest = bounds(on, open_end=office.end.latest)
    except InvalidDate:
        return ""
    if latest < office.start.earliest or (earliest > office.end.latest and earliest > FIRST_DAY):
        told = {"office": office, "start": office.start.edtf or "?", "end": office.end.edtf or "?", "day": on}
        return _("%(office)s: held from %(start)s to %(end)s, not on %(day)s.") % told
    return ""


class PickWidget(forms.TextInput):
    """Says of which kinds it is; pick.js offers what fits."""

    def __init__(self, kinds: Sequence[str]) -> None:
        super().__init__({"class": "vTextField pick", "data-kinds": ",".join(kinds), "autocomplete": "off"})
        if set(kinds) <= set(VOCABULARIES):
            self.attrs["data-listed"] = "all"


class PickField(forms.CharField):
    """Cleans to a thing, to a `NewActor` where `may_be_new`, or to None."""

    def __init__(self, *kinds: str, may_be_new: bool = False, **options: Any) -> None:
        self.kinds, self.may_be_new = kinds, may_be_new
        given: dict[str, Any] = {"required": False, "widget": PickWidget(kinds)} | options
        super().__init__(max_length=500, **given)
        if may_be_new:
            self.widget.attrs |= {"data-new": lazily_told(), "data-new-word": gettext_lazy("new")}

    def prepare_value(self, value: Any) -> Any:
        return label(value) if isinstance(value, DeskNoun) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        if not text:
            return None
        new = _NEW.fullmatch(text)
        if new and self.may_be_new:
            return self._new(*new.groups())
        return self._recorded(text)

    def _new(self, kind: str, of: str | None, name: str) -> NewActor:
        slug = KINDS_IN_WORDS.get(" ".join(kind.lower().split()))
        if slug is None:
            listed = ", ".join(kinds_told())
            raise forms.ValidationError(
                _("“%(kind)s” is no kind of actor; write one of: %(listed)s.") % {"kind": kind, "listed": listed}
            )
        if len(name) > LONGEST_NAME:
            raise forms.ValidationError(_("This name is too long; 200 characters at most."))
        return NewActor(slug, " ".join(name.split()), self._part_of(of) if of else None)

    def _part_of(self, of: str) -> DeskNoun | Awaited:
        """Raises ValidationError where it may be several."""
        name = " ".join(of.split())
        is_known = _SHORT_NAME.search(name) or picked("actor").named(name).exists()
        return self._recorded(name) if is_known else Awaited(name)

    def _recorded(self, text: str) -> DeskNoun:
        short = _SHORT_NAME.search(text)
        is_id = _ID.fullmatch(text)
        for kind in self.kinds:
            choice = picked(kind)
            if short:
                key = "pk" if kind in VOCABULARIES else "slug"
                found = list(choice.rows.filter(**{key: short[1]})[:2])
            elif is_id:
                found = list(choice.rows.filter(pk=text))
            else:
                found = list(choice.named(text).distinct()[:MOST_OFFERED])
            if len(found) == 1:
                return found[0]  # type: ignore[no-any-return]
            if found:
                raise forms.ValidationError(
                    _("“%(text)s” may be several; write one of: %(listed)s.")
                    % {"text": text, "listed": "; ".join(map(label, found))}
                )
        raise forms.ValidationError(self._unknown(text))

    def _unknown(self, text: str) -> str:
        alike = [option["value"] for option in offered(self.kinds, text)][:5]
        told = _("Nothing called “%(text)s” is recorded.") % {"text": text}
        if alike:
            told += " " + _("Did you mean: %(listed)s?") % {"listed": "; ".join(alike)}
        elif set(self.kinds) <= set(VOCABULARIES):
            listed = "; ".join(str(thing) for kind in self.kinds for thing in picked(kind).rows[:MOST_LISTED])
            told += " " + _("Choose one that is, or add it with “new”: %(listed)s.") % {"listed": listed}
        if self.may_be_new:
            told += " " + _(
                "Somebody new is written with their kind: “new state: %(text)s”, “new person: %(text)s”."
            ) % {"text": text}
        return told
