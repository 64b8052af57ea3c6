"""The desk's invariants hold in the database, whoever writes and however: each is broken as the owner and as
the app's role, through the ORM's every way of writing and in SQL, and its sound counterpart is let through."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import CASCADE, ManyToOneRel, Model
from django.utils import timezone

from commitments import actions, models
from tests.test_roles import run, serve_as_app_role
from tests.world import ACCEPTED, DELIVERED, OFFERED, REFUSED, TEXT, UNKNOWN, World, day

LATER = "2030-01-01T00:00:00Z"
UNSAID = "Not told."


class Desk(World):
    """The cast, and more of it where a rule asks: drafts, an occasion, lineage, held bytes."""

    @cached_property
    def draft(self) -> models.Commitment:
        return self.draft_commitment("draft")

    @cached_property
    def draft_source(self) -> models.Source:
        return models.Source.objects.create(
            slug=f"draft-{self.number}", title="[Untitled]", kind="other", published=UNKNOWN, rights="full_text"
        )

    @cached_property
    def draft_capture(self) -> models.Capture:
        return self.capture_of(self.draft_source, b"draft")

    def capture_of(self, source: models.Source, data: bytes) -> models.Capture:
        digest = hashlib.sha256(data).hexdigest()
        return models.Capture.objects.create(
            source=source,
            sha256=digest,
            size=len(data),
            text_sha256=digest,
            characters=len(data),
            normaliser="utf-8, CRLF as LF; version 1",
            captured=UNKNOWN,
        )

    @cached_property
    def occasion(self) -> models.Occasion:
        occasion = models.Occasion.objects.create(
            slug=f"briefing-{self.number}", name="Briefing", kind="press_conference", date=day("2020-01-06")
        )
        occasion.passages.add(self.passage)
        occasion.participants.create(office=self.office).passages.add(self.passage)
        self.publish(occasion)
        return occasion

    @property
    def participant(self) -> models.Participant:
        return self.occasion.participants.get()

    @property
    def passage(self) -> models.Passage:
        return models.Passage.objects.get(capture=self.capture, exact=OFFERED)

    @property
    def bearing(self) -> models.Bearing:
        return self.offer.bearings.get()

    @cached_property
    def favour(self) -> models.Bearing:
        return self.draft_claim(ACCEPTED, position="accepts", of=self.sutherland).bearings.get()

    @cached_property
    def published_favour(self) -> models.Bearing:
        return self.claim(ACCEPTED, position="accepts", of=self.sutherland).bearings.get()

    @cached_property
    def plain_claim(self) -> models.Claim:
        """A published claim that bears on nothing."""
        claim = self.draft_claim(OFFERED, bears="proposed")
        claim.bearings.all().delete()
        claim.passages.add(self.passage)
        self.publish(claim)
        return claim

    @cached_property
    def said_again(self) -> models.Bearing:
        """The bearing, one of two of its claim, on which the last recorded status rests."""
        claim = self.draft_claim(DELIVERED, bears="fulfilled", said="2020-02-01")
        accepts = claim.bearings.create(
            commitment=self.commitment, actor=self.sutherland, position="accepts", reading="literal"
        )
        accepts.passages.add(self.draft_passage(DELIVERED))
        self.publish(self.draft_passage(DELIVERED), claim)
        self.record("fulfilled", claim, "2020-02-01")
        return claim.bearings.get(status="fulfilled")

    @cached_property
    def corrected(self) -> models.StatusChange:
        actions.correct_status(
            change=self.proposed,
            status="discussed",
            effective=day("2020-01-06"),
            claims=[self.talked],
            by=self.curator,
            reason="Nothing was offered.",
        )
        return self.proposed

    @cached_property
    def talked(self) -> models.Claim:
        return self.claim(REFUSED, bears="discussed")

    @cached_property
    def norland_es(self) -> models.ActorName:
        return self.norland.names.create(language="es", name="Norlandia")

    @property
    def address(self) -> dict[str, str | None]:
        """The address of the draft source, and the key by which it is known."""
        self.draft_source.url = "https://example.org/boats"
        self.draft_source.save()
        return {"url": self.draft_source.url, "url_key": self.draft_source.url_key}

    @cached_property
    def hop(self) -> models.Hop:
        return self.passage.hops.create(described_as="local media")

    @cached_property
    def link(self) -> models.Lineage:
        return self.draft.lineage.create(
            type="implements", target=self.commitment, reading="inference", note="Our reading."
        )

    @cached_property
    def published_link(self) -> models.Lineage:
        link = self.link
        offer = self.draft_claim(OFFERED, bears="proposed", on=self.draft)
        self.publish(self.draft, offer, self.draft_change("proposed", offer, "2020-01-06", on=self.draft))
        return link

    @cached_property
    def change(self) -> models.StatusChange:
        return self.draft_change("agreed", self.offer, "2020-03-01")

    @property
    def now(self) -> datetime:
        return timezone.now()

    @property
    def asked(self) -> dict[str, Any]:
        return {"url": "https://example.org/", "requested_by": self.curator}

    @property
    def pair(self) -> dict[str, Any]:
        one, other = sorted([self.norland.pk, self.sutherland.pk])
        return {"subject_type": "actor", "one_id": one, "other_id": other, "score": 90, "reason": "near_words"}

    @property
    def brought(self) -> dict[str, Any]:
        told = {"data_set": "Boats", "file_name": "boats.csv", "data": b"key", "sha256": "0" * 64, "format": "csv"}
        return told | {"encoding": "utf-8", "title": "Boats", "published": UNKNOWN, "created_by": self.curator}

    @cached_property
    def imported(self) -> models.Import:
        """With a row of the number 1."""
        imported = models.Import.objects.create(**self.brought)
        models.ImportRow.objects.create(imported=imported, number=1, outcome="created")
        return imported

    @property
    def offered(self) -> dict[str, str]:
        return {"subject_type": "claim", "subject_id": self.offer.pk}

    @cached_property
    def review_set(self) -> models.ReviewSet:
        """A set that awaits review, with the offer in it."""
        return actions.submit_set(title="Offer", note="", things=[self.offer], by=self.curator)

    @cached_property
    def other_set(self) -> models.ReviewSet:
        """Beside the one that awaits review."""
        return self.review_set and models.ReviewSet.objects.create(title="Other", by=self.curator)

    @cached_property
    def deadline(self) -> models.Commitment:
        """The published commitment, with a deadline."""
        self.commitment.due = day("2027")
        self.commitment.save()
        actions.amend(things=[self.commitment], by=self.curator, reason="A deadline was told.")
        return self.commitment

    @cached_property
    def other_office(self) -> models.Office:
        return models.Office.objects.create(
            slug=f"consul-{self.number}",
            person=self.ambassador,
            title="Consul",
            body=self.embassy,
            start=day("2018"),
            end=UNKNOWN,
        )

    @cached_property
    def shown_source(self) -> models.Source:
        """A draft source that may be shown in full, with a passage that shows its context."""
        words = self.words("draft", capture=self.draft_capture, start=0, end=5, prefix="A ")
        models.Passage.objects.create(**words)
        return self.draft_source

    @cached_property
    def body(self) -> models.Actor:
        return self.part_of(self.norland)

    def part_of(self, whole: models.Actor) -> models.Actor:
        """A draft body, part of another."""
        number = models.Actor.objects.count()
        return models.Actor.objects.create(slug=f"body-{number}", name="Body", kind="public_body", part_of=whole)

    @cached_property
    def held_passage(self) -> models.Passage:
        actions.fill_capture(capture=self.capture, data=self.data, by=self.curator, reason="Found again.")
        return self.passage

    def words(self, words: str, **more: Any) -> dict[str, Any]:
        """The columns of a passage of these words, at their place in the text or else at its beginning."""
        start = max(TEXT.find(words), 0)
        digest = hashlib.sha256(words.encode()).hexdigest()
        place = {"capture": self.capture, "start": start, "end": start + len(words), "voice": "quoted"}
        return place | {"exact": words, "exact_sha256": digest} | more

    def passage_of(self, words: str, **more: Any) -> models.Passage:
        return models.Passage.objects.create(**self.words(words, **more))


def dated(**broken: Any) -> dict[str, Any]:
    sound = {"edtf": "2019", "earliest": "2019-01-01", "latest": "2019-12-31", "basis": "stated", "note": None}
    return sound | broken


BACKWARDS = dated(earliest="2020-01-01")
Way = Callable[[], object]


@dataclass(frozen=True)
class Change:
    """An existing row, the values that break a rule, what the database says, and values that keep it."""

    row: Callable[[Desk], Model]
    broken: dict[str, Any] | Callable[[Desk], dict[str, Any]]
    told: str
    sound: dict[str, Any] = field(default_factory=dict)
    unless: tuple[str, ...] = ()

    def ways(self, row: Model, values: dict[str, Any]) -> dict[str, Way]:
        rows = type(row)._base_manager.filter(pk=row.pk)

        def changed() -> Model:
            found = rows.get()
            for name, value in values.items():
                setattr(found, name, value)
            return found

        ways = {
            "save": lambda: changed().save(),
            "update": lambda: rows.update(**values),
            "bulk_update": lambda: type(row)._base_manager.bulk_update([changed()], list(values)),
            "sql": lambda: update(row, values),
        }
        return {name: way for name, way in ways.items() if name not in self.unless}


def update(row: Model, values: dict[str, Any]) -> None:
    fields = {row._meta.get_field(name): value for name, value in values.items()}
    columns = ", ".join(f'"{column.column}" = %s' for column in fields)
    told = [column.get_db_prep_save(getattr(value, "pk", value), connection) for column, value in fields.items()]
    run(f'UPDATE {row._meta.db_table} SET {columns} WHERE "{row._meta.pk.column}" = %s', *told, row.pk)


def insert(row: Model) -> None:
    fields = [f for f in row._meta.concrete_fields if f.get_internal_type() != "BigAutoField"]
    columns, places = ", ".join(f'"{f.column}"' for f in fields), ", ".join(["%s"] * len(fields))
    told = [f.get_db_prep_save(f.pre_save(row, add=True), connection) for f in fields]
    run(f"INSERT INTO {row._meta.db_table} ({columns}) VALUES ({places})", *told)


def delete(row: Model) -> None:
    for relation in row._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.on_delete is CASCADE:
            for part in relation.related_model._base_manager.filter(**{relation.field.name: row}):
                delete(part)
    run(f'DELETE FROM {row._meta.db_table} WHERE "{row._meta.pk.column}" = %s', row.pk)


@dataclass(frozen=True)
class Insert:
    """A row that breaks a rule by being there."""

    model: str
    broken: Callable[[Desk], dict[str, Any]]
    told: str

    def ways(self, values: dict[str, Any]) -> dict[str, Way]:
        model = apps.get_model("commitments", self.model)
        return {
            "create": lambda: model._base_manager.create(**values),
            "bulk_create": lambda: model._base_manager.bulk_create([model(**values)]),
            "sql": lambda: insert(model(**values)),
        }


@dataclass(frozen=True)
class Delete:
    """A row that must stay."""

    row: Callable[[Desk], Model]
    told: str

    def ways(self, row: Model) -> dict[str, Way]:
        rows = type(row)._base_manager.filter(pk=row.pk)
        return {
            "delete": lambda: rows.get().delete(),
            "delete of a queryset": lambda: rows.delete(),
            "sql": lambda: delete(row),
        }


@pytest.fixture
def desk(world) -> Desk:
    """Over the world that was published once for many tests."""
    desk = Desk.__new__(Desk)
    vars(desk).update(vars(world))
    return desk


@pytest.fixture
def refuses(settings) -> Callable[[dict[str, Way], str], None]:
    """Tries each way as the owner and as the app's role, deferred checks included."""

    def refuses(ways: dict[str, Way], told: str) -> None:
        settle()
        answers = {f"{name} as owner": answer(way) for name, way in ways.items()}
        serve_as_app_role(settings)
        answers |= {f"{name} as app role": answer(way) for name, way in ways.items()}
        assert {who: said for who, said in answers.items() if not re.search(told, said)} == {}

    return refuses


