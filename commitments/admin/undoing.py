"""Delete a draft that was made by mistake: by who may delete, or by the only person who ever saved it."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _

from commitments.admin.closure import things_of
from commitments.models.desk import DeskNoun
from commitments.models.review import is_own_draft


class NotUndone(Exception):
    """Says in one sentence why the draft stays."""


def may_delete(thing: DeskNoun, user: User) -> bool:
    if thing.is_published:
        return False
    return user.has_perm(f"commitments.delete_{thing._meta.model_name}") or is_own_draft(thing, user)


def undo(subject_id: str, *, by: User) -> DeskNoun:
    """Deletes the draft and answers what it was. Raises `NotUndone`."""
    found = things_of([subject_id])
    if not found:
        raise NotUndone(_("This is not there any more; somebody deleted it."))
    thing = found[0]
    if not may_delete(thing, by):
        raise NotUndone(
            _("“%(thing)s” is published or somebody else worked on it; a curator decides.") % {"thing": thing}
        )
    if (others := named_by(thing)) or (others := _delete(thing)):
        told = {"thing": thing, "others": "; ".join(others)}
        raise NotUndone(_("“%(thing)s” stays, as these rest on it: %(others)s. Delete them first.") % told)
    return thing


def _delete(thing: DeskNoun) -> list[str]:
    """What the database's foreign keys protect it for; nothing where it was deleted."""
    try:
        thing.delete()
    except ProtectedError as error:
        return [str(other) for other in error.protected_objects]
    return []


def named_by(thing: DeskNoun) -> list[str]:
    """What cites the thing by a list, which no foreign key protects: words by claims, claims by statuses."""
    rows = [_citing(relation, thing) for relation in thing._meta.related_objects if relation.many_to_many]
    return [str(other) for found in rows for other in found[:3]]


def _citing(relation: object, thing: DeskNoun) -> QuerySet:
    return relation.related_model._default_manager.filter(**{relation.field.name: thing})  # type: ignore[attr-defined,no-any-return]
