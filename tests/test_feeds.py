"""Feeds of what was recorded: whole changes, newest first, in words, and never a draft."""

import re
from datetime import datetime
from xml.etree import ElementTree

import pytest

from commitments import actions, models
from commitments.feeds import atom, changes
from tests.pages import example
from tests.world import ACCEPTED, DELIVERED

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
ALL = "/feeds/changes.atom"


@pytest.fixture
def feed(client):
    def ask(address=ALL):
        answer = client.get(address, follow=True)
        assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
        return ElementTree.fromstring(answer.content)  # noqa: S314

    return ask


def of(thing):
    return f"/{thing.subject_type}s/{thing.pk}/feed.atom"


def entries(root):
    return root.findall(f"{ATOM}entry")


def text(node, name):
    return node.findtext(f"{ATOM}{name}")


def categories(entry):
    return [node.get("term") for node in entry.findall(f"{ATOM}category")]


def agreed(world):
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")


def test_the_newest_change_stands_first_in_words(feed, world):
    agreed(world)
    newest = entries(feed())[0]
    assert text(newest, "title") == f"Status of “{world.commitment.title_en}”: Agreed"
    assert "Said to be agreed." in text(newest, "summary")
    assert (newest.find(f"{ATOM}author/{ATOM}name").text, categories(newest)) == (
        f"curator-{models.ledger.Curator.objects.get(user=world.curator).number}",
        ["record_status"],
    )


def test_a_change_leads_to_the_page_as_recorded_then(client, feed, world):
    agreed(world)
    address = entries(feed(of(world.commitment)))[0].find(f"{ATOM}link").get("href")
    seq = models.Entry.objects.latest("seq").seq
    assert address == f"http://testserver/commitments/{world.commitment.pk}/?known_at={seq}"
    assert client.get(address, follow=True).context["status"]["badge"]["word"] == "Agreed"


def test_a_feed_has_what_the_standard_asks_for(feed):
    root = feed()
    for node in (root, *entries(root)):
        assert text(node, "title") and text(node, "id").startswith("urn:uuid:")
        assert datetime.fromisoformat(text(node, "updated")).tzinfo
    ids = [text(entry, "id") for entry in entries(root)]
    assert len(set(ids)) == len(ids) > 20
    assert {link.get("rel") for link in root.findall(f"{ATOM}link")} >= {"self", "alternate"}


def test_updated_is_when_it_was_recorded(feed, world):
    recorded = models.Entry.objects.latest("seq").recorded_at
    newest = entries(feed(of(world.commitment)))[0]
    assert datetime.fromisoformat(text(newest, "updated")) == recorded


def test_ids_stay_the_same_in_both_languages_and_after_more_was_recorded(feed, world):
    before = [text(entry, "id") for entry in entries(feed(of(world.commitment)))]
    agreed(world)
    after = [text(entry, "id") for entry in entries(feed(of(world.commitment)))]
    spanish = [text(entry, "id") for entry in entries(feed(f"/es{of(world.commitment)}"))]
    assert after[-len(before) :] == before
    assert spanish == after


def test_one_load_is_told_commitment_by_commitment(feed):
    titles = [text(entry, "title") for entry in entries(feed())]
    assert any(title.startswith("Status of “Bicentennial Understanding”: In progress") for title in titles)
    assert any(title.startswith("Status of “United States donation") for title in titles)


def test_a_correction_is_called_one(feed, world):
    agreed(world)
    actions.correct_status(change=world.last_change(), by=world.curator, reason="We misread it.")
    newest = entries(feed(of(world.commitment)))[0]
    assert text(newest, "title").startswith("Correction: a status of “Boats of Norland for Sutherland”")
    assert "correction" in categories(newest) and "We misread it." in text(newest, "summary")


def test_a_retraction_is_called_one(feed, world):
    claim = world.claim(DELIVERED, bears="fulfilled", said="2020-03-01")
    actions.retract(thing=claim, by=world.curator, reason="Not about these boats.")
    newest = entries(feed(of(world.commitment)))[0]
    assert text(newest, "title") == f"Correction: Retracted: claim “{DELIVERED}.”"


def test_a_feed_of_one_commitment_tells_of_no_other(feed, world):
    agreed(world)
    told = [text(entry, "summary") for entry in entries(feed(of(world.commitment)))]
    assert len(told) == 3 and not any("Mexico" in summary for summary in told)


