"""`{% captured_text text %}`: a captured text, escaped, with what is invisible in it made visible."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from commitments.captures.display import plain, segments

register = template.Library()


@register.filter("plain")
def in_plain_sight(value: object) -> str:
    return plain(str(value))


@register.simple_tag
def captured_text(text: str) -> SafeString:
    parts = format_html_join(
        "",
        "{}",
        ((_unseen(s.start, s.name, s.shown) if s.name else s.text,) for s in segments(text)),
    )
    return format_html('<bdi class="captured">{}</bdi>', parts)


def _unseen(start: int, name: str, shown: str) -> SafeString:
    return format_html('<bdi class="unseen" title="{}" data-start="{}" dir="ltr">{}</bdi>', name, start, shown)
