"""Merge into another, undo a merge: pages of actors, sources and commitments."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import orjson
from django import forms
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from commitments import actions
from commitments.actions.writing import current_standings, naming
from commitments.admin.desk import is_merged, state_of
from commitments.admin.verb_forms import VerbForm, reason
from commitments.admin.verbs import Button, PublishableAdmin, require, seen, seen_now, standing_seq
from commitments.groups import MERGE
from commitments.languages import label as word
from commitments.models.desk import Mergeable
from commitments.vocabulary import ACTOR_KINDS, FORMS, RIGHTS, ROLES, SOURCE_KINDS, STATUSES

MOST_FOUND = 20
# What rests on a thing, by the noun of what names it.
NOUNS: dict[str, Promise] = {
    "actor": _("Actors"),
    "source": _("Sources"),
    "passage": _("Passages"),
    "office": _("Offices"),
    "occasion": _("Occasions"),
    "commitment": _("Commitments"),
    "claim": _("Claims"),
    "status_change": _("Status changes"),
}


class SurvivorForm(forms.Form):
    """Which one it is shown as: by a search as one types, or, without JavaScript, by the search below."""

    into = forms.ModelChoiceField(queryset=None, label=_("Merge into"))

    def __init__(self, *args: Any, thing: Mergeable, site: admin.AdminSite, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["into"]
        field.queryset = type(thing)._default_manager.published().unmerged().exclude(pk=thing.pk)
        field.widget = AutocompleteSelect(type(thing)._meta.get_field("merged_into"), site)
        field.widget.choices = field.choices
        field.error_messages["invalid_choice"] = _("Choose one that is published and is not merged itself.")


class MergeForm(VerbForm):
    reason = reason(_("One sentence that the public will read, such as “Recorded twice”."))


class UnmergeForm(VerbForm):
    reason = reason(_("One sentence that the public will read, such as “They are two after all”."))


@dataclass(frozen=True)
class Side:
    """One of the two, in words: what is recorded of it and what rests on it."""

    thing: Mergeable
    row: dict[str, Any]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Of both nouns' members those that tell two things apart."""
        own = [(gettext("Identifier"), self.thing.pk), (gettext("Short name"), self.row["slug"])]
        return own + [(label, told or "–") for label, told in FACTS[self.thing.subject_type](self.row)]

    @property
    def rests(self) -> list[tuple[str, int]]:
        """Three queries."""
        counted = Counter(subject.type for subject in naming([self.thing.pk]))
        return [(str(label), counted[noun]) for noun, label in NOUNS.items() if counted[noun]]


def _of_actor(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (gettext("Name"), row["name"]),
        (gettext("Names in other languages"), ", ".join(row["names"].values())),
        (gettext("Kind"), word(ACTOR_KINDS, row["kind"])),
        (gettext("Part of"), row["part_of"]["name"] if row["part_of"] else ""),
        (gettext("Offices"), "; ".join(f"{o['title']}, {o['body']['name']}" for o in row["offices"])),
    ]


def _of_source(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (gettext("Title"), row["title"]),
        (gettext("Kind"), word(SOURCE_KINDS, row["kind"])),
        (gettext("Publisher"), row["publisher"]["name"] if row["publisher"] else ""),
        (gettext("Published"), row["published"]["edtf"] or ""),
        (gettext("Address"), row["url"] or ""),
        (gettext("Rights"), word(RIGHTS, row["rights"])),
        (gettext("Captures"), ", ".join(f"{c['sha256'][:12]}…" for c in row["captures"])),
    ]


def _of_commitment(row: dict[str, Any]) -> list[tuple[str, str]]:
    parties = [f"{p['actor']['name']} ({word(ROLES, p['role']).lower()})" for p in row["parties"]]
    return [
        (gettext("Title"), row["title"]["en"]),
        (gettext("Summary"), row["summary"]["en"] or ""),
        (gettext("Parties"), "; ".join(parties)),
        (gettext("Kind"), row["kind"].partition("/")[2]),
        (gettext("Form"), word(FORMS, row["form"])),
        (gettext("Made on"), row["made_on"]["edtf"] or ""),
        (gettext("Status"), word(STATUSES, row["status"]) if row["status"] else ""),
    ]


FACTS = {"actor": _of_actor, "source": _of_source, "commitment": _of_commitment}


