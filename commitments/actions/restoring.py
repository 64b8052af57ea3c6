"""The inverse of `filling`: from a document back to the desk's rows, said in one table a noun.

What nobody edits stays as it is: a term's scheme and slug, a source's captures, which are added and never changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.db import models as db
from django.utils.translation import gettext

from commitments.actions.filling import MODELS, documents_of
from commitments.actions.refusals import Problem, Refused
from commitments.dates import UncertainDate
from commitments.documents import NOUN_OF_PREFIX, names
from commitments.models.desk import DeskNoun

Document = dict[str, Any]
Rows = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Part:
    """A list of a document, and the rows that hold its items: member of an item -> column."""

    relation: str
    columns: Mapping[str, str]
    order: str = "order"
    cites: bool = True


# Member of the document -> column; "title.en" is a member of a member.
COLUMNS: dict[str, dict[str, str]] = {
    "term": {"labels.en": "label_en", "labels.es": "label_es", "broader": "broader_id"},
    "actor": {"slug": "slug", "name": "name", "kind": "kind", "part_of": "part_of_id"},
    "office": {
        "slug": "slug",
        "person": "person_id",
        "title": "title",
        "body": "body_id",
        "from": "start",
        "to": "end",
    },
    "occasion": {
        "slug": "slug",
        "name": "name",
        "kind": "kind",
        "date": "date",
        "place": "place_id",
        "access": "access",
    },
    "source": {
        "slug": "slug",
        "title": "title",
        "kind": "kind",
        "publisher.actor": "publisher_id",
        "publisher.basis": "publisher_basis",
        "publisher.note": "publisher_note",
        "byline": "byline",
        "language": "language",
        "url": "url",
        "archive_url": "archive_url",
        "published": "published",
        "rights": "rights",
    },
    "passage": {
        "capture": "capture_id",
        "start": "start",
        "end": "end",
        "exact": "exact",
        "exact_sha256": "exact_sha256",
        "prefix": "prefix",
        "suffix": "suffix",
        "locator": "locator",
        "locator_at": "locator_at",
        "voice": "voice",
        "translated": "translated",
        "check": "anchor",
    },
    "claim": {
        "statement": "statement",
        "claimant": "claimant_id",
        "office": "office_id",
        "on_behalf_of": "on_behalf_of_id",
        "speech_act": "speech_act",
        "said_on": "said_on",
        "occasion": "occasion_id",
    },
    "commitment": {
        "slug": "slug",
        "title.en": "title_en",
        "title.es": "title_es",
        "summary.en": "summary_en",
        "summary.es": "summary_es",
        "kind": "kind_id",
        "form": "form",
        "condition": "condition",
        "made_on": "made_on",
        "due": "due",
        "due_first": "due_first",
        "occasion": "occasion_id",
    },
    "status_change": {
        "commitment": "commitment_id",
        "status": "status",
        "effective": "effective",
        "nature": "nature",
        "reason": "reason",
        "corrects": "corrects_id",
    },
}
PARTS: dict[str, dict[str, Part]] = {
    "actor": {"names": Part("names", {"language": "language", "name": "name"}, order="", cites=False)},
    "occasion": {
        "participants": Part(
            "participants", {"office": "office_id", "actor": "actor_id", "capacity": "capacity"}, order="position"
        )
    },
    "passage": {
        "hops": Part(
            "hops",
            {"actor": "actor_id", "described_as": "described_as", "act": "act", "note": "note"},
            order="position",
            cites=False,
        )
    },
    "claim": {
        "bearings": Part(
            "bearings",
            {
                "commitment": "commitment_id",
                "status": "status",
                "actor": "actor_id",
                "position": "position",
                "reading": "reading",
                "note": "note",
            },
        )
    },
    "commitment": {
        "parties": Part("parties", {"role": "role", "actor": "actor_id"}, cites=False),
        "lineage": Part("lineage", {"type": "type", "commitment": "target_id", "reading": "reading", "note": "note"}),
    },
}
# Sets of ids: member -> relation.
LINKS: dict[str, dict[str, str]] = {
    "office": {"passages": "passages"},
    "occasion": {"passages": "passages"},
    "claim": {"passages": "passages"},
    "commitment": {"places": "places", "topics": "topics"},
    "status_change": {"claims": "claims"},
}


def restore(thing: DeskNoun, document: Document, *, rows: Rows | None = None) -> None:
    """Sets the desk's rows so that `documents_of([thing])` answers this document again; nothing moves where it
    does already, but for `edited_at`.

    `rows`: the keys that the items of each part had, for a form that names them. Raises `Refused` where
    something that the document names is gone, IntegrityError where the database refuses."""
    _refuse_what_is_gone(thing, document)
    row = MODELS[thing.subject_type].objects.get(pk=thing.pk)
    before = document_now(row)
    for member, column in COLUMNS[thing.subject_type].items():
        setattr(row, column, _column_value(row, column, member_of(document, member)))
    row.save()
    for member, part in PARTS.get(thing.subject_type, {}).items():
        keys = rows.get(member) if rows else None
        _restore_part(row, part, items_of(before[member]), items_of(document[member]), keys)
    for member, relation in LINKS.get(thing.subject_type, {}).items():
        getattr(row, relation).set(_linked_ids(row, relation, document, member))


def remake(subject_type: str, document: Document, *, rows: Rows | None = None) -> DeskNoun:
    """A draft that was deleted, again under its id. Raises as `restore` does."""
    thing: Any = MODELS[subject_type]()
    thing.pk = document["id"]
    for member, column in COLUMNS[subject_type].items():
        setattr(thing, column, _column_value(thing, column, member_of(document, member)))
    if subject_type == "term":
        thing.scheme, thing.slug = document["scheme"], document["slug"]
    _refuse_what_is_gone(thing, document)
    thing.save(force_insert=True)
    restore(thing, document, rows=rows)
    return thing  # type: ignore[no-any-return]


def document_now(thing: DeskNoun) -> Document:
    """What the desk says of the thing now."""
    [(_, document)] = documents_of([thing])
    return document


def rows_of(thing: DeskNoun) -> dict[str, list[int]]:
    """The keys of the rows behind each list of the document, in its order. One query a list."""
    return {
        member: list(getattr(thing, part.relation).values_list("pk", flat=True))
        for member, part in PARTS.get(thing.subject_type, {}).items()
    }


def members(subject_type: str, document: Document) -> dict[str, Any]:
    """All that can be edited of a document, member by member; passages only those that no part of it cites."""
    found = {member: member_of(document, member) for member in COLUMNS[subject_type]}
    found |= {member: items_of(document[member]) for member in PARTS.get(subject_type, {})}
    cited = cited_by_parts(subject_type, document)
    found |= {member: sorted(set(document[member]) - cited) for member in LINKS.get(subject_type, {})}
    return found


def with_members(subject_type: str, document: Document, changed: Mapping[str, Any]) -> Document:
    """The document with other members, as `members` tells them."""
    whole = {**members(subject_type, document), **changed}
    answer = deepcopy(document)
    for member in COLUMNS[subject_type]:
        _set_member(answer, member, whole[member])
    for member in PARTS.get(subject_type, {}):
        keyed = isinstance(document[member], dict)
        answer[member] = {i["language"]: i["name"] for i in whole[member]} if keyed else list(whole[member])
    cited = cited_by_parts(subject_type, answer)
    for member in LINKS.get(subject_type, {}):
        answer[member] = sorted({*whole[member], *cited})
    return answer


def member_of(document: Document, member: str) -> Any:
    """The member, or the member of a member; of a member that is null, null."""
    outer, dot, inner = member.partition(".")
    value = document[outer]
    return value[inner] if dot and value is not None else value


def items_of(value: Any) -> list[Document]:
    """The items of a list; names by language are a list of both."""
    if isinstance(value, dict):
        return [{"language": language, "name": name} for language, name in sorted(value.items())]
    return list(value)


def cited_by_parts(subject_type: str, document: Document) -> set[str]:
    """The passages that items of the document's lists name. Only of a claim and an occasion does the document
    repeat them; of a commitment there are no others."""
    parts = PARTS.get(subject_type, {}) if "passages" in LINKS.get(subject_type, {}) else {}
    return {i for member, part in parts.items() if part.cites for item in document[member] for i in item["passages"]}


def _set_member(document: Document, member: str, value: Any) -> None:
    outer, dot, inner = member.partition(".")
    if not dot:
        document[outer] = value
    elif outer == "publisher":
        given = (document[outer] or {"actor": None, "basis": None, "note": None}) | {inner: value}
        document[outer] = given if inner != "note" or given["actor"] else None
    else:
        document[outer][inner] = value


def _column_value(row: db.Model, column: str, value: Any) -> Any:
    field = row._meta.get_field(column)
    if isinstance(value, dict):
        return UncertainDate.from_json(value)
    return "" if value is None and not field.null else value


def _restore_part(
    owner: DeskNoun, part: Part, before: list[Document], wanted: list[Document], keys: Sequence[int] | None
) -> None:
    """Rows that say an item already stay; the others go, and what is missing is made."""
    free = list(zip(getattr(owner, part.relation).all(), before, strict=True))
    kept: dict[int, db.Model] = {}
    for index, item in enumerate(wanted):
        for row, said in free:
            if said == item and (keys is None or row.pk == keys[index]):
                kept[index] = row
                free.remove((row, said))
                break
    for row, _ in free:
        row.delete()
    made = [
        kept.get(index) or _made(owner, part, item, index, keys[index] if keys else None)
        for index, item in enumerate(wanted)
    ]
    if part.order:
        _put_in_order(made, part.order)


def _made(owner: DeskNoun, part: Part, item: Document, index: int, key: int | None) -> db.Model:
    relation: Any = getattr(owner, part.relation)
    row = relation.model(**{relation.field.name: owner})
    for member, column in part.columns.items():
        setattr(row, column, _column_value(row, column, item[member]))
    if part.order:
        setattr(row, part.order, index)
    row.pk = key
    row.save(force_insert=True)
    if part.cites:
        row.passages.set(item["passages"])
    return row  # type: ignore[no-any-return]


def _put_in_order(rows: Sequence[db.Model], order: str) -> None:
    told = [(getattr(row, order), row.pk) for row in rows]
    if told == sorted(told):
        return
    for index, row in enumerate(rows):
        setattr(row, order, index)
        row.save(update_fields=[order])


def _linked_ids(row: DeskNoun, relation: str, document: Document, member: str) -> set[str]:
    """Those of the document; of what its parts cite as well, those that were linked before stay so. The database
    asks of an occasion that it cites a passage itself."""
    wanted = set(document[member])
    had = {thing.pk for thing in getattr(row, relation).all()}
    linked = (wanted - cited_by_parts(row.subject_type, document)) | (had & wanted)
    return linked or (wanted if row.subject_type == "occasion" else set())


def _refuse_what_is_gone(thing: DeskNoun, document: Document) -> None:
    """A draft that the document names may have been deleted since. One query a noun."""
    by_noun: dict[str, set[str]] = {}
    for named in names(thing.subject_type, document):
        by_noun.setdefault("term" if "/" in named else NOUN_OF_PREFIX[named[:3]], set()).add(named)
    gone: list[str] = []
    for noun, ids in by_noun.items():
        gone += sorted(ids - set(MODELS[noun].objects.filter(pk__any_of=ids).values_list("pk", flat=True)))
    if gone:
        sentence = gettext("It names what is no longer at the desk: %(ids)s. Choose something else there.")
        raise Refused(Problem(sentence % {"ids": ", ".join(gone)}, thing.pk))
