"""The flat format, written: rows of an import as they were read, or commitments of the desk as rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import yaml
from django.db.models import Prefetch

from commitments.captures.tables import defused
from commitments.dates import UncertainDate
from commitments.importers.columns import COLUMNS, SEPARATOR
from commitments.models import Bearing, Claim, Commitment, Import, ImportRow, Passage, StatusChange, Version

Cells = dict[str, str]
AT_ONCE = 500
MEDIA_TYPES = {"csv": "text/csv", "json": "application/json", "yaml": "application/yaml"}


def of_import(imported: Import) -> Iterator[Cells]:
    """Every row that is in use, as it was read: imported again it is unchanged."""
    rows = ImportRow.objects.filter(imported=imported).exclude(outcome="rejected").order_by("number")
    yield from rows.values_list("cells", flat=True).iterator(chunk_size=AT_ONCE)


def of_commitments(ids: Sequence[str]) -> Iterator[Cells]:
    """Each commitment's statuses, then its other bearings, one a row; its id is the key."""
    for start in range(0, len(ids), AT_ONCE):
        for rows in cells_by_id(ids[start : start + AT_ONCE]).values():
            yield from rows


def cells_by_id(ids: Iterable[str]) -> dict[str, list[Cells]]:
    """The rows of each commitment that there is, in the order of the ids. A fixed number of queries."""
    wanted = list(dict.fromkeys(ids))
    found = {of.pk: of for of in _commitments(wanted)} if wanted else {}
    return {pk: list(_rows_of(found[pk])) for pk in wanted if pk in found}


def _commitments(ids: Sequence[str]) -> Any:
    cited = Passage.objects.prefetch_related("hops")
    bearings = Bearing.objects.select_related("actor").prefetch_related(Prefetch("passages", cited)).order_by("pk")
    retracted = Version.objects.filter(until_seq__isnull=True, type="retract", subject_type="claim").values(
        "subject_id"
    )
    claims = (
        Claim.objects.exclude(pk__in=retracted)
        .select_related("claimant")
        .prefetch_related(Prefetch("bearings", bearings))
    )
    counting = StatusChange.objects.filter(corrected_by__isnull=True).exclude(status="")
    changes = counting.prefetch_related(Prefetch("claims", claims)).order_by("pk")
    alone = bearings.select_related("actor", "claim__claimant").filter(status="").exclude(claim__in=retracted)
    return Commitment.objects.filter(pk__any_of=list(ids)).prefetch_related(
        "kind", "topics", "places", "parties__actor", Prefetch("status_changes", changes), Prefetch("bearings", alone)
    )


def _rows_of(of: Commitment) -> Iterator[Cells]:
    told = _of_commitment(of)
    for change in of.status_changes.all():
        for claim in sorted(change.claims.all(), key=lambda claim: claim.pk)[:1]:
            said = [b for b in claim.bearings.all() if b.commitment_id == of.pk and b.status == change.status]
            for bearing in said[:1]:
                status = {"status": change.status, "reason": change.reason} | _date("effective", change.effective)
                yield _in_order(told | _of_claim(claim, bearing) | status)
    for bearing in of.bearings.all():
        position = {"position": bearing.position} | _actors("position_of", [bearing.actor])
        yield _in_order(told | _of_claim(bearing.claim, bearing) | position)


def _in_order(cells: Cells) -> Cells:
    return {name: cells[name] for name in COLUMNS if cells.get(name)}


def _of_commitment(of: Commitment) -> Cells:
    by_role: dict[str, list[Any]] = {}
    for party in of.parties.all():
        by_role.setdefault({"joint": "promisor"}.get(party.role, party.role), []).append(party.actor)
    parties = {name: cell for role, actors in by_role.items() for name, cell in _actors(role, actors).items()}
    return {
        "key": of.pk,
        "title": of.title_en,
        "title_es": of.title_es,
        "summary": of.summary_en,
        "summary_es": of.summary_es,
        "kind": of.kind.label_en,
        "form": of.form,
        "condition": of.condition,
        "topics": _list(term.label_en for term in of.topics.all()),
        "places": _list(term.label_en for term in of.places.all()),
        **parties,
        **_date("made_on", of.made_on),
        **_date("due", of.due),
    }


def _of_claim(claim: Claim, bearing: Bearing) -> Cells:
    passage = next(iter(sorted(bearing.passages.all(), key=lambda passage: passage.pk)), None)
    return {
        **(_of_passage(passage) if passage else {}),
        **_actors("claimant", [claim.claimant]),
        "statement": claim.statement,
        "speech_act": claim.speech_act,
        **_date("said_on", claim.said_on),
        "reading": bearing.reading,
        "note": bearing.note,
    }


def _of_passage(passage: Passage) -> Cells:
    """Where the source is itself an imported file, the source that the file names."""
    source, relayed = passage.capture.source, None
    if source.kind == "document":
        relayed = next((hop for hop in passage.hops.all() if hop.described_as and hop.act == "reports"), None)
    return {
        "quote": passage.exact,
        "voice": passage.voice,
        "translated": passage.translated,
        "source_title": relayed.described_as if relayed else source.title[:200],
        "source_url": relayed.note if relayed else source.url,
    }


def _actors(name: str, actors: Sequence[Any]) -> Cells:
    """By name, or by slug where the name would be read as two."""
    written = [actor.slug if SEPARATOR in actor.name else actor.name for actor in actors]
    kinds = [actor.kind for actor in actors]
    return {name: _list(written), f"{name}_kind": kinds[0] if len(set(kinds)) == 1 else _list(kinds)}


def _date(name: str, value: UncertainDate | None) -> Cells:
    if value is None:
        return {}
    return {name: value.edtf or "", f"{name}_basis": value.basis, f"{name}_note": value.note}


def _list(parts: Iterable[str]) -> str:
    return f"{SEPARATOR} ".join(parts)


def csv_lines(rows: Iterable[Cells]) -> Iterator[str]:
    """RFC 4180 with a byte order mark, by which spreadsheets know UTF-8; formulas are defused."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)

    def written(cells: Iterable[str]) -> str:
        line.seek(0)
        line.truncate()
        writer.writerow(cells)
        return line.getvalue()

    yield "\ufeff" + written(COLUMNS)
    for cells in rows:
        yield written(defused(cells.get(name, "")) for name in COLUMNS)


def json_lines(rows: Iterable[Cells]) -> Iterator[str]:
    before = "[\n"
    for cells in rows:
        yield before + json.dumps(cells, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before.startswith(",") else "[]\n"


def yaml_lines(rows: Iterable[Cells]) -> Iterator[str]:
    """Every value quoted, so that no reader takes one for a date or a truth value."""
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    is_empty = True
    for cells in rows:
        is_empty = False
        yield yaml.dump([cells], Dumper=dumper, allow_unicode=True, sort_keys=False, default_style='"', width=10**6)
    if is_empty:
        yield "[]\n"


WRITERS: dict[str, Callable[[Iterable[Cells]], Iterator[str]]] = {
    "csv": csv_lines,
    "json": json_lines,
    "yaml": yaml_lines,
}
