from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from tracker.accounts import sealing

SEALED = ("secret", "seed")


class Command(BaseCommand):
    help = "After a change of SECRET_KEY: seal the secrets of second factors with the newest key."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        lost = []
        found = Authenticator.objects.select_for_update(of=("self",)).select_related("user")
        for factor in found.exclude(type=Authenticator.Type.WEBAUTHN):
            try:
                factor.data |= {name: sealing.resealed(factor.data[name]) for name in SEALED if name in factor.data}
            except sealing.InvalidToken:
                lost.append(factor.user.username)
            else:
                factor.save(update_fields=["data"])
        self.stdout.write(f"{len(found) - len(lost)} secrets sealed with the newest key.")
        for name in sorted(set(lost)):
            self.stdout.write(f"No key at hand opens those of {name}: manage.py reset_second_factor {name}")
