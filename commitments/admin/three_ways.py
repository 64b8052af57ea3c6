"""Two edits of one document that began from the same one: what goes together by itself, and what somebody has to
choose. Pure: documents in, documents out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from commitments.actions.restoring import COLUMNS, LINKS, PARTS, Document, members, with_members

# Members that say one thing together: taken from one side or from the other, never mixed.
TOGETHER: dict[str, tuple[tuple[str, ...], ...]] = {
    "source": (("publisher.actor", "publisher.basis", "publisher.note"),),
    "passage": (("capture", "start", "end", "exact", "exact_sha256", "prefix", "suffix", "check"),),
    "claim": (("claimant", "office"),),
    "commitment": (("due", "due_first"),),
    "status_change": (("status", "effective"),),
}
SIDES = ("theirs", "mine", "base", "both")
Group = tuple[str, ...]


@dataclass
class Merged:
    """`document` is what comes of it where nothing is left to choose; `kept`: what only they changed; `added`: what
    only I changed."""

    document: Document
    kept: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    conflicts: list[Group] = field(default_factory=list)


def merged(
    subject_type: str, base: Document, theirs: Document, mine: Document, chosen: Mapping[str, str] | None = None
) -> Merged:
    """Members that one side changed come from that side; of those that both changed to something else, what was
    `chosen`, by the first member of its group."""
    told = {"base": members(subject_type, base), "theirs": members(subject_type, theirs)}
    told["mine"] = members(subject_type, mine)
    answer = Merged(theirs)
    taken: dict[str, Any] = {}
    for group in groups(subject_type):
        was, they, me = (_side(told[side], group) for side in ("base", "theirs", "mine"))
        if me in (was, they):
            answer.kept += group[:1] if they != was else ()
        elif they == was:
            taken |= _members(told["mine"], group)
            answer.added += group[:1]
        elif group[0] in LINKS.get(subject_type, {}):
            taken[group[0]] = _sets(was[0], they[0], me[0])
            answer.kept += group[:1]
        elif (side := (chosen or {}).get(group[0])) not in choices(subject_type, group):
            answer.conflicts.append(group)
        elif side == "both":
            taken[group[0]] = _lists(was[0], they[0], me[0])
        else:
            taken |= _members(told[side], group)
    answer.document = with_members(subject_type, theirs, taken)
    return answer


def groups(subject_type: str) -> list[Group]:
    """All that can be edited, each member in one group, in the order of the document."""
    together = TOGETHER.get(subject_type, ())
    grouped = {member: group for group in together for member in group}
    tables = (COLUMNS, PARTS, LINKS)
    ordered = [member for table in tables for member in table.get(subject_type, {})]
    return list(dict.fromkeys(grouped.get(member, (member,)) for member in ordered))


def choices(subject_type: str, group: Group) -> Sequence[str]:
    """Lists can be taken from both sides."""
    return SIDES if group[0] in PARTS.get(subject_type, {}) else SIDES[:3]


def _side(told: Mapping[str, Any], group: Group) -> list[Any]:
    return [told[member] for member in group]


def _members(told: Mapping[str, Any], group: Group) -> dict[str, Any]:
    return {member: told[member] for member in group}


def _sets(was: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> list[str]:
    """Ids that both sides still have, or either has added."""
    added = (set(theirs) | set(mine)) - set(was)
    return sorted((set(theirs) & set(mine)) | added)


def _lists(was: Sequence[Any], theirs: Sequence[Any], mine: Sequence[Any]) -> list[Any]:
    """Items that neither side took out, and all that either added: of an item that both changed, both."""
    kept = [item for item in theirs if item in mine or item not in was]
    return kept + [item for item in mine if item not in was and item not in theirs]
