"""The ledger entries behind a page, gathered into the sets in which they were recorded."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from commitments.pages import sentences as say

Row = dict[str, Any]


def entries_of(value: Any) -> dict[int, Row]:
    """Every entry that stands under a member `entries`, however deep, by seq."""
    if isinstance(value, list):
        return {seq: entry for item in value for seq, entry in entries_of(item).items()}
    if not isinstance(value, dict):
        return {}
    own = {entry["seq"]: entry for entry in value.get("entries", ())}
    return own | {seq: entry for member in value.values() for seq, entry in entries_of(member).items()}


def in_sets(entries: dict[int, Row]) -> list[Row]:
    """One row for what was recorded at one time, by one hand, for one reason."""
    ordered = [entries[seq] for seq in sorted(entries)]
    sets: dict[tuple[str, str, str], list[int]] = {}
    for entry in ordered:
        sets.setdefault((entry["recorded_at"], entry["by"], entry["reason"]), []).append(entry["seq"])
    return [
        {
            "count": len(seqs),
            "seqs": _ranges(seqs),
            "at": recorded_at,
            "recorded_at": say.instant(recorded_at),
            "by": by,
            "reason": reason,
        }
        for (recorded_at, by, reason), seqs in sets.items()
    ]


def _ranges(seqs: list[int]) -> str:
    """ "3, 5–7": neighbours differ from their place in the list by the same number."""
    runs = [[seq for _, seq in run] for _, run in groupby(enumerate(seqs), key=lambda placed: placed[1] - placed[0])]
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
