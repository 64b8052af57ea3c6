"""At 100,000 commitments no listed filter reads a whole table: what PostgreSQL plans for each question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.api.views import ListView
from commitments.models.record import ClaimStanding, CommitmentSpan, CommitmentStanding
from tests.questions import PUBLISHED, queries
from tests.routes import API

pytestmark = [pytest.mark.heavy, pytest.mark.usefixtures("cloned_database")]
SIZE = 100_000
# The record many times over, in the tables that lists read; days, kinds and statuses are spread, so that some are
# many and others few.
COPIED = """
INSERT INTO {table} SELECT r.* FROM (SELECT *, row_number() OVER () AS place FROM {table}) AS t
CROSS JOIN generate_series(1, {copies}) AS n
CROSS JOIN LATERAL (SELECT '1900-01-01'::date + (n * 7 + t.place::int) % 40000 AS day) AS d
CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, to_jsonb(t) || jsonb_build_object({changed})) AS r
"""
DAYS = "'subject_id', t.subject_id || n, 'counts_from', day, '{0}_earliest', day, '{0}_latest', day,"
DAYS += " '{0}_rising', day::text || day, '{0}_falling', day::text || day"
OF_COMMITMENT = """, 'slug', t.slug || n, 'kind', 'kind/' || n % 40, 'title_key', md5(n::text),
    'status', CASE WHEN n % 500 = 0 THEN 'unclear' ELSE t.status END"""
SPREAD = {
    CommitmentStanding: DAYS.format("made") + OF_COMMITMENT,
    CommitmentSpan: "'subject_id', t.subject_id || n, 'from_day', day, 'until_day', '9999-12-31'",
    ClaimStanding: DAYS.format("said"),
}
TABLES = {model._meta.db_table for model in SPREAD}
# Not yet of both together: the spans' indexes are of those known now (bench/README.md).
CLOCKS = ("", "&as_of=1950-06-01", "&known_at=425")


def multiply() -> None:
    with connection.cursor() as cursor:
        for model, changed in SPREAD.items():
            table, copies = model._meta.db_table, SIZE // model.objects.count() + 1
            cursor.execute(COPIED.format(table=table, copies=copies, changed=changed))
            cursor.execute(f"VACUUM ANALYZE {table}")


def plans_for(address: str) -> Iterator[dict[str, Any]]:
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(address).status_code == 200, address
    for query in asked.captured_queries:
        if any(table in query["sql"] for table in TABLES):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {query['sql']}")
                yield cursor.fetchone()[0][0]["Plan"]


def read_whole(node: dict[str, Any], *, stops: bool = False) -> Iterator[str]:
    """Tables that a plan reads from end to end; under a limit alone it stops when it has enough."""
    for part in node.get("Plans", ()):
        yield from read_whole(part, stops=node["Node Type"] == "Limit" or (stops and node["Node Type"] == "Result"))
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in TABLES and not stops:
        yield node["Relation Name"]


def questions() -> Iterator[str]:
    for noun, path in (("commitment", "commitments"), ("claim", "claims")):
        asked = queries(ListView(noun=noun), PUBLISHED, ("cursor", "known_at", "as_of", "fields", "include"))
        yield from (f"{API}{path}/?{query}{clock}" for query in ["limit=50", *asked] for clock in CLOCKS)


def test_no_question_reads_a_whole_table():
    multiply()
    told = {address: sorted({of for plan in plans_for(address) for of in read_whole(plan)}) for address in questions()}
    # What nearly all hold is left out row by row: no index finds what an array does not hold.
    faults = [f"{asked}: {', '.join(of)}" for asked, of in told.items() if of and "[not]=" not in asked]
    assert not faults, "\n".join(faults)
