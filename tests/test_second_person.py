"""Where SECOND_PERSON is set nobody publishes what they wrote: by button, by address, as a superuser neither."""

import pytest
from django.contrib.auth import get_user

from commitments import actions
from commitments.models import Claim, ReviewSet
from tests.begun import begun
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
    answer = author.post(publish(claim), {"things": [claim.pk], "reason": "First recording."})
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


def test_pages_that_publish_show_no_button_for_ones_own_and_lead_to_review(world, claim, author):
    send(author, page(world.commitment), title_en="Boats, renamed")
    for url, thing in ((publish(claim), claim), (publish_edits(world.commitment), world.commitment)):
        shown = author.get(url)
        assert "Another curator publishes what you wrote:" in told(shown)
        assert 'type="submit" class="default"' not in shown.content.decode()
        assert f'href="/admin/commitments/reviewset/add/?id={thing.pk}"' in shown.content.decode()
        assert 'type="submit" class="default"' in signed_in("curator").get(url).content.decode()


def test_of_several_drafts_ones_own_are_left_unticked(world, claim, author):
    other = world.draft_claim(ACCEPTED, bears="agreed")
    shown = author.get(f"{publish(claim)}&id={other.pk}")
    assert claim.pk not in shown.context["form"]["things"].initial
    assert other.pk in shown.context["form"]["things"].initial
    assert 'type="submit" class="default"' in shown.content.decode()


def test_the_marking_page_offers_no_publishing_of_what_one_wrote(world, claim, author):
    source = claim.bearings.get().passages.get().capture.source
    shown = author.get(page(source, "mark"))
    assert "Another curator publishes what you wrote." in told(shown)
    assert "Publish this source's set" not in told(shown)
    assert "Submit this source's set for review" in told(shown)


def test_a_claim_leads_to_the_draft_of_the_status_it_says(world, author):
    claim = world.draft_claim(ACCEPTED, bears="agreed")
    world.publish(claim.bearings.get().passages.get(), claim)
    [button] = [b for b in author.get(page(claim)).context["buttons"] if "status it says" in b.label]
    assert button.label == "Draft the status it says: Agreed"
    assert fields(author, button.url)["claims"] == [claim.pk]
    assert author.get(page(world.commitment, "record_status")).status_code == 302


def test_an_import_says_who_publishes_it(world, author):
    drafted = begun(get_user(author)).drafted
    assert "You drafted this import; another curator publishes it." in told(author.get(page(drafted)))
    assert "Publish in sets" in told(signed_in("curator").get(page(drafted)))