def answer(way: Way) -> str:
    """What the database says to it."""
    try:
        with transaction.atomic():
            way()
            settle()
            transaction.set_rollback(True)
    except IntegrityError as refusal:
        return str(refusal)
    return "let through"


def settle() -> None:
    """Runs what waits for the end of the transaction, and goes on."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


def let_through(ways: dict[str, Way]) -> None:
    settle()
    assert {answer(way) for way in ways.values()} <= {"let through"}


AHEAD = dated(edtf="2999", earliest="2999-01-01", latest="2999-12-31")
# A guard that knows of merges comes before the constraint.
ITSELF = "actor_not_part_of_itself|part of something that is part of it"
CHANGES: dict[str, Change] = {
    # What has not come, and what no action did
    "an office from a day ahead": Change(lambda d: d.office, {"start": AHEAD}, "ends after today"),
    "an occasion on a day ahead": Change(lambda d: d.occasion, {"date": AHEAD}, "ends after today"),
    "a source of a day ahead": Change(lambda d: d.source, {"published": AHEAD}, "ends after today"),
    "a claim of a day ahead": Change(lambda d: d.offer, {"said_on": AHEAD}, "ends after today"),
    "made on a day ahead": Change(lambda d: d.draft, {"made_on": AHEAD}, "ends after today", {"due": None}),
    "a status from a day ahead": Change(lambda d: d.change, {"effective": AHEAD}, "ends after today"),
    "publishing by hand": Change(lambda d: d.draft, {"published_at": LATER}, "only an action publishes"),
    "an office for another person": Change(
        lambda d: d.office, lambda d: {"person": d.ministry}, "claims were made in this office"
    ),
    "published lineage without a passage": Change(
        lambda d: d.published_link, {"reading": "literal"}, "published lineage that is not our inference"
    ),
    # Words of the rubric
    "kind of an actor": Change(lambda d: d.ministry, {"kind": "club"}, "actor_kind_known", {"kind": "organisation"}),
    "speech act": Change(
        lambda d: d.offer, {"speech_act": "sings"}, "claim_speech_act_known", {"speech_act": "offers"}
    ),
    "status of a bearing": Change(
        lambda d: d.favour, {"status": "maybe", "actor": None, "position": ""}, "bearing_status_known"
    ),
    "position": Change(lambda d: d.favour, {"position": "maybe"}, "bearing_position_known", {"position": "declines"}),
    "reading": Change(lambda d: d.favour, {"reading": "vague", "note": "?"}, "bearing_reading_known"),
    "form": Change(lambda d: d.draft, {"form": "vow"}, "commitment_form_known", {"form": "pledge"}),
    "role of a party": Change(
        lambda d: d.draft.parties.first(), {"role": "guest"}, "party_role_known", {"role": "joint"}
    ),
    "type of lineage": Change(lambda d: d.link, {"type": "sires"}, "lineage_type_known", {"type": "renews"}),
    "reading of lineage": Change(lambda d: d.link, {"reading": "vague"}, "lineage_reading_known"),
    "status": Change(lambda d: d.change, {"status": "maybe"}, "status_change_status_known", {"status": "stalled"}),
    "kind of an occasion": Change(lambda d: d.occasion, {"kind": "ball"}, "occasion_kind_known", {"kind": "visit"}),
    "access": Change(lambda d: d.occasion, {"access": "odd"}, "occasion_access_known", {"access": "public"}),
    "kind of a source": Change(lambda d: d.source, {"kind": "song"}, "source_kind_known", {"kind": "speech"}),
    "rights": Change(lambda d: d.source, {"rights": "none"}, "source_rights_known", {"rights": "full_text"}),
    "locator": Change(lambda d: d.passage, {"locator": "margin"}, "passage_locator_known", {"locator": "headline"}),
    "voice": Change(
        lambda d: d.passage_of(""" "She """), {"voice": "sung"}, "passage_voice_known", {"voice": "narrated"}
    ),
    "translated": Change(
        lambda d: d.passage, {"translated": "so so"}, "passage_translated_known", {"translated": "no"}
    ),
    "anchor": Change(lambda d: d.passage, {"anchor": "lost"}, "passage_anchor_known", {"anchor": "orphaned"}),
    "act of a hop": Change(lambda d: d.hop, {"act": "sings"}, "hop_act_known", {"act": "confirms"}),
    "scheme of a term": Change(lambda d: d.kind, {"scheme": "mood"}, "term_scheme_known|term_id_is_scheme_and_slug"),
    # What each row must say
    "a term's id": Change(lambda d: d.kind, {"slug": "ships"}, "term_id_is_scheme_and_slug", {"label_en": "Ships"}),
    "claim without statement": Change(lambda d: d.offer, {"statement": ""}, "claim_has_statement"),
    "commitment without title": Change(lambda d: d.draft, {"title_en": ""}, "commitment_has_title"),
    "source without title": Change(lambda d: d.source, {"title": ""}, "source_has_title", {"title": "[Untitled]"}),
    "status change without reason": Change(lambda d: d.change, {"reason": ""}, "status_change_has_reason"),
    "both status and position": Change(lambda d: d.favour, {"status": "agreed"}, "bearing_status_or_position"),
    "neither status nor position": Change(
        lambda d: d.favour, {"actor": None, "position": ""}, "bearing_status_or_position"
    ),
    "position of nobody": Change(lambda d: d.favour, {"actor": None}, "bearing_status_or_position"),
    "actor without position": Change(lambda d: d.favour, {"position": ""}, "bearing_status_or_position"),
    "reading without note": Change(
        lambda d: d.favour,
        {"reading": "inference"},
        "bearing_reading_has_note",
        {"reading": "inference", "note": "Ours."},
    ),
    "lineage without note": Change(
        lambda d: d.link, {"note": ""}, "lineage_reading_has_note", {"reading": "literal", "note": ""}
    ),
    "hop of nobody": Change(
        lambda d: d.hop, {"described_as": ""}, "hop_names_or_describes", {"described_as": "a wire"}
    ),
    "participant twice": Change(
        lambda d: d.participant, {"actor": None, "office": None}, "participant_by_office_or_as_actor"
    ),
    "participant by office with capacity": Change(
        lambda d: d.participant, {"capacity": "guest"}, "participant_by_office_or_as_actor"
    ),
    "address without its key": Change(
        lambda d: d.source,
        {"url": "https://example.org/boats"},
        "source_url_has_key",
        {"url": "https://example.org/boats", "url_key": "example.org/boats"},
        ("save",),
    ),
    "publisher without basis": Change(
        lambda d: d.source, {"publisher_basis": "stated"}, "source_publisher_has_basis_and_note"
    ),
    "passage that ends before it starts": Change(
        lambda d: d.passage_of("", start=9, end=12, exact_sha256="0" * 64),
        {"end": 9},
        "passage_ends_after_start",
        {"end": 10},
    ),
    "passage before the text": Change(lambda d: d.passage, {"start": -1, "exact": ""}, "start_check"),
    "digest of a passage": Change(
        lambda d: d.passage, {"exact_sha256": "A" * 64, "exact": ""}, "passage_digest_is_hex"
    ),
    "digest of a capture": Change(
        lambda d: d.draft_capture, {"sha256": "A" * 64}, "capture_digests_are_hex", {"sha256": "a" * 64}
    ),
    "office at oneself": Change(lambda d: d.office, lambda d: {"body": d.ambassador}, "office_body_is_not_person"),
    "a state that is a part": Change(
        lambda d: d.norland, lambda d: {"part_of": d.sutherland}, "actor_state_or_person_is_no_part"
    ),
    # Status changes that name what they correct, and dates
    "correction of nothing": Change(
        lambda d: d.change, {"nature": "correction"}, "status_change_correction_names_what"
    ),
    "event that corrects": Change(
        lambda d: d.change, lambda d: {"corrects": d.proposed}, "status_change_correction_names_what"
    ),
    "void that corrects nothing": Change(
        lambda d: d.change, {"status": "", "effective": None}, "status_change_void_is_correction"
    ),
    "undated status": Change(lambda d: d.change, {"effective": None}, "status_change_is_dated"),
    "deadline without a first": Change(
        lambda d: d.draft,
        {"due": dated()},
        "commitment_due_has_first",
        {"due": dated(), "due_first": dated()},
        ("save",),
    ),
    # Terms of the right vocabulary
    "kind of another scheme": Change(lambda d: d.draft, {"kind_id": "topic/security"}, "commitment_kind_is_a_kind"),
    "place of an occasion": Change(
        lambda d: d.occasion, {"place_id": "topic/security"}, "occasion_place_is_a_place", {"place_id": "place/mexico"}
    ),
    # Uncertain dates
    **{
        f"date of {name}": Change(row, {column: BACKWARDS, **more}, constraint, {column: dated(), **more})
        for name, row, column, constraint, more in (
            ("an office's start", lambda d: d.office, "start", "office_start_is_date", {}),
            ("an office's end", lambda d: d.office, "end", "office_end_is_date", {}),
            ("an occasion", lambda d: d.occasion, "date", "occasion_date_is_date", {}),
            ("a source", lambda d: d.source, "published", "source_published_is_date", {}),
            ("a capture", lambda d: d.draft_capture, "captured", "capture_captured_is_date", {}),
            ("a claim", lambda d: d.offer, "said_on", "claim_said_on_is_date", {}),
            ("a commitment", lambda d: d.draft, "made_on", "commitment_made_on_is_date", {}),
            ("a deadline", lambda d: d.draft, "due", "commitment_due_is_date", {"due_first": dated()}),
            ("a first deadline", lambda d: d.draft, "due_first", "commitment_due_first_is_date", {}),
            ("a status", lambda d: d.change, "effective", "status_change_effective_is_date", {}),
        )
    },
    **{
        f"date {name}": Change(lambda d: d.offer, {"said_on": broken}, "claim_said_on_is_date", {"said_on": sound})
        for name, broken, sound in (
            ("without basis", dated(basis=None), dated()),
            ("of no known basis", dated(basis="hearsay"), dated(basis="caption", note="Under a picture.")),
            ("without note", dated(basis="caption"), dated(basis="known_by", note="Told later.")),
            ("with an empty note", dated(basis="caption", note=""), dated(note="")),
            ("without value", dated(edtf=None), dated(edtf="2019?")),
            ("unknown with a value", dated(basis="unknown", note=UNSAID), UNKNOWN.as_json()),
            ("unknown with bounds", dated(basis="unknown", note=UNSAID, edtf=None), UNKNOWN.as_json()),
            ("without bounds", dated(latest=None), dated()),
            ("with bounds of no days", dated(latest="2019-12"), dated()),
            ("that lacks a member", {"edtf": "2019", "basis": "stated"}, dated()),
            ("that is a text", "2019", dated()),
        )
    },
    # Published things
    **{
        f"a published {noun} unpublished": Change(row, {"published_at": None}, "what is published stays so")
        for noun, row in (
            ("term", lambda d: d.kind),
            ("actor", lambda d: d.norland),
            ("office", lambda d: d.office),
            ("occasion", lambda d: d.occasion),
            ("source", lambda d: d.source),
            ("passage", lambda d: d.passage),
            ("claim", lambda d: d.offer),
            ("commitment", lambda d: d.commitment),
            ("status change", lambda d: d.proposed),
        )
    },
    **{
        f"{noun} renumbered": Change(
            row, {"id": "another"}, "keeps its id|never edited", unless=("save", "bulk_update")
        )
        for noun, row in (
            ("a term", lambda d: d.kind),
            ("an actor", lambda d: d.norland),
            ("an office", lambda d: d.office),
            ("an occasion", lambda d: d.occasion),
            ("a source", lambda d: d.source),
            ("a passage", lambda d: d.passage),
            ("a claim", lambda d: d.offer),
            ("a commitment", lambda d: d.commitment),
            ("a status change", lambda d: d.proposed),
            ("a draft", lambda d: d.draft),
        )
    },
    "a recorded status": Change(lambda d: d.proposed, {"status": "agreed"}, "never edited"),
    "the date of it": Change(lambda d: d.proposed, {"effective": dated()}, "never edited"),
    "the reason of it": Change(lambda d: d.proposed, {"reason": "Another."}, "never edited"),
    "the commitment of it": Change(lambda d: d.proposed, lambda d: {"commitment": d.draft}, "never edited"),
    "a claim of it": Change(
        lambda d: d.proposed.claims.through.objects.get(statuschange=d.proposed),
        lambda d: {"claim": d.favour.claim},
        "stay; correct",
    ),
    "a capture of a published source": Change(lambda d: d.capture, {"how": "By hand."}, "never edited or removed"),
    "the first deadline": Change(
        lambda d: d.deadline, {"due_first": dated()}, "never moves", {"due": day("2028").as_json()}
    ),
    "the first deadline taken away": Change(lambda d: d.deadline, {"due_first": None, "due": None}, "never moves"),
    # Passages and their captures
    "passage after the text": Change(lambda d: d.passage, {"end": 10_000, "exact": ""}, "after the text's"),
    "words of another length": Change(lambda d: d.passage, {"exact": "We have"}, "do not fit", {"exact": ""}),
    "words of another digest": Change(lambda d: d.passage, {"exact": OFFERED.upper()}, "do not fit"),
    "prefix of what may only be quoted": Change(lambda d: d.passage, {"prefix": "“"}, "may only be quoted"),
    "suffix of what may only be quoted": Change(lambda d: d.passage, {"suffix": "”"}, "may only be quoted"),
    "six words of the outlet": Change(
        lambda d: d.passage, {"voice": "narrated"}, "may only be quoted", {"voice": "quoted"}
    ),
    "the outlet's words, parted otherwise": Change(
        lambda d: d.passage_of("a\u00a0b\u202fc\u2007d\te\nf"), {"voice": "paraphrased"}, "may only be quoted"
    ),
    "held words moved": Change(lambda d: d.held_passage, {"start": 31, "end": 77}, "do not stand", {"voice": "quoted"}),
    "held words moved and called orphaned": Change(
        lambda d: d.held_passage, {"start": 31, "end": 77, "anchor": "orphaned"}, "do not stand", {"anchor": "orphaned"}
    ),
    "rights taken back": Change(lambda d: d.shown_source, {"rights": "quote_only"}, "shorten those first"),
    # Who speaks, and circles
    "an office of somebody else": Change(
        lambda d: d.offer, lambda d: {"claimant": d.ministry}, "not one that the claimant held"
    ),
    "part of its own part": Change(
        lambda d: d.body, lambda d: {"part_of": d.part_of(d.part_of(d.body))}, "part of something that is"
    ),
    "part of itself": Change(lambda d: d.ministry, lambda d: {"part_of": d.ministry}, ITSELF),
    "lineage to itself": Change(lambda d: d.link, lambda d: {"target": d.draft}, "itself by way of others"),
    "correction of another commitment": Change(
        lambda d: d.draft_change("agreed", d.offer, "2020-03-01", on=d.draft),
        lambda d: {"nature": "correction", "corrects": d.proposed},
        "of the same commitment",
    ),
    # What published things rest on
    "a recorded status and its bearing": Change(lambda d: d.bearing, {"status": "agreed"}, "bears that very status"),
    "a bearing moved away": Change(lambda d: d.bearing, lambda d: {"commitment": d.draft}, "bears that very status"),
    "a passage moved to another office": Change(
        lambda d: d.office.passages.through.objects.get(office=d.office),
        lambda d: {"office": d.other_office},
        "office needs a passage",
    ),
    "a passage moved to another bearing": Change(
        lambda d: d.bearing.passages.through.objects.get(bearing=d.bearing),
        lambda d: {"bearing": d.favour},
        "needs a passage",
    ),
}

