"""Parsers of strangers' files, run in a process of their own: `python -m commitments.captures.apart KIND`.

Web pages and PDF are read by C libraries, and any file can be made to hang or to swell them: the limits on time
and memory below end this process and nothing else. It takes the bytes on standard input and answers JSON, with
the payload after it for a WARC. It knows neither settings nor secrets: it must not start Django.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
from collections.abc import Iterator
from typing import Any

SECONDS = 20
MEMORY = 1536 * 2**20
LARGEST = 10 * 2**20
# Of all records of a WARC together, unpacked.
LARGEST_ARCHIVE = 10 * LARGEST
MOST_CHARACTERS = 2_000_000
MOST_PAGES = 1000

Answer = dict[str, Any]


class Fault(Exception):
    """`str()` of it is a key of `extract.SENTENCES`."""


def html(data: bytes) -> Answer:
    """The headline and the main text; of a page without main text, everything in it that is text."""
    import trafilatura
    from lxml.etree import LxmlError

    page = data.decode()
    try:
        tree = trafilatura.load_html(page)
        if tree is None:
            raise Fault("no_text")
        stated = _stated(tree)
        found: Any = trafilatura.bare_extraction(
            page, include_comments=False, include_tables=True, favor_recall=True, deduplicate=False, with_metadata=True
        )
        text = (found.text or "") if found else ""
        whole = not text.strip()
        if whole:
            text = trafilatura.html2txt(page) or ""
    except (LxmlError, RecursionError, ValueError) as error:
        raise Fault("page_broken") from error
    title = _line(found.title if found else "") or stated.pop("title")
    return stated | {
        "text": text if whole or not title or title in text[:1000] else f"{title}\n{text}",
        "whole": whole,
        "title": title,
        "byline": _line(found.author if found else ""),
        "site": _line(found.sitename if found else ""),
        "url": (found.url or "") if found else "",
    }


def _line(told: str | None) -> str:
    return " ".join((told or "").split())


_DAYS = re.compile(r"\d{4}-\d{2}-\d{2}")
_PUBLISHED = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.date",
    "dcterms.issued",
    "parsely-pub-date",
    "pubdate",
    "publishdate",
    "sailthru.date",
    "citation_publication_date",
)


def _stated(tree: Any) -> Answer:
    """What the page's own metadata says: language, and the day of publication as it is written there."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        key = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        metas.setdefault(key, meta.get("content") or "")
    days = [metas.get(name, "") for name in _PUBLISHED]
    days += [day for script in tree.iter("script") for day in _days_in(script)]
    stated = next((found[0] for day in days if (found := _DAYS.match(day.strip()))), "")
    title = next((_line(t.text) for t in tree.iter("title")), "")
    return {"published": stated, "language": (tree.get("lang") or "").strip(), "title": title}


def _days_in(script: Any) -> Iterator[str]:
    if (script.get("type") or "").lower() == "application/ld+json":
        yield from re.findall(r'"datePublished"\s*:\s*"([^"]{10,40})"', script.text or "")


def pdf(data: bytes) -> Answer:
    """The text page by page; a form feed stands between two pages."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Fault("pdf_locked" if "assword" in str(error) else "pdf_broken") from error
    if len(document) > MOST_PAGES:
        raise Fault("too_many_pages")
    pages: list[str] = []
    for index in range(len(document)):
        try:
            page = document[index].get_textpage().get_text_bounded()
        except pypdfium2.PdfiumError as error:
            raise Fault("pdf_broken") from error
        # PDFium's mark of a hyphen at the end of a line, which is no character.
        pages.append(page.replace("\ufffe", "-"))
        if sum(map(len, pages)) > MOST_CHARACTERS:
            raise Fault("text_too_long")
    if not any(page.strip() for page in pages):
        raise Fault("pdf_pictures")
    told = document.get_metadata_dict()
    return {"text": "\f".join(pages), "title": _line(told.get("Title")), "byline": _line(told.get("Author"))}


def warc(data: bytes, digest: str = "") -> Answer:
    """The payload of the main response, the first that is no error and no redirect; with a digest, the payload
    that has it."""
    from hashlib import sha256

    seen = set()
    for found in _responses(data):
        seen.add(found.pop("kind"))
        payload = found.get("payload")
        if payload is not None and digest in ("", sha256(payload).hexdigest()):
            return found
    if digest:
        raise Fault("warc_without_it")
    raise Fault("warc_revisit" if "revisit" in seen else "warc_without_response")


def _responses(data: bytes) -> Iterator[Answer]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    left = LARGEST_ARCHIVE
    try:
        for record in ArchiveIterator(io.BytesIO(data)):
            length, told = int(record.rec_headers.get_header("Content-Length") or 0), record.rec_headers
            left -= length
            if left < 0:
                raise Fault("archive_too_large")
            found: Answer = {"kind": record.rec_type}
            status = record.http_headers.get_statuscode() if record.http_headers else "200"
            if record.rec_type in ("response", "resource") and status == "200":
                found |= {
                    "payload": _payload(record),
                    "url": told.get_header("WARC-Target-URI") or "",
                    "captured": (told.get_header("WARC-Date") or "")[:10],
                    "media_type": _media_type(record),
                }
            yield found
    except (ArchiveLoadFailed, EOFError, ValueError, OSError) as error:
        raise Fault("warc_broken") from error


def _payload(record: Any) -> bytes:
    """Unpacked as the record's headers say, and never past the cap."""
    if record.rec_headers.get_header("WARC-Truncated"):
        raise Fault("warc_cut")
    packing = (record.http_headers.get_header("Content-Encoding") or "") if record.http_headers else ""
    if packing.lower() not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise Fault("packing_unknown")
    stream = record.content_stream()
    payload = stream.read(LARGEST + 1)
    if len(payload) > LARGEST:
        raise Fault("archive_too_large")
    if record.raw_stream.limit > 0:
        raise Fault("warc_cut")
    return payload  # type: ignore[no-any-return]


def _media_type(record: Any) -> str:
    headers = record.http_headers or record.rec_headers
    return headers.get_header("Content-Type") or ""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    kind, *more = sys.argv[1:]
    data = sys.stdin.buffer.read()
    try:
        answer = {"html": html, "pdf": pdf, "warc": warc}[kind](data, *more)
    except Fault as fault:
        answer = {"fault": str(fault)}
    except MemoryError:
        answer = {"fault": "too_heavy"}
    payload = answer.pop("payload", b"")
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + payload)


if __name__ == "__main__":
    main()
