"""Where SECOND_PERSON is set nobody publishes what they wrote: by button, by address, as a superuser neither."""

import pytest
from django.contrib.auth import get_user

from commitments import actions
from commitments.models import Claim, ReviewSet
from tests.desk import errors, fields, listed, page, send, signed_in
from tests.test_reviews import decided, fresh, submitted, told
from tests.world import ACCEPTED, standing


@pytest.fixture(autouse=True)
def _two_people(settings):
    settings.SECOND_PERSON = True


@pytest.fixture(params=["curator", "superuser"])
def author(request, world):
    return signed_in("curator") if request.param == "curator" else signed_in(is_superuser=True)


@pytest.fixture
def claim(world, author):
    """A draft that the author has written."""
    claim = world.draft_claim(ACCEPTED, bears="agreed")
    send(author, page(claim), statement="Put otherwise.")
    return claim


def publish(thing):
    return f"{listed(thing, 'publish')}?id={thing.pk}"


def publish_edits(thing):
    return f"{listed(thing, 'publish_edits')}?id={thing.pk}"


def labels(client, thing):
    return [button.label for button in client.get(page(thing)).context["buttons"]]


def test_an_author_does_not_publish_their_draft(claim, author):
    answer = send(author, publish(claim), reason="First recording.")
    assert "You wrote “Put otherwise.”; another curator publishes it." in errors(answer)
    assert not fresh(claim).is_published


def test_another_curator_publishes_it(claim):
    assert send(signed_in("curator"), publish(claim), reason="First recording.").status_code == 302
    assert standing(claim)


def test_an_author_does_not_publish_their_edit_and_another_does(world, author):
    send(author, page(world.commitment), title_en="Boats, renamed")
    given = {"nature": "correction", "reason": "Misnamed."}
    assert "another curator publishes it" in errors(send(author, publish_edits(world.commitment), **given))
    assert send(signed_in("curator"), publish_edits(world.commitment), **given).status_code == 302


def test_what_was_published_since_counts_no_more(world, author):
    send(author, page(world.commitment), title_en="Boats, renamed")
    other = signed_in("curator")
    send(other, publish_edits(world.commitment), nature="correction", reason="Misnamed.")
    send(other, page(world.commitment), title_en="Boats, renamed again")
    answer = send(author, publish_edits(world.commitment), nature="correction", reason="Misnamed.")
    assert answer.status_code == 302, errors(answer)


def test_the_button_says_so_beforehand(claim, author):
    assert "Publish" not in labels(author, claim)
    assert "Another curator publishes what you wrote" in labels(author, claim)
    assert "Publish" in labels(signed_in("curator"), claim)


def test_an_author_does_not_publish_a_set_with_their_work(claim, author):
    found = submitted(signed_in("contributor"), claim)
    shown = told(author.get(page(found)))
    assert "You wrote “Put otherwise.”; another curator publishes this set." in shown
    assert "Publish the set" not in shown
    given = {"publish": "1", "reason": "Read."}
    author.post(page(found), given)
    assert fresh(found).state == "submitted" and not fresh(claim).is_published


def test_who_put_a_set_together_does_not_publish_it(world):
    curator = signed_in("curator")
    claim = world.draft_claim(ACCEPTED, bears="agreed")
    found = submitted(curator, claim)
    decided(curator, found, "publish", reason="Read.")
    assert fresh(found).state == "submitted"
    assert found not in ReviewSet.objects.awaiting(get_user(curator))
    decided(signed_in("curator"), found, "publish", reason="Read.")
    assert fresh(found).state == "published"


def test_the_rule_holds_below_the_pages_too(claim, author):
    passage = claim.bearings.get().passages.get()
    for verb in (actions.publish, actions.publish_set):
        with pytest.raises(actions.Refused, match="another curator publishes it"):
            verb(things=[passage, claim], by=get_user(author), reason="Mine.")


def test_where_it_is_off_an_author_publishes(settings, claim, author):
    settings.SECOND_PERSON = False
    assert send(author, publish(claim), reason="First recording.").status_code == 302
    assert Claim.objects.published().filter(pk=claim.pk).exists()


def test_a_status_is_drafted_and_published_by_another(world, author):
    claim = world.draft_claim(ACCEPTED, bears="agreed")
    with pytest.raises(actions.Refused, match="Draft the status change and submit it for review"):
        world.record("agreed", claim, "2020-02-01")
    drafting = author.get(page(world.commitment)).context["buttons"][0]
    assert drafting.label == "Draft a status change"
    assert fields(author, drafting.url)["commitment"] == [world.commitment.pk]
    change = world.draft_change("agreed", claim, "2020-02-01")
    found = submitted(author, change)
    decided(signed_in("curator"), found, "publish", reason="Read.")
    assert standing(world.commitment).status == "agreed"


def test_corrections_are_made_by_one_person(world, author):
    url = page(world.offer, "retract")
    assert author.get(url).status_code == 200
    assert author.get(page(world.commitment, "correct", world.proposed.pk)).status_code == 200
