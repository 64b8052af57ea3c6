"""A small sketch of a text by which the same article is recognised under another address.

The bottom-k sketch of Broder (1997): of the hashes of all runs of five words, capitals and spaces aside, the 64
lowest. The share that two sketches have in common estimates the share of runs that the texts have in common.
Scripts without spaces are cut into characters.
"""

from __future__ import annotations

import hashlib
import heapq
import re
from collections.abc import Collection, Iterator

KEPT = 64
RUN = 5
# Thai to Myanmar, Khmer, kana, and the Han ranges.
_PIECE = re.compile(r"[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+")
_WITHOUT_SPACES = re.compile(r"([\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])")


def sketch(text: str) -> list[int]:
    """Signed 64-bit numbers, rising; [] of a text without words."""
    return heapq.nsmallest(KEPT, {_number(run) for run in _runs(text)})


def _runs(text: str) -> Iterator[str]:
    spaced = _WITHOUT_SPACES.sub(r" \1 ", text.casefold())
    words = _PIECE.findall(spaced)
    for start in range(max(len(words) - RUN + 1, 1 if words else 0)):
        yield " ".join(words[start : start + RUN])


def _number(run: str) -> int:
    return int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "big", signed=True)


def resemblance(one: Collection[int], other: Collection[int]) -> float:
    """From 0 to 1, within about 0.06 of the true share."""
    lowest = heapq.nsmallest(KEPT, {*one, *other})
    both = {*one} & {*other}
    return sum(number in both for number in lowest) / len(lowest) if lowest else 0.0
