from typing import Any

from django import template

from commitments.admin import queues

register = template.Library()


@register.simple_tag
def queue_counts(user: Any) -> list[queues.Count]:
    return queues.counts(user)
