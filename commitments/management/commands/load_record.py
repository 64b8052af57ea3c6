from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from commitments.importers import record_yaml
from commitments.importers.yaml_nodes import Rejected


class Command(BaseCommand):
    help = "Load a folder of stories (YAML) as one published set; what was recorded before stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        recorder, _ = User.objects.get_or_create(
            username="record-loader", defaults={"is_active": False, "password": "!"}
        )
        try:
            report = record_yaml.load(folder, by=recorder)
        except Rejected as rejection:
            raise CommandError(f"Nothing was loaded.\n{rejection}") from rejection
        self.stdout.write(str(report))
