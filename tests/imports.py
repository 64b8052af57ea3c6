"""Data sets of invented states, brought to the desk as files, and what becomes of them."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from commitments.captures.tables import Way, read, sniffed
from commitments.importers import drafting, publishing
from commitments.importers.mapping import suggested
from commitments.models import Import, Source
from tests.desk import listed, send
from tests.world import UNKNOWN

# A register in Hindi: its own columns, digits and day-first dates; quotes, semicolons and line ends in cells.
HINDI = [
    ["क्रमांक", "वचन", "तारीख", "देश", "स्थिति", "लिंक"],
    ["H-1", "“हम छह नावें देंगे”;\nनॉरलैंड के राजदूत ने कहा", "१४/०१/२०२१", "नॉरलैंड", "पूर्ण", "https://news.example/1"],
    ["H-2", "हम एक पुल बनाएँगे", "03/02/2021", "नॉरलैंड", "जारी", "https://news.example/2"],
    ["H-3", "हम पानी साझा करेंगे", "फ़रवरी", "सदरलैंड", "जारी", ""],
]
WORDS = {"status": {"पूर्ण": "fulfilled", "जारी": "in_progress"}}
MAPPED = {
    "columns": {"promisor": "देश", "claimant": "देश", "status": "स्थिति"},
    "constants": {
        "kind": "Pledge",
        "form": "pledge",
        "speech_act": "pledges",
        "reading": "outlet",
        "note": "Its word.",
    },
    "words": WORDS,
}


def as_csv(rows: Sequence[Sequence[str]], encoding: str = "utf-8", delimiter: str = ";") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode(encoding)


def brought(data: bytes, *, by: User, name: str = "register.csv", way: Way | None = None, **told: Any) -> Import:
    """An import with the mapping that is offered, and what is told beyond it."""
    way = way or sniffed(data, name=name, language=told.get("language", ""))
    data_set = told.pop("data_set", "Register of Norland")
    table = read(data, way)
    mapping = suggested(table, data_set=data_set, language=told.get("language", "")).as_json()
    for member, more in told.pop("mapping", {}).items():
        mapping[member] = mapping[member] | more if isinstance(more, dict) else more
    return Import.objects.create(
        **{"title": data_set, "data_set": data_set, "file_name": name, "data": data, "published": UNKNOWN} | told,
        sha256=hashlib.sha256(data).hexdigest(),
        format=way.format,
        encoding=way.encoding,
        delimiter=way.delimiter,
        size=len(table.rows),
        mapping=mapping,
        created_by=by,
    )


def checked(imported: Import) -> dict[str, int]:
    drafting.dry_run(imported)
    return imported.rows.counted()


def published(imported: Import, *, by: User) -> Import:
    """Checked, drafted, and published to its end."""
    drafting.dry_run(imported)
    drafting.draft(imported, by=by)
    publishing.start(imported, by=by, reason="From the register.")
    while publishing.step():
        pass
    imported.refresh_from_db()
    return imported


def uploaded(client: Any, data: bytes, name: str = "register.csv", **told: Any) -> Any:
    """What the desk answers to a file."""
    file = SimpleUploadedFile(name, data)
    date = {"published_basis": "unknown", "published_note": "Not told."}
    return send(client, listed(Import, "add"), upload=file, data_set="Register of Norland", **date | told)


def sources_of(imported: Import) -> Any:
    return Source.objects.filter(imports=imported)
