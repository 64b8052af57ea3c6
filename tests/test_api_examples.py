"""The examples of the OpenAPI document are true: each is asked again, with the real record loaded."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator, FormatChecker

from commitments.api.conventions import CONVENTIONS
from commitments.api.examples import CALLS, VARIES, WITHOUT_EXAMPLE, told_by
from commitments.api.schema import document
from tests.routes import API

pytestmark = pytest.mark.django_db
# As `manage.py take_examples` asks.
HOST = {"host": "127.0.0.1:8000"}
# As HTTP writes one.
INSTANT = re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT")
OPERATIONS = {path: of_path["get"] for path, of_path in document()["paths"].items()}


def steady(told: Any) -> Any:
    """Without the values that every installation has of its own."""
    if isinstance(told, list):
        return [steady(each) for each in told]
    if isinstance(told, str):
        return INSTANT.sub("", told)
    if not isinstance(told, dict):
        return told
    return {name: type(value) if name in VARIES else steady(value) for name, value in told.items()}


def examples_of(path: str) -> list[tuple[str, str, Any, dict]]:
    """Of each example: its call, the status it stands at, the answer shown, the schema beside it."""
    return [
        (example["summary"].removeprefix("GET "), status, example["value"], media["schema"])
        for status, response in OPERATIONS[path]["responses"].items()
        for media in response.get("content", {}).values()
        for example in media.get("examples", {}).values()
    ]


EXAMPLES = [example for path in OPERATIONS for example in examples_of(path)]


@pytest.mark.parametrize(("call", "status", "shown"), [example[:3] for example in EXAMPLES])
def test_a_call_answers_what_the_document_shows(client, call, status, shown):
    answer = client.get(call, headers=HOST)
    assert str(answer.status_code) == status
    told = told_by(answer)
    assert steady({member: told[member] for member in shown} if isinstance(shown, dict) else told) == steady(shown)


@pytest.mark.parametrize(("call", "shown", "schema"), [(example[0], *example[2:]) for example in EXAMPLES])
def test_what_the_document_shows_has_the_shape_that_it_gives(call, shown, schema):
    known = {"components": document()["components"]}
    Draft202012Validator(schema | known, format_checker=FormatChecker()).validate(shown)


@pytest.mark.parametrize("path", OPERATIONS)
def test_every_operation_has_an_example_of_its_answer(path):
    assert any(status == "200" for _, status, _, _ in examples_of(path))


def test_every_call_stands_at_an_operation():
    assert len(EXAMPLES) == len(CALLS)


@pytest.mark.parametrize("path", OPERATIONS)
def test_every_parameter_is_explained_and_has_an_example(path):
    for parameter in OPERATIONS[path]["parameters"]:
        assert parameter["description"]
        if parameter["name"] not in WITHOUT_EXAMPLE:
            assert parameter.get("examples") or parameter["schema"].get("examples"), parameter["name"]


@pytest.mark.parametrize("path", OPERATIONS)
def test_every_example_of_a_parameter_is_accepted(client, path):
    parameters = OPERATIONS[path]["parameters"]
    named = {
        told["name"]: next(iter(told["examples"].values()))["value"] for told in parameters if told["in"] == "path"
    }
    for told in (told for told in parameters if told["in"] == "query"):
        for value in told["schema"].get("examples", []):
            sent = urlencode({told["name"]: str(value).lower() if value is True else value}, doseq=True)
            assert client.get(f"{path.format(**named)}?{sent}").status_code == 200, sent


def test_the_example_of_a_held_tag_is_read(client):
    [told] = [told for told in OPERATIONS[f"{API}rubric/"]["parameters"] if told["in"] == "header"]
    answer = client.get(f"{API}rubric/", headers={"if-none-match": told["schema"]["examples"][0]})
    assert answer.status_code == 200


def test_the_document_tells_what_holds_for_every_call():
    told = document()["info"]["description"]
    assert all(title in told and text in told for title, text in CONVENTIONS.items())


def test_every_parameter_that_the_conventions_name_is_one():
    known = {told["name"].partition("[")[0] for each in OPERATIONS.values() for told in each["parameters"]}
    named = re.findall(r"`(\w+)(?:\[\w+\])?=", " ".join(CONVENTIONS.values()))
    assert named and set(named) <= known


def test_the_answers_are_no_larger_than_a_reader_bears():
    assert (settings.BASE_DIR / "commitments/api/examples.json").stat().st_size < 100_000
