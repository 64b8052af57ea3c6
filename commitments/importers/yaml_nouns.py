"""From nodes to drafts of the desk: one builder a noun. A link to what may stand later is a second pass."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from commitments import models
from commitments.importers.yaml_names import Names, own_id
from commitments.importers.yaml_nodes import Mapping
from commitments.vocabulary import (
    ACCESS_TERMS,
    ACTOR_KINDS,
    DATE_BASES,
    FORMS,
    LINEAGE_TYPES,
    LOCATORS,
    NATURES,
    OCCASION_KINDS,
    POSITIONS,
    READINGS,
    RIGHTS,
    ROLES,
    SOURCE_KINDS,
    SPEECH_ACTS,
    STATUSES,
    TRANSLATED,
    VOICES,
)

Builder = Callable[[Names, str, Mapping], Any]


def build_term(names: Names, key: str, node: Mapping) -> Any:
    scheme, slug = key.split("/")
    label = node.mapping("label")
    if label is None:
        raise node.refuse("“label” is missing; give {en: …, es: …}.")
    if key in names.recorded:
        node.taken |= set(node.members)
        found = names.things["term", key] = models.Term.objects.get(pk=key)
        return found
    node.taken.add("broader")
    term = models.Term(
        id=key,
        scheme=scheme,
        slug=slug,
        label_en=label.needed("en"),
        label_es=label.text("es"),
    )
    return names.put("term", key, term)


def link_broader(names: Names, key: str, node: Mapping) -> None:
    """A second pass: a term may stand before the wider one."""
    if key not in names.recorded and (broader := node.text("broader")):
        term = names.things["term", key]
        term.broader = names.lookup("term", f"{term.scheme}/{broader}", node.members["broader"].where)
        term.save(update_fields=["broader"])


def build_actor(names: Names, key: str, node: Mapping) -> Any:
    subject_id, found = names.begin("actor", key, node)
    if found:
        return found
    actor = models.Actor(
        id=subject_id,
        slug=key,
        name=node.needed("name"),
        kind=node.needed_word("kind", ACTOR_KINDS),
    )
    node.taken.add("part_of")
    names.put("actor", key, actor)
    other_names = node.mapping("names")
    for language in other_names.members if other_names else ():
        models.ActorName.objects.create(actor=actor, language=language, name=other_names.needed(language))  # type: ignore[union-attr]
    return actor


def link_part_of(names: Names, key: str, node: Mapping) -> None:
    """A second pass: an actor may stand before the one it is part of."""
    actor = names.things["actor", key]
    if actor.pk not in names.recorded:
        actor.part_of = names.find(node, "part_of", "actor", needed=False)
        actor.save(update_fields=["part_of"])


def build_source(names: Names, key: str, node: Mapping) -> Any:
    subject_id, found = names.begin("source", key, node)
    if found:
        for written in node.mappings("captures"):
            names.things["capture", written.where.split(":")[0]] = models.Capture.objects.get(pk=written.text("id"))
        return found
    publisher = node.mapping("publisher")
    source = models.Source(
        id=subject_id,
        slug=node.needed("slug"),
        title=node.needed("title"),
        kind=node.needed_word("kind", SOURCE_KINDS),
        publisher=names.find(publisher, "actor", "actor") if publisher else None,
        publisher_basis=publisher.needed_word("basis", DATE_BASES) if publisher else "",
        publisher_note=publisher.text("note") if publisher else "",
        byline=node.text("byline"),
        language=node.text("language"),
        url=node.text("url"),
        archive_url=node.text("archive_url"),
        published=node.date("published", names.day),
        rights=node.word("rights", RIGHTS, "quote_only"),
    )
    names.put("source", key, source)
    for written in node.mappings("captures"):
        _build_capture(names, source, written)
    return source


def _build_capture(names: Names, source: models.Source, node: Mapping) -> None:
    """The last capture of a file is the one its passages stand in, unless a passage names another."""
    if node.text("held") not in ("", "false"):
        raise node.refuse("this format brings digests alone; bring the bytes afterwards.", "held")
    capture = models.Capture(
        id=own_id(node, "cap"),
        source=source,
        sha256=node.digest("sha256"),
        size=node.number("size"),
        text_sha256=node.digest("text_sha256"),
        characters=node.number("characters"),
        normaliser=node.needed("normaliser"),
        captured=node.date("captured", names.day),
        how=node.text("how"),
    )
    node.refuse_rest()
    capture.full_clean(validate_constraints=False)
    capture.save(force_insert=True)
    names.things["capture", node.where.split(":")[0]] = capture


def build_passage(names: Names, key: str, node: Mapping) -> Any:
    file = node.where.split(":")[0]
    capture = names.things.get(("capture", file))
    if not isinstance(capture, models.Capture):
        raise node.refuse("a passage needs a source with a capture in the same file.")
    subject_id, found = names.begin("passage", f"{file}#{key}", node)
    passage = found or models.Passage(
        id=subject_id,
        capture=capture,
        locator=node.needed_word("locator", LOCATORS),
        locator_at=node.text("locator_at"),
        voice=node.needed_word("voice", VOICES),
        translated=node.word("translated", TRANSLATED, "unknown"),
        **_words_and_place(node, capture),
    )
    names.things["passage", f"{capture.source.slug}#{key}"] = passage
    if found:
        return found
    names.put("passage", f"{file}#{key}", passage)
    for position, hop in enumerate(node.mappings("hops")):
        _build_hop(names, passage, position, hop)
    return passage


def _words_and_place(node: Mapping, capture: models.Capture) -> dict[str, Any]:
    """Start, end, words and digest, each fitting the others; where the text is held, fitting that."""
    start, end, exact = node.number("start"), node.number("end"), node.text("exact")
    if not start < end <= capture.characters:
        raise node.refuse(f"{start} to {end} is no place in a text of {capture.characters} characters.", "start")
    if exact and len(exact) != end - start:
        raise node.refuse(f"it has {len(exact)} characters, but {start} to {end} holds {end - start}.", "exact")
    digest = node.digest("exact_sha256") if node.text("exact_sha256") or not exact else ""
    counted = hashlib.sha256(exact.encode()).hexdigest() if exact else digest
    if digest and digest != counted:
        raise node.refuse(f"the digest of the exact words is {counted}.", "exact_sha256")
    held = models.CaptureBytes.objects.filter(capture=capture).values_list("text", flat=True).first()
    if held is not None and hashlib.sha256(held[start:end].encode()).hexdigest() != counted:
        raise node.refuse(f"at {start} to {end} the held text has other words; mark the place again.", "start")
    anchor = "text_not_held" if held is None else "found"
    return {"start": start, "end": end, "exact": exact, "exact_sha256": counted, "anchor": anchor}


def _build_hop(names: Names, passage: models.Passage, position: int, node: Mapping) -> None:
    models.Hop.objects.create(
        passage=passage,
        position=position,
        actor=names.find(node, "actor", "actor", needed=False),
        described_as=node.text("described_as"),
        act=node.needed_word("act", SPEECH_ACTS),
        note=node.text("note"),
    )
    node.refuse_rest()


def build_office(names: Names, key: str, node: Mapping) -> Any:
    subject_id, found = names.begin("office", key, node)
    if found:
        return found
    office = models.Office(
        id=subject_id,
        slug=key,
        person=names.find(node, "person", "actor"),
        title=node.needed("title"),
        body=names.find(node, "body", "actor"),
        start=node.date("from", names.day),
        end=node.date("to", names.day, may_be_ahead=True),
    )
    names.put("office", key, office)
    office.passages.set(names.passages(node))
    return office


def build_occasion(names: Names, key: str, node: Mapping) -> Any:
    subject_id, found = names.begin("occasion", key, node)
    if found:
        return found
    place = node.text("place")
    occasion = models.Occasion(
        id=subject_id,
        slug=key,
        name=node.needed("name"),
        kind=node.needed_word("kind", OCCASION_KINDS),
        date=node.date("date", names.day),
        place=names.lookup("term", f"place/{place}", node.where) if place else None,
        access=node.word("access", ACCESS_TERMS, "unknown"),
    )
    names.put("occasion", key, occasion)
    occasion.passages.set(names.passages(node))
    for position, written in enumerate(node.mappings("participants")):
        taking = models.Participant.objects.create(
            occasion=occasion,
            position=position,
            office=names.find(written, "office", "office", needed=False),
            actor=names.find(written, "actor", "actor", needed=False),
            capacity=written.text("capacity"),
        )
        taking.passages.set(names.passages(written))
        written.refuse_rest()
    return occasion


def build_commitment(names: Names, key: str, node: Mapping) -> Any:
    subject_id, found = names.begin("commitment", key, node)
    if found:
        return found
    title, summary = (node.mapping(member) or Mapping({}, node.where) for member in ("title", "summary"))
    commitment = models.Commitment(
        id=subject_id,
        slug=key,
        title_en=title.needed("en"),
        title_es=title.text("es"),
        summary_en=summary.text("en"),
        summary_es=summary.text("es"),
        kind=names.lookup("term", f"kind/{node.needed('kind')}", node.members["kind"].where),
        form=node.needed_word("form", FORMS),
        condition=node.text("condition"),
        made_on=node.date("made_on", names.day),
        due=node.date("due", names.day, may_be_none=True, may_be_ahead=True),
        occasion=names.find(node, "occasion", "occasion", needed=False),
    )
    names.put("commitment", key, commitment)
    for scheme, member in (("place", "places"), ("topic", "topics")):
        terms = [names.lookup("term", f"{scheme}/{name}", where) for name, where in node.texts(member)]
        getattr(commitment, member).set(terms)
    for order, written in enumerate(node.mappings("parties")):
        models.Party.objects.create(
            commitment=commitment,
            order=order,
            role=written.needed_word("role", ROLES),
            actor=names.find(written, "actor", "actor"),
        )
        written.refuse_rest()
    node.taken.add("lineage")
    return commitment


def link_lineage(names: Names, key: str, node: Mapping) -> None:
    """A second pass over the commitments: a link may name one of a later file."""
    commitment = names.things["commitment", key]
    if commitment.pk in names.recorded:
        return
    for order, written in enumerate(node.mappings("lineage")):
        link = models.Lineage.objects.create(
            commitment=commitment,
            order=order,
            type=written.needed_word("type", LINEAGE_TYPES),
            target=names.find(written, "commitment", "commitment"),
            reading=written.needed_word("reading", READINGS),
            note=written.text("note"),
        )
        link.passages.set(names.passages(written))
        written.refuse_rest()


def build_claim(names: Names, key: str, node: Mapping) -> Any:
    subject_id, found = names.begin("claim", key, node)
    if found:
        return found
    name = node.needed("claimant")
    office = names.things.get(("office", name))
    occasion = names.find(node, "occasion", "occasion", needed=False)
    said_on = node.date("said_on", names.day, may_be_none=occasion is not None)
    claim = models.Claim(
        id=subject_id,
        statement=node.needed("statement"),
        claimant=office.person if office else names.find(node, "claimant", "actor"),
        office=office,
        on_behalf_of=names.find(node, "on_behalf_of", "actor", needed=False),
        speech_act=node.needed_word("speech_act", SPEECH_ACTS),
        occasion=occasion,
        said_on=said_on or occasion.date,
    )
    names.put("claim", key, claim)
    claim.passages.set(names.passages(node))
    for order, written in enumerate(node.mappings("bearings")):
        bearing = models.Bearing.objects.create(
            claim=claim,
            order=order,
            commitment=names.find(written, "commitment", "commitment"),
            status=written.word("status", STATUSES),
            actor=names.find(written, "actor", "actor", needed=False),
            position=written.word("position", POSITIONS),
            reading=written.needed_word("reading", READINGS),
            note=written.text("note"),
        )
        bearing.passages.set(names.passages(written))
        written.refuse_rest()
    return claim


def build_status_change(names: Names, key: str, node: Mapping) -> Any:
    place = node.where
    subject_id, found = names.begin("status_change", place, node)
    if found:
        return found
    if node.word("nature", NATURES, "world") != "world":
        raise node.refuse("a file records what happened; a correction is made in the open, at the desk.", "nature")
    change = models.StatusChange(
        id=subject_id,
        commitment=names.find(node, "commitment", "commitment"),
        status=node.needed_word("status", STATUSES),
        effective=node.date("effective", names.day),
        reason=node.needed("reason"),
    )
    names.put("status_change", place, change)
    change.claims.set(names.lookup("claim", name, where) for name, where in node.texts("claims"))
    return change


SECTIONS: tuple[tuple[str, str, Builder], ...] = (
    ("terms", "term", build_term),
    ("actors", "actor", build_actor),
    ("source", "source", build_source),
    ("passages", "passage", build_passage),
    ("offices", "office", build_office),
    ("occasions", "occasion", build_occasion),
    ("commitments", "commitment", build_commitment),
    ("claims", "claim", build_claim),
    ("status_changes", "status_change", build_status_change),
)
LINKS: tuple[tuple[str, Builder], ...] = (
    ("terms", link_broader),
    ("actors", link_part_of),
    ("commitments", link_lineage),
)
