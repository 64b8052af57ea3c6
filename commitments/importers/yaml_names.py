"""The things of one load by their names, and where each stands in its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model, Q
from typeid import TypeID
from typeid.core.errors import TypeIDException

from commitments.actions.filling import MODELS
from commitments.documents import PREFIXES
from commitments.importers.yaml_nodes import Fault, Mapping, Rejected


@dataclass
class Names:
    """`things` by noun and name, `recorded` the ids that the ledger knew before, `where` file and line by id."""

    day: date
    recorded: set[str]
    things: dict[tuple[str, str], Any] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)

    def begin(self, noun: str, key: str, node: Mapping) -> tuple[str, Any]:
        """The thing's id, and its row where it was recorded before."""
        model = MODELS[noun]
        subject_id = own_id(node, PREFIXES[noun])
        if subject_id in self.where:
            raise node.refuse(f"the id {subject_id} stands twice, first at {self.where[subject_id]}.", "id")
        if subject_id in self.recorded:
            found = model.objects.get(pk=subject_id)
            self.things[noun, key] = found
            node.taken |= set(node.members)
            return subject_id, found
        if model.objects.filter(pk=subject_id).exists():
            raise node.refuse(f"{subject_id} is a draft at the desk; publish or delete it there first.", "id")
        return subject_id, None

    def put(self, noun: str, key: str, thing: Any) -> Any:
        thing.full_clean(validate_unique=True, validate_constraints=False, exclude=["reason"])
        thing.save(force_insert=True)
        self.things[noun, key] = thing
        return thing

    def find(self, node: Mapping, member: str, noun: str, *, needed: bool = True) -> Any:
        name = node.needed(member) if needed else node.text(member)
        return self.lookup(noun, name, node.members[member].where) if name else None

    def lookup(self, noun: str, name: str, where: str) -> Any:
        """A thing by its name in the files, else by its slug in what was recorded before."""
        if (noun, name) in self.things:
            return self.things[noun, name]
        model = MODELS[noun]
        by_name = Q(pk=name) | Q(slug=name) if _has_slug(model) else Q(pk=name)
        found = model.objects.filter(by_name).first()
        if found is None:
            what = noun.replace("_", " ")
            raise Rejected(Fault(where, f"there is no {what} named “{name}”; add it or mend the name."))
        return found

    def passages(self, node: Mapping, member: str = "passages") -> list[Any]:
        """Passages by key in the same file, or `source-slug#key` of another."""
        file = node.where.split(":")[0]
        return [
            self.lookup("passage", name if "#" in name else f"{file}#{name}", where)
            for name, where in node.texts(member)
        ]


def own_id(node: Mapping, prefix: str) -> str:
    written = node.text("id")
    try:
        if TypeID.from_string(written).prefix == prefix:
            return written
    except TypeIDException as error:
        raise node.refuse(_id_hint(written, prefix)) from error
    raise node.refuse(_id_hint(written, prefix))


def _id_hint(written: str, prefix: str) -> str:
    fault = f"“{written[:60]}” is no id of this kind" if written else "it has no id"
    return f"{fault}; a fresh one would be {TypeID(prefix=prefix)}."


def _has_slug(model: type[Model]) -> bool:
    return any(column.name == "slug" for column in model._meta.get_fields())
