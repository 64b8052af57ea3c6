"""Takes back what an import drafted, so that its mapping can be mended or a corrected file can come. What was published
stays, and so does what somebody else worked on or cites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError

from commitments.importers.publishing import drafts, things_by_row
from commitments.models import (
    Bearing,
    Claim,
    Commitment,
    Edit,
    Import,
    Lineage,
    Passage,
    Source,
    State,
    StatusChange,
)
from commitments.models.desk import DeskNoun

Group = Sequence[DeskNoun]
AT_ONCE = 500  # keys whose drafts go in one statement; PostgreSQL takes 65,535 parameters
# What names another goes before it.
ORDER: tuple[type[DeskNoun], ...] = (StatusChange, Claim, Commitment, Passage)
# Parts that cite, by the key of whose part they are.
WHOLE: dict[type[Model], str] = {Bearing: "claim_id", Lineage: "commitment_id"}


def divided(imported: Import) -> tuple[list[list[DeskNoun]], int]:
    """The drafts of each key that can be taken back, and how many keys have to stay."""
    rows = imported.rows.of_commitment().filter(commitment__published_at__isnull=True, commitment__isnull=False)
    groups = list(things_by_row(imported, list(rows)).values())
    held = _worked_on(imported, groups) | _cited(groups)
    free = [things for things in groups if not any(thing.pk in held for thing in things)]
    return free, len(groups) - len(free)


@transaction.atomic
def take_back(imported: Import) -> int:
    """How many commitments were deleted, each with the claims, passages and statuses of its rows."""
    Import.objects.select_for_update().get(pk=imported.pk)
    groups, _held = divided(imported)
    deleted = sum(_taken(groups[begin : begin + AT_ONCE]) for begin in range(0, len(groups), AT_ONCE))
    _tidy(imported)
    return deleted


def _taken(groups: Sequence[Group]) -> int:
    """How many were deleted: all at once or, where a foreign key holds one of them, each that is free."""
    whole = [thing for things in groups for thing in things]
    return len(groups) if _deleted(whole) else sum(map(_deleted, groups))


def _worked_on(imported: Import, groups: Iterable[Group]) -> set[str]:
    """By somebody other than whoever drafted them."""
    ids = [thing.pk for things in groups for thing in things]
    drafter = imported.asked_by or imported.created_by
    return set(Edit.objects.filter(subject_id__any_of=ids).exclude(user=drafter).values_list("subject_id", flat=True))


def _cited(groups: Iterable[Group]) -> set[str]:
    """What others cite by a list, which no foreign key protects."""
    ids = {thing.pk for things in groups for thing in things}
    return {cited for model in ORDER for owner, cited in _citations(model, ids) if owner not in ids}


def _citations(model: type[DeskNoun], ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(who cites, what is cited)."""
    for relation in (relation for relation in model._meta.related_objects if relation.many_to_many):
        name, by = relation.field.name, relation.related_model
        found = by._default_manager.filter(**{f"{name}__pk__any_of": list(ids)})
        yield from found.order_by().values_list(WHOLE.get(by, "pk"), name)


def _deleted(things: Group) -> bool:
    """Whether all of them were; where a foreign key holds one, none is."""
    ids = [thing.pk for thing in things]
    try:
        with transaction.atomic():
            for model in ORDER:
                model._default_manager.filter(pk__any_of=ids).delete()
    except (ProtectedError, IntegrityError):
        return False
    return True


def _tidy(imported: Import) -> None:
    """What the rows shared goes where nothing names it any more; without any draft the import begins anew. The source
    stays, as bytes that are held are never deleted: drafted again, the file is that source."""
    for thing in drafts(imported.shared):
        if not isinstance(thing, Source):
            _drop(imported, thing)
    if imported.rows.filter(commitment__isnull=False).exists():
        left = imported.rows.of_commitment().filter(commitment__published_at__isnull=True, commitment__isnull=False)
        imported.state = State.PAUSED if left.exists() else State.PUBLISHED
    else:
        imported.rows.all().delete()
        imported.shared, imported.proposed, imported.state = [], [], State.UPLOADED
    imported.problem = ""
    imported.save(update_fields=["shared", "proposed", "state", "problem"])


def _drop(imported: Import, thing: DeskNoun) -> None:
    if any(_citations(type(thing), [thing.pk])) or _worked_on(imported, [[thing]]):
        return
    try:
        with transaction.atomic():
            thing.delete()
    except (ProtectedError, IntegrityError):
        return
