"""The record: what the public reads. Versions (stated, digested) and standings (derived, rebuildable)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from commitments.models.ledger import Entry

# What an open `until_seq` stands for where indexes compare it.
LAST_SEQ = 2**63 - 1


class OpenedClosed(models.QuerySet):
    """`seq` opened a row, `until_seq` closed it; null: it is the current one."""

    def current(self) -> Self:
        return self.filter(until_seq__isnull=True)

    def known_at(self, seq: int) -> Self:
        return self.filter(Q(until_seq__isnull=True) | Q(until_seq__gt=seq), seq__lte=seq)


class Subject(models.Model):
    """One row a published thing, for ever: what writers lock, and the newest entry about it."""

    id = models.CharField(max_length=80, primary_key=True, db_collation="C")
    type = models.CharField(max_length=20)
    version = models.IntegerField()
    leaf = models.BinaryField()

    def __str__(self) -> str:
        return self.id


class Total(models.Model):
    """How many things of one noun were ever published, retracted ones too: with what was merged taken off, what an
    unfiltered list holds."""

    subject_type = models.CharField(max_length=20, primary_key=True)
    things = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.things} of {self.subject_type}"


class Version(models.Model):
    """What was published: `body` = RFC 8785 bytes of {"document", "reason", "corrects"}."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, db_column="seq", related_name="published")
    until_seq = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=80, db_collation="C")
    n = models.IntegerField()
    type = models.CharField(max_length=20)
    body = models.BinaryField()
    salt = models.BinaryField()

    class Meta:
        ordering = ["entry"]
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "n"], name="version_numbered"),
            models.UniqueConstraint(
                fields=["subject_id"], condition=Q(until_seq__isnull=True), name="version_one_current"
            ),
        ]
        indexes = [
            models.Index(
                fields=["subject_id"], condition=Q(until_seq__isnull=True, type="retract"), name="version_retracted"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.n} of {self.subject_id}"


class StandingQuerySet(OpenedClosed):
    def of_type(self, subject_type: str) -> Self:
        return self.filter(subject_type=subject_type)

    def naming(self, *ids: str) -> Self:
        return self.filter(names__overlap=list(ids))

    def merged(self) -> Self:
        """What stands under another thing's id."""
        return self.filter(merged_into__isnull=False)

    def in_ledger_order(self) -> Self:
        """By the entry that published each thing first."""
        first = Entry.objects.filter(subject_id=OuterRef("subject_id"), version=1).values("seq")
        return self.order_by(Subquery(first))

    def among(self, column: str, values: Sequence[Any]) -> Self:
        return self.filter(**{f"{column}__in": values})


class Rendered(models.Model):
    """A row of columns that follow from the documents."""

    class Meta:
        abstract = True

    def differs_in(self, columns: dict[str, Any]) -> list[str]:
        """The columns whose stored value is another; days are given as ISO text."""
        return [name for name, value in columns.items() if _plain(getattr(self, name)) != value]


class Standing(Rendered):
    """What follows from all entries so far for one published thing: `row` is its finished JSON.

    `names` are the ids that its document names and those that it is shown to name; `merged_into` is what the thing
    itself is shown as (null: itself); `version` and `version_entry` the version it shows, and `record` what
    an answer says of that: its seq, number, leaf and time as JSON. `opened_at` is when entry `seq` was recorded.
    """

    pk = models.CompositePrimaryKey("subject_id", "seq")
    subject_id = models.CharField(max_length=80, db_collation="C")
    seq = models.BigIntegerField()
    until_seq = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    subject_type = models.CharField(max_length=20)
    version = models.IntegerField()
    version_entry = models.ForeignKey(Entry, models.PROTECT, db_column="version_seq", related_name="+", db_index=False)
    slug = models.CharField(max_length=80, blank=True)
    label = models.TextField()
    retracted = models.BooleanField()
    # An id, or none: no text is empty here.
    merged_into = models.CharField(max_length=80, null=True, db_collation="C")  # noqa: DJ001
    names = ArrayField(models.TextField())
    row = models.TextField()
    record = models.TextField()

    objects = StandingQuerySet.as_manager()
    # Columns of text, all of one direction, as a row comparison asks.
    list_order: tuple[str, ...] = ("subject_id",)
    # The orders that may be asked for, by the name to ask with.
    orders: dict[str, tuple[str, ...]] = {}
    # In which the newest come first.
    newest: tuple[str, ...] = ()

    class Meta:
        abstract = True
        ordering = ["subject_id", "seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id"], condition=Q(until_seq__isnull=True), name="%(class)s_one_current"
            )
        ]
        indexes = [
            GinIndex(fields=["names"], name="%(class)s_names"),
            models.Index(fields=["slug"], name="%(class)s_slug"),
            models.Index(fields=["merged_into"], name="%(class)s_merged", condition=Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.subject_id} from entry {self.seq})"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


