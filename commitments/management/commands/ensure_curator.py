import secrets
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Make sure there is an account that may do everything at the desk; print its password once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", default="curator")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        if User.objects.filter(username=username).exists():
            return
        password = secrets.token_urlsafe(12)
        User.objects.create_superuser(username, password=password)
        self.stdout.write(
            f"Sign in at /admin/ as {username} with the password {password}\n"
            "It is shown this once; change it there, or with: manage.py changepassword " + username + "\n"
            "The first sign-in sets up a second factor: have an authenticator app at hand, or a passkey, for which "
            "the address must be http://localhost, not 127.0.0.1."
        )
