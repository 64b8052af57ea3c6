"""In what other forms a page can be had: each at an address of its own, some for who asks for them by `Accept` too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse

from commitments.pages import bibliographies, cards, linked
from commitments.pages.citing import Cited

HTML = "text/html"
PROFILE = "http://www.w3.org/ns/anno.jsonld"


class Format(NamedTuple):
    """`name` ends its address. `label`: as reference managers and readers know it."""

    name: str
    media_type: str
    label: str
    write: Callable[[Cited], bytes]
    is_download: bool = True

    @property
    def asked_as(self) -> list[str]:
        """Readers of annotations name their profile (Web Annotation Protocol, section 4.2)."""
        return [self.media_type, *([f'{self.media_type}; profile="{PROFILE}"'] if self.name.endswith("ld") else [])]

    @property
    def content_type(self) -> str:
        """JSON is UTF-8 without saying so (RFC 8259)."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("application/x-") else self.media_type


FORMATS = {
    made.name: made
    for made in (
        Format("cite.bib", "application/x-bibtex", "BibTeX", bibliographies.bibtex),
        Format("cite.ris", "application/x-research-info-systems", "RIS", bibliographies.ris),
        Format("cite.json", "application/vnd.citationstyles.csl+json", "CSL-JSON", bibliographies.csl),
        Format("record.jsonld", "application/ld+json", "JSON-LD", linked.written, is_download=False),
        Format("card.png", "image/png", "PNG", cards.png, is_download=False),
    )
}
# What `Accept` may ask for at the address of the page; a browser asks for pictures, and means the page.
NEGOTIABLE = {name: made for name, made in FORMATS.items() if name != "card.png"}


class FormatConverter:
    """The last part of an address that names a form."""

    regex = "|".join(name.replace(".", r"\.") for name in FORMATS)

    def to_python(self, name: str) -> str:
        return name

    def to_url(self, name: str) -> str:
        return name


def preferred(request: HttpRequest, formats: Mapping[str, Format]) -> Format | None:
    """What is asked for in place of the page; the page is for browsers, and for whoever asks for nothing that we
    have."""
    by_type = {name: made for made in formats.values() for name in made.asked_as}
    return by_type.get(request.get_preferred_type([HTML, *by_type]) or HTML)


def answer(cited: Cited, made: Format, headers: dict[str, str]) -> HttpResponse:
    response = HttpResponse(made.write(cited), content_type=made.content_type, headers=headers)
    if made.is_download:
        suffix = made.name.rpartition(".")[2]
        response.headers["Content-Disposition"] = f'attachment; filename="{cited.slug}.{suffix}"'
    return response
