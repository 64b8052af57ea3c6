"""The two clocks of a page in words, and its address at others."""

from __future__ import annotations

from typing import Any

from django import template

from commitments.clocks import Clock, stamp
from commitments.days import written
from commitments.pages import sentences as say

register = template.Library()


@register.simple_tag
def in_words(clock: Clock) -> dict[str, Any]:
    """The day of the world, and the instant up to which the record is read; None before its first entry."""
    instant = clock.asked_at or clock.recorded_at
    return {"day": written(clock.as_of), "recorded": instant and say.instant(stamp(instant)), "seq": clock.seq}


@register.simple_tag(takes_context=True)
def asked_again(context: template.Context, **asked: Any) -> str:
    """This page's address, asked otherwise: `{% asked_again known_at=clock.seq as_of="" %}`; an empty word is left
    out, and so is a cursor, which belongs to one clock."""
    request = context["request"]
    query = request.GET.copy()
    for name, value in (*asked.items(), ("cursor", "")):
        if value == "":
            query.pop(name, None)
        else:
            query[name] = value
    return f"{request.path}?{query.urlencode(safe='[]:/')}" if query else request.path
