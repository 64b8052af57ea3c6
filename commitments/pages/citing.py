"""What a citation says of a commitment or claim: the thing, the two clocks, and what proves the words.

The record is the author of what it says, and it is the publisher; nobody else is made up. Who asserts a claim is
named beside it, as the one whose word it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext

from commitments import days
from commitments import vocabulary as words
from commitments.clocks import Clock
from commitments.pages import sentences as say

Row = dict[str, Any]
# Bases of a date that the source itself gives.
GIVEN = ("stated", "dateline")


@dataclass(frozen=True)
class Cited:
    """A commitment or claim as it was read at a clock. `claims`: of a commitment those told with it, those its status
    rests on among them; of a claim itself. `root`: scheme and host."""

    noun: str
    row: Row
    claims: list[Row]
    clock: Clock
    root: str

    @property
    def id(self) -> str:
        return self.row["id"]

    @property
    def slug(self) -> str:
        """Short enough for a file's name."""
        return self.row.get("slug", self.id)

    @property
    def title(self) -> str:
        return say.in_language(self.row["title"]) if self.noun == "commitment" else self.row["statement"]

    @property
    def resting(self) -> list[Row]:
        """The claims that the status rests on; of a claim itself."""
        cited = self.row.get("status_claims", [self.id])
        return [claim for claim in self.claims if claim["id"] in cited]

    @property
    def path(self) -> str:
        if self.noun == "commitment":
            return reverse("commitment", kwargs={"id": self.id, "slug": self.slug})
        return reverse("claim_by_id", kwargs={"id": self.id})

    @property
    def clocks(self) -> str:
        return f"?known_at={self.clock.seq}&as_of={self.clock.as_of}"

    @property
    def permalink(self) -> str:
        """Where this will be read unchanged."""
        return f"{self.root}{self.path}{self.clocks}"

    @property
    def address(self) -> str:
        """Where the newest is read."""
        return f"{self.root}{self.path}"

    def file(self, name: str) -> str:
        return reverse(f"{self.noun}_file", kwargs={"id": self.id, "format": name})

    def iri(self, plural: str, subject_id: str) -> str:
        """What names a thing in linked data: where machines read it, whatever the language."""
        return f"{self.root}/api/v1/{plural}/{subject_id}/"

    @property
    def version(self) -> int:
        return self.row["record"]["version"]

    @property
    def digest(self) -> str:
        """The leaf of the version's ledger entry: it covers the core, and the core the document's digest."""
        return self.row["record"]["leaf"]

    @property
    def published(self) -> date:
        """The day on which what is cited was recorded."""
        return self.clock.recorded_at.date()

    @property
    def day(self) -> str:
        return days.written(self.clock.as_of)

    @cached_property
    def claimants(self) -> list[str]:
        """Whose word it is."""
        return list(dict.fromkeys(map(say.who, self.resting)))

    @property
    def status(self) -> str:
        """In a word, with the reading where it is not the literal one; empty where there is none."""
        if not self.row.get("status"):
            return ""
        return say.label(words.STATUSES, self.row["status"]) + (f" [{self.mark}]" if self.mark else "")

    @property
    def mark(self) -> str:
        """How the status was read, where not literally."""
        return say.mark(say.strongest_reading(self.id, self.row["status"], self.resting))

    @property
    def told(self) -> str:
        """What it comes to, in one sentence."""
        if self.row["retracted"]:
            return gettext("Retracted: %(reason)s") % {"reason": self.row["retracted"]["reason"]}
        if self.noun == "commitment":
            return say.status_sentence(self.row, self.resting)
        said = self.row["said_on"]
        basis = say.label(words.DATE_BASES, said["basis"]).lower()
        told = {"who": say.who(self.row), "day": say.when(said), "basis": basis}
        return gettext("Asserted by %(who)s; said on: %(day)s (%(basis)s).") % told

    @property
    def proof(self) -> str:
        """Version, entry and digest, in words."""
        return gettext(
            "Version %(version)s, as recorded at entry %(entry)s, as of %(day)s. Ledger leaf SHA-256: %(digest)s"
        ) % {
            "version": self.version,
            "entry": self.clock.seq,
            "day": self.day,
            "digest": self.digest,
        }

    @property
    def plain_title(self) -> str:
        """To go on after with a full stop."""
        return self.title.rstrip(".")

    @property
    def line(self) -> str:
        """The citation as one line of text."""
        return f"{site_name()}: “{self.plain_title}”. {self.told} {self.proof}. {self.permalink}"

    @property
    def card_frame(self) -> str:
        return self._frame("embed_commitment", 300)

    @property
    def timeline_frame(self) -> str:
        return self._frame("embed_timeline", 620)

    def _frame(self, name: str, height: int) -> str:
        """What somebody pastes into their own page; `height` in CSS pixels, enough for most in a narrow column."""
        address = f"{self.root}{reverse(name, kwargs={'id': self.id})}"
        size = f'width="100%" height="{height}" style="border:0;max-width:46rem"'
        return f'<iframe src="{address}" {size} loading="lazy" title="{escape(self.title)}"></iframe>'


def site_name() -> str:
    return gettext("Commitment and Claims Tracker")


def exact_day(told: Row) -> date | None:
    """The day where the source gives it to the day; none where it was worked out, may be wrong or is a span."""
    bare = len(told["edtf"] or "") == 10 and "X" not in told["edtf"]
    return date.fromisoformat(told["edtf"]) if bare and told["basis"] in GIVEN else None
