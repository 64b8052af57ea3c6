"""Spanish pages name actors in Spanish where the record does, and write days as Spanish does."""

import re

import pytest

from tests.pages import LANDAU, example, text

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "/es/",
    "/es/commitments/",
    f"/es/commitments/{LANDAU}/",
    "/es/commitments/raise-traffickers-costs/",
    "/es/commitments/extradition-offer/",
    "/es/actors/united-states/",
    "/es/actors/mexican-foreign-ministry/",
    "/es/actors/",
]
# English names as they stand alone; titles of offices and the record's own sentences are English.
ENGLISH = re.compile(r">\s*(?:Position of )?(Mexico|United States|Unnamed outlet[^<]*|The Mexican press[^<]*)\s*[<:]")


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_actor_is_named_in_english_that_has_a_spanish_name(client, address):
    page = client.get(address, follow=True)
    shown = re.sub(r'(?s)<script.*?</script>|<[a-z]+[^>]* lang="en".*?</[a-z]+>', "", page.content.decode())
    assert page.status_code == 200 and ENGLISH.findall(shown) == []


def test_facets_and_rows_name_parties_in_spanish(client):
    context = client.get("/es/commitments/?party=mexico").context
    [facet] = [facet for facet in context["facets"] if facet["name"] == "party"]
    assert "México" in [value["label"] for value in facet["shown"]]
    assert {name for row in context["rows"] for _, names in row["parties"] for name in names.split(", ")} >= {"México"}


def test_a_claim_tells_side_and_relays_in_spanish(client):
    page = text(client.get(f"/es{example('claim_by_id')}"))
    assert "Parte: United States" not in page and "Parte: Mexico" not in page


def test_an_actor_keeps_its_other_names_in_view(client):
    for address, shown, others in (
        ("/es/actors/mexico/", "México", [("en", "Mexico")]),
        ("/actors/mexico/", "Mexico", [("es", "México")]),
    ):
        context = client.get(address, follow=True).context
        assert context["actor"]["name"] == shown
        assert [(tag, name) for tag, _, name in context["names"]] == others


def test_an_embedded_status_names_sides_in_spanish(client):
    address = client.get("/commitments/extradition-offer/")["Location"].removesuffix("extradition-offer/")
    assert "La prensa mexicana" in text(client.get(f"/es/embed{address}"))


def test_a_comparison_with_today_finds_no_difference_between_languages(client):
    page = client.get(f"/es/commitments/{LANDAU}/?known_at=1&compare=now", follow=True)
    assert page.context["differences"] == []


def test_an_instant_is_written_as_spanish_writes_days(client):
    recorded = client.get("/es/").context["recent"][0]["recorded_at"]
    assert re.fullmatch(r"\d+ de [a-z]+ de \d{4}, \d\d:\d\d UTC", recorded)