def test_a_feed_of_an_actor_tells_what_became_of_its_promises_and_words(feed, world):
    agreed(world)
    for actor in (world.norland, world.sutherland):
        assert text(entries(feed(of(actor)))[0], "title").endswith("Agreed")
    assert not any("Agreed" in text(entry, "title") for entry in entries(feed(of(world.ministry))))


def test_a_draft_is_in_no_feed(client, feed, world):
    draft = world.draft_commitment("drafted")
    assert "drafted" not in client.get(ALL).content.decode().lower()
    assert client.get(of(draft)).status_code == 404


def test_withheld_words_are_in_no_feed(client):
    assert "non-intrusive equipment to control" not in client.get(ALL).content.decode()


def test_what_xml_cannot_hold_breaks_no_feed(client, feed, world):
    world.commitment.title_en = "Bo\x0bats \ufffe & <b>ships</b> 🚢"
    world.commitment.save()
    actions.amend(things=[world.commitment], by=world.curator, reason="Bell \x07 and \x1b.")
    newest = entries(feed())[0]
    assert "Bo\ufffdats \ufffd & <b>ships</b> 🚢" in text(newest, "title")
    assert "Bell \ufffd and \ufffd." in text(newest, "summary") and "&lt;b&gt;" in text(newest, "summary")


def test_earlier_changes_are_one_link_away(feed, world, monkeypatch):
    agreed(world)
    monkeypatch.setattr(changes, "CHANGES", 2)
    root, seen = feed(of(world.commitment)), []
    while True:
        seen += [text(entry, "id") for entry in entries(root)]
        following = [link for link in root.findall(f"{ATOM}link") if link.get("rel") == "next"]
        if not following:
            break
        root = feed(following[0].get("href"))
    assert len(seen) == len(set(seen)) == 3


def test_a_set_about_very_many_is_told_as_one_and_not_begun_again(feed, monkeypatch):
    monkeypatch.setattr(changes, "APART", 5)
    monkeypatch.setattr(changes, "ENTRIES", 50)
    [entry] = entries(feed())
    assert "(and 49 other entries)" in text(entry, "title")
    assert not re.search("Hidden", text(entry, "summary"))


@pytest.mark.parametrize("address", [ALL, "{landau}feed.atom"])
def test_who_holds_a_feed_gets_a_304(client, address):
    address = address.replace("{landau}", example("commitment_by_id"))
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again["Cache-Control"]) == (304, "public, no-cache")


@pytest.mark.parametrize("noun", ["", "commitment", "actor"])
def test_a_feed_asks_few_queries(client, world, noun, django_assert_max_num_queries):
    address = {"": ALL, "commitment": of(world.commitment), "actor": of(world.norland)}[noun]
    with django_assert_max_num_queries(12):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("query", ["?as_of=2020-01-01", "?after=3", "?known_at=soon"])
def test_a_feed_refuses_what_it_does_not_know(client, query):
    assert client.get(f"{ALL}{query}").status_code == 400


def test_a_merged_commitment_leads_to_the_feed_of_its_survivor(client, feed, world, twin):
    actions.merge(thing=twin, into=world.commitment, by=world.curator, reason="The same.")
    answer = client.get(of(twin))
    assert (answer.status_code, answer["Location"]) == (307, of(world.commitment))
    assert "merge" in categories(entries(feed())[0])


def test_pages_lead_to_their_feeds(client):
    home = " ".join(client.get("/es/").content.decode().split())
    assert re.search(
        '<link rel="alternate" type="application/atom\\+xml" title="[^"]+" href="/es/feeds/changes.atom">', home
    )
    page = client.get(example("commitment_by_id"), follow=True).content.decode()
    assert f'href="{example("commitment_by_id")}feed.atom"' in page


def test_an_empty_feed_is_still_a_feed():
    told = {"title": "Nothing", "name": "x", "link": "http://x/", "feed_url": "http://x/f", "next": None}
    root = ElementTree.fromstring(atom.written(told, [], "log_01h455vb4pex5vsknk084sn02q"))  # noqa: S314
    assert text(root, "updated") and entries(root) == []


def test_a_status_that_we_infer_is_marked(feed, client):
    told = feed("/commitments/equipment-donation/feed.atom")
    assert "non-intrusive inspection equipment to Mexico”: Not accepted [our inference]" in ElementTree.tostring(
        told, encoding="unicode"
    )
