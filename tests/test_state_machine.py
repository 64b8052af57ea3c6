"""Whatever the actions do in whatever order: standings follow from versions, and yesterday stays yesterday."""

from datetime import date

import hypothesis.strategies as st
import orjson
import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from commitments import actions
from commitments.clocks import Clock
from commitments.derive import derive
from commitments.models.ledger import Entry, Head
from commitments.models.record import STANDINGS, CommitmentSpan, CommitmentStanding, PlainStanding, Version
from commitments.reading import changes_to, claims_on
from commitments.rows import Facts, Known
from commitments.standings import render, spans
from commitments.verification import verify
from commitments.vocabulary import POSITIONS, STATUSES
from tests.world import ACCEPTED, NOT_ACCEPTED, OFFERED, World, day

DAYS = st.dates(min_value=day("2020-01-06").earliest, max_value=day("2024-12-31").latest).map(str)
TABLES = sorted({*STANDINGS.values(), PlainStanding}, key=lambda table: table.__name__)


class Record(RuleBasedStateMachine):
    claims = Bundle("claims")
    changes = Bundle("changes")

    @initialize()
    def begin(self):
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.base = Head.objects.get().seq
        self.world = World()
        self.remembered = {}
        self.norway, self.twin = (
            self.world._actor("norlandia", "Norlandia", "state"),
            self.world.draft_commitment("ships"),
        )
        claim = self.world.draft_claim(OFFERED, bears="proposed", on=self.twin)
        change = self.world.draft_change("proposed", claim, "2020-01-06", on=self.twin)
        self.world.publish(self.norway, self.twin, claim, change)

    def teardown(self):
        verify()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def attempt(self, act):
        """A refusal is an answer too, if it leaves no trace (the invariants look)."""
        try:
            return act()
        except actions.Refused:
            return None

    @rule(target=claims, status=st.sampled_from(list(STATUSES)), said=DAYS, own=st.booleans())
    def claim_a_status(self, status, said, own):
        return self.world.claim(ACCEPTED, bears=status, said=said, by_ministry=own)

    @rule(target=claims, position=st.sampled_from(list(POSITIONS)), said=DAYS, own=st.booleans())
    def claim_a_position(self, position, said, own):
        return self.world.claim(NOT_ACCEPTED, position=position, of=self.world.sutherland, said=said, by_ministry=own)

    @rule(target=changes, claim=claims, effective=DAYS)
    def record_a_status(self, claim, effective):
        status = claim.bearings.get().status or "agreed"
        if self.attempt(lambda: self.world.record(status, claim, effective)):
            return self.world.last_change()
        return self.world.proposed

    @rule(change=changes)
    def void_a_change(self, change):
        self.attempt(lambda: actions.correct_status(change=change, by=self.world.curator, reason="Wrong."))

    @rule(change=changes, claim=claims, effective=DAYS)
    def correct_a_change(self, change, claim, effective):
        self.attempt(
            lambda: actions.correct_status(
                change=change,
                status=claim.bearings.get().status or "agreed",
                effective=day(effective),
                claims=[claim],
                by=self.world.curator,
                reason="Wrong.",
            )
        )

    @rule(claim=claims)
    def retract_a_claim(self, claim):
        self.attempt(lambda: actions.retract(thing=claim, by=self.world.curator, reason="Misheard."))

    @rule(claim=claims)
    def reinstate_a_claim(self, claim):
        self.attempt(lambda: actions.amend(things=[claim], by=self.world.curator, reason="It was said."))

    @rule(name=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20))
    def rename_a_state(self, name):
        self.world.norland.name = name
        self.world.norland.save()
        self.attempt(lambda: actions.amend(things=[self.world.norland], by=self.world.curator, reason="Renamed."))

    @rule(kind=st.sampled_from(["state", "organisation", "unnamed_group"]))
    def change_sides(self, kind):
        self.world.sutherland.kind = kind
        self.world.sutherland.save()
        self.attempt(lambda: actions.amend(things=[self.world.sutherland], by=self.world.curator, reason="Regrouped."))

    @rule(words=st.sampled_from([OFFERED, ACCEPTED]))
    def relay_a_passage(self, words):
        passage = self.world.draft_passage(words)
        if passage.is_published:
            passage.hops.create(described_as="local media", position=passage.hops.count())
            actions.amend(things=[passage], by=self.world.curator, reason="It was relayed.")

    @rule(target=claims, status=st.sampled_from(list(STATUSES)), said=DAYS)
    def claim_on_the_twin(self, status, said):
        return self.world.claim(ACCEPTED, bears=status, said=said, on=self.twin)

    @rule(of_states=st.booleans(), turned=st.booleans())
    def merge_what_was_recorded_twice(self, of_states, turned):
        pair = (self.norway, self.world.norland) if of_states else (self.twin, self.world.commitment)
        thing, into = reversed(pair) if turned else pair
        self.attempt(lambda: actions.merge(thing=thing, into=into, by=self.world.curator, reason="Twice."))

    @rule(of_states=st.booleans(), turned=st.booleans())
    def undo_a_merge(self, of_states, turned):
        pair = (self.norway, self.world.norland) if of_states else (self.twin, self.world.commitment)
        thing = pair[1] if turned else pair[0]
        self.attempt(lambda: actions.unmerge(thing=thing, by=self.world.curator, reason="Two after all."))

    @rule()
    def remember_today(self):
        seq = Head.objects.get().seq
        self.remembered[seq] = self.known_at(seq)

    @rule(asked=DAYS, back=st.integers(min_value=0, max_value=30))
    def ask_of_a_day(self, asked, back):
        """What is stored of a day, as known at any entry, is what is derived from the claims and changes of then."""
        commitment = self.world.commitment.pk
        entry = Entry.objects.get(seq=max(Head.objects.get().seq - back, self.base + 1))
        clock = Clock(entry.set_last, date.fromisoformat(asked), None)
        told = derive(commitment, claims_on([commitment], clock), changes_to([commitment], clock), asked)
        spans = CommitmentSpan.objects.known_at(clock.seq).on(clock.as_of).filter(subject_id=commitment)
        found = [orjson.loads(derived) | {"counts": told["counts"]} for (derived,) in spans.values_list("derived")]
        merged = CommitmentStanding.objects.known_at(clock.seq).merged().filter(subject_id=commitment).exists()
        assert found == ([] if told["status"] is None or merged else [told])

    def known_at(self, seq):
        spans = CommitmentSpan.objects.known_at(seq).filter(seq__gt=self.base).order_by("subject_id", "from_day")
        return list(spans.values_list("subject_id", "seq", "from_day", "until_day", "derived")) + [
            (s.subject_id, s.seq, s.row)
            for table in TABLES
            for s in table.objects.known_at(seq).filter(seq__gt=self.base).order_by("subject_id")
        ]

    @invariant()
    def yesterday_never_changes(self):
        for seq, told in getattr(self, "remembered", {}).items():
            assert self.known_at(seq) == told

    @invariant()
    def standings_follow_from_versions(self):
        if not hasattr(self, "base"):
            return
        facts, current = Facts(), {}
        firsts = dict(Entry.objects.filter(seq__gt=self.base, version=1).values_list("subject_id", "seq"))
        for version in Version.objects.filter(entry__gt=self.base, until_seq=None).select_related("entry"):
            body = orjson.loads(bytes(version.body))
            retracted = body["reason"] if version.type == "retract" else None
            day_of = version.entry.recorded_at.date().isoformat()
            first = firsts[version.subject_id]
            facts.add(Known(version.subject_type, body["document"], first, day_of, retracted, body.get("into")))
        for table in TABLES:
            current |= {s.subject_id: s.row for s in table.objects.current().filter(seq__gt=self.base)}
        assert current == {i: render(facts, i)["row"] for i in facts.things}
        for commitment in (self.world.commitment, self.twin):
            self.spans_follow_from_versions(facts, commitment.pk)

    def spans_follow_from_versions(self, facts, commitment):
        found = CommitmentSpan.objects.current().filter(subject_id=commitment).order_by("from_day")
        rebuilt = spans(facts, commitment)
        assert [span.derived for span in found] == [columns["derived"] for columns in rebuilt]
        assert not any(span.differs_in(columns) for span, columns in zip(found, rebuilt, strict=True))


@pytest.mark.usefixtures("cloned_database")
def test_the_record_holds_whatever_happens():
    run_state_machine_as_test(
        Record,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
