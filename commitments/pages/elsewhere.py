"""Where else in the record the words of a search stand: in claims, where commitments were searched, or the other way
round; and in the names of actors, occasions and sources, which no list searches. And where no row has all of the words,
what comes closest with any of them. At most three queries, and four more where nothing was found."""

from __future__ import annotations

import re
from typing import Any

import orjson
from django.urls import reverse
from django.utils.http import urlencode

from commitments import vocabulary as words
from commitments.filters import LONGEST_VALUE
from commitments.pages import firsts
from commitments.pages import sentences as say
from commitments.pages.naming import in_page_language
from commitments.reading import finished
from commitments.search import UNSPACED, Query, Term, fold
from commitments.selection import Selection

Row = dict[str, Any]
OTHER = {"commitment": "claim", "claim": "commitment"}
KINDS = {"actor": words.ACTOR_KINDS, "occasion": words.OCCASION_KINDS, "source": words.SOURCE_KINDS}
SHOWN = 6
CLOSEST = 3
# Names in every language, and the titles of a person's offices. To read a row costs ten times its label.
CALLED = """CASE s.subject_type WHEN 'actor' THEN concat_ws(' ', s.label,
    jsonb_path_query_array(s.row::jsonb, '$.names.*'), jsonb_path_query_array(s.row::jsonb, '$.offices[*].title'))
    ELSE s.label END"""
# Letters and signs, and what stands for them: as `search.fold` has it, a sign being a space.
LETTERS, PLAIN = "øłđðı", "olddi"
SIGNS = '[](){}"“”’.,:;/–—-'
FOLDED = rf"""' ' || translate(lower(regexp_replace(normalize({CALLED}, NFKD), '[\u0300-\u036f]', '', 'g')),
    '{LETTERS}{SIGNS}', '{PLAIN}{" " * len(SIGNS)}')"""
NAMED = "SELECT s.subject_type, s.row {rows} ORDER BY s.subject_type, s.label, s.subject_id LIMIT %(size)s"


def found(rows: Selection, sent: dict[str, str], *, is_empty: bool) -> Row | None:
    """`sent`: the search and its clocks; `is_empty`: the list itself has nothing. None where nothing is searched
    for."""
    if rows.query is None:
        return None
    other = OTHER[rows.noun]
    named = calling(Selection.of_plain(rows.clock), rows.query).known(NAMED, size=SHOWN + 1)
    return {
        "noun": other,
        "count": Selection.as_of_day(other, rows.clock).matching(rows.query).counted(),
        "address": f"{reverse(f'{other}s')}?{urlencode(sent)}",
        "names": [_name(noun, orjson.loads(row)) for noun, row in named[:SHOWN]],
        "is_part": len(named) > SHOWN,
        "any_word": (any_word := _any_word(rows, sent)),
        "closest": _closest(rows) if is_empty and any_word else None,
    }


def _any_word(rows: Selection, sent: dict[str, str]) -> str:
    """The address of the same search for any one of its words, best match first: who pastes a sentence has words in
    it that nobody here used. The longest, where not all have room; '' where there is but one."""
    asked = [f'"{term.text}"' if term.is_quoted else term.text for term in rows.query.sought] if rows.query else []
    while len(any_of := " OR ".join(asked)) > LONGEST_VALUE:
        asked.remove(min(asked, key=len))
    is_one = len(asked) < 2 or any_of == sent["q"]
    return "" if is_one else f"{reverse(f'{rows.noun}s')}?{urlencode(sent | {'q': any_of})}"


def _closest(rows: Selection) -> Row:
    """The best of what has any one of the words, whatever the filters: who checks a sentence that says too much has
    words in it that the record lacks."""
    terms = [term for terms in rows.query.alternatives for term in terms] if rows.query else []
    left_out = tuple(term for term in terms if term.excluded)
    any_of = Query(tuple((term, *left_out) for term in terms if not term.excluded))
    best = {noun: Selection.as_of_day(noun, rows.clock).matching(any_of).best(CLOSEST) for noun in OTHER}
    told = in_page_language({noun: [orjson.loads(finished(one)) for one in best[noun]] for noun in best}, rows.clock)
    return {
        "commitments": [firsts.commitment(row) for row in firsts.with_resting(told["commitment"], rows.clock)],
        "claims": [firsts.claim(row) for row in told["claim"]],
    }


def calling(things: Selection, query: Query) -> Selection:
    """Actors, occasions and sources in whose names all words of an alternative begin."""
    any_of, sought = [], []
    for terms in query.alternatives:
        any_of.append(" AND ".join(f"strpos({FOLDED}, %s) {'=' if term.excluded else '>'} 0" for term in terms))
        sought += [_begun(term) for term in terms]
    kept = things.among("subject_type", list(KINDS)).where("s.merged_into IS NULL")
    return kept.where(f"(({') OR ('.join(any_of)}))", *sought)


def _begun(term: Term) -> str:
    """A word begins after a space; writing without spaces has no such places."""
    plain = " ".join(re.sub(r"[^\w\s]", " ", fold(term.text)).split())
    return plain if UNSPACED.search(plain) else f" {plain}"


def _name(noun: str, row: Row) -> Row:
    return {
        "noun": noun,
        "id": row["id"],
        "name": row["title"] if noun == "source" else say.named(row),
        "language": row["language"] if noun == "source" else "",
        "kind": say.label(KINDS[noun], row["kind"]),
    }
