"""The forms of an import: the file, how it is read, its columns, its words, and publication."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commitments.admin.desk import DeskForm
from commitments.admin.verb_forms import LARGEST_UPLOAD, VerbForm, reason
from commitments.captures.tables import (
    ENCODINGS,
    FORMATS,
    NotATable,
    Table,
    Way,
    read,
    render,
    sniffed,
)
from commitments.importers.columns import COLUMNS, FAMILIES, SECTIONS, Column
from commitments.importers.mapping import ROW_NUMBER, Chosen, folded, offered, suggested
from commitments.models import Import, Source
from commitments.models.sources import url_key
from commitments.vocabulary import Words

AS_IT_SEEMS = [("", _("as it seems"))]
DELIMITER_CHOICES = [
    ("comma", _("comma ,")),
    ("semicolon", _("semicolon ;")),
    ("tab", _("tab")),
    ("pipe", _("pipe |")),
]
MOST_BEFORE = 20  # files of a data set whose mapping is offered again
ORDERS = [
    ("", _("refuse days that may be read either way")),
    ("day", _("the day comes first: 14/01/2021")),
    ("month", _("the month comes first: 01/14/2021")),
]


class ReadingFields(forms.Form):
    """How the bytes are read; empty: as it seems."""

    format = forms.ChoiceField(
        label=_("Format"), choices=[*AS_IT_SEEMS, *((f, f.upper()) for f in FORMATS)], required=False
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        choices=[*AS_IT_SEEMS, *((name, name) for name in ENCODINGS)],
        required=False,
        help_text=_("Choose another where the letters look wrong."),
    )
    delimiter = forms.ChoiceField(
        label=_("Between cells"),
        choices=[*AS_IT_SEEMS, *DELIMITER_CHOICES],
        required=False,
        help_text=_("Of CSV alone."),
    )


def way_and_table(data: bytes, told: dict[str, Any], *, name: str, language: str) -> tuple[Way, Table]:
    """Raises ValidationError."""
    try:
        way = sniffed(data, name=name, language=language)
        format_ = told.get("format") or way.format
        delimiter = told.get("delimiter") or way.delimiter or "comma"
        way = Way(format_, told.get("encoding") or way.encoding, delimiter if format_ == "csv" else "")
        table = read(data, way)
        render(table)
    except NotATable as error:
        raise ValidationError(str(error)) from error
    return way, table


class UploadForm(ReadingFields, DeskForm):
    upload = forms.FileField(
        label=_("The file"),
        help_text=_("CSV, JSON or YAML, at most 10 MiB: one row for each commitment, with names of columns."),
    )

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload.size > LARGEST_UPLOAD:
            raise ValidationError(
                _("The file has %(size)s bytes; at most %(most)s are taken. Split it.")
                % {"size": upload.size, "most": LARGEST_UPLOAD}
            )
        return upload

    def clean_data_set(self) -> str:
        return " ".join(self.cleaned_data["data_set"].split())

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        if url and Source.objects.filter(url_key=url_key(url)).exists():
            raise ValidationError(_("A source is recorded from this address already; leave it out here."))
        return url  # type: ignore[no-any-return]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("title"):
            cleaned["title"] = cleaned.get("data_set", "")
        self._check_publisher(cleaned)
        if cleaned.get("upload") and not self.errors:
            self._read(cleaned)
        return cleaned

    def _check_publisher(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("publisher") and not cleaned["publisher"].is_published:
            self.add_error("publisher", _("This actor is a draft; publish it first."))

    def _read(self, cleaned: dict[str, Any]) -> None:
        upload, imported = cleaned["upload"], self.instance
        upload.seek(0)
        imported.data = upload.read()
        imported.file_name = " ".join(upload.name.split())[-200:]
        imported.sha256 = hashlib.sha256(imported.data).hexdigest()
        try:
            way, table = way_and_table(
                imported.data, cleaned, name=imported.file_name, language=cleaned.get("language", "")
            )
        except ValidationError as error:
            self.add_error("upload", error)
            return
        put_way(imported, way, table, data_set=cleaned["data_set"], language=cleaned.get("language", ""))
        cleaned |= {"format": way.format, "encoding": way.encoding, "delimiter": way.delimiter}


def put_way(imported: Any, way: Way, table: Table, *, data_set: str, language: str) -> None:
    """The way to read it, and the mapping that is offered to begin with."""
    imported.format, imported.encoding, imported.delimiter = way.format, way.encoding, way.delimiter
    imported.size = len(table.rows)
    imported.mapping = (
        mapping_before(table, data_set) or suggested(table, data_set=data_set, language=language).as_json()
    )


def mapping_before(table: Table, data_set: str) -> dict[str, Any] | None:
    """What was chosen for the last file of the data set whose columns this one has."""
    mappings = Import.objects.filter(data_set=data_set).order_by("-pk").values_list("mapping", flat=True)
    for mapping in mappings[:MOST_BEFORE]:
        named = set(mapping.get("columns", {}).values()) - {ROW_NUMBER}
        if named and named <= set(table.columns):
            return dict(mapping)
    return None


class ReadingForm(VerbForm, ReadingFields):
    def __init__(self, *args: Any, imported: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.imported = imported
        self.initial = {name: getattr(imported, name) for name in ("format", "encoding", "delimiter")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            told = {"name": self.imported.file_name, "language": self.imported.language}
            way, table = way_and_table(bytes(self.imported.data), cleaned, **told)
            offered_by = {"data_set": self.imported.data_set, "language": self.imported.language}
            put_way(self.imported, way, table, **offered_by)
        return cleaned


class MappingForm(forms.Form):
    """For each of our columns one of theirs, and what holds where theirs has nothing."""

    order = forms.ChoiceField(label=_("Days in numbers"), choices=ORDERS, required=False)
    serials = forms.BooleanField(label=_("Numbers such as 44210 are days of a spreadsheet"), required=False)
    new_actors = forms.BooleanField(
        label=_("Propose actors that the desk does not know"),
        required=False,
        help_text=_("Else their rows are rejected, with the nearest name that is known."),
    )
    new_terms = forms.BooleanField(
        label=_("Propose kinds, topics and places that the desk does not know"), required=False
    )
    shorten = forms.BooleanField(
        label=_("Shorten titles and statements that are too long, at a word, with “…”"),
        required=False,
        help_text=_("The whole words stand in the passage."),
    )

    def __init__(self, *args: Any, table: Table, chosen: Chosen, **options: Any) -> None:
        super().__init__(*args, **options)
        self.chosen = chosen
        theirs = [("", "–"), (ROW_NUMBER, _("(number of the row)")), *((name, name) for name in table.columns)]
        for name, column in COLUMNS.items():
            label = {"aria-label": _("%(column)s: their column") % {"column": column.label}}
            self.fields[f"column-{name}"] = forms.ChoiceField(
                choices=theirs,
                required=False,
                initial=chosen.columns.get(name, ""),
                widget=forms.Select(attrs=label),
            )
            self.fields[f"constant-{name}"] = _constant(column, chosen.constants.get(name, ""))
        for name in ("order", "serials", "new_actors", "new_terms", "shorten"):
            self.fields[name].initial = getattr(chosen, name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, column in COLUMNS.items():
            day_without = name in ("made_on", "said_on", "effective")
            if (
                column.needed
                and not day_without
                and not (cleaned.get(f"column-{name}") or cleaned.get(f"constant-{name}"))
            ):
                told = {"column": column.label}
                self.add_error(
                    f"column-{name}", _("“%(column)s”: choose their column, or write what holds for all rows.") % told
                )
        return cleaned

    @property
    def sections(self) -> list[dict[str, Any]]:
        return [
            {
                "title": title,
                "lines": [
                    {"column": c, "theirs": self[f"column-{c.name}"], "constant": self[f"constant-{c.name}"]}
                    for c in columns
                ],
            }
            for title, columns in SECTIONS
        ]

    @property
    def options(self) -> list[Any]:
        return [self[name] for name in ("order", "serials", "new_actors", "new_terms", "shorten")]

    def told(self) -> Chosen:
        cleaned = self.cleaned_data
        columns = {name: theirs for name in COLUMNS if (theirs := cleaned[f"column-{name}"])}
        constants = {name: text for name in COLUMNS if (text := cleaned[f"constant-{name}"])}
        options = {name: cleaned[name] for name in ("order", "serials", "new_actors", "new_terms", "shorten")}
        return Chosen(columns=columns, constants=constants, words=self.chosen.words, **options)


def _constant(column: Column, initial: str) -> forms.Field:
    """Words of a closed list are chosen; what must come from the file has no constant."""
    label = {"aria-label": _("%(column)s: for all rows") % {"column": column.label}}
    if column.words is not None:
        choices = [("", "–"), *labels(column.words)]
        return forms.ChoiceField(choices=choices, required=False, initial=initial, widget=forms.Select(attrs=label))
    disabled = column.name in ("key", "quote")
    listed = {"list": "known-kinds"} if column.family == "kind" else {}
    listed = {"list": "known-actors"} if column.family == "actor" else listed
    return forms.CharField(
        required=False,
        disabled=disabled,
        initial="" if disabled else initial,
        max_length=column.most or 2000,
        widget=forms.TextInput(attrs=label | listed),
    )


def labels(words: Words) -> list[tuple[str, str]]:
    """In the reader's language."""
    spanish = (get_language() or "").startswith("es")
    return [(word.slug, word.es if spanish else word.en) for word in words.words.values()]


