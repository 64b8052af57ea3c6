"""YAML as nodes that know their file and line. Pure: every scalar is text, empty or `null` is none.

YAML's own typing is not used: `2021-01-14`, `no` and `0123` stay the text that somebody wrote, and each
field reads its own type. Members are taken one by one; what nobody took is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from commitments.dates import InvalidDate, UncertainDate
from commitments.vocabulary import DATE_BASES, Words

# What YAML's own rules give to values without a tag.
UNTAGGED = {
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "null", "bool", "int", "float", "timestamp", "value", "merge", "seq", "map")
}


@dataclass(frozen=True)
class Fault:
    """What is wrong, where, and what would be right."""

    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"


class Rejected(Exception):
    """Nothing was loaded."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


@dataclass(frozen=True)
class Scalar:
    text: str | None
    where: str


@dataclass
class Items:
    items: list[Any]
    where: str


@dataclass
class Mapping:
    """A YAML mapping; members are taken one by one, so that what nobody asked for can be named."""

    members: dict[str, Any]
    where: str
    taken: set[str] = field(default_factory=set)

    def refuse(self, sentence: str, member: str = "") -> Rejected:
        where = self.members[member].where if member in self.members else self.where
        return Rejected(Fault(where, f"{member}: {sentence}" if member else sentence))

    def text(self, member: str) -> str:
        """The text of a scalar, '' for none."""
        self.taken.add(member)
        node = self.members.get(member)
        if node is None:
            return ""
        if not isinstance(node, Scalar):
            raise self.refuse("write one text here, not a list or mapping.", member)
        return node.text or ""

    def needed(self, member: str) -> str:
        if not (text := self.text(member)):
            raise self.refuse(f"“{member}” is missing; give it a value.")
        return text

    def word(self, member: str, words: Words, default: str = "") -> str:
        slug = self.text(member) or default
        if slug and slug not in words:
            raise self.refuse(f"“{slug}” is not known; write one of {', '.join(words)}.", member)
        return slug

    def needed_word(self, member: str, words: Words) -> str:
        if not (slug := self.word(member, words)):
            raise self.refuse(f"“{member}” is missing; write one of {', '.join(words)}.")
        return slug

    def number(self, member: str) -> int:
        text = self.needed(member)
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise self.refuse(f"“{text[:40]}” is not a whole number.", member)
        return int(text)

    def digest(self, member: str) -> str:
        text = self.needed(member)
        if len(text) != 64 or set(text) - set("0123456789abcdef"):
            raise self.refuse(f"“{text[:80]}” is no SHA-256; write 64 digits 0-9a-f.", member)
        return text

    def mapping(self, member: str) -> Mapping | None:
        self.taken.add(member)
        node = self.members.get(member)
        if node is None or (isinstance(node, Scalar) and node.text is None):
            return None
        if not isinstance(node, Mapping):
            raise self.refuse("write a mapping here, such as {key: value}.", member)
        return node

    def items(self, member: str) -> list[Any]:
        self.taken.add(member)
        node = self.members.get(member)
        if node is None or (isinstance(node, Scalar) and node.text is None):
            return []
        if not isinstance(node, Items):
            raise self.refuse("write a list here, such as [one, two].", member)
        return node.items

    def mappings(self, member: str) -> list[Mapping]:
        found = self.items(member)
        for node in found:
            if not isinstance(node, Mapping):
                raise Rejected(Fault(node.where, f"each item of “{member}” is a mapping, such as {{key: value}}."))
        return found

    def texts(self, member: str) -> Iterator[tuple[str, str]]:
        """(text, where) of each item of a list of names."""
        for node in self.items(member):
            if not isinstance(node, Scalar) or node.text is None:
                raise Rejected(Fault(node.where, f"each item of “{member}” is one name."))
            yield node.text, node.where

    def named(self, member: str) -> Iterator[tuple[str, Mapping]]:
        """(key, mapping) of each member of a mapping of mappings."""
        section = self.mapping(member)
        for key in section.members if section else ():
            found = section.mapping(key)  # type: ignore[union-attr]
            if found is None:
                raise section.refuse("it is empty; describe it or leave it out.", key)  # type: ignore[union-attr]
            yield key, found

    def date(self, member: str, day: date, *, may_be_none: bool = False, may_be_ahead: bool = False) -> Any:
        value = self.mapping(member)
        if value is None:
            if may_be_none:
                return None
            raise self.refuse(
                f"“{member}” needs a date with its basis; where none is told, {{basis: unknown, note: …}}."
            )
        try:
            read = UncertainDate.read(
                value.text("edtf"),
                basis=value.needed_word("basis", DATE_BASES),
                note=value.text("note"),
                recorded_on=day,
                may_be_ahead=may_be_ahead,
            )
        except InvalidDate as error:
            raise value.refuse(f"{member}: {error}") from error
        value.refuse_rest()
        return read

    def refuse_rest(self) -> None:
        """Names members that nothing asked for: a misspelt one is never passed over."""
        for member in self.members:
            if member not in self.taken:
                known = ", ".join(sorted(self.taken))
                raise self.refuse(f"“{member}” means nothing here; known are {known}.", member)


def parse(name: str, text: str) -> Mapping:
    """One file as nodes with their lines. Raises `Rejected`."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise Rejected(Fault(f"{name}:{line}", f"this is not YAML: {getattr(error, 'problem', error)}.")) from error
    except RecursionError as error:
        raise Rejected(Fault(f"{name}:1", "this is nested too deeply to read.")) from error
    parsed = _node(name, node, set()) if node is not None else None
    if not isinstance(parsed, Mapping):
        raise Rejected(Fault(f"{name}:1", "a file is a mapping of sections, such as claims: {…}."))
    return parsed


def _node(name: str, node: yaml.Node, seen: set[int]) -> Any:
    """An alias is the same node again: a few lines of aliases to aliases could stand for billions."""
    where = f"{name}:{node.start_mark.line + 1}"
    if id(node) in seen or node.tag not in UNTAGGED:
        raise Rejected(Fault(where, "anchors and tags are not read; write the value out."))
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        is_none = node.style is None and node.value in ("", "null", "~")
        return Scalar(None if is_none else node.value, where)
    if isinstance(node, yaml.SequenceNode):
        return Items([_node(name, item, seen) for item in node.value], where)
    members: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise Rejected(Fault(where, "a key is one plain text."))
        if key.value in members:
            raise Rejected(Fault(f"{name}:{key.start_mark.line + 1}", f"“{key.value}” stands here twice; keep one."))
        members[key.value] = _node(name, value, seen)
    return Mapping(members, where)