class PlainStanding(Standing):
    """Terms, actors, offices, occasions, sources, passages, status changes: the document with labels.

    `counts_from`: of a status change, the first day of the world that it counts on; a void has none.
    """

    counts_from = models.DateField(null=True)

    class Meta(Standing.Meta):
        indexes = [
            *Standing.Meta.indexes,
            models.Index(fields=["subject_type", "subject_id"], name="plainstanding_type"),
        ]


class SortKey(models.CharField):
    """Text that sorts as its bytes do; never null, so that rows can be compared by it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 100, "db_collation": "C", **options})


def order_columns(order: Sequence[str], before: Sequence[str]) -> list[Any]:
    return [F(c.removeprefix("-")).desc() if c.startswith("-") else F(c) for c in (*before, *order)]


def order_index(name: str, order: Sequence[str], *before: str) -> models.Index:
    """For the current rows in an order, or for those alike in the columns `before` it. `counts_from` goes with the
    key, so that what did not count by a day asked about is passed over within the index."""
    columns = [*order_columns(order, before), "counts_from"]
    return models.Index(*columns, name=name, condition=Q(until_seq__isnull=True))


def past_index(name: str, order: Sequence[str], *before: str) -> models.Index:
    """The same for the rows known at a `seq`: those before and after it are passed over within the index."""
    until = Coalesce("until_seq", LAST_SEQ)
    return models.Index(*order_columns(order, before), "counts_from", "seq", until, name=name.replace("_by_", "_past_"))


def span_index(name: str, order: Sequence[str]) -> models.Index:
    """For the current spans; those of other days are passed over within the index."""
    return models.Index(
        *order_columns(order, ()), "from_day", "until_day", name=name, condition=Q(until_seq__isnull=True)
    )


def filter_indexes(noun: str, *columns: str) -> list[models.Index]:
    """For what a filter seldom finds, now and at any `seq`; what it often finds is met soon in the list's order."""
    return [models.Index(fields=[column], name=f"{noun}_{column}") for column in columns]


def order_indexes(noun: str, orders: dict[str, tuple[str, ...]]) -> list[models.Index]:
    named = {f"{noun}_by_{order[0].strip('-')}": order for order in orders.values()}
    return [make(name, order) for name, order in named.items() for make in (order_index, past_index)]


CLAIM_ORDERS = {
    "said_on": ("said_rising", "subject_id"),
    "-said_on": ("-said_falling", "-subject_id"),
}
COMMITMENT_ORDERS = {
    "-made_on": ("-made_falling", "-subject_id"),
    "made_on": ("made_rising", "subject_id"),
    "due": ("due_rising", "subject_id"),
    "-due": ("-due_falling", "-subject_id"),
    "status_since": ("since_rising", "subject_id"),
    "-status_since": ("-since_falling", "-subject_id"),
    "title": ("title_key", "subject_id"),
}


class ClaimStanding(Standing):
    """`asserts` are the statuses and positions that its bearings tell, `readings` how they were read, `counts_from`
    the first day of the world that it counts on, `words` what full text finds it by (`commitments.search`)."""

    claimant = models.CharField(max_length=80)
    speech_act = models.CharField(max_length=20)
    asserts = ArrayField(models.TextField())
    readings = ArrayField(models.TextField())
    sources = ArrayField(models.TextField())
    publishers = ArrayField(models.TextField())
    directness = models.IntegerField()
    counts_from = models.DateField()
    said_earliest = models.DateField()
    said_latest = models.DateField()
    said_rising = SortKey()
    said_falling = SortKey()
    words = SearchVectorField()

    orders = CLAIM_ORDERS
    newest = CLAIM_ORDERS["-said_on"]

    class Meta(Standing.Meta):
        indexes = [
            *Standing.Meta.indexes,
            *order_indexes("claim", CLAIM_ORDERS),
            *filter_indexes("claim", "claimant", "speech_act", "directness", "said_earliest", "said_latest"),
            GinIndex(fields=["asserts"], name="claim_asserts"),
            GinIndex(fields=["sources"], name="claim_sources"),
            GinIndex(fields=["publishers"], name="claim_publishers"),
            GinIndex(fields=["words"], name="claim_words"),
        ]


class Derived(models.Model):
    """What hangs on a day of the world: `positions` holds `actor:position` for the actor and its side."""

    is_open = models.BooleanField()
    status = models.CharField(max_length=20)
    positions = ArrayField(models.TextField())
    since_earliest = models.DateField(null=True)
    since_latest = models.DateField(null=True)
    since_rising = SortKey()
    since_falling = SortKey()
    disputed = models.BooleanField()
    single_party = models.BooleanField()

    class Meta:
        abstract = True


