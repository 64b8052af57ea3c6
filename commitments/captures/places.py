"""Places in a captured text. Positions are code points of the unchanged text, ends exclusive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

# Closing marks by opening mark; „ is closed by either form in use.
CLOSING = {"“": "”", "«": "»", "„": "“”", "‹": "›", "「": "」", "『": "』", "‘": "’", '"': '"', "»": "«"}
CLOSERS = frozenset("".join(CLOSING.values()))
AFTER_A_QUOTE = ".,;:،؛、。"
MOST_PLACES = 200
_PARAGRAPH = re.compile(r"(?:[^\n]|\n(?!\s*\n))+")
_FILE_NAME = re.compile(r"\S+\.(jpe?g|png|gif|webp|tiff?|pdf|docx?|mp[34])\b", re.IGNORECASE)
_CAPTION = re.compile(r"\s*(photo|foto|picture|image|imagen|caption|pie de foto)\b[^:\n]{0,40}:", re.IGNORECASE)
LONGEST_HEADLINE = 200


@dataclass(frozen=True)
class Place:
    start: int
    end: int

    def covers(self, start: int, end: int) -> bool:
        return self.start <= start and end <= self.end


def trimmed(text: str, start: int, end: int) -> Place:
    """Without the white space at both ends; empty where nothing else is in it."""
    start, end = max(0, start), min(len(text), end)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Place(start, end)


def occurrences(text: str, words: str) -> list[Place]:
    """Where the words stand, letter by letter; where nowhere, with other capitals, spaces and quotation marks.

    The places are offered with the words that really stand there; at most MOST_PLACES."""
    words = words.replace("\r\n", "\n").strip()
    if not words:
        return []
    exact = _matches(re.escape(words), text)
    return exact or _matches(_leniently(words), text, re.IGNORECASE)


def _matches(pattern: str, text: str, flags: int = 0) -> list[Place]:
    return [Place(*found.span()) for found in islice(re.finditer(pattern, text, flags), MOST_PLACES)]


def _leniently(words: str) -> str:
    alike = {'["“”„«»]': '"“”„«»', "['’‘]": "'’‘", "[-‐‑–—]": "-‐‑–—"}
    pieces = []
    for piece in words.split():
        letters = [next((p for p, same in alike.items() if letter in same), re.escape(letter)) for letter in piece]
        pieces.append("".join(letters))
    return r"\s+".join(pieces)


def quotes(text: str) -> list[Place]:
    """What stands between quotation marks, marks apart, nested ones too, in the order of the text.

    A quote that a paragraph leaves open and the next one opens again goes to the end of the paragraph."""
    found: list[Place] = []
    paragraphs = list(_PARAGRAPH.finditer(text))
    for number, paragraph in enumerate(paragraphs):
        left_open = list(_quotes_of(text, *paragraph.span(), found))
        following = paragraphs[number + 1].group().lstrip()[:1] if number + 1 < len(paragraphs) else ""
        if left_open and following and text[left_open[0] - 1] == following:
            found.append(trimmed(text, left_open[0], paragraph.end()))
    return sorted((p for p in found if p.end > p.start), key=lambda p: (p.start, -p.end))


def _quotes_of(text: str, start: int, end: int, found: list[Place]) -> Iterator[int]:
    """Adds the quotes of one paragraph; answers where those begin that it leaves open."""
    stack: list[int] = []
    for at in range(start, end):
        letter = text[at]
        if stack and letter in CLOSING[text[stack[-1] - 1]] and not _is_apostrophe(text, at):
            found.append(Place(stack.pop(), at))
        elif letter in CLOSING and not (letter in "»" and stack):
            stack.append(at + 1)
    yield from stack


def _is_apostrophe(text: str, at: int) -> bool:
    return text[at] == "’" and text[at + 1 : at + 2].isalpha()


def voice_at(text: str, start: int, end: int) -> str:
    """A guess: the speaker's own words where they stand between quotation marks."""
    begin = max(0, text.rfind("\n\n", 0, start))
    stop = text.find("\n\n", end)
    around = text[begin : stop if stop >= 0 else len(text)]
    inner = Place(start - begin, end - begin)
    bare = _without_marks(around, inner)
    return "quoted" if any(q.covers(bare.start, bare.end) for q in quotes(around)) else "paraphrased"


def _without_marks(text: str, place: Place) -> Place:
    start, end = place.start, place.end
    if start < end and text[start] in CLOSING:
        start += 1
    while end > start and (text[end - 1] in CLOSERS or text[end - 1] in AFTER_A_QUOTE):
        end -= 1
    return Place(start, end)


def locator_at(text: str, start: int, end: int) -> tuple[str, str]:
    """A guess: which part of the source the place is in, and the page where the text has pages."""
    if "\f" in text:
        return "page", str(text.count("\f", 0, start) + 1)
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    line = text[begin : stop if stop >= 0 else len(text)]
    if not text[:begin].strip() and stop >= 0 and text[stop:].strip() and len(line) <= LONGEST_HEADLINE:
        return "headline", ""
    if _FILE_NAME.fullmatch(text[start:end].strip()):
        return "file_name", ""
    return ("caption" if _CAPTION.match(line) else "body"), ""


def word_count(words: str) -> int:
    """As the database counts them: no-break spaces part words too."""
    return len(words.split())
