"""A data file as a table: CSV (RFC 4180), JSON or YAML, every cell a text, and the plain text of all its rows.

The text follows from the bytes and from the way they were read, which the capture's normaliser names: whoever
brings the bytes later gets the same text again.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from commitments.captures import charsets

FORMATS = ("csv", "json", "yaml")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
ENCODINGS = (
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254"),
    *("cp1255", "cp1256", "cp1257", "cp1258", "cp874", "gb18030", "big5", "cp932", "euc-jp", "cp949", "koi8-r"),
)
MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# What programs wrote before Unicode, where the language is another than those of Western Europe.
LEGACY = {
    **dict.fromkeys(("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn"), "cp1251"),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "sl", "hr", "ro", "bs"), "cp1250"),
    **dict.fromkeys(("ar", "fa", "ur", "ps"), "cp1256"),
    "el": "cp1253",
    "tr": "cp1254",
    "az": "cp1254",
    "he": "cp1255",
    "th": "cp874",
    "vi": "cp1258",
    "zh": "gb18030",
    "ja": "cp932",
    "ko": "cp949",
    "lt": "cp1257",
    "lv": "cp1257",
    "et": "cp1257",
}
MOST_COLUMNS, MOST_ROWS, DEEPEST, SNIFFED = 200, 50_000, 30, 40
NORMALISER = re.compile(r"rows of a table, one cell a line; (csv|json|yaml), ([\w-]+)(?:, (\w+))?; version 1", re.ASCII)
_FORMULA = re.compile(r"'*[=+\-@\t＝＋－＠]")
_FORMULA_DEFUSED = re.compile(r"'+[=+\-@\t＝＋－＠]")


class NotATable(ValueError):
    """Says in one sentence why no table can be read from the bytes and what would be right."""


@dataclass(frozen=True)
class Way:
    """How bytes are read: a format, an encoding, of CSV the delimiter's name."""

    format: str
    encoding: str
    delimiter: str = ""

    @property
    def normaliser(self) -> str:
        told = ", ".join(filter(None, (self.format, self.encoding, self.delimiter)))
        return f"rows of a table, one cell a line; {told}; version 1"


@dataclass(frozen=True)
class Row:
    """`number` counts from 1, without the header; `fault` says why the row cannot be used."""

    number: int
    cells: dict[str, str]
    fault: str = ""


@dataclass(frozen=True)
class Table:
    columns: list[str]
    rows: list[Row]


@dataclass
class Rendered:
    """The text of a table, and where each cell and each row stands in it, in code points, end exclusive."""

    text: str
    cells: list[dict[str, tuple[int, int]]] = field(default_factory=list)
    rows: list[tuple[int, int]] = field(default_factory=list)


def sniffed(data: bytes, *, name: str = "", language: str = "") -> Way:
    """How these bytes seem to want to be read; whoever knows better says so."""
    encoding = _encoding(data, language)
    text = data[:200_000].decode(encoding, "ignore").removeprefix("\ufeff").replace("\r\n", "\n")
    format_ = _format(text, name)
    return Way(format_, encoding, _delimiter(text) if format_ == "csv" else "")


def read(data: bytes, way: Way) -> Table:
    """Raises `NotATable`."""
    if data.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise NotATable(_("This is a workbook, an archive or a PDF; open it and save it as CSV, JSON or YAML."))
    text = decoded(data, way.encoding)
    if not text.strip():
        raise NotATable(_("The file is empty; bring one with a row of column names and at least one row below it."))
    readers: dict[str, Callable[[], Table]] = {
        "csv": lambda: _csv(text, DELIMITERS[way.delimiter]),
        "json": lambda: _listed(_json(text)),
        "yaml": lambda: _listed(_yaml(text)),
    }
    table = readers[way.format]()
    if not table.rows:
        raise NotATable(_("The file has column names and no row below them."))
    if len(table.rows) > MOST_ROWS:
        raise NotATable(
            _("The file has %(rows)s rows; at most %(most)s are taken at once. Split it.")
            % {"rows": len(table.rows), "most": MOST_ROWS}
        )
    return table


def render(table: Table) -> Rendered:
    """Each row a paragraph, each cell that holds something a line with its column's name before it."""
    parts: list[str] = []
    rendered, at = Rendered(""), 0
    for row in table.rows:
        begin, places = at, {}
        parts.append(head := f"Row {row.number}\n")
        at += len(head)
        for column, cell in row.cells.items():
            if cell:
                places[column] = (at + len(column) + 2, at + len(column) + 2 + len(cell))
                parts.append(line := f"{column}: {cell}\n")
                at += len(line)
        rendered.rows.append((begin, at - 1))
        rendered.cells.append(places)
        parts.append("\n")
        at += 1
    rendered.text = "".join(parts)
    _refuse_what_no_text_may_hold(rendered.text)
    return rendered


