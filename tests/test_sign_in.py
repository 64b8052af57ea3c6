"""Nobody enters the desk by a password alone: signing in, enrolling, and being refused."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from commitments.models import Claim
from tests.desk import PASSWORD, SECRET, account, code_of, entered, listed, passkey_of, signed_in
from tracker.accounts import factors, sealing

LOGIN, OWN = reverse("account_login"), reverse("mfa_index")
APP, CODES = reverse("mfa_activate_totp"), reverse("mfa_view_recovery_codes")
CLAIMS = listed(Claim)


def give_password(client, name, *, password=PASSWORD, wanted=CLAIMS):
    return client.post(LOGIN, {"login": name, "password": password, "next": wanted})


def give_code(client, code):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def told(answer):
    assert answer.status_code == 200, answer.headers.get("Location")
    return answer.content.decode()


def enrol(client):
    """Its app, set up with the secret that the page shows."""
    secret = re.search(r'id="secret"[^>]*value="(\w+)"', told(client.get(APP)))[1]
    return client.post(APP, {"code": code_of(secret)})


def later(**span):
    return time_machine.travel(datetime.now(UTC) + timedelta(**span))


@pytest.fixture
def newcomer(db):
    account("newcomer", "curator", enrolled=False)
    client = Client()
    give_password(client, "newcomer")
    return client


@pytest.fixture
def curator(db):
    return account("curator-of-old", "curator")


def test_a_password_and_a_code_lead_to_where_one_wanted_to_go(curator):
    client = Client()
    assert client.get(CLAIMS, follow=True).redirect_chain[-1][0].startswith(f"{LOGIN}?next=")
    assert give_password(client, "curator-of-old").headers["Location"] == reverse("mfa_authenticate")
    assert client.get(CLAIMS).headers["Location"].startswith("/admin/login/")
    assert give_code(client, code_of()).headers["Location"] == CLAIMS
    assert client.get(CLAIMS).status_code == 200


def test_a_password_alone_does_not_open_the_desk(newcomer):
    answer = newcomer.get(CLAIMS)
    assert (answer.status_code, answer.headers["Location"]) == (302, OWN)
    assert newcomer.post(listed(Claim, "add"), {}).headers["Location"] == OWN


def test_a_newcomer_enrols_keeps_the_codes_and_goes_on_to_where_they_wanted(newcomer):
    newcomer.get(CLAIMS)
    assert "One more step" in told(newcomer.get(OWN))
    assert enrol(newcomer).headers["Location"] == CODES
    assert newcomer.get(CLAIMS).headers["Location"] == CODES
    assert newcomer.post(CODES, {"kept": "on"}).headers["Location"] == CLAIMS
    assert newcomer.get(CLAIMS).status_code == 200


def test_recovery_codes_are_to_be_kept_before_one_goes_on(newcomer):
    enrol(newcomer)
    assert "Keep the codes first" in told(newcomer.post(CODES, {}))
    assert len(re.findall(r"^\d{8}$", newcomer.get(f"{CODES}download/").content.decode(), re.MULTILINE)) == 10
    newcomer.post(CODES, {"kept": "on"})
    assert newcomer.get(CODES).status_code == 302
    assert newcomer.get(f"{CODES}download/").status_code == 403


def test_codes_that_were_not_kept_are_asked_about_at_the_next_sign_in(newcomer):
    secret = re.search(r'id="secret"[^>]*value="(\w+)"', told(newcomer.get(APP)))[1]
    newcomer.post(APP, {"code": code_of(secret, ahead=-1)})
    again = Client()
    give_password(again, "newcomer")
    give_code(again, code_of(secret))
    assert again.get(CLAIMS).headers["Location"] == CODES


def test_a_recovery_code_opens_the_desk_once(newcomer):
    enrol(newcomer)
    code = re.search(r"\d{8}", told(newcomer.get(CODES)))[0]
    newcomer.post(CODES, {"kept": "on"})
    for attempt, opened in ((Client(), True), (Client(), False)):
        give_password(attempt, "newcomer")
        assert (give_code(attempt, code).status_code == 302) is opened


def test_a_code_counts_once(curator):
    code = code_of()
    for attempt, opened in ((Client(), True), (Client(), False)):
        give_password(attempt, "curator-of-old")
        assert (give_code(attempt, code).status_code == 302) is opened


def test_a_wrong_code_does_not_enrol(newcomer):
    newcomer.get(APP)
    assert "That code is not right" in told(newcomer.post(APP, {"code": "000000"}))
    assert not factors.of(User.objects.get(username="newcomer")).exists()


def test_enrolling_ends_the_sessions_that_had_a_password_alone(newcomer):
    other = Client()
    give_password(other, "newcomer")
    enrol(newcomer)
    assert other.get(CLAIMS).headers["Location"].startswith("/admin/login/")


def test_a_session_without_a_code_ends_once_there_is_a_second_factor(newcomer):
    Authenticator.objects.create(user=User.objects.get(username="newcomer"), type="totp", data={})
    answer = newcomer.get(CLAIMS)
    assert answer.headers["Location"].startswith(f"{LOGIN}?next=")
    assert newcomer.get(OWN).headers["Location"].startswith(LOGIN)


@pytest.mark.parametrize("name", ["curator-of-old", "nobody-of-this-name", "closed"])
def test_a_wrong_name_a_wrong_password_and_a_closed_account_are_told_alike(curator, name):
    account("closed", is_active=False)
    password = PASSWORD if name == "closed" else "wrong"
    answer = told(give_password(Client(), name, password=password))
    assert "No account that is open has this username and password." in answer


@pytest.mark.parametrize("name", ["", "a\0b", "x" * 200, "ñ" * 100])
def test_whatever_is_typed_as_a_name_is_refused_with_a_sentence(db, name):
    assert "errornote" in told(give_password(Client(), name, password="wrong"))


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_no_sign_in_leads_elsewhere(curator, wanted):
    client = Client()
    give_password(client, "curator-of-old", wanted=wanted)
    assert give_code(client, code_of()).headers["Location"] == "/admin/"


@pytest.mark.parametrize("missing", ["signup/", "email/", "password/reset/", "login/code/", "inactive/", "2fa/"])
def test_what_of_the_library_is_not_needed_is_not_there(db, missing):
    assert Client().get(f"/account/{missing}").status_code == 404


def test_the_key_of_a_session_changes_at_sign_in(curator):
    client = Client()
    give_password(client, "curator-of-old")
    before = client.session.session_key
    give_code(client, code_of())
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_the_last_second_factor_of_staff_is_not_removed(db):
    client = signed_in("curator")
    remove = reverse("mfa_deactivate_totp")
    assert "cannot be removed" in told(client.get(remove))
    assert "cannot be removed" in told(client.post(remove))
    assert client.get(CLAIMS).status_code == 200


def test_one_of_two_second_factors_may_be_removed(curator):
    client = entered(curator)
    passkey_of(curator)
    assert client.post(reverse("mfa_deactivate_totp")).headers["Location"] == OWN
    assert [factor.type for factor in factors.of(curator)] == ["webauthn"]


@pytest.mark.parametrize("name", ["mfa_deactivate_totp", "mfa_generate_recovery_codes", "admin:password_change"])
def test_sensitive_pages_ask_again_after_a_while(curator, name):
    client = entered(curator)
    assert client.get(reverse(name)).status_code == 200
    with later(minutes=10):
        assert client.get(reverse(name)).headers["Location"].startswith(reverse("account_reauthenticate"))
        again = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": reverse(name)})
        assert again.headers["Location"] == reverse(name)
        assert client.get(reverse(name)).status_code == 200


def test_what_is_sent_too_late_is_not_kept_anywhere(curator):
    client, url = entered(curator), reverse("admin:password_change")
    with later(minutes=10):
        answer = client.post(url, {"old_password": PASSWORD, "new_password1": "seven-patrol-boats"})
    assert answer.headers["Location"] == url
    assert "seven-patrol-boats" not in str(dict(client.session.items()))


def test_new_recovery_codes_take_the_place_of_the_old(newcomer):
    enrol(newcomer)
    old = re.findall(r"\d{8}", told(newcomer.get(CODES)))
    newcomer.post(CODES, {"kept": "on"})
    newcomer.post(reverse("mfa_generate_recovery_codes"))
    assert newcomer.get(CLAIMS).headers["Location"] == CODES
    assert not set(old) & set(re.findall(r"\d{8}", told(newcomer.get(CODES))))


def test_secrets_are_kept_sealed(newcomer):
    enrol(newcomer)
    stored = " ".join(str(row.data) for row in Authenticator.objects.all())
    assert SECRET not in stored and "gAAAA" in stored


def test_a_secret_outlives_a_change_of_the_key(curator, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key of this test"
    client = Client()
    give_password(client, "curator-of-old")
    assert give_code(client, code_of()).status_code == 302


def test_sealing_anew_makes_the_old_key_dispensable(curator, settings, capsys):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key of this test"
    call_command("reseal")
    settings.SECRET_KEY_FALLBACKS = []
    assert sealing.opened(factors.of(curator).get().data["secret"]) == SECRET
    assert capsys.readouterr().out == "1 secrets sealed with the newest key.\n"


def test_a_secret_whose_key_is_gone_is_refused_with_its_remedy(curator, settings, capsys):
    settings.SECRET_KEY = "another key of this test"
    client = Client()
    give_password(client, "curator-of-old")
    assert "reset_second_factor" in told(give_code(client, code_of()))
    call_command("reseal")
    assert "manage.py reset_second_factor curator-of-old" in capsys.readouterr().out


@pytest.mark.parametrize("credential", ["", "5", "[]", "{}", "null", '{"id": "a"}', '{"response": {}}', "{", '"a"'])
@pytest.mark.parametrize("name", ["mfa_add_webauthn", "mfa_reauthenticate_webauthn"])
def test_an_answer_of_a_browser_that_means_nothing_is_refused(curator, credential, name):
    passkey_of(curator)
    client = entered(curator)
    assert "errornote" in told(client.post(reverse(name), {"credential": credential}))


def test_the_public_gains_no_cookie_and_no_query(curator, django_assert_num_queries):
    client = entered(curator)
    with django_assert_num_queries(0):
        for asked in (client, Client()):
            answer = asked.get("/api/")
            assert not answer.cookies and "Permissions-Policy" not in answer.headers
    assert "Cookie" not in Client().get("/commitments/").headers.get("Vary", "")


@pytest.mark.parametrize("url", ["/admin/", CLAIMS, OWN, LOGIN, "/admin/login/"])
def test_pages_of_the_desk_are_not_stored_and_not_framed(curator, url):
    for client in (entered(curator), Client()):
        headers = client.get(url).headers
        assert "no-store" in headers["Cache-Control"] and "private" in headers["Cache-Control"]
        assert "publickey-credentials-get=(self)" in headers["Permissions-Policy"]
        assert headers["X-Frame-Options"] == "DENY" and "unsafe" not in headers["Content-Security-Policy"]


def test_cookies_are_for_this_site_and_its_server_alone(curator, settings):
    client = Client()
    answer = give_password(client, "curator-of-old")
    cookie = answer.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["max-age"]
