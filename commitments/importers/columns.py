"""The flat format: one row is one commitment with what was said of it. Every column, said once.

Documented for people in `fixtures/README.md`, where a test looks for each name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from commitments.vocabulary import (
    ACTOR_KINDS,
    DATE_BASES,
    FORMS,
    POSITIONS,
    READINGS,
    SPEECH_ACTS,
    STATUSES,
    TRANSLATED,
    VOICES,
    Words,
)

SEPARATOR = ";"


@dataclass(frozen=True)
class Column:
    """`family` says which of a data set's own words stand for the same: `actor`, `kind`, or a closed list.
    `most`: characters, 0 for any number. `several`: a list with semicolons."""

    name: str
    label: Promise
    family: str = "text"
    words: Words | None = None
    most: int = 0
    several: bool = False
    needed: bool = False
    names: tuple[str, ...] = ()
    help: Promise | str = ""


def _dated(name: str, label: Promise, *names: str, needed: bool = False) -> tuple[Column, ...]:
    return (
        Column(name, label, "day", names=names, needed=needed),
        Column(f"{name}_basis", format_lazy("{}: {}", label, _("basis")), "basis", DATE_BASES),
        Column(f"{name}_note", format_lazy("{}: {}", label, _("note"))),
    )


# Other names are offered by likeness alone: the person at the desk sees and changes what is offered.
SECTIONS: tuple[tuple[Promise, tuple[Column, ...]], ...] = (
    (
        _("The commitment"),
        (
            Column(
                "key",
                _("key"),
                "line",
                most=200,
                needed=True,
                names=("id", "number", "no", "nr", "ref", "code", "identifier", "clave", "número"),
                help=_("The data set's own id of the row; it says what was imported before."),
            ),
            Column(
                "title",
                _("title"),
                "line",
                most=200,
                needed=True,
                names=("promise", "pledge", "commitment", "name", "headline", "título", "promesa", "compromiso"),
                help=_("One undertaking in a few words."),
            ),
            Column("title_es", _("title (Spanish)"), "line", most=200, names=("título",)),
            Column("summary", _("summary"), names=("description", "details", "resumen", "descripción")),
            Column("summary_es", _("summary (Spanish)")),
            Column(
                "kind",
                _("kind"),
                "kind",
                most=120,
                needed=True,
                names=("type", "category", "tipo", "categoría"),
                help=_("A word of the vocabulary of kinds, in any language."),
            ),
            Column("form", _("form"), "form", FORMS, needed=True),
            Column("condition", _("condition"), names=("conditions", "condición")),
            Column(
                "topics",
                _("topics"),
                "topic",
                several=True,
                names=("topic", "sector", "theme", "subject", "area", "tema", "temas"),
                help=_("Several with semicolons."),
            ),
            Column("places", _("places"), "place", several=True, names=("place", "location", "region", "lugar")),
        ),
    ),
    (
        _("The parties"),
        (
            Column(
                "promisor",
                _("promisor"),
                "actor",
                most=200,
                several=True,
                needed=True,
                names=("actor", "country", "government", "party", "who", "promiser", "leader", "donor", "país"),
                help=_("Who undertakes it; several with semicolons undertake it jointly."),
            ),
            Column("promisor_kind", _("kind of promisor"), "actor_kind", ACTOR_KINDS, several=True),
            Column(
                "promisee",
                _("promisee"),
                "actor",
                most=200,
                several=True,
                names=("recipient", "partner", "to", "beneficiary", "counterpart", "destinatario"),
            ),
            Column("promisee_kind", _("kind of promisee"), "actor_kind", ACTOR_KINDS, several=True),
            Column("implementer", _("implementer"), "actor", most=200, several=True, names=("agency", "ministry")),
            Column("implementer_kind", _("kind of implementer"), "actor_kind", ACTOR_KINDS, several=True),
        ),
    ),
    (
        _("When"),
        (
            *_dated("made_on", _("made on"), "date", "made", "signed", "year", "start", "fecha", needed=True),
            *_dated("due", _("due"), "deadline", "target date", "end", "until", "plazo"),
        ),
    ),
    (
        _("What was said"),
        (
            Column(
                "quote",
                _("quote"),
                names=("quotation", "text", "words", "statement", "cita", "texto"),
                help=_("The words in the file that show it; without them the whole row is the passage."),
            ),
            Column("voice", _("voice"), "voice", VOICES),
            Column("translated", _("translated"), "translated", TRANSLATED),
            Column(
                "claimant",
                _("claimant"),
                "actor",
                most=200,
                needed=True,
                names=("speaker", "said by", "author", "declarante"),
                help=_("Who asserts it in their own name; often the promisor's column."),
            ),
            Column("claimant_kind", _("kind of claimant"), "actor_kind", ACTOR_KINDS),
            Column(
                "statement",
                _("statement"),
                "line",
                most=400,
                names=("claim",),
                help=_("What is asserted, in one neutral sentence; without it the title."),
            ),
            Column("speech_act", _("speech act"), "speech_act", SPEECH_ACTS, needed=True),
            *_dated("said_on", _("said on"), "date said", "said", "announced"),
        ),
    ),
    (
        _("What it says of the commitment"),
        (
            Column("status", _("status"), "status", STATUSES, names=("state", "rating", "verdict", "estado")),
            *_dated("effective", _("status since"), "status date", "updated"),
            Column(
                "position",
                _("position"),
                "position",
                POSITIONS,
                help=_("In place of a status, in a further row of the same key."),
            ),
            Column("position_of", _("whose position"), "actor", most=200),
            Column("position_of_kind", _("kind of who has it"), "actor_kind", ACTOR_KINDS),
            Column("reading", _("reading"), "reading", READINGS, needed=True),
            Column("note", _("note on the reading"), help=_("Needed for every reading but “literal”.")),
            Column("reason", _("reason"), "line", most=400, help=_("One sentence that the public reads.")),
        ),
    ),
    (
        _("Where the data set read it"),
        (
            Column("source_title", _("title of the source"), "line", most=200, names=("source", "reference", "fuente")),
            Column(
                "source_url",
                _("address of the source"),
                "url",
                most=2000,
                names=("url", "link", "source link", "enlace"),
            ),
        ),
    ),
)
COLUMNS: dict[str, Column] = {column.name: column for _title, columns in SECTIONS for column in columns}
DATES = ("made_on", "due", "said_on", "effective")
# What a further row of the same key leaves out, or repeats.
OF_COMMITMENT = (
    *("title", "title_es", "summary", "summary_es", "kind", "form", "condition", "topics", "places"),
    *("promisor", "promisor_kind", "promisee", "promisee_kind", "implementer", "implementer_kind"),
    *("made_on", "made_on_basis", "made_on_note", "due", "due_basis", "due_note"),
)
ACTORS = tuple(name for name, column in COLUMNS.items() if column.family == "actor")
FAMILIES: dict[str, Sequence[Column]] = {
    family: [column for column in COLUMNS.values() if column.family == family]
    for family in dict.fromkeys(column.family for column in COLUMNS.values() if column.words)
}


def listed(cell: str) -> list[str]:
    return [part for piece in cell.split(SEPARATOR) if (part := piece.strip())]
