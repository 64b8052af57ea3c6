"""Every screen of the desk, found from its addresses: a page that somebody adds is walked without being named here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.urls import URLPattern, reverse

from commitments import models
from commitments.admin.ledger import ReadOnly
from commitments.admin.queues import QUEUES
from tests.world import ACCEPTED, DELIVERED, World

LONG = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunte"
# What answers no page by itself: scripts, lists for boxes, and what is only sent to.
NO_SCREENS = {"logout", "jsi18n", "autocomplete", "view_on_site", "password_change", "password_change_done", "login"}


class Examples:
    """One of each noun, published and as a draft; the drafts have long names."""

    def __init__(self, world: World) -> None:
        draft = world.draft_commitment("draft")
        models.Commitment.objects.filter(pk=draft.pk).update(title_en=f"{LONG} {'of the ministry ' * 8}")
        draft.refresh_from_db()
        claim = world.draft_claim(ACCEPTED, bears="agreed", on=draft)
        edited = world.claim(DELIVERED, bears="fulfilled")
        models.Claim.objects.filter(pk=edited.pk).update(statement=LONG)
        edited.refresh_from_db()
        edited.save()
        self.change = world.proposed.pk
        self.published = {
            models.Commitment: world.commitment,
            models.Claim: edited,
            models.Passage: models.Passage.objects.filter(capture=world.capture).published().first(),
            models.Source: world.source,
            models.Capture: world.capture,
            models.Actor: world.ministry,
            models.Office: world.office,
            models.Term: world.kind,
            models.Occasion: models.Occasion.objects.published().first(),
            models.StatusChange: world.proposed,
            models.Entry: models.Entry.objects.first(),
            models.Version: models.Version.objects.first(),
        }
        self.drafts = {
            models.Commitment: draft,
            models.Claim: claim,
            models.StatusChange: world.draft_change("agreed", claim, "2020-02-01", on=draft),
            models.Term: models.Term.objects.create(scheme="topic", slug="drafted", label_en=LONG),
            models.Actor: models.Actor.objects.create(slug="drafted", name=LONG, kind="organisation"),
        }


def screens(world: World) -> list[str]:
    """The addresses, each once."""
    examples = Examples(world)
    found = [reverse("admin:index"), *(reverse("admin:queue", args=[queue.slug]) for queue in QUEUES)]
    for model, room in admin.site._registry.items():
        if model._meta.app_label == "commitments":
            patterns = [p for p in room.get_urls() if not (isinstance(room, ReadOnly) and _writes(p))]
            found += [url for pattern in patterns for url in _addresses(pattern, model, examples)]
    return list(dict.fromkeys(found))


def _writes(pattern: Any) -> bool:
    return str(pattern.name).endswith(("_add", "_delete"))


def _addresses(pattern: Any, model: Any, examples: Examples) -> Iterator[str]:
    if not isinstance(pattern, URLPattern) or not pattern.name:
        return
    page = pattern.name.removeprefix(f"commitments_{model._meta.model_name}_")
    things = [pile[model] for pile in (examples.published, examples.drafts) if model in pile]
    for thing in things if _is_about_one(pattern) or page.startswith("publish") else [None]:
        if _is_shown(page, thing):
            yield _address(pattern, page, thing, examples)


def _is_about_one(pattern: URLPattern) -> bool:
    return bool(pattern.pattern.converters)


def _is_shown(page: str, thing: Any) -> bool:
    """What a thing's own page has a button for."""
    if page in NO_SCREENS:
        return False
    is_published = getattr(thing, "is_published", True)
    if isinstance(thing, models.StatusChange | models.Entry | models.Version) and page == "retract":
        return False
    wanted = {"delete": False, "publish": False, "publish_edits": True, "retract": True}
    wanted |= {"record_status": True, "correct": True}
    if page == "delete" and isinstance(thing, models.Capture):
        return False
    return page not in wanted or wanted[page] == is_published


def _address(pattern: URLPattern, page: str, thing: Any, examples: Examples) -> str:
    given = {"object_id": quote(thing.pk) if thing else "", "change_id": examples.change}
    named = {name: given[name] for name in pattern.pattern.converters}
    query = f"?id={thing.pk}" if page.startswith("publish") else ""
    return reverse(f"admin:{pattern.name}", kwargs=named) + query
