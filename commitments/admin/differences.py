"""What differs between two documents, member by member, in words for people: labels in place of ids, dates as
dates, long texts word by word, lists item by item."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Field, ForeignKey
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext

from commitments.actions.filling import MODELS, documents_of
from commitments.actions.publishing import current_versions
from commitments.actions.restoring import COLUMNS, LINKS, PARTS, Document, Part, members
from commitments.actions.writing import document_of
from commitments.admin.names import labels_in, link_to
from commitments.models.desk import DeskNoun
from commitments.models.fields import UncertainDateField, WordField
from commitments.pages.sentences import basis, when
from commitments.pages.sentences import label as in_language

Labels = Mapping[str, str]
# Writing without spaces is compared sign by sign. Thai, Lao, Khmer; kana; Chinese.
_TOKENS = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|\w+|\s+|.", re.DOTALL)
# Comparing takes time by the square of the number of words.
LONGEST = 4000
NOTHING = "–"


@dataclass(frozen=True)
class Difference:
    member: str
    label: str
    before: SafeString
    after: SafeString


def differences(
    subject_type: str, before: Document | None, after: Document, labels: Labels, *, only: Sequence[str] | None = None
) -> list[Difference]:
    """The members that differ, in the order of the form; against nothing, all that are given. No queries."""
    old = members(subject_type, before) if before else {}
    new = members(subject_type, after)
    differing = [m for m in new if (old.get(m) != new[m] if before else new[m] not in (None, [], ""))]
    chosen = [m for m in differing if only is None or m in only]
    told = [
        Difference(
            m, label_of(subject_type, m), *_cells(subject_type, m, old.get(m) if before else new[m], new[m], labels)
        )
        for m in chosen
    ]
    if before is None and subject_type == "passage" and only is None:
        told.insert(0, Difference("source", gettext("Source"), mark_safe(""), link_to(after["source"], labels)))
    return told + _captures(before, after) if subject_type == "source" and only is None else told


@dataclass(frozen=True)
class Compared:
    """One thing of several: what the public reads of it, and what the desk says."""

    subject_id: str
    noun: str
    link: SafeString
    is_new: bool
    differences: list[Difference]


def compared(things: Sequence[DeskNoun]) -> list[Compared]:
    """What a publication of these would change; of drafts, all that they say. Three queries and those of the
    documents."""
    filled = documents_of(things)
    public = {i: document_of(version) for i, version in current_versions(d["id"] for _, d in filled).items()}
    labels = labels_in([*filled, *((kind, public[d["id"]]) for kind, d in filled if d["id"] in public)])
    return [
        Compared(
            subject_id=document["id"],
            noun=capfirst(str(MODELS[kind]._meta.verbose_name)),
            link=link_to(document["id"], labels),
            is_new=document["id"] not in public,
            differences=differences(kind, public.get(document["id"]), document, labels),
        )
        for kind, document in filled
    ]


def label_of(subject_type: str, member: str) -> str:
    """What the form calls it."""
    model: Any = MODELS[subject_type]
    if member in PARTS.get(subject_type, {}):
        related = model._meta.get_field(PARTS[subject_type][member].relation).related_model
        return capfirst(str(related._meta.verbose_name_plural))
    column = COLUMNS[subject_type].get(member) or LINKS[subject_type][member]
    return capfirst(str(model._meta.get_field(column).verbose_name))


def _cells(subject_type: str, member: str, old: Any, new: Any, labels: Labels) -> tuple[SafeString, SafeString]:
    parts = PARTS.get(subject_type, {})
    if member in parts:
        return _lists(
            old or [], new, lambda item: _item(_model(subject_type, parts[member]), parts[member], item, labels)
        )
    if member in LINKS.get(subject_type, {}):
        return _lists(old or [], new, lambda i: link_to(i, labels))
    field = MODELS[subject_type]._meta.get_field(COLUMNS[subject_type][member])
    return _values(field, old, new, labels)  # type: ignore[arg-type]


def _model(subject_type: str, part: Part) -> Any:
    return MODELS[subject_type]._meta.get_field(part.relation).related_model


def _values(field: Field, old: Any, new: Any, labels: Labels) -> tuple[SafeString, SafeString]:
    if isinstance(old, str) and isinstance(new, str) and not isinstance(field, ForeignKey | WordField):
        return marked(old, new)
    before, after = value(field, old, labels), value(field, new, labels)
    if old == new:
        return before, after
    return wrapped("del", before, old), wrapped("ins", after, new)


def wrapped(tag: str, told: SafeString, stated: Any) -> SafeString:
    """Taken away or added; what was not stated is neither."""
    return told if stated in (None, "") else format_html(f"<{tag}>{{}}</{tag}>", told)


def value(field: Field, stated: Any, labels: Labels) -> SafeString:
    """One value in words."""
    if stated in (None, ""):
        return format_html("{}", NOTHING)
    if isinstance(field, ForeignKey):
        return link_to(stated, labels)
    if isinstance(field, UncertainDateField):
        return format_html('{}<br><span class="desk-note">{}</span>', capfirst(when(stated)), basis(stated))
    if isinstance(field, WordField) and field.words and stated in field.words:
        return format_html("{}", in_language(field.words, stated))
    return format_html("{}", stated)


def _item(model: Any, part: Part, item: Document, labels: Labels) -> SafeString:
    """One item of a list: what it states, each under its name."""
    stated = [(m, c) for m, c in part.columns.items() if item[m] not in (None, "")]
    told = [
        (capfirst(str(model._meta.get_field(c).verbose_name)), value(model._meta.get_field(c), item[m], labels))
        for m, c in stated
    ]
    if part.cites and item["passages"]:
        cited = format_html_join(mark_safe("; "), "{}", ((link_to(i, labels),) for i in item["passages"]))
        told.append((gettext("Passages"), cited))
    return format_html_join(mark_safe("<br>"), '<span class="desk-item">{}:</span> {}', told)


def _lists(old: Sequence[Any], new: Sequence[Any], told: Any) -> tuple[SafeString, SafeString]:
    """Both lists, with the items that went or came marked."""
    before = [(wrapped("del", told(item), item) if item not in new else told(item),) for item in old]
    after = [(wrapped("ins", told(item), item) if item not in old else told(item),) for item in new]
    return _listed(before), _listed(after)


def _listed(items: Sequence[tuple[SafeString]]) -> SafeString:
    if not items:
        return format_html("{}", NOTHING)
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", items))


def marked(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Both texts, with the words that went or came marked."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    if len(before) + len(after) > LONGEST:
        return format_html("<del>{}</del>", old), format_html("<ins>{}</ins>", new)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    taken = [("" if op == "equal" else "del", "".join(before[a:b])) for op, a, b, _, _ in steps]
    given = [("" if op == "equal" else "ins", "".join(after[a:b])) for op, _, _, a, b in steps]
    return _pieces(taken), _pieces(given)


def _pieces(pieces: Sequence[tuple[str, str]]) -> SafeString:
    told = (format_html(f"<{tag}>{{}}</{tag}>" if tag else "{}", text) for tag, text in pieces if text)
    return format_html_join("", "{}", ((piece,) for piece in told))


def _captures(before: Document | None, after: Document) -> list[Difference]:
    old, new = before["captures"] if before else [], after["captures"]
    if old == new:
        return []
    return [Difference("captures", gettext("Captures"), *_lists(old, new, _capture))]


def _capture(capture: Document) -> SafeString:
    told = gettext("SHA-256 %(digest)s…, %(characters)s characters") % {
        "digest": capture["sha256"][:12],
        "characters": capture["characters"],
    }
    held = gettext("held") if capture["held"] else gettext("not held")
    return format_html("{}, {}, {}", told, when(capture["captured"]), held)
