"""Where allauth asks us: who may sign in, how often it may be tried, how secrets are kept."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from tracker.accounts import factors, lockout, sealing, sessions
from tracker.accounts.models import Failure

log = logging.getLogger("accounts")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("No account that is open has this username and password."),
        "incorrect_password": _("That is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return lockout.ip_of(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """None for an account that is closed, too, so that nothing tells it apart from one that is not there."""
        name, address = credentials.get("username", ""), lockout.origin_of(request)
        attempt = lockout.begin(name=name, address=address, factor=Failure.PASSWORD)
        user = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if user is None:
            log.warning("a password for %s from %s failed", attempt.name, address)
        else:
            lockout.struck_off(attempt)
        return user

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        sessions.begin(request)
        if factors.unconfirmed_codes(user):
            request.session[sessions.UNCONFIRMED] = True
        return super().post_login(request, user, **options)  # type: ignore[no-any-return]

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Whoever has just given a password, code or passkey is not asked again."""
        request = context.request
        return sessions.proven_seconds_ago(request, request.user) > float(app_settings.REAUTHENTICATION_TIMEOUT)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That code is not right. Codes change every 30 seconds and count once."),
        "cannot_delete_authenticator": _(
            "The last second factor of an account that enters the desk cannot be removed. Add another one first."
        ),
        "unreadable": _(
            "The server can no longer read this second factor: its key was changed. Whoever runs the server "
            "can reset it with: manage.py reset_second_factor"
        ),
    }

    def encrypt(self, text: str) -> str:
        return sealing.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return sealing.opened(encrypted_text)
        except sealing.InvalidToken:
            raise ValidationError(self.error_messages["unreadable"], code="unreadable") from None

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        owner = authenticator.user
        return not owner.is_staff or factors.of(owner).exclude(pk=authenticator.pk).exists()
