"""From the desk to the public document: one function a noun, in the shapes of `documents.DOCUMENTS`.

Each asks a fixed number of queries, however many things, and builds no model instances: a large set is read
as rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from django.db import models as db

from commitments import models
from commitments.dates import UncertainDate
from commitments.documents import SUBJECT_TYPES
from commitments.models.desk import DeskNoun

Document = dict[str, Any]
Ids = Sequence[str]


def terms(ids: Ids) -> Iterator[Document]:
    columns = ("id", "scheme", "slug", "label_en", "label_es", "broader_id")
    for term in _rows(models.Term, columns, pk=ids):
        yield {
            "id": term.id,
            "scheme": term.scheme,
            "slug": term.slug,
            "labels": {"en": term.label_en, "es": term.label_es or None},
            "broader": term.broader_id,
        }


def actors(ids: Ids) -> Iterator[Document]:
    names = _parts(models.ActorName, ("actor_id", "language", "name"), actor=ids)
    for actor in _rows(models.Actor, ("id", "slug", "name", "kind", "part_of_id"), pk=ids):
        yield {
            "id": actor.id,
            "slug": actor.slug,
            "name": actor.name,
            "names": {name.language: name.name for name in names.get(actor.id, ())},
            "kind": actor.kind,
            "part_of": actor.part_of_id,
        }


def offices(ids: Ids) -> Iterator[Document]:
    passages = _linked(models.Office.passages, "office_id", "passage_id", office=ids)
    for office in _rows(models.Office, ("id", "slug", "person_id", "title", "body_id", "start", "end"), pk=ids):
        yield {
            "id": office.id,
            "slug": office.slug,
            "person": office.person_id,
            "title": office.title,
            "body": office.body_id,
            "from": office.start.as_json(),
            "to": office.end.as_json(),
            "passages": passages.get(office.id, []),
        }


def occasions(ids: Ids) -> Iterator[Document]:
    participants = _participants(ids)
    passages = _linked(models.Occasion.passages, "occasion_id", "passage_id", occasion=ids)
    for occasion in _rows(models.Occasion, ("id", "slug", "name", "kind", "date", "place_id", "access"), pk=ids):
        taking_part = participants.get(occasion.id, [])
        yield {
            "id": occasion.id,
            "slug": occasion.slug,
            "name": occasion.name,
            "kind": occasion.kind,
            "date": occasion.date.as_json(),
            "place": occasion.place_id,
            "access": occasion.access,
            "participants": taking_part,
            "passages": _all_cited(passages.get(occasion.id, []), taking_part),
        }


def _participants(occasions: Ids) -> dict[str, list[Document]]:
    passages = _linked(models.Participant.passages, "participant_id", "passage_id", participant__occasion=occasions)
    columns = ("occasion_id", "id", "office_id", "actor_id", "capacity")
    return {
        occasion: [
            {
                "office": taking.office_id,
                "actor": taking.actor_id,
                "capacity": taking.capacity or None,
                "passages": passages.get(taking.id, []),
            }
            for taking in parts
        ]
        for occasion, parts in _parts(models.Participant, columns, occasion=occasions).items()
    }


def sources(ids: Ids) -> Iterator[Document]:
    captures = _captures(ids)
    columns = ("id", "slug", "title", "kind", "publisher_id", "publisher_basis", "publisher_note", "byline")
    more = ("language", "url", "archive_url", "published", "rights")
    for source in _rows(models.Source, (*columns, *more), pk=ids):
        publisher = None
        if source.publisher_id:
            publisher = {
                "actor": source.publisher_id,
                "basis": source.publisher_basis,
                "note": source.publisher_note or None,
            }
        yield {
            "id": source.id,
            "slug": source.slug,
            "title": source.title,
            "kind": source.kind,
            "publisher": publisher,
            "byline": source.byline or None,
            "language": source.language or None,
            "url": source.url or None,
            "archive_url": source.archive_url or None,
            "published": source.published.as_json(),
            "rights": source.rights,
            "captures": captures.get(source.id, []),
        }


def _captures(sources: Ids) -> dict[str, list[Document]]:
    columns = ("source_id", "id", "sha256", "size", "text_sha256", "characters", "normaliser", "captured", "how")
    parts = _parts(models.Capture, (*columns, "held"), source=sources)
    return {
        source: [
            {
                "id": capture.id,
                "sha256": capture.sha256,
                "size": capture.size,
                "text_sha256": capture.text_sha256,
                "characters": capture.characters,
                "normaliser": capture.normaliser,
                "captured": capture.captured.as_json(),
                "how": capture.how or None,
                "held": capture.held is not None,
            }
            for capture in captures
        ]
        for source, captures in parts.items()
    }


def passages(ids: Ids) -> Iterator[Document]:
    hops = _parts(models.Hop, ("passage_id", "actor_id", "described_as", "act", "note"), passage=ids)
    columns = ("id", "capture__source_id", "capture_id", "start", "end", "exact", "exact_sha256", "prefix", "suffix")
    more = ("locator", "locator_at", "voice", "translated", "anchor")
    for passage in _rows(models.Passage, (*columns, *more), pk=ids):
        yield {
            "id": passage.id,
            "source": passage.capture__source_id,
            "capture": passage.capture_id,
            "start": passage.start,
            "end": passage.end,
            "exact": passage.exact or None,
            "exact_sha256": passage.exact_sha256,
            "prefix": passage.prefix or None,
            "suffix": passage.suffix or None,
            "locator": passage.locator,
            "locator_at": passage.locator_at or None,
            "voice": passage.voice,
            "translated": passage.translated,
            "hops": [
                {
                    "actor": hop.actor_id,
                    "described_as": hop.described_as or None,
                    "act": hop.act,
                    "note": hop.note or None,
                }
                for hop in hops.get(passage.id, ())
            ],
            "check": passage.anchor,
        }


def claims(ids: Ids) -> Iterator[Document]:
    bearings = _bearings(ids)
    passages = _linked(models.Claim.passages, "claim_id", "passage_id", claim=ids)
    columns = ("id", "statement", "claimant_id", "office_id", "on_behalf_of_id", "speech_act", "said_on")
    for claim in _rows(models.Claim, (*columns, "occasion_id"), pk=ids):
        told = bearings.get(claim.id, [])
        yield {
            "id": claim.id,
            "statement": claim.statement,
            "claimant": claim.claimant_id,
            "office": claim.office_id,
            "on_behalf_of": claim.on_behalf_of_id,
            "speech_act": claim.speech_act,
            "said_on": claim.said_on.as_json(),
            "occasion": claim.occasion_id,
            "passages": _all_cited(passages.get(claim.id, []), told),
            "bearings": told,
        }


def _bearings(claims: Ids) -> dict[str, list[Document]]:
    passages = _linked(models.Bearing.passages, "bearing_id", "passage_id", bearing__claim=claims)
    columns = ("claim_id", "id", "commitment_id", "status", "actor_id", "position", "reading", "note")
    return {
        claim: [
            {
                "commitment": bearing.commitment_id,
                "status": bearing.status or None,
                "actor": bearing.actor_id,
                "position": bearing.position or None,
                "reading": bearing.reading,
                "note": bearing.note or None,
                "passages": passages.get(bearing.id, []),
            }
            for bearing in parts
        ]
        for claim, parts in _parts(models.Bearing, columns, claim=claims).items()
    }


def commitments(ids: Ids) -> Iterator[Document]:
    parties = _parts(models.Party, ("commitment_id", "role", "actor_id"), commitment=ids)
    places = _linked(models.Commitment.places, "commitment_id", "term_id", commitment=ids)
    topics = _linked(models.Commitment.topics, "commitment_id", "term_id", commitment=ids)
    lineage = _lineage(ids)
    columns = ("id", "slug", "title_en", "title_es", "summary_en", "summary_es", "kind_id", "form", "condition")
    for commitment in _rows(models.Commitment, (*columns, "made_on", "due", "due_first", "occasion_id"), pk=ids):
        yield {
            "id": commitment.id,
            "slug": commitment.slug,
            "title": {"en": commitment.title_en, "es": commitment.title_es or None},
            "summary": {"en": commitment.summary_en or None, "es": commitment.summary_es or None},
            "kind": commitment.kind_id,
            "form": commitment.form,
            "parties": [{"role": party.role, "actor": party.actor_id} for party in parties.get(commitment.id, ())],
            "condition": commitment.condition or None,
            "places": places.get(commitment.id, []),
            "topics": topics.get(commitment.id, []),
            "made_on": commitment.made_on.as_json(),
            "due": _date(commitment.due),
            "due_first": _date(commitment.due_first),
            "occasion": commitment.occasion_id,
            "lineage": lineage.get(commitment.id, []),
        }


def _lineage(commitments: Ids) -> dict[str, list[Document]]:
    passages = _linked(models.Lineage.passages, "lineage_id", "passage_id", lineage__commitment=commitments)
    columns = ("commitment_id", "id", "type", "target_id", "reading", "note")
    return {
        commitment: [
            {
                "type": link.type,
                "commitment": link.target_id,
                "reading": link.reading,
                "note": link.note or None,
                "passages": passages.get(link.id, []),
            }
            for link in links
        ]
        for commitment, links in _parts(models.Lineage, columns, commitment=commitments).items()
    }


def status_changes(ids: Ids) -> Iterator[Document]:
    claims = _linked(models.StatusChange.claims, "statuschange_id", "claim_id", statuschange=ids)
    columns = ("id", "commitment_id", "status", "effective", "nature", "reason", "corrects_id")
    for change in _rows(models.StatusChange, columns, pk=ids):
        yield {
            "id": change.id,
            "commitment": change.commitment_id,
            "status": change.status or None,
            "effective": _date(change.effective),
            "nature": change.nature,
            "claims": claims.get(change.id, []),
            "reason": change.reason,
            "corrects": change.corrects_id,
        }


def _rows(model: type[db.Model], columns: Sequence[str], **of: Ids) -> Iterable[Any]:
    """Named tuples of the rows that are, or belong to, any of the things, in the model's own order."""
    [(owner, ids)] = of.items()
    return model._default_manager.filter(**{f"{owner}__any_of": ids}).values_list(*columns, named=True)


