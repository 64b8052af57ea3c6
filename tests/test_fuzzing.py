"""Generated calls, good and bad, against the live server: no 5xx, no status or shape that the document does not
give, nothing accepted that it forbids."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.routes import API

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")


@pytest.fixture
def unlimited(monkeypatch) -> None:
    """For the server that is started after this."""
    monkeypatch.setenv("API_READS_PER_MINUTE", "0")


def fuzz(served: str, folder: Path, each: int, *more: str) -> int:
    """Asks every operation what the standard's corners suggest, and `each` times at random; how many calls."""
    # A name that is well formed may still be nobody's: that valid data is accepted cannot be asked.
    options = "--checks all --exclude-checks positive_data_acceptance --phases examples,coverage,fuzzing"
    options += f" --max-examples {each} --suppress-health-check all --warnings off --no-color"
    command = [SCHEMATHESIS, "run", f"{served}{API}openapi.json", *options.split(), *more]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
    return int(re.search(r"([\d,]+) generated, \1 passed", told.stdout)[1].replace(",", ""))


@pytest.mark.outside
def test_five_hundred_generated_calls_are_answered_as_documented(unlimited, served, tmp_path):
    assert fuzz(served, tmp_path, 12, "--seed", "1") >= 500


@pytest.mark.heavy
def test_five_thousand_generated_calls_are_answered_as_documented(unlimited, served, tmp_path):
    assert fuzz(served, tmp_path, 120) >= 5000
