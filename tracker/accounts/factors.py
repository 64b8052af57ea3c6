"""The second factors of an account: authenticator apps (TOTP, RFC 6238) and passkeys (WebAuthn); recovery codes
stand in for one that is lost, and are none by themselves."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

CONFIRMED = "confirmed_at"


def of(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Authenticator]:
    held: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user.pk)
    return held.exclude(type=Authenticator.Type.RECOVERY_CODES)


def recovery_codes(user: AbstractBaseUser | AnonymousUser) -> Authenticator | None:
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()


def unconfirmed_codes(user: AbstractBaseUser | AnonymousUser) -> Authenticator | None:
    """Codes that their owner has not said to have kept: they may still be shown."""
    codes = recovery_codes(user)
    return codes if codes and CONFIRMED not in codes.data else None


def confirm(codes: Authenticator) -> None:
    codes.data[CONFIRMED] = timezone.now().isoformat()
    codes.save(update_fields=["data"])


def codes_left(codes: Authenticator, of_all: int) -> int:
    """Counted without opening the seed."""
    return of_all - int(codes.data["used_mask"]).bit_count()
