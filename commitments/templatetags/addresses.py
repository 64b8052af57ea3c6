import re
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def api(*parts: object) -> str:
    """Where machines read what a page shows: `{% api "claims" claim.id %}`."""
    return "".join(f"{part}/" for part in ("/api/v1", *parts))


@register.simple_tag
def page_of(noun: str, subject_id: str) -> str:
    """The page of one thing: `{% page_of "claim" claim.id %}`."""
    return reverse(f"{noun}_by_id", kwargs={"id": subject_id})


@register.simple_tag(takes_context=True)
def on_page(context: template.Context, number: int) -> str:
    """The address of another page of this list, at the same clocks: `{% on_page 2 %}`."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode(safe=':')}"


@register.simple_tag(takes_context=True)
def in_languages(context: template.Context) -> list[dict[str, Any]]:
    """The address of this page in each language; none where the page was not asked for by an address (errors)."""
    request = context.get("request")
    if request is None:
        return []
    here = request.get_full_path()
    return [
        {
            "code": code,
            "name": name,
            "address": (address := translate_url(here, code)),
            "absolute": request.build_absolute_uri(address),
            "is_this": code == get_language(),
        }
        for code, name in settings.LANGUAGES
    ]


@register.filter
def marked(text: str) -> SafeString:
    """What stands in backticks, as code."""
    return mark_safe(re.sub(r"`(.+?)`", r"<code>\1</code>", escape(text)))  # noqa: S308
