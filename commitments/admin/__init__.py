"""The desk: curators' forms and queues. Every verb of the ledger is a small form that calls an action."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from commitments.admin import (
    actors,
    captures,
    claims,
    commitments,
    duplicates,
    fetches,
    imports,
    ledger,
    occasions,
    reviews,
    sources,
    statuses,
    terms,
)
from commitments.admin.queues import with_queues
from commitments.admin.sections import in_sections

__all__ = [
    "actors",
    "captures",
    "claims",
    "commitments",
    "duplicates",
    "fetches",
    "imports",
    "ledger",
    "occasions",
    "reviews",
    "sources",
    "statuses",
    "terms",
]

admin.site.site_header = _("Commitment and Claims Tracker: the desk")
admin.site.site_title = _("Commitment and Claims Tracker")
admin.site.index_title = _("What do you want to work on?")
# Forms and lists need the width.
admin.site.enable_nav_sidebar = False
admin.site.index_template = admin.site.app_index_template = "admin/desk/index.html"
# A site class of our own would be imported with the settings, before the models are.
admin.site.get_app_list = in_sections(admin.site.get_app_list)
admin.site.get_urls = duplicates.with_page(with_queues(admin.site.get_urls))
