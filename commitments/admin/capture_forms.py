"""A capture's digests: typed in, or worked out from the file itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commitments.admin.desk import DeskForm
from commitments.admin.verb_forms import LARGEST_UPLOAD
from commitments.captures.extract import Unreadable, read

DIGESTS = ("sha256", "size", "text_sha256", "characters", "normaliser")


def bytes_of(upload: Any) -> bytes:
    if upload.size > LARGEST_UPLOAD:
        raise ValidationError(f"The file has {upload.size} bytes; at most {LARGEST_UPLOAD} are taken.")
    upload.seek(0)
    return upload.read()  # type: ignore[no-any-return]


class CaptureForm(DeskForm):
    may_add_to_published = True

    upload = forms.FileField(
        required=False,
        label=_("The file"),
        help_text=_(
            "The article as it was saved: a web page, a PDF, a plain text or a WARC. The digests below are then "
            "worked out, and of a draft source the bytes are kept. Without a file, give the digests of what was read."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in DIGESTS:
            if name in self.fields:
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        source = cleaned.get("source")
        if source and source.is_published and not self.may_add_to_published:
            self.add_error("source", "This source is published; a curator adds captures to it.")
        if cleaned.get("upload"):
            self._work_out(cleaned)
        for name in DIGESTS:
            if name in self.fields and cleaned.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, "Give this, or bring the file.")
        return cleaned

    def _work_out(self, cleaned: dict[str, Any]) -> None:
        try:
            told = read(bytes_of(cleaned["upload"]), name=cleaned["upload"].name).digests
        except Unreadable as error:
            self.add_error("upload", str(error))
        except ValidationError as error:
            self.add_error("upload", error)
        else:
            for name, value in told.items():
                self._fill(cleaned, name, value)

    def _fill(self, cleaned: dict[str, Any], name: str, value: Any) -> None:
        typed = cleaned.get(name)
        if typed not in (None, "", value):
            self.add_error(name, f"The file says otherwise: {value}.")
        cleaned[name] = value