INSERTS: dict[str, Insert] = {
    "a fetch for a purpose of its own": Insert(
        "fetch", lambda d: d.asked | {"purpose": "mirror"}, "fetch_purpose_known"
    ),
    "a fetch in a state of its own": Insert("fetch", lambda d: d.asked | {"state": "lost"}, "fetch_state_known"),
    "a failed fetch that does not say why": Insert(
        "fetch", lambda d: d.asked | {"state": "failed", "finished_at": d.now}, "fetch_failed_says_why"
    ),
    "a fetch done at no time": Insert("fetch", lambda d: d.asked | {"state": "done"}, "fetch_finished_has_time"),
    "a fetch that runs for ever": Insert("fetch", lambda d: d.asked | {"state": "running"}, "fetch_running_is_leased"),
    "an archive without a digest": Insert(
        "fetchedwarc",
        lambda d: {"fetch": models.Fetch.objects.create(**d.asked), "data": b"WARC", "sha256": "none"},
        "warc_digest_is_hex|WARC",
    ),
    "a pair twice": Insert(
        "likeness", lambda d: (models.Likeness.objects.get_or_create(**d.pair), d.pair)[1], "likeness_once"
    ),
    "a pair in no order": Insert(
        "likeness", lambda d: d.pair | {"one_id": d.pair["other_id"], "other_id": d.pair["one_id"]}, "likeness_in_order"
    ),
    "an import in a state of its own": Insert("import", lambda d: d.brought | {"state": "lost"}, "import_state_known"),
    "a row with an outcome of its own": Insert(
        "importrow", lambda d: {"imported": d.imported, "number": 2, "outcome": "lost"}, "import_row_outcome_known"
    ),
    "a row twice": Insert(
        "importrow", lambda d: {"imported": d.imported, "number": 1, "outcome": "created"}, "import_row_once"
    ),
    "a set in a state of its own": Insert(
        "reviewset", lambda d: {"title": "Set", "by": d.curator, "state": "lost"}, "review_set_state_known"
    ),
    "a thing twice in a set": Insert(
        "reviewmember", lambda d: d.offered | {"review_set": d.review_set}, "review_member_once_per_set"
    ),
    "a thing in two sets that await review": Insert(
        "reviewmember",
        lambda d: d.offered | {"review_set": d.other_set, "is_waiting": True},
        "review_member_waits_once",
    ),
    "a comment on nothing": Insert(
        "comment", lambda d: {"text": "Which day?", "by": d.curator}, "comment_on_thing_or_set"
    ),
    "a comment without words": Insert(
        "comment", lambda d: d.offered | {"text": "", "by": d.curator}, "comment_has_text"
    ),
    "two names in a language": Insert(
        "actorname",
        lambda d: {"actor": d.norland_es.actor, "language": "es", "name": "Norte"},
        "actor_one_name_per_language",
    ),
    "a party twice": Insert(
        "party", lambda d: {"commitment": d.draft, "role": "promisor", "actor": d.norland}, "party_once_per_role"
    ),
    "lineage twice": Insert(
        "lineage",
        lambda d: {"commitment": d.draft, "type": d.link.type, "target": d.commitment, "reading": "literal"},
        "lineage_once",
    ),
    "lineage in a circle": Insert(
        "lineage",
        lambda d: {"commitment": d.commitment, "type": d.link.type, "target": d.draft, "reading": "literal"},
        "itself by way of others",
    ),
    "a capture twice": Insert(
        "capture",
        lambda d: {name: getattr(d.capture, name) for name in CAPTURE},
        "capture_once_per_source",
    ),
    "an address twice": Insert(
        "source",
        lambda d: {"slug": "same", "title": "Same", "kind": "other", "published": UNKNOWN, **d.address},
        "url_key",
    ),
    "a second correction of the same change": Insert(
        "statuschange",
        lambda d: {"commitment": d.commitment, "corrects": d.corrected, "nature": "correction", "reason": "Again."},
        "corrects_id",
    ),
    "a claim of a recorded status": Insert(
        "statuschange_claims",
        lambda d: {"statuschange": d.proposed, "claim": d.favour.claim},
        "claims of a recorded status change stay",
    ),
    "a place that is none": Insert(
        "commitment_places", lambda d: {"commitment": d.draft, "term_id": "topic/security"}, "place_is_a_place"
    ),
    "a topic that is none": Insert(
        "commitment_topics", lambda d: {"commitment": d.draft, "term_id": "place/mexico"}, "topic_is_a_topic"
    ),
    "other bytes": Insert(
        "capturebytes",
        lambda d: {"capture": d.capture, "data": b"other", "text": d.data.decode()},
        "bytes are not the capture",
    ),
    "another text": Insert(
        "capturebytes", lambda d: {"capture": d.capture, "data": d.data, "text": "other"}, "text is not the capture"
    ),
    "words that do not stand in the held text": Insert(
        "passage", lambda d: d.words("Norland", capture=d.held_passage.capture, start=1, end=8), "do not stand"
    ),
    "words that never stood there, called orphaned": Insert(
        "passage",
        lambda d: d.words("Norland", capture=d.held_passage.capture, start=1, end=8, anchor="orphaned"),
        "do not stand",
    ),
    "a digest alone that does not fit the held text": Insert(
        "passage",
        lambda d: d.words("Norland", capture=d.held_passage.capture, start=1, end=8, exact=""),
        "do not stand",
    ),
    "six words of the outlet's own": Insert(
        "passage", lambda d: d.words("said the ambassador of Norland on", voice="narrated"), "may only be quoted"
    ),
    "a bearing without passage": Insert(
        "bearing",
        lambda d: {"claim": d.offer, "commitment": d.draft, "status": "proposed", "reading": "literal"},
        "each bearing of a published claim needs a passage",
    ),
    "a participant without passage": Insert(
        "participant",
        lambda d: {"occasion": d.occasion, "actor": d.ministry},
        "each of its participants need a passage",
    ),
}
CAPTURE = ("source", "sha256", "size", "text_sha256", "characters", "normaliser", "captured", "how")

