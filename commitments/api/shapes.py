"""The API's answers as JSON Schema: rows of the record (`documents.ROWS`) with what reading adds to them."""

from __future__ import annotations

from collections.abc import Iterable

from commitments import selection
from commitments import vocabulary as words
from commitments.api.included import INCLUDED, NOUNS
from commitments.documents import (
    DAY,
    DIGEST,
    FLAG,
    NUMBER,
    ROWS,
    TEXT,
    TITLED,
    Schema,
    array,
    ident,
    nullable,
    one_of,
    shape,
)
from commitments.provenance import SHOWN_OF_OCCASION, SHOWN_OF_SOURCE

INSTANT: Schema = {"type": "string", "format": "date-time"}
LINK: Schema = {"type": "string", "format": "uri"}
ANY_ID: Schema = {"type": "string"}
NOUN_NAMES = {noun: noun.title().replace("_", "") for noun in ROWS}


def partly(schema: Schema, **optional: Schema) -> Schema:
    """The shape with members that are not in every answer."""
    return schema | {"properties": schema["properties"] | optional}


def some_of(schema: Schema) -> Schema:
    """What `fields` leaves of the shape."""
    return {"type": "object", "properties": schema["properties"], "minProperties": 1, "additionalProperties": False}


def widened(schema: Schema, **added: Schema) -> Schema:
    return shape(**(schema["properties"] | added))


CLOCKS = shape(seq=NUMBER, as_of=DAY, known_at=nullable(INSTANT))
RECORD = partly(
    shape(seq=NUMBER, version=NUMBER, leaf=DIGEST, recorded_at=INSTANT),
    as_of=DAY | {"description": "Of a thing read by itself."},
    known_at=INSTANT | {"description": "Of a thing read by itself."},
)
COUNT = shape(value=NUMBER, relation={"type": "string", "enum": ["eq", "gte"]})
COUNTED = sorted({facet for known in selection.FACETS.values() for facet in known})
FACETS = partly(shape(), **dict.fromkeys(COUNTED, array(shape(value=TEXT, count=NUMBER))))
INCLUSION = partly(
    shape(),
    **{
        name: {"type": "object", "additionalProperties": {"$ref": f"#/components/schemas/{NOUN_NAMES[noun]}"}}
        for name, noun in NOUNS.items()
    },
)
LINKS = partly(shape(self=LINK, versions=LINK), page=LINK, provenance=LINK)
THINGS = {noun: widened(row, record=RECORD, links=LINKS) for noun, row in ROWS.items()}
ENTRIES = array(shape(seq=NUMBER, type=one_of(words.ENTRY_TYPES), by=TEXT, recorded_at=INSTANT, reason=TEXT))


def picked(noun: str, *members: str) -> Schema:
    return shape(**{member: ROWS[noun]["properties"][member] for member in members})


def told(noun: str, **added: Schema) -> Schema:
    return widened(ROWS[noun], entries=ENTRIES, **added)


SOURCE_TOLD = widened(picked("source", *SHOWN_OF_SOURCE), entries=ENTRIES)
CAPTURE = ROWS["source"]["properties"]["captures"]["items"]
PASSAGE_TOLD = told("passage", withheld=FLAG, source=SOURCE_TOLD, capture=CAPTURE)
CLAIM_TOLD = told("claim", passages=array(PASSAGE_TOLD), occasion=nullable(picked("occasion", *SHOWN_OF_OCCASION)))
BEARING = ROWS["claim"]["properties"]["bearings"]["items"]
SIDE_BY_SIDE = shape(
    commitment=TITLED,
    told=array(shape(claim=picked("claim", "id", "statement", "claimant", "side", "said_on"), bearing=BEARING)),
)
CHANGE = shape(
    seq=NUMBER,
    set_last=NUMBER,
    type=one_of(words.ENTRY_TYPES),
    subject=shape(type=TEXT, id=ANY_ID),
    version=NUMBER,
    nature=one_of(words.NATURES),
    reason=TEXT,
    body_digest=DIGEST,
    leaf=DIGEST,
    recorded_at=INSTANT,
    by=TEXT,
    commitments=array(ident("cmt")),
    actors=array(ident("act")),
)
EXCERPT = shape(text=TEXT, marks=array(array(NUMBER))) | {
    "description": "Of a search: part of a text, and what in it was searched for, as [start, end) in code points."
}
# Where some of the members can be asked for.
IN_PART = {
    **{NOUN_NAMES[noun]: schema for noun, schema in THINGS.items()},
    **{NOUN_NAMES[noun]: partly(THINGS[noun], excerpt=EXCERPT) for noun in ("commitment", "claim")},
    **{f"One{NOUN_NAMES[noun]}": partly(THINGS[noun], included=INCLUSION) for noun in INCLUDED},
}
COMPONENTS: dict[str, Schema] = {
    **IN_PART,
    **{f"SomeOf{name}": some_of(schema) for name, schema in IN_PART.items()},
    "CommitmentProvenance": shape(
        commitment=told("commitment", record=RECORD),
        status_changes=array(told("status_change", counts=FLAG, claims=array(CLAIM_TOLD))),
        further_claims=array(CLAIM_TOLD),
        contradictions=array(SIDE_BY_SIDE),
        next=nullable(LINK),
    ),
    "ClaimProvenance": shape(
        claim=widened(CLAIM_TOLD, record=RECORD),
        status_changes=array(told("status_change", counts=FLAG)),
        contradictions=array(SIDE_BY_SIDE),
        next=nullable(LINK),
    ),
    "Version": shape(
        n=NUMBER,
        seq=NUMBER,
        until_seq=nullable(NUMBER),
        type=one_of(words.ENTRY_TYPES),
        salt={"type": "string", "pattern": "^[0-9a-f]{32}$"},
        body_digest=DIGEST,
        leaf=DIGEST,
    ),
    "VersionBody": {"type": "object", "description": "The exact bytes that body_digest and salt prove."},
    "TimeMap": {"type": "string", "description": "Links (RFC 6690), each with the instant from which a state held."},
    "Change": CHANGE,
    "LedgerEntry": widened(
        CHANGE,
        core={"type": "object", "description": "The entry's core, parsed."},
        core_base64={"type": "string", "contentEncoding": "base64", "description": "Its exact bytes."},
    ),
    "Rubric": {"type": "object"},
    "Index": shape(
        title=TEXT,
        document=LINK,
        guide=LINK,
        console=LINK,
        resources={"type": "object", "additionalProperties": LINK, "description": "Each list, by its name."},
    ),
    "OpenAPI": {"type": "object"},
    "Problem": shape(
        type=TEXT,
        title=TEXT,
        status={"type": "integer"},
        detail=TEXT,
        errors=array(partly(shape(code=TEXT, detail=TEXT), parameter=TEXT, pointer=TEXT)),
        request_id=TEXT,
    ),
}


# What a parameter adds to a list, by the parameter's name.
ON_REQUEST: dict[str, dict[str, Schema]] = {
    "count": {"count": COUNT},
    "include": {"included": INCLUSION},
    "facets": {"count": COUNT, "facets": FACETS},
}


def list_of(thing: Schema, parameters: Iterable[str], *, is_feed: bool = False) -> Schema:
    results = array(thing)
    feed = {"up_to": NUMBER} if is_feed else {}
    optional = {member: of for name in parameters for member, of in ON_REQUEST.get(name, {}).items()}
    return partly(shape(results=results, next=nullable(LINK), **feed, record=CLOCKS), **optional)
