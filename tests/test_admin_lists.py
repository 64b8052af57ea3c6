"""Lists of the desk: whole, searched, and in a constant number of queries."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.models import Claim, Commitment, Term
from tests.desk import listed, signed_in

LISTED = [model for model in admin.site._registry if model._meta.app_label == "commitments"]
AT_MOST = 12


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__name__)
def test_a_list_takes_a_constant_number_of_queries(model, db):
    curator = signed_in("curator")
    with CaptureQueriesContext(connection) as queries:
        assert curator.get(listed(model)).status_code == 200
    assert len(queries) < AT_MOST, [q["sql"][:120] for q in queries]


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__name__)
def test_every_list_is_searched(model, db):
    assert signed_in("curator").get(listed(model) + "?q=nothing-is-called-this").status_code == 200


def test_a_list_shows_dates_with_their_basis(db):
    found = signed_in("curator").get(listed(Commitment)).content.decode()
    assert "/2021-01-14 (known by)" in found


def test_a_commitment_is_found_by_its_party(db):
    found = signed_in("curator").get(listed(Commitment) + "?q=Mexico").content.decode()
    assert "Safe third country agreement" in found


@pytest.mark.parametrize("state", ["draft", "published", "edited", "retracted"])
def test_the_states_part_the_list(state, world):
    world.draft_claim("Sutherland has accepted the boats", bears="agreed")
    shown = signed_in("curator").get(listed(Claim) + f"?state={state}")
    rows = shown.context["cl"].result_count
    drafts = Claim.objects.drafts().count()
    assert rows == {"draft": drafts, "published": Claim.objects.published().count()}.get(state, 0)


def test_the_first_page_is_in_the_order_of_the_work(db):
    sections = [app["name"] for app in signed_in("curator").get("/admin/").context["app_list"]]
    assert sections == [
        "Review",
        "Sources and passages",
        "Claims",
        "Commitments and statuses",
        "People and places",
        "The ledger",
    ]


def test_no_list_deletes_in_bulk(db):
    draft = Term.objects.create(scheme="topic", slug="drafted", label_en="Drafted")
    chosen = {"action": "delete_selected", "_selected_action": [draft.pk], "post": "yes"}
    signed_in(is_superuser=True).post(listed(Term), chosen)
    assert Term.objects.filter(pk=draft.pk).exists()
