from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from commitments.admin.desk import DeskInline, dated
from commitments.admin.list_filters import named
from commitments.admin.merging import MergeableAdmin
from commitments.admin.verbs import PublishableAdmin
from commitments.models import Actor, ActorName, Office


class ActorNameInline(DeskInline):
    model = ActorName
    verbose_name = _("name in another language")
    verbose_name_plural = _("names in other languages")
    fields = [("language", "name")]


@admin.register(Actor)
class ActorAdmin(MergeableAdmin):
    list_display = ["name", "kind", "part_of", "state"]
    list_filter = ["kind"]
    list_select_related = ["part_of"]
    search_fields = ["name", "slug", "names__name"]
    autocomplete_fields = ["part_of"]
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "slug", "kind", "part_of"]
    inlines = [ActorNameInline]


@admin.register(Office)
class OfficeAdmin(PublishableAdmin):
    list_display = ["title", "person", "body", "from_when", "to_when", "state"]
    list_filter = [named("body", _("body"))]
    list_select_related = ["person", "body"]
    search_fields = ["title", "slug", "person__name", "body__name"]
    autocomplete_fields = ["person", "body", "passages"]
    fields = ["person", "title", "slug", "body", "start", "end", "passages"]
    from_when = dated("start", _("from"))
    to_when = dated("end", _("to"))
