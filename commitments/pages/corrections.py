"""The custodian's own record: whatever it corrected, amended, retracted or merged, newest first, with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

import orjson
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext

from commitments import vocabulary as words
from commitments.clocks import Clock, Refused, stamp
from commitments.models.ledger import Entry
from commitments.models.record import Version
from commitments.pages import amended
from commitments.pages import sentences as say
from commitments.pages.answering import PageView
from commitments.pages.named import Names, page_of

Row = dict[str, Any]
Bodies = dict[tuple[str, int], Row]
ROWS = 20
# What changes something that the public had read.
KINDS = ("correct_status", "retract", "amend", "merge", "unmerge")
# A bigint has 19 digits.
MOST_DIGITS = 18


class CorrectionsPage(PageView):
    """At most ten queries."""

    template = "pages/corrections.html"
    parameters = ("kind", "before", "known_at")

    def gathered(self) -> Row:
        kind, before = self.kind(), self.before()
        clock = self.resolve_clock()
        counts = counted(clock)
        found = entries(clock, kind, before)
        shown = found[:ROWS]
        return {
            "rows": told(shown, clock),
            "next": shown[-1]["seq"] if len(found) > ROWS else None,
            "kind": kind,
            "kinds": [(slug, say.label(words.ENTRY_TYPES, slug), amount(counts, slug)) for slug in KINDS],
            "all": sum(amount(counts, slug) for slug in KINDS),
            "entries": clock.seq,
            "corrections": sum(count for (_, nature), count in counts.items() if nature == "correction"),
            "is_first": before is None,
        }

    def kind(self) -> str | None:
        kind = self.request.GET.get("kind")
        if kind is not None and kind not in KINDS:
            said = gettext("“%(given)s” is none of these: %(known)s.")
            raise Refused.parameter("kind", "invalid", said % {"given": kind, "known": ", ".join(KINDS)})
        return kind

    def before(self) -> int | None:
        text = self.request.GET.get("before")
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
            said = gettext("“%(given)s” is not the number of an entry.")
            raise Refused.parameter("before", "invalid", said % {"given": text})
        return int(text)


def counted(clock: Clock) -> dict[tuple[str, str], int]:
    """How many entries there are of each of these types and natures. One query; reads the ledger."""
    rows = Entry.objects.up_to(clock.seq).filter(type__in=KINDS).order_by()
    return {
        (row["type"], row["nature"]): row["count"] for row in rows.values("type", "nature").annotate(count=Count("seq"))
    }


def amount(counts: dict[tuple[str, str], int], kind: str) -> int:
    return sum(count for (of, _), count in counts.items() if of == kind)


def entries(clock: Clock, kind: str | None, before: int | None) -> list[Row]:
    """So many and one more, each with the entry that the record stood at before its set. One query."""
    rows = Entry.objects.up_to(clock.seq).filter(type__in=[kind] if kind else KINDS)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    earlier = Entry.objects.filter(seq__lt=OuterRef("seq"), set_last__lt=OuterRef("seq")).order_by("-seq")
    named = ("seq", "set_last", "type", "nature", "subject_type", "subject_id", "version", "by", "recorded_at")
    return list(
        rows.annotate(stood_at=Subquery(earlier.values("seq")[:1]))
        .order_by("-seq")
        .values(*named, "stood_at")[: ROWS + 1]
    )


def told(shown: Sequence[Row], clock: Clock) -> list[Row]:
    """Six queries, none where there is nothing."""
    if not shown:
        return []
    bodies = _bodies(shown)
    pairs = [
        (entry, bodies.get((entry["subject_id"], entry["version"] - 1)), bodies[entry["subject_id"], entry["version"]])
        for entry in shown
    ]
    corrected = _corrected(
        [now["document"]["corrects"] for entry, _, now in pairs if entry["type"] == "correct_status"]
    )
    names = Names.of({i for entry, *told in pairs for i in _named(entry, *told)}, clock)
    return [_row(entry, then, now, corrected, names) for entry, then, now in pairs]


def _bodies(shown: Sequence[Row]) -> Bodies:
    """What each entry published, and what stood before it, with the `type` of the entry that published that. One
    query."""
    wanted = [Q(subject_id=e["subject_id"], n__in=(e["version"] - 1, e["version"])) for e in shown]
    rows = Version.objects.filter(reduce(or_, wanted)).values_list("subject_id", "n", "type", "body")
    return {(subject_id, n): orjson.loads(bytes(body)) | {"type": type_} for subject_id, n, type_, body in rows}


def _corrected(changes: Sequence[str]) -> dict[str, Row]:
    """The status changes that were corrected, as they were published. One query."""
    rows = Version.objects.filter(subject_id__in=changes, n=1).values_list("subject_id", "body")
    return {subject_id: orjson.loads(bytes(body))["document"] for subject_id, body in rows}


def _named(entry: Row, then: Row | None, now: Row) -> set[str]:
    found = amended.ids(entry["subject_type"], then["document"] if then else None, now["document"])
    into = {body["into"] for body in (then, now) if body and "into" in body}
    return {entry["subject_id"], _page(entry, now)[1]} | found | into


def _row(entry: Row, then: Row | None, now: Row, corrected: dict[str, Row], names: Names) -> Row:
    noun, subject_id = _page(entry, now)
    return {
        "seq": entry["seq"],
        "recorded_at": say.instant(stamp(entry["recorded_at"])),
        "day": entry["recorded_at"].date().isoformat(),
        "by": entry["by"],
        "reason": now["reason"],
        "kind": gettext("Reinstated") if _reinstates(entry, then) else say.label(words.ENTRY_TYPES, entry["type"]),
        "nature": say.label(words.NATURES, entry["nature"]),
        "is_correction": entry["nature"] == "correction",
        "noun": amended.noun(entry["subject_type"]),
        "name": names.of_thing(subject_id),
        "page": page_of(noun, subject_id),
        "stood_at": entry["stood_at"],
        "set_last": entry["set_last"],
        "differences": _differences(entry, then, now, corrected, names),
    }


def _reinstates(entry: Row, then: Row | None) -> bool:
    return entry["type"] == "amend" and then is not None and then["type"] == "retract"


def _page(entry: Row, now: Row) -> tuple[str, str]:
    """The thing on whose page it is read: a status on its commitment's, a passage on its source's."""
    document = now["document"]
    return {
        "status_change": ("commitment", document.get("commitment")),
        "passage": ("source", document.get("source")),
        "office": ("actor", document.get("person")),
    }.get(entry["subject_type"], (entry["subject_type"], entry["subject_id"]))


def _differences(entry: Row, then: Row | None, now: Row, corrected: dict[str, Row], names: Names) -> list[Row]:
    match entry["type"]:
        case "correct_status":
            before = corrected[now["document"]["corrects"]]
            return [_difference(gettext("Status"), _status(before), _status(now["document"]))]
        case "retract":
            return [_difference(gettext("Standing"), gettext("Published"), gettext("Retracted: counts for nothing"))]
        case "merge":
            return [_difference(gettext("Shown as"), gettext("itself"), names.of_thing(now["into"]))]
        case "unmerge":
            before = names.of_thing(then["into"]) if then and "into" in then else ""
            return [_difference(gettext("Shown as"), before, gettext("itself"))]
    told = amended.differences(entry["subject_type"], then["document"] if then else {}, now["document"], names)
    if _reinstates(entry, then):
        told = [_difference(gettext("Standing"), gettext("Retracted: counts for nothing"), gettext("Published")), *told]
    return told


def _difference(label: str, before: str, after: str) -> Row:
    return {"label": label, "before": before, "after": after}


def _status(document: Row) -> str:
    if document["status"] is None:
        return gettext("none in its place (voided)")
    return f"{say.label(words.STATUSES, document['status'])}, {say.since(document['effective'])}"
