"""What was recorded lately: the newest sets of the ledger, each with why and about which commitments."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import orjson

from commitments.clocks import Clock, stamp
from commitments.models.ledger import Entry
from commitments.models.record import Version
from commitments.pages import sentences as say
from commitments.selection import Selection

Row = dict[str, Any]
SETS = 5
# Entries looked at, and commitments named of one set.
ENTRIES = 300
NAMED = 4


def sets(clock: Clock) -> list[Row]:
    """Newest first. Three queries."""
    columns = ("seq", "set_last", "type", "nature", "recorded_at", "by", "commitments")
    entries = Entry.objects.up_to(clock.seq).order_by("-seq").values(*columns)[:ENTRIES]
    grouped = [(last, list(rows)) for last, rows in groupby(entries, key=lambda entry: entry["set_last"])][:SETS]
    reasons = _reasons([last for last, _ in grouped])
    about = {last: _about(rows) for last, rows in grouped}
    titles = _titles([i for ids in about.values() for i in ids[:NAMED]], clock)
    return [_set(rows, reasons[last], about[last], titles) for last, rows in grouped]


def _set(entries: list[Row], reason: str, about: list[str], titles: dict[str, Row]) -> Row:
    newest, oldest = entries[0], entries[-1]
    return {
        "first": oldest["seq"],
        "last": newest["seq"],
        "recorded_at": say.instant(stamp(newest["recorded_at"])),
        "by": newest["by"],
        "reason": reason,
        "is_correction": any(entry["nature"] == "correction" for entry in entries),
        "about": [titles[i] for i in about[:NAMED] if i in titles],
        "others": max(0, len(about) - NAMED),
    }


def _reasons(seqs: list[int]) -> dict[int, str]:
    bodies = Version.objects.filter(entry__in=seqs).values_list("entry_id", "body")
    return {seq: orjson.loads(bytes(body))["reason"] for seq, body in bodies}


def _about(entries: list[Row]) -> list[str]:
    return list(dict.fromkeys(i for entry in reversed(entries) for i in entry["commitments"]))


def _titles(ids: list[str], clock: Clock) -> dict[str, Row]:
    rows = Selection.of("commitment", clock).among("subject_id", sorted(set(ids))).rows()
    return {row["id"]: {"id": row["id"], "slug": row["slug"], "title": say.in_language(row["title"])} for row in rows}
