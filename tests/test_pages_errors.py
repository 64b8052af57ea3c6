"""What people are told when something is wrong: a page of the site, in a clear sentence, without the database."""

import re

import pytest
from django.test import Client
from django.utils.html import strip_tags

from commitments.pages import views
from tests.desk import signed_in
from tests.roles import ROLES

pytestmark = pytest.mark.django_db
STYLES = '<link rel="stylesheet" href="/static/pages/pages.css">'


def read(answer, status: int) -> str:
    """The page as a text browser shows it."""
    assert (answer.status_code, answer["Cache-Control"]) == (status, "no-store")
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    page = answer.content.decode()
    assert STYLES in page and '<main id="content"' in page
    return re.sub(r"\s+", " ", strip_tags(page))


@pytest.fixture
def fault(client, monkeypatch) -> Client:
    monkeypatch.setattr(views.HomePage, "gathered", lambda page: 1 / 0)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("address", ["/nothing/", "/commitments/nothing/", "/commitments/a/b/c/"])
def test_an_address_of_nothing_is_a_404_for_every_role(role, address):
    assert "There is nothing at this address." in read(ROLES[role]().get(address), 404)


def test_a_host_that_is_not_ours_is_a_400(client):
    answer = client.get("/", headers={"host": "elsewhere.example"})
    assert "does not answer for the host" in read(answer, 400)


def test_more_parameters_than_are_read_are_a_400(client):
    assert "At most 1000 parameters are read." in read(client.get("/?" + "&".join(["a=1"] * 1001)), 400)


def test_a_forged_form_is_a_403_that_says_what_to_do():
    answer = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "anna"})
    assert "Nothing was changed. Open the page again and send it anew." in read(answer, 403)


def test_what_is_not_open_to_somebody_is_a_403():
    told = read(signed_in("contributor").get("/admin/auth/user/"), 403)
    assert "A security admin can change that." in told and "Back to the desk" in told


def test_an_error_at_the_desk_is_told_in_the_language_chosen_there():
    contributor = signed_in("contributor")
    contributor.cookies["django_language"] = "es"
    assert '<html lang="es"' in contributor.get("/admin/auth/user/").content.decode()


def test_writing_to_a_page_is_a_405(client):
    answer = client.post("/commitments/")
    assert "Only reading is answered here" in read(answer, 405)
    assert answer["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("role", ROLES)
def test_a_fault_of_ours_is_a_500_for_every_role(role, fault):
    asks = ROLES[role]()
    asks.raise_request_exception = False
    page = read(asks.get("/"), 500)
    assert "Something went wrong here, not in what you sent." in page and "division" not in page


def test_the_page_of_a_fault_asks_the_database_nothing(fault, django_assert_num_queries):
    with django_assert_num_queries(0):
        read(fault.get("/"), 500)


def test_the_page_of_a_fault_gives_the_id_to_find_it_by(fault, caplog):
    page = read(fault.get("/"), 500)
    assert re.search(r"Request (\w{32})", page)[1] in caplog.text


def test_a_page_of_an_error_is_in_english_whatever_the_browser_asks_for(client):
    answer = client.get("/nothing/", headers={"accept-language": "es"})
    assert answer["Content-Language"] == "en" and '<html lang="en">' in answer.content.decode()


def test_a_page_of_an_error_at_a_spanish_address_is_in_spanish(client):
    answer = client.get("/es/nothing/")
    assert "No hay nada en esta dirección." in read(answer, 404)
    assert answer["Content-Language"] == "es"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("?known_at=99999999", "Todavía no hay ninguna entrada 99999999."),
        ("?as_of=2021-02-30", "«2021-02-30» no es un día"),
        ("?party=mexco", "No hay ningún actor «mexco». ¿Quería decir «mexico»?"),
        ("?knd=offer", "Aquí no hay ningún parámetro «knd». ¿Quería decir «kind»?"),
        ("?open=perhaps", "«perhaps» no es ni true ni false."),
        ("?q=-fentanyl", "Solo se dan palabras que excluir"),
    ],
)
def test_what_clocks_and_filters_refuse_is_said_in_the_language_of_the_page(client, asked, told):
    assert told in read(client.get(f"/es/commitments/{asked}"), 400)


def test_the_api_refuses_in_english_whatever_page_was_asked_for_before(client):
    client.get("/es/?known_at=99999999")
    assert "There is no entry 99999999 yet." in client.get("/api/v1/commitments/?known_at=99999999").content.decode()


def test_an_address_of_any_length_is_refused_in_a_light_page(client):
    refused = client.get(f"/commitments/?q={'a' * 9000}")
    assert refused.status_code == 400 and len(refused.content) < 50_000
