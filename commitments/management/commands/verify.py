from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commitments.verification import DoesNotHold, verify


class Command(BaseCommand):
    help = "Prove the whole record from the ledger; exit 1 at the first thing that does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(str(verify()))
        except DoesNotHold as fault:
            raise CommandError(str(fault)) from fault
