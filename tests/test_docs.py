"""The README is true: its call and its answer, its settings, its endpoints, the tests it points to."""

import json
import re

import pytest
from django.conf import settings

from commitments.api.urls import urlpatterns
from commitments.api.views import ChangesView, ListView
from commitments.feeds.urls import urlpatterns as feeds
from commitments.pages.urls import urlpatterns as pages

README = (settings.BASE_DIR / "README.md").read_text()
SETTINGS = (settings.BASE_DIR / "tracker/settings.py").read_text()


def section(title):
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_call_on_the_first_screen_gives_the_answer_on_the_first_screen(client, db):
    path = re.search(r"curl -s 'http://127.0.0.1:8000(\S+)'", README)[1]
    told = json.loads(re.search(r"```json\n(.*?)```", README, re.DOTALL)[1])
    assert client.get(path).json() == told


@pytest.mark.parametrize("name", sorted(set(re.findall(r'env(?:_\w+)?\(\s*"([A-Z_]+)"', SETTINGS))))
def test_every_setting_is_documented(name):
    assert f"`{name}`" in section("Settings")


def test_every_endpoint_is_documented():
    documented = set(re.findall(r"`([^`]*/|openapi.json)`", section("API").replace("{list}/{id}", "{id}")))
    for route in urlpatterns:
        shown = re.sub(r"<str:(\w+)>", r"{\1}", str(route.pattern)) or "/api/v1/"
        general = re.sub(r"^[\w-]+/\{id\}|^vocabularies/\{scheme\}/\{slug\}(?=/.)", "{id}", shown)
        assert {shown, general, general.replace("{id}/versions", "…/versions")} & documented, shown


def test_every_page_is_documented():
    addresses = {re.sub(r"<\w+:(\w+)>", r"{\1}", f"/{route.pattern}") for route in (*pages, *feeds)}
    assert {address for address in addresses if f"`{address}`" not in README} == set()


@pytest.mark.parametrize("view", [ListView(noun="commitment"), ListView(noun="claim"), ChangesView()])
def test_every_parameter_of_a_list_is_documented(view):
    named = set(re.findall(r"[`?](\w+)\b", section("API")))
    assert {parameter.name.partition("[")[0] for parameter in view.parameters} <= named | {"cursor"}


def test_every_file_that_the_readme_names_is_there():
    for name in re.findall(r"`((?:tests|\.ci|commitments|fixtures)/[\w./]+)`", README):
        assert (settings.BASE_DIR / name).exists(), name


def test_every_command_of_the_makefile_that_the_readme_names_is_there():
    makefile = (settings.BASE_DIR / "Makefile").read_text()
    for targets in re.findall(r"`make ([a-z][a-z -]*)`", README):
        assert all(f"\n{target}: " in makefile for target in targets.split())
