"""The rubric: every fixed word of the record, what it means, and the rules between statuses.

Pure Python: no Django, no database. The rubric is published at `/api/v1/rubric/`; `RUBRIC_VERSION` moves
whenever a word, a group or a rule does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

RUBRIC_VERSION = 2


@dataclass(frozen=True)
class Word:
    """One word: its slug, its labels, and one sentence for the person who must choose it."""

    slug: str
    en: str
    es: str
    meaning: str = ""


class Sentence(str):
    """A finished English sentence that keeps its pattern and what was put into it: others may say it anew in
    another language."""

    pattern: str
    facts: dict[str, object]

    def __new__(cls, pattern: str, **facts: object) -> Sentence:
        said = super().__new__(cls, pattern % facts)
        said.pattern, said.facts = pattern, facts
        return said


class Words:
    """An ordered, closed list of words; iterates over slugs, answers `in`, `[slug]` and Django `choices`."""

    def __init__(self, *words: Word) -> None:
        self.words = {word.slug: word for word in words}

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __contains__(self, slug: object) -> bool:
        return slug in self.words

    def __getitem__(self, slug: str) -> Word:
        return self.words[slug]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(word.slug, word.en) for word in self.words.values()]

    def published(self) -> list[dict[str, str]]:
        return [{"slug": w.slug, "en": w.en, "es": w.es, "meaning": w.meaning} for w in self.words.values()]


STATUSES = Words(
    Word("discussed", "Discussed", "Conversado", "Talked about; nobody has undertaken or offered anything."),
    Word("pledged", "Pledged", "Prometido", "One side has undertaken it; it needs nobody's yes."),
    Word("proposed", "Proposed", "Propuesto", "An offer, request or proposal is on the table."),
    Word("agreed", "Agreed", "Acordado", "The parties are said to have agreed."),
    Word("in_progress", "In progress", "En curso", "Work on it is said to have begun."),
    Word("stalled", "Stalled", "Detenido", "Work on it is said to have stopped for now."),
    Word("partly_fulfilled", "Partly fulfilled", "Cumplido en parte", "Part of it is said to be done."),
    Word("fulfilled", "Fulfilled", "Cumplido", "It is said to be done."),
    Word(
        "declined",
        "Not accepted",
        "No aceptado",
        "Not taken up: refused, or left unaccepted. The reading says which word the source used.",
    ),
    Word("withdrawn", "Withdrawn", "Retirado", "Its promisor is said to have taken it back."),
    Word("lapsed", "Lapsed", "Caducado", "It is said to have ended unused; no clock says so by itself."),
    Word("superseded", "Superseded", "Sustituido", "Another commitment in this record took its place."),
    Word("not_fulfilled", "Not fulfilled", "Incumplido", "It is said to have ended undone."),
    Word("unclear", "Unclear", "No está claro", "The words do not carry a status."),
)
OPEN = ("pledged", "proposed", "agreed", "in_progress", "stalled", "partly_fulfilled")
NEITHER = ("discussed", "unclear")
CLOSED = tuple(status for status in STATUSES if status not in OPEN + NEITHER)

POSITIONS = Words(
    Word("proposes", "Proposes", "Propone", "Puts it forward."),
    Word("favours", "Favours", "Ve con buenos ojos", "Speaks well of it without accepting it."),
    Word("accepts", "Accepts", "Acepta", "Says yes to it."),
    Word("not_accepted", "Has not accepted", "No lo ha aceptado", "No yes is known; a refusal is not said."),
    Word("declines", "Declines", "Rechaza", "Says no to it."),
    Word("silent", "Silent", "Guarda silencio", "Has not answered."),
    Word("denies", "Denies", "Niega", "Says it was not so."),
    Word("reserves", "Reserves its position", "Se reserva", "Leaves its answer open."),
)

SPEECH_ACTS = Words(
    Word("offers", "offers", "ofrece"),
    Word("requests", "requests", "solicita"),
    Word("proposes", "proposes", "propone"),
    Word("announces", "announces", "anuncia"),
    Word("pledges", "pledges", "promete"),
    Word("agrees", "agrees", "acuerda"),
    Word("accepts", "accepts", "acepta"),
    Word("refuses", "refuses", "rehúsa"),
    Word("denies", "denies", "niega"),
    Word("confirms", "confirms", "confirma"),
    Word("reaffirms", "reaffirms", "reafirma"),
    Word("discusses", "discusses", "trata"),
    Word("reports", "reports", "informa"),
    Word("threatens", "threatens", "amenaza"),
)

READINGS = Words(
    Word("literal", "Literal", "Literal", "The words say it."),
    Word("implied", "Implied", "Implícito", "The words carry it without saying it; the note says how."),
    Word("outlet", "The outlet's word", "Palabra del medio", "The outlet's other or stronger word."),
    Word("inference", "Our inference", "Inferencia nuestra", "The curator's reasoning; the note shows it."),
)

FORMS = Words(
    Word("offer", "Offer", "Oferta", "One side would do it if the other takes it up."),
    Word("request", "Request", "Solicitud", "One side asks the other to do it."),
    Word("proposal", "Proposal", "Propuesta", "One side suggests doing it together."),
    Word("pledge", "Pledge", "Compromiso", "One side undertakes it."),
    Word("agreement", "Agreement", "Acuerdo", "The parties undertake it together."),
    Word("framework", "Framework", "Marco", "A body or common text under which others stand."),
)
ROLES = Words(
    Word("promisor", "Promisor", "Promitente", "Who undertakes it."),
    Word("promisee", "Promisee", "Destinatario", "To whom it is undertaken."),
    Word("joint", "Joint party", "Parte conjunta", "Undertakes it together with the others."),
    Word("implementer", "Implementer", "Ejecutor", "Who is to carry it out."),
)
LINEAGE_TYPES = Words(
    Word("renews", "renews", "renueva"),
    Word("strengthens", "strengthens", "refuerza"),
    Word("implements", "implements", "ejecuta"),
    Word("part_of", "is part of", "es parte de"),
    Word("responds_to", "responds to", "responde a"),
    Word("supersedes", "supersedes", "sustituye"),
    Word("revives", "revives", "reactiva"),
)
ACTOR_KINDS = Words(
    Word("state", "State", "Estado"),
    Word("public_body", "Public body", "Organismo público"),
    Word("organisation", "Organisation", "Organización"),
    Word("outlet", "Outlet", "Medio"),
    Word("person", "Person", "Persona"),
    Word("unnamed_group", "Unnamed group", "Grupo sin nombre", "A group the source leaves unnamed."),
)
OCCASION_KINDS = Words(
    Word("meeting", "Meeting", "Reunión"),
    Word("visit", "Visit", "Visita"),
    Word("press_conference", "Press conference", "Conferencia de prensa"),
    Word("statement", "Statement", "Comunicado"),
    Word("hearing", "Hearing", "Audiencia"),
    Word("call", "Call", "Llamada"),
    Word("other", "Other", "Otro"),
)
ACCESS_TERMS = Words(
    Word("public", "Public", "Pública"),
    Word("press_only", "Press only", "Solo prensa", "Only the press, or part of it, was let in."),
    Word("restricted", "Restricted", "Restringida", "Neither public nor press."),
    Word("unknown", "Unknown", "Se desconoce"),
)
SOURCE_KINDS = Words(
    Word("news_article", "News article", "Artículo de prensa"),
    Word("press_release", "Press release", "Boletín de prensa"),
    Word("official_statement", "Official statement", "Comunicado oficial"),
    Word("speech", "Speech", "Discurso"),
    Word("interview", "Interview", "Entrevista"),
    Word("document", "Document", "Documento"),
    Word("social_media_post", "Social media post", "Publicación en redes"),
    Word("other", "Other", "Otro"),
)
RIGHTS = Words(
    Word("quote_only", "Quotation only", "Solo cita", "Also when the rights are not known."),
    Word("full_text", "Full text", "Texto íntegro", "The public may see the whole text."),
)
LOCATORS = Words(
    Word("headline", "Headline", "Titular"),
    Word("dateline", "Dateline", "Fecha y lugar"),
    Word("caption", "Caption", "Pie de foto"),
    Word("body", "Body", "Cuerpo"),
    Word("file_name", "File name", "Nombre de archivo"),
    Word("page", "Page", "Página"),
    Word("time_code", "Time code", "Código de tiempo"),
)
VOICES = Words(
    Word("quoted", "Quoted", "Citado", "Given as the speaker's own words."),
    Word("paraphrased", "Paraphrased", "Parafraseado", "The speaker's content in the source's words."),
    Word("narrated", "Narrated", "Narrado", "The source tells it in its own name."),
)
TRANSLATED = Words(
    Word("yes", "Translated", "Traducido"),
    Word("no", "Not translated", "No traducido"),
    Word("unknown", "Unknown", "Se desconoce"),
)
ANCHORS = Words(
    Word("found", "Found", "Hallado", "The words stand at their position, and in the newest capture that we hold."),
    Word("ambiguous", "Ambiguous", "Ambiguo", "The words stand elsewhere than they did, or at several places."),
    Word("orphaned", "Orphaned", "Huérfano", "The words no longer stand in the newest text that we hold."),
    Word("text_not_held", "Text not held", "Texto no disponible", "We hold digests, not the text."),
)
DATE_BASES = Words(
    Word("stated", "Stated", "Declarada", "The source gives the date."),
    Word("dateline", "Dateline", "Fecha de emisión", "From the dateline of the source."),
    Word("weekday_resolved", "Weekday resolved", "Día de la semana resuelto", "Worked out from a weekday."),
    Word("caption", "Caption", "Pie de foto", "From a caption."),
    Word("file_name", "File name", "Nombre de archivo", "From the name of a file."),
    Word("known_by", "Known by", "Sabido a más tardar", "True by this day; when it began is not told."),
    Word("curator_estimate", "Curator's estimate", "Estimación del curador", "Reasoned by the curator."),
    Word("unknown", "Unknown", "Se desconoce", "No date is told."),
)
NATURES = Words(
    Word("world", "Something happened", "Algo ocurrió"),
    Word("correction", "We were wrong", "Nos equivocamos"),
)
SCHEMES = Words(
    Word("kind", "Kind of commitment", "Tipo de compromiso"),
    Word("topic", "Topic", "Tema"),
    Word("place", "Place", "Lugar"),
)
ENTRY_TYPES = Words(
    Word("publish", "Published", "Publicado"),
    Word("amend", "Amended", "Enmendado"),
    Word("record_status", "Status recorded", "Estado registrado"),
    Word("correct_status", "Status corrected", "Estado corregido"),
    Word("retract", "Retracted", "Retirado del registro"),
    Word("fill_capture", "Capture brought", "Captura aportada"),
    Word("recheck", "Passage checked again", "Pasaje verificado de nuevo"),
    Word("merge", "Merged into another", "Fusionado con otro", "It was recorded twice; what names it shows the other."),
    Word("unmerge", "Merge undone", "Fusión deshecha", "The two are not the same after all; each stands for itself."),
)

# Pairs that cannot both be so: told by claimants of different sides they make a commitment disputed.
CONTRADICTORY_STATUSES = frozenset(
    frozenset(pair)
    for pair in (
        ("agreed", "declined"),
        ("agreed", "withdrawn"),
        ("in_progress", "declined"),
        ("in_progress", "stalled"),
        ("in_progress", "withdrawn"),
        ("in_progress", "not_fulfilled"),
        ("partly_fulfilled", "not_fulfilled"),
        ("fulfilled", "declined"),
        ("fulfilled", "withdrawn"),
        ("fulfilled", "stalled"),
        ("fulfilled", "partly_fulfilled"),
        ("fulfilled", "lapsed"),
        ("fulfilled", "not_fulfilled"),
    )
)
CONTRADICTORY_POSITIONS = frozenset(
    frozenset(pair)
    for pair in (
        ("proposes", "denies"),
        ("favours", "declines"),
        ("favours", "denies"),
        ("accepts", "not_accepted"),
        ("accepts", "declines"),
        ("accepts", "silent"),
        ("accepts", "denies"),
        ("accepts", "reserves"),
    )
)


def is_open(status: str | None) -> bool:
    return status in OPEN


def refusal_of_step(before: str | None, after: str, *, superseded_by: bool) -> Sentence | None:
    """Why `after` may not follow `before` in world order, or None. `before` None: the first we learn."""
    if after == before:
        return Sentence("the status before it is already “%(after)s”", after=after)
    if after == "discussed" and before is not None:
        return Sentence("“discussed” may only come first, never after “%(before)s”", before=before)
    if after == "superseded" and not superseded_by:
        return Sentence("“superseded” needs a published commitment whose lineage says that it supersedes this one")
    return None


def allowed_statuses(before: str | None, after: str | None, *, superseded_by: bool) -> list[str]:
    """The statuses that may stand between two neighbours in world order (None: no neighbour)."""
    return [
        status
        for status in STATUSES
        if refusal_of_step(before, status, superseded_by=superseded_by) is None
        and (after is None or refusal_of_step(status, after, superseded_by=True) is None)
    ]


def rubric() -> dict[str, object]:
    """The whole rubric as published: words, groups, rules, contradictions, labels."""
    return {
        "version": RUBRIC_VERSION,
        "groups": {"open": list(OPEN), "neither": list(NEITHER), "closed": list(CLOSED)},
        "rules": [
            Sentence("Any status may be the first we learn."),
            Sentence("A status never equals the one before it in world order."),
            Sentence("discussed never comes after another status."),
            Sentence("superseded only where another commitment's lineage supersedes this one."),
            Sentence("A closed commitment is reopened by a new status change that cites a new claim."),
            Sentence("No clock changes a status: a passed deadline shows as overdue, a long silence as silent_since."),
        ],
        "contradictions": {
            "statuses": sorted(sorted(pair) for pair in CONTRADICTORY_STATUSES),
            "positions": sorted(sorted(pair) for pair in CONTRADICTORY_POSITIONS),
        },
        "words": {
            "statuses": STATUSES.published(),
            "positions": POSITIONS.published(),
            "speech_acts": SPEECH_ACTS.published(),
            "readings": READINGS.published(),
            "forms": FORMS.published(),
            "roles": ROLES.published(),
            "lineage_types": LINEAGE_TYPES.published(),
            "actor_kinds": ACTOR_KINDS.published(),
            "occasion_kinds": OCCASION_KINDS.published(),
            "access_terms": ACCESS_TERMS.published(),
            "source_kinds": SOURCE_KINDS.published(),
            "rights": RIGHTS.published(),
            "locators": LOCATORS.published(),
            "voices": VOICES.published(),
            "translated": TRANSLATED.published(),
            "anchors": ANCHORS.published(),
            "date_bases": DATE_BASES.published(),
            "natures": NATURES.published(),
            "schemes": SCHEMES.published(),
            "entry_types": ENTRY_TYPES.published(),
        },
    }
