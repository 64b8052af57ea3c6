"""The one write path: locks, checks, rows, and the append. Every verb of this package ends here.

Order within the transaction (the caller's `@verb` opens it): desk rows, then published subjects in id order,
then, last of all, the head row, inside the single statement `record_append`.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ParamSpec, TypeVar

import orjson
import psycopg
from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext

from commitments import canonical, derive
from commitments.actions.refusals import Collected, Conflict, Meanwhile
from commitments.documents import FORMAT_VERSION, MERGEABLE, PREFIXES, names
from commitments.languages import in_language
from commitments.models.ledger import Curator, Entry, Head
from commitments.models.record import (
    STANDINGS,
    ClaimStanding,
    CommitmentSpan,
    CommitmentStanding,
    PlainStanding,
    Standing,
    Version,
)
from commitments.models.record import Subject as Published
from commitments.moving import Naming, affected, moved_since
from commitments.rows import Facts, Known, Subject
from commitments.standings import differing, render, spans

Row = dict[str, Any]
Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")
ATTEMPTS = 5
# Ledger order of what is being written: after everything that stands.
NEW = 2**60
MERGED_PREFIXES = tuple(f"{PREFIXES[noun]}_" for noun in MERGEABLE)
TABLES: dict[type[Standing], str] = {
    model: model._meta.model_name or "" for model in (PlainStanding, ClaimStanding, CommitmentStanding)
}


class Moved(Exception):
    """Between looking and locking, somebody changed what this write touches: look again."""


def verb(action: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
    """One transaction, begun anew where others moved what it touches, where it deadlocked, or where the UTC
    day turned before the append."""

    @functools.wraps(action)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
        for _ in range(ATTEMPTS - 1):
            try:
                with transaction.atomic():
                    return action(*args, **kwargs)
            except Moved:
                continue
            except OperationalError as error:
                if not isinstance(error.__cause__, psycopg.errors.TransactionRollback):
                    raise
        with transaction.atomic():
            return action(*args, **kwargs)

    return run


@dataclass
class Change:
    """One entry to be: what it says of one subject. `survivor`: the document of what it is merged into, or was."""

    type: str
    subject_type: str
    document: Row
    reason: str
    nature: str = "world"
    corrects: int | None = None
    before: Row | None = None
    survivor: Row | None = None

    @property
    def subject_id(self) -> str:
        return str(self.document["id"])

    @property
    def into(self) -> str | None:
        return str(self.survivor["id"]) if self.survivor and self.type == "merge" else None

    @property
    def body(self) -> Row:
        told = {"document": self.document, "reason": self.reason, "corrects": self.corrects}
        return told | ({"into": self.into} if self.into else {})

    def subjects(self, merged: Mapping[str, str]) -> list[Subject]:
        """The survivor, it as it was, if it was, and as it will be."""
        versions = [Subject.of(self.subject_type, d, merged) for d in (self.before, self.document) if d]
        survivor = [Subject.of(self.subject_type, self.survivor, merged, absorbs=True)] if self.survivor else []
        return survivor + versions

    @property
    def named(self) -> set[str]:
        """Every id that it is about or names."""
        documents = [document for document in (self.before, self.document, self.survivor) if document]
        return {i for d in documents for i in (d["id"], *names(self.subject_type, d))}


@dataclass
class Written:
    """The entries of one set: `first`..`last`."""

    first: int
    last: int
    subject_ids: list[str] = field(default_factory=list)


def recording_day() -> date:
    """Today in UTC as the ledger will see it; its clock never goes back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (greatest(clock_timestamp(), recorded_at) AT TIME ZONE 'UTC')::date"
            " FROM commitments_head WHERE id = 1"
        )
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


def pseudonym(user: User) -> str:
    """`curator-3`: what the ledger calls a person. Numbers are given in order of first writing."""
    curator = Curator.objects.filter(user=user).first()
    if curator is None:
        with connection.cursor() as cursor:  # two first-time writers take their numbers one by one
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('commitments.curator.number'))")
        number = Curator.objects.count() + 1
        curator, _ = Curator.objects.get_or_create(user=user, defaults={"number": number})
    return str(curator)


