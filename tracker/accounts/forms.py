"""Allauth's forms, with codes counted as passwords are, and with answers of browsers that mean nothing refused."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracker.accounts import lockout
from tracker.accounts.models import Failure


class CountedCode:
    user: Any

    def clean_code(self) -> str:
        name, address = self.user.get_username(), lockout.origin_of(context.request)
        attempt = lockout.begin(name=name, address=address, factor=Failure.CODE)
        code: str = super().clean_code()  # type: ignore[misc]
        lockout.struck_off(attempt)
        return code


class AuthenticateForm(CountedCode, base.AuthenticateForm):
    pass


class ReauthenticateForm(CountedCode, base.ReauthenticateForm):
    pass


class ActivateTOTPForm(CountedCode, totp.ActivateTOTPForm):
    pass


class UnderstoodCredential:
    """The libraries below raise whatever a malformed answer makes them stumble over."""

    def full_clean(self) -> None:
        try:
            super().full_clean()  # type: ignore[misc]
        except (TypeError, ValueError, KeyError, AttributeError, IndexError):
            self.add_error(None, ValidationError(_("The browser's answer was not understood. Try again.")))  # type: ignore[attr-defined]


class AddWebAuthnForm(UnderstoodCredential, webauthn.AddWebAuthnForm):
    name = forms.CharField(
        label=_("Name"), required=False, max_length=60, help_text=_("Yours to choose, to tell your passkeys apart.")
    )


class AuthenticateWebAuthnForm(UnderstoodCredential, webauthn.AuthenticateWebAuthnForm):
    pass


class ReauthenticateWebAuthnForm(UnderstoodCredential, webauthn.ReauthenticateWebAuthnForm):
    pass


class RecoveryCodesForm(forms.Form):
    kept = forms.BooleanField(
        label=_("I have downloaded, printed or copied these codes"),
        error_messages={"required": _("Keep the codes first, then tick this: they are not shown again.")},
    )
