from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.accounts import care


class Command(BaseCommand):
    help = "For who lost everything: remove an account's second factors, end its sessions; it enrols anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username__iexact=username).first()
        if user is None:
            raise CommandError(f"No account is called {username!r}.")
        self.stdout.write(care.reset_second_factor(user=user))
        self.stdout.write("The next sign-in, with the password alone, sets up a new one.")
