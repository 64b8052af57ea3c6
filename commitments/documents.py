"""What the public sees of each noun, said once, as JSON Schema (2020-12).

`DOCUMENTS` are the stated, digested documents of a version: they refer to other things by id alone, and hold
integers and strings, no floats. `ROWS` are what the API answers: the document with labels and what is
derived. Both are used to check (`manage.py verify`) and as components of the OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from commitments import vocabulary as words

Schema = dict[str, Any]
Namer = Callable[[Any, set[str]], None]
Orderer = Callable[[Any], Any]
Resolve = Callable[[str], str]
Resolver = Callable[[Any, Resolve], Any]

FORMAT_VERSION = 1
PREFIXES = {
    "actor": "act",
    "office": "off",
    "occasion": "occ",
    "source": "src",
    "passage": "psg",
    "claim": "clm",
    "commitment": "cmt",
    "status_change": "sch",
}
NOUN_OF_PREFIX = {prefix: noun for noun, prefix in PREFIXES.items()}
# Subjects of the ledger, in an order in which none names a later one, lineage and bearings apart.
SUBJECT_TYPES = (
    "term",
    "actor",
    "source",
    "passage",
    "office",
    "occasion",
    "commitment",
    "claim",
    "status_change",
)
# What may have been recorded twice, and can be merged into its twin.
MERGEABLE = ("actor", "source", "commitment")

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0, "maximum": 2**53 - 1}
FLAG: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date"}
DIGEST: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def ident(*prefixes: str) -> Schema:
    """A reference to another published thing (`format: id`), by its TypeID."""
    return {"type": "string", "format": "id", "pattern": f"^({'|'.join(prefixes)})_[0-7][0-9a-z]{{25}}$"}


def term(scheme: str) -> Schema:
    return {"type": "string", "format": "id", "pattern": f"^{scheme}/[a-z0-9_-]+$"}


def own_id(prefix: str) -> Schema:
    return ident(prefix) | {"format": "own-id"}


def one_of(vocabulary: words.Words) -> Schema:
    return {"type": "string", "enum": list(vocabulary)}


def array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def shape(**properties: Schema) -> Schema:
    """An object with exactly these members, each of them required."""
    named = {key.rstrip("_"): value for key, value in properties.items()}
    return {
        "type": "object",
        "properties": named,
        "required": list(named),
        "additionalProperties": False,
    }


DATE = shape(edtf=nullable(TEXT), earliest=DAY, latest=DAY, basis=one_of(words.DATE_BASES), note=nullable(TEXT))
LABELS = shape(en=TEXT, es=nullable(TEXT))
NAMED = shape(id=ident("act", "occ"), name=TEXT)
TITLED = shape(id=ident("cmt"), title=LABELS)
CAPTURE = shape(
    id=own_id("cap"),
    sha256=DIGEST,
    size=NUMBER,
    text_sha256=DIGEST,
    characters=NUMBER,
    normaliser=TEXT,
    captured=DATE,
    how=nullable(TEXT),
    held=FLAG,
)
RETRACTED = nullable(shape(reason=TEXT))

DOCUMENTS: dict[str, Schema] = {
    "term": shape(
        id={"type": "string", "format": "own-id", "pattern": "^(kind|topic|place)/[a-z0-9_-]+$"},
        scheme=one_of(words.SCHEMES),
        slug=TEXT,
        labels=LABELS,
        broader=nullable({"type": "string", "format": "id"}),
    ),
    "actor": shape(
        id=own_id("act"),
        slug=TEXT,
        name=TEXT,
        names={"type": "object", "additionalProperties": TEXT},
        kind=one_of(words.ACTOR_KINDS),
        part_of=nullable(ident("act")),
    ),
    "office": shape(
        id=own_id("off"),
        slug=TEXT,
        person=ident("act"),
        title=TEXT,
        body=ident("act"),
        from_=DATE,
        to=DATE,
        passages=array(ident("psg")),
    ),
    "occasion": shape(
        id=own_id("occ"),
        slug=TEXT,
        name=TEXT,
        kind=one_of(words.OCCASION_KINDS),
        date=DATE,
        place=nullable(term("place")),
        access=one_of(words.ACCESS_TERMS),
        participants=array(
            shape(
                office=nullable(ident("off")),
                actor=nullable(ident("act")),
                capacity=nullable(TEXT),
                passages=array(ident("psg")),
            )
        ),
        passages=array(ident("psg")),
    ),
    "source": shape(
        id=own_id("src"),
        slug=TEXT,
        title=TEXT,
        kind=one_of(words.SOURCE_KINDS),
        publisher=nullable(shape(actor=ident("act"), basis=one_of(words.DATE_BASES), note=nullable(TEXT))),
        byline=nullable(TEXT),
        language=nullable(TEXT),
        url=nullable(TEXT),
        archive_url=nullable(TEXT),
        published=DATE,
        rights=one_of(words.RIGHTS),
        captures=array(CAPTURE),
    ),
    "passage": shape(
        id=own_id("psg"),
        source=ident("src"),
        capture=own_id("cap"),
        start=NUMBER,
        end=NUMBER,
        exact=nullable(TEXT),
        exact_sha256=DIGEST,
        prefix=nullable(TEXT),
        suffix=nullable(TEXT),
        locator=one_of(words.LOCATORS),
        locator_at=nullable(TEXT),
        voice=one_of(words.VOICES),
        translated=one_of(words.TRANSLATED),
        hops=array(
            shape(
                actor=nullable(ident("act")),
                described_as=nullable(TEXT),
                act=one_of(words.SPEECH_ACTS),
                note=nullable(TEXT),
            )
        ),
        check=one_of(words.ANCHORS),
    ),
    "claim": shape(
        id=own_id("clm"),
        statement=TEXT,
        claimant=ident("act"),
        office=nullable(ident("off")),
        on_behalf_of=nullable(ident("act")),
        speech_act=one_of(words.SPEECH_ACTS),
        said_on=DATE,
        occasion=nullable(ident("occ")),
        passages=array(ident("psg")),
        bearings=array(
            shape(
                commitment=ident("cmt"),
                status=nullable(one_of(words.STATUSES)),
                actor=nullable(ident("act")),
                position=nullable(one_of(words.POSITIONS)),
                reading=one_of(words.READINGS),
                note=nullable(TEXT),
                passages=array(ident("psg")),
            )
        ),
    ),
    "commitment": shape(
        id=own_id("cmt"),
        slug=TEXT,
        title=LABELS,
        summary=shape(en=nullable(TEXT), es=nullable(TEXT)),
        kind=term("kind"),
        form=one_of(words.FORMS),
        parties=array(shape(role=one_of(words.ROLES), actor=ident("act"))),
        condition=nullable(TEXT),
        places=array(term("place")),
        topics=array(term("topic")),
        made_on=DATE,
        due=nullable(DATE),
        due_first=nullable(DATE),
        occasion=nullable(ident("occ")),
        lineage=array(
            shape(
                type=one_of(words.LINEAGE_TYPES),
                commitment=ident("cmt"),
                reading=one_of(words.READINGS),
                note=nullable(TEXT),
                passages=array(ident("psg")),
            )
        ),
    ),
    "status_change": shape(
        id=own_id("sch"),
        commitment=ident("cmt"),
        status=nullable(one_of(words.STATUSES)),
        effective=nullable(DATE),
        nature=one_of(words.NATURES),
        claims=array(ident("clm")),
        reason=TEXT,
        corrects=nullable(ident("sch")),
    ),
}
BODIES: dict[str, Schema] = {
    subject_type: shape(document=document, reason=TEXT, corrects=nullable(NUMBER))
    for subject_type, document in DOCUMENTS.items()
}
# Of the entries that merge a thing: it is the same as `into`, under whose id it is found from then on.
MERGING_BODIES: dict[str, Schema] = {
    noun: shape(document=DOCUMENTS[noun], reason=TEXT, corrects=nullable(NUMBER), into=ident(PREFIXES[noun]))
    for noun in MERGEABLE
}


def _row(subject_type: str, **changed: Schema) -> Schema:
    """A document's members, some with labels, then what is derived, then the retraction."""
    return shape(**(DOCUMENTS[subject_type]["properties"] | changed | {"retracted": RETRACTED}))


