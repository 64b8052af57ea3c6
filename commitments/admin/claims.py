from django.contrib import admin
from django.db.models import Q, QuerySet

from commitments.admin.desk import DeskInline, dated, with_retraction
from commitments.admin.history import History
from commitments.admin.statuses import CorrectionForm
from commitments.admin.verbs import PublishableAdmin
from commitments.models import Bearing, Claim, StatusChange


class BearingInline(DeskInline):
    model = Bearing
    autocomplete_fields = ["commitment", "actor", "passages"]
    fields = ["order", "commitment", "status", ("actor", "position"), "reading", "note", "passages"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("commitment", "actor")


@admin.register(Claim)
class ClaimAdmin(PublishableAdmin):
    list_display = ["statement", "claimant", "speech_act", "said", "state"]
    list_filter = ["speech_act", ("claimant", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["claimant"]
    search_fields = ["statement", "id", "claimant__name", "bearings__commitment__title_en"]
    autocomplete_fields = ["claimant", "office", "on_behalf_of", "occasion", "passages"]
    fields = [
        "statement",
        ("claimant", "office"),
        ("on_behalf_of", "speech_act"),
        "occasion",
        "said_on",
        "passages",
    ]
    inlines = [BearingInline]
    said = dated("said_on", "said on")

    def correction_forms(self, request, thing):
        """One for each status that rests on this claim alone."""
        return [
            CorrectionForm(
                request.POST or None,
                prefix=change.pk,
                history=History.of(change.commitment),
                change=change,
                without_claim=thing.pk,
            )
            for change in resting_on(thing)
        ]


def resting_on(claim: Claim) -> list[StatusChange]:
    """The recorded statuses that no other published claim carries."""
    changes = StatusChange.objects.published().filter(claims=claim, corrected_by__isnull=True).exclude(status="")
    return [
        change
        for change in changes.select_related("commitment")
        if not others_bearing(change).exclude(pk=claim.pk).exists()
    ]


def others_bearing(change: StatusChange) -> QuerySet:
    """The cited claims that bear its very status on its commitment, or on what was merged into that."""
    bearing = Bearing.objects.filter(
        Q(commitment=change.commitment) | Q(commitment__merged_into=change.commitment), status=change.status
    )
    return with_retraction(change.claims.published()).filter(bearings__in=bearing, is_retracted=False)