def text_of(data: bytes, normaliser: str) -> str:
    """The text of a capture whose normaliser is one of ours. Raises `NotATable`."""
    told = NORMALISER.fullmatch(normaliser)
    if told is None:
        raise NotATable(_("“%(normaliser)s” is no way in which tables are read.") % {"normaliser": normaliser})
    return render(read(data, Way(told[1], told[2], told[3] or ""))).text


def decoded(data: bytes, encoding: str) -> str:
    """Text with LF line ends and without a byte order mark. Raises `NotATable`."""
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError) as error:
        raise NotATable(
            _("The file is not written in %(encoding)s: %(error)s. Choose the encoding in which it was saved.")
            % {"encoding": encoding, "error": error}
        ) from error
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise NotATable(_("The file holds a NUL character, which no text may; is it a CSV, JSON or YAML file?"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def defused(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula, with an apostrophe before it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def undefused(cell: str) -> str:
    return cell[1:] if _FORMULA_DEFUSED.match(cell) else cell


def _encoding(data: bytes, language: str) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding
    if data[:4000].count(0) * 100 >= len(data[:4000]) > 0:
        # ASCII in UTF-16 has a zero before or after it; no other encoding has zeros in a text, but by mistake.
        return "utf-16-le" if data[1:4000:2].count(0) >= data[0:4000:2].count(0) else "utf-16-be"
    for encoding in ("utf-8", LEGACY.get(language.partition("-")[0].lower()) or _guessed(data), "cp1252"):
        with suppress(UnicodeError):
            data.decode(encoding)
            return encoding
    return "cp1252"


def _guessed(data: bytes) -> str:
    name = charsets.guessed(data).replace("windows-", "cp").replace("_", "-")
    return name if name in ENCODINGS else "cp1252"


def _format(text: str, name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    known = {"csv": "csv", "tsv": "csv", "txt": "csv", "json": "json", "yaml": "yaml", "yml": "yaml"}
    if ending in known:
        return known[ending]
    if text.lstrip()[:1] in ("[", "{"):
        return "json"
    return "yaml" if re.match(r"(---\s*\n)?\s*- ", text) else "csv"


def _delimiter(text: str) -> str:
    """The one that parts the first lines into the most cells, the same number in each if there is such a one."""
    told = re.match(r"sep=(.)\n", text)
    for name, sign in DELIMITERS.items():
        if told and told[1] == sign:
            return name

    def fit(name: str) -> tuple[bool, int]:
        widths: list[int] = []
        with suppress(csv.Error):
            for cells in csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITERS[name], strict=True):
                widths.append(len(cells))
                if len(widths) == SNIFFED:
                    break
        widths = widths[:-1] if len(widths) > 2 else widths
        return (len(set(widths)) == 1 and widths[0] > 1, widths[0] if widths else 0)

    return max(DELIMITERS, key=fit)


def _csv(text: str, delimiter: str) -> Table:
    text = re.sub(r"\Asep=.\n", "", text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[list[str]] = []
    try:
        lines.extend(cells for cells in reader if any(cell.strip() for cell in cells))
    except csv.Error as error:
        raise NotATable(
            _("Line %(line)s is no CSV: %(error)s. A quote inside a quoted cell is written twice, and each is closed.")
            % {"line": reader.line_num, "error": error}
        ) from error
    if not lines:
        raise NotATable(_("The file holds no cell with anything in it."))
    columns = _column_names(lines[0])
    return Table(columns, [_csv_row(number, columns, cells) for number, cells in enumerate(lines[1:], 1)])


def _column_names(cells: Sequence[str]) -> list[str]:
    names = [" ".join(cell.split()) or f"({number})" for number, cell in enumerate(cells, 1)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if len(names) > MOST_COLUMNS:
        raise NotATable(_too_wide(len(names)))
    if twice:
        raise NotATable(
            _("The column “%(name)s” stands there twice; give each a name of its own.") % {"name": twice[0]}
        )
    return names


def _too_wide(number: int) -> str:
    return _("The file has %(columns)s columns; at most %(most)s are read.") % {
        "columns": number,
        "most": MOST_COLUMNS,
    }


def _csv_row(number: int, columns: list[str], cells: list[str]) -> Row:
    named = dict(zip(columns, map(undefused, cells), strict=False))
    extra = {f"({place})": cell for place, cell in enumerate(cells[len(columns) :], len(columns) + 1)}
    if len(cells) == len(columns):
        return Row(number, named)
    fault = _("The row has %(cells)s cells and the header %(columns)s; is there a quote or a delimiter too many?")
    return Row(number, named | extra, fault % {"cells": len(cells), "columns": len(columns)})


def _listed(parsed: Any) -> Table:
    """A list of mappings, or a mapping that holds one such list."""
    if isinstance(parsed, dict):
        lists = [value for value in parsed.values() if isinstance(value, list)]
        parsed = lists[0] if len(lists) == 1 else parsed
    if not isinstance(parsed, list) or not parsed or not all(isinstance(row, dict) for row in parsed):
        raise NotATable(_("Write a list of rows, each a mapping from column names to values."))
    columns: dict[str, None] = {}
    rows = []
    for number, given in enumerate(parsed, 1):
        cells = dict(_flat(given, "", 0))
        columns.update(dict.fromkeys(cells))
        if len(columns) > MOST_COLUMNS:
            raise NotATable(_too_wide(len(columns)))
        rows.append(Row(number, cells))
    return Table(list(columns), rows)


def _flat(value: Any, name: str, depth: int) -> Iterator[tuple[str, str]]:
    """Members of members by their path (`date.from`); a list of texts is one cell with semicolons."""
    if depth > DEEPEST:
        raise NotATable(_too_deep())
    if isinstance(value, dict):
        for member, inner in value.items():
            yield from _flat(inner, f"{name}.{member}" if name else " ".join(str(member).split()) or "()", depth + 1)
    elif isinstance(value, list) and not any(isinstance(item, (dict, list)) for item in value):
        yield name, "; ".join(value).replace("\r\n", "\n").replace("\r", "\n")
    elif isinstance(value, list):
        for place, inner in enumerate(value, 1):
            yield from _flat(inner, f"{name}.{place}", depth + 1)
    else:
        yield name, value.replace("\r\n", "\n").replace("\r", "\n")


def _too_deep() -> str:
    return _("The file is nested more than %(depth)s levels deep; write a list of plain rows.") % {"depth": DEEPEST}


def _json(text: str) -> Any:
    """Numbers stay the text that somebody wrote, however long; `true` and `null` are `true` and nothing."""
    try:
        parsed = json.loads(
            text, parse_int=str, parse_float=str, parse_constant=_no_number, object_pairs_hook=_once_each
        )
        return _texts(parsed, 0)
    except json.JSONDecodeError as error:
        raise NotATable(
            _("Line %(line)s is no JSON: %(error)s.") % {"line": error.lineno, "error": error.msg}
        ) from error
    except RecursionError as error:
        raise NotATable(_too_deep()) from error


def _no_number(written: str) -> Any:
    raise NotATable(_("“%(written)s” is no value of JSON; write null or a text.") % {"written": written})


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotATable(_("“%(name)s” stands twice in one object; keep one.") % {"name": twice[:80]})
    return members


def _texts(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise NotATable(_too_deep())
    if isinstance(value, dict):
        return {member: _texts(inner, depth + 1) for member, inner in value.items()}
    if isinstance(value, list):
        return [_texts(inner, depth + 1) for inner in value]
    if value is None:
        return ""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def _yaml(text: str) -> Any:
    """Built from events, so that neither depth nor aliases cost anything before they are refused."""
    try:
        return _built(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except (yaml.YAMLError, UnicodeError) as error:
        mark = getattr(error, "problem_mark", None)
        told = {"line": mark.line + 1 if mark else 1, "error": getattr(error, "problem", None) or error}
        raise NotATable(_("Line %(line)s is no YAML: %(error)s.") % told) from error


def _built(events: Any) -> Any:
    """The one document of a stream of events; its scalars are texts, as in the record's own format."""
    root: list[Any] = []
    open_: list[tuple[Any, list[Any]]] = [(None, root)]
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise NotATable(
                _("Line %(line)s: anchors, aliases and tags are not read; write the value out.") % {"line": line}
            )
        if isinstance(event, yaml.ScalarEvent):
            is_none = event.implicit[0] and event.value in ("", "null", "~")
            open_[-1][1].append("" if is_none else event.value)
        elif isinstance(event, yaml.CollectionStartEvent):
            open_.append((event, []))
            if len(open_) > DEEPEST:
                raise NotATable(_too_deep())
        elif isinstance(event, yaml.CollectionEndEvent):
            begun, items = open_.pop()
            open_[-1][1].append(_mapping(items, line) if isinstance(begun, yaml.MappingStartEvent) else items)
    if len(root) != 1:
        raise NotATable(_("Write one YAML document in a file."))
    return root[0]


def _mapping(items: list[Any], line: int) -> dict[str, Any]:
    keys, values = items[::2], items[1::2]
    if not all(isinstance(key, str) for key in keys):
        raise NotATable(_("Line %(line)s: the name of a column is one plain text.") % {"line": line})
    return _once_each(list(zip(keys, values, strict=True)))


def _refuse_what_no_text_may_hold(text: str) -> None:
    if "\0" in text:
        raise NotATable(_("A cell holds a NUL character, which no text may."))
    try:
        text.encode()
    except UnicodeEncodeError as error:
        row = text.count("\nRow ", 0, error.start)
        raise NotATable(
            _("Near row %(row)s a cell holds half of a surrogate pair, which is no character; mend the file.")
            % {"row": row + 1}
        ) from error