DELETES: dict[str, Delete] = {
    **{
        f"a published {noun}": Delete(row, "is published and stays|protected foreign keys|stay; correct")
        for noun, row in (
            ("term", lambda d: d.kind),
            ("actor", lambda d: d.norland),
            ("office", lambda d: d.office),
            ("occasion", lambda d: d.occasion),
            ("source", lambda d: d.source),
            ("passage", lambda d: d.passage),
            ("claim", lambda d: d.offer),
            ("commitment", lambda d: d.commitment),
            ("status change", lambda d: d.proposed),
        )
    },
    "a capture of a published source": Delete(lambda d: d.capture, "never edited or removed|protected foreign keys"),
    "a claim of a recorded status": Delete(
        lambda d: d.proposed.claims.through.objects.get(statuschange=d.proposed), "stay; correct"
    ),
    "the bearing that a recorded status rests on": Delete(lambda d: d.said_again, "bears that very status"),
    "a bearing's only passage": Delete(
        lambda d: d.bearing.passages.through.objects.get(bearing=d.bearing),
        "bearing of a published claim needs a passage",
    ),
    "a claim's only bearing with a passage": Delete(lambda d: d.published_favour, "published claim needs a passage"),
    "a claim's only passage": Delete(
        lambda d: d.plain_claim.passages.through.objects.get(claim=d.plain_claim), "published claim needs a passage"
    ),
    "an office's only passage": Delete(
        lambda d: d.office.passages.through.objects.get(office=d.office), "published office needs a passage"
    ),
    "an occasion's only passage": Delete(
        lambda d: d.occasion.passages.through.objects.get(occasion=d.occasion), "published occasion and each"
    ),
    "a participant's only passage": Delete(
        lambda d: d.participant.passages.through.objects.get(participant=d.participant), "published occasion and each"
    ),
}


