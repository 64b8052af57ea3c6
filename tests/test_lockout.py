"""Too many failed passwords or codes: nobody may try for a while, and a security admin sees and lifts it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.desk import PASSWORD, account, code_of, signed_in
from tracker.accounts import lockout
from tracker.accounts.models import Failure

LOGIN, CODE = reverse("account_login"), reverse("mfa_authenticate")
FAILURES = reverse("admin:accounts_failure_changelist")
LOCKED = "Too many attempts failed. Try again after "


def give_password(name, password=PASSWORD, *, address="192.0.2.1"):
    return Client(REMOTE_ADDR=address).post(LOGIN, {"login": name, "password": password})


def page(user, name="change"):
    return reverse(f"admin:auth_user_{name}", args=[user.pk])


def told(answer):
    return answer.content.decode() if answer.status_code == 200 else answer.headers["Location"]


def fail(times, name="anna", **more):
    for _ in range(times):
        give_password(name, "wrong", **more)


@pytest.fixture
def anna(db):
    return account("anna", "curator")


@pytest.mark.parametrize("name", ["anna", "ANNA", "nobody-of-this-name"])
def test_after_five_wrong_passwords_not_even_the_right_one_counts(anna, name):
    fail(5, name)
    assert LOCKED in told(give_password(name))
    assert LOCKED in told(give_password(name, address="198.51.100.7"))


def test_four_wrong_passwords_lock_nothing(anna):
    fail(4)
    assert told(give_password("anna")) == CODE


def test_a_lockout_says_when_it_ends_and_ends_then(anna):
    with time_machine.travel(datetime(2027, 1, 1, 12, tzinfo=UTC), tick=False) as clock:
        fail(5)
        assert "Try again after 12:15:00 UTC (in 16 minutes)" in told(give_password("anna"))
        clock.shift(timedelta(minutes=15))
        assert told(give_password("anna")) == CODE


def test_what_a_lockout_refuses_does_not_prolong_it(anna):
    fail(9)
    assert Failure.objects.count() == 5


def test_an_address_that_tries_many_names_is_locked_out_of_all(anna):
    for number in range(30):
        fail(1, f"guess-{number}")
    assert LOCKED in told(give_password("anna"))
    assert told(give_password("anna", address="198.51.100.7")) == CODE


@pytest.mark.parametrize("address", ["2001:db8:0:1::2", "2001:db8:0:1:ffff::1"])
def test_an_ipv6_client_is_counted_by_its_network(anna, address):
    fail(1, address="2001:db8:0:1::1")
    fail(1, address=address)
    assert Failure.objects.filter(address="2001:db8:0:1::/64").count() == 2


def test_wrong_codes_are_counted_too_and_the_right_password_forgives_none(anna):
    client = Client()
    client.post(LOGIN, {"login": "anna", "password": PASSWORD})
    for _ in range(5):
        assert "That code is not right" in told(client.post(CODE, {"code": "000000"}))
    assert LOCKED in told(client.post(CODE, {"code": code_of()}))
    assert LOCKED in told(give_password("anna"))


def test_what_succeeds_leaves_no_trace(anna):
    client = Client()
    client.post(LOGIN, {"login": "anna", "password": PASSWORD})
    client.post(CODE, {"code": code_of()})
    assert not Failure.objects.exists()


def test_what_was_typed_as_a_name_of_nobody_is_not_kept(anna):
    fail(1, "my-own-password")
    assert "my-own-password" not in Failure.objects.get().name


def test_sixteen_attempts_at_once_are_counted_as_sixteen(cloned_database, django_db_blocker):
    def attempt(number):
        try:
            lockout.begin(name="nobody", address=f"192.0.2.{number}", factor=Failure.PASSWORD)
        except ValidationError:
            return "refused"
        finally:
            connection.close()
        return "tried"

    with django_db_blocker.unblock(), ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(attempt, range(16)))
    assert answers.count("tried") == 5


def test_a_security_admin_sees_and_lifts_it_and_that_is_logged(anna):
    fail(5)
    admin = signed_in("security admin")
    assert "anna" in told(admin.get(FAILURES))
    assert told(admin.post(page(anna, "lift_lockout"))) == page(anna)
    assert told(give_password("anna")) == CODE
    assert LogEntry.objects.get().get_change_message() == "The lockout of anna is lifted."


def test_lockouts_of_addresses_are_lifted_from_the_list(anna):
    for number in range(30):
        fail(1, f"guess-{number}")
    chosen = [Failure.objects.first().pk]
    signed_in("security admin").post(FAILURES, {"action": "lift", "_selected_action": chosen})
    assert told(give_password("anna")) == CODE


def test_the_operator_lifts_it_from_the_command_line(anna, capsys):
    fail(5)
    call_command("unlock", "Anna")
    assert told(give_password("anna")) == CODE
    assert "By the operator" in LogEntry.objects.get().get_change_message()
    with pytest.raises(CommandError, match="No account is called 'nobody'"):
        call_command("unlock", "nobody")
