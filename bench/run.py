"""Asks the product, a floor and a peer for the same things in turn, in one process, and prints medians of the ratios.

    python -m bench.run --rounds 60

The floor is the least Python that answers from the same rows: one prepared statement on a connection that stays
open, each stored row to a dict, all of them to JSON with orjson; no counting, no links, no checks, no clock. The
peer is django-ninja with the plain ORM (`bench.peer`).
The product is asked through its WSGI application with a bare environment, so that no network is measured.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable
from io import BytesIO
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson
import psycopg

from bench import database

# As tracker.wsgi has it: connections outlive a request.
os.environ["DATABASE_POOL"] = "true"
os.environ["API_READS_PER_MINUTE"] = "0"
database.use()

from django.conf import settings  # noqa: E402
from django.core.signing import Signer  # noqa: E402
from django.test import Client  # noqa: E402

from bench.peer import application as application_of_peer  # noqa: E402
from commitments.api.pagination import SALT  # noqa: E402
from commitments.filters import CommitmentFilters  # noqa: E402
from commitments.models.ledger import Entry, Head  # noqa: E402
from commitments.models.record import ClaimStanding, CommitmentStanding, PlainStanding  # noqa: E402
from tracker.wsgi import application  # noqa: E402

LIST = "/api/v1/commitments/"
PAGE = 50
NEWEST = "ORDER BY made_falling DESC, s.subject_id DESC"
ROWS = """SELECT s.row, s.seq, s.version, e.leaf, e.recorded_at
    FROM commitments_commitmentstanding AS s JOIN commitments_entry AS e ON e.seq = s.version_seq"""
STORY = """SELECT s.row,
    ARRAY(SELECT row FROM commitments_claimstanding WHERE until_seq IS NULL AND names && %(ids)s::text[]),
    ARRAY(SELECT row FROM commitments_plainstanding WHERE until_seq IS NULL AND subject_type = 'status_change'
          AND names && %(ids)s::text[]),
    ARRAY(SELECT row FROM commitments_plainstanding WHERE until_seq IS NULL AND subject_id = ANY (s.sources))
    FROM commitments_commitmentstanding AS s WHERE s.until_seq IS NULL AND s.subject_id = %(id)s"""
CURRENT = "s.until_seq IS NULL"
COMMON, KIND, STATUS, RARE_STATUS, DAY = "border", "kind-03", "agreed", "unclear", "2015-06-30"
Ask = Callable[[], bytes]


def get(path: str, told: str = "200 OK", on: Any = application, held: str = "", **query: Any) -> bytes:
    """The body of an answer, which must have the status told."""
    heard: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": urlencode(query),
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        **({"HTTP_IF_NONE_MATCH": held} if held else {}),
    }
    response = on(environ, lambda status, headers, error=None: heard.append(status))
    body = b"".join(response)
    response.close()
    assert heard == [told], (path, query, heard, body[:300])
    return body


def tag_of(path: str) -> str:
    response = Client().get(path, headers={"host": "localhost"})
    return response.headers["ETag"]


class Floor:
    def __init__(self) -> None:
        server = settings.DATABASES["default"]
        self.connection = psycopg.connect(
            host=server["HOST"],
            port=server.get("PORT") or None,
            user=server["USER"],
            password=server.get("PASSWORD") or None,
            dbname=server["NAME"],
            autocommit=True,
        )

    def rows(self, condition: str, *values: Any, size: int = PAGE + 1) -> bytes:
        found = self._all(f"{ROWS} WHERE {condition} {NEWEST} LIMIT {size}", values)
        return orjson.dumps({"results": [_answer(*columns) for columns in found[:PAGE]]})

    def story(self, commitment_id: str) -> bytes:
        ((row, *lists),) = self._all(STORY, {"id": commitment_id, "ids": [commitment_id]})
        told = [[orjson.loads(text) for text in rows] for rows in lists]
        return orjson.dumps([orjson.loads(row), *told])

    def _all(self, statement: str, values: Any) -> list[Any]:
        return self.connection.execute(statement, values, prepare=True).fetchall()


def _answer(row: str, seq: int, version: int, leaf: bytes, recorded_at: Any) -> dict[str, Any]:
    record = {"seq": seq, "version": version, "leaf": leaf.hex(), "recorded_at": recorded_at}
    return {**orjson.loads(row), "record": record}


def asked() -> dict[str, tuple[Ask, Ask | None, Ask | None]]:
    """By name: the product's answer, its floor, and the peer's answer."""
    floor, peer = Floor(), application_of_peer()
    cursor, key = deep()
    current = CommitmentStanding.objects.current().order_by("-made_falling")
    middle = current[current.count() // 2]
    one, then = middle.subject_id, last_of_set(Head.objects.get().seq // 2)
    known = "s.seq <= %s AND (s.until_seq IS NULL OR s.until_seq > %s)"
    actor = PlainStanding.objects.current().get(slug="state-03").subject_id
    source = middle.sources[0]

    def product(**query: Any) -> Ask:
        return lambda: get(LIST, **query)

    def floored(condition: str, *values: Any) -> Ask:
        return lambda: floor.rows(f"{CURRENT} AND {condition}" if condition else CURRENT, *values)

    def peered(**query: Any) -> Ask:
        return lambda: get("/api/commitments", on=peer, **query)

    def filtered(**query: Any) -> tuple[Ask, None, None]:
        return product(**query), None, None

    return {
        "list, first page": (product(), floored(""), peered()),
        "list, open and one kind": (
            product(open="true", kind=KIND),
            floored("is_open AND kind = %s", f"kind/{KIND}"),
            peered(open="true", kind=f"kind/{KIND}"),
        ),
        "list, a rare status": (
            product(status=RARE_STATUS),
            floored("status = %s", RARE_STATUS),
            peered(status=RARE_STATUS),
        ),
        "list, deep page": (
            product(cursor=cursor),
            floored("(s.made_falling, s.subject_id) < (%s, %s)", *key),
            None,
        ),
        "list, known_at halfway": (product(known_at=then), lambda: floor.rows(known, then, then), None),
        "list, as_of": filtered(as_of=DAY),
        "list, as_of and known_at": filtered(as_of=DAY, known_at=then),
        "list, as_of, a status": filtered(as_of=DAY, status=STATUS),
        **{f"filter {name}={value}": filtered(**{name: value}) for name, value in of_filters(actor, source, one)},
        "sort=title": filtered(sort="title"),
        "sort=-status_since": filtered(sort="-status_since"),
        "fields": filtered(fields="id,title,status"),
        "include=claims,sources": filtered(include="claims,sources"),
        "count": filtered(count="true", limit=1),
        "count, filtered": filtered(count="true", limit=1, status=STATUS),
        "facets=status,kind": filtered(facets="status,kind", limit=1),
        "facets=party,topic": filtered(facets="party,topic", limit=1),
        "search, a common word": filtered(q=COMMON),
        "search, a rare word": filtered(q=rare_word()),
        "search, a phrase": filtered(q=f'"{COMMON} equipment"'),
        "search, by date": filtered(q=COMMON, sort="-made_on"),
        "detail": (
            lambda: get(f"{LIST}{one}/"),
            lambda: floor.rows(f"{CURRENT} AND s.subject_id = %s", one),
            None,
        ),
        "detail as_of": (lambda: get(f"{LIST}{one}/", as_of=DAY), None, None),
        "provenance": (lambda: get(f"{LIST}{one}/provenance/"), lambda: floor.story(one), None),
        "304": (unchanged(), floored(""), None),
    }


def of_filters(actor: str, source: str, one: str) -> list[tuple[str, str]]:
    """One value of every filter of the list, by name and operator, as the table of filters has them."""
    own = {"party": actor, "promisor": actor, "promisee": actor, "claimant": actor, "id": one, "lineage_of": one}
    own |= {"source": source, "position": f"{actor}:proposes", "kind": KIND, "place": "place-02", "topic": "topic-02"}
    own |= {"status": STATUS, "form": "offer", "made_on": "2015", "due": "2015", "status_since": "2015"}
    flags = [name for name, rule in CommitmentFilters.rules.items() if rule.reader.schema == {"type": "boolean"}]
    named = [(name, own[bare]) for name in CommitmentFilters.rules if (bare := name.partition("[")[0]) in own]
    return [*((name, value) for name, value in named if name not in flags), *((name, "true") for name in flags)]


def rare_word() -> str:
    """One that a single claim has: the number in what it says."""
    row = ClaimStanding.objects.current().order_by("subject_id").first().row
    return re.findall(r"\d{5,}", orjson.loads(row)["statement"])[0]


def unchanged() -> Ask:
    tag = tag_of(LIST)
    return lambda: get(LIST, told="304 Not Modified", held=tag)


def last_of_set(seq: int) -> int:
    return Entry.objects.get(seq=seq).set_last


def deep() -> tuple[str, list[Any]]:
    """The cursor of the page in the middle of the list, reached page by page, and the key before that page."""
    pages = CommitmentStanding.objects.current().count() // 2 // 200
    if pages == 0:
        sys.exit("There are too few commitments for a deep page; invent some first: make bench-data N=2000")
    query: dict[str, Any] = {"limit": 200, "fields": "id"}
    for _ in range(pages):
        answer = orjson.loads(get(LIST, **query))
        query["cursor"] = cursor_of(answer["next"])
    last = CommitmentStanding.objects.current().get(subject_id=answer["results"][-1]["id"])
    first = orjson.loads(get(LIST, limit=200))
    return cursor_at(last, first), [last.made_falling, last.subject_id]


def cursor_at(last: CommitmentStanding, first: dict[str, Any]) -> str:
    """The first page's cursor, led on to behind another row: a cursor belongs to the parameters beside it."""
    signer = Signer(salt=SALT)
    carried = signer.unsign_object(cursor_of(first["next"]))
    return signer.sign_object([*carried[:-1], [last.made_falling, last.subject_id]])


