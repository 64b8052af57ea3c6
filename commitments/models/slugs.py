"""Short names worked out from titles; a title of a script that makes none gets the end of its id."""

from __future__ import annotations

from itertools import count

from django.db import models
from django.utils.text import slugify

LONGEST = 72  # leaves room for a number


def free_slug(model: type[models.Model], text: str, fallback: str) -> str:
    """The first of `text`, `text-2`, … that no row has. One query."""
    stem = slugify(text)[:LONGEST].strip("-") or fallback
    rows = model._default_manager.filter(slug__startswith=stem)
    taken = set(rows.values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in count(2))
    return stem if stem not in taken else next(slug for slug in numbered if slug not in taken)


def fallback_of(thing: models.Model) -> str:
    """Of `act_01m8…xyz`, "actor-" and the end of the id, which is random."""
    return f"{thing._meta.model_name}-{str(thing.pk)[-8:]}"
