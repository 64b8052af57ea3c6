"""The form that a source is recorded with: a text pasted, a file, or an address; the rest only as far as needed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.admin.marking_forms import EasyDateField, one_of
from commitments.admin.picks import PickField, settle
from commitments.captures import extract
from commitments.captures.display import straight
from commitments.vocabulary import RIGHTS, SOURCE_KINDS


class StartForm(forms.Form):
    """`reading` is what was read of a text or file."""

    reading: extract.Reading | None = None

    pasted = forms.CharField(
        required=False,
        strip=False,
        label=gettext_lazy("Paste its text"),
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("The whole text, headline and date line too: what you mark later are words of it."),
    )
    upload = forms.FileField(
        required=False,
        label=gettext_lazy("or choose a file"),
        help_text=gettext_lazy("A saved web page, a PDF, a plain text or a WARC, of 10 MiB at most."),
    )
    title = forms.CharField(
        max_length=400,
        required=False,
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("As printed; empty: the first line of the text, or the title that the file tells."),
    )
    kind = one_of(SOURCE_KINDS, gettext_lazy("Kind"), initial="news_article")
    url = forms.URLField(
        max_length=2000,
        required=False,
        assume_scheme="https",
        label=gettext_lazy("Address at which it was read"),
        help_text=gettext_lazy("Alone, without text or file: the page is fetched, with the title it tells."),
        widget=forms.URLInput(attrs={"class": "vURLField"}),
    )
    published = EasyDateField(
        required=False,
        label=gettext_lazy("Published on"),
        help_text=gettext_lazy(
            "2021-01-16, or /2021-01-16 for “by then”. Weekdays in the text are worked out from it."
        ),
    )
    publisher = PickField("actor", may_be_new=True, label=gettext_lazy("Publisher"))
    byline = forms.CharField(max_length=200, required=False, label=gettext_lazy("Byline"))
    language = forms.CharField(
        max_length=12, required=False, label=gettext_lazy("Language"), help_text=gettext_lazy("A tag such as en or es.")
    )
    rights = one_of(RIGHTS, gettext_lazy("Rights"), initial="quote_only")
    another = forms.BooleanField(
        required=False, label=gettext_lazy("It is another publication all the same: record it as a source of its own")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ways = [name for name in ("pasted", "upload") if cleaned.get(name)]
        if not ways and not cleaned.get("url") and not {"pasted", "upload", "url"} & set(self.errors):
            self.add_error("pasted", _("Paste the text, choose a file, or give the address to be fetched."))
        elif len(ways) > 1:
            self.add_error("upload", _("Paste the text or choose a file, not both."))
        elif ways:
            self._read(cleaned, ways[0])
        settle([self])
        return cleaned

    def _read(self, cleaned: dict[str, Any], way: str) -> None:
        upload = cleaned["upload"]
        try:
            if way == "upload" and upload.size > extract.LARGEST:
                raise extract.Unreadable("too_large")  # before its bytes are in memory
            self.reading = _read_file(upload) if way == "upload" else _read_pasted(cleaned["pasted"])
        except extract.Unreadable as error:
            self.add_error(way, str(error))
            return
        if not self.reading.text.strip():
            self.add_error(way, _("There is no text in it."))

    @property
    def has_more_errors(self) -> bool:
        return any(self[name].errors for name in ("publisher", "byline", "language", "rights"))

    @property
    def printed_title(self) -> str:
        """As given, as the file tells it, or the first line of the text."""
        read = self.reading
        first = next((line.strip() for line in read.text.splitlines() if line.strip()), "") if read else ""
        return str(self.cleaned_data["title"] or (read.title if read else "") or straight(first))[:400]

    @property
    def address(self) -> str:
        return str(self.cleaned_data["url"] or (self.reading.url if self.reading else ""))[:2000]


def _read_file(upload: Any) -> extract.Reading:
    return extract.read(upload.read(), media_type=upload.content_type or "", name=upload.name or "")


def _read_pasted(pasted: str) -> extract.Reading:
    """Browsers send line ends as CRLF; what is kept has LF, and is plain text whatever it looks like."""
    data = pasted.replace("\r\n", "\n").encode("utf-8", "replace")
    if len(data) > extract.LARGEST:
        raise extract.Unreadable("too_large")
    return extract.Reading(data, "text/plain", data.decode(), extract.UTF8_TEXT)
