"""Who may do what at the desk: each group what it may, and no more, by button and by address."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from commitments.models import Claim, Commitment, Entry, Passage, Term, Version
from tests.desk import fields, listed, page, send, signed_in
from tests.world import ACCEPTED

VERBS = {"publish_record", "retract_record", "record_status"}


@pytest.fixture
def draft(world):
    return world.draft_claim(ACCEPTED, bears="agreed")


def pages_of_verbs(world, draft):
    return [
        f"{listed(Claim, 'publish')}?id={draft.pk}",
        f"{listed(Commitment, 'publish_edits')}?id={world.commitment.pk}",
        page(world.offer, "retract"),
        page(world.commitment, "record_status"),
        page(world.commitment, "correct", world.proposed.pk),
        page(world.capture, "bring"),
        page(world.commitment, "merge"),
    ]


def test_the_migration_makes_both_groups(db):
    held = {g.name: set(g.permissions.values_list("codename", flat=True)) for g in Group.objects.all()}
    assert held.keys() == {"contributor", "curator", "security admin"}
    assert held["curator"] >= VERBS and not held["contributor"] & VERBS
    assert not [name for name in held["contributor"] if name.startswith("delete")]


def test_nobody_who_drafts_or_publishes_holds_rights_over_people_or_the_ledger(db):
    groups = Group.objects.exclude(name="security admin")
    held = groups.values_list("permissions__content_type__app_label", "permissions__codename")
    assert {app for app, _ in held} == {"commitments"}
    assert {c for _, c in held if c.endswith(("_entry", "_version"))} == {"view_entry", "view_version"}


def test_a_contributor_edits_a_draft(draft):
    contributor = signed_in("contributor")
    assert send(contributor, page(draft), statement="Put otherwise.").status_code == 302
    assert Claim.objects.get(pk=draft.pk).statement == "Put otherwise."


def test_a_contributor_only_looks_at_what_is_published(world):
    contributor = signed_in("contributor")
    assert "statement" not in fields(contributor, page(world.offer))
    assert contributor.post(page(world.offer), {"statement": "Put otherwise."}).status_code == 403


@pytest.mark.parametrize("number", range(7))
def test_a_contributor_reaches_no_verb_by_its_address(world, draft, number):
    url, contributor = pages_of_verbs(world, draft)[number], signed_in("contributor")
    assert contributor.get(url).status_code == 403
    assert contributor.post(url, {"reason": "I may not."}).status_code == 403


def test_a_contributor_sees_no_button_of_a_verb(world, draft):
    contributor = signed_in("contributor")
    shown = [contributor.get(page(thing)) for thing in (draft, world.offer, world.commitment)]
    labels = [b.label for answer in shown for b in answer.context["buttons"]]
    assert labels == ["Submit for review", "Draft the status it says: Agreed", "Public page", "Public page"]
    assert "/correct/" not in shown[2].content.decode()
    assert "publish_chosen" not in contributor.get(listed(Claim)).content.decode()


def test_a_contributor_adds_no_capture_to_a_published_source(world):
    given = dict.fromkeys(["sha256", "text_sha256"], "0" * 64) | {
        "size": 1,
        "characters": 1,
        "normaliser": "none",
    }
    date = {"captured_basis": "unknown", "captured_note": "Not told."}
    url = listed(type(world.capture), "add")
    answer = send(signed_in("contributor"), url, source=world.source.pk, **given, **date)
    assert "a curator adds captures to it" in answer.content.decode()
    assert send(signed_in("curator"), url, source=world.source.pk, **given, **date).status_code == 302


@pytest.mark.parametrize("number", range(7))
def test_a_curator_reaches_every_verb(world, draft, number):
    assert signed_in("curator").get(pages_of_verbs(world, draft)[number]).status_code == 200


def test_a_curator_is_offered_what_fits_the_state(world, draft):
    curator = signed_in("curator")
    labels = [[b.label for b in curator.get(page(t)).context["buttons"]] for t in (draft, world.commitment)]
    assert labels == [
        ["Submit for review", "Publish", "Draft the status it says: Agreed"],
        ["Record a status change", "Retract", "Merge into …", "Public page"],
    ]


def test_who_may_publish_but_not_record_statuses_publishes_no_status(world):
    commitment = world.draft_commitment("radios")
    claim = world.draft_claim(ACCEPTED, bears="agreed", on=commitment)
    world.draft_change("agreed", claim, "2020-02-01", on=commitment)
    Group.objects.get(name="curator").permissions.remove(
        Group.objects.get(name="curator").permissions.get(codename="record_status")
    )
    url = f"{listed(Commitment, 'publish')}?id={commitment.pk}"
    assert send(signed_in("curator"), url, reason="First recording.").status_code == 403


def test_a_recorded_status_change_is_edited_by_nobody(world):
    for client in (signed_in("curator"), signed_in(is_superuser=True)):
        assert client.post(page(world.proposed), {"reason": "Otherwise."}).status_code == 403


def test_published_things_are_deleted_by_nobody_and_drafts_by_curators(world, draft):
    assert signed_in(is_superuser=True).post(page(world.offer, "delete"), {"post": "yes"}).status_code == 403
    assert signed_in("contributor").post(page(draft, "delete"), {"post": "yes"}).status_code == 403
    assert signed_in("curator").post(page(draft, "delete"), {"post": "yes"}).status_code == 302
    assert not Claim.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("model", [Entry, Version])
def test_the_ledger_is_read_and_never_written(model, world):
    for client in (signed_in("curator"), signed_in(is_superuser=True)):
        entry = model.objects.last()
        assert client.get(page(entry)).status_code == 200
        writes = [page(entry), page(entry, "delete"), listed(model, "add")]
        assert [client.post(url, {"post": "yes"}).status_code for url in writes] == [403, 403, 403]


@pytest.mark.parametrize("url", ["/admin/", listed(Claim), listed(Passage, "add")])
def test_a_stranger_is_asked_to_sign_in(db, url):
    answer = Client().get(url)
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/admin/login/")


def test_strangers_reach_no_verb(world, draft):
    for url in pages_of_verbs(world, draft):
        assert Client().post(url).headers["Location"].startswith("/admin/login/")


def test_staff_without_a_group_reach_nothing(world, draft):
    nobody = signed_in()
    urls = [listed(Claim), listed(Term, "add"), page(world.offer), *pages_of_verbs(world, draft)]
    assert {nobody.get(url).status_code for url in urls} == {403}


def test_a_curator_who_is_no_staff_does_not_enter(world):
    outside = signed_in("curator", is_staff=False)
    assert outside.get(page(world.offer)).status_code == 302


def test_a_deactivated_curator_does_not_enter(world):
    gone = signed_in("curator", is_active=False)
    assert gone.get(listed(Claim)).headers["Location"].startswith("/admin/login/")
