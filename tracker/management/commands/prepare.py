from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "All that serving needs, in one start of Python: migrate, check, load the record, a curator's account."
    # Checked below, once the tables are there.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("check", databases=["default"])
        call_command("load_record", settings.BASE_DIR / "fixtures")
        call_command("ensure_curator")
