"""Failed attempts to sign in: what a lockout is counted from, and what a security admin sees of it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FailureQuerySet(models.QuerySet["Failure"]):
    def since(self, instant: datetime) -> Self:
        return self.filter(at__gt=instant)

    def by(self, *, name: str = "", address: str = "") -> Self:
        return self.filter(Q(name=name) if name else Q(address=address))


class Failure(models.Model):
    """`name` is the account's, or a digest where no account has the name: people type passwords there."""

    PASSWORD, CODE = "password", "code"
    FACTORS = {PASSWORD: _("password"), CODE: _("code")}

    name = models.CharField(_("account"), max_length=150)
    address = models.CharField(_("address"), max_length=50)
    factor = models.CharField(_("what failed"), max_length=10, choices=list(FACTORS.items()))
    at = models.DateTimeField(_("when"), auto_now_add=True)

    objects = FailureQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        verbose_name = _("failed sign-in")
        verbose_name_plural = _("failed sign-ins")
        default_permissions = ("view",)
        permissions = [("lift_lockout", "Can lift lockouts")]
        indexes = [
            models.Index(fields=["name", "at"], name="failure_of_account"),
            models.Index(fields=["address", "at"], name="failure_of_address"),
        ]

    def __str__(self) -> str:
        return f"{self.name} from {self.address}"
