"""Canonical JSON: the fast writer gives, byte for byte, what the reference library of RFC 8785 gives."""

from __future__ import annotations

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from commitments.canonical import NotCanonical, dumps
from commitments.documents import BODIES, Schema

LARGEST = 2**53 - 1
# Everything that UTF-8 can hold, often what JSON escapes, what it may leave, and what lies beyond 16 bits.
TEXTS = st.text(
    st.characters(codec="utf-8") | st.sampled_from('\0\x08\t\n\f\r\x1f"\\/\x7f\x80\u2028\u2029\ufeff\U0001f58b')
)
NUMBERS = st.integers(-LARGEST, LARGEST)
ASCII = st.text(st.characters(max_codepoint=127))
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ASCII, inner, max_size=4),
)


def values(schema: Schema) -> st.SearchStrategy:
    """Values in the shape of a document's schema, with any text where it asks for text."""
    if "anyOf" in schema:
        return st.one_of(*map(values, schema["anyOf"]))
    if "properties" in schema:
        return st.fixed_dictionaries({name: values(member) for name, member in schema["properties"].items()})
    if schema["type"] == "array":
        return st.lists(values(schema["items"]), max_size=2)
    if schema["type"] == "object":
        return st.dictionaries(ASCII, values(schema["additionalProperties"]), max_size=3)
    return {"string": TEXTS, "integer": NUMBERS, "boolean": st.booleans(), "null": st.none()}[schema["type"]]


@given(ANYTHING)
@example({"": [], "\x7f": {}, "a": -LARGEST, "A": "\U0001f58b\ue000", "aa": LARGEST, "a\x1f": [True, None]})
def test_it_writes_what_the_reference_writes(value):
    assert dumps(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("subject_type", BODIES)
@given(data=st.data())
def test_it_writes_each_document_as_the_reference_does(subject_type, data):
    body = data.draw(values(BODIES[subject_type]))
    assert dumps(body) == rfc8785.dumps(body)


@pytest.mark.parametrize(
    "value",
    [1.5, 2.0, float("nan"), 2**53, -(2**53), "\ud800", {"é": 1}, {1: 2}, (1, 2), b"bytes", {"a": [{"b": 0.5}]}],
    ids=repr,
)
def test_it_refuses_what_a_document_cannot_hold(value):
    with pytest.raises(NotCanonical):
        dumps(value)