def write(changes: Sequence[Change], *, by: User, day: date) -> Written:
    """Appends one set: entries, versions, standings and spans, together or not at all.

    Raises `Refused` where a commitment's history would break the rubric. Queries: a fixed number, plus one
    for each step of the longest chain from a changed thing to what shows it.
    """
    by_name = pseudonym(by)
    causes, named = moved_with(changes)
    lock(exclusive=causes, shared=named)
    again, named_now = moved_with(changes)
    if set(again) - set(causes) or named_now - named - set(causes):
        raise Moved
    refuse_on_merged(changes)
    facts = gather(set(causes), changes, day)
    check(facts, causes)
    standings = rendered(facts, causes, changes)
    return _append(changes, standings, respanned(facts, causes), by=by_name, day=day)


def moved_with(changes: Sequence[Change]) -> tuple[dict[str, int], set[str]]:
    """What is `affected` by the changes, as the record stands now, and what they name, survivors too."""
    merged = merged_among({i for change in changes for i in change.named})
    subjects = [change.subjects(merged) for change in changes]
    written = [versions[-1] for versions in subjects]
    return affected(subjects, naming_among(written)), {i for subject in written for i in subject.names}


def naming_among(subjects: Iterable[Subject]) -> Naming:
    """`naming`, with what is only now being published."""
    own: dict[str, list[Subject]] = {}
    for subject in subjects:
        for named in subject.names:
            own.setdefault(named, []).append(subject)
    return lambda ids: [*naming(ids), *(subject for named in ids for subject in own.get(named, ()))]


def naming(ids: Iterable[str]) -> list[Subject]:
    """Every current thing that names one of the ids, in its document or as it is shown. At most four queries: what
    is not published is named by nothing."""
    wanted = list(Published.objects.filter(id__any_of=ids).values_list("id", flat=True))
    if not wanted:
        return []
    found = CommitmentStanding.objects.current().naming(*wanted).values_list("version_entry", "names")
    for model in (ClaimStanding, PlainStanding):
        found = found.union(model.objects.current().naming(*wanted).values_list("version_entry", "names"))
    shown = dict(found)
    versions = Version.objects.filter(entry__any_of=list(shown)) if shown else ()
    stated = [(version.subject_type, document_of(version), shown[version.pk]) for version in versions]
    merged = merged_among({i for noun, d, ids in stated if len(names(noun, d)) < len(ids) for i in ids})
    return [Subject.of(subject_type, document, merged) for subject_type, document, _ in stated]


def merged_among(ids: Iterable[str]) -> dict[str, str]:
    """Those of the ids that are merged now, with their survivors. One query, none without any that could be."""
    wanted = [i for i in ids if i.startswith(MERGED_PREFIXES)]
    return dict(_merged(subject_id__any_of=wanted)) if wanted else {}


def absorbed_by(ids: Iterable[str]) -> list[str]:
    """What is merged into any of the ids now. One query, none without any that could be."""
    wanted = [i for i in ids if i.startswith(MERGED_PREFIXES)]
    return [i for i, _ in _merged(merged_into__any_of=wanted)] if wanted else []


def _merged(**among: list[str]) -> Any:
    tables = [model.objects.current().merged().filter(**among) for model in (CommitmentStanding, PlainStanding)]
    of_commitments, of_others = (rows.values_list("subject_id", "merged_into") for rows in tables)
    return of_commitments.union(of_others, all=True)


def refuse_on_merged(changes: Sequence[Change]) -> None:
    """What is merged stays as it is, but for the undoing; a status of it can be corrected, as the undoing needs it
    to hold."""
    merged = merged_among({i for change in changes for i in change.named})
    found = Collected()
    for change in changes:
        of = change.document["commitment"] if change.type == "record_status" else change.subject_id
        if of in merged and change.type != "unmerge":
            if change.type == "record_status":
                sentence = gettext("%(merge)s: record the status there, or undo the merge first.")
            else:
                sentence = gettext("%(merge)s: change that one, or undo the merge first.")
            found.add(sentence % {"merge": merged_in_words(of, merged[of])}, change.subject_id)
    found.refuse_if_any()


