"""From a pasted text to drafts: what the start page and the marking page make, and what they refuse in words."""

import pytest

from commitments.models import Actor, Capture, Claim, Passage, Source, StatusChange, Term
from tests.desk import listed, page, send, signed_in
from tests.news import BUILT, NEWS

START = NEWS.index(BUILT)
PLACE = {"start": str(START), "end": str(START + len(BUILT)), "voice": "quoted"}


@pytest.fixture
def contributor(db):
    return signed_in("contributor")


def start(client, text=NEWS, **given):
    return send(client, listed(Source, "start"), pasted=text, **given)


@pytest.fixture
def source(contributor):
    answer = start(contributor)
    assert answer.status_code == 302, told(answer)
    return Source.objects.get(title="Vesland says radar towers are in place")


def told(answer):
    """Everything that stands as an error on the page."""
    found = []
    for form in [answer.context.get("form"), *getattr(answer.context.get("given"), "parts", [])]:
        errors = getattr(form, "errors", None) or []
        for errors_of_one in errors if isinstance(errors, list) else [errors]:
            found += [str(e) for group in errors_of_one.values() for e in group]
    return " ".join(found)


def mark(client, source, **given):
    return send(client, page(source, "mark"), **PLACE | given)


CLAIM = {
    "claim__statement": "Vesland has built both radar towers for Ostmark.",
    "claim__claimant": "new person: Mira Solen",
    "claim__post": "Transport minister",
    "claim__body": "new state: Vesland",
    "claim__said_on_edtf": "2024-03-08",
}
NEW = {
    "new__title": "Two radar towers of Vesland for Ostmark",
    "new__kind": "Radar",
    "new__promisor": "new state: Vesland",
    "new__promisee": "new state: Ostmark",
}
FULFILLED = {
    "bearing__0__says": "status:fulfilled",
    "bearing__0__record": "on",
    "bearing__0__reason": "The minister says that both towers are built.",
}


@pytest.fixture
def kind(db):
    return Term.objects.create(scheme="kind", slug="radar", label_en="Radar")


def test_a_pasted_text_becomes_a_source_with_its_capture_held(source):
    capture = Capture.objects.get(source=source)
    assert capture.held.text == NEWS
    assert (capture.characters, capture.how) == (len(NEWS), "Pasted at the desk.")


def test_words_become_a_passage_at_their_place(contributor, source):
    assert mark(contributor, source).status_code == 302
    passage = Passage.objects.get(capture__source=source)
    assert (passage.exact, passage.start, passage.anchor) == (BUILT, START, "found")


def test_one_form_makes_claim_office_commitment_and_status(contributor, source, kind):
    answer = mark(contributor, source, **CLAIM, **NEW, **FULFILLED)
    assert answer.status_code == 302, told(answer)
    claim = Claim.objects.get(statement=CLAIM["claim__statement"])
    assert str(claim.office) == "Mira Solen, Transport minister"
    assert claim.bearings.get().commitment.title_en == NEW["new__title"]
    assert StatusChange.objects.get(claims=claim).status == "fulfilled"


def test_the_same_new_name_twice_is_one_actor(contributor, source, kind):
    mark(contributor, source, **CLAIM, **NEW, **FULFILLED)
    assert Actor.objects.filter(name="Vesland").count() == 1
