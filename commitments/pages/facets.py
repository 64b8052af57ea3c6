"""The filters of a list as people read them: each value with how many it would leave, as a link that asks for it."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commitments import vocabulary as words
from commitments.clocks import Clock
from commitments.pages import sentences as say
from commitments.pages.badges import badge
from commitments.selection import Selection

Row = dict[str, Any]
# Shown at once; the others are behind “more”.
SHOWN = 6
FACETS: dict[str, dict[str, str | Promise]] = {
    "commitment": {
        "open": _("Open or closed"),
        "status": _("Status"),
        "party": _("Party"),
        "kind": _("Kind"),
        "form": _("Form"),
        "topic": _("Topic"),
        "place": _("Place"),
    },
    "claim": {
        "claimant": _("Who said it"),
        "speech_act": _("What was done by saying it"),
        "asserts": _("What it tells"),
        "reading": _("How it was read"),
        "publisher": _("Publisher"),
        "source": _("Source"),
    },
}
WORDS = {
    "status": words.STATUSES,
    "form": words.FORMS,
    "speech_act": words.SPEECH_ACTS,
    "reading": words.READINGS,
}
OPEN = {"true": _("Open"), "false": _("Not open")}


def told(rows: Selection, sent: QueryDict, address: str) -> list[Row]:
    """Each facet with its values, those that were chosen first. Two queries."""
    counted = rows.faceted(tuple(FACETS[rows.noun]))
    things = _things([value["value"] for values in counted.values() for value in values], rows.clock)
    return [
        {"name": name, "label": label, "shown": values[:SHOWN], "more": values[SHOWN:]}
        for name, label in FACETS[rows.noun].items()
        if (values := _values(name, counted[name], sent, address, things))
    ]


def board(facets: list[Row]) -> Row:
    """Of all commitments how many are open, how many are not, and how many have which status."""
    by_name = {facet["name"]: [*facet["shown"], *facet["more"]] for facet in facets}
    return {
        "open": {value["asks"]: value for value in by_name.get("open", [])},
        "statuses": [value | {"badge": badge(value["asks"])} for value in by_name.get("status", [])],
    }


def _values(name: str, counted: list[Row], sent: QueryDict, address: str, things: dict[str, Row]) -> list[Row]:
    asked = sent.getlist(name)
    found = [_value(name, row["value"], row["count"], asked, things) for row in counted]
    missing = set(asked) - {spelling for value in found for spelling in value["spellings"]}
    found += [_value(name, value, 0, asked, things) for value in asked if value in missing]
    linked = [value | {"address": f"{address}{_toggled(sent, name, value)}"} for value in found]
    return sorted(linked, key=lambda value: not value["is_chosen"])


def _value(name: str, value: str, count: int, asked: list[str], things: dict[str, Row]) -> Row:
    thing = things.get(value)
    spellings = {value, thing["slug"]} if thing and thing.get("slug") and "/" not in value else {value}
    label = _label(name, value, thing)
    return {
        "label": label,
        "count": count,
        "spellings": spellings,
        "asks": min(spellings, key=len),
        "is_chosen": not spellings.isdisjoint(asked),
    }


def _label(name: str, value: str, thing: Row | None) -> str | Promise:
    if name in WORDS and value in WORDS[name]:
        return say.label(WORDS[name], value)
    if name == "asserts":
        known = words.STATUSES if value in words.STATUSES else words.POSITIONS
        return say.label(known, value) if value in known else value
    if name == "open":
        return OPEN.get(value, value)
    return _name_of(thing) if thing else value


def _name_of(thing: Row) -> str:
    if "labels" in thing:
        return say.in_language(thing["labels"])
    return say.named(thing) if "name" in thing else thing["title"]


def _things(values: list[str], clock: Clock) -> dict[str, Row]:
    """Whatever among the values is the id of something with a name. One query."""
    ids = sorted({value for value in values if "_" in value or "/" in value})
    return {row["id"]: row for row in Selection.of_plain(clock).among("subject_id", ids).rows()}


def _toggled(sent: QueryDict, name: str, value: Row) -> str:
    """The query with the value, or, where it has it, without; from the first page on."""
    query = sent.copy()
    query.pop("cursor", None)
    kept = [asked for asked in query.getlist(name) if asked not in value["spellings"]]
    query.setlist(name, kept if value["is_chosen"] else [*kept, value["asks"]])
    text = query.urlencode(safe="[]:/")
    return f"?{text}" if text else ""
