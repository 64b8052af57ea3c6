"""Changes as an Atom feed (RFC 4287), in pages (RFC 5005, section 3)."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid5

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext
from typeid import TypeID

from commitments import vocabulary as words
from commitments.feeds.changes import Change
from commitments.languages import label
from commitments.pages import sentences as say

Row = dict[str, Any]
# What XML 1.0 cannot hold, escaped or not.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NOUNS = {
    "commitment": gettext_lazy("commitment"),
    "claim": gettext_lazy("claim"),
    "occasion": gettext_lazy("occasion"),
    "source": gettext_lazy("source"),
    "actor": gettext_lazy("actor"),
    "office": gettext_lazy("office"),
    "passage": gettext_lazy("passage"),
    "term": gettext_lazy("term"),
}


class Feed(Atom1Feed):
    """Where the changes of `log` are told; `next`: the address of the earlier ones."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["next"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["next"]})


def urn(log: str, *names: object) -> str:
    """An id that is the same wherever and in whatever language the record is served."""
    namespace: UUID = TypeID.from_string(log).uuid
    return uuid5(namespace, "/".join(map(str, names))).urn


def writable(text: str) -> str:
    return UNWRITABLE.sub("\ufffd", text)


def title(change: Change) -> str:
    """Of the entry that says most, and how many there are beside it."""
    first, others = said(*change.told[0]), len(change.told) - 1 + change.others
    if not others:
        return first
    told = {"title": first, "n": others}
    return ngettext("%(title)s (and %(n)s other entry)", "%(title)s (and %(n)s other entries)", others) % told


def said(entry: Row, row: Row | None) -> str:
    """What one entry did, to what."""
    what = _status(row) if row and entry["subject_type"] == "status_change" else _done(entry, row)
    if entry["nature"] == "correction":
        return gettext("Correction: %(what)s") % {"what": what}
    return what


def _status(change: Row) -> str:
    told = {"title": say.in_language(change["commitment"]["title"])}
    if change["status"] is None:
        return gettext("a status of “%(title)s” no longer counts") % told
    status = label(words.STATUSES, change["status"])
    if mark := say.mark(say.strongest_reading(change["commitment"]["id"], change["status"], change["resting"])):
        status = f"{status} [{mark}]"
    return gettext("Status of “%(title)s”: %(status)s") % (told | {"status": status})


def _done(entry: Row, row: Row | None) -> str:
    told = {"act": label(words.ENTRY_TYPES, entry["type"]), "noun": NOUNS.get(entry["subject_type"], "")}
    if row is None:
        return gettext("%(act)s: %(noun)s") % told
    return gettext("%(act)s: %(noun)s “%(name)s”") % (told | {"name": named(entry["subject_type"], row)})


def named(noun: str, row: Row) -> str:
    """A passage by the source it stands in: its words may be withheld."""
    if noun == "passage":
        return row["source"]["title"]
    if noun in ("commitment", "term"):
        return say.in_language(row["title"] if noun == "commitment" else row["labels"])
    return row[{"claim": "statement", "source": "title", "office": "title"}.get(noun, "name")]


def summary(change: Change) -> str:
    """The reason, and what was done for it, as HTML."""
    lines = [(said(entry, row),) for entry, row in change.told]
    if change.others:
        more = ngettext("and %(n)s other entry", "and %(n)s other entries", change.others) % {"n": change.others}
        lines.append((more,))
    return format_html("<p>{}</p><ul>{}</ul>", change.reason, format_html_join("", "<li>{}</li>", lines))


def written(told: Row, changes: list[tuple[Change, str]], log: str) -> bytes:
    """`told`: title, link, feed_url, next and name of the feed; each change with the address of its page."""
    feed = Feed(
        title=writable(told["title"]),
        link=told["link"],
        description="",
        language=get_language(),
        feed_url=told["feed_url"],
        feed_guid=urn(log, "feed", told["name"], get_language()),
        next=told["next"],
    )
    for change, address in changes:
        feed.add_item(
            title=writable(title(change)),
            link=address,
            description=writable(summary(change)),
            author_name=change.by,
            pubdate=change.recorded_at,
            updateddate=change.recorded_at,
            unique_id=urn(log, told["name"], change.last, change.about),
            categories=[*change.types, *(["correction"] if change.is_correction else [])],
        )
    return feed.writeString("utf-8").encode()
