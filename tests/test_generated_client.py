"""A client made from the running server's OpenAPI document, by somebody who read nothing else."""

import importlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from tests.routes import API

pytestmark = pytest.mark.heavy
TOOLS = Path(sys.executable).parent


@pytest.fixture
def made(served, tmp_path, monkeypatch) -> str:
    """The name of the package that was made; a part that the document describes badly would be a warning."""
    command = [TOOLS / "openapi-python-client", "generate", "--meta", "none", "--fail-on-warning"]
    command += ["--url", f"{served}{API}openapi.json", "--output-path", tmp_path / "made_client"]
    # A TimeMap is text of a type that the generator has to be told of.
    config = tmp_path / "config.yaml"
    config.write_text("content_type_overrides: {application/link-format: text/plain}\n")
    command += ["--config", config]
    # It tidies up with ruff.
    monkeypatch.setenv("PATH", str(TOOLS), prepend=":")
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
    monkeypatch.syspath_prepend(tmp_path)
    yield "made_client"
    for name in [name for name in sys.modules if name.startswith("made_client")]:
        del sys.modules[name]


def crawl(served: str, made: str, limit: int) -> list:
    """Every open commitment, by the cursor in `next`."""
    ask = importlib.import_module(f"{made}.api.commitments.get_commitments").sync
    rows, cursor = [], {}
    with importlib.import_module(made).Client(base_url=served) as client:
        while True:
            page = ask(client=client, open_=True, limit=limit, **cursor)
            rows += page.results
            if page.next_ is None:
                return rows
            cursor = {"cursor": parse_qs(urlsplit(page.next_).query)["cursor"][0]}


def test_a_generated_client_pages_through_the_open_commitments(served, made):
    rows = crawl(served, made, limit=3)
    with urlopen(f"{served}{API}commitments/?open=true&limit=200") as answer:  # noqa: S310
        known = json.load(answer)["results"]
    assert len(known) > 9
    assert [row.id for row in rows] == [row["id"] for row in known]


def test_a_generated_client_has_typed_rows(served, made):
    whole = importlib.import_module(f"{made}.models").Commitment
    for row in crawl(served, made, limit=10):
        assert type(row) is whole and row.open_ is True
        assert row.title.en and isinstance(row.made_on.earliest, date)
        assert {party.actor.name for party in row.parties}
        assert row.status.value and row.record.seq > 0