# All but the curators' pseudonyms, of which nothing is promised.
EMPTIABLE_BY_NOBODY = [
    model
    for model in apps.get_app_config("commitments").get_models(include_auto_created=True)
    if model is not models.Curator
]


@pytest.mark.parametrize("rule", CHANGES.values(), ids=CHANGES)
def test_a_row_is_not_changed_against_the_rule(desk, refuses, rule):
    row = rule.row(desk)
    broken = rule.broken(desk) if callable(rule.broken) else rule.broken
    let_through(rule.ways(row, rule.sound) if rule.sound else {})
    refuses(rule.ways(row, broken), rule.told)


@pytest.mark.parametrize("rule", INSERTS.values(), ids=INSERTS)
def test_a_row_is_not_added_against_the_rule(desk, refuses, rule):
    refuses(rule.ways(rule.broken(desk)), rule.told)


@pytest.mark.parametrize("rule", DELETES.values(), ids=DELETES)
def test_a_row_is_not_removed_against_the_rule(desk, refuses, rule):
    refuses(rule.ways(rule.row(desk)), rule.told)


@pytest.mark.parametrize(
    "row",
    [
        lambda d: d.draft_source,
        lambda d: d.draft,
        lambda d: d.change,
        lambda d: d.favour.claim,
        lambda d: d.other_office,
        lambda d: d.body,
        lambda d: d.draft_capture,
    ],
)
def test_a_draft_is_removed(desk, row):
    let_through(Delete(row, "").ways(row(desk)))


