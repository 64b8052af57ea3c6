"""Canonical JSON (RFC 8785) of what the ledger digests: objects, lists, strings, integers, flags and null.

orjson sorts members by code point and RFC 8785 by UTF-16 unit, which agree on ASCII; both write strings alike,
and integers up to 2**53 - 1. Floats, which they would write differently, have no place in a document.
"""

from __future__ import annotations

from typing import Any

import orjson

LEAVES = frozenset({str, int, bool, type(None)})
OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


class NotCanonical(ValueError):
    """Says what of the value the ledger cannot digest."""


def dumps(value: Any) -> bytes:
    """Raises `NotCanonical` for floats, integers beyond 2**53 - 1, lone surrogates, other types, and for names
    of members outside ASCII."""
    _refuse(value)
    try:
        return orjson.dumps(value, option=OPTIONS)
    except orjson.JSONEncodeError as error:
        raise NotCanonical(str(error)) from error


def _refuse(value: Any) -> None:
    kind = type(value)
    if kind is dict:
        for name, member in value.items():
            if type(name) is not str or not name.isascii():
                raise NotCanonical(f"The member {name!r} has a name outside ASCII.")
            if type(member) not in LEAVES:
                _refuse(member)
    elif kind is list:
        for item in value:
            if type(item) not in LEAVES:
                _refuse(item)
    elif not isinstance(value, str | int | None):
        raise NotCanonical(f"A {kind.__name__} is no part of a document: {value!r}.")
