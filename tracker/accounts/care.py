"""Looking after accounts of others: what a security admin may do, each act written to the admin's log."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import AnonymousUser, Group, User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tracker.accounts import sessions
from tracker.accounts.models import Failure

SECURITY_ADMIN = "security admin"
GROUPS = ("contributor", "curator", SECURITY_ADMIN)
log = logging.getLogger("accounts")


def groups_given() -> QuerySet[Group]:
    return Group.objects.filter(name__in=GROUPS)


def may_look_after(admin: User | AnonymousUser, user: User) -> bool:
    """Nobody raises their own rights, nor touches an account with rights that no group of ours gives."""
    if admin.is_superuser:
        return True
    others = user.groups.exclude(name__in=GROUPS).exists() or user.user_permissions.exists()
    return not (user == admin or user.is_superuser or others)


def rights_of(user: User) -> set[str]:
    """As stored, whatever the form holds."""
    stored = User.objects.get(pk=user.pk)
    flags = {name for name in ("is_active", "is_staff", "is_superuser") if getattr(stored, name)}
    return (
        flags
        | set(stored.groups.values_list("name", flat=True))
        | {str(pk) for pk in stored.user_permissions.values_list("pk", flat=True)}
    )


@transaction.atomic
def lift_lockout(*, user: User, by: User | None = None) -> str:
    Failure.objects.filter(name=user.username).delete()
    return noted(user, _("The lockout of %(user)s is lifted.") % {"user": user}, by=by)


@transaction.atomic
def lift_of(*, failures: Iterable[Failure], by: User) -> list[str]:
    """By account where there is one, and by address."""
    told = [lift_lockout(user=user, by=by) for user in User.objects.filter(username__in={f.name for f in failures})]
    for address in sorted({failure.address for failure in failures}):
        Failure.objects.filter(address=address).delete()
        told.append(noted(None, _("The lockout of %(address)s is lifted.") % {"address": address}, by=by))
    return told


@transaction.atomic
def reset_second_factor(*, user: User, by: User | None = None) -> str:
    Authenticator.objects.filter(user=user).delete()
    sessions.end_all(user)
    return noted(user, _("The second factor of %(user)s is reset.") % {"user": user}, by=by)


@transaction.atomic
def end_sessions(*, user: User, by: User | None = None) -> str:
    sessions.end_all(user)
    return noted(user, _("All sessions of %(user)s are ended.") % {"user": user}, by=by)


def noted(user: User | None, sentence: str, *, by: User | None) -> str:
    """Without `by`, whoever runs the server did it: the program's log has it, and the account's own history."""
    log.warning("%s (by %s)", sentence, by or "the operator")
    actor, on = by or user, user or by
    if actor and on:
        told = sentence if by else _("%(sentence)s By the operator, at the command line.") % {"sentence": sentence}
        LogEntry.objects.log_actions(actor.pk, [on], CHANGE, change_message=told, single_object=True)
    return sentence
