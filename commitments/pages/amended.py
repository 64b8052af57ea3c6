"""What differs between two published documents of one thing, member by member, in words."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from commitments import vocabulary as words
from commitments.days import basis, when
from commitments.documents import names as ids_in
from commitments.pages import sentences as say
from commitments.pages.named import Names

Row = dict[str, Any]
# Of a longer text the beginning.
LONGEST = 300
NOUNS: dict[str, str | Promise] = {
    "term": _("Term"),
    "actor": _("Actor"),
    "office": _("Office"),
    "occasion": _("Occasion"),
    "source": _("Source"),
    "passage": _("Passage"),
    "claim": _("Claim"),
    "commitment": _("Commitment"),
    "status_change": _("Status"),
}
MEMBERS: dict[str, str | Promise] = {
    "access": _("Access"),
    "archive_url": _("Archived copy"),
    "bearings": _("What it bears on"),
    "body": _("Body"),
    "broader": _("Broader term"),
    "byline": _("Byline"),
    "capture": _("Capture"),
    "captures": _("Captures"),
    "check": _("Result of the check"),
    "claimant": _("Claimant"),
    "claims": _("Claims"),
    "commitment": _("Commitment"),
    "condition": _("Condition"),
    "corrects": _("What it corrects"),
    "date": _("Date"),
    "due": _("Due"),
    "due_first": _("First due"),
    "effective": _("Since when"),
    "end": _("End in the text"),
    "exact": _("The words"),
    "exact_sha256": _("Digest of the words"),
    "form": _("Form"),
    "from": _("From"),
    "hops": _("Relays"),
    "kind": _("Kind"),
    "labels": _("Labels"),
    "language": _("Language"),
    "lineage": _("Lineage"),
    "locator": _("Where in the source"),
    "locator_at": _("Page or time"),
    "made_on": _("Made on"),
    "name": _("Name"),
    "names": _("Names in other languages"),
    "nature": _("Nature"),
    "occasion": _("Occasion"),
    "office": _("Office"),
    "on_behalf_of": _("On behalf of"),
    "part_of": _("Part of"),
    "participants": _("Participants"),
    "parties": _("Parties"),
    "passages": _("Passages"),
    "person": _("Person"),
    "place": _("Place"),
    "places": _("Places"),
    "prefix": _("Text before it"),
    "published": _("Published"),
    "publisher": _("Publisher"),
    "reason": _("Reason"),
    "rights": _("Rights"),
    "said_on": _("Said on"),
    "scheme": _("Vocabulary"),
    "slug": _("Short name in the address"),
    "source": _("Source"),
    "speech_act": _("Speech act"),
    "start": _("Start in the text"),
    "statement": _("Statement"),
    "status": _("Status"),
    "suffix": _("Text after it"),
    "summary": _("Summary"),
    "title": _("Title"),
    "to": _("Until"),
    "topics": _("Topics"),
    "translated": _("Whether translated"),
    "url": _("Address"),
    "voice": _("Voice"),
}
WORDS = {
    "access": words.ACCESS_TERMS,
    "check": words.ANCHORS,
    "form": words.FORMS,
    "locator": words.LOCATORS,
    "rights": words.RIGHTS,
    "speech_act": words.SPEECH_ACTS,
    "status": words.STATUSES,
    "translated": words.TRANSLATED,
    "voice": words.VOICES,
}
# `kind` is a word of another list for each noun; a commitment's is a term.
KINDS = {"actor": words.ACTOR_KINDS, "occasion": words.OCCASION_KINDS, "source": words.SOURCE_KINDS}


def noun(subject_type: str) -> str:
    return str(NOUNS[subject_type])


def ids(subject_type: str, before: Row | None, after: Row) -> set[str]:
    """Whatever is named by what differs."""
    documents = [document for document in (before, after) if document]
    return {i for document in documents for i in ids_in(subject_type, document)}


def differences(subject_type: str, before: Row, after: Row, names: Names) -> list[Row]:
    """In the order of the document."""
    return [
        {"label": str(MEMBERS[member]), **_pair(subject_type, member, before.get(member), value, names)}
        for member, value in after.items()
        if before.get(member) != value
    ]


def _pair(subject_type: str, member: str, before: Any, after: Any, names: Names) -> dict[str, str]:
    if isinstance(after, list) or isinstance(before, list):
        return _lists(before or [], after or [], names)
    known = KINDS.get(subject_type) if member == "kind" else WORDS.get(member)
    return {"before": _value(before, known, names), "after": _value(after, known, names)}


def _lists(before: list[Any], after: list[Any], names: Names) -> dict[str, str]:
    """Only what is not in both."""
    gone, new = ([item for item in one if item not in other] for one, other in ((before, after), (after, before)))
    return {"before": _items(gone, names), "after": _items(new, names)}


def _items(items: list[Any], names: Names) -> str:
    if not items:
        return gettext("nothing")
    if all(isinstance(item, str) for item in items):
        return "; ".join(names.of_thing(item) for item in items)
    return ngettext("%(n)s item that was changed", "%(n)s items that were changed", len(items)) % {"n": len(items)}


def _value(value: Any, known: words.Words | None, names: Names) -> str:
    if value is None or value == "":
        return gettext("not told")
    if isinstance(value, dict):
        return _object(value, names)
    if known and value in known:
        return say.label(known, value)
    text = names.of_thing(str(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _object(value: Row, names: Names) -> str:
    if "edtf" in value:
        return f"{when(value)} ({basis(value)})"
    if "actor" in value:
        return f"{names.of_thing(value['actor'])} ({basis(value)})"
    return "; ".join(f"{language}: {text}" for language, text in value.items() if text)
