"""Full text, with one rule for what is indexed, asked and marked: `pieces_of`. Pure.

PostgreSQL stores and matches lexemes that are made here, so that no dictionary of its own, which differs from
version to version, decides what is found. A word is folded (no capitals, no accents) and, in Latin letters,
stands for its English and its Spanish stem. Writing without spaces between words (Thai, Han and others) is
taken character by character, in pairs, so that whatever is typed is found.

Each piece of text has a position, one more than the piece before it; a gap lies between two texts, so that no
phrase runs from one into the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TypedDict
from unicodedata import category, normalize

from Stemmer import Stemmer

from commitments.vocabulary import Sentence

# PostgreSQL stores no position beyond 16,383, no more than 255 of one lexeme, no vector over 1 MB. A character
# takes four bytes at most: distinct lexemes of this many characters, and three positions a piece, stay below.
LAST_POSITION = 16_382
MOST_POSITIONS = 255
MOST_CHARACTERS = 150_000
LONGEST_WORD = 100
EXCERPT = 200
# Where an excerpt would cut through a word, a space is looked for this far inwards.
NEAR = 30
# Words repeat; long runs of other scripts seldom do.
LONGEST_REMEMBERED = 40

# A stemmer holds no state between calls once its own cache, which threads would share, is off.
ENGLISH, SPANISH = Stemmer("english", 0), Stemmer("spanish", 0)

# Accents of Latin, Greek and Cyrillic; points of Hebrew; marks of Arabic and its tatweel; what only joins or
# parts letters (soft hyphen, zero-width characters). Vowel signs of other scripts are letters and stay.
IGNORED = re.compile(
    "[\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u2060\ufe00-\ufe0f\ufe20-\ufe2f\ufeff]"
)
# Letters that Unicode does not take apart.
ALIKE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
# Thai, Lao; Myanmar; Khmer; Tai Le, New Tai Lue; Tai Tham; Balinese; Han signs, Kana, Bopomofo, Han; Javanese,
# Myanmar; Tai Viet; Han of the later planes.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f\u3005-\u3007\u3041-\u312f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u9fff\ua980-\ua9ff\uaa60-\uaadf\uf900-\ufaff\U0001b000-\U0001b16f"
    "\U00020000-\U0003ffff]"
)
CHUNK = re.compile(r"\S+")
POSSESSIVE = re.compile(r"(?<=\w)['’]s(?!\w)", re.IGNORECASE)
# U.S. is one word; EE.UU. is two.
ABBREVIATION = re.compile(r"(?<!\w)[^\W\d_](?:\.[^\W\d_])+(?!\w)\.?")
# What parts words in a query as a space does; any other sign within a word makes a phrase of it, as in
# non-intrusive, O'Neill or 3,000.
APART = re.compile(r"(?:[/;:!?¿¡()\[\]{}|<>+=*…—–]|(?<!\d),|,(?!\d))+")
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂「」", '"'))
ASKED = re.compile(r'(?P<minus>-?)"(?P<phrase>[^"]*)(?:"|$)|(?P<bare>[^\s"]+)')
NOTHING = Sentence("There is no word to search for; write one or more words, or a phrase in quotation marks.")
ONLY_LEFT_OUT = Sentence("Only words to leave out are given; write a word to search for as well.")

# What a question is made of, left out of it unless nothing else is asked. Words that name something in the other
# language (sea, son, dos) stay, and so does “us”, which is a country too.
ASKING = (
    "a about after all also am an and any are as at be been before being but by can could did do does doing for "
    "from had has have having he her here him his how i if in into is it its me more most my no nor not of on or "
    "our out over shall she should so some such than that the their them then there these they this those to "
    "too under until up very was we were what when where which while who whom whose why will with would you your "
    "al algo ante antes como con contra cual cuales cuando cuanto de del desde donde e el ella ellas ellos en "
    "entre era eran es esa esas ese eso esos esta estaba estan estar estas este esto estos fue fueron ha haber "
    "habia han hasta hay la las le les lo los mas mi muy ni nos o otra otras otro otros para pero por porque "
    "que quien quienes se ser si sido sin sobre su sus tambien tiene tienen todo todos tras tu u un una unas "
    "uno unos y ya yo"
)
STOP_WORDS = frozenset(ASKING.split())


class Excerpt(TypedDict):
    """Part of a text as it stands, and what of it was searched for: [start, end) in code points of `text`."""

    text: str
    marks: list[list[int]]


@dataclass(frozen=True)
class Piece:
    """What takes one position: a word, or one character of writing without spaces. Bounds are code points."""

    start: int
    end: int
    lexemes: tuple[str, ...]
    is_word: bool

    @property
    def is_paired(self) -> bool:
        """Whether it is a character that another follows."""
        return not self.is_word and len(self.lexemes) > 1


@dataclass(frozen=True)
class Term:
    """A word or phrase: at each offset any one of these lexemes; `width` positions in all."""

    text: str
    parts: tuple[tuple[int, tuple[str, ...]], ...]
    width: int
    excluded: bool
    is_quoted: bool

    @property
    def tsquery(self) -> str:
        text, last = "", 0
        for offset, lexemes in self.parts:
            any_of = " | ".join(f"'{lexeme}'" for lexeme in lexemes)
            text += f" <{offset - last}> " if text else ""
            text += f"({any_of})" if len(lexemes) > 1 else any_of
            last = offset
        return f"!({text})" if self.excluded else f"({text})"

    def starts_at(self, pieces: Sequence[tuple[int, Piece]], first: int) -> bool:
        return first + self.width <= len(pieces) and all(
            not set(lexemes).isdisjoint(pieces[first + offset][1].lexemes) for offset, lexemes in self.parts
        )


# Where a term stands in a text.
Mark = tuple[int, int, Term]


@dataclass(frozen=True)
class Query:
    """Any one of the alternatives; of each, all terms, and none of the excluded ones."""

    alternatives: tuple[tuple[Term, ...], ...]

    @property
    def tsquery(self) -> str:
        """The text of a `tsquery`, to be cast and not parsed: `%s::tsquery`."""
        return " | ".join(f"({' & '.join(term.tsquery for term in terms)})" for terms in self.alternatives)

    @property
    def sought(self) -> list[Term]:
        return [term for terms in self.alternatives for term in terms if not term.excluded]


def fold(text: str) -> str:
    """Without capitals and accents, in compatible forms taken apart (NFKD)."""
    plain = normalize("NFKD", normalize("NFKD", text).casefold())
    return IGNORED.sub("", plain).translate(ALIKE)


@lru_cache(maxsize=4096)
def _folded(character: str) -> tuple[tuple[bool | None, str], ...]:
    """What a character folds to, each with its kind (`_characters`); nothing, where it is ignored."""
    parts = fold(character)
    return tuple((bool(UNSPACED.match(c)) if category(c)[0] in "LMN" else None, c) for c in parts)


@lru_cache(maxsize=2**16)
def lexemes_of(surface: str, folded: str) -> tuple[str, ...]:
    """The stems of a word. Spanish endings are told by their accents, which a reader may leave out: so the
    folded word is stemmed, which is the same with and without, and the word as written beside it."""
    folded = folded[:LONGEST_WORD]
    if not (folded.isascii() and folded.isalpha()):
        return (folded,)
    written = normalize("NFC", surface[:LONGEST_WORD].lower())
    stems = [ENGLISH.stemWord(folded), SPANISH.stemWord(folded)]
    if written.isalpha():
        stems.append(fold(SPANISH.stemWord(written)))
    return tuple(dict.fromkeys(stems))


def _characters(chunk: str) -> Iterator[tuple[bool | None, int, str]]:
    """(whether it is of writing without spaces, or None: of no writing; where it stands; folded character)."""
    cut = {i for found in POSSESSIVE.finditer(chunk) for i in range(*found.span())}
    silent = {i for found in ABBREVIATION.finditer(chunk) for i in range(*found.span()) if chunk[i] == "."}
    for at, character in enumerate(chunk):
        if at in cut:
            yield None, at, ""
        elif at not in silent:
            for kind, folded in _folded(character):
                yield kind, at, folded


def _pieces(chunk: str) -> tuple[Piece, ...]:
    """The pieces of a run of text without white space."""
    pieces: list[Piece] = []
    for kind, characters in groupby(_characters(chunk), key=itemgetter(0)):
        if kind is False:
            pieces.append(_word(chunk, list(characters)))
        elif kind:
            pieces += _run(list(characters))
    return tuple(pieces)


def _word(chunk: str, characters: list[tuple[bool | None, int, str]]) -> Piece:
    start, end = characters[0][1], characters[-1][1] + 1
    while end < len(chunk) and not _folded(chunk[end]):
        end += 1
    return Piece(start, end, lexemes_of(chunk[start:end], "".join(folded for _, _, folded in characters)), True)


def _run(characters: list[tuple[bool | None, int, str]]) -> Iterator[Piece]:
    following = [folded for _, _, folded in characters[1:]]
    for (_, at, folded), after in zip(characters, [*following, ""], strict=True):
        yield Piece(at, at + 1, (folded, folded + after) if after else (folded,), False)


_remembered = lru_cache(maxsize=2**16)(_pieces)


def pieces_of(text: str) -> Iterator[tuple[int, Piece]]:
    """Each piece with the place from which its bounds count."""
    for found in CHUNK.finditer(text):
        chunk = found.group()
        for piece in (_remembered if len(chunk) <= LONGEST_REMEMBERED else _pieces)(chunk):
            yield found.start(), piece


def vector(texts: Iterable[tuple[str, str]]) -> str:
    """The text of a `tsvector`, spelt as PostgreSQL spells it, from (weight A to D, text). What comes after the
    bounds above is left out, so the texts that matter most come first."""
    places: dict[str, list[str]] = {}
    position, room = 0, MOST_CHARACTERS
    for weight, text in texts:
        for _, piece in pieces_of(text):
            position += 1
            room -= sum(len(lexeme) for lexeme in piece.lexemes if lexeme not in places)
            if position > LAST_POSITION or room < 0:
                return _spelt(places)
            place = f"{position}{weight}" if weight != "D" else str(position)
            for lexeme in piece.lexemes:
                places.setdefault(lexeme, []).append(place)
        position += 1
    return _spelt(places)


def _spelt(places: dict[str, list[str]]) -> str:
    return " ".join(f"'{lexeme}':{','.join(places[lexeme][:MOST_POSITIONS])}" for lexeme in sorted(places))


def parse(q: str) -> Query:
    """Reads web-search syntax: words, "a phrase", OR, -word, -"a phrase". All else is punctuation. Raises
    ValueError, with a sentence, where there is nothing to search for."""
    alternatives: list[list[Term]] = [[]]
    for found in ASKED.finditer(q.translate(QUOTES)):
        if found["bare"] == "OR":
            alternatives.append([])
        else:
            alternatives[-1] += _asked(found)
    terms = [_without_stop_words(part, shouted=q.isupper()) for part in alternatives if part]
    sought = tuple(tuple(part) for part in terms if not all(term.excluded for term in part))
    if not sought:
        raise ValueError(ONLY_LEFT_OUT if terms else NOTHING)
    return Query(sought)


def _asked(found: re.Match[str]) -> Iterator[Term]:
    if found["bare"] is None:
        yield from _term(found["phrase"], excluded=bool(found["minus"]), is_quoted=True)
        return
    for part in APART.split(found["bare"].lstrip("-")):
        yield from _term(part, excluded=found["bare"].startswith("-"), is_quoted=False)


def _term(text: str, *, excluded: bool, is_quoted: bool) -> Iterator[Term]:
    """One term, or none where the text is punctuation. Of writing without spaces as few pairs are asked for as
    hold all its characters: the fewer, the faster; a character that stands alone is asked for itself."""
    pieces = [piece for _, piece in pieces_of(text)]
    parts = []
    asked = 0
    for offset, piece in enumerate(pieces):
        ends_run = piece.is_paired and not pieces[offset + 1].is_paired
        if offset >= asked or (ends_run and offset + 1 == asked):
            parts.append((offset, piece.lexemes if piece.is_word else piece.lexemes[-1:]))
            asked = offset + 1 + piece.is_paired
    if parts:
        yield Term(text, tuple(parts), len(pieces), excluded, is_quoted)


def _without_stop_words(terms: list[Term], *, shouted: bool) -> list[Term]:
    """A word in capitals is a name (UN, WHO) where not all of the query is."""
    kept = [
        term
        for term in terms
        if term.excluded
        or term.is_quoted
        or (len(term.text) > 1 and term.text.isupper() and not shouted)
        or term.width > 1
        or fold(term.text).strip(".'-") not in STOP_WORDS
    ]
    return kept if any(not term.excluded for term in kept) else terms


def marked(text: str, query: Query) -> list[Mark]:
    """Where the terms sought stand in the text, in order."""
    pieces = list(pieces_of(text))
    starting: dict[str, list[Term]] = {}
    for term in query.sought:
        for lexeme in term.parts[0][1]:
            starting.setdefault(lexeme, []).append(term)
    found = []
    for first, (base, piece) in enumerate(pieces):
        for term in dict.fromkeys(term for lexeme in piece.lexemes for term in starting.get(lexeme, ())):
            if term.starts_at(pieces, first):
                last_base, last = pieces[first + term.width - 1]
                found.append((base + piece.start, last_base + last.end, term))
    return found


def excerpt(texts: Iterable[str], query: Query) -> Excerpt:
    """About `EXCERPT` characters of the one text that holds most of what is sought, of several the first; where
    none holds any, because something else than these texts was found, the beginning of the first."""
    best: tuple[int, str, list[Mark]] = (-1, "", [])
    for text in texts:
        for marks in _windows(marked(text, query)):
            told = len({term for _, _, term in marks})
            if told > best[0]:
                best = (told, text, marks)
    _, text, marks = best
    start, end = _cut(text, marks)
    return {"text": text[start:end], "marks": _merged((first - start, last - start) for first, last, _ in marks)}


def _windows(marks: list[Mark]) -> Iterator[list[Mark]]:
    """From each mark on, those that stand with it within the length of an excerpt; of no marks, none."""
    for i, (start, _, _) in enumerate(marks):
        after = i + 1
        while after < len(marks) and marks[after][1] - start <= EXCERPT:
            after += 1
        yield marks[i:after]
    if not marks:
        yield []


def _cut(text: str, marks: list[Mark]) -> tuple[int, int]:
    """Where an excerpt around the marks begins and ends: between words, where a space is near."""
    first = marks[0][0] if marks else 0
    last = max((mark[1] for mark in marks), default=0)
    spare = max(0, EXCERPT - (last - first))
    start = max(0, min(first - spare // 2, len(text) - EXCERPT))
    end = min(len(text), max(start + EXCERPT, last))
    if start and not text[start - 1].isspace():
        start = next((i + 1 for i in range(start, min(first, start + NEAR)) if text[i].isspace()), start)
    if end < len(text) and not text[end].isspace():
        end = next((i for i in range(end, max(last, end - NEAR), -1) if text[i - 1].isspace()), end)
    return start, end


def _merged(marks: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Those that overlap as one."""
    merged: list[list[int]] = []
    for start, end in sorted(marks):
        if merged and start < merged[-1][1]:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([start, end])
    return merged
