"""The list of commitments as people read it, on the real record."""

import pytest

from commitments import actions
from tests.pages import text
from tests.world import ACCEPTED, OFFERED

pytestmark = pytest.mark.django_db


def body(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def titles(client, address):
    return [row["title"] for row in client.get(address).context["rows"]]


def test_the_first_page_shows_open_commitments(client):
    shown = titles(client, "/")
    assert shown == titles(client, "/commitments/?open=true")[: len(shown)] != []


def test_a_row_tells_status_word_date_and_flags(client):
    [row] = client.get("/commitments/?kind=equipment-donation").context["rows"]
    status = row["status"]
    assert (status["badge"]["word"], status["mark"]) == ("Not accepted", "our inference")
    assert status["word"] == "Christopher Landau, Ambassador of the United States to Mexico, alone"
    assert (status["since"], status["basis"]) == ("true by 14 January 2021", "when exactly is not told")
    assert row["flags"] == ["One side only"]


def test_a_status_is_never_shown_by_colour_alone(client):
    badges = [row["status"]["badge"] for row in client.get("/").context["rows"]]
    assert all(badge["glyph"] and badge["word"] for badge in badges)


def test_open_commitments_are_asked_for_by_a_plain_form(client):
    found = client.get("/commitments/?open=true").context["rows"]
    assert {row["status"]["badge"]["group"] for row in found} == {"open"}


def test_filters_left_blank_are_left_out(client):
    answer = client.get("/commitments/?open=&status=declined&kind=&party=mexico")
    assert answer["Location"] == "/commitments/?status=declined&party=mexico"


def test_the_form_keeps_filters_it_does_not_offer(client):
    page = body(client, "/commitments/?promisor=mexico")
    assert '<input type="hidden" name="promisor" value="mexico">' in page


def facet(client, address, name):
    [found] = [facet for facet in client.get(address).context["facets"] if facet["name"] == name]
    return {str(value["label"]): value for value in found["shown"] + found["more"]}


def test_each_value_of_a_facet_says_how_many_it_would_leave(client):
    for name in ("open", "status", "party", "kind", "form", "topic", "place"):
        for value in facet(client, "/commitments/", name).values():
            assert client.get(value["address"]).context["count"]["value"] == value["count"]


def test_a_facet_says_how_many_values_it_keeps_back(client):
    answer = client.get("/commitments/")
    for facet in answer.context["facets"]:
        if facet["more"]:
            assert f"{len(facet['more'])} more: {facet['label']}" in text(answer)


def test_what_a_search_found_stands_before_the_filters_until_one_is_chosen(client):
    assert '<details class="facets" open>' not in body(client, "/commitments/?q=mexico")
    assert '<details class="facets" open>' in body(client, "/commitments/?q=mexico&party=mexico")


def test_a_row_names_the_first_of_many_parties(client, world):
    many = world.draft_commitment("alliance")
    states = [world._actor(f"state-{n}", f"State {n}", "state") for n in range(9)]
    for order, state in enumerate(states):
        many.parties.create(role="implementer", actor=state, order=10 + order)
    claim = world.draft_claim(OFFERED, bears="proposed", on=many)
    world.publish(*states, many, claim, world.draft_change("proposed", claim, "2020-01-06", on=many))
    [row] = client.get(f"/commitments/?id={many.pk}").context["rows"]
    assert dict(row["parties"])["Implementer"].endswith(f"State 5 {world.number}, and 3 others")


def test_a_chosen_value_is_marked_and_leads_back(client):
    chosen = facet(client, "/commitments/?party=mexico&status=declined", "party")["Mexico"]
    assert (chosen["is_chosen"], chosen["address"]) == (True, "/commitments/?status=declined")


def test_a_chosen_value_that_leaves_nothing_can_be_taken_off(client):
    assert facet(client, "/commitments/?status=lapsed", "status")["Lapsed"]["count"] == 0


def test_facets_go_with_the_search(client):
    value = facet(client, "/commitments/?q=equipment", "status")["Not accepted"]
    assert value["address"] == "/commitments/?q=equipment&status=declined"


def test_a_search_shows_where_it_found_each(client):
    for row in client.get("/commitments/?q=extradition").context["rows"]:
        assert any(is_sought for _, is_sought in row["excerpt"])


def test_claims_are_searched_and_narrowed_alike(client):
    found = client.get("/claims/?q=equipment&claimant=christopher-landau").context
    assert {row["who"].split(",")[0] for row in found["rows"]} == {"Christopher Landau"}
    assert found["count"]["value"] == len(found["rows"]) > 0


def test_a_claim_in_the_list_is_quoted_in_the_speakers_words_alone(client):
    rows = client.get("/claims/?q=accepted&claimant=christopher-landau").context["rows"]
    quoted = {row["statement"]: row["quoted"] for row in rows}["The equipment has not been accepted by Mexico."]
    assert quoted["exact"].startswith("We have offered") and quoted["language"] == "en"
    everything = client.get("/claims/?limit=200").context["rows"]
    assert "rejected" not in {row["quoted"]["exact"] for row in everything if row["quoted"]}


def test_a_claim_is_not_told_twice_where_a_search_found_its_statement(client):
    [row] = client.get("/claims/?q=lawsuit").context["rows"]
    assert row.get("excerpt") is None


def test_claims_stand_latest_said_first(client):
    api = client.get("/api/v1/claims/?sort=-said_on&limit=20").json()["results"]
    assert [row["id"] for row in client.get("/claims/").context["rows"]] == [row["id"] for row in api]


def test_a_day_of_record_time_means_its_last_instant(client):
    led = client.get("/commitments/?known_at=2020-01-31&open=")
    assert led["Location"] == "/commitments/?known_at=2020-01-31T23:59:59.999999Z"


def test_the_list_as_it_stood_in_the_world_is_marked(client):
    shown = client.get("/commitments/?as_of=2019-12-31&status=declined")
    assert "An earlier view." in shown.content.decode()
    assert "Landau" not in shown.content.decode()


def test_a_party_that_is_no_state_can_be_asked_for(client):
    assert titles(client, "/commitments/?party=mexican-armed-forces") == [
        "Mexican operations against arms smuggling in five border cities"
    ]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("stauts=open", "Did you mean “status”?"),
        ("status=declind", "Did you mean “declined”?"),
        ("open=yes", "neither true nor false"),
        ("cursor=forged", "This cursor was not given out here."),
        ("known_at=99999999", "There is no entry 99999999 yet."),
        ("q=%00", "a character that cannot stand in text"),
    ],
)
def test_what_cannot_be_read_is_a_400_with_a_sentence(client, query, says):
    assert says in body(client, f"/commitments/?{query}", status=400)


