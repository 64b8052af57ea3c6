"""What `manage.py worker` does: slow work that people asked for at the desk, one short piece at a time.

A kind of work is a function that does at most one short piece and says whether it did any. It takes its piece
from the database so that two workers never have the same one, and commits before anything slow.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import close_old_connections

from commitments.actions import fetching, likeness
from commitments.captures.fetch import fetch
from commitments.captures.reach import PUBLIC, Reach
from commitments.importers.publishing import step as imports
from commitments.models.ledger import Head

Step = Callable[[], bool]

IDLE_SECONDS = 2.0
# Looking for duplicates takes seconds at 100,000 things.
SECONDS_BETWEEN_LOOKS = 600.0
log = logging.getLogger(__name__)
stopping = threading.Event()


def fetches(*, reach: Reach = PUBLIC) -> bool:
    asked = fetching.take()
    if asked is None:
        return False
    answer = fetch(asked.url, reach=reach, stopped=stopping.is_set)
    fetching.conclude(fetch=asked, answer=answer)
    log.info("fetched %s: %s", asked.pk, answer.problem or answer.status)
    return True


class Duplicates:
    """What may have been recorded twice is looked for anew after the record has moved, but not at every entry."""

    def __init__(self) -> None:
        self.seq, self.at = 0, float("-inf")

    def __call__(self) -> bool:
        seq = Head.objects.values_list("seq", flat=True).get(id=1)
        if seq == self.seq or time.monotonic() - self.at < SECONDS_BETWEEN_LOOKS:
            return False
        likeness.look()
        self.seq, self.at = seq, time.monotonic()
        return True


WORK: tuple[Step, ...] = (fetches, imports, Duplicates())


def once(work: Sequence[Step] = WORK) -> int:
    """Everything that is due; how many pieces that were."""
    done = 0
    while any([_did(step) for step in work]):
        done += 1
    return done


def run(work: Sequence[Step] = WORK) -> None:
    """Until it is told to stop. What a piece of work raises is logged: the next one has its turn."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    log.info("the worker is at work")
    while not stopping.is_set():
        close_old_connections()
        if not any([_did(step) for step in work]):
            stopping.wait(IDLE_SECONDS)
    log.info("the worker ended")


def _stop(*_: Any) -> None:
    stopping.set()


def _did(step: Step) -> bool:
    if stopping.is_set():
        return False
    try:
        return step()
    except Exception:
        # Whatever it was: its lease runs out, it is tried again, and in the end given up with a sentence.
        log.exception("a piece of work failed")
        return False
