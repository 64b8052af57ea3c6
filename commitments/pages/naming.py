"""Actors under their names in the page's language. The record names them in English wherever it tells of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from django.conf import settings
from django.utils.translation import get_language

from commitments.clocks import Clock
from commitments.pages.firsts import First
from commitments.selection import Selection

Row = dict[str, Any]
Told = TypeVar("Told")
NAMES = """SELECT s.subject_id, s.row::json -> 'names' ->> %(language)s {rows}
AND s.row::json -> 'names' ->> %(language)s <> ''"""


def in_page_language(told: Told, clock: Clock) -> Told:
    """Rows, in whatever they stand, with each actor in them under its name in the page's language where it has one.
    One query, none in English."""
    language = get_language()
    if language == settings.LANGUAGE_CODE or not (ids := sorted(set(_actors(told)))):
        return told
    known = Selection.of_plain(clock).among("subject_id", ids).known(NAMES, language=language)
    return _renamed(told, dict(known))


def _actors(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        if _is_actor(told):
            yield told["id"]
        for value in told.values():
            yield from _actors(value)
    elif isinstance(told, list | tuple):
        for value in told:
            yield from _actors(value)


def _is_actor(row: Row) -> bool:
    return "name" in row and str(row.get("id", "")).startswith("act_")


def _renamed(told: Any, names: dict[str, str]) -> Any:
    if isinstance(told, dict):
        row = {member: _renamed(value, names) for member, value in told.items()}
        return row | {"name": names.get(row["id"], row["name"])} if _is_actor(row) else row
    if isinstance(told, First):
        return told._replace(rows=_renamed(told.rows, names))
    return [_renamed(value, names) for value in told] if isinstance(told, list | tuple) else told
