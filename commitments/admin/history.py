"""What the public reads about one commitment, for those who work on it: from the record, not from drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from django.db.models import Q
from django.utils.translation import gettext

from commitments import derive
from commitments.admin.badges import status_badge
from commitments.admin.days import true_by
from commitments.dates import UncertainDate
from commitments.languages import label
from commitments.models import Commitment, Lineage
from commitments.models.record import ClaimStanding, CommitmentStanding, PlainStanding
from commitments.pages.sentences import status_sentence
from commitments.vocabulary import DATE_BASES, POSITIONS, READINGS, STATUSES, allowed_statuses

Row = dict[str, Any]


@dataclass(frozen=True)
class History:
    """`seq` opened the commitment's standing; rows are finished ones, in ledger order."""

    commitment: Commitment
    seq: int | None
    row: Row | None
    changes: Sequence[Row]
    claims: Sequence[Row]

    @classmethod
    def of(cls, commitment: Commitment) -> History:
        """Four queries."""
        standing = CommitmentStanding.objects.current().filter(subject_id=commitment.pk).first()
        changes = PlainStanding.objects.current().of_type("status_change").naming(commitment.pk)
        claims = ClaimStanding.objects.current().naming(commitment.pk)
        return cls(
            commitment=commitment,
            seq=standing.seq if standing else None,
            row=orjson.loads(standing.row) if standing else None,
            changes=[orjson.loads(c.row) for c in changes.in_ledger_order()],
            claims=[orjson.loads(c.row) for c in claims.in_ledger_order()],
        )

    @cached_property
    def by_id(self) -> dict[str, Row]:
        return {claim["id"]: claim for claim in self.claims}

    @property
    def status(self) -> str:
        return label(STATUSES, self.row["status"]) if self.row and self.row["status"] else gettext("None yet")

    @property
    def badge(self) -> str:
        return status_badge(self.row["status"]) if self.row and self.row["status"] else gettext("None yet")

    @property
    def told(self) -> list[Row]:
        """Every change in world order, those that no longer count too, in words."""
        dated = sorted(self.changes, key=lambda c: (c["counts_from"] or "", (c["effective"] or {}).get("earliest", "")))
        return [self._told(change) for change in dated]

    def _told(self, change: Row) -> Row:
        claims = [self.by_id[i] for i in change["claims"] if i in self.by_id]
        return change | {
            "badge": status_badge(change["status"]),
            "label": label(STATUSES, change["status"])
            if change["status"]
            else gettext("Void: no status takes its place"),
            "since": date_in_words(change["effective"]) if change["effective"] else "",
            "claims": claims,
            "counts": change["corrected_by"] is None and change["status"] is not None,
        }

    @property
    def bearing(self) -> list[Row]:
        """The claims that bear on the commitment, with what each says about it."""
        return [claim | {"says": self.says(claim)} for claim in self.claims if self.says(claim)]

    @property
    def usable(self) -> list[Row]:
        return [claim for claim in self.bearing if claim["retracted"] is None]

    @property
    def shown_as(self) -> str:
        """Under whose id claims show what they say of it."""
        return self.commitment.merged_into_id or self.commitment.pk

    def says(self, claim: Row) -> list[str]:
        return [in_words(b) for b in claim["bearings"] if b["commitment"]["id"] == self.shown_as]

    def allowed(self, effective: UncertainDate | None, *, without: str = "") -> list[str]:
        """The statuses that the rubric lets stand from a day on; `without` a change about to be corrected."""
        before, after = self.neighbours(effective, without=without)
        return allowed_statuses(before, after, superseded_by=self.is_superseded)

    @cached_property
    def is_superseded(self) -> bool:
        targets = Q(target=self.commitment) | Q(target__merged_into=self.commitment)
        return Lineage.objects.filter(targets, type="supersedes", commitment__published_at__isnull=False).exists()

    def told_by(self, claim_id: str) -> dict[str, Any]:
        """A status form filled in from what one usable claim says: its status, from the day it was said."""
        claim = next((c for c in self.usable if c["id"] == claim_id), None)
        if claim is None:
            return {}
        here = [b for b in claim["bearings"] if b["commitment"]["id"] == self.shown_as and b["status"]]
        said = UncertainDate.from_json(claim["said_on"])
        return {"claims": [claim_id], "effective": true_by(said), "status": here[0]["status"] if here else ""}

    def not_allowed(self, effective: UncertainDate | None, *, without: str = "") -> str:
        """Where the day stands among the statuses, and what may stand there."""
        before, after = self.neighbours(effective, without=without)
        if before and after:
            said = gettext(
                "On that date it would stand after “%(before)s” and before “%(after)s”, where these are allowed: "
                "%(listed)s."
            )
        elif before:
            said = gettext("On that date it would stand after “%(before)s”, where these are allowed: %(listed)s.")
        elif after:
            said = gettext(
                "On that date it would be the first status, before “%(after)s”, where these are allowed: %(listed)s."
            )
        else:
            said = gettext("It would be the first status, where these are allowed: %(listed)s.")
        allowed = self.allowed(effective, without=without)
        return said % {
            "before": before and label(STATUSES, before),
            "after": after and label(STATUSES, after),
            "listed": ", ".join(label(STATUSES, slug) for slug in allowed),
        }

    def neighbours(self, effective: UncertainDate | None, *, without: str = "") -> tuple[str | None, str | None]:
        """The statuses before and after a day in world order; without a day, after all that is recorded."""
        counted = [c for c in derive.history(self.changes) if c["id"] != without]
        if effective is None or not effective.is_bounded:
            return (counted[-1]["status"] if counted else None), None
        day = (effective.latest.isoformat(), effective.earliest.isoformat())
        earlier = [c["status"] for c in counted if derive.world_order(c) <= day]
        later = [c["status"] for c in counted if derive.world_order(c) > day]
        return (earlier[-1] if earlier else None), (later[0] if later else None)

    def sentence(self, change: Row | None, *, without: str = "") -> str:
        """What the public would read from the change's day on, in the words of its own page; without a
        change, what is left when `without` falls."""
        kept = [c for c in self.changes if c["id"] != without]
        day = change["counts_from"] if change else None
        derived = derive.derive(self.shown_as, self.claims, [*kept, change] if change else kept, day)
        if derived["status"] is None or self.row is None:
            return gettext("No status is left.")
        return status_sentence(self.row | derived, [self.by_id[i] for i in derived["status_claims"]])


def in_words(bearing: Row) -> str:
    """What a bearing says: a status, or an actor's position, and how it was read."""
    if bearing["status"]:
        said = label(STATUSES, bearing["status"])
    else:
        said = f"{bearing['actor']['name']}: {label(POSITIONS, bearing['position']).lower()}"
    return f"{said} ({label(READINGS, bearing['reading']).lower()})"


def claim_in_words(claim: Row) -> str:
    return gettext("%(statement)s (%(claimant)s, %(day)s). It says: %(says)s.") % {
        "statement": claim["statement"],
        "claimant": claim["claimant"]["name"],
        "day": claim["said_on"]["edtf"] or gettext("day unknown"),
        "says": "; ".join(claim["says"]),
    }


def date_in_words(value: Row) -> str:
    if value["basis"] == "unknown":
        return gettext("since when is not told")
    if value["basis"] == "known_by":
        return gettext("known by %(day)s") % {"day": value["latest"]}
    basis = "" if value["basis"] == "stated" else f" ({label(DATE_BASES, value['basis']).lower()})"
    return gettext("since %(day)s") % {"day": value["edtf"]} + basis
