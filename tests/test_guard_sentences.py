"""What the database's own triggers refuse is told in the reader's language."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.utils.translation import override

from commitments.models import Actor
from commitments.models.refusals import in_language
from tests.desk import errors, page, send, signed_in

RAISED = re.compile(r"RAISE EXCEPTION ('(?:[^']|'')*')|PERFORM refuse\((.*?)\);\n", re.DOTALL)
LITERAL = re.compile(r"'((?:[^']|'')*)'")
# What is joined to a text, by what it stands for.
FACTS = {"TG_TABLE_NAME": "commitments_source", "OLD.id": "src_01", "NEW.id": "src_01"}


def raised():
    """Every message of the functions that the migrations left in force, with something put in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace")
        sources = "\n".join(source for (source,) in cursor.fetchall())
    for plain, joined in RAISED.findall(sources):
        if plain != "'%'":
            yield filled(plain or joined)


def filled(expression):
    """Of `TG_TABLE_NAME || ' cannot be emptied'`: "commitments_source cannot be emptied"."""
    if expression.startswith("format("):
        expression = LITERAL.search(expression)[0]
    parts = [part.strip() for part in re.split(r"\|\|(?=(?:[^']*'[^']*')*[^']*$)", expression)]
    texts = [FACTS.get(part) or "".join(LITERAL.findall(part)) for part in parts]
    return re.sub(r"%s?(?=\W|$)", "renews", "".join(texts).replace("''", "'"))


def test_each_message_of_a_trigger_is_found(db):
    found = set(raised())
    assert len(found) > 40 and "the office is not one that the claimant held" in found
    assert "commitments_source src_01 is published and stays; retract it instead" in found


def test_each_message_of_a_trigger_has_its_spanish(db):
    with override("es"):
        assert [message for message in raised() if in_language(message) == message] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_message_that_no_trigger_of_ours_says_is_left_as_it_is(language):
    with override(language):
        assert in_language("deadlock detected") == "deadlock detected"


def test_facts_in_a_message_have_their_names_at_the_desk():
    with override("en"):
        assert in_language("said_on ends after today; write the interval up to today").startswith("said on ends")
        told = in_language("commitments_source src_01 is published and stays; retract it instead")
        assert told == "source src_01 is published and stays; retract it instead"
        assert "“is part of” itself" in in_language("a commitment cannot come to “part_of” itself by way of others")


def test_a_refusal_of_a_trigger_is_told_in_spanish_at_the_desk(world):
    Actor.objects.filter(pk=world.embassy.pk).update(part_of=world.ministry)
    spanish = signed_in("curator")
    spanish.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    answer = send(spanish, page(world.ministry), part_of=world.embassy.pk)
    assert "Un actor no puede ser parte de algo que es parte de él" in errors(answer)