def field_of(family: str, word: str) -> str:
    """The same however many other words there are: between showing and sending the desk may learn some."""
    return f"word-{family}-{hashlib.sha256(word.encode()).hexdigest()[:16]}"


class WordsForm(forms.Form):
    """What each word of the data set stands for: one of a closed list, or a name that the desk knows."""

    def __init__(self, *args: Any, found: Sequence[tuple[str, str, int]], chosen: Chosen, **options: Any) -> None:
        super().__init__(*args, **options)
        self.found, self.chosen = found, chosen
        for family, word, _number in found:
            self.fields[field_of(family, word)] = self._field(family, word)

    def _field(self, family: str, word: str) -> forms.Field:
        label = {"aria-label": _("What “%(word)s” stands for") % {"word": word}}
        initial = self.chosen.ours(family, word)
        if family in FAMILIES:
            words = FAMILIES[family][0].words
            if words is None:
                raise ValueError(family)
            widget = forms.Select(attrs=label)
            initial = initial or offered(words, word)
            choices = [("", "–"), *labels(words)]
            return forms.ChoiceField(choices=choices, required=False, initial=initial, widget=widget)
        attrs = label | {"list": "known-actors" if family == "actor" else f"known-{family}s"}
        return forms.CharField(required=False, initial=initial, max_length=200, widget=forms.TextInput(attrs=attrs))

    @property
    def families(self) -> list[dict[str, Any]]:
        """In the order in which they were found."""
        grouped: dict[str, list[dict[str, Any]]] = {}
        for family, word, number in self.found:
            line = {"word": word, "number": number, "field": self[field_of(family, word)]}
            grouped.setdefault(family, []).append(line)
        return [{"title": TITLES[family], "lines": lines} for family, lines in grouped.items()]

    def told(self) -> Chosen:
        words = {family: dict(known) for family, known in self.chosen.words.items()}
        for family, word, _number in self.found:
            ours = self.cleaned_data[field_of(family, word)]
            if ours:
                words.setdefault(family, {})[folded(word)] = ours
            else:
                words.get(family, {}).pop(folded(word), None)
        return Chosen(**(self.chosen.as_json() | {"words": words}))


TITLES = {
    "form": _("Forms"),
    "basis": _("Bases of dates"),
    "voice": _("Voices"),
    "translated": _("Translated or not"),
    "speech_act": _("Speech acts"),
    "status": _("Statuses"),
    "position": _("Positions"),
    "reading": _("Readings"),
    "actor_kind": _("Kinds of actors"),
    "actor": _("Actors"),
    "kind": _("Kinds of commitments"),
    "topic": _("Topics"),
    "place": _("Places"),
}


class DraftForm(forms.Form):
    leave_out = forms.BooleanField(required=False)

    def __init__(self, *args: Any, rejected: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["leave_out"].required = bool(rejected)
        self.fields["leave_out"].error_messages = {
            "required": _("Some rows are rejected: mend the file or the mapping, or say that they may be left out.")
        }


class PublishImportForm(VerbForm):
    reason = reason(_("One sentence that the public will read with each entry, such as “From the register of 2026”."))
