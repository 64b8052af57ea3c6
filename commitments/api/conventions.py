"""What holds for every call, said once: for people in the guide, for machines in the OpenAPI document.

Words in backticks are code, an empty line parts paragraphs.
"""

from __future__ import annotations

from commitments.api.parameters import DEFAULT_LIMIT, HIGHEST_LIMIT

CONVENTIONS = {
    "Filters": (
        "A repeated name means OR: `status=declined&status=stalled`. Different names mean AND. A comma is an ordinary "
        "character. Operators stand in brackets: `[not]` none of these, `[all]` every one of these, `[lt]` `[lte]` "
        "`[gt]` `[gte]` before and after, `[exists]` whether it is known. "
        "`party[all]=united-states&party[all]=mexico` finds what both are party to. "
        "An actor, a source and whatever else has a slug is named by id or slug.\n\n"
        "A date filter takes a day, a month, a year or an interval (`2021-01-14`, `2021-01`, `2021`, `2019/2021`) and "
        "meets an uncertain date by overlap: `made_on[gte]=2021` finds what may have been made since, "
        "`certainty=definite` only what surely was."
    ),
    "Two clocks": (
        "`known_at`, an instant or the number of a ledger entry, answers what this record said then. `as_of`, a day, "
        "answers what held in the world on it. Every answer states both under `record`; one with `known_at` stays as "
        "it is."
    ),
    "Merged things": (
        "What was recorded twice is merged into one. The id that went answers 307 with the address of the one that "
        "stayed and all that was asked, and filters find it by either id or slug. With `known_at` before the merge it "
        "answers itself; its `versions/` and `timemap/` stay its own. A merge may be undone: keep the id that you "
        "asked for."
    ),
    "Pages": (
        f"Lists come in pages of `limit` results, {DEFAULT_LIMIT} unless given, {HIGHEST_LIMIT} at most. Follow "
        "`next`, which is also in the `Link` header, until it is null. A crawl shows the record as it stood at its "
        "first page: nothing is skipped or repeated while curators publish. A long provenance comes in pages too."
    ),
    "Errors": (
        "Every error is `application/problem+json` (RFC 9457) and says in `errors` which parameter is wrong, why, and "
        "what is nearest to it. An unknown parameter or value is a 400, never an answer to another question. "
        "`request_id` finds the request in our log."
    ),
    "Caching and limits": (
        "Send an answer's `ETag` back in `If-None-Match`: while nothing was recorded that could change it, the answer "
        "is 304, and it is free. `RateLimit` says how many reads your address has left in this minute; beyond that "
        "you get 429 with `Retry-After`. The limit is approximate. No key is needed, and any page may call: CORS is "
        "open."
    ),
}
