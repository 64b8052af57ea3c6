"""Whether passages still stand in what we hold: written to the desk, and what is published as entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.db.models import Max

from commitments.actions.filling import documents_of
from commitments.actions.writing import Change, current_versions, document_of
from commitments.captures.anchoring import Place, Quote, own_place, place
from commitments.models.desk import DeskNoun
from commitments.models.sources import CaptureBytes, Passage


def check_again(passages: Iterable[Passage]) -> list[Passage]:
    """Writes each passage's result to the desk; answers those whose result differs. Three queries and the texts."""
    checked = list(passages)
    own = _texts(passage.capture_id for passage in checked)
    newest = newest_held(passage.capture.source_id for passage in checked)
    moved = []
    for passage in checked:
        result = anchor(passage, own.get(passage.capture_id), newest.get(passage.capture.source_id)).result
        if result and result != passage.anchor:
            passage.anchor = result
            passage.save(update_fields=["anchor"])
            moved.append(passage)
    return moved


def anchor(passage: Passage, own: str | None, newest: CaptureBytes | None) -> Place:
    """Where the words stand in the newest text we hold of the source. A passage that is not at its place in its
    own capture is nowhere else either."""
    quote = quote_of(passage, own)
    at_home = Place("text_not_held") if own is None else own_place(own, quote)
    is_later = newest is not None and newest.capture_id > passage.capture_id
    if newest is None or not is_later or at_home.result in ("ambiguous", "orphaned"):
        return at_home
    return place(newest.text, quote)


def quote_of(passage: Passage, own: str | None) -> Quote:
    quote = Quote(passage.start, passage.end, passage.exact_sha256, passage.exact or None)
    if own is not None and own_place(own, quote).result == "found":
        quote = Quote.out_of(own, passage.start, passage.end, passage.exact_sha256)
    if passage.prefix or passage.suffix:
        quote = replace(quote, before=passage.prefix, after=passage.suffix)
    return quote


def newest_held(sources: Iterable[str]) -> dict[str, CaptureBytes]:
    """By source the latest capture of which we hold the text: ids rise with time. Two queries."""
    of_source = CaptureBytes.objects.filter(capture__source__in=set(sources))
    latest = of_source.values("capture__source").annotate(latest=Max("capture_id")).values_list("latest", flat=True)
    held = CaptureBytes.objects.filter(pk__in=list(latest)).select_related("capture").defer("data")
    return {bytes_.capture.source_id: bytes_ for bytes_ in held}


def _texts(captures: Iterable[str]) -> dict[str, str]:
    return dict(CaptureBytes.objects.filter(pk__in=set(captures)).values_list("pk", "text"))


def rechecks(passages: Sequence[Passage], *, reason: str) -> list[Change]:
    """Entries for the published passages whose result is another than the public reads: that member of theirs
    alone, so that unpublished edits stay unpublished."""
    published = [passage for passage in passages if passage.is_published]
    return [
        Change("recheck", noun, before | {"check": desk["check"]}, reason, before=before)
        for noun, desk, before in with_public(published)
        if before["check"] != desk["check"]
    ]


def with_public(things: Sequence[DeskNoun]) -> list[tuple[str, Mapping, dict]]:
    """(noun, the desk's document, the public one) of what is published and not retracted."""
    current = current_versions(thing.pk for thing in things)
    return [
        (noun, desk, document_of(current[desk["id"]]))
        for noun, desk in documents_of(things)
        if desk["id"] in current and current[desk["id"]].type != "retract"
    ]
