"""The marking page's forms as one: what they say of each other, and what they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from commitments.admin.bearing_forms import BearingForm, BearingForms, NewCommitmentForm
from commitments.admin.days import true_by
from commitments.admin.history import History
from commitments.admin.marking_drafts import Drafts
from commitments.admin.marking_forms import NEEDS_STATEMENT, ClaimForm, HopForms, PassageForm
from commitments.admin.marking_offers import selection_of
from commitments.admin.marking_text import Recorded
from commitments.admin.picks import settle
from commitments.dates import UncertainDate
from commitments.models import Commitment, Passage, Source
from commitments.models.desk import DeskNoun

# In the order of `parts`: where on the page each stands.
SECTIONS = ("words", "words", "claim", "bearings", "bearings")
PASSAGE_FIELDS = ("start", "end", "locator", "locator_at", "voice", "translated")


class Refusal(NamedTuple):
    """One sentence, with the id and the label of the field that it is about."""

    place: str
    label: str
    sentence: str


class MarkingInput:
    """`asked` (the address) prefills an empty page: words by position, fields by their names."""

    def __init__(self, data: Any, *, text: str, source: Source, known: Recorded, asked: Mapping[str, str]) -> None:
        self.known = known
        self.passage = PassageForm(data, text=text, initial=_prefilled(text, source, asked))
        self.hops = HopForms(data, prefix="hop")
        self.claim = ClaimForm(data, prefix="claim", initial=_of_claim(asked))
        self.bearings = BearingForms(data, prefix="bearing")
        self.commitment = NewCommitmentForm(data, prefix="new")
        self.ticked = data.getlist("passages") if data is not None else [asked.get("passage", "")]

    @property
    def parts(self) -> Iterator[Any]:
        yield from (self.passage, self.hops, self.claim, self.bearings, self.commitment)

    def is_valid(self) -> bool:
        """Everything that is wrong is told at once."""
        are_valid = all([part.is_valid() for part in self.parts])
        settle([form for part in self.parts for form in forms_of(part)])
        self._check_whole()
        for number, bearing in enumerate(self.told):
            self._check_bearing(number, bearing)
        return are_valid and not self.is_refused

    @property
    def refusals(self) -> list[Refusal]:
        return [refusal for part, section in zip(self.parts, SECTIONS, strict=True) for refusal in _told(part, section)]

    @property
    def told(self) -> list[BearingForm]:
        return [form for form in self.bearings.forms if form.is_told]

    @property
    def is_refused(self) -> bool:
        return any(_has_errors(part) for part in self.parts)

    @property
    def has_hops(self) -> bool:
        """Whether what is folded must be seen: it was filled in, or something is wrong in it."""
        return self.hops.is_bound and any(form.has_changed() for form in self.hops.forms)

    @property
    def has_more_of_claim(self) -> bool:
        return any(self.claim[name].value() for name in ("post", "body", "on_behalf_of", "occasion"))

    @property
    def has_new_commitment(self) -> bool:
        return bool(self.commitment.errors) or bool(self.commitment["title"].value())

    @cached_property
    def further(self) -> list[Passage]:
        return [passage for passage in self.known.passages if passage.pk in self.ticked]

    def _check_whole(self) -> None:
        has_words = self.passage.is_marked or bool(self.further)
        if not has_words and not self.passage.errors:
            self.passage.add_error(None, _("Mark the words first, or tick words that are marked already."))
        if not self.claim.is_made and not self.claim.errors and (self.told or self.commitment.is_made):
            self.claim.add_error("statement", NEEDS_STATEMENT)
        if self.commitment.is_made and not self._is_spoken_of:
            self.commitment.add_error(
                "title", _("Say above, in the first line, what the claim says of it; leave the commitment there empty.")
            )

    @property
    def _is_spoken_of(self) -> bool:
        """Whether the first line tells something of the new commitment."""
        return bool(self.told) and not self.told[0].cleaned_data.get("commitment")

    def _check_bearing(self, number: int, bearing: BearingForm) -> None:
        if "commitment" in bearing.errors:
            return
        commitment = bearing.cleaned_data["commitment"]
        if not commitment and (number or not self.commitment.is_meant):
            bearing.add_error("commitment", _("Name the commitment, or draft a new one below."))
        if commitment and bearing.cleaned_data["record"] and not bearing.errors and not self.claim.errors:
            self._check_status(bearing, commitment)

    def _check_status(self, bearing: BearingForm, commitment: Commitment) -> None:
        history = History.of(commitment)
        effective = bearing.cleaned_data["effective"] or self.effective
        if bearing.status not in history.allowed(effective):
            bearing.add_error("says", history.not_allowed(effective))

    @property
    def effective(self) -> UncertainDate:
        return true_by(self.claim.said)

    def draft(self, drafts: Drafts) -> list[DeskNoun]:
        """Answers what was made. Raises ValidationError or IntegrityError; the caller's transaction keeps all or
        nothing."""
        hops = [form.cleaned_data for form in self.hops.forms if form.has_changed()]
        marked = [drafts.passage(self.passage, hops)] if self.passage.is_marked else []
        passages = [*marked, *(p for p in self.further if p not in marked)]
        if self.claim.is_made:
            self._draft_claim(drafts, passages)
        drafts.finish()
        return drafts.made

    def _draft_claim(self, drafts: Drafts, passages: list[Passage]) -> None:
        claim = drafts.claim(self.claim, passages, cited=bool(self.told))
        new = drafts.commitment(self.commitment, claim.said_on) if self.commitment.is_made else None
        for order, bearing in enumerate(self.told):
            drafts.bearing(claim, order, bearing, bearing.cleaned_data["commitment"] or new, passages)


def forms_of(part: Any) -> list[Any]:
    """A form alone, or a list of forms."""
    return list(getattr(part, "forms", [part]))


def _told(part: Any, section: str) -> Iterator[Refusal]:
    """What is wrong in a form or in each of a list of forms, and where: at the field, else in its section."""
    for form in forms_of(part):
        for name, errors in form.errors.items():
            field = form[name] if name in form.fields else None
            place = (f"{field.auto_id}_0" if field.use_fieldset else field.auto_id) if field else section
            yield from (Refusal(place, str(field.label) if field else "", str(error)) for error in errors)


def _has_errors(part: Any) -> bool:
    """Of a form, or of a list of forms, whose errors are a list of theirs."""
    return part.is_bound and any(part.errors)


def _prefilled(text: str, source: Source, asked: Mapping[str, str]) -> dict[str, Any]:
    told = selection_of(text, source.rights, asked.get("start"), asked.get("end"))
    return {name: told[name] for name in PASSAGE_FIELDS if name in told}


def _of_claim(asked: Mapping[str, str]) -> dict[str, Any]:
    """Suggestions followed without JavaScript: fields of the claim in the address."""
    told = {name.removeprefix("claim-"): value for name, value in asked.items() if name.startswith("claim-")}
    date = [told.pop(f"said_on_{part}", "") for part in ("edtf", "basis", "note")]
    return told | ({"said_on": date} if any(date) else {})
