"""How long a curator's saves take while an import is published beside them, against an idle desk.

    python -m bench.importing --rows 10000 --saves 25 --rounds 4

Brings a file of invented rows, checks and drafts it, and publishes it by a process of its own, as the worker does.
A curator then saves a draft through the desk's form and amends a published commitment, in turn: some saves with the
publication paused, some with it going on. Told are medians, 95th percentiles and their ratios, of one run.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import subprocess
import sys
from collections.abc import Callable
from statistics import median, quantiles
from time import perf_counter, sleep

from bench import database

database.use()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from bench.generate import UNKNOWN, Cast, said  # noqa: E402
from commitments import actions  # noqa: E402
from commitments.captures.tables import read, sniffed  # noqa: E402
from commitments.importers import drafting, publishing  # noqa: E402
from commitments.importers.mapping import suggested  # noqa: E402
from commitments.models import Commitment, Import, State  # noqa: E402
from tests.desk import entered, page, send  # noqa: E402

WORKER = "from bench import database; database.use(); from commitments.importers.publishing import step; import time\n"
WORKER += "while True:\n    step() or time.sleep(0.2)"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=10_000)
    asked.add_argument("--saves", type=int, default=25, help="of each kind, a round and state")
    asked.add_argument("--rounds", type=int, default=4)
    told = asked.parse_args()
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    cast = Cast()
    imported = brought(cast, told.rows)
    timed(f"dry run of {told.rows} rows", lambda: drafting.dry_run(imported))
    print(imported.rows.counted())
    timed("drafts of them", lambda: drafting.draft(imported, by=cast.curator))
    publishing.start(imported, by=cast.curator, reason="Invented.")
    while not imported.rows.published().exists():
        publishing.step()
    compare(imported, cast, told.saves, told.rounds)


def brought(cast: Cast, number: int) -> Import:
    chance = random.Random(number)
    names = ["id", "promise", "date", "country", "link"]
    lines = [",".join(names)]
    for n in range(number):
        day = f"{chance.randrange(1990, 2025)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        words = f"Import {n}: {said(chance, 12)}"
        lines.append(f'r-{n},"{words}",{day},{chance.choice(cast.states).name},https://register.example/{n}')
    data = "\n".join(lines).encode()
    way = sniffed(data, name="register.csv")
    mapping = suggested(read(data, way), data_set="bench")
    mapping.constants["kind"] = cast.kinds[0].label_en
    data_set = f"bench {Import.objects.count()}"
    return Import.objects.create(
        data_set=data_set,
        title=data_set,
        file_name="register.csv",
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        format=way.format,
        encoding=way.encoding,
        delimiter=way.delimiter,
        size=number,
        published=UNKNOWN,
        mapping=mapping.as_json(),
        created_by=cast.curator,
    )


def timed(name: str, work: Callable[[], object]) -> None:
    before = perf_counter()
    work()
    print(f"{name}: {perf_counter() - before:.1f} s", flush=True)


def compare(imported: Import, cast: Cast, saves: int, rounds: int) -> None:
    """Rounds of both states in turn, so that whatever else the machine does falls on both."""
    User.objects.filter(pk=cast.curator.pk).update(is_staff=True)
    client = entered(cast.curator)
    kinds = {"a draft saved": lambda n: save(client, imported, n), "an amendment": lambda n: amend(imported, cast, n)}
    took: dict[tuple[str, bool], list[float]] = {(kind, busy): [] for kind in kinds for busy in (False, True)}
    worker = subprocess.Popen([sys.executable, "-c", WORKER])
    before, start = imported.rows.published().count(), perf_counter()
    try:
        for number in range(rounds):
            for busy in (False, True):
                Import.objects.filter(pk=imported.pk).update(state=State.PUBLISHING if busy else State.PAUSED)
                sleep(2)
                for n in range(saves):
                    for kind, work in kinds.items():
                        begun = perf_counter()
                        work(number * saves + n)
                        took[kind, busy].append(perf_counter() - begun)
    finally:
        worker.terminate()
        worker.wait()
        publishing.pause(imported)
    done = imported.rows.published().count() - before
    print(f"published beside it: {done} commitments in {perf_counter() - start:.0f} s, half of them paused")
    for kind in kinds:
        idle, beside = took[kind, False], took[kind, True]
        for name, figure in (("median", median), ("95th percentile", p95)):
            print(
                f"{kind}, {name}: {figure(idle) * 1000:.0f} ms idle, {figure(beside) * 1000:.0f} ms beside the"
                f" publication, {figure(beside) / figure(idle):.2f} times"
            )


def p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def save(client: Client, imported: Import, n: int) -> None:
    """The form of a draft that the worker reaches last, as a browser sends it."""
    draft = imported.rows.waiting().order_by("-number")[0].commitment
    answer = send(client, page(draft), summary_en=f"Looked at {n} times.")
    if answer.status_code != 302:
        raise SystemExit(f"the form was refused: {answer.status_code}")


def amend(imported: Import, cast: Cast, n: int) -> None:
    of = Commitment.objects.get(pk=imported.rows.published().order_by("number")[0].commitment_id)
    of.summary_en = f"Amended {n} times, {perf_counter()}."
    of.save()
    actions.amend(things=[of], by=cast.curator, reason="Measured.")


if __name__ == "__main__":
    main()
