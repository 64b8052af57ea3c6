from typing import Any

from django.core.management.base import BaseCommand

from commitments.actions.likeness import look


class Command(BaseCommand):
    help = "Look through everything published for what may have been recorded twice; curators decide at the desk."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{look()} pairs wait for an answer.")