def merged_in_words(thing: str, survivor: str) -> str:
    label = {i: standing.label for i, standing in current_standings([thing, survivor]).items()}
    return gettext("“%(thing)s” was merged into “%(into)s”") % {"thing": label[thing], "into": label[survivor]}


def current_versions(ids: Iterable[str]) -> dict[str, Version]:
    found = Version.objects.filter(subject_id__any_of=ids, until_seq__isnull=True)
    return {version.subject_id: version for version in found}


def document_of(version: Version) -> Row:
    return orjson.loads(bytes(version.body))["document"]  # type: ignore[no-any-return]


def digest_of(document: Row) -> str:
    """By which a document that was read is known again."""
    return hashlib.sha256(canonical.dumps(document)).hexdigest()


def lock(*, exclusive: Iterable[str], shared: Iterable[str]) -> None:
    """Holds published subjects till the end of the transaction, in id order, so that two writers that share
    any never wait for each other in a ring. What is not published yet has nothing to lock."""
    modes = dict.fromkeys(shared, False) | dict.fromkeys(exclusive, True)
    ids = sorted(modes)
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject_lock(%s, %s)", [ids, [modes[i] for i in ids]])


def gather(touched: set[str], changes: Sequence[Change], day: date) -> Facts:
    """Everything that rendering the touched things asks for, with the changes put in place."""
    facts = Facts()
    fresh = {change.subject_id: change for change in changes}
    _load(facts, touched)
    # Nothing published names what is new.
    commitments = {i for i in facts.things if i.startswith("cmt_")}
    _load_rows(facts, commitments)
    facts.outdate(touched)
    _load(facts, absorbed_by(touched))
    for index, change in enumerate(changes):
        facts.add(_known(change, facts.things.get(change.subject_id), index, day))
    _load_named(facts, touched | set(fresh))
    return facts


def _known(change: Change, old: Known | None, index: int, day: date) -> Known:
    return Known(
        type=change.subject_type,
        document=change.document,
        first=old.first if old else NEW + index,
        recorded_on=old.recorded_on if old else day.isoformat(),
        retracted=change.reason if change.type == "retract" else None,
        merged_into=change.into,
    )


def _load(facts: Facts, ids: Iterable[str]) -> set[str]:
    """Adds the current versions of those not there yet, and of what they are merged into; answers the ids it added.
    Two queries, two more where any is merged."""
    missing = [i for i in ids if i not in facts.things]
    if not missing:
        return set()
    firsts = {
        subject_id: (seq, recorded_at.date().isoformat())
        for subject_id, seq, recorded_at in Entry.objects.filter(subject_id__any_of=missing, version=1).values_list(
            "subject_id", "seq", "recorded_at"
        )
    }
    found = Version.objects.filter(subject_id__any_of=missing, until_seq__isnull=True)
    for version in found:
        body = orjson.loads(bytes(version.body))
        first, recorded_on = firsts[version.subject_id]
        retracted = body["reason"] if version.type == "retract" else None
        facts.add(Known(version.subject_type, body["document"], first, recorded_on, retracted, body.get("into")))
    survivors = [facts.merged[i] for i in missing if i in facts.merged]
    return {version.subject_id for version in found} | _load(facts, survivors)


def _load_rows(facts: Facts, commitments: set[str]) -> None:
    """The finished rows of claims and status changes on the commitments."""
    if not commitments:
        return
    rows: dict[str, Row] = {}
    for model in (ClaimStanding, PlainStanding):
        standing = model.objects.current().naming(*commitments)
        wanted = standing.filter(subject_type__in=("claim", "status_change"))
        rows |= {i: orjson.loads(row) for i, row in wanted.values_list("subject_id", "row")}
    _load(facts, rows)
    facts.rows |= rows


