"""What the one sequence costs: single status changes appended by many clients at once, against the same rows
without the head row's lock.

    python -m bench.writers --each 15 --rounds 3

Prepares real calls of `record_append`, each what `record_status` makes for a commitment of its own, and sends them
from N connections at once, one transaction each. The floor is the same function over tables like the ledger's and
the record's, with numbers from a sequence in place of the head row: it has gaps, and entries commit out of order.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from statistics import median
from threading import Barrier
from time import perf_counter
from typing import Any

import psycopg

from bench import database

database.use()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from bench.generate import Batch, Cast, on  # noqa: E402
from commitments import actions  # noqa: E402
from commitments import models as desk  # noqa: E402
from commitments.models.record import CommitmentStanding  # noqa: E402

CLIENTS = (1, 4, 16)
DAY = date(2026, 1, 1)
CALL = "SELECT first_seq, last_seq FROM {}(%s::jsonb)"
TABLES = ("entry", "version", "subject", "plainstanding", "claimstanding", "commitmentstanding")


class Caught(Exception):
    """Holds the payload of an append that was prepared and not made."""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--each", type=int, default=15, help="status changes a client and round")
    asked.add_argument("--rounds", type=int, default=3)
    told = asked.parse_args()
    make_floor()
    payloads = prepared(sum(CLIENTS) * told.each * told.rounds)
    make_floor_rows()
    for clients in CLIENTS:
        ratios = []
        for _ in range(told.rounds):
            work = [[next(payloads) for _ in range(told.each)] for _ in range(clients)]
            floor, product = (rate(function, work) for function in ("bench_append", "record_append"))
            ratios.append(product / floor)
            print(f"{clients:>3} clients: {product:.0f} a second, without the head row {floor:.0f}", flush=True)
        print(f"{clients:>3} clients: {median(ratios):.2f} of the floor")


def prepared(number: int) -> Iterator[str]:
    """Payloads of status changes, each on another commitment, for a claim published for the purpose."""
    cast = Cast()
    commitments = desk.Commitment.objects.published().order_by("?")[:number]
    start = desk.Source.objects.count()
    batch = Batch(cast, random.Random(start), range(start, start))
    claims = [(of, status := other_status(of), claim_of(batch, of, status)) for of in commitments]
    batch.publish()
    if len(claims) < number:
        raise SystemExit(f"{number} commitments are needed; there are {len(claims)}: python -m bench.generate")
    times = []
    payloads = []
    for of, status, claim in claims:
        before = perf_counter()
        payloads.append(payload(of, status, claim, cast))
        times.append(perf_counter() - before)
    print(f"record_status up to its append, alone: {median(times) * 1000:.1f} ms")
    return iter(payloads)


def other_status(of: desk.Commitment) -> str:
    """Asked of the record: of an earlier run's appends the desk knows nothing."""
    standing = CommitmentStanding.objects.current().get(subject_id=of.pk)
    return "stalled" if standing.status == "in_progress" else "in_progress"


def claim_of(batch: Batch, of: desk.Commitment, status: str) -> desk.Claim:
    promisor = of.parties.select_related("actor").get(role="promisor").actor
    return batch._claim(of, promisor, DAY, status=status)


def payload(of: desk.Commitment, status: str, claim: desk.Claim, cast: Cast) -> str:
    def catch(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if "record_append" in sql:
            raise Caught(*parameters)
        return execute(sql, parameters, many, context)

    try:
        with connection.execute_wrapper(catch):
            actions.record_status(
                commitment=of, status=status, effective=on(DAY), claims=[claim], by=cast.curator, reason="Measured."
            )
    except Caught as caught:
        return str(caught.args[0])
    raise AssertionError("nothing was appended")


def make_floor() -> None:
    """Tables with the columns, checks and indexes of the real ones, and their append without the head row."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS bench_{table} CASCADE")
            cursor.execute(f"CREATE TABLE bench_{table} (LIKE commitments_{table} INCLUDING ALL)")
        cursor.execute("DROP SEQUENCE IF EXISTS bench_seq")
        cursor.execute("CREATE SEQUENCE bench_seq")
        for function, copied in (("record_append", "bench_append"), ("version_holds", "bench_holds")):
            cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [function])
            # Its own text holds percent signs.
            cursor.cursor.execute(unsequenced(cursor.fetchone()[0].replace(function, copied)).replace("%", "%%"), ())
        cursor.execute(
            "CREATE TRIGGER bench_holds BEFORE INSERT ON bench_version FOR EACH ROW EXECUTE FUNCTION bench_holds()"
        )


def unsequenced(definition: str) -> str:
    definition = re.sub(rf"commitments_({'|'.join(TABLES)}|%)", r"bench_\1", definition)
    for pattern, put in (
        ("WHERE id = 1 FOR UPDATE", "WHERE id = 1"),
        ("base := head.seq", "base := nextval('bench_seq')"),
        (r"UPDATE commitments_head SET [^;]*;", ""),
    ):
        definition = re.sub(pattern, put, definition)
    return definition


def make_floor_rows() -> None:
    """What the appends close: the current standings of all commitments. Numbers go on after the newest entry."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('bench_seq', 1 + (SELECT seq FROM commitments_head))")
        cursor.execute(
            "INSERT INTO bench_commitmentstanding SELECT * FROM commitments_commitmentstanding WHERE until_seq IS NULL"
        )
        cursor.execute("ANALYZE")


def rate(function: str, work: Sequence[Sequence[str]]) -> float:
    """Appends a second of all clients together, each on a connection of its own, all begun at once."""
    start = Barrier(len(work) + 1)

    def client(payloads: Sequence[str]) -> None:
        with psycopg.connect(**address(), autocommit=True) as own:
            own.prepare_threshold = 0
            warm(own, CALL.format(function), payloads[0])
            start.wait()
            for each in payloads:
                own.execute(CALL.format(function), [each])

    with ThreadPoolExecutor(len(work)) as pool:
        done = [pool.submit(client, payloads) for payloads in work]
        start.wait()
        before = perf_counter()
        for each in done:
            each.result()
    return sum(map(len, work)) / (perf_counter() - before)


def warm(own: psycopg.Connection, call: str, payload: str) -> None:
    """A connection plans a function's statements anew for its first five calls; they are rolled back."""
    for _ in range(6):
        with own.transaction(force_rollback=True):
            own.execute(call, [payload])


def address() -> dict[str, Any]:
    server = settings.DATABASES["default"]
    return {
        "host": server["HOST"],
        "port": server.get("PORT") or None,
        "user": server["USER"],
        "password": server["PASSWORD"] or None,
        "dbname": server["NAME"],
    }


if __name__ == "__main__":
    main()