class CommitmentStanding(Derived, Standing):
    """Dates are bounds; unknown is 0001-01-01..9999-12-31. `…_rising` and `…_falling` sort the unknown last.

    `parties` holds `actor` and `role:actor`, `claimants` who said anything that bears on it, `sources` where that
    was read, `told` what was said and quoted. `counts_from` is the first day on which it had a status. `words`
    are what full text finds it by (`commitments.search`).
    """

    kind = models.CharField(max_length=80)
    form = models.CharField(max_length=20)
    parties = ArrayField(models.TextField())
    claimants = ArrayField(models.TextField())
    sources = ArrayField(models.TextField())
    made_earliest = models.DateField()
    made_latest = models.DateField()
    made_rising = SortKey()
    made_falling = SortKey()
    due_earliest = models.DateField(null=True)
    due_latest = models.DateField(null=True)
    due_rising = SortKey()
    due_falling = SortKey()
    title_key = SortKey()
    counts_from = models.DateField()
    told = ArrayField(models.TextField())
    words = SearchVectorField()

    orders = COMMITMENT_ORDERS
    list_order = newest = COMMITMENT_ORDERS["-made_on"]

    class Meta(Standing.Meta):
        indexes = [
            *Standing.Meta.indexes,
            *order_indexes("commitment", COMMITMENT_ORDERS),
            # A day asked about is compared within the index, row after row of the list.
            models.Index(
                *order_columns(COMMITMENT_ORDERS["-made_on"], ()),
                *("made_earliest", "made_latest", "due_earliest", "due_latest", "since_earliest", "since_latest"),
                name="commitment_newest_dated",
                condition=Q(until_seq__isnull=True),
            ),
            *filter_indexes("commitment", "status", "kind", "form", "disputed", "single_party"),
            *filter_indexes("commitment", "made_earliest", "made_latest", "due_earliest", "due_latest"),
            *filter_indexes("commitment", "since_earliest", "since_latest"),
            order_index("commitment_open_kind", COMMITMENT_ORDERS["-made_on"], "is_open", "kind"),
            order_index("commitment_status_kind", COMMITMENT_ORDERS["-made_on"], "status", "kind"),
            order_index("commitment_kind_newest", COMMITMENT_ORDERS["-made_on"], "kind"),
            GinIndex(fields=["parties"], name="commitment_parties"),
            GinIndex(fields=["positions"], name="commitment_positions"),
            GinIndex(fields=["claimants"], name="commitment_claimants"),
            GinIndex(fields=["sources"], name="commitment_sources"),
            GinIndex(fields=["words"], name="commitment_words"),
        ]


class SpanQuerySet(OpenedClosed):
    def on(self, day: date) -> Self:
        """What held on a day: at most one span a commitment among those known at one `seq`."""
        return self.filter(from_day__lte=day, until_day__gt=day)


class CommitmentSpan(Derived, Rendered):
    """What held of a commitment from one day of the world until another, as known from one entry until another:
    valid time (`from_day`, `until_day`) and record time (`seq`, `until_seq`), both without their ends.

    The spans known at one `seq` neither overlap nor leave a gap; the last is open, until 9999-12-31. Before its
    first status a commitment has none; a retracted one has a single span, from 0001-01-01, without status.
    `derived` is compact JSON of the members of its row that hang on the day (`standings.DERIVED`).
    """

    pk = models.CompositePrimaryKey("subject_id", "from_day", "seq")
    subject_id = models.CharField(max_length=80, db_collation="C")
    from_day = models.DateField()
    until_day = models.DateField()
    seq = models.BigIntegerField()
    until_seq = models.BigIntegerField(null=True)
    derived = models.TextField()

    objects = SpanQuerySet.as_manager()

    class Meta:
        ordering = ["subject_id", "seq", "from_day"]
        constraints = [
            models.CheckConstraint(condition=Q(until_day__gt=F("from_day")), name="commitmentspan_ends_later"),
            models.UniqueConstraint(
                fields=["subject_id", "from_day"],
                condition=Q(until_seq__isnull=True),
                name="commitmentspan_one_current",
            ),
        ]
        indexes = [
            GinIndex(fields=["positions"], name="commitmentspan_positions"),
            span_index("commitmentspan_status", ("status",)),
            span_index("commitmentspan_from_day", ()),
            span_index("commitmentspan_disputed", ("disputed",)),
            span_index("commitmentspan_single_party", ("single_party",)),
            span_index("commitmentspan_since_earliest", ("since_earliest",)),
            span_index("commitmentspan_since_latest", ("since_latest",)),
            span_index("commitmentspan_newest_since", COMMITMENT_ORDERS["-status_since"]),
            span_index("commitmentspan_oldest_since", COMMITMENT_ORDERS["status_since"]),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} from {self.from_day} until {self.until_day} (from entry {self.seq})"


STANDINGS: dict[str, type[Standing]] = {
    "commitment": CommitmentStanding,
    "claim": ClaimStanding,
    **dict.fromkeys(("term", "actor", "office", "occasion", "source", "passage", "status_change"), PlainStanding),
}
