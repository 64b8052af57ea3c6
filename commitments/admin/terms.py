from django.contrib import admin

from commitments.admin.verbs import PublishableAdmin
from commitments.models import Term


@admin.register(Term)
class TermAdmin(PublishableAdmin):
    list_display = ["label_en", "label_es", "scheme", "slug", "broader", "state"]
    list_filter = ["scheme"]
    list_select_related = ["broader"]
    search_fields = ["label_en", "label_es", "slug"]
    autocomplete_fields = ["broader"]
    fields = ["scheme", "slug", "label_en", "label_es", "broader"]

    def get_readonly_fields(self, request, obj=None):
        """The id is made of both, for ever."""
        return ["scheme", "slug"] if obj else []
