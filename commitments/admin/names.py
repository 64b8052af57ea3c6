"""What the desk calls things, for pages that tell documents: ids as labels that lead to the thing."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.admin.utils import quote
from django.db.models import Case, CharField, F, Func, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Least, NullIf, Substr
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from commitments import languages
from commitments.actions.filling import MODELS
from commitments.documents import NOUN_OF_PREFIX, names
from commitments.models.desk import DeskNoun
from commitments.vocabulary import STATUSES

LONGEST_WORDS = 400
LABELS: dict[str, Func | F] = {
    "actor": F("name"),
    "source": F("title"),
    "office": Concat("person__name", Value(", "), "title", output_field=TextField()),
    "occasion": F("name"),
    "commitment": F("title_en"),
    "claim": F("statement"),
    # The words: as published, else as the text we hold has them, which those who work here may see; else the place.
    "passage": Coalesce(
        NullIf("exact", Value(""), output_field=TextField()),
        Substr("capture__held__text", F("start") + 1, Least(F("end") - F("start"), LONGEST_WORDS)),
        Concat("capture__source__slug", Value(" "), "start", Value("–"), "end", output_field=TextField()),
        output_field=TextField(),
    ),
}


def noun_of(subject_id: str) -> str:
    return "term" if "/" in subject_id else NOUN_OF_PREFIX[subject_id[:3]]


def labels_of(ids: Iterable[str]) -> dict[str, str]:
    """By id; ids of nothing are left out. One query."""
    by_noun: dict[str, set[str]] = {}
    for i in ids:
        by_noun.setdefault(noun_of(i), set()).add(i)
    found = [_labelled(noun, wanted) for noun, wanted in by_noun.items()]
    if not found:
        return {}
    return dict(found[0].union(*found[1:], all=True))


def _label(noun: str) -> Func | F:
    """Words of the rubric and of vocabularies in the reader's language."""
    match noun:
        case "term":
            return Coalesce(NullIf("label_es", Value("")), "label_en") if get_language() == "es" else F("label_en")
        case "status_change":
            return Concat("commitment__title_en", Value(": "), _status(), output_field=TextField())
    return LABELS[noun]


def _status() -> Case:
    told = [When(status=slug, then=Value(languages.label(STATUSES, slug))) for slug in STATUSES.words]
    return Case(*told, default=Value(gettext("void")), output_field=TextField())


def _labelled(noun: str, ids: set[str]) -> QuerySet:
    label = Cast(_label(noun), TextField())
    rows = MODELS[noun].objects.filter(pk__any_of=sorted(ids)).order_by()
    return rows.annotate(key=Cast("pk", CharField()), told=label).values_list("key", "told")


def labels_in(filled: Iterable[tuple[str, dict]]) -> dict[str, str]:
    """Of everything that the documents name, and of themselves. One query."""
    told = list(filled)
    return labels_of({i for noun, document in told for i in (document["id"], *names(noun, document))})


def link_to(subject_id: str, labels: dict[str, str]) -> SafeString:
    """The thing by its label, leading to its form; what is gone by its id alone."""
    label = labels.get(subject_id)
    if subject_id.startswith("cap_"):
        url = reverse("admin:commitments_capture_change", args=[quote(subject_id)])
        return format_html('<a href="{}">{}</a>', url, subject_id)
    if label is None:
        return format_html("{} ({})", subject_id, gettext("no longer at the desk"))
    return format_html('<a href="{}">{}</a>', form_of(subject_id), label)


def form_of(subject_id: str) -> str:
    model = MODELS[noun_of(subject_id)]._meta.model_name
    return reverse(f"admin:commitments_{model}_change", args=[quote(subject_id)])


def page_of(thing: DeskNoun, name: str, *more: str) -> str:
    """Another page of the thing's admin."""
    return reverse(f"admin:commitments_{thing._meta.model_name}_{name}", args=[quote(thing.pk), *more])