OFFICE_LABEL = shape(id=ident("off"), title=TEXT, body=NAMED)
_PASSAGE = _row(
    "passage",
    source=shape(id=ident("src"), title=TEXT),
    hops=array(
        shape(
            actor=nullable(NAMED),
            described_as=nullable(TEXT),
            act=one_of(words.SPEECH_ACTS),
            note=nullable(TEXT),
        )
    ),
)
ROWS: dict[str, Schema] = {
    "term": _row("term"),
    "actor": _row(
        "actor",
        part_of=nullable(NAMED),
        side=nullable(NAMED),
        offices=array(shape(id=ident("off"), title=TEXT, body=NAMED, from_=DATE, to=DATE)),
    ),
    "office": _row("office", person=NAMED, body=NAMED, side=nullable(NAMED)),
    "occasion": _row(
        "occasion",
        participants=array(
            shape(
                actor=NAMED,
                office=nullable(OFFICE_LABEL),
                capacity=nullable(TEXT),
                passages=array(ident("psg")),
            )
        ),
    ),
    "source": _row(
        "source",
        publisher=nullable(shape(id=ident("act"), name=TEXT, basis=one_of(words.DATE_BASES), note=nullable(TEXT))),
    ),
    "passage": _PASSAGE,
    "claim": _row(
        "claim",
        claimant=NAMED,
        office=nullable(OFFICE_LABEL),
        on_behalf_of=nullable(NAMED),
        occasion=nullable(NAMED),
        passages=array(_PASSAGE),
        bearings=array(
            shape(
                commitment=TITLED,
                status=nullable(one_of(words.STATUSES)),
                actor=nullable(NAMED),
                side=nullable(NAMED),
                position=nullable(one_of(words.POSITIONS)),
                reading=one_of(words.READINGS),
                note=nullable(TEXT),
                passages=array(ident("psg")),
            )
        ),
        side=nullable(NAMED),
        directness=NUMBER,
        counts_from=DAY,
    ),
    "status_change": _row(
        "status_change", commitment=TITLED, counts_from=nullable(DAY), corrected_by=nullable(ident("sch"))
    ),
    "commitment": _row(
        "commitment",
        parties=array(shape(role=one_of(words.ROLES), actor=NAMED)),
        occasion=nullable(NAMED),
        lineage=array(
            shape(
                type=one_of(words.LINEAGE_TYPES),
                commitment=TITLED,
                reading=one_of(words.READINGS),
                note=nullable(TEXT),
                passages=array(ident("psg")),
            )
        ),
        status=nullable(one_of(words.STATUSES)),
        open=FLAG,
        status_since=nullable(DATE),
        status_claims=array(ident("clm")),
        positions=array(
            shape(
                side=nullable(NAMED),
                actor=NAMED,
                position=one_of(words.POSITIONS),
                claim=ident("clm"),
                reading=one_of(words.READINGS),
                own_word=FLAG,
            )
        ),
        flags=shape(disputed=FLAG, overdue=FLAG, single_party=FLAG),
        silent_since=nullable(DAY),
        counts=shape(claims=NUMBER, independent_roots=NUMBER, sources=NUMBER),
    ),
}


