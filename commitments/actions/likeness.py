"""Finds published things that may have been recorded twice. It suggests; a person decides.

Never all pairs: only things that share a rare word (of commitments: within one kind) are compared. Words are compared
folded: without accents and capitals, Cyrillic and Greek in Latin letters, in no order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nlargest
from itertools import combinations

from django.db import transaction
from rapidfuzz import fuzz

from commitments.models import Actor, ActorName, Likeness, Source
from commitments.models.record import CommitmentStanding
from commitments.standings import title_key

# A word that more things than these share tells nothing apart.
MOST_SHARING = 12
# Nobody answers more; the most alike are kept.
MOST_KEPT = 1_000
ALIKE = 88
WORD = re.compile(r"\w+")
# Each letter with how it is written in Latin ones; accents are gone by then.
LETTERS = """аa бb вv гg дd еe жzh зz иi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu яya
іi єye ґg αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo"""
IN_LATIN = str.maketrans({told[0]: told[1:] for told in LETTERS.split()})


@dataclass(frozen=True)
class Told:
    """What is compared of one thing: its words folded, and as one text. `within`: only things alike in it are
    compared; `hints`: two that share any are the likelier one. “Tranche 2” and “Tranche 3” are two, however alike
    their words: `numbers`."""

    id: str
    words: tuple[str, ...]
    text: str
    numbers: tuple[str, ...]
    within: str
    hints: frozenset[str]

    @classmethod
    def of(cls, subject_id: str, text: str, within: str = "", hints: Iterable[str] = ()) -> Told:
        words = folded(text)
        numbers = tuple(word for word in words if any(c.isdigit() for c in word))
        return cls(subject_id, words, " ".join(words), numbers, within, frozenset(hints))


def folded(text: str) -> tuple[str, ...]:
    """The words, in the order of the alphabet."""
    return tuple(sorted(WORD.findall(title_key(text).translate(IN_LATIN))))


def look() -> int:
    """Looks through everything published; answers how many pairs wait for an answer. What a person parted stays
    parted. Seconds at 100,000 things, so this is for a worker or a button, never for a page."""
    found = [pair for noun, told in _told().items() for pair in _pairs(noun, told)]
    with transaction.atomic():
        Likeness.objects.filter(parted_by=None).delete()
        Likeness.objects.bulk_create(found, ignore_conflicts=True, batch_size=1000)
    return Likeness.objects.unanswered().count()


def _told() -> dict[str, Iterator[Told]]:
    return {"commitment": _commitments(), "actor": _actors(), "source": _sources()}


def _commitments() -> Iterator[Told]:
    standing = CommitmentStanding.objects.current().filter(merged_into=None, retracted=False)
    for i, title, kind, parties in standing.values_list("subject_id", "title_key", "kind", "parties").iterator():
        yield Told.of(i, title, kind, (p for p in parties if ":" not in p))


def _actors() -> Iterator[Told]:
    """Once under each of its names."""
    published = Actor.objects.published().unmerged()
    for i, name, kind in published.values_list("id", "name", "kind").iterator():
        yield Told.of(i, name, _person(kind))
    others = ActorName.objects.filter(actor__in=published)
    for i, name, kind in others.values_list("actor_id", "name", "actor__kind").iterator():
        yield Told.of(i, name, _person(kind))


def _person(kind: str) -> str:
    return "person" if kind == "person" else "body"


def _sources() -> Iterator[Told]:
    published = Source.objects.published().unmerged()
    for i, title, publisher, day in published.values_list("id", "title", "publisher_id", "published").iterator():
        yield Told.of(i, title, hints=filter(None, [publisher, day.edtf]))


def _pairs(noun: str, told: Iterable[Told]) -> list[Likeness]:
    best: dict[tuple[str, str], Likeness] = {}
    for one, other in _sharing(told):
        score, reason = likeness(one, other)
        pair = (min(one.id, other.id), max(one.id, other.id))
        if score >= ALIKE and (pair not in best or score > best[pair].score):
            best[pair] = Likeness(subject_type=noun, one_id=pair[0], other_id=pair[1], score=score, reason=reason)
    return nlargest(MOST_KEPT, best.values(), key=lambda found: found.score)


def _sharing(told: Iterable[Told]) -> Iterator[tuple[Told, Told]]:
    """Those that have all words alike, or share a rare one."""
    by_text: dict[tuple[str, str], list[Told]] = defaultdict(list)
    by_word: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for one in told:
        by_text[one.within, one.text].append(one)
        for word in set(one.words):
            by_word[one.within, word].append(one)
    for alike in by_text.values():
        yield from combinations(alike[:MOST_SHARING], 2)
    for sharing in by_word.values():
        if len(sharing) <= MOST_SHARING:
            yield from combinations(sharing, 2)


def likeness(one: Told, other: Told) -> tuple[int, str]:
    """Of 100, and why, as a code; 0 where something says that they are two."""
    if one.id == other.id or not one.words or one.numbers != other.numbers:
        return 0, ""
    # Words that are merely near say little of things that have nothing else in common.
    shared = not one.hints.isdisjoint(other.hints)
    if one.text == other.text:
        return 100, "same_words_shared" if shared else "same_words"
    if (one.hints or other.hints) and not shared:
        return 0, ""
    return round(fuzz.ratio(one.text, other.text, score_cutoff=ALIKE)), "near_words_shared" if shared else "near_words"
