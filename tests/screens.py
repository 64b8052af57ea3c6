"""Every screen of the desk, found from its addresses: a page that somebody adds is walked without being named here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.auth.models import User
from django.urls import URLPattern, reverse
from django.utils.http import urlencode

from commitments import actions, models
from commitments.admin.ledger import ReadOnly
from commitments.admin.queues import QUEUES
from tests.begun import alike, begun
from tests.desk import listed, page
from tests.world import ACCEPTED, DELIVERED, OFFERED, World

LONG = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunte"
# What answers no page by itself: scripts, lists for boxes, files, and what is only sent to.
NO_SCREENS = {"logout", "jsi18n", "autocomplete", "view_on_site", "password_change", "password_change_done", "login"}
NO_SCREENS |= {"look", "pick", "unmark", "check", "draft", "pause", "rejected", "export", "warc"}
# Pages that only a draft has, and that only a published thing has.
OF_DRAFTS = {"delete", "publish"}
OF_PUBLISHED = {"publish_edits", "retract", "record_status", "correct", "undo", "discard", "merge"}
OF_QUERIES = {"publish", "publish_edits"}


class Examples:
    """One of each noun, published and as a draft; the drafts have long names."""

    def __init__(self, world: World, by: User) -> None:
        self.world, self.by = world, by
        draft = world.draft_commitment("draft")
        models.Commitment.objects.filter(pk=draft.pk).update(title_en=f"{LONG} {'of the ministry ' * 8}")
        draft.refresh_from_db()
        claim = world.draft_claim(ACCEPTED, bears="agreed", on=draft)
        edited = world.claim(DELIVERED, bears="fulfilled")
        models.Claim.objects.filter(pk=edited.pk).update(statement=LONG)
        edited.refresh_from_db()
        edited.save()
        self.change = world.proposed.pk
        self.begun = begun(by)
        self.published = {
            models.Commitment: world.commitment,
            models.Claim: edited,
            models.Passage: models.Passage.objects.filter(capture=world.capture).published().first(),
            models.Source: world.source,
            models.Capture: world.capture,
            models.Actor: self._renamed(world.ministry),
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
            models.Source: self.begun.source,
            models.StatusChange: world.draft_change("agreed", claim, "2020-02-01", on=draft),
            models.Term: models.Term.objects.create(scheme="topic", slug="of-this-walk", label_en=LONG),
            models.Actor: models.Actor.objects.create(slug="of-this-walk", name=LONG, kind="organisation"),
        }
        self.named = self._named()

    def _named(self) -> dict[tuple[Any, str], list[Any]]:
        """What is shown where the thing is none of one noun, or has to be in a state of its own."""
        begun, sets = self.begun, self._sets()
        texts = {(models.Source, name): [begun.source] for name in ("recapture", "archive", "difference")}
        looked_at = {(models.Import, name): [begun.checked] for name in ("reading", "mapping", "words", "delete")}
        return (
            texts
            | looked_at
            | {
                (models.Capture, "change"): [self.world.capture, begun.source.captures.last()],
                (models.Capture, "delete"): [begun.source.captures.last()],
                (models.Actor, "unmerge"): [self._merged()],
                (models.Source, "unmerge"): [],
                (models.Commitment, "unmerge"): [],
                # It leads on to the form that corrects the status.
                (models.StatusChange, "undo"): [],
                (models.Source, "waiting"): [begun.waiting, begun.failed],
                (models.Fetch, "change"): [begun.waiting, begun.failed, begun.done],
                (models.Fetch, "history"): [begun.done],
                (models.Fetch, "again"): [begun.failed],
                (models.Import, "change"): [begun.checked, begun.drafted],
                (models.Import, "history"): [begun.checked],
                (models.Import, "publish"): [begun.drafted],
                (models.Import, "take_back"): [begun.drafted],
                (models.ReviewSet, "change"): sets,
                (models.ReviewSet, "history"): sets[:1],
                (models.ReviewSet, "edit"): sets[-1:],
            }
        )

    def _renamed(self, actor: models.Actor) -> models.Actor:
        """Twice published, so that there is something to compare and to undo."""
        models.Actor.objects.filter(pk=actor.pk).update(name=f"{actor.name} and its boats")
        actor.refresh_from_db()
        actor.save()
        actions.amend(things=[actor], by=self.by, nature="world", reason="It was renamed.")
        actor.refresh_from_db()
        return actor

    def _merged(self) -> models.Actor:
        again = self.world._actor("norlandia", "Norlandia", "state")
        self.world.publish(again)
        actions.merge(thing=again, into=self.world.norland, by=self.by, reason="Recorded twice.")
        again.refresh_from_db()
        return again

    def _sets(self) -> list[models.ReviewSet]:
        """One that awaits review, with remarks on it and on a thing of it, and one that was returned."""
        waiting, returned = self.drafts[models.Commitment], self.drafts[models.Actor]
        told = {"note": "Please look.", "by": self.by, "review_set": None}
        sets = [actions.submit_set(title=str(thing)[:200], things=[thing], **told) for thing in (waiting, returned)]
        actions.comment(review_set=sets[0], text=LONG, by=self.by)
        actions.resolve(comment=actions.comment(thing=waiting, text="Is it one?", by=self.by), by=self.by)
        actions.comment(thing=waiting, text="Where is it said?", by=self.by)
        actions.return_set(review_set=sets[1], by=self.by, comment="Who is it?")
        return [models.ReviewSet.objects.get(pk=one.pk) for one in sets]

    def things(self, model: Any, name: str) -> list[Any]:
        if (model, name) in self.named:
            return self.named[model, name]
        draft = [] if name in OF_PUBLISHED else [self.drafts.get(model)]
        published = [] if name in OF_DRAFTS else [self.published.get(model)]
        return [thing for thing in (*published, *draft) if thing is not None]

    def more(self) -> list[str]:
        """Pages that say more when they are asked something."""
        world, source = self.world, self.begun.source
        twin = world.draft_commitment("ships")
        claim = world.draft_claim(OFFERED, bears="proposed", on=twin)
        world.publish(twin, claim, world.draft_change("proposed", claim, "2020-01-06", on=twin))
        alike(world.commitment, twin)
        return [
            reverse("admin:duplicates"),
            f"{page(twin, 'merge')}?into={world.commitment.pk}",
            f"{page(world.ministry, 'merge')}?into={world.embassy.pk}",
            f"{page(world.source, 'merge')}?q=boats",
            f"{page(source, 'mark')}?{urlencode({'words': OFFERED, 'start': 30, 'end': 60})}",
            f"{page(self.begun.checked)}?outcome=rejected",
            f"{listed(models.ReviewSet, 'add')}?id={self.drafts[models.Claim].pk}",
        ]


def screens(world: World, by: User) -> list[str]:
    """The addresses, each once, for somebody who may do everything and put the sets together."""
    examples = Examples(world, by)
    found = [reverse("admin:index"), *(reverse("admin:queue", args=[queue.slug]) for queue in QUEUES)]
    for model, room in admin.site._registry.items():
        if model._meta.app_label == "commitments":
            patterns = [p for p in room.get_urls() if not (isinstance(room, ReadOnly) and _writes(p))]
            found += [url for pattern in patterns for url in _addresses(pattern, model, examples)]
    return list(dict.fromkeys([*found, *examples.more()]))


def _writes(pattern: Any) -> bool:
    return str(pattern.name).endswith(("_add", "_delete"))


def _addresses(pattern: Any, model: Any, examples: Examples) -> Iterator[str]:
    if not isinstance(pattern, URLPattern) or not pattern.name:
        return
    name = pattern.name.removeprefix(f"commitments_{model._meta.model_name}_")
    # A set is begun with something to put into it.
    if name in NO_SCREENS or (model, name) == (models.ReviewSet, "add"):
        return
    is_about_one = bool(pattern.pattern.converters) or name in OF_QUERIES
    for thing in examples.things(model, name) if is_about_one else [None]:
        yield _address(pattern, name, thing, examples)


def _address(pattern: URLPattern, name: str, thing: Any, examples: Examples) -> str:
    pk = quote(thing.pk) if thing else ""
    given = {"object_id": pk, "fetch_id": pk, "change_id": examples.change}
    if "seq" in pattern.pattern.converters:
        given["seq"] = models.Entry.objects.filter(subject_id=thing.pk).latest("pk").pk
    named = {part: given[part] for part in pattern.pattern.converters}
    query = f"?id={thing.pk}" if name in OF_QUERIES and not named else ""
    return reverse(f"admin:{pattern.name}", kwargs=named) + query
