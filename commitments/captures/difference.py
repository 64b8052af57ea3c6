"""What differs between two texts, word by word: lines first, then the words of lines that changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz.distance import Indel

# Past this many pairs of words, lines that changed are shown whole.
MOST_PAIRS = 40_000_000
# An unchanged stretch longer than this is folded but for its ends.
LONGEST_SAME = 600
SHOWN = 200
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Part:
    """`kind` is `same`, `folded` (the same, and long), `gone` or `new`."""

    kind: str
    text: str


def difference(older: str, newer: str) -> list[Part]:
    return list(_folded(_joined(_by_line(older, newer))))


def _by_line(older: str, newer: str) -> Iterator[Part]:
    before, after = older.splitlines(keepends=True), newer.splitlines(keepends=True)
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Part("same", "".join(before[i:j]))
        else:
            yield from _by_word("".join(before[i:j]), "".join(after[k:m]))


def _by_word(older: str, newer: str) -> Iterator[Part]:
    before, after = _WORDS.findall(older), _WORDS.findall(newer)
    if len(before) * len(after) > MOST_PAIRS:
        yield from (Part("gone", older), Part("new", newer))
        return
    for step in Indel.opcodes(before, after):
        if step.tag == "equal":
            yield Part("same", "".join(before[step.src_start : step.src_end]))
        else:
            yield Part("gone", "".join(before[step.src_start : step.src_end]))
            yield Part("new", "".join(after[step.dest_start : step.dest_end]))


def _joined(parts: Iterator[Part]) -> Iterator[Part]:
    """Neighbours of one kind as one; between two that are the same, what is gone stands before what is new."""
    gone, new, same = "", "", ""
    for part in parts:
        if not part.text:
            continue
        if part.kind == "same" and (gone or new):
            yield from (Part(kind, text) for kind, text in (("gone", gone), ("new", new)) if text)
            gone = new = ""
        elif part.kind != "same" and same:
            yield Part("same", same)
            same = ""
        match part.kind:
            case "same":
                same += part.text
            case "gone":
                gone += part.text
            case _:
                new += part.text
    yield from (Part(kind, text) for kind, text in (("same", same), ("gone", gone), ("new", new)) if text)


def _folded(parts: Iterator[Part]) -> Iterator[Part]:
    for part in parts:
        if part.kind != "same" or len(part.text) <= LONGEST_SAME:
            yield part
            continue
        yield Part("same", part.text[:SHOWN])
        yield Part("folded", part.text[SHOWN:-SHOWN])
        yield Part("same", part.text[-SHOWN:])
