"""From examined rows to drafts of the desk: the dry run writes them and takes everything back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import DatabaseError, connection, models, transaction
from django.utils.translation import gettext as _

from commitments.actions.checks import faults
from commitments.actions.filling import documents_of
from commitments.actions.writing import recording_day
from commitments.dates import FIRST_DAY, LAST_DAY, UncertainDate
from commitments.importers.cells import Read
from commitments.importers.columns import listed
from commitments.importers.examining import Examined, Group, examine, way_of
from commitments.importers.names import Unknown
from commitments.models import (
    Actor,
    Bearing,
    Capture,
    CaptureBytes,
    Claim,
    Commitment,
    Edit,
    Hop,
    Import,
    ImportRow,
    Outcome,
    Party,
    Passage,
    Source,
    State,
    StatusChange,
    Term,
)
from commitments.models.desk import DeskNoun
from commitments.models.refusals import sentence_of
from commitments.models.sources import url_key

AT_ONCE = 500
# What names another comes after it.
ORDER = (
    *(Term, Actor, Source, Capture, CaptureBytes, Passage, Hop, Commitment, Party, Commitment.topics.through),
    *(Commitment.places.through, Claim, Bearing, Bearing.passages.through, StatusChange, StatusChange.claims.through),
)
# What parts words for the rule that no more than five of an outlet's own may be shown.
_GAPS = re.compile("[\\s\u00a0\u2007\u202f]+")
UNTOLD = UncertainDate(None, FIRST_DAY, LAST_DAY, "unknown", "The data set tells no day.")


class Changed(Exception):
    """Since the dry run the desk changed: other rows would be created than were shown."""


class _TakenBack(Exception):
    pass


def dry_run(imported: Import) -> None:
    """Notes row by row what would be created, unchanged or rejected. Writes no draft. Raises `NotATable`."""
    try:
        with transaction.atomic():
            found = _drafted(imported)
            raise _TakenBack
    except _TakenBack:
        pass
    with transaction.atomic():
        ImportRow.objects.filter(imported=imported).delete()
        ImportRow.objects.bulk_create(_rows(found, keep=False), batch_size=AT_ONCE)
        imported.state = State.CHECKED
        imported.proposed = [_proposed(found, thing) for thing in _shared(found)[1:]]
        imported.save(update_fields=["state", "proposed"])


@transaction.atomic
def draft(imported: Import, *, by: User) -> int:
    """Makes drafts of every row that the dry run would create, or of none; how many things were made.
    Raises `Changed` where the dry run would now answer otherwise."""
    Import.objects.select_for_update().get(pk=imported.pk)
    shown = {row.number: (row.outcome, row.digest) for row in ImportRow.objects.filter(imported=imported)}
    found = _drafted(imported)
    rows = list(_rows(found, keep=True))
    if {row.number: (row.outcome, row.digest) for row in rows} != shown:
        raise Changed
    ImportRow.objects.filter(imported=imported).delete()
    ImportRow.objects.bulk_create(rows, batch_size=AT_ONCE)
    imported.shared = [thing.pk for thing in _shared(found)]
    imported.source = next((thing for thing in found.shared if isinstance(thing, Source)), None)
    imported.state = State.DRAFTED
    imported.save(update_fields=["shared", "source", "state"])
    made = [*_shared(found), *(thing for group in found.created for thing in _things(group))]
    Edit.objects.note(made, by=by)
    return len(made)


def _drafted(imported: Import) -> Examined:
    """Everything that would be drafted, written; what the desk or the database refuses is rejected."""
    # A plan that was prepared while the tables were small would walk them whole for each of thousands of rows.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
    found = examine(imported, day=recording_day())
    capture = _capture(found)
    for group in found.created:
        _build(found, group, capture)
    _write_shared(found, capture)
    for start in range(0, len(found.groups), AT_ONCE):
        part = [group for group in found.groups[start : start + AT_ONCE] if group.outcome == Outcome.CREATED]
        _write_groups(part)
        _check_publishable(found, [group for group in part if group.outcome == Outcome.CREATED])
    return found


def _capture(found: Examined) -> Capture:
    """The file is the source that we read; its text is the plain text of its rows. Where drafts were taken back, it is
    recorded already."""
    imported, text = found.imported, found.rendered.text
    text_sha256 = hashlib.sha256(text.encode()).hexdigest()
    recorded = Capture.objects.filter(source=imported.source_id, text_sha256=text_sha256).select_related("source")
    if capture := recorded.first():
        return capture
    source = Source(
        title=imported.title,
        kind="document",
        publisher=imported.publisher,
        publisher_basis=imported.publisher_basis,
        publisher_note=imported.publisher_note,
        language=imported.language,
        url=imported.url,
        url_key=url_key(imported.url),
        published=imported.published,
        rights=imported.rights,
    )
    source.slug = found.names.source_slug(imported.data_set, source.pk)
    data = bytes(imported.data)
    return Capture(
        source=source,
        sha256=imported.sha256,
        size=len(data),
        text_sha256=text_sha256,
        characters=len(text),
        normaliser=way_of(imported).normaliser,
        captured=UncertainDate(found.day.isoformat(), found.day, found.day, "stated"),
        how=f"Uploaded as {imported.file_name}."[:200],
    )


def _build(found: Examined, group: Group, capture: Capture) -> None:
    """The drafts of one key, unsaved; a name that is not known rejects it."""
    try:
        commitment = _commitment(found, group)
    except Unknown as error:
        group.reject(group.rows[0].number, str(error))
        return
    for row, cells in zip(group.rows, group.reads, strict=True):
        try:
            group.things.setdefault(row.number, []).extend(_said(found, group, row.number, cells, commitment, capture))
        except Unknown as error:
            group.reject(row.number, str(error))


def _commitment(found: Examined, group: Group) -> Commitment:
    read, cells = group.reads[0], group.reads[0].cells
    due = read.date("due", found.day)
    of = Commitment(
        title_en=cells["title"],
        title_es=cells.get("title_es", ""),
        summary_en=cells.get("summary", ""),
        summary_es=cells.get("summary_es", ""),
        kind=found.names.term("kind", cells["kind"]),
        form=cells["form"],
        condition=cells.get("condition", ""),
        made_on=read.date("made_on", found.day),
        due=due,
        due_first=due,
    )
    of.slug = found.slug_of(of.title_en, of.pk)
    group.commitment = of
    parts: list[Any] = [of, *_parties(found, cells, of)]
    for scheme, relation in (("topic", Commitment.topics), ("place", Commitment.places)):
        names = listed(cells.get(f"{scheme}s", ""))
        terms = {term.pk: term for term in (found.names.term(scheme, name) for name in names)}
        parts += [relation.through(commitment=of, term=term) for term in terms.values()]
    group.things[group.rows[0].number] = parts
    return of


def _parties(found: Examined, cells: dict[str, str], of: Commitment) -> Iterator[Party]:
    """Several promisors undertake it jointly."""
    order = 0
    for role in ("promisor", "promisee", "implementer"):
        actors = {actor.pk: actor for actor in _actors(found, cells, role)}
        told = "joint" if role == "promisor" and len(actors) > 1 else role
        for actor in actors.values():
            yield Party(commitment=of, role=told, actor=actor, order=order)
            order += 1


def _actors(found: Examined, cells: dict[str, str], name: str) -> list[Actor]:
    names, kinds = listed(cells.get(name, "")), listed(cells.get(f"{name}_kind", ""))
    kinds = kinds * len(names) if len(kinds) == 1 else kinds or [""] * len(names)
    return [found.names.actor(*pair) for pair in zip(names, kinds, strict=True)]


def _said(
    found: Examined, group: Group, number: int, read: Read, commitment: Commitment, capture: Capture
) -> Iterator[Any]:
    """The passage, the claim with its bearing, and the status change of one row."""
    cells = read.cells
    passage = _passage(found, number, cells, capture)
    [claimant] = _actors(found, cells, "claimant")[:1]
    position_of = _actors(found, cells, "position_of")
    claim = Claim(
        statement=cells["statement"],
        claimant=claimant,
        speech_act=cells["speech_act"],
        said_on=read.date("said_on", found.day),
    )
    bearing = Bearing(
        claim=claim,
        commitment=commitment,
        status=cells.get("status", ""),
        actor=position_of[0] if position_of else None,
        position=cells.get("position", ""),
        reading=cells["reading"],
        note=cells.get("note", ""),
    )
    yield from (passage, *_hops(cells, passage), claim, bearing)
    yield Bearing.passages.through(bearing=bearing, passage=passage)
    if bearing.status:
        effective = read.date("effective", found.day)
        reason = cells["reason"]
        change = StatusChange(commitment=commitment, status=bearing.status, effective=effective, reason=reason)
        yield from (change, StatusChange.claims.through(statuschange=change, claim=claim))


def _passage(found: Examined, number: int, cells: dict[str, str], capture: Capture) -> Passage:
    """The place of the quote in its cell, else that of the whole row."""
    start, end = found.place_of(number, cells.get("quote", ""))
    words = found.rendered.text[start:end]
    voice = cells["voice"] if "quote" in cells else "narrated"
    is_shown = capture.source.rights == "full_text" or voice == "quoted" or len(_GAPS.split(words.strip(" "))) <= 5
    return Passage(
        capture=capture,
        start=start,
        end=end,
        exact=words if is_shown else "",
        exact_sha256=hashlib.sha256(words.encode()).hexdigest(),
        voice=voice,
        translated=cells["translated"],
        anchor="found",
    )


def _hops(cells: dict[str, str], passage: Passage) -> list[Hop]:
    """The source that the data set read: its title and address as the data set gives them."""
    title, url = cells.get("source_title", ""), cells.get("source_url", "")
    if not title and not url:
        return []
    return [Hop(passage=passage, described_as=title or url[:200], act="reports", note=url)]


def _write_shared(found: Examined, capture: Capture) -> None:
    """The source, and the new actors and terms that a row in use names."""
    if not found.created:
        return
    named = {pk for group in found.created for pk in _named(group)}
    proposed = [thing for thing in found.names.proposed.values() if thing.pk in named]
    found.shared = [capture.source, *proposed]
    if capture._state.adding:
        held = CaptureBytes(capture=capture, data=bytes(found.imported.data), text=found.rendered.text)
        _insert([*found.shared, capture, held])
    else:
        _insert(proposed)


def _named(group: Group) -> Iterator[str]:
    for part in (part for parts in group.things.values() for part in parts):
        if isinstance(part, Commitment):
            yield part.kind_id
        elif isinstance(part, (Party, Bearing)) and part.actor_id:
            yield part.actor_id
        elif isinstance(part, Claim):
            yield part.claimant_id
        elif hasattr(part, "term_id"):
            yield part.term_id


def _write_groups(groups: Sequence[Group]) -> None:
    """All at once; where the database refuses, in halves, until the refused one is found."""
    try:
        with transaction.atomic():
            _insert([part for group in groups for parts in group.things.values() for part in parts])
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except DatabaseError as error:
        if len(groups) == 1:
            groups[0].reject(groups[0].rows[0].number, _sentence(error))
            return
        half = len(groups) // 2
        _write_groups(groups[:half])
        _write_groups(groups[half:])


def _insert(rows: Sequence[models.Model]) -> None:
    by_model: dict[Any, list[Any]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    order: tuple[Any, ...] = ORDER
    for model in filter(by_model.get, order):
        model._default_manager.bulk_create(by_model[model], batch_size=1000)


def _sentence(error: DatabaseError) -> str:
    return _("The desk refuses it: %(why)s.") % {"why": sentence_of(error).rstrip(".")}


def _check_publishable(found: Examined, groups: Sequence[Group]) -> None:
    """What publication would refuse of each thing."""
    owner = {thing.pk: (group, number) for group in groups for number, thing in _numbered(group)}
    things = [thing for group in groups for _number, thing in _numbered(group)]
    for subject_type, document in documents_of(things):
        for sentence in faults(subject_type, document, found.day):
            group, number = owner[document["id"]]
            group.reject(number, sentence)


def _numbered(group: Group) -> Iterator[tuple[int, DeskNoun]]:
    for number, parts in group.things.items():
        yield from ((number, part) for part in parts if isinstance(part, DeskNoun))


def _things(group: Group) -> list[DeskNoun]:
    return [thing for _number, thing in _numbered(group)]


def _shared(found: Examined) -> list[Any]:
    return found.shared if found.created else []


def _proposed(found: Examined, thing: Any) -> list[str]:
    if isinstance(thing, Actor):
        return ["actor", thing.name, found.names.nearest_actor(thing.name)]
    return [thing.scheme, thing.label_en, found.names.nearest_term(thing.scheme, thing.label_en)]


def _rows(found: Examined, *, keep: bool) -> Iterable[ImportRow]:
    """One for each row of the file, in its order; `keep` ties them to their drafts."""
    rows = [row for group in found.groups for row in _rows_of(found, group, keep=keep)]
    return sorted(rows, key=lambda row: row.number)


def _rows_of(found: Examined, group: Group, *, keep: bool) -> Iterator[ImportRow]:
    is_kept = keep and group.outcome == Outcome.CREATED
    digest = group.digest
    for place, (row, read) in enumerate(zip(group.rows, group.reads, strict=True)):
        own = [part.pk for part in group.things.get(row.number, ()) if isinstance(part, DeskNoun)]
        yield ImportRow(
            imported=found.imported,
            number=row.number,
            key=group.key[:200],
            outcome=group.outcome,
            reasons=_reasons(group, row.number),
            cells=read.cells,
            digest=digest,
            leads=place == 0,
            commitment=group.commitment if is_kept else None,
            things=own if is_kept else [],
        )


def _reasons(group: Group, number: int) -> list[str]:
    """A row falls with the others of its key."""
    if group.outcome != Outcome.REJECTED or number in group.reasons:
        return group.reasons.get(number, [])
    fallen = ", ".join(map(str, group.reasons))
    return [_("It stands or falls with the rows of its key: %(rows)s.") % {"rows": fallen}]
