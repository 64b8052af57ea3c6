"""Whether a text is a copy of a capture that we know, and where the passages of that capture stand in it.

The same rule stands in static/pages/copies.js, for what no server should be told; tests/copies.py is the one table
of cases that both are held to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from commitments.captures.anchoring import Quote, digest_of, place

Row = dict[str, Any]
# A digest costs by the block of 64 bytes, so every place that is tried costs the length of the words and 64. In all
# so much: half a second here, some seconds in a browser.
MOST_TRIED = 30_000_000
BLOCK = 64
BYTE_ORDER_MARK = "\ufeff"
# What `place` answers of words that do not stand where they did.
ELSEWHERE = {"orphaned": "nowhere", "found": "once", "ambiguous": "several"}


class Copy(NamedTuple):
    """`way`: by which spelling it is that capture, '' of none; `text`: in which passages are looked for, None where
    they are not, as in a file from which our text was had by other means."""

    capture: Row | None
    way: str
    text: str | None


def spellings(text: str) -> dict[str, str]:
    """The text and what light changes make of it, by the last of these; each spelling once."""
    ours = as_ours(text)
    ended = ours.rstrip("\n")
    told = {
        "as_is": text,
        "line_ends": with_our_line_ends(text),
        "without_mark": ours,
        "without_last_lines": ended,
        "with_last_line": f"{ended}\n",
    }
    first = {spelling: way for way, spelling in reversed(told.items())}
    return {way: spelling for way, spelling in told.items() if first[spelling] == way}


def with_our_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def as_ours(text: str) -> str:
    return with_our_line_ends(text).removeprefix(BYTE_ORDER_MARK)


def recognised(captures: Iterable[Row], text: str | None, sha256: str | None) -> Copy:
    """`sha256` is of the bytes, where a file was brought; `text` None: none in UTF-8 stands in it."""
    by_bytes = next((capture for capture in captures if capture["sha256"] == sha256), None)
    for way, spelling in spellings(text).items() if text is not None else ():
        digest = digest_of(spelling)
        for capture in captures:
            if capture["text_sha256"] == digest:
                return Copy(by_bytes or capture, "bytes" if by_bytes else way, spelling)
    if by_bytes:
        return Copy(by_bytes, "bytes", None)
    return Copy(None, "", None if text is None else as_ours(text))


def places(text: str, quotes: Iterable[Quote]) -> list[str]:
    """Of each: `here`, at its position; elsewhere, `once` or `several` times; `nowhere`; or `not_here`, where only
    the digest is told and looking elsewhere costs too much."""
    left, found = MOST_TRIED, []
    for quote in quotes:
        if digest_of(text[quote.start : quote.end]) == quote.sha256:
            found.append("here")
        elif (cost := _cost(text, quote)) > left:
            found.append("not_here")
        else:
            left -= cost
            found.append(ELSEWHERE[place(text, quote).result])
    return found


def _cost(text: str, quote: Quote) -> int:
    if quote.words is not None:
        return 0
    length = quote.end - quote.start
    return max(0, len(text) - length + 1) * (length + BLOCK)
