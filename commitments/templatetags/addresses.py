import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()


CLOCKS = ("as_of", "known_at")
# Of an address that is repeated in a page; nothing that can be asked is longer.
LONGEST = 4_000


@register.simple_tag(takes_context=True)
def api(context: template.Context, *parts: object, **asked: object) -> str:
    """Where machines read what a page shows, at its clocks: `{% api "claims" claim.id %}`. The day of the world is
    asked of commitments and claims alone, and no clock of what never changes."""
    never_changes = not parts or parts[0] == "rubric" or (parts[0] == "changes" and len(parts) > 1)
    of_a_day = not never_changes and parts[0] in ("commitments", "claims") and parts[-1] != "versions"
    clocks = () if never_changes else CLOCKS if of_a_day else ("known_at",)
    return at_clocks(context, "".join(f"{part}/" for part in ("/api/v1", *parts)), clocks, **asked)


@register.simple_tag(takes_context=True)
def page_of(context: template.Context, noun: str, subject_id: str, slug: str = "") -> str:
    """The page of one thing, at the clocks of this page: `{% page_of "claim" claim.id %}`; with its slug straight to
    that of a commitment."""
    if slug:
        return at_clocks(context, reverse(noun, kwargs={"id": subject_id, "slug": slug}))
    return at_clocks(context, reverse(f"{noun}_by_id", kwargs={"id": subject_id}))


@register.simple_tag(takes_context=True)
def list_of(context: template.Context, name: str, **asked: object) -> str:
    """A list, asked for what is named, at the clocks of this page: `{% list_of "claims" source=source.slug %}`."""
    return at_clocks(context, reverse(name), **asked)


@register.simple_tag(takes_context=True)
def then(context: template.Context, address: str) -> str:
    """A page that was worked out elsewhere, at the clocks of this one; a place in this page as it is."""
    return address if address.startswith("#") else at_clocks(context, address)


def at_clocks(context: template.Context, address: str, clocks: Sequence[str] = CLOCKS, **asked: object) -> str:
    """Who looks back goes on looking back: from an earlier view no link leads unsaid to today's."""
    request = context.get("request")
    held = {name: request.GET[name] for name in clocks if name in request.GET} if request else {}
    query = urlencode(asked | held, safe=":")
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address


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
    here = request.get_full_path() if len(request.get_full_path()) <= LONGEST else request.path
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
