"""Whoever may ask: each of the six roles as a browser that is signed in, or not."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.test import Client

from tests.desk import signed_in


def deactivated() -> Client:
    """A session begun before the account was closed."""
    client = signed_in("curator")
    User.objects.filter(pk=get_user(client).pk).update(is_active=False)
    return client


ROLES: dict[str, Callable[[], Client]] = {
    "anonymous": Client,
    "without a group": lambda: signed_in(is_staff=False),
    "contributor": lambda: signed_in("contributor"),
    "curator": lambda: signed_in("curator"),
    "superuser": lambda: signed_in(is_superuser=True),
    "deactivated": deactivated,
}
