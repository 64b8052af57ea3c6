"""Actors and terms by the names that a data set gives them: those of the desk, and new ones to be proposed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from commitments.importers.mapping import folded
from commitments.models import Actor, Term

LIKE_ENOUGH = 70


class Unknown(ValueError):
    """Says in one sentence which name is not known, and the nearest that is."""


def latin(text: str) -> str:
    """A slug of a text that has Latin letters, '' of any other."""
    slug = slugify(text)[:60].strip("-")
    return slug if re.search("[a-z]", slug) else ""


@dataclass
class Names:
    """What the desk knows, read once, in three queries; `new_` hold what would have to be proposed."""

    new_actors: bool
    new_terms: bool
    actors: dict[str, list[Actor]] = field(default_factory=dict)
    terms: dict[tuple[str, str], Term] = field(default_factory=dict)
    slugs: set[str] = field(default_factory=set)
    proposed: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for actor in Actor.objects.prefetch_related("names"):
            self.slugs.add(actor.slug)
            for name in {actor.pk, actor.slug, actor.name, *(other.name for other in actor.names.all())}:
                self.actors.setdefault(folded(name), []).append(actor)
        for term in Term.objects.all():
            for name in {term.slug, term.label_en, term.label_es, term.pk} - {""}:
                self.terms.setdefault((term.scheme, folded(name)), term)

    def actor(self, name: str, kind: str) -> Actor:
        """Raises `Unknown`."""
        known = {actor.pk: actor for actor in self.actors.get(folded(name), ())}
        if len(known) > 1:
            slugs = ", ".join(sorted(actor.slug for actor in known.values()))
            raise Unknown(
                _("“%(name)s” is the name of several actors; write one of %(slugs)s.") % {"name": name, "slugs": slugs}
            )
        return _usable(next(iter(known.values()))) if known else self._new_actor(name, kind)

    def _new_actor(self, name: str, kind: str) -> Actor:
        if not self.new_actors:
            raise Unknown(self._unknown_actor(name))
        found = self.proposed.get(f"actor {folded(name)}")
        if found is None and not kind:
            raise Unknown(self._unknown_actor(name) + " " + _("Say of which kind it is, and it is proposed anew."))
        if found is None:
            found = Actor(name=name, kind=kind)
            found.slug = self._slug(name, found.pk)
            self.proposed[f"actor {folded(name)}"] = found
        if kind and found.kind != kind:
            raise Unknown(
                _("“%(name)s” is a new actor and of the kind “%(one)s” in another row, here “%(other)s”.")
                % {"name": name, "one": found.kind, "other": kind}
            )
        return found

    def _slug(self, name: str, pk: str) -> str:
        """From the name where it has Latin letters; else from the id, which has them always."""
        slug = latin(name) or f"actor-{pk[-8:]}"
        slug = f"{slug}-{pk[-8:]}" if slug in self.slugs else slug
        self.slugs.add(slug)
        return slug

    def source_slug(self, data_set: str, pk: str) -> str:
        return f"{latin(data_set) or 'data-set'}-{pk[-10:]}"

    def _unknown_actor(self, name: str) -> str:
        sentence = _("There is no actor “%(name)s”.") % {"name": name[:80]}
        return f"{sentence} {self.nearest_actor(name)}".strip()

    def nearest_actor(self, name: str) -> str:
        found = process.extractOne(folded(name), list(self.actors), scorer=fuzz.WRatio, score_cutoff=LIKE_ENOUGH)
        near = self.actors[found[0]][0] if found else None
        return _("The nearest known is “%(near)s” (%(slug)s).") % {"near": near, "slug": near.slug} if near else ""

    def term(self, scheme: str, name: str) -> Term:
        """Raises `Unknown`."""
        found = self.terms.get((scheme, folded(name))) or self.proposed.get(f"{scheme} {folded(name)}")
        if found is not None:
            return _usable(found)  # type: ignore[no-any-return]
        if not self.new_terms:
            raise Unknown(self._unknown_term(scheme, name))
        return self._new_term(scheme, name)

    def _new_term(self, scheme: str, name: str) -> Term:
        taken = {term.slug for (of, _name), term in self.terms.items() if of == scheme}
        taken |= {t.slug for t in self.proposed.values() if isinstance(t, Term) and t.scheme == scheme}
        base = latin(name)[:50].strip("-")
        slug, number = base or f"{scheme}-1", 1
        while slug in taken:
            number += 1
            slug = f"{base or scheme}-{number}"
        term = Term(id=f"{scheme}/{slug}", scheme=scheme, slug=slug, label_en=name)
        self.proposed[f"{scheme} {folded(name)}"] = term
        return term

    def _unknown_term(self, scheme: str, name: str) -> str:
        sentence = _("There is no %(scheme)s “%(name)s”.") % {"scheme": scheme, "name": name[:80]}
        return f"{sentence} {self.nearest_term(scheme, name)}".strip()

    def nearest_term(self, scheme: str, name: str) -> str:
        known = [label for of, label in self.terms if of == scheme]
        found = process.extractOne(folded(name), known, scorer=fuzz.WRatio, score_cutoff=LIKE_ENOUGH)
        near = self.terms[scheme, found[0]] if found else None
        return _("The nearest known is “%(near)s” (%(slug)s).") % {"near": near, "slug": near.slug} if near else ""


def _usable(thing: Any) -> Any:
    """A draft of somebody else's would be published with the import, unlooked at; raises `Unknown`."""
    if thing.is_published or thing._state.adding:
        return thing
    raise Unknown(_("“%(name)s” is a draft at the desk; publish it first, or delete it there.") % {"name": thing})
