from django import template
from django.utils.safestring import SafeString

from commitments.pages import linked
from commitments.pages.citing import Cited

register = template.Library()


@register.simple_tag
def linked_data(cited: Cited) -> SafeString:
    """JSON-LD for a script element."""
    return linked.in_page(cited)


@register.simple_tag
def file_of(cited: Cited, name: str) -> str:
    """The address of another form: `{% file_of cited "cite.bib" %}`."""
    return cited.file(name)
