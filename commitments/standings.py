"""From rows to standings and spans: the columns by which a list finds, sorts and tells a thing. Pure.

Who writes and who verifies call the same `render` and `spans`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from unicodedata import combining, normalize

import orjson

from commitments import derive, search
from commitments.rows import Facts, Known, Row

LONGEST_TITLE_KEY = 100
# The members of a commitment's row that hang on a day of the world; `counts` stay as recorded.
DERIVED = ("status", "open", "status_since", "status_claims", "positions", "flags", "silent_since")
# Characters of what claims say that make a commitment found: a hub with thousands stays small, and its later
# claims are found as claims.
MOST_SAID = 20_000


def render(facts: Facts, subject_id: str) -> Row:
    """The columns of a standing that follow from the documents (`models.record`), `row` as compact JSON."""
    known = facts.shown(subject_id)
    row = facts.row(subject_id)
    columns = {
        "subject_id": subject_id,
        "subject_type": known.type,
        "slug": known.document.get("slug", ""),
        "label": label(known),
        "retracted": known.retracted is not None,
        "merged_into": known.merged_into,
        "names": sorted(facts.subject(subject_id).names),
        "row": orjson.dumps(row).decode(),
    }
    if known.type == "commitment":
        claims = facts.claims_on(subject_id) if known.merged_into is None else []
        columns |= _commitment_columns(known, row, claims, facts.changes_to(subject_id))
        said = [claim for claim in claims if claim["retracted"] is None]
        columns["told"] = _told(said)
        columns["words"] = search.vector(_commitment_words(facts, known.document, said, columns["told"]))
    elif known.type == "claim":
        columns |= {
            "claimant": known.document["claimant"],
            "speech_act": known.document["speech_act"],
            "asserts": sorted({b["status"] or b["position"] for b in row["bearings"]}),
            "readings": sorted({b["reading"] for b in row["bearings"]}),
            "sources": sources_of([row]),
            "publishers": sorted({p["actor"] for p in map(facts.publisher, sources_of([row])) if p}),
            "directness": row["directness"],
            "counts_from": row["counts_from"],
            "said_earliest": row["said_on"]["earliest"],
            "said_latest": row["said_on"]["latest"],
            **order_keys("said", row["said_on"]),
            "words": search.vector(_claim_words(facts, known.document, row)),
        }
    elif known.type == "status_change":
        columns |= {"counts_from": row["counts_from"]}
    return columns


def _claim_words(facts: Facts, document: Row, row: Row) -> list[tuple[str, str]]:
    """What finds a claim, with its weight."""
    actors = [actor for actor in (document["claimant"], document["on_behalf_of"]) if actor]
    office = [row["office"]["title"]] if row["office"] else []
    statement, *quoted = _texts_of(row)
    return _weighed(A=[statement], B=[*_all_names(facts, actors), *office], D=quoted)


def _commitment_words(facts: Facts, document: Row, said: list[Row], told: list[str]) -> list[tuple[str, str]]:
    """What finds a commitment: its own texts, its parties, its terms, and what is said of it by whom."""
    actors = [party["actor"] for party in document["parties"]] + [claim["claimant"]["id"] for claim in said]
    terms = [facts.document(i)["labels"] for i in (document["kind"], *document["topics"], *document["places"])]
    labels = [label for labels in terms for label in _given(labels)]
    return _weighed(A=_given(document["title"]), B=_all_names(facts, actors), C=[*_about(document), *labels], D=told)


def _about(commitment: Row) -> list[str]:
    return [*_given(commitment["summary"]), *filter(None, [commitment["condition"]])]


def _weighed(**texts: list[str]) -> list[tuple[str, str]]:
    return [(weight, text) for weight, of_weight in texts.items() for text in of_weight]


def _given(by_language: Row) -> list[str]:
    return [text for text in by_language.values() if text]


def _all_names(facts: Facts, actors: Iterable[str]) -> list[str]:
    """Each name of each actor, in whatever language, once."""
    documents = [facts.document(actor) for actor in actors]
    return list(dict.fromkeys(name for d in documents for name in (d["name"], *d["names"].values())))


def _told(said: Iterable[Row]) -> list[str]:
    """What the claims on a commitment say and quote, in ledger order, up to `MOST_SAID` characters."""
    texts = list(dict.fromkeys(text for claim in said for text in _texts_of(claim)))
    lengths = accumulate(map(len, texts))
    return [text for text, length in zip(texts, lengths, strict=True) if length <= MOST_SAID]


def _texts_of(claim: Row) -> list[str]:
    return [claim["statement"], *(passage["exact"] for passage in claim["passages"] if passage["exact"])]


def excerpted(row: Row, told: list[str], query: search.Query) -> search.Excerpt:
    """The part of a commitment's or claim's row, or of what is told of the commitment, that was searched for.
    A title comes last, because it is shown anyway; what only a name found begins as it stands."""
    if "statement" in row:
        return search.excerpt(_texts_of(row), query)
    return search.excerpt([*_about(row), *told, *_given(row["title"])], query)


def label(known: Known) -> str:
    """What a list for people calls the thing, in English."""
    document = known.document
    if known.type in ("commitment", "term"):
        return str(document["title" if known.type == "commitment" else "labels"]["en"])
    for member in ("name", "title", "statement", "exact", "status"):
        if document.get(member):
            return str(document[member])
    return f"{document['locator']} {document['start']}-{document['end']}" if known.type == "passage" else "void"


def sources_of(claims: Iterable[Row]) -> list[str]:
    return sorted({passage["source"]["id"] for claim in claims for passage in claim["passages"]})


def order_keys(name: str, day: Row | None) -> Row:
    """Columns that sort an uncertain date by its latest, then its earliest day: the unknown last either way."""
    known = day["latest"] + day["earliest"] if day and day["edtf"] else None
    return {f"{name}_rising": known or "unknown", f"{name}_falling": known or ""}


def title_key(title: str) -> str:
    """A title without accents and capitals, short enough for an index."""
    bare = "".join(c for c in normalize("NFKD", title.casefold()) if not combining(c))
    return bare[:LONGEST_TITLE_KEY]


def _commitment_columns(known: Known, row: Row, claims: list[Row], changes: list[Row]) -> Row:
    document = known.document
    made, due = document["made_on"], document["due"]
    parties = {(party["role"], party["actor"]) for party in document["parties"]}
    said = derive.bearings(document["id"], claims)
    return {
        **_derived_columns(row),
        "kind": document["kind"],
        "form": document["form"],
        "parties": sorted({f"{role}:{actor}" for role, actor in parties} | {actor for _, actor in parties}),
        "claimants": sorted({s.claim["claimant"]["id"] for s in said}),
        "sources": sources_of(s.claim for s in said),
        "made_earliest": made["earliest"],
        "made_latest": made["latest"],
        **order_keys("made", made),
        **order_keys("due", due),
        "title_key": title_key(document["title"]["en"]),
        "due_earliest": due and due["earliest"],
        "due_latest": due and due["latest"],
        "counts_from": min(c["counts_from"] for c in derive.history(changes)) if known.is_current else derive.FIRST_DAY,
    }


def _derived_columns(derived: Row) -> Row:
    """The columns that a standing and a span have alike."""
    since = derived["status_since"]
    held = {
        f"{who['id']}:{told['position']}"
        for told in derived["positions"]
        for who in (told["actor"], told["side"])
        if who
    }
    return {
        "is_open": derived["open"],
        "status": derived["status"] or "",
        "positions": sorted(held),
        "since_earliest": since and since["earliest"],
        "since_latest": since and since["latest"],
        **order_keys("since", since),
        "disputed": derived["flags"]["disputed"],
        "single_party": derived["flags"]["single_party"],
    }


def spans(facts: Facts, commitment_id: str, before: Sequence[Row] = (), since: str = derive.FIRST_DAY) -> list[Row]:
    """What holds of a commitment from day to day of the world, as columns (`models.record.CommitmentSpan`), in
    order of days. Before its first status it has none; a retracted one has a single span without status, a merged
    one none.

    `before` are the spans as they stood (`subject_id from_day until_day derived`), at least those that end on or
    after the day `since`; what ends earlier is neither looked at nor answered.
    """
    known = facts.things[commitment_id]
    if known.merged_into is not None:
        return []
    if known.retracted is not None:
        return _bounded([_span(commitment_id, derive.FIRST_DAY, derive.derive(commitment_id, [], []))])
    if not before or before[-1]["from_day"] == derive.FIRST_DAY:
        before, since = (), derive.FIRST_DAY
    if since == derive.LAST_DAY:
        return list(before)
    found = [_whole(span) for span in before if span["from_day"] < since]
    claims, changes = facts.claims_on(commitment_id), facts.changes_to(commitment_id)
    days = derive.days_of(commitment_id, claims, changes)
    for day in (day for day in days if day >= since):
        # By the last of the days everything counts, as in the row.
        is_last = day == days[-1]
        derived = facts.row(commitment_id) if is_last else derive.derive(commitment_id, claims, changes, day)
        span = _span(commitment_id, day, derived)
        if not found or found[-1]["derived"] != span["derived"]:
            found.append(span)
    return _bounded(found)


def _span(commitment_id: str, day: str, derived: Row) -> Row:
    return {
        "subject_id": commitment_id,
        "from_day": day,
        **_derived_columns(derived),
        "derived": orjson.dumps({member: derived[member] for member in DERIVED}).decode(),
    }


def _whole(span: Row) -> Row:
    return _span(span["subject_id"], span["from_day"], orjson.loads(span["derived"]))


def _bounded(found: Sequence[Row]) -> list[Row]:
    """Each ends where the next begins."""
    ends = [*(span["from_day"] for span in found[1:]), derive.LAST_DAY]
    return [span | {"until_day": end} for span, end in zip(found, ends, strict=False)]


def differing(before: Sequence[Row], after: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The spans to be closed and those to be opened: what held in the same days stays."""
    stood, stands = ({(s["from_day"], s["until_day"], s["derived"]): s for s in spans} for spans in (before, after))
    return [stood[key] for key in stood if key not in stands], [stands[key] for key in stands if key not in stood]
