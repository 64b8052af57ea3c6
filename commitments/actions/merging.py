"""Merge what was recorded twice; undo it. Documents stay: what names a merged thing is shown naming the survivor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.actions.publishing import current_versions, lock_desk
from commitments.actions.refusals import Collected, Problem, Refused
from commitments.actions.writing import (
    Change,
    Row,
    Written,
    absorbed_by,
    document_of,
    lock,
    merged_among,
    merged_in_words,
    moved_with,
    recording_day,
    refuse_if_moved,
    verb,
    write,
)
from commitments.documents import MERGEABLE
from commitments.languages import label
from commitments.models.desk import DeskNoun, Mergeable
from commitments.models.record import CommitmentStanding, PlainStanding, Version
from commitments.vocabulary import LINEAGE_TYPES, RIGHTS, ROLES


@verb
def merge(*, thing: Mergeable, into: Mergeable, by: User, reason: str, seen: int | None = None) -> Written:
    """From now on `thing` is shown as `into`: one entry, on `thing`. Its own statuses no longer count.

    Raises `Refused` where the two cannot be one, `Conflict` where somebody else was faster."""
    day = recording_day()
    _refuse_pair(thing, into)
    lock_desk([thing, into])
    refuse_if_moved(thing.pk, seen)
    lock(exclusive=sorted([thing.pk, into.pk]), shared=[])
    _refuse_without(reason)
    change = _merge_of(thing, into, reason)
    type(thing).objects.filter(pk=thing.pk).update(merged_into=into.pk)
    written = write([change], by=by, day=day)
    thing.merged_into = into
    return written


@verb
def unmerge(*, thing: Mergeable, by: User, reason: str, seen: int | None = None) -> Written:
    """`thing` stands for itself again, as it was before it was merged. Raises `Refused` where a status of the
    survivor rests on a claim that bears on `thing` alone, `Conflict` where somebody else was faster."""
    day = recording_day()
    lock_desk([thing])
    refuse_if_moved(thing.pk, seen)
    survivor = merged_among([thing.pk]).get(thing.pk)
    if survivor is None:
        raise Refused(Problem(_("“%(thing)s” is not merged into anything.") % {"thing": thing}, thing.pk))
    _refuse_without(reason)
    versions = current_versions([thing.pk, survivor])
    type(thing).objects.filter(pk=thing.pk).update(merged_into=None)
    written = write([_change("unmerge", versions[thing.pk], versions[survivor], reason)], by=by, day=day)
    thing.merged_into = None
    return written


def moved_by_merge(*, thing: Mergeable, into: Mergeable) -> int:
    """How many other published things would be rendered anew. Raises `Refused` where the two cannot be one."""
    _refuse_pair(thing, into)
    moved, _named = moved_with([_merge_of(thing, into, "")])
    return len(moved.keys() - {thing.pk, into.pk})


def _merge_of(thing: DeskNoun, into: DeskNoun, reason: str) -> Change:
    """The entry to be, refused where the two cannot be one."""
    change = _change("merge", *_mergeable_versions(thing, into), reason)
    refuse_different(thing.subject_type, change.document, change.survivor or {})
    return change


def _change(entry_type: str, version: Version, survivor: Version, reason: str) -> Change:
    document, kept = document_of(version), document_of(survivor)
    return Change(entry_type, version.subject_type, document, reason, "correction", version.pk, document, kept)


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("A merge and its undoing need a reason: one sentence that the public will read."))


def _refuse_pair(thing: DeskNoun, into: DeskNoun) -> None:
    told = {"thing": thing, "into": into, "noun": thing._meta.verbose_name, "other": into._meta.verbose_name}
    if thing.subject_type not in MERGEABLE:
        raise Refused(_("A %(noun)s is not merged; retract the one that was recorded twice.") % told)
    if thing.subject_type != into.subject_type:
        sentence = _("“%(into)s” is a %(other)s, “%(thing)s” a %(noun)s: only things of one kind are merged.")
        raise Refused(sentence % told)
    if thing.pk == into.pk:
        raise Refused(_("A thing cannot be merged into itself; choose the other one."))


def _mergeable_versions(thing: DeskNoun, into: DeskNoun) -> tuple[Version, Version]:
    """The current versions of the two, refused where one of them does not stand for itself, unretracted."""
    found, versions = Collected(), current_versions([thing.pk, into.pk])
    drafted = {
        thing.pk: _("“%(thing)s” is not published; delete the draft instead."),
        into.pk: _("“%(thing)s” is not published; publish it first."),
    }
    for one in (thing, into):
        if one.pk not in versions:
            found.add(drafted[one.pk] % {"thing": one}, one.pk)
        elif versions[one.pk].type == "retract":
            found.add(_("“%(thing)s” is retracted; reinstate it first.") % {"thing": one}, one.pk)
    for sentence in _merged_already(thing, into):
        found.add(sentence, thing.pk)
    found.refuse_if_any()
    return versions[thing.pk], versions[into.pk]


def _merged_already(thing: DeskNoun, into: DeskNoun) -> Iterator[str]:
    """Merges are one step deep."""
    merged, names = merged_among([thing.pk, into.pk]), {"thing": thing, "into": into}
    if thing.pk in merged:
        told = merged_in_words(thing.pk, merged[thing.pk])
        yield _("%(merge)s already; undo that first.") % {"merge": told}
    if into.pk in merged:
        told = merged_in_words(into.pk, merged[into.pk])
        yield _("%(merge)s: merge into that one.") % {"merge": told}
    if number := len(absorbed_by([thing.pk])):
        sentence = ngettext(
            "%(count)d other is merged into “%(thing)s”: merge “%(into)s” into “%(thing)s” instead, or undo that "
            "first.",
            "%(count)d others are merged into “%(thing)s”: merge “%(into)s” into “%(thing)s” instead, or undo those "
            "first.",
            number,
        )
        yield sentence % (names | {"count": number})


def refuse_different(noun: str, thing: Row, into: Row) -> None:
    """Raises `Refused` where what is recorded says that the two are not one, or would be lost by merging them."""
    found = Collected()
    for sentence in DIFFERENCES[noun](thing, into):
        found.add(sentence, thing["id"])
    found.refuse_if_any()


def _differing_actors(thing: Row, into: Row) -> Iterator[str]:
    if (thing["kind"] == "person") != (into["kind"] == "person"):
        yield _("One of them is a person, the other is not: they cannot be the same actor.")
    for part, whole in ((thing, into), (into, thing)):
        if whole["id"] in _above(part["id"]):
            told = {"part": part["name"], "whole": whole["name"]}
            yield _("“%(part)s” is part of “%(whole)s”, and a part is not the whole: change that first.") % told
    both = [thing["id"], into["id"]]
    for office in PlainStanding.objects.current().of_type("office").filter(names__contains=both, retracted=False):
        told = {"office": office.label}
        yield _("One of them holds “%(office)s” at the other: a holder is not the body.") % told
    for standing in CommitmentStanding.objects.current().filter(parties__contains=both, retracted=False):
        yield from _differing_parties(orjson.loads(standing.row), both)


def _above(actor_id: str) -> list[str]:
    """What an actor is part of, as it is shown, step by step."""
    chain = [actor_id]
    while True:
        standing = PlainStanding.objects.current().get(subject_id=chain[-1])
        part_of = orjson.loads(standing.row)["part_of"]
        if part_of is None or part_of["id"] in chain:
            return chain[1:]
        chain.append(part_of["id"])


def _differing_parties(commitment: Row, both: list[str]) -> Iterator[str]:
    title, parties = commitment["title"]["en"], commitment["parties"]
    one, other = ({p["role"] for p in parties if p["actor"]["id"] == i} for i in both)
    promise_to_itself = any("promisor" in a and {"promisee", "joint"} & b for a, b in ((one, other), (other, one)))
    joint = sum(p["role"] == "joint" for p in parties)
    if promise_to_itself or ("joint" in one and "promisee" in other) or ("promisee" in one and "joint" in other):
        roles = ", ".join(sorted(label(ROLES, role).lower() for role in one | other))
        told = {"title": title, "roles": roles}
        yield _("In “%(title)s” they stand against each other (%(roles)s): they cannot be the same party.") % told
    elif "joint" in one & other and joint == 2:
        told = {"title": title}
        yield _("“%(title)s” would be left with one joint party: it needs two, or a promisor. Change it first.") % told


def _differing_sources(thing: Row, into: Row) -> Iterator[str]:
    if thing["rights"] != into["rights"]:
        rights = "; ".join(
            f"“{source['title']}”: {label(RIGHTS, source['rights']).lower()}" for source in (thing, into)
        )
        yield _("What may be shown of them differs (%(rights)s): make that alike first.") % {"rights": rights}


def _differing_commitments(thing: Row, into: Row) -> Iterator[str]:
    for one, other in ((thing, into), (into, thing)):
        for link in one["lineage"]:
            if link["commitment"] == other["id"]:
                linked = f"“{_title(one)}” {label(LINEAGE_TYPES, link['type'])} “{_title(other)}”"
                yield _("%(link)s: the record says that they are two. Remove that link first.") % {"link": linked}
    kept = {(link["type"], link["commitment"]) for link in into["lineage"]}
    lost = {(link["type"], link["commitment"]) for link in thing["lineage"] if link["commitment"] != into["id"]} - kept
    if lost:
        links = ", ".join(sorted({label(LINEAGE_TYPES, lineage_type) for lineage_type, _id in lost}))
        told = {"thing": _title(thing), "into": _title(into), "links": links}
        sentence = _(
            "“%(thing)s” has links to earlier commitments (%(links)s) that “%(into)s” has not: add them there first."
        )
        yield sentence % told
    direct = {link["commitment"] for link in into["lineage"]}
    for lineage_type in LINEAGE_TYPES if thing["id"] not in direct else ():
        if thing["id"] in _ancestors(into["id"], lineage_type):
            link = f"“{_title(into)}” {label(LINEAGE_TYPES, lineage_type)} “{_title(thing)}”"
            yield _("By way of others %(link)s: the record says that they are two.") % {"link": link}


def _title(commitment: Row) -> str:
    return str(commitment["title"]["en"])


def _ancestors(commitment_id: str, lineage_type: str) -> list[str]:
    """What a commitment leads back to by links of one type. One query a step."""
    found: list[str] = []
    wave = [commitment_id]
    while wave:
        standings = CommitmentStanding.objects.current().filter(subject_id__any_of=wave)
        links = [link for s in standings for link in orjson.loads(s.row)["lineage"] if link["type"] == lineage_type]
        wave = sorted({link["commitment"]["id"] for link in links} - {*found, commitment_id})
        found += wave
    return found


DIFFERENCES: dict[str, Callable[[Any, Any], Iterator[str]]] = {
    "actor": _differing_actors,
    "source": _differing_sources,
    "commitment": _differing_commitments,
}