class MergeableAdmin(PublishableAdmin):
    """What is merged is read, not edited, and nowhere offered."""

    class Media:
        css = {"all": ["admin-desk/merging.css"]}

    def get_urls(self) -> list[Any]:
        prefix, view = f"{self.opts.app_label}_{self.opts.model_name}", self.admin_site.admin_view
        return [
            path("<path:object_id>/merge/", view(self.merge_view), name=f"{prefix}_merge"),
            path("<path:object_id>/unmerge/", view(self.unmerge_view), name=f"{prefix}_unmerge"),
            *super().get_urls(),
        ]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.filter(merged_into__isnull=True)
        return super().get_search_results(request, queryset, search_term)

    def buttons(self, request: HttpRequest, thing: Any) -> list[Button]:
        found, may_merge = super().buttons(request, thing), request.user.has_perm(MERGE)
        if may_merge and state_of(thing) in ("published", "edited"):
            found.append(Button(gettext("Merge into …"), self.page_url("merge", quote(thing.pk))))
        if may_merge and is_merged(thing):
            found.append(Button(gettext("Undo the merge"), self.page_url("unmerge", quote(thing.pk))))
        return found

    def render_change_form(self, request: HttpRequest, context: Any, **options: Any) -> HttpResponse:
        thing = options.get("obj")
        if thing is not None and is_merged(thing):
            context |= {"survivor": thing.merged_into, "survivor_url": self.change_url(thing.merged_into)}
        return super().render_change_form(request, context, **options)

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        require(request, MERGE)
        thing = self._published_or_404(request, object_id)
        choosing = SurvivorForm(request.GET if "into" in request.GET else None, thing=thing, site=self.admin_site)
        into = choosing.cleaned_data["into"] if choosing.is_valid() else None
        form = MergeForm(request.POST or None)
        if request.method == "POST" and into and form.is_valid():
            merged = {"thing": thing, "into": into, "by": request.user, "seen": seen(request)}
            if form.written(actions.merge, **merged, **form.cleaned_data):
                told = gettext("“%(thing)s” is now shown as “%(into)s”.") % {"thing": thing, "into": into}
                return self.done(request, told, self.change_url(thing))
        context = {"thing": thing, "choosing": choosing, "form": form, "back": self.change_url(thing)}
        context |= {"seen": seen_now(request, form, standing_seq(thing)), "submit": gettext("Merge")}
        context |= self._side_by_side(thing, into) if into else self._found(request, thing)
        title = gettext("Merge “%(thing)s” into …") % {"thing": thing}
        return self.verb_page(request, "merge", title, **context | {"media": self.media + choosing.media})

    def _side_by_side(self, thing: Mergeable, into: Mergeable) -> dict[str, Any]:
        standings = current_standings([thing.pk, into.pk])
        sides = [Side(one, orjson.loads(standings[one.pk].row)) for one in (thing, into)]
        facts = [(label, one, other) for (label, one), (_l, other) in zip(*(s.facts for s in sides), strict=True)]
        return {"into": into, "sides": sides, "facts": facts} | _changes(thing, into)

    def _found(self, request: HttpRequest, thing: Mergeable) -> dict[str, Any]:
        """What a search without JavaScript finds."""
        words = request.GET.get("q", "").strip()
        others = self.get_queryset(request).published().unmerged().exclude(pk=thing.pk)
        found, _may_repeat = self.get_search_results(request, others, words) if words else (others.none(), False)
        return {"q": words, "found": found.distinct()[:MOST_FOUND]}

    def _published_or_404(self, request: HttpRequest, object_id: str) -> Any:
        thing = self.thing_or_404(request, object_id)
        if not thing.is_published:
            raise Http404
        return thing

    def unmerge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        require(request, MERGE)
        thing = self._published_or_404(request, object_id)
        form = UnmergeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            undone = {"thing": thing, "by": request.user, "seen": seen(request)}
            if form.written(actions.unmerge, **undone, **form.cleaned_data):
                told = gettext("“%(thing)s” stands for itself again.") % {"thing": thing}
                return self.done(request, told, self.change_url(thing))
        context = {"form": form, "seen": seen_now(request, form, standing_seq(thing))}
        title = gettext("Undo the merge of “%(thing)s”") % {"thing": thing}
        return self.verb_page(
            request, "verb", title, submit=gettext("Undo the merge"), back=self.change_url(thing), **context
        )


def _changes(thing: Mergeable, into: Mergeable) -> dict[str, Any]:
    """What the public will see of the merge, in sentences, or why there can be none."""
    try:
        moved = actions.moved_by_merge(thing=thing, into=into)
    except actions.Refused as refusal:
        return {"refusals": [problem.sentence for problem in refusal.problems]}
    names = {"thing": thing, "into": into}
    told = [
        ngettext(
            "%(count)d other published thing is brought up to date: where it names “%(thing)s”, it shows “%(into)s”.",
            "%(count)d other published things are brought up to date: where they name “%(thing)s”, they show "
            "“%(into)s”.",
            moved,
        )
        % {"count": moved, **names},
        gettext("Lists, counts and searches leave “%(thing)s” out; its address leads to “%(into)s”.") % names,
        gettext("What was read before stays readable as of then, and one entry more undoes the merge."),
    ]
    if thing.edited_at > (thing.published_at or thing.edited_at):
        told.append(
            gettext("“%(thing)s” has edits that nobody published: they wait, unseen, until the merge is undone.")
            % names
        )
    if thing.subject_type == "commitment":
        told.insert(
            1,
            gettext(
                "What was said of “%(thing)s” counts for “%(into)s”. The statuses of “%(thing)s” no longer count; "
                "those of “%(into)s” stay."
            )
            % names,
        )
    return {"changes": told}
