"""What a set must hold before it is written, noun by noun: good messages for what the database would refuse,
and what only the whole set can show: that it is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext, ngettext

from commitments.actions.filling import MODELS
from commitments.actions.refusals import Collected
from commitments.documents import NOUN_OF_PREFIX, names
from commitments.models.record import Subject

Document = dict[str, Any]
Filled = Sequence[tuple[str, Document]]


def check_set(filled: Filled, day: date) -> None:
    """Raises `Refused` with every fault of the set at once."""
    found = Collected()
    for subject_type, document in filled:
        for sentence in faults(subject_type, document, day):
            found.add(sentence, document["id"])
    _check_closed(filled, found)
    found.refuse_if_any()


def faults(subject_type: str, document: Document, day: date) -> list[str]:
    told = [fault for rule in RULES.get(subject_type, ()) if (fault := rule(document))]
    return told + _dates_ahead(subject_type, document, day)


def _check_closed(filled: Filled, found: Collected) -> None:
    """A document names only what is published or in the same set."""
    included = {document["id"] for _, document in filled}
    named = {document["id"]: set(names(kind, document)) - included for kind, document in filled}
    outside = set().union(*named.values()) if named else set()
    published = set(Subject.objects.filter(id__any_of=outside).values_list("id", flat=True))
    labels = _labels(outside - published)
    for subject_id, ids in named.items():
        missing = sorted(ids - published)
        if missing:
            listed = ", ".join(f"{labels.get(i, gettext('unknown'))} ({i})" for i in missing)
            said = gettext("It names what is not published: %(listed)s. Add it to the set.")
            found.add(said % {"listed": listed}, subject_id, missing)


def _labels(ids: Iterable[str]) -> dict[str, str]:
    """What the desk calls things, by id: one query a noun."""
    by_noun: dict[str, list[str]] = {}
    for i in ids:
        by_noun.setdefault("term" if "/" in i else NOUN_OF_PREFIX[i[:3]], []).append(i)
    return {
        pk: f"{thing._meta.verbose_name} “{thing}”"
        for noun, pks in by_noun.items()
        for pk, thing in MODELS[noun].objects.in_bulk(pks).items()
    }


def _dates_ahead(subject_type: str, document: Document, day: date) -> list[str]:
    """Only a deadline or an office's end may end after the day of recording; an unknown date keeps its bounds."""
    ahead = [
        member
        for member, value in document.items()
        if isinstance(value, dict)
        and "edtf" in value
        and member not in ("due", "due_first", "to")
        and value["edtf"] is not None
        and value["latest"] > day.isoformat()
    ]
    said = gettext("%(member)s ends after today, %(day)s; write the interval up to today.")
    return [said % {"member": member, "day": day} for member in ahead]


def _needs_passage(document: Document) -> str | None:
    return None if document["passages"] else gettext("It cites no passage; name the words that show it.")


def _bearings_need_passages(claim: Document) -> str | None:
    bare = [b for b in claim["bearings"] if not b["passages"]]
    said = ngettext(
        "%(number)s of its bearings cites no passage; name the words it rests on.",
        "%(number)s of its bearings cite no passage; name the words each rests on.",
        len(bare),
    )
    return said % {"number": len(bare)} if bare else None


def _bearings_differ(claim: Document) -> str | None:
    said = [(b["commitment"], b["status"], b["actor"], b["position"], b["reading"]) for b in claim["bearings"]]
    return gettext("Two of its bearings say the same; keep one.") if len(set(said)) < len(said) else None


def _participants_need_passages(occasion: Document) -> str | None:
    bare = [p for p in occasion["participants"] if not p["passages"]]
    said = ngettext(
        "%(number)s of its participants cites no passage; name where they are told of.",
        "%(number)s of its participants cite no passage; name where each is told of.",
        len(bare),
    )
    return said % {"number": len(bare)} if bare else None


def _needs_capture(source: Document) -> str | None:
    if source["captures"]:
        return None
    return gettext("It has no capture; record at least the digest of what was read.")


def _needs_parties(commitment: Document) -> str | None:
    roles = [party["role"] for party in commitment["parties"]]
    promisors, joint = roles.count("promisor"), roles.count("joint")
    if (promisors == 1 and not joint) or (joint >= 2 and not promisors):
        return None
    return gettext("It needs exactly one promisor, or two or more joint parties: one row stands for one undertaking.")


def _lineage_needs_passages(commitment: Document) -> str | None:
    bare = [li for li in commitment["lineage"] if li["reading"] != "inference" and not li["passages"]]
    said = gettext("A lineage link that is not our inference needs a passage; cite it or mark it as inference.")
    return said if bare else None


def _status_needs_claims(change: Document) -> str | None:
    if change["status"] is None or change["claims"]:
        return None
    return gettext("A status needs at least one claim; cite the claim that says so.")


RULES: dict[str, tuple[Callable[[Document], str | None], ...]] = {
    "office": (_needs_passage,),
    "occasion": (_needs_passage, _participants_need_passages),
    "source": (_needs_capture,),
    "claim": (_needs_passage, _bearings_need_passages, _bearings_differ),
    "commitment": (_needs_parties, _lineage_needs_passages),
    "status_change": (_status_needs_claims,),
}