def _load_named(facts: Facts, roots: set[str]) -> None:
    """Follows names from the roots to all that their rows show. A commitment or occasion that is only named
    shows its label; a claim or change only named has its row already."""
    wave = {i for i in roots if i in facts.things}
    _load(facts, {row["claimant"]["id"] for row in facts.rows.values() if "claimant" in row})
    while wave:
        named = {n for i in wave for n in names(facts.things[i].type, facts.things[i].document)}
        added = _load(facts, named)
        added |= _load_offices(facts, wave | added)
        wave = {i for i in added if facts.things[i].type not in ("commitment", "occasion")}


def _load_offices(facts: Facts, ids: set[str]) -> set[str]:
    """The offices of persons among the ids: a person's side comes from them."""
    persons = [i for i in ids if i.startswith("act_") and facts.document(i)["kind"] == "person"]
    if not persons:
        return set()
    offices = PlainStanding.objects.current().of_type("office").naming(*persons)
    return _load(facts, offices.values_list("subject_id", flat=True))


def check(facts: Facts, touched: Iterable[str]) -> None:
    """Refuses what would leave a touched commitment's history against the rubric."""
    commitments = [i for i in touched if i.startswith("cmt_") and facts.things[i].retracted is None]
    published = [i for i in commitments if facts.things[i].first < NEW]
    links = CommitmentStanding.objects.current().filter(retracted=False).naming(*published) if published else ()
    documents = [orjson.loads(standing.row) for standing in links if standing.subject_id not in facts.things]
    shown = [facts.shown(i) for i, known in facts.things.items() if known.type == "commitment"]
    documents += [known.document for known in shown if known.retracted is None]
    superseded = {
        link["commitment"] if isinstance(link["commitment"], str) else link["commitment"]["id"]
        for document in documents
        for link in document["lineage"]
        if link["type"] == "supersedes"
    }
    found = Collected()
    for i in commitments:
        # A merged one's history has to hold when the merge is undone; the rows of its claims show the survivor.
        history, claims, shown_as = facts.changes_to(i), facts.claims_on(i), facts.resolve(i)
        for sentence in derive.problems(shown_as, claims, history, superseded_by=shown_as in superseded):
            found.add(in_language(sentence), i)
    found.refuse_if_any()


def rendered(facts: Facts, causes: dict[str, int], changes: Sequence[Change]) -> dict[str, list[Row]]:
    """Columns of the standings to open, by table. What is touched but looks the same keeps its standing, but for the
    survivor of a merge, which is touched by it in any case."""
    own = {change.subject_id: index for index, change in enumerate(changes)}
    survivors = {change.survivor["id"] for change in changes if change.survivor}
    touched = [i for i in causes if i in facts.things]
    standing = current_standings(i for i in touched if i not in own)
    opened: dict[str, list[Row]] = {table: [] for table in TABLES.values()}
    for i in touched:
        columns = render(facts, i)
        if i in own:
            columns |= {"version_entry": own[i] + 1}
        elif i not in survivors and not standing[i].differs_in(columns):
            continue
        else:
            columns |= {"version": standing[i].version, "version_seq": standing[i].version_entry_id}
        opened[TABLES[STANDINGS[columns["subject_type"]]]].append(columns | {"entry": causes[i] + 1})
    return opened


def respanned(facts: Facts, causes: dict[str, int]) -> dict[str, list[Row]]:
    """Columns of the spans to close and to open. One query."""
    since = moved_since(facts, [i for i in causes if i in facts.things])
    standing = current_spans(since)
    closed: list[Row] = []
    opened: list[Row] = []
    for i, day in since.items():
        before = standing.get(i, [])
        ended, begun = differing(before, spans(facts, i, before, day))
        closed += [{"subject_id": i, "from_day": span["from_day"], "entry": causes[i] + 1} for span in ended]
        opened += [span | {"entry": causes[i] + 1} for span in begun]
    return {"spans_closed": closed, "spans_opened": opened}