def cursor_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["cursor"][0]


def seconds(ask: Ask | None) -> float:
    before = perf_counter()
    if ask:
        ask()
    return perf_counter() - before


def measure(of: dict[str, tuple[Ask, Ask | None, Ask | None]], rounds: int) -> dict[str, list[tuple[float, ...]]]:
    """(product, floor, peer) in seconds, round by round, everything once a round."""
    for asks in of.values():
        for _ in range(3):
            list(map(seconds, asks))
    taken: dict[str, list[tuple[float, ...]]] = {name: [] for name in of}
    for _ in range(rounds):
        for name, asks in of.items():
            taken[name].append(tuple(map(seconds, asks)))
    return taken


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--rounds", type=int, default=60)
    of = asked()
    taken = measure(of, told.parse_args().rounds)
    first = [times[0] for times in taken["list, first page"]]
    print(f"{CommitmentStanding.objects.current().count()} commitments, {Head.objects.get().seq} entries")
    print("| answer | share of its floor | times the peer | times the first page's time |")
    print("|---|---|---|---|")
    for name, times in taken.items():
        _, floor, peer = of[name]
        share = f"{median(f / p for p, f, _ in times):.2f}" if floor else ""
        ahead = f"{median(n / p for p, _, n in times):.1f}" if peer else ""
        against = median(p / page for (p, _, _), page in zip(times, first, strict=True))
        print(f"| {name} | {share} | {ahead} | {against:.1f} |")


if __name__ == "__main__":
    main()
