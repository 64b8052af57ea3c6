"""How long a session lasts, and how it is ended."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from commitments.models import Claim
from tests.desk import PASSWORD, account, code_of, entered, fields, listed

OWN, CLAIMS = reverse("mfa_index"), listed(Claim)


def later(**span):
    return time_machine.travel(datetime.now(UTC) + timedelta(**span))


def is_in(client):
    return client.get(CLAIMS).status_code == 200


@pytest.fixture
def anna(db):
    return account("anna", "curator")


def test_a_session_that_is_used_lasts_and_one_that_is_not_ends(anna):
    client = entered(anna)
    for minutes in (50, 100, 150):
        with later(minutes=minutes):
            assert is_in(client)
    with later(minutes=150 + 61):
        assert not is_in(client)


def test_a_session_ends_however_much_it_is_used(anna):
    client = entered(anna)
    for minutes in range(0, 12 * 60, 50):
        with later(minutes=minutes):
            assert is_in(client)
    with later(hours=12, minutes=1):
        assert not is_in(client)


def test_the_end_of_a_session_is_told_and_leads_back(anna):
    client = entered(anna)
    with later(minutes=61):
        answer = client.get(CLAIMS, follow=True)
    assert answer.redirect_chain[-1][0].endswith(f"?next={CLAIMS.replace('/', '%2F')}")
    assert "Your session is over." in answer.content.decode()


def test_the_limits_are_settings(anna, settings):
    settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS, settings.SESSION_COOKIE_AGE = 0, 0, 30 * 24 * 3600
    client = entered(anna)
    with later(days=3):
        assert is_in(client)
    settings.SESSION_IDLE_MINUTES = 1
    with later(days=3, minutes=2):
        assert not is_in(client)


def test_signing_out_ends_the_session(anna):
    client = entered(anna)
    kept = client.cookies["sessionid"].value
    client.post(reverse("admin:logout"))
    thief = Client()
    thief.cookies["sessionid"] = kept
    assert not is_in(thief)


def test_a_new_password_ends_all_other_sessions(anna):
    client, other = entered(anna), entered(anna)
    url, new = reverse("admin:password_change"), "seven-patrol-boats"
    sent = fields(client, url) | {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post(url, sent).status_code == 302
    assert is_in(client) and not is_in(other)
    assert [s.session_key for s in UserSession.objects.filter(user=anna)] == [client.session.session_key]


def test_ones_own_sessions_are_listed_and_ended(anna):
    client, other, third = entered(anna), entered(anna), entered(anna)
    assert client.get(OWN).content.decode().count("192.0.2.1") == 0
    gone = UserSession.objects.get(session_key=other.session.session_key)
    client.post(reverse("account_end_session", args=[gone.pk]))
    assert is_in(client) and not is_in(other) and is_in(third)
    client.post(reverse("account_end_other_sessions"))
    assert is_in(client) and not is_in(third)


def test_nobody_ends_sessions_of_another(anna):
    client = entered(account("berta", "curator"))
    other = entered(anna)
    session = UserSession.objects.get(user=anna)
    assert client.post(reverse("account_end_session", args=[session.pk])).status_code == 404
    assert is_in(other)


def test_a_real_sign_in_is_among_the_sessions(anna):
    client = Client(REMOTE_ADDR="2001:db8::1", headers={"user-agent": "A browser of this test"})
    client.post(reverse("account_login"), {"login": "anna", "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code_of()})
    told = client.get(OWN).content.decode()
    assert "A browser of this test" in told and "2001:db8::1" in told


def test_a_page_of_the_desk_asks_for_session_account_and_rights_and_nothing_more(anna, django_assert_num_queries):
    client = entered(anna)
    with django_assert_num_queries(4):
        client.get(reverse("admin:password_change_done"))
