from typing import Any

import orjson
from django.core.management.base import BaseCommand
from django.test import Client

from commitments.api.examples import ANSWERS_FILE, API, CALLS, told_by


class Command(BaseCommand):
    help = "Ask every documented example of the API again and keep what the record of this checkout answers."

    def handle(self, *args: Any, **options: Any) -> None:
        client = Client(headers={"host": "127.0.0.1:8000"})
        answers = {call.address: call.shown(told_by(client.get(API + call.address))) for call in CALLS}
        ANSWERS_FILE.write_bytes(orjson.dumps(answers, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        self.stdout.write(f"{len(answers)} answers in {ANSWERS_FILE.name}")