def test_next_pages_show_every_commitment_once(client):
    seen, address = [], "/commitments/?limit=7"
    while address:
        context = client.get(address).context
        seen += [row["id"] for row in context["rows"]]
        address = context["next"]
    assert len(seen) == len(set(seen)) == client.get("/commitments/").context["count"]["value"]


def test_the_same_list_is_offered_as_json(client):
    page = body(client, "/commitments/?status=declined")
    assert page.count('href="/api/v1/commitments/?status=declined"') == 2
    api = client.get("/api/v1/commitments/?status=declined").json()["results"]
    assert [row["title"]["en"] for row in api] == titles(client, "/commitments/?status=declined")


def test_an_empty_answer_says_so(client):
    assert "No commitment in this record" in body(client, "/commitments/?status=lapsed")


def test_the_list_as_recorded_then_is_marked(client, world):
    page = body(client, "/commitments/?known_at=1")
    assert "An earlier view." in page and "No commitment in this record" not in page


def test_the_list_says_in_which_order_it_stands(client, db):
    assert "Best match first." not in body(client, "/commitments/")
    assert "Best match first." in body(client, "/commitments/?q=equipment")
    assert '<option value="due" selected>' in body(client, "/commitments/?sort=due")


def test_a_draft_is_not_in_the_list(client, world):
    draft = world.draft_commitment("drafted")
    assert draft.title_en not in body(client, "/")


def test_the_list_asks_no_more_queries_for_more_rows(client, world, django_assert_max_num_queries):
    world.record("agreed", world.claim(ACCEPTED, bears="agreed", said="2020-02-01"), "2020-02-01")
    for limit in (1, 200):
        with django_assert_max_num_queries(8):
            client.get(f"/commitments/?limit={limit}")


def test_a_retracted_commitment_is_listed_as_retracted(client, world):
    actions.retract(thing=world.commitment, by=world.curator, reason="Recorded twice.")
    [row] = client.get(f"/commitments/?id={world.commitment.pk}").context["rows"]
    assert (row["flags"], row["status"]) == (["Retracted"], None)


def test_a_page_is_in_one_language_whatever_the_browser_asks_for(client):
    page = client.get("/", headers={"accept-language": "es"})
    assert page["Content-Language"] == "en" and "Not accepted" in page.content.decode()


def test_only_reading_is_answered(client):
    assert client.post("/commitments/").status_code == 405
    assert client.head("/commitments/").status_code == 200


def test_the_icon_that_browsers_ask_for_is_there(client):
    assert client.get("/favicon.ico")["Location"].endswith("favicon.svg")


def test_days_and_flags_are_asked_for_by_the_form(client):
    shown = client.get("/commitments/?made_on[lte]=2019-12-31&disputed=false&kind=").headers["Location"]
    assert shown == "/commitments/?made_on[lte]=2019-12-31&disputed=false"
    api = client.get(f"/api/v1{shown}").json()["results"]
    answer = client.get(shown)
    assert [row["id"] for row in answer.context["rows"]] == [row["id"] for row in api] != []
    assert 'value="2019-12-31"' in answer.content.decode()


def test_a_day_that_is_none_is_a_400_with_a_sentence(client):
    assert "made_on[gte]" in body(client, "/commitments/?made_on[gte]=last+year", status=400)
