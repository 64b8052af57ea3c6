"""Linked data (JSON-LD 1.1): who asserted what, the way it came, and where the words stand.

Three documents, each in the vocabulary that its readers know: schema.org `Claim` and `ClaimReview`; a W3C Web
Annotation for each passage; the provenance chain in PROV-O. The words of a passage stand in none of them where they
may not be shown: its place and its digest do.
"""

from __future__ import annotations

from typing import Any

import orjson
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from commitments.pages.citing import Cited, exact_day, site_name
from commitments.pages.prov import chain

Row = dict[str, Any]
# Inside a script element these would end it, or begin a comment.
ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def written(cited: Cited) -> bytes:
    """Of all claims that were told."""
    return orjson.dumps(documents(cited, cited.claims), option=orjson.OPT_INDENT_2)


def in_page(cited: Cited) -> SafeString:
    """For a script element; of the claims that a status rests on alone, so that the page stays light."""
    text = orjson.dumps(documents(cited, cited.resting)).decode()
    return mark_safe(text.translate(ESCAPED))  # noqa: S308


def documents(cited: Cited, claims: list[Row]) -> list[Row]:
    return [schema_org(cited, claims), annotations(cited, claims), chain(cited, claims)]


def schema_org(cited: Cited, claims: list[Row]) -> Row:
    graph = [_page(cited), *(node for claim in claims for node in (_claim(cited, claim), _review(cited, claim)))]
    return {"@context": "https://schema.org", "@graph": graph}


def _page(cited: Cited) -> Row:
    return {
        "@type": "WebPage",
        "@id": cited.permalink,
        "url": cited.permalink,
        "name": cited.title,
        "description": cited.told,
        "identifier": [cited.id, f"sha256:{cited.digest}"],
        "version": cited.version,
        "inLanguage": get_language(),
        "dateModified": cited.clock.stated["known_at"],
        "publisher": {"@type": "Organization", "name": site_name(), "url": f"{cited.root}/"},
    }


def _claim(cited: Cited, claim: Row) -> Row:
    day = exact_day(claim["said_on"])
    node = {
        "@type": "Claim",
        "@id": cited.iri("claims", claim["id"]),
        "text": claim["statement"],
        "author": _claimant(cited, claim),
        "appearance": [_source(cited, source) for source in sources_of(claim)],
    }
    if claim["retracted"]:
        node["creativeWorkStatus"] = gettext("Retracted: %(reason)s") % {"reason": claim["retracted"]["reason"]}
    return node | ({"datePublished": day.isoformat()} if day else {})


def _claimant(cited: Cited, claim: Row) -> Row:
    """Who holds an office is a person, who is a side of their own a state; of others the row does not tell."""
    named = claim["claimant"]
    node = {"@id": cited.iri("actors", named["id"]), "name": named["name"]}
    if office := claim["office"]:
        body = {
            "@type": "Organization",
            "@id": cited.iri("actors", office["body"]["id"]),
            "name": office["body"]["name"],
        }
        return {"@type": "Person"} | node | {"jobTitle": office["title"], "affiliation": body}
    is_state = claim["side"] and claim["side"]["id"] == named["id"]
    return ({"@type": "GovernmentOrganization"} if is_state else {}) | node


def _source(cited: Cited, source: Row) -> Row:
    publisher, day = source["publisher"], exact_day(source["published"])
    node = {
        "@type": "NewsArticle" if source["kind"] == "news_article" else "CreativeWork",
        "@id": cited.iri("sources", source["id"]),
        "headline": source["title"],
        "url": source["url"],
        "inLanguage": source["language"],
        "publisher": publisher and {"@id": cited.iri("actors", publisher["id"]), "name": publisher["name"]},
        "datePublished": day and day.isoformat(),
    }
    return {name: value for name, value in node.items() if value}


def _review(cited: Cited, claim: Row) -> Row:
    """Our page on it. A rating has no value here, for the record rules on nobody's truth."""
    return {
        "@type": "ClaimReview",
        "@id": f"{cited.permalink}#{claim['id']}",
        "url": cited.permalink,
        "claimReviewed": claim["statement"],
        "itemReviewed": {"@type": "Claim", "@id": cited.iri("claims", claim["id"])},
        "author": {"@type": "Organization", "name": site_name(), "url": f"{cited.root}/"},
        "datePublished": cited.published.isoformat(),
        "inLanguage": get_language(),
        "reviewRating": {
            "@type": "Rating",
            "alternateName": gettext("Not rated: this record says who said it, never whether it is true"),
        },
    }


def sources_of(claim: Row) -> list[Row]:
    """Each once."""
    return list({passage["source"]["id"]: passage["source"] for passage in claim["passages"]}.values())


def annotations(cited: Cited, claims: list[Row]) -> Row:
    """Each passage as a place in the captured text (Web Annotation Data Model); its body is the claim."""
    return {
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"sha256": "https://schema.org/sha256"}],
        "id": f"{cited.permalink}#passages",
        "type": "AnnotationPage",
        "items": [_annotation(cited, claim, passage) for claim in claims for passage in claim["passages"]],
    }


def _annotation(cited: Cited, claim: Row, passage: Row) -> Row:
    return {
        "id": f"{cited.iri('passages', passage['id'])}#{claim['id']}",
        "type": "Annotation",
        "motivation": "linking",
        "body": cited.iri("claims", claim["id"]),
        "target": {
            "source": captured(cited, passage),
            "selector": _selectors(passage),
            "sha256": passage["exact_sha256"],
        },
    }


def _selectors(passage: Row) -> list[Row]:
    """Positions count Unicode code points of the captured text from 0, the end not included."""
    place = {"type": "TextPositionSelector", "start": passage["start"], "end": passage["end"]}
    if passage["exact"] is None:
        return [place]
    quote = {"type": "TextQuoteSelector", "exact": passage["exact"]}
    around = {name: passage[name] for name in ("prefix", "suffix") if passage[name]}
    return [quote | around, place]


def captured(cited: Cited, passage: Row) -> Row:
    """The text that positions count in: of one capture, by its digest."""
    source, capture = passage["source"], passage["capture"]
    told = {
        "id": f"{cited.iri('sources', source['id'])}#{capture['id']}",
        "format": "text/plain",
        "sha256": capture["text_sha256"],
    }
    return told | ({"language": source["language"]} if source["language"] else {})
