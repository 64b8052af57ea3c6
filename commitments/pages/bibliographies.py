"""A citation in the forms that reference managers read: BibTeX, RIS and CSL-JSON."""

from __future__ import annotations

from typing import Any

import orjson
from django.utils.translation import get_language

from commitments.pages.citing import Cited, exact_day, site_name

Row = dict[str, Any]
# Braces as commands: BibTeX counts them, escaped or not, and an odd one ends the field.
LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        **{char: f"\\{char}" for char in "$&#_%"},
    }
)


def bibtex(cited: Cited) -> bytes:
    """One @misc entry. The address stands as it is: `url` is read verbatim."""
    fields = {
        # A second pair of braces: a name that is not split into first and last.
        "author": f"{{{latex(site_name())}}}",
        "title": f"{{{latex(cited.title)}}}",
        "year": str(cited.published.year),
        "month": str(cited.published.month),
        "version": str(cited.version),
        "url": cited.permalink,
        "note": latex(f"{cited.told} {cited.proof}"),
    }
    lines = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items())
    return f"@misc{{{key(cited)},\n{lines}}}\n".encode()


def ris(cited: Cited) -> bytes:
    """A tag, two spaces, a dash, a space and a value on each line; lines end with CR LF."""
    tags = [
        ("TY", "ELEC"),
        ("ID", key(cited)),
        ("AU", site_name()),
        ("TI", cited.title),
        ("PB", site_name()),
        ("PY", f"{cited.published:%Y}"),
        ("DA", f"{cited.published:%Y/%m/%d}"),
        ("ET", str(cited.version)),
        ("AN", cited.id),
        ("LA", get_language() or ""),
        ("UR", cited.permalink),
        ("N1", cited.told),
        ("N1", cited.proof),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {on_one_line(text)}\r\n" for tag, text in tags).encode()


def csl(cited: Cited) -> bytes:
    """CSL-JSON 1.0.2: a list of one item. What has no variable of its own stands in `custom`."""
    item: Row = {
        "id": key(cited),
        "type": "webpage",
        "title": cited.title,
        "author": [{"literal": site_name()}],
        "publisher": site_name(),
        "issued": {"date-parts": [[cited.published.year, cited.published.month, cited.published.day]]},
        "version": str(cited.version),
        "URL": cited.permalink,
        "language": get_language(),
        "note": f"{cited.told} {cited.proof}",
        "custom": {
            "id": cited.id,
            "version": cited.version,
            "leaf": cited.digest,
            "known_at": cited.clock.seq,
            "as_of": cited.clock.as_of.isoformat(),
        },
    }
    return orjson.dumps([item | (_original(cited) if cited.noun == "claim" else {})], option=orjson.OPT_INDENT_2)


def _original(cited: Cited) -> Row:
    """Whose word a claim is, and when it was said where the source gives the day."""
    day = exact_day(cited.row["said_on"])
    said = {"original-date": {"date-parts": [[day.year, day.month, day.day]]}} if day else {}
    return {"original-author": [{"literal": name} for name in cited.claimants]} | said


def key(cited: Cited) -> str:
    """Another for each state: two of them may stand in one list of references."""
    return f"{cited.id}_v{cited.version}_e{cited.clock.seq}"


def latex(text: str) -> str:
    return on_one_line(text).translate(LATEX)


def on_one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
