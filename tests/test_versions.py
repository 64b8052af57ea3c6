"""One version of each tool, wherever it is named."""

import re
import tomllib

import pytest
from django.conf import settings

PYTHON = "3.11"
POSTGRESQL = "15"


def text(name: str) -> str:
    return (settings.BASE_DIR / name).read_text()


def found(pattern: str, name: str) -> set[str]:
    return set(re.findall(pattern, text(name)))


def test_the_image_and_the_makefile_install_the_same_uv():
    assert len(pinned := found(r"UV_VERSION := (\S+)", "Makefile")) == 1
    assert found(r"uv==([\d.]+)", "Dockerfile") == pinned


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        (r"FROM python:(\d+\.\d+)-slim", "Dockerfile"),
        (r"--python python(\d+\.\d+)", "Dockerfile"),
        (r"in python(\d+\.\d+) python3 ", "Makefile"),
        (r"Python (\d+\.\d+)", "Makefile"),
        (r'target-version = "py3(\d+)"', "pyproject.toml"),
        (r'python_version = "(\d+\.\d+)"', "pyproject.toml"),
        (r"Python (\d+\.\d+)", "README.md"),
    ],
)
def test_python_is_the_same_everywhere(pattern, name):
    assert {version.removeprefix("3.") for version in found(pattern, name)} == {PYTHON.removeprefix("3.")}


def test_the_lock_and_the_project_ask_for_that_python():
    asked = {tomllib.loads(text("pyproject.toml"))["project"]["requires-python"]}
    asked.add(tomllib.loads(text("uv.lock"))["requires-python"])
    assert asked == {f">={PYTHON}"}


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        (r"image: postgres:(\d+)", "docker-compose.yml"),
        (r"^POSTGRES=(\d+)$", ".ci/run"),
        (r"older than PostgreSQL (\d+)", "tracker/checks.py"),
        (r"version < (\d+)0000", "tracker/checks.py"),
        (r"PostgreSQL (15)", "README.md"),
    ],
)
def test_the_oldest_postgresql_is_the_same_everywhere(pattern, name):
    assert found(f"(?m){pattern}", name) == {POSTGRESQL}


def test_the_lock_names_the_public_index_only():
    assert found(r'(?:https?|file)://[^/"]*', "uv.lock") == {
        "https://pypi.org",
        "https://files.pythonhosted.org",
    }