def _holds_ids(schema: Schema) -> bool:
    parts = [*schema.get("anyOf", ()), *schema.get("properties", {}).values(), schema.get("items", {})]
    return schema.get("format") == "id" or any(_holds_ids(part) for part in parts if part)


def _namer(schema: Schema) -> Namer:
    """Adds to a set every id of another thing that a value of the schema names. Most of a document holds no ids
    and is not walked."""
    if schema.get("format") == "id":
        return lambda value, found: found.add(value)
    if "anyOf" in schema:
        return _namer(next(option for option in schema["anyOf"] if _holds_ids(option)))
    if "items" in schema:
        return _namer_of_each(schema["items"])
    members = [(key, _namer(member)) for key, member in schema.get("properties", {}).items() if _holds_ids(member)]

    def add_members(value: Any, found: set[str]) -> None:
        for key, add in members:
            if value[key] is not None:
                add(value[key], found)

    return add_members


def _namer_of_each(schema: Schema) -> Namer:
    if schema.get("format") == "id":
        return lambda values, found: found.update(values)
    add = _namer(schema)

    def add_each(values: Any, found: set[str]) -> None:
        for value in values:
            add(value, found)

    return add_each


NAMERS = {subject_type: _namer(schema) for subject_type, schema in DOCUMENTS.items()}


def names(subject_type: str, document: dict[str, Any]) -> list[str]:
    """The ids that a document names, each once, sorted."""
    found: set[str] = set()
    NAMERS[subject_type](document, found)
    return sorted(found)


def _resolver(schema: Schema) -> Resolver:
    """A value of the schema with each id of another thing that it names put through a function."""
    if schema.get("format") == "id":
        return lambda value, resolve: resolve(value)
    if "anyOf" in schema:
        return _resolver(next(option for option in schema["anyOf"] if _holds_ids(option)))
    if "items" in schema:
        of_each = _resolver(schema["items"])
        return lambda values, resolve: [of_each(value, resolve) for value in values]
    members = [(key, _resolver(member)) for key, member in schema.get("properties", {}).items() if _holds_ids(member)]
    return lambda value, resolve: (
        value | {key: of_member(value[key], resolve) for key, of_member in members if value[key] is not None}
    )


RESOLVERS = {subject_type: _resolver(schema) for subject_type, schema in DOCUMENTS.items()}


def resolved(subject_type: str, document: dict[str, Any], resolve: Resolve) -> dict[str, Any]:
    """The document with other ids for what it names; its own stays."""
    return RESOLVERS[subject_type](document, resolve)  # type: ignore[no-any-return]


def _orderer(schema: Schema) -> Orderer | None:
    """Puts a value's members in the schema's order (free keys sorted); None: it has no members at any depth."""
    schema = schema.get("anyOf", (schema,))[0]
    if "items" in schema:
        return _orderer_of_each(schema["items"])
    if schema.get("type") != "object":
        return None
    if "properties" not in schema:
        return lambda value: dict(sorted(value.items()))
    members = [(key, _orderer(member)) for key, member in schema["properties"].items()]
    return lambda value: {
        key: value[key] if order is None or value[key] is None else order(value[key])
        for key, order in members
        if key in value
    }


def _orderer_of_each(schema: Schema) -> Orderer | None:
    order = _orderer(schema)
    return None if order is None else lambda values: [order(value) for value in values]


ROW_ORDERERS = {subject_type: _orderer(schema) for subject_type, schema in ROWS.items()}


def in_order(subject_type: str, row: dict[str, Any]) -> dict[str, Any]:
    """The row with its members in the schema's order at every depth, so that it has one spelling."""
    return ROW_ORDERERS[subject_type](row)  # type: ignore[no-any-return, misc]
