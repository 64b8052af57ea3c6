"""A status or a state at a glance at the desk: colour, glyph and word, by the same table as the public pages."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments.pages.badges import badge

STATES = {
    "draft": _("Draft"),
    "published": _("Published"),
    "edited": _("Published, with unpublished edits"),
    "retracted": _("Retracted"),
    "merged": _("Merged into another"),
}
# A frame that fills with publication, is crossed out by retraction, and lies on another once merged.
STATE_GLYPHS = {"draft": "□", "published": "■", "edited": "◧", "retracted": "⊠", "merged": "⧉"}
STATE_GROUPS = {"draft": "neither", "published": "open", "edited": "mark", "retracted": "closed", "merged": "closed"}


def status_badge(status: str) -> SafeString:
    if not status:
        return drawn("neither", "∅", gettext("void"))
    told = badge(status)
    return drawn(told["group"], told["glyph"], told["word"], told["meaning"])


def state_badge(state: str) -> SafeString:
    return drawn(STATE_GROUPS[state], STATE_GLYPHS[state], STATES[state])


def drawn(group: str, glyph: str, word: Any, meaning: str = "") -> SafeString:
    title = format_html(' title="{}"', meaning) if meaning else ""
    return format_html(
        '<span class="badge {}"{}><span aria-hidden="true">{}</span> {}</span>', group, title, glyph, word
    )