def test_a_bearing_may_go_once_the_status_on_it_was_corrected(desk):
    bearing = desk.said_again
    actions.correct_status(change=desk.last_change(), by=desk.curator, reason="She said it of other boats.")
    let_through(Delete(lambda d: bearing, "").ways(bearing))


@pytest.mark.parametrize("style", ["SQL, DMY", "SQL, MDY", "German", "Postgres"])
def test_a_day_ahead_is_refused_however_the_session_spells_days(desk, style):
    soon = str(date.today().year + 1)
    ahead = dated(edtf=soon, earliest=f"{soon}-01-01", latest=f"{soon}-12-31")
    run(f"SET LOCAL DateStyle TO '{style}'")
    with pytest.raises(IntegrityError, match="ends after today"), transaction.atomic():
        models.Claim.objects.filter(pk=desk.offer.pk).update(said_on=ahead)


@pytest.mark.parametrize("model", EMPTIABLE_BY_NOBODY, ids=lambda model: model._meta.label)
def test_no_table_is_emptied(db, model):
    with pytest.raises(DatabaseError, match=r"cannot be emptied|append-only"), transaction.atomic():
        run(f"TRUNCATE {model._meta.db_table} CASCADE")


def test_every_guard_of_the_desk_is_tried_here():
    """A new constraint without a line in the tables above fails here."""
    tried = {rule.told for table in (CHANGES, INSERTS, DELETES) for rule in table.values()}
    named = {word for told in tried for word in told.split("|")}
    desk = [model for model in apps.get_app_config("commitments").get_models() if hasattr(model._meta, "constraints")]
    constraints = {c.name for model in desk for c in model._meta.constraints}
    untried = {name for name in constraints - named if not name.startswith(RECORD)}
    assert untried == SAID_BY_OTHERS


RECORD = (
    *("entry_", "version_", "head_", "plainstanding_", "claimstanding_", "commitmentstanding_"),
    "commitmentspan_",
)
# A trigger or another constraint answers first, whatever breaks these.
SAID_BY_OTHERS = {"lineage_not_to_itself", "status_change_nature_known"}