def _parts(model: type[db.Model], columns: Sequence[str], **of: Ids) -> dict[str, list[Any]]:
    """The rows by what they belong to, which is their first column."""
    grouped: dict[str, list[Any]] = {}
    for row in _rows(model, columns, **of):
        grouped.setdefault(row[0], []).append(row)
    return grouped


def _linked(relation: Any, owner: str, other: str, **of: Ids) -> dict[Any, list[str]]:
    """Ids that a many-to-many relation holds for each owner, sorted: a set has no order of its own."""
    linked: dict[Any, list[str]] = {}
    for row in _rows(relation.through, (owner, other), **of):
        linked.setdefault(row[0], []).append(row[1])
    return {key: sorted(ids) for key, ids in linked.items()}


def _all_cited(passages: list[str], parts: list[Document]) -> list[str]:
    return sorted({*passages, *(i for part in parts for i in part["passages"])})


def _date(value: UncertainDate | None) -> Document | None:
    return value.as_json() if value else None


FILLERS: dict[str, Callable[[Ids], Iterator[Document]]] = {
    "term": terms,
    "actor": actors,
    "office": offices,
    "occasion": occasions,
    "source": sources,
    "passage": passages,
    "claim": claims,
    "commitment": commitments,
    "status_change": status_changes,
}
MODELS: dict[str, type[DeskNoun]] = {
    "term": models.Term,
    "actor": models.Actor,
    "office": models.Office,
    "occasion": models.Occasion,
    "source": models.Source,
    "passage": models.Passage,
    "claim": models.Claim,
    "commitment": models.Commitment,
    "status_change": models.StatusChange,
}


def documents_of(things: Iterable[DeskNoun]) -> list[tuple[str, Document]]:
    """(subject type, document) of each thing as it stands in the database now, in ledger order."""
    ordered = sorted(things, key=lambda thing: SUBJECT_TYPES.index(thing.subject_type))
    filled = []
    for subject_type, group in groupby(ordered, key=lambda thing: thing.subject_type):
        ids = [thing.pk for thing in group]
        found = {document["id"]: document for document in FILLERS[subject_type](ids)}
        filled += [(subject_type, found[i]) for i in ids]
    return filled
