"""Why an action did not happen: sentences that say what is wrong and what would be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from commitments.languages import label
from commitments.vocabulary import ENTRY_TYPES


@dataclass(frozen=True)
class Problem:
    """One sentence about one thing; `missing` are desk ids that the set would have to include."""

    sentence: str
    subject_id: str = ""
    missing: tuple[str, ...] = ()


class Refused(Exception):
    """Nothing was written. `problems` say why."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = [p if isinstance(p, Problem) else Problem(p) for p in problems]
        super().__init__(" ".join(p.sentence for p in self.problems))


@dataclass(frozen=True)
class Meanwhile:
    """One ledger entry that came between what the writer saw and now."""

    seq: int
    type: str
    subject_id: str
    by: str


class Conflict(Refused):
    """Somebody else changed the thing since the writer looked; `meanwhile` says what."""

    def __init__(self, subject_id: str, seen: int, meanwhile: Sequence[Meanwhile]) -> None:
        self.meanwhile = list(meanwhile)
        entry = gettext("entry %(seq)s, “%(type)s”, by %(by)s")
        told = "; ".join(entry % {"seq": m.seq, "type": label(ENTRY_TYPES, m.type), "by": m.by} for m in meanwhile)
        said = gettext(
            "This changed since you looked (you saw entry %(seen)s): %(told)s. Look at it again, then decide anew."
        )
        super().__init__(Problem(said % {"seen": seen, "told": told}, subject_id))


@dataclass
class Collected:
    """Problems gathered before refusing them all at once."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, sentence: str, subject_id: str = "", missing: Sequence[str] = ()) -> None:
        self.problems.append(Problem(sentence, subject_id, tuple(missing)))

    def refuse_if_any(self) -> None:
        if self.problems:
            raise Refused(*self.problems)
