"""How long a session lasts, what it has proven, and how sessions of an account are ended.

All of it stands in the session itself, so that a page of the desk asks the database nothing more.
"""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import get_authentication_records
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.models import Session
from django.http import HttpRequest

BEGAN, SEEN = "desk_began", "desk_seen"
UNCONFIRMED = "recovery_codes_unconfirmed"
# Seen anew at most this often, in seconds: each time is a write.
GRAIN = 60


def begin(request: HttpRequest) -> None:
    request.session[BEGAN] = request.session[SEEN] = time.time()


def is_over(request: HttpRequest) -> bool:
    """Also of a session that never began by signing in."""
    now, began = time.time(), request.session.get(BEGAN, 0)
    limits = [(began, settings.SESSION_HOURS * 3600)]
    limits.append((request.session.get(SEEN, 0), settings.SESSION_IDLE_MINUTES * 60))
    return not began or any(seconds and now - since > seconds for since, seconds in limits)


def touch(request: HttpRequest) -> None:
    now, half_of_idle = time.time(), settings.SESSION_IDLE_MINUTES * 30
    if now - request.session[SEEN] > min(GRAIN, half_of_idle or GRAIN):
        request.session[SEEN] = now


def has_proven_a_second_factor(request: HttpRequest, user: User | AnonymousUser) -> bool:
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


def proven_seconds_ago(request: HttpRequest, user: User | AnonymousUser) -> float:
    """Since the password, a code or a passkey was last given in this session."""
    records = get_authentication_records(request, user)
    return time.time() - max((record["at"] for record in records), default=0)


def end_all(user: User | AnonymousUser, *, but: str | None = None) -> int:
    """End every session of an account, the one with this key excepted; how many there were."""
    known = UserSession.objects.filter(user_id=user.pk).exclude(session_key=but)
    ended, _ = Session.objects.filter(session_key__in=known.values("session_key")).delete()
    known.delete()
    return ended
