"""What a draft cannot be published without: the drafts that it names, and what those name in turn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from commitments.actions.filling import MODELS, documents_of
from commitments.documents import NOUN_OF_PREFIX, SUBJECT_TYPES, names
from commitments.models import StatusChange
from commitments.models.desk import DeskNoun


def things_of(ids: Iterable[str]) -> list[DeskNoun]:
    """The desk's rows of these ids, in ledger order; ids of nothing are left out. One query a noun."""
    by_noun: dict[str, list[str]] = {}
    for i in ids:
        if "\x00" in i:  # no text of PostgreSQL has it, and asking for it is an error
            continue
        noun = "term" if "/" in i else NOUN_OF_PREFIX.get(i[:3])
        if noun:
            by_noun.setdefault(noun, []).append(i)
    ordered = sorted(by_noun, key=SUBJECT_TYPES.index)
    return [thing for noun in ordered for thing in MODELS[noun].objects.filter(pk__in=by_noun[noun])]  # type: ignore[attr-defined]


def needed_by(things: Sequence[DeskNoun]) -> list[DeskNoun]:
    """The drafts that a publication of these has to include, themselves apart. Of a drafted commitment the
    drafted statuses too: without one it is not published."""
    found = {thing.pk: thing for thing in things}
    wave: Sequence[DeskNoun] = things
    while wave:
        named = {i for noun, document in documents_of(wave) for i in names(noun, document)}
        drafted = [thing for thing in things_of(named - set(found)) if not thing.is_published]
        commitments = [thing.pk for thing in wave if thing.subject_type == "commitment"]
        statuses = StatusChange.objects.drafts().filter(commitment__in=commitments).exclude(pk__in=found)
        wave = [*drafted, *statuses]
        found |= {thing.pk: thing for thing in wave}
    asked = {thing.pk for thing in things}
    return [thing for pk, thing in found.items() if pk not in asked]
