"""The captured text as pieces that know their positions, and what of this source is recorded already."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.contrib.admin.utils import quote
from django.contrib.auth.models import User
from django.db.models import BooleanField, Case, F, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from commitments.captures.display import is_unseen, segments
from commitments.models import Claim, Commitment, Occasion, Office, Passage, Source, StatusChange
from commitments.models.review import only_by

# What may be unseen, quickly: the rest is letters, digits and plain signs. The fillers of Hangul are letters too.
_SUSPECT = re.compile("[^\\w \n\t!-~]|[\u115f\u1160\u3164\uffa0\x7f]")
CHUNK = 4_000  # characters; a browser lays out a thousand blocks faster than one of a million letters
MOST_UNSEEN = 5_000
STAND_IN = "\ufffd"


@dataclass(frozen=True)
class Piece:
    """`name`: of an invisible character, which is shown by `words` instead."""

    start: int
    end: int
    words: str
    passages: tuple[str, ...] = ()
    name: str = ""


def pieces(text: str, passages: Sequence[Passage]) -> list[list[Piece]]:
    """Chunks of pieces, in the order of the text; each piece lies within the same passages all along."""
    unseen = [m.start() for m in _SUSPECT.finditer(text) if is_unseen(text, m.start())]
    named, text = set(unseen[:MOST_UNSEEN]), _without(text, unseen[MOST_UNSEEN:])
    breaks = set(_breaks(text))
    cuts = {0, len(text)} | {p.start for p in passages} | {p.end for p in passages}
    cuts |= breaks | named | {at + 1 for at in named}
    opening = _opening(passages)
    chunks: list[list[Piece]] = [[]]
    inside: dict[str, Passage] = {}
    for start, end in pairwise(sorted(cut for cut in cuts if cut <= len(text))):
        if start in breaks:
            chunks.append([])
        inside = {i: p for i, p in inside.items() if p.end > start} | {p.pk: p for p in opening.get(start, ())}
        chunks[-1].append(_piece(text, start, end, tuple(inside), start in named))
    return chunks


def _piece(text: str, start: int, end: int, inside: tuple[str, ...], is_named: bool) -> Piece:
    words = text[start:end]
    if not is_named:
        return Piece(start, end, words, inside)
    [segment] = segments(words)
    return Piece(start, end, segment.shown, inside, segment.name)


def _without(text: str, places: Sequence[int]) -> str:
    """Of a text that is full of them, the unseen beyond the first thousands, by one sign each: positions stay."""
    letters = list(text) if places else []
    for at in places:
        letters[at] = STAND_IN
    return "".join(letters) if places else text


def as_html(text: str, passages: Sequence[Passage]) -> str:
    """The text as elements that tell their positions. Not a template's work: a space between two elements would
    be one of the text."""
    return mark_safe("".join(f"<div>{''.join(map(_element, chunk))}</div>" for chunk in pieces(text, passages)))  # noqa: S308


def _element(piece: Piece) -> str:
    place = format_html('data-start="{}" data-end="{}"', piece.start, piece.end)
    if piece.name:
        place += format_html(' class="unseen" title="{}"', piece.name)
    if piece.passages:
        return format_html('<mark {} data-passages="{}">{}</mark>', place, " ".join(piece.passages), piece.words)
    return format_html("<span {}>{}</span>", place, piece.words)


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


@dataclass(frozen=True)
class Made:
    """A thing of the desk that this source shows or is shown by."""

    noun: str
    pk: str
    label: str
    is_published: bool
    is_own: bool

    @property
    def url(self) -> str:
        return reverse(f"admin:commitments_{self.noun}_change", args=[quote(self.pk)])

    @property
    def what(self) -> str:
        return str(apps.get_model("commitments", self.noun)._meta.verbose_name)


@dataclass
class Recorded:
    """What the desk has of one capture; `uses` by passage: the claims, offices and occasions that rest on it."""

    passages: list[Any]
    uses: dict[str, list[Made]] = field(default_factory=dict)
    others: list[Made] = field(default_factory=list)

    @property
    def claims(self) -> list[str]:
        return list({use.pk for uses in self.uses.values() for use in uses if use.noun == "claim"})

    @property
    def made(self) -> list[Made]:
        """Everything that is still a draft, each thing once, passages first."""
        passages = [Made("passage", p.pk, str(p), p.is_published, p.is_own) for p in self.passages]
        used = {use.pk: use for uses in self.uses.values() for use in uses}
        return [thing for thing in [*passages, *used.values(), *self.others] if not thing.is_published]


def recorded(source: Source, capture_id: str | None, user: User) -> Recorded:
    """Three queries, however much there is."""
    passages = Passage.objects.filter(capture_id=capture_id).annotate(is_own=only_by(user))
    found = Recorded(list(passages.order_by("start", "end", "id")))
    for passage, *told in _uses(source, user):
        found.uses.setdefault(passage, []).append(Made(*told))
    found.others = [Made(*told) for told in _others(found.claims, user)]
    return found


def _uses(source: Source, user: User) -> QuerySet:
    """(passage, noun, id, label, whether published, whether the user's own). One query."""
    paths = [
        ("claim", Claim, "bearings__passages", F("statement")),
        ("claim", Claim, "passages", F("statement")),
        ("office", Office, "passages", Concat("person__name", Value(", "), "title", output_field=TextField())),
        ("occasion", Occasion, "passages", F("name")),
    ]
    selects = [
        _told(model.objects.filter(**{f"{path}__capture__source": source}), noun, label, user, path)
        for noun, model, path, label in paths
    ]
    return selects[0].union(*selects[1:])


def _others(claims: list[str], user: User) -> QuerySet:
    """What rests on these claims or is spoken of in them: status changes, and commitments still drafted."""
    changes = StatusChange.objects.filter(claims__in=claims)
    commitments = Commitment.objects.drafts().filter(bearings__claim__in=claims)
    status = Concat("commitment__title_en", Value(": "), "status", output_field=TextField())
    told = _told(changes, "statuschange", status, user)
    return told.union(_told(commitments, "commitment", F("title_en"), user))


def _told(rows: QuerySet, noun: str, label: Any, user: User, *first: str) -> QuerySet:
    is_out = Case(When(published_at__isnull=False, then=True), default=False, output_field=BooleanField())
    told = rows.order_by().annotate(
        noun=Value(noun), told=Cast(label, TextField()), is_out=is_out, is_own=only_by(user)
    )
    return told.values_list(*first, "noun", "pk", "told", "is_out", "is_own")
