"""Two clocks for people: a view says which two it has, a permalink says the same for ever, and what differs today
has an address of its own."""

import re
from html import unescape

import pytest

from commitments import actions
from commitments.models.record import CommitmentStanding
from tests.pages import PAGES, example
from tests.world import ACCEPTED, DELIVERED, NOT_ACCEPTED

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a href="([^"]+)">Link to this view')


def address_of(thing, noun="commitments"):
    return f"/{noun}/{thing.pk}/{getattr(thing, 'slug', '')}/".replace("//", "/")


def shown(client, world, query=""):
    return client.get(f"{address_of(world.commitment)}{query}")


def permalink(answer):
    return unescape(LINK.search(answer.content.decode())[1])


def in_words(answer):
    return " ".join(re.sub("<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def agreed(world):
    """It is agreed since 1 February 2020, which was recorded after the offer: the entry before that."""
    seq = CommitmentStanding.objects.current().get(subject_id=world.commitment.pk).seq
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")
    return seq


def corrected(world):
    actions.correct_status(change=world.last_change(), by=world.curator, reason="We misread it.")
    claim = world.claim(NOT_ACCEPTED, position="declines", of=world.sutherland, by_ministry=True, said="2020-02-02")
    world.commitment.title_en = "Renamed"
    world.commitment.save()
    actions.amend(things=[world.commitment], by=world.curator, reason="Its name.")
    actions.retract(thing=claim, by=world.curator, reason="Of another boat.")


# Embeds lead to the page that they show; the others tell of today, or of what somebody brought.
WITHOUT_LINK = {"embed_commitment", "embed_timeline", "check", "check_captures", "source_check", "how", "corrections"}


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.is_html and name not in WITHOUT_LINK])
def test_every_page_has_a_link_to_itself_that_will_not_change(client, name):
    answer = client.get(example(name), follow=True)
    assert re.search(r"known_at=\d+&as_of=\d{4}-\d\d-\d\d", permalink(answer))
    assert client.get(permalink(answer)).status_code == 200


def test_a_permalink_says_the_same_after_a_correction_to_the_byte(client, world, agreed):
    link = permalink(shown(client, world))
    before = client.get(link)
    corrected(world)
    assert client.get(link).content == before.content
    assert shown(client, world).context["title"] == "Renamed"


@pytest.mark.parametrize("address", ["/", "/commitments/?party={norland}", "/claims/?commitment={commitment}"])
def test_the_permalink_of_a_list_says_the_same_after_a_correction(client, world, agreed, address):
    named = address.format(norland=world.norland.pk, commitment=world.commitment.pk)
    link = permalink(client.get(named))
    before = client.get(link)
    corrected(world)
    assert client.get(link).content == before.content != client.get(named).content


def test_the_permalink_of_a_claim_says_the_same_after_it_was_retracted(client, world):
    claim = world.claim(DELIVERED, bears="fulfilled", said="2020-03-01")
    link = permalink(client.get(address_of(claim, "claims")))
    before = client.get(link)
    actions.retract(thing=claim, by=world.curator, reason="Of another boat.")
    assert client.get(link).content == before.content
    assert "Of another boat." in client.get(address_of(claim, "claims")).content.decode()


def test_what_will_not_change_may_be_kept_and_a_comparison_may_not(client, world, agreed):
    address = f"{address_of(world.commitment)}?known_at={agreed}"
    assert client.get(address)["Cache-Control"] == "public, max-age=3600"
    assert client.get(f"{address}&compare=now")["Cache-Control"] == "public, no-cache"


def test_a_permalink_keeps_what_else_was_asked(client):
    link = permalink(client.get("/commitments/?status=declined&status=agreed&sort=due"))
    assert link.startswith("/commitments/?status=declined&status=agreed&sort=due&known_at=")


def test_the_banner_names_both_clocks_in_words(client, world, agreed):
    told = in_words(shown(client, world, f"?known_at={agreed}&as_of=2020-01-20"))
    assert "An earlier view." in told and "as it stood on 20 January 2020" in told
    assert re.search(rf"as we had written it down by \d+ \w+ \d{{4}}, \d\d:\d\d UTC \(up to entry {agreed}\)", told)


def test_an_earlier_day_alone_says_that_the_record_is_todays(client, world, agreed):
    told = in_words(shown(client, world, "?as_of=2020-01-20"))
    assert "with all that we have written down since" in told and "as we had written it down by" not in told


def test_todays_view_has_no_banner(client, world):
    told = in_words(shown(client, world))
    assert "An earlier view." not in told and "You read the world as it stood on" in told


def test_before_the_first_entry_a_list_says_so(client):
    told = in_words(client.get("/commitments/?known_at=2001-01-01", follow=True))
    assert "as we had written it down by 1 January 2001, 23:59 UTC: nothing yet" in told


def differing(answer):
    return {(one.what, one.then, one.now) for one in answer.context["differences"]}


def test_what_differs_today_is_told_on_demand(client, world, agreed):
    assert differing(shown(client, world, f"?known_at={agreed}&compare=now")) == {
        ("Status", "Proposed, since 6 January 2020", "Agreed, since 1 February 2020"),
        ("Claims that bear on it", "1", "2"),
    }
    assert shown(client, world, f"?known_at={agreed}").context["differences"] is None


def test_positions_gone_and_new_are_told_one_by_one(client, world, agreed):
    world.claim(ACCEPTED, position="accepts", of=world.sutherland, said="2020-01-07")
    seq = CommitmentStanding.objects.current().get(subject_id=world.commitment.pk).seq
    world.claim(NOT_ACCEPTED, position="declines", of=world.sutherland, by_ministry=True, said="2020-02-02")
    named = f"Position of {world.sutherland.name}:"
    told = differing(shown(client, world, f"?known_at={seq}&compare=now"))
    assert {(f"{named} Accepts", "told", "not told"), (f"{named} Declines", "not told", "told")} <= told


