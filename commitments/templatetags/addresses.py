import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def api(*parts: object) -> str:
    """Where machines read what a page shows: `{% api "claims" claim.id %}`."""
    return "".join(f"{part}/" for part in ("/api/v1", *parts))


@register.filter
def marked(text: str) -> SafeString:
    """What stands in backticks, as code."""
    return mark_safe(re.sub(r"`(.+?)`", r"<code>\1</code>", escape(text)))  # noqa: S308
