from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments.admin.desk import DeskInline, dated, with_retraction
from commitments.admin.history import History
from commitments.admin.list_filters import named
from commitments.admin.statuses import CorrectionForm
from commitments.admin.verbs import Button, PublishableAdmin
from commitments.groups import RECORD_STATUS
from commitments.languages import label
from commitments.models import Bearing, Claim, StatusChange, Version
from commitments.vocabulary import STATUSES

ADD_STATUS = "admin:commitments_statuschange_add"


class BearingInline(DeskInline):
    model = Bearing
    radio_fields = {"reading": admin.VERTICAL}
    autocomplete_fields = ["commitment", "actor", "passages"]
    fields = ["commitment", "status", "actor", "position", "reading", "note", "passages", "order"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("commitment", "actor")


@admin.register(Claim)
class ClaimAdmin(PublishableAdmin):
    list_display = ["statement", "claimant", "speech_act", "said", "state"]
    list_filter = ["speech_act", named("claimant", _("claimant"))]
    list_select_related = ["claimant"]
    search_fields = ["statement", "id", "claimant__name", "bearings__commitment__title_en"]
    autocomplete_fields = ["claimant", "office", "on_behalf_of", "occasion", "passages"]
    fields = [
        "statement",
        ("claimant", "office"),
        "speech_act",
        "said_on",
        "occasion",
        "on_behalf_of",
        "passages",
    ]
    inlines = [BearingInline]
    said = dated("said_on", _("said on"))

    def buttons(self, request, thing):
        """For each status that the claim says: to the form that records it, or before that to a draft."""
        found = super().buttons(request, thing)
        if not request.user.has_perm("commitments.add_statuschange"):
            return found
        for bearing in thing.bearings.exclude(status="").select_related("commitment"):
            found += status_button(request.user, thing, bearing)
        return found

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


def status_button(user, claim, bearing):
    """A retracted claim carries no status. Where a second person publishes, a status is drafted and submitted."""
    commitment, told = bearing.commitment, {"claim": claim.pk}
    status = {"status": label(STATUSES, bearing.status)}
    if claim.is_retracted or is_recorded(claim, bearing):
        return []
    if claim.is_published and commitment.is_published and not settings.SECOND_PERSON:
        url = reverse("admin:commitments_commitment_record_status", args=[quote(commitment.pk)])
        record = gettext("Record the status it says: %(status)s") % status
        return [Button(record, f"{url}?{urlencode(told)}")] if user.has_perm(RECORD_STATUS) else []
    told = {"commitment": commitment.pk, "status": bearing.status, "claims": claim.pk}
    draft = gettext("Draft the status it says: %(status)s") % status
    return [Button(draft, f"{reverse(ADD_STATUS)}?{urlencode(told)}")]


def is_recorded(claim, bearing) -> bool:
    """Whether the status that it says was recorded or drafted because of it."""
    cited = StatusChange.objects.filter(claims=claim, commitment=bearing.commitment, status=bearing.status)
    return cited.filter(corrected_by__isnull=True).exists()


def resting_on(claim: Claim) -> list[StatusChange]:
    """The recorded statuses, of commitments that stand, which no other published claim carries."""
    changes = StatusChange.objects.published().filter(claims=claim, corrected_by__isnull=True).exclude(status="")
    retracted = Version.objects.filter(subject_id=OuterRef("commitment"), until_seq__isnull=True, type="retract")
    changes = changes.exclude(Exists(retracted))
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
