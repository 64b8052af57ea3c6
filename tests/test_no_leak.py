"""A hundred drafts at the desk, and edits of everything that is published: the public reads not one byte of them."""

import pytest

from commitments.models.ledger import Head
from tests.hidden import WORD, Hidden
from tests.questions import naming, page_questions, questions
from tests.test_api_edges import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden() -> Hidden:
    return Hidden()


def answers(client, asked: list[str]) -> dict[str, tuple]:
    """What is told at each address, and at the one that it gives as `next`."""
    said = {}
    for address in asked:
        answer = client.get(address)
        said[address] = told(answer)
        if answer.headers.get("Link", "").endswith('rel="next"'):
            following = answer.headers["Link"].partition(">")[0].removeprefix("<")
            said[following] = told(client.get(following))
    return said


def check_nothing_shows(client, hidden, asked: list[str]) -> None:
    before = answers(client, asked)
    hidden.make()
    after = answers(client, asked)
    assert [address for address in before if after.get(address) != before[address]] == []
    assert [address for address, (_, body, *_) in after.items() if WORD.encode() in body] == []


def test_there_are_a_hundred_drafts_and_not_one_entry_of_them(hidden):
    head = Head.objects.get().seq
    hidden.make()
    assert len(hidden.made) > 100 and not any(thing.is_published for thing in hidden.made)
    assert Head.objects.get().seq == head


def test_every_question_is_answered_as_without_them(client, hidden):
    asked = list(questions())
    assert {client.get(address).status_code for address in asked[:50]} == {200}
    check_nothing_shows(client, hidden, asked)


def test_a_draft_that_is_asked_for_by_name_is_answered_as_nonsense_is(client, hidden):
    asked = list(naming(hidden.named))
    assert client.get(f"/api/v1/commitments/?party={hidden.named['actor'][1]}").status_code == 400
    check_nothing_shows(client, hidden, asked)


def test_pages_for_people_show_nothing_of_them(client, hidden):
    check_nothing_shows(client, hidden, [*page_questions(), *page_questions(hidden.named)])
