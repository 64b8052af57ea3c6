from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from commitments import worker


class Command(BaseCommand):
    help = "Does what was asked for at the desk and is slow, such as fetching pages, until it is stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, and end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            self.stdout.write(f"Pieces of work done: {worker.once()}.")
        else:
            worker.run()
