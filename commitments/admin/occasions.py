from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from commitments.admin.desk import DeskInline, dated
from commitments.admin.verbs import PublishableAdmin
from commitments.models import Occasion, Participant


class ParticipantInline(DeskInline):
    model = Participant
    autocomplete_fields = ["office", "actor", "passages"]
    fields = ["office", ("actor", "capacity"), "passages", "position"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("office__person", "actor")


@admin.register(Occasion)
class OccasionAdmin(PublishableAdmin):
    list_display = ["name", "kind", "when", "place", "access", "state"]
    list_filter = ["kind", "access"]
    list_select_related = ["place"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["place", "passages"]
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "slug", ("kind", "access"), "date", "place", "passages"]
    inlines = [ParticipantInline]
    when = dated("date", _("date"))