def current_spans(since: dict[str, str]) -> dict[str, list[Row]]:
    """The current spans of the commitments, in order of days, but for those that end before any of the days."""
    found: dict[str, list[Row]] = {}
    columns = ("subject_id", "from_day", "until_day", "derived")
    if since:
        ending = CommitmentSpan.objects.current().filter(until_day__gte=min(since.values()))
        for span in ending.filter(subject_id__in=list(since)).order_by("from_day").values(*columns):
            days = {name: span[name].isoformat() for name in ("from_day", "until_day")}
            found.setdefault(span["subject_id"], []).append(span | days)
    return found


def current_standings(ids: Iterable[str]) -> dict[str, Any]:
    wanted = list(ids)
    found: dict[str, Any] = {}
    for model in TABLES if wanted else ():
        found |= {s.subject_id: s for s in model.objects.current().filter(subject_id__any_of=wanted)}
    return found


def _append(
    changes: Sequence[Change],
    standings: dict[str, list[Row]],
    moved: dict[str, list[Row]],
    *,
    by: str,
    day: date,
) -> Written:
    ids = [change.subject_id for change in changes]
    subjects = {subject.id: subject for subject in Published.objects.filter(id__any_of=ids)}
    log = Head.objects.values_list("log", flat=True).get()
    entries = [_entry(change, subjects.get(change.subject_id), by=by, log=log) for change in changes]
    versions = {entry["subject_id"]: entry["version"] for entry in entries}
    for columns in (c for table in standings.values() for c in table):
        columns["version"] = versions.get(columns["subject_id"], columns.get("version"))
        touched = {"commitment": "commitments", "actor": "actors"}.get(columns["subject_type"])
        if touched:
            entries[columns["entry"] - 1][touched].append(columns["subject_id"])
    payload = orjson.dumps({"day": day.isoformat(), "entries": entries} | standings | moved).decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT first_seq, last_seq FROM record_append(%s::jsonb)", [payload])
        first, last = cursor.fetchone()
    return Written(first, last, ids)


def _entry(change: Change, subject: Published | None, *, by: str, log: str) -> Row:
    """An entry but for what only the head row can say; `core_head` and `core_tail` are RFC 8785 around it,
    with members in code point order: recorded_at, seq and set_last come between previous and subject."""
    salt = secrets.token_bytes(16)
    body = canonical.dumps(change.body)
    version = subject.version + 1 if subject else 1
    head: Row = {
        "body_digest": hashlib.sha256(salt + body).hexdigest(),
        "by": by,
        "format": FORMAT_VERSION,
        "log": log,
        "nature": change.nature,
        "previous": bytes(subject.leaf).hex() if subject else None,
    }
    tail: Row = {
        "subject": {"id": change.subject_id, "type": change.subject_type},
        "type": change.type,
        "version": version,
    }
    return {
        "type": change.type,
        "subject_type": change.subject_type,
        "subject_id": change.subject_id,
        "version": version,
        "nature": change.nature,
        "by": by,
        "body": body.decode(),
        "salt": salt.hex(),
        "core_head": canonical.dumps(head).decode()[:-1] + ",",
        "core_tail": canonical.dumps(tail).decode()[1:],
        "commitments": [],
        "actors": [],
    }


def check_deferred() -> None:
    """What the database checks at commit, now: at commit it would come too late to be told where it belongs."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refuse_if_moved(subject_id: str, seen: int | None) -> None:
    """Raises `Conflict` where the subject's standing is no longer the one that entry `seen` opened."""
    if seen is None:
        return
    lock(exclusive=[subject_id], shared=[])
    standing = current_standings([subject_id]).get(subject_id)
    if standing is None or standing.seq == seen:
        return
    entries = Entry.objects.after(seen).touching(subject_id)
    raise Conflict(subject_id, seen, [Meanwhile(e.seq, e.type, e.subject_id, e.by) for e in entries[:20]])
