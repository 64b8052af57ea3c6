"""A passage: position and words, checked against the capture's text where it is held."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments.admin.desk import DeskForm
from commitments.models import CaptureBytes


class PassageForm(DeskForm):
    exact = forms.CharField(
        required=False,
        strip=False,
        label=_("The words"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Letter by letter, where they may be shown: a quoted speaker's, or up to five of the "
            "outlet's own where the word is the point. Otherwise empty, and the digest stands for them."
        ),
    )
    exact_sha256 = forms.CharField(
        required=False,
        label=_("SHA-256 of the words"),
        widget=forms.TextInput(attrs={"size": 66, "maxlength": 64}),
        help_text=_("Worked out from the words, or from the text where we hold it; needed only without both."),
    )

    def clean_exact(self) -> str:
        # Browsers send line ends as CRLF; the text of a capture has LF.
        return self.cleaned_data["exact"].replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        capture, start, end = (cleaned.get(name) for name in ("capture", "start", "end"))
        if capture is None or start is None or end is None or end <= start:
            return cleaned
        if end > capture.characters:
            said = gettext("The text has %(characters)s characters; the passage ends at %(end)s.")
            self.add_error("end", said % {"characters": capture.characters, "end": end})
            return cleaned
        text = CaptureBytes.objects.filter(capture=capture).values_list("text", flat=True).first()
        words = self._words(text, start, end, cleaned.get("exact", ""))
        if words:
            cleaned["exact_sha256"] = hashlib.sha256(words.encode()).hexdigest()
        elif not cleaned.get("exact_sha256") and not self.errors:
            self.add_error("exact_sha256", gettext("Give the words, or their SHA-256 where they may not be shown."))
        if not self.errors:
            self.instance.anchor = "text_not_held" if text is None else "found"
        return cleaned

    def _words(self, text: str | None, start: int, end: int, exact: str) -> str:
        """The passage's words as far as they are known, with an error where they are not the ones given."""
        if text is None:
            if exact and len(exact) != end - start:
                said = gettext(
                    "The words have %(length)s characters; from %(start)s to %(end)s there are %(expected)s."
                )
                told = {"length": len(exact), "start": start, "end": end, "expected": end - start}
                self.add_error("exact", said % told)
            return exact
        there = text[start:end]
        if exact and exact != there:
            said = gettext("At %(start)s to %(end)s stands “%(there)s”.") % {"start": start, "end": end, "there": there}
            self.add_error("exact", f"{said} {_where(text, exact)}")
        return there


def _where(text: str, exact: str) -> str:
    found = text.find(exact)
    if found < 0:
        return gettext("The words given stand nowhere in the text.")
    said = gettext("The words given start at %(start)s and end at %(end)s.")
    return said % {"start": found, "end": found + len(exact)}
