"""The page of one source: how to cite it, the copies we had, whether they still match, and everything that rests on
it, in the order of its text. At most eleven queries, however much that is."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from django.utils.translation import gettext

from commitments import vocabulary as words
from commitments.clocks import Clock, Refused
from commitments.languages import language_named
from commitments.pages import chain, passages
from commitments.pages import sentences as say
from commitments.pages.firsts import First, commitment, first, first_by
from commitments.pages.ledger import entries_of, in_sets
from commitments.pages.naming import in_page_language
from commitments.provenance import Story
from commitments.reading import alone
from commitments.selection import Listed, Selection

Row = dict[str, Any]
PASSAGES = 40
# Of what rests on the passages of one page so much is looked up; of one passage so much is shown.
RESTING, OF_ONE = 300, 6
COMMITMENTS = 20
PLACES = """SELECT s.subject_id, s.row::json ->> 'capture' AS capture, (s.row::json ->> 'start')::int AS start,
(s.row::json ->> 'end')::int AS stop, s.row::json ->> 'check' AS result, s.retracted {rows}
ORDER BY capture, start, stop, 1"""


class Place(NamedTuple):
    """Where a passage stands, and what its last check found."""

    id: str
    capture: str
    start: int
    end: int
    result: str
    is_retracted: bool


def gathered(standing: Listed, clock: Clock, asked: str) -> Row:
    """`asked` is the number of the page of passages; raises `Refused`."""
    source = in_page_language(alone(standing, clock), clock)
    captures = {capture["id"]: capture for capture in source["captures"]}
    places = _places(source, list(captures), clock)
    page, pages = page_of(asked, len(places), PASSAGES)
    shown = places[(page - 1) * PASSAGES :][:PASSAGES]
    rests, is_part = _resting([place.id for place in shown], clock)
    resting = first(*_commitments(source, clock), COMMITMENTS)
    entries = Story.around([{"id": source["id"]}], clock).with_entries({"id": source["id"]})
    return {
        "source": source,
        "told": _told(source),
        # Their ids rise with time, so the newest comes first.
        "captures": [_capture(captures[i], places) for i in sorted(captures, reverse=True)],
        "checked": passages.checked_in_words(Counter(place.result for place in places if not place.is_retracted)),
        "passages": [
            _passage(row, source, captures, rests, number)
            for number, row in enumerate(_rows(shown, clock), (page - 1) * PASSAGES + 1)
        ],
        "is_part": is_part,
        "count": len(places),
        "page": page,
        "pages": pages,
        "commitments": [commitment(row) for row in resting.rows],
        "resting": resting,
        "claims": _claims(source, clock),
        "sets": in_sets(entries_of(entries)),
    }


def page_of(asked: str, count: int, size: int) -> tuple[int, int]:
    """The number of the page asked for, and how many there are; raises `Refused`."""
    pages = max(1, -(-count // size))
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    if not 1 <= page <= pages:
        said = gettext("There is no page “%(asked)s” of this list; its pages are 1 to %(pages)s.")
        raise Refused.parameter("page", "invalid", said % {"asked": asked, "pages": pages})
    return page, pages


def _places(source: Row, captures: list[str], clock: Clock) -> list[Place]:
    """All its passages in reading order, capture by capture as the source has them. One query."""
    rows = Selection.of("passage", clock).holding_any("names", [source["id"]])
    found = [Place(*row) for row in rows.known(PLACES)]
    return sorted(found, key=lambda place: captures.index(place.capture) if place.capture in captures else 0)


def _rows(shown: list[Place], clock: Clock) -> list[Row]:
    """One query."""
    ids = [place.id for place in shown]
    found = {row["id"]: row for row in Selection.of_plain(clock).among("subject_id", ids).rows()}
    return [found[i] for i in ids]


def _resting(ids: list[str], clock: Clock) -> tuple[dict[str, list[Row]], bool]:
    """What rests on each passage, by its id: claims, then ties of commitments, then occasions and offices; and
    whether there is more than was looked up. Three queries."""
    claimed = Selection.as_of_day("claim", clock).holding_any("names", ids)
    tied = Selection.as_of_day("commitment", clock).holding_any("names", ids)
    plain = Selection.of_plain(clock).among("subject_type", ["occasion", "office"]).holding_any("names", ids)
    parts = [first_by(rows, "s.subject_id", RESTING) for rows in (claimed, tied, plain)]
    found = [(told(row), cited(row)) for part, (told, cited) in zip(parts, TOLD, strict=True) for row in part.rows]
    by_passage = {i: [told for told, cited in found if i in cited] for i in ids}
    return by_passage, any(part.others for part in parts)


def _quoting(row: Row) -> set[str]:
    return {passage["id"] for passage in row["passages"]}


def _tying(row: Row) -> set[str]:
    return {i for link in row["lineage"] for i in link["passages"]}


def _naming(row: Row) -> set[str]:
    return {*row["passages"], *(i for taking in row.get("participants", ()) for i in taking["passages"])}


def _of_claim(row: Row) -> Row:
    return {
        "noun": gettext("Claim"),
        "page": ("claim", row["id"]),
        "name": row["statement"],
        "by": say.who(row),
        "is_retracted": row["retracted"] is not None,
    }


def _of_commitment(row: Row) -> Row:
    tied = gettext("Tie to another commitment")
    return {"noun": tied, "page": ("commitment", row["id"]), "name": say.in_language(row["title"])}


def _of_plain(row: Row) -> Row:
    if "person" in row:
        name = f"{row['person']['name']}, {row['title']}"
        return {"noun": gettext("Office"), "page": ("actor", row["person"]["id"]), "name": name}
    return {"noun": gettext("Occasion"), "page": ("occasion", row["id"]), "name": row["name"]}


# How what rests on passages is told, and which passages it cites.
TOLD = ((_of_claim, _quoting), (_of_commitment, _tying), (_of_plain, _naming))


def _passage(row: Row, source: Row, captures: dict[str, Row], rests: dict[str, list[Row]], number: int) -> Row:
    resting = rests[row["id"]]
    return passages.shown(row, source, captures[row["capture"]]["characters"]) | {
        "number": number,
        "hops": row["hops"],
        "rests": resting[:OF_ONE],
        "others": max(0, len(resting) - OF_ONE),
    }


def _capture(row: Row, places: list[Place]) -> Row:
    own = [
        {"start": place.start, "end": place.end, "check": place.result}
        for place in places
        if place.capture == row["id"]
    ]
    drawn = passages.strip(own, row["characters"])
    return row | {"captured": chain.dated(row["captured"]), "count": len(own), "spots": drawn}


def _told(source: Row) -> Row:
    """The citation line and the facts."""
    publisher = source["publisher"]
    return {
        "kind": say.label(words.SOURCE_KINDS, source["kind"]),
        "published": chain.dated(source["published"]),
        "published_day": say.when(source["published"]),
        "publisher_basis": say.basis(publisher) if publisher else "",
        "byline": source["byline"] or gettext("not known"),
        "language": language_named(source["language"]) if source["language"] else gettext("not known"),
        "rights": say.label(words.RIGHTS, source["rights"]),
        "is_quote_only": source["rights"] == "quote_only",
    }


def _commitments(source: Row, clock: Clock) -> tuple[Selection, tuple[str, ...]]:
    rows = Selection.as_of_day("commitment", clock).holding_any("sources", [source["id"]])
    return rows, rows.standing.list_order


def _claims(source: Row, clock: Clock) -> First:
    """How many there are. One query."""
    rows = Selection.as_of_day("claim", clock).holding_any("sources", [source["id"]])
    return first(rows, rows.standing.newest, 1)