def test_what_changed_is_marked_where_it_stands(client, world, agreed):
    compared = shown(client, world, f"?known_at={agreed}&compare=now").content.decode()
    assert compared.count("Differs today") == 2
    assert "Differs today" not in shown(client, world, f"?known_at={agreed}").content.decode()


def test_a_retraction_since_is_told(client, world, agreed):
    seq = CommitmentStanding.objects.current().get(subject_id=world.commitment.pk).seq
    actions.retract(thing=world.commitment, by=world.curator, reason="Recorded twice.")
    told = differing(shown(client, world, f"?known_at={seq}&compare=now"))
    assert ("Retracted", "no", "yes: Recorded twice.") in told
    assert ("Status", "Agreed, since 1 February 2020", "none") in told


def test_a_claim_is_compared_too(client, world):
    claim = world.claim(DELIVERED, bears="fulfilled", said="2020-03-01")
    link = permalink(client.get(address_of(claim, "claims")))
    assert differing(client.get(f"{link}&compare=now")) == set()
    claim.statement = "Two of the boats have been delivered."
    claim.save()
    actions.amend(things=[claim], by=world.curator, reason="Two, not all.")
    assert differing(client.get(f"{link}&compare=now")) == {
        ("Statement", "The boats have been delivered.", "Two of the boats have been delivered.")
    }


def test_where_nothing_differs_that_is_said(client, world, agreed):
    link = permalink(shown(client, world))
    assert "Nothing of this differs today." in client.get(f"{link}&compare=now").content.decode()


def test_a_comparison_is_asked_again_after_every_entry(client, world, agreed):
    address = f"{address_of(world.commitment)}?known_at={agreed}&compare=now"
    first = client.get(address)
    held = {"if-none-match": first["ETag"]}
    again = client.get(address, headers=held)
    assert (again.status_code, first["Cache-Control"], again["Cache-Control"]) == (304, *["public, no-cache"] * 2)
    corrected(world)
    assert client.get(address, headers=held).status_code == 200


def test_a_comparison_with_anything_else_is_refused_in_a_sentence(client, world, agreed):
    answer = shown(client, world, f"?known_at={agreed}&compare=then")
    assert answer.status_code == 400
    assert "write compare=now" in answer.content.decode()


def test_todays_view_is_compared_with_nothing(client, world):
    answer = shown(client, world, "?compare=now")
    assert answer.status_code == 200 and answer.context["differences"] is None


@pytest.mark.parametrize("language", ["", "/es"])
@pytest.mark.parametrize("query", ["", "&as_of=2022-05-01"])
def test_a_comparison_costs_one_query(client, django_assert_max_num_queries, query, language):
    standing = CommitmentStanding.objects.current().get(slug="raise-traffickers-costs")
    address = f"{language}/commitments/{standing.subject_id}/{standing.slug}/?known_at={standing.seq}&compare=now"
    with django_assert_max_num_queries(12):
        assert client.get(f"{address}{query}").status_code == 200


def test_the_form_asks_for_the_comparison_where_there_is_one(client, world):
    assert 'name="compare"' in shown(client, world).content.decode()
    assert 'name="compare"' not in client.get("/commitments/").content.decode()


# In the page itself: what stands around it on every page leads to today's.
LINKS = re.compile(r'href="(/(?:es/)?(?:api/v1/)?(?:commitments|claims|actors|occasions|sources)/[^"#]*)[#"]')
FIXED = re.compile(r"/(feed\.atom|check/)|/(cite|record|card)\.")


def links(answer):
    inside = re.search("<main.*?</main>", answer.content.decode(), re.DOTALL)[0]
    without_ways = re.sub('<p class="clock-ways">.*?</p>|<nav.*?</nav>', "", inside, flags=re.DOTALL)
    return [link for link in map(unescape, LINKS.findall(without_ways)) if not FIXED.search(link)]


@pytest.mark.parametrize("language", ["", "/es"])
@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.is_html and name not in WITHOUT_LINK])
def test_from_an_earlier_view_every_link_leads_to_the_same_clocks(client, name, language):
    seq = CommitmentStanding.objects.current().order_by("-seq").first().seq
    clocks = f"as_of=2023-08-01&known_at={seq}"
    address = f"{language}{example(name)}"
    found = links(client.get(f"{address}{'&' if '?' in address else '?'}{clocks}", follow=True))
    assert [link for link in found if f"known_at={seq}" not in link] == []
    assert {client.get(link, follow=True).status_code for link in found[::7]} == {200}


def test_todays_view_leads_to_todays(client, world):
    assert [link for link in links(shown(client, world)) if re.search("known_at=[^&]*$", link)] == []


def test_a_position_of_who_was_renamed_does_not_differ(client, world):
    world.claim(ACCEPTED, position="accepts", of=world.sutherland, said="2020-02-01")
    seq = CommitmentStanding.objects.current().get(subject_id=world.commitment.pk).seq
    world.sutherland.name = "Sutherland, renamed"
    world.sutherland.save()
    actions.amend(things=[world.sutherland], by=world.curator, reason="Its name.")
    assert shown(client, world, f"?known_at={seq}&compare=now").context["differences"] == []


def test_a_day_on_which_there_was_nothing_leads_to_todays_view(client):
    page = client.get("/es/commitments/strengthen-mirror-operations/?as_of=2020-02-01&compare=now", follow=True)
    assert page.status_code == 404
    own = re.search(r"/es/commitments/cmt_[^?]+", page.request["PATH_INFO"])[0]
    assert f'<a href="{own}">' in page.content.decode()
