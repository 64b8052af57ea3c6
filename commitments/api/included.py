"""What the commitments or claims of an answer rest on, for `include=`: one query a noun, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import orjson

from commitments.clocks import Clock, Row
from commitments.selection import Listed, Selection

# Each name to ask with, and the noun of what it adds.
NOUNS = {
    "actors": "actor",
    "claims": "claim",
    "sources": "source",
    "status_changes": "status_change",
    "occasions": "occasion",
}


@dataclass(frozen=True)
class Included:
    """What the things of an answer name, each once."""

    things: list[Row]
    clock: Clock

    names: ClassVar[tuple[str, ...]] = tuple(NOUNS)

    def named(self, name: str) -> list[Listed]:
        return getattr(self, name)  # type: ignore[no-any-return]

    @property
    def status_changes(self) -> list[Listed]:
        """Those of the commitments, or those that cite the claims."""
        named = [row["id"] for row in self.things]
        return Selection.as_of_day("status_change", self.clock).holding_any("names", named).all()

    @property
    def occasions(self) -> list[Listed]:
        return self._with_ids("occasion", (row["occasion"]["id"] for row in self.things if row["occasion"]))

    def _sources_of(self, claims: Iterable[Row]) -> list[Listed]:
        return self._with_ids("source", (passage["source"]["id"] for row in claims for passage in row["passages"]))

    def _with_ids(self, noun: str, ids: Iterable[str]) -> list[Listed]:
        return Selection.of(noun, self.clock).among("subject_id", sorted(set(ids))).all()


class IncludedOfCommitments(Included):
    """Claims are those that status and positions rest on: there may be thousands of others."""

    @property
    def actors(self) -> list[Listed]:
        parties = [party["actor"] for row in self.things for party in row["parties"]]
        held = [who for row in self.things for told in row["positions"] for who in (told["side"], told["actor"])]
        return self._with_ids("actor", (who["id"] for who in [*parties, *held] if who))

    @cached_property
    def claims(self) -> list[Listed]:
        cited = [claim for row in self.things for claim in row["status_claims"]]
        held = [told["claim"] for row in self.things for told in row["positions"]]
        return self._with_ids("claim", [*cited, *held])

    @property
    def sources(self) -> list[Listed]:
        return self._sources_of(orjson.loads(claim.row) for claim in self.claims)


class IncludedOfClaims(Included):
    names = tuple(name for name in NOUNS if name != "claims")

    @property
    def actors(self) -> list[Listed]:
        """Who said it, for whom, and of whom it tells a position, with their sides."""
        said = [who for row in self.things for who in (row["claimant"], row["on_behalf_of"], row["side"])]
        told = [bearing[who] for row in self.things for bearing in row["bearings"] for who in ("actor", "side")]
        return self._with_ids("actor", (who["id"] for who in [*said, *told] if who))

    @property
    def sources(self) -> list[Listed]:
        return self._sources_of(self.things)


INCLUDED: dict[str, type[Included]] = {"commitment": IncludedOfCommitments, "claim": IncludedOfClaims}
