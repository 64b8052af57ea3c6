"""A cursor is taken as it was given out, at the address that it was given for, or not at all."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core.signing import Signer

from commitments.api.pagination import SALT
from tests.routes import API

pytestmark = pytest.mark.django_db
LIST = f"{API}commitments/"


@pytest.fixture
def cursor(client) -> str:
    following = client.get(f"{LIST}?limit=1").json()["next"]
    return parse_qs(urlsplit(following).query)["cursor"][0]


def code(client, cursor: str, path: str = LIST, **more) -> str:
    """Of the refusal."""
    answer = client.get(f"{path}?{urlencode({'limit': 1, 'cursor': cursor} | more)}")
    assert answer.status_code == 400, answer.content
    [error] = answer.json()["errors"]
    assert error["parameter"] == "cursor"
    return error["code"]


def test_it_is_taken_where_it_was_given_out(client, cursor):
    assert client.get(LIST, {"limit": 1, "cursor": cursor}).status_code == 200


def test_with_any_character_changed_it_is_refused(client, cursor):
    for place, character in enumerate(cursor):
        other = "A" if character != "A" else "B"
        assert code(client, cursor[:place] + other + cursor[place + 1 :]) == "invalid", place


def test_with_any_case_changed_it_is_refused(client, cursor):
    for place, character in enumerate(cursor):
        if character.swapcase() != character:
            assert code(client, cursor[:place] + character.swapcase() + cursor[place + 1 :]) == "invalid", place


def test_cut_at_any_place_it_is_refused(client, cursor):
    for place in range(len(cursor)):
        assert code(client, cursor[:place]) == "invalid", place


@pytest.mark.parametrize("mutated", ["{0}{0}", "{0}:", ":{0}", "{0} ", " {0}", "{0}=", "{0}\n", "{0}:{0}", "é{0}"])
def test_with_anything_added_it_is_refused(client, cursor, mutated):
    assert code(client, mutated.format(cursor)) == "invalid"


@pytest.mark.parametrize("salt", ["", "other", f"{SALT}.", "django.core.signing.Signer"])
def test_signed_for_something_else_it_is_refused(client, cursor, salt):
    carried = Signer(salt=SALT).unsign_object(cursor)
    assert code(client, Signer(salt=salt or None).sign_object(carried)) == "invalid"


def test_signed_with_another_key_it_is_refused(client, cursor, settings):
    settings.SECRET_KEY = "another"
    assert code(client, cursor) == "invalid"


@pytest.mark.parametrize(
    "path",
    [f"{API}claims/", f"{API}actors/", f"{API}vocabularies/", f"{API}commitments/equipment-donation/claims/"],
)
def test_on_another_route_it_is_refused(client, cursor, path):
    assert code(client, cursor, path) == "mismatch"


@pytest.mark.parametrize(
    "more",
    [
        {"open": "true"},
        {"sort": "due"},
        {"fields": "id"},
        {"count": "true"},
        {"known_at": "1"},
        {"status[not]": "lapsed"},
    ],
)
def test_with_another_parameter_it_is_refused(client, cursor, more):
    assert code(client, cursor, **more) == "mismatch"


def test_on_another_host_it_is_refused(client, cursor):
    answer = client.get(LIST, {"limit": 1, "cursor": cursor}, headers={"host": "127.0.0.1"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "mismatch")


def test_given_twice_it_is_refused(client, cursor):
    answer = client.get(f"{LIST}?{urlencode([('limit', 1), ('cursor', cursor), ('cursor', cursor)])}")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "repeated")
