"""What the public would read if these were published now: they are, in a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from django.contrib.auth.models import User
from django.db import IntegrityError

from commitments import actions
from commitments.admin.verb_forms import sentence_about
from commitments.models.desk import DeskNoun
from commitments.models.record import ClaimStanding, CommitmentStanding
from commitments.models.refusals import sentence_of
from commitments.pages.sentences import status_sentence


@dataclass(frozen=True)
class Rehearsed:
    """`sentences` as the public would read them, each with its commitment's title; `refusals` where it could not be
    published."""

    sentences: Sequence[tuple[str, str]] = ()
    refusals: Sequence[str] = ()
    was_asked: bool = False


def rehearsed(things: Sequence[DeskNoun], *, by: User) -> Rehearsed:
    """Writes nothing. The head of the ledger is held for as long as one publication holds it."""
    labels = {thing.pk: str(thing) for thing in things}
    try:
        sentences = actions.rehearse_set(things=things, by=by, read=lambda: _sentences(things))
    except actions.Refused as refusal:
        return Rehearsed(was_asked=True, refusals=[sentence_about(problem, labels) for problem in refusal.problems])
    except IntegrityError as error:
        return Rehearsed(was_asked=True, refusals=[sentence_of(error)])
    return Rehearsed(was_asked=True, sentences=sentences)


def _sentences(things: Sequence[DeskNoun]) -> list[tuple[str, str]]:
    """Of each commitment whose status these change. Two queries."""
    ids = [thing.commitment_id for thing in things if thing.subject_type == "status_change"]  # type: ignore[attr-defined]
    rows = [orjson.loads(s.row) for s in CommitmentStanding.objects.current().filter(subject_id__in=ids)]
    cited = {i for row in rows for i in row["status_claims"]}
    claims = {s.subject_id: orjson.loads(s.row) for s in ClaimStanding.objects.current().filter(subject_id__in=cited)}
    told = [(row, [claims[i] for i in row["status_claims"]]) for row in rows if row["status"]]
    return [(row["title"]["en"], status_sentence(row, said)) for row, said in told]
