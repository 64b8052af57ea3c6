from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from commitments.models.ledger import Entry
from commitments.verification import DoesNotHold, verify


class Command(BaseCommand):
    help = "Prove the whole record from the ledger; exit 1 at the first thing that does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        if Entry._meta.db_table not in connection.introspection.table_names():
            raise CommandError("There is no record in this database yet: run `manage.py migrate` first.")
        try:
            self.stdout.write(str(verify()))
        except DoesNotHold as fault:
            raise CommandError(str(fault)) from fault
