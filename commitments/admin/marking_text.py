"""The captured text as pieces that know their positions, and what of this source is recorded already."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.lookups import IsNull

from commitments.models import Claim, Edit, Passage, Source, StatusChange

# Everything that moves, hides or breaks text unseen; a carriage return would become another character in HTML.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
CHUNK = 4_000  # characters; a browser lays out a thousand blocks faster than one of a million letters
MOST_UNSEEN = 2_000


@dataclass(frozen=True)
class Piece:
    start: int
    end: int
    words: str
    passages: tuple[str, ...] = ()
    unseen: str = ""


def pieces(text: str, passages: Sequence[Passage]) -> list[list[Piece]]:
    """Chunks of pieces, in the order of the text; each piece lies within the same passages all along."""
    unseen = [m.span() for m in UNSEEN.finditer(text)][:MOST_UNSEEN]
    cuts = {0, len(text)} | {p.start for p in passages} | {p.end for p in passages}
    cuts |= {end for span in unseen for end in span}
    breaks = set(_breaks(text))
    hidden = {start for start, _ in unseen}
    ordered = sorted(cut for cut in cuts | breaks if cut <= len(text))
    opening, chunks = _opening(passages), [[]]  # type: ignore[var-annotated]
    inside: dict[str, Passage] = {}
    for start, end in zip(ordered, ordered[1:], strict=False):
        if start in breaks:
            chunks.append([])
        inside = {i: p for i, p in inside.items() if p.end > start} | {p.pk: p for p in opening.get(start, ())}
        words = text[start:end]
        chunks[-1].append(Piece(start, end, words, tuple(inside), named(words) if start in hidden else ""))
    return chunks


def _opening(passages: Sequence[Passage]) -> dict[int, list[Passage]]:
    found: dict[int, list[Passage]] = {}
    for passage in passages:
        found.setdefault(passage.start, []).append(passage)
    return found


def _breaks(text: str) -> Iterator[int]:
    """Just after a line end, about every CHUNK characters: a block of its own starts a line anyway."""
    at = 0
    while (at := text.find("\n", at + CHUNK)) >= 0:
        at += 1
        yield at


def named(words: str) -> str:
    codes = " ".join(f"U+{ord(letter):04X}" for letter in words[:4])
    return codes if len(words) <= 4 else f"{codes} … ×{len(words)}"


@dataclass
class Use:
    """A claim that rests on a passage."""

    claim: str
    statement: str
    is_published: bool
    is_own: bool


@dataclass
class Recorded:
    """What the desk has of one capture."""

    passages: list[Any]
    uses: dict[str, list[Use]] = field(default_factory=dict)
    changes: list[Any] = field(default_factory=list)

    @property
    def claims(self) -> dict[str, Use]:
        return {use.claim: use for uses in self.uses.values() for use in uses}

    @property
    def drafts(self) -> list[str]:
        """The ids of what is not published yet."""
        drafted = [p.pk for p in self.passages if not p.is_published]
        drafted += [use.claim for use in self.claims.values() if not use.is_published]
        return drafted + [change.pk for change in self.changes if not change.is_published]


def only_by(user: User) -> Exists:
    """Whether nobody else ever saved the thing."""
    others = Edit.objects.filter(subject_id=OuterRef("pk")).exclude(user=user)
    return ~Exists(others) & Exists(Edit.objects.filter(subject_id=OuterRef("pk"), user=user))  # type: ignore[return-value]


def recorded(source: Source, capture_id: str | None, user: User) -> Recorded:
    """Three queries, however much there is."""
    own = only_by(user)
    passages = Passage.objects.filter(capture_id=capture_id).annotate(is_own=own).order_by("start", "end", "id")
    found = Recorded(list(passages.prefetch_related(None)))
    for passage, *claim in _links(source, user):
        found.uses.setdefault(passage, []).append(Use(*claim))
    changes = StatusChange.objects.filter(claims__in=list(found.claims)).select_related("commitment")
    found.changes = list(changes.annotate(is_own=own).distinct())
    return found


def _links(source: Source, user: User) -> QuerySet:
    """(passage, claim, its statement, whether published, whether the user alone wrote it). One query."""
    claims = Claim.objects.annotate(out=IsNull(F("published_at"), False), is_own=only_by(user)).order_by()
    told = ("pk", "statement", "out", "is_own")
    by_bearing = claims.filter(bearings__passages__capture__source=source).values_list("bearings__passages", *told)
    return by_bearing.union(claims.filter(passages__capture__source=source).values_list("passages", *told))
