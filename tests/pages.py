"""Every page for people, by the name of its address: an example on the real record, what it may weigh (kB of HTML),
and how many queries it takes at most. A page that is not in this table fails a test."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from commitments.pages.urls import of_all_languages, urlpatterns

LANDAU = "equipment-donation"


class Page(NamedTuple):
    example: str
    weight: int = 50
    queries: int = 12
    # Whether it reads HTML at all, in both languages.
    is_html: bool = True
    # Whether each language has one of its own.
    in_languages: bool = True
    cache: str = "public, no-cache"


def landau() -> str:
    from commitments.models.record import CommitmentStanding

    return CommitmentStanding.objects.current().get(slug=LANDAU).subject_id


def first_of(noun: str) -> str:
    from commitments.models.record import STANDINGS

    return STANDINGS[noun].objects.of_type(noun).current().order_by("subject_id").first().subject_id


# By the address's name; `{claim}` and the like stand for the id of one such thing.
PAGES = {
    "home": Page("/"),
    "commitments": Page("/commitments/?open=true&sort=due", weight=60),
    # A fifth of it is linked data.
    "commitment_by_id": Page("/commitments/{landau}/", weight=55),
    "commitment": Page("/commitments/{landau}/equipment-donation/", weight=55),
    "claims": Page("/claims/?q=equipment"),
    "claim_by_id": Page("/claims/{claim}/"),
    "commitment_file": Page("/commitments/{landau}/record.jsonld", is_html=False),
    "claim_file": Page("/claims/{claim}/cite.bib", is_html=False),
    "embed_commitment": Page("/embed/commitments/{landau}/", weight=4, queries=5, cache="public, max-age=300"),
    "embed_timeline": Page("/embed/commitments/{landau}/timeline/", weight=11, cache="public, max-age=300"),
    "actors": Page("/actors/"),
    "actor_by_id": Page("/actors/{actor}/"),
    "occasions": Page("/occasions/"),
    "occasion_by_id": Page("/occasions/{occasion}/"),
    "sources": Page("/sources/"),
    "source_by_id": Page("/sources/{source}/", weight=90),
    "check": Page("/check/"),
    "check_captures": Page("/check/captures/7bc7b/"),
    "source_check": Page("/sources/{source}/check/"),
    "corrections": Page("/corrections/"),
    "how": Page("/how-we-know/"),
    "sitemap": Page("/sitemap.xml", weight=150, is_html=False, in_languages=False),
    "robots": Page("/robots.txt", weight=1, queries=0, is_html=False, in_languages=False),
}


def example(name: str) -> str:
    page = PAGES[name].example
    for noun in ("claim", "actor", "source", "occasion", "passage"):
        if f"{{{noun}}}" in page:
            page = page.replace(f"{{{noun}}}", first_of(noun))
    return page.replace("{landau}", landau()) if "{landau}" in page else page


def names() -> list[str]:
    return [pattern.name for pattern in (*urlpatterns, *of_all_languages)]


def text(answer) -> str:
    """What an answer says, without its markup."""
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", answer.content.decode())).split())
