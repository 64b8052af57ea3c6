"""The fixtures against the texts they were recorded from, wherever these are at hand: never part of the project.

The folder is named by SOURCES, or is `sources` beside `fixtures`. A capture finds its file by its digest.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from commitments.captures.extract import UTF8_TEXT, text_of

STORIES = {
    file.name: yaml.safe_load(file.read_text()) for file in sorted((settings.BASE_DIR / "fixtures").glob("*.yaml"))
}
WITH_SOURCE = [name for name, story in STORIES.items() if "source" in story]
PASSAGES = [(name, key) for name in WITH_SOURCE for key in STORIES[name]["passages"]]


def digest(data: str | bytes) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def capture_of(name: str) -> dict:
    """The one capture of a story, in which all its passages stand."""
    [capture] = STORIES[name]["source"]["captures"]
    return capture


@pytest.fixture(scope="session")
def files() -> dict[str, bytes]:
    """What is at hand, by SHA-256."""
    folder = Path(os.environ.get("SOURCES") or settings.BASE_DIR / "sources")
    if not folder.is_dir():
        pytest.skip("the source texts are not at hand: name their folder in SOURCES, or put it beside fixtures")
    return {digest(data): data for data in (file.read_bytes() for file in folder.iterdir() if file.is_file())}


@pytest.mark.parametrize("name", WITH_SOURCE)
def test_a_capture_is_the_text_at_hand(files, name):
    capture = capture_of(name)
    assert capture["sha256"] in files, f"no file at hand has the SHA-256 of {name}'s capture"
    data = files[capture["sha256"]]
    text = text_of(data, UTF8_TEXT)
    assert (len(data), len(text), digest(text)) == (capture["size"], capture["characters"], capture["text_sha256"])


@pytest.mark.parametrize(("name", "key"), PASSAGES, ids=lambda value: value.removesuffix(".yaml"))
def test_a_passage_stands_at_its_place_to_the_character(files, name, key):
    passage = STORIES[name]["passages"][key]
    words = text_of(files[capture_of(name)["sha256"]], UTF8_TEXT)[passage["start"] : passage["end"]]
    assert len(words) == passage["end"] - passage["start"]
    assert digest(words) == passage.get("exact_sha256", digest(words))
    assert words == passage.get("exact", words)
    assert words == words.strip()


def test_every_passage_says_its_words_or_their_digest():
    silent = [at for at in PASSAGES if not {"exact", "exact_sha256"} & set(STORIES[at[0]]["passages"][at[1]])]
    assert (silent, len(PASSAGES) > 100) == ([], True)


def test_no_more_than_five_words_of_an_outlet_are_shown():
    shown = {at: STORIES[at[0]]["passages"][at[1]] for at in PASSAGES}
    long = [
        at
        for at, passage in shown.items()
        if passage["voice"] != "quoted" and len((passage.get("exact") or "").split()) > 5
    ]
    assert long == []


@pytest.mark.parametrize("name", WITH_SOURCE)
def test_every_source_may_only_be_quoted_and_shows_no_context(name):
    assert STORIES[name]["source"]["rights"] == "quote_only"
    assert not [key for key, passage in STORIES[name]["passages"].items() if {"prefix", "suffix"} & set(passage)]


@pytest.mark.parametrize("name", WITH_SOURCE)
def test_no_bytes_of_a_source_are_in_the_fixtures(name):
    capture = capture_of(name)
    assert (capture["held"], capture["normaliser"]) == (False, UTF8_TEXT)
    assert not {"data", "text", "bytes"} & set(capture)


def test_the_same_words_are_the_same_wherever_they_are_cited_twice():
    """Two passages of one place carry one digest."""
    places: dict[tuple, set[str]] = {}
    for name, key in PASSAGES:
        passage = STORIES[name]["passages"][key]
        told = passage.get("exact_sha256") or digest(passage["exact"])
        places.setdefault((name, passage["start"], passage["end"]), set()).add(told)
    assert [place for place, digests in places.items() if len(digests) > 1] == []
