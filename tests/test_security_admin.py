"""Who looks after accounts: those of others, not superusers', not their own, and nothing of the record."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.urls import reverse

from commitments.models import Claim
from tests.desk import account, entered, fields, listed, send, signed_in
from tracker.accounts import factors, roles

ADD = reverse("admin:auth_user_add")
VERBS = ["lift_lockout", "reset_second_factor", "end_sessions"]


def page(user, name="change"):
    return reverse(f"admin:auth_user_{name}", args=[user.pk])


@pytest.fixture
def admin(db):
    return signed_in("security admin")


@pytest.fixture
def anna(db):
    return account("anna", "curator")


def groups(*names):
    return [str(group.pk) for group in Group.objects.filter(name__in=names)]


def test_a_security_admin_opens_an_account_that_must_enrol(admin):
    password = {"password1": "six-patrol-boats", "password2": "six-patrol-boats"}
    send(admin, ADD, username="newcomer", groups=groups("contributor"), **password)
    newcomer = User.objects.get(username="newcomer")
    assert newcomer.is_staff and not factors.of(newcomer).exists()
    assert [group.name for group in newcomer.groups.all()] == ["contributor"]


def test_a_security_admin_gives_and_takes_roles_of_others_and_that_is_logged(admin, anna):
    assert send(admin, page(anna), groups=groups("contributor")).status_code == 302
    assert [group.name for group in anna.groups.all()] == ["contributor"]
    entry = LogEntry.objects.get(object_id=anna.pk)
    assert entry.user == get_user(admin) and "Groups" in entry.get_change_message()


def test_who_loses_a_role_loses_their_sessions(admin, anna):
    session = entered(anna)
    send(admin, page(anna), groups=groups("contributor"))
    assert session.get(listed(Claim)).headers["Location"].startswith("/admin/login/")


def test_who_gains_a_role_or_a_name_keeps_their_sessions(admin, anna):
    session = entered(anna)
    send(admin, page(anna), groups=groups("contributor", "curator"), first_name="Anna")
    assert session.get(listed(Claim)).status_code == 200


def test_a_closed_account_is_out_at_once(admin, anna):
    session = entered(anna)
    data = fields(admin, page(anna))
    del data["is_active"]
    admin.post(page(anna), data)
    assert session.get(listed(Claim)).status_code == 302


@pytest.mark.parametrize("name", ["change", "password_change", *VERBS])
def test_a_superuser_is_not_touched(admin, db, name):
    above = account("above", is_superuser=True)
    assert admin.post(page(above, name), {"username": "below"}).status_code == 403
    assert User.objects.get(pk=above.pk).username == "above" and factors.of(above).exists()


@pytest.mark.parametrize("name", ["change", "password_change", *VERBS])
def test_nobody_looks_after_their_own_account(admin, name):
    own = get_user(admin)
    assert admin.post(page(own, name), {"groups": groups("curator")}).status_code == 403
    assert not own.groups.filter(name="curator").exists()


def test_an_account_with_rights_of_its_own_is_not_touched(admin, anna):
    anna.user_permissions.add(Permission.objects.get(codename="delete_user"))
    assert admin.post(page(anna), {"username": "otherwise"}).status_code == 403


def test_no_right_is_given_that_no_role_has(admin, anna):
    every = [str(pk) for pk in Permission.objects.values_list("pk", flat=True)]
    send(admin, page(anna), is_superuser="on", user_permissions=every)
    anna = User.objects.get(pk=anna.pk)
    assert not anna.is_superuser and not anna.user_permissions.exists()


def test_a_group_that_is_none_of_the_three_is_not_given(admin, anna):
    other = Group.objects.create(name="all-powerful")
    answer = send(admin, page(anna), groups=[str(other.pk)])
    assert answer.status_code == 200 and not anna.groups.filter(pk=other.pk).exists()


def test_a_lost_second_factor_is_reset_and_its_owner_enrols_again(admin, anna):
    session = entered(anna)
    assert admin.post(page(anna, "reset_second_factor")).headers["Location"] == page(anna)
    assert not Authenticator.objects.filter(user=anna).exists()
    assert session.get(listed(Claim)).headers["Location"].startswith("/admin/login/")
    assert LogEntry.objects.get().get_change_message() == "The second factor of anna is reset."


def test_the_operator_resets_it_from_the_command_line(anna, capsys):
    call_command("reset_second_factor", "anna")
    assert not factors.of(anna).exists()
    assert "the next sign-in" in capsys.readouterr().out.lower()
    assert "By the operator" in LogEntry.objects.get().get_change_message()


def test_sessions_of_another_are_ended(admin, anna):
    session = entered(anna)
    admin.post(page(anna, "end_sessions"))
    assert not Session.objects.filter(session_key=session.session.session_key).exists()


def test_a_verb_is_asked_about_before_it_is_done(admin, anna):
    for verb in VERBS:
        assert admin.get(page(anna, verb)).status_code == 200
    assert factors.of(anna).exists() and not LogEntry.objects.exists()


def test_nobody_deletes_an_account(anna):
    for client in (signed_in("security admin"), signed_in(is_superuser=True)):
        assert client.post(page(anna, "delete"), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=anna.pk).exists()


def test_the_list_of_accounts_takes_few_queries(admin, django_assert_max_num_queries, no_repeated_queries):
    for number in range(20):
        account(f"somebody-{number}", "curator")
    with django_assert_max_num_queries(11):
        assert admin.get(reverse("admin:auth_user_changelist")).status_code == 200


@pytest.mark.parametrize("name", ["user_changelist", "user_add", "group_changelist"])
def test_roles_are_told_in_the_readers_words(admin, anna, monkeypatch, name):
    monkeypatch.setitem(roles.ROLES, "curator", "curadora")
    shown = admin.get(reverse(f"admin:auth_{name}")).content.decode()
    assert "curadora" in shown and ">curator<" not in shown


def test_the_page_of_an_account_and_of_a_role_say_its_name(admin, anna, monkeypatch):
    monkeypatch.setitem(roles.ROLES, "curator", "curadora")
    curator = Group.objects.get(name="curator")
    assert "curadora" in admin.get(page(anna)).content.decode()
    assert admin.get(reverse("admin:auth_group_change", args=[curator.pk])).context_data["subtitle"] == "curadora"
