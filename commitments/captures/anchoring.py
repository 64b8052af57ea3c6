"""Where the words of a passage stand in a text: at one place, at several or elsewhere, or nowhere. Never a
likeness: a word more or less and they are other words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

# Words that are not told are looked for by their digest at each place: so many are tried, no more.
MOST_WINDOWS = 500_000
CONTEXT = 32
# So few letters may stand anywhere by chance: at their only place they are taken for the same where a neighbour is.
SHORT = 24


@dataclass(frozen=True)
class Quote:
    """What is looked for (W3C TextQuoteSelector). `words` is None where only their digest is told; `before` and
    `after` are the text around them where they were marked, as far as it is known."""

    start: int
    end: int
    sha256: str
    words: str | None = None
    before: str = ""
    after: str = ""

    @classmethod
    def out_of(cls, text: str, start: int, end: int, sha256: str) -> Quote:
        """As it stands in the text in which it was marked."""
        around = text[max(start - CONTEXT, 0) : start], text[end : end + CONTEXT]
        return cls(start, end, sha256, text[start:end], *around)


@dataclass(frozen=True)
class Place:
    """`result` is a word of vocabulary.ANCHORS, or '' where the search was given up; `starts` every place."""

    result: str
    starts: tuple[int, ...] = ()


def own_place(text: str, quote: Quote) -> Place:
    """In the very text in which it was marked: at its position or not."""
    if digest_of(text[quote.start : quote.end]) == quote.sha256:
        return Place("found", (quote.start,))
    return Place("ambiguous" if quote.words and quote.words in text else "orphaned")


def place(text: str, quote: Quote) -> Place:
    """In another text, such as a later capture. Of several places one is it where the words around say so."""
    starts = _starts(text, quote)
    if starts is None:
        return Place("")
    if not starts:
        return Place("orphaned")
    if len(starts) == 1:
        is_it = quote.end - quote.start > SHORT or _has_a_neighbour(text, starts[0], quote)
        return Place("found" if is_it else "ambiguous", tuple(starts))
    fitting = [at for at in starts if _fits(text, at, quote)] if quote.before or quote.after else []
    return Place("found", tuple(fitting)) if len(fitting) == 1 else Place("ambiguous", tuple(starts))


def digest_of(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _starts(text: str, quote: Quote) -> list[int] | None:
    """None: too much to search. Places may overlap."""
    if quote.words is None:
        return _starts_by_digest(text, quote)
    found, at = [], text.find(quote.words)
    while at >= 0:
        found.append(at)
        at = text.find(quote.words, at + 1)
    return found


def _starts_by_digest(text: str, quote: Quote) -> list[int] | None:
    length = quote.end - quote.start
    windows = len(text) - length + 1
    if windows * length > MOST_WINDOWS * 100 or windows > MOST_WINDOWS:
        return None
    return [at for at in range(windows) if digest_of(text[at : at + length]) == quote.sha256]


def _fits(text: str, at: int, quote: Quote) -> bool:
    end = at + quote.end - quote.start
    return text[:at].endswith(quote.before) and text.startswith(quote.after, end)


def _has_a_neighbour(text: str, at: int, quote: Quote) -> bool:
    """Whether the word before or the word after is the one that stood there; also where neither is known."""
    end = at + quote.end - quote.start
    before, after = quote.before.split()[-1:], quote.after.split()[:1]
    if not before and not after:
        return True
    around = text[max(at - CONTEXT, 0) : at].split()[-1:], text[end : end + CONTEXT].split()[:1]
    return any(known and known == found for known, found in zip((before, after), around, strict=True))
