"""Finds published things that may have been recorded twice. It suggests; a person decides.

Never all pairs: only things that share a rare word (of commitments: within one kind) are compared. Words are compared
folded: without accents and capitals, Cyrillic and Greek in Latin letters, in no order. Sources are compared by their
captured texts as well, whatever their titles and addresses.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain, combinations

from django.db import transaction
from django.db.models import Count
from rapidfuzz import fuzz

from commitments.captures.sketch import resemblance
from commitments.models import Actor, ActorName, Capture, Likeness, Sketch, Source
from commitments.models.captures import SAME
from commitments.models.record import CommitmentStanding
from commitments.standings import title_key

# A word that more things than these share tells nothing apart.
MOST_SHARING = 12
# Nobody answers more; the most alike are kept.
MOST_KEPT = 1_000
ALIKE = 88
# Of a sketch's numbers, rising: two texts that share half of their runs have one of these in common but for once in
# 2 ** 8 times.
MOST_TELLING = 8
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
    found = {noun: _pairs(noun, told) for noun, told in _told().items()}
    # First: of two reasons that weigh the same, the text says more than the title.
    found["source"] = chain(_same_texts(), _near_texts(), found["source"])
    kept = [pair for pairs in found.values() for pair in _likest(pairs)]
    with transaction.atomic():
        Likeness.objects.filter(parted_by=None).delete()
        Likeness.objects.bulk_create(kept, ignore_conflicts=True, batch_size=1000)
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


def _same_texts() -> Iterator[Likeness]:
    """Sources of which a capture has the very same text. One query."""
    captures = Capture.objects.filter(source__in=Source.objects.published().unmerged(), characters__gt=0)
    sources = captures.values("text_sha256").annotate(sources=Count("source", distinct=True))
    shared = captures.filter(text_sha256__in=sources.filter(sources__gt=1).values("text_sha256"))
    by_text: dict[str, list[str]] = defaultdict(list)
    for digest, source in shared.values_list("text_sha256", "source").distinct().order_by("source"):
        by_text[digest].append(source)
    for alike in by_text.values():
        for one, other in combinations(alike[:MOST_SHARING], 2):
            yield _pair("source", one, other, 100, "same_text")


def _near_texts() -> Iterator[Likeness]:
    """Sources of which captures have a text in great part. Two queries."""
    published = Sketch.objects.filter(capture__source__in=Source.objects.published().unmerged())
    by_number: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for capture, source, hashes in published.values_list("capture", "capture__source", "hashes").iterator():
        for number in hashes[:MOST_TELLING]:
            by_number[number].append((source, capture))
    sharing = {
        tuple(sorted(pair))
        for found in by_number.values()
        if len(found) <= MOST_SHARING
        for pair in combinations(found, 2)
        if pair[0][0] != pair[1][0]
    }
    sketches = dict(
        published.filter(capture__in={c for pair in sharing for _, c in pair}).values_list("capture", "hashes")
    )
    for (one, its), (other, theirs) in sharing:
        if (share := resemblance(sketches[its], sketches[theirs])) >= SAME:
            yield _pair("source", one, other, round(share * 100), "near_text")


def _pairs(noun: str, told: Iterable[Told]) -> Iterator[Likeness]:
    for one, other in _sharing(told):
        score, reason = likeness(one, other)
        if score >= ALIKE:
            yield _pair(noun, one.id, other.id, score, reason)


def _pair(noun: str, one: str, other: str, score: int, reason: str) -> Likeness:
    first, second = sorted((one, other))
    return Likeness(subject_type=noun, one_id=first, other_id=second, score=score, reason=reason)


def _likest(pairs: Iterable[Likeness]) -> list[Likeness]:
    best: dict[tuple[str, str], Likeness] = {}
    for pair in pairs:
        ids = (pair.one_id, pair.other_id)
        if ids not in best or pair.score > best[ids].score:
            best[ids] = pair
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
