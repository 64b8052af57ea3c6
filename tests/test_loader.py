"""The record's own YAML format: loaded whole or refused whole, with file, line and what would be right."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User

from commitments import actions, models
from commitments.importers import record_yaml
from commitments.importers.record_yaml import Rejected, Report
from commitments.importers.yaml_nodes import parse
from tests.world import row

STORY = (settings.BASE_DIR / "tests/stories/minimal.yaml").read_text()
TEXT = "Westland promises Eastland a bridge\n\n“We will build the bridge by 2030”, said its minister.\n"
SECTIONS = ("terms", "actors", "source", "passages", "offices", "occasions", "commitments", "claims", "status_changes")


@pytest.fixture
def curator(db) -> User:
    return User.objects.create_superuser("curator-of-stories")


@pytest.fixture
def load(curator, tmp_path):
    """Loads a folder of one story, or of several by name."""

    def load(story: str | bytes = STORY, **others: str) -> Report:
        files = {"story": story} | others
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
        return record_yaml.load(tmp_path, by=curator)

    return load


@pytest.fixture
def refused(load):
    """The faults of a story that is refused; nothing at all is written."""

    def refused(story: str | bytes, **others: str) -> list[str]:
        before = everything()
        with pytest.raises(Rejected) as rejected:
            load(story, **others)
        assert everything() == before
        return list(map(str, rejected.value.faults))

    return refused


def everything() -> dict[str, object]:
    counted = {model: model._base_manager.count() for model in apps.get_app_config("commitments").get_models()}
    return counted | {"head": models.Head.objects.values().get()}


def mended(old: str, new: str, story: str = STORY) -> str:
    assert story.count(old) >= 1, old
    return story.replace(old, new, 1)


def line_of(words: str, story: str = STORY) -> int:
    return story[: story.index(words)].count("\n") + 1


def id_of(words: str) -> str:
    """The first id that stands after the words."""
    return re.search(r"[a-z]{3}_[0-9a-z]{26}", STORY[STORY.index(words) :]).group()


@dataclass(frozen=True)
class Slip:
    """One slip of a person who writes a story: what stood there, what they wrote, what they are told, where."""

    old: str
    new: str
    told: str
    at: str = ""


def test_a_story_is_loaded_and_published(load):
    report = load()
    assert report.created == {
        "term": 3,
        "actor": 4,
        "source": 1,
        "passage": 2,
        "office": 1,
        "occasion": 1,
        "commitment": 2,
        "claim": 2,
        "status_change": 2,
    }
    assert report.kept == {}
    bridge = models.Commitment.objects.get(slug="bridge")
    assert (row(bridge)["status"], row(bridge)["due"]["edtf"]) == ("pledged", "2030")
    assert [link["commitment"]["id"] for link in row(bridge)["lineage"]] == [id_of("crossings:\n")]


def test_ids_are_those_of_the_file(load):
    load()
    written = set(re.findall(r"[a-z]{3}_[0-9a-z]{26}", STORY))
    assert set(models.Subject.objects.filter(id__in=written).values_list("id", flat=True)) == {
        i for i in written if not i.startswith("cap_")
    }


def test_loading_twice_changes_nothing(load):
    first, before = load(), everything()
    assert load().created == {}
    assert load().kept == first.created
    assert everything() == before


def test_loading_the_real_record_again_changes_nothing(curator):
    before = everything()
    report = record_yaml.load(settings.BASE_DIR / "fixtures", by=curator)
    assert report.created == {} and sum(report.kept.values()) == before["head"]["seq"]
    assert everything() == before


def test_a_claim_without_a_day_takes_that_of_its_occasion(load):
    load()
    claim = models.Claim.objects.get(pk=id_of("bridge-promised:\n"))
    assert claim.said_on == claim.occasion.date
    assert claim.office.slug == "minister"


def test_the_reasons_of_the_file_stand_in_the_ledger(load):
    load()
    change, actor = (models.Version.objects.get(subject_id=id_of(words)) for words in ("status_changes:", "actors:"))
    assert b"First record of the bridge." in bytes(change.body)
    assert b"First recording of a small story." in bytes(actor.body)


def test_a_second_story_names_what_was_recorded_before(load):
    load()
    more = (
        "claims:\n  another:\n    id: clm_01m80n3ac0ezqtxqm455xkkzzz\n    statement: Again.\n    claimant: westland\n"
    )
    more += (
        "    speech_act: confirms\n    said_on: {edtf: '2020-02', basis: stated}\n    passages: [bridge-story#quote]\n"
    )
    assert load(more=more).created == {"claim": 1}


def test_what_is_dropped_from_a_file_stays_in_the_record(load):
    load()
    before = everything()
    assert load(STORY[: STORY.index("status_changes:")]).created == {}
    assert everything() == before


SLIPS = {
    # Words of the rubric
    "status": Slip(
        "status: pledged\n", "status: promised\n", "“promised” is not known; write one of discussed, pledged"
    ),
    "status of a bearing": Slip(
        "bridge, status: pledged", "bridge, status: vowed", "“vowed” is not known; write one of discussed"
    ),
    "position": Slip("position: favours", "position: likes", "“likes” is not known; write one of proposes, favours"),
    "reading": Slip("reading: literal", "reading: vague", "“vague” is not known; write one of literal, implied"),
    "voice": Slip("voice: quoted", "voice: sung", "“sung” is not known; write one of quoted, paraphrased, narrated"),
    "speech act": Slip(
        "speech_act: pledges", "speech_act: sings", "“sings” is not known; write one of offers, requests"
    ),
    "form": Slip("form: pledge", "form: vow", "“vow” is not known; write one of offer, request"),
    "role": Slip("role: promisor", "role: guest", "“guest” is not known; write one of promisor, promisee"),
    "kind of actor": Slip("kind: state", "kind: realm", "“realm” is not known; write one of state, public_body"),
    "kind of source": Slip("kind: news_article", "kind: song", "“song” is not known; write one of news_article"),
    "rights": Slip("rights: quote_only", "rights: all", "“all” is not known; write one of quote_only, full_text"),
    "locator": Slip("locator: body", "locator: margin", "“margin” is not known; write one of headline, dateline"),
    "lineage": Slip("type: part_of", "type: sires", "“sires” is not known; write one of renews, strengthens"),
    "basis": Slip("basis: weekday_resolved", "basis: guessed", "“guessed” is not known; write one of stated, dateline"),
    "vocabulary": Slip("  topic:", "  mood:", "“mood” is no vocabulary; known are kind, topic, place", "    rivers:"),
    "word left out": Slip(
        "    speech_act: pledges\n", "", "“speech_act” is missing; write one of offers", "    id: {claim}"
    ),
    "a correction": Slip("nature: world", "nature: correction", "a correction is made in the open, at the desk"),
    # Keys
    "misspelt key": Slip("    statement: West", "    statment: West", "“statement” is missing", "    id: {claim}"),
    "key too many": Slip(
        "    claimant: minister\n",
        "    claimant: minister\n    sayd_on: x\n",
        "“sayd_on” means nothing here; known are bearings, claimant",
        "    sayd_on",
    ),
    "misspelt section": Slip(
        "offices:", "ofices:", "there is no office named “minister”; add it or mend the name", "{{office: minister"
    ),
    "section too many": Slip(
        "reason: First recording",
        "notes: none\nreason: First recording",
        "“notes” means nothing here; known are actors, claims",
    ),
    "misspelt key of a date": Slip("edtf: '2030'", "etdf: '2030'", "needs a value: a day 2021-01-14"),
    "key of a bearing": Slip("reading: literal,", "reading: literal, sure: yes,", "“sure” means nothing here"),
    "key of a participant": Slip(
        "office: minister, passages", "office: minister, role: host, passages", "“role” means nothing here"
    ),
    "key of a party": Slip("role: promisor,", "role: promisor, side: west,", "“side” means nothing here"),
    "key of a hop": Slip("act: reports}}", "act: reports, via: wire}}", "“via” means nothing here"),
    "key of lineage": Slip(
        "reading: inference, note: A", "reading: inference, sure: yes, note: A", "“sure” means nothing here"
    ),
    "key of a capture": Slip("      held: false", "      bytes: none", "“bytes” means nothing here"),
    "key twice": Slip(
        "    claimant: minister\n",
        "    claimant: minister\n    claimant: westland\n",
        "“claimant” stands here twice; keep one",
        "    claimant: westland",
    ),
    "thing twice": Slip("  eastland:", "  westland:", "“westland” stands here twice; keep one"),
    "held bytes": Slip("held: false", "held: true", "digests alone; bring the bytes afterwards"),
    # Ids
    "id left out": Slip("    id: {claim}\n", "", "it has no id; a fresh one would be clm_", "    statement: West"),
    "id of another kind": Slip(
        "    id: {claim}", "    id: {actor}", "is no id of this kind; a fresh one would be clm_"
    ),
    "id that is none": Slip(
        "    id: {claim}", "    id: clm_1", "“clm_1” is no id of this kind; a fresh one would be clm_"
    ),
    "id twice": Slip("{eastland}", "{actor}", "stands twice, first at story.yaml:11"),
    "id of a capture": Slip("{capture}", "{source}", "is no id of this kind; a fresh one would be cap_"),
    # Passages
    "claim without passage": Slip(
        "    passages: [speaker]\nstatus",
        "    passages: []\nstatus",
        "It cites no passage; name the words",
        "    id: {said}",
    ),
    "bearing without passage": Slip(
        "reading: literal, passages: [quote]",
        "reading: literal",
        "1 of its bearings cites no passage",
        "    id: {claim}",
    ),
    "office without passage": Slip(
        "    passages: [speaker]\noccasions", "occasions", "It cites no passage", "    id: {office}"
    ),
    "occasion without passage": Slip(
        "    passages: [speaker]\n    participants:\n      - {{office: minister, passages: [speaker]}}\n",
        "",
        "It cites no passage",
        "    id: {occasion}",
    ),
    "participant without passage": Slip(
        "office: minister, passages: [speaker]",
        "office: minister",
        "1 of its participants cites no passage",
        "    id: {occasion}",
    ),
    "status without claim": Slip(
        "    claims: [bridge-promised]\n", "", "A status needs at least one claim", "  - id: {change}"
    ),
    "status without its bearing": Slip(
        "{{commitment: bridge, status: pledged",
        "{{commitment: bridge, status: agreed",
        "The status “pledged” rests on no claim",
        "    id: {bridge}",
    ),
    "reading without note": Slip("note: It promises it., ", "", "bearing_reading_has_note", "    id: {claim}"),
    "unknown passage": Slip(
        "passages: [quote]}}\n      - {{commitment: crossings",
        "passages: [qoute]}}\n      - {{commitment: crossings",
        "there is no passage named “story.yaml#qoute”; add it or mend the name",
    ),
    "exact of another length": Slip('by 2030"', 'by 203"', "it has 31 characters, but 38 to 70 holds 32"),
    "exact of another digest": Slip(
        'by 2030"',
        'by 2030"\n    exact_sha256: {zeros}',
        "the digest of the exact words is {digest}",
        "    exact_sha256: 0",
    ),
    "digest that is none": Slip("exact_sha256: ", "exact_sha256: x", "is no SHA-256; write 64 digits 0-9a-f"),
    "place after the text": Slip(
        "    end: 70", "    end: 700", "38 to 700 is no place in a text of {characters} characters", "    start: 38"
    ),
    "place of no length": Slip("    end: 70", "    end: 38", "38 to 38 is no place", "    start: 38"),
    "place that is no number": Slip("    start: 38", "    start: thirty", "“thirty” is not a whole number"),
    "place below nought": Slip("    start: 38", "    start: -1", "“-1” is not a whole number"),
    "place in other digits": Slip("    start: 38", "    start: ٣٨", "is not a whole number"),
    "a number of 5,000 digits": Slip("    start: 38", "    start: " + "9" * 5000, "is not a whole number"),
    "six words of the outlet's": Slip(
        "voice: quoted", "voice: narrated", "no more than five of the outlet's own words", "    id: {quote}"
    ),
    "source without capture": Slip(
        "  captures:\n", "  captures: []\nleft_out:\n", "a passage needs a source with a capture", "    id: {quote}"
    ),
    # Dates
    "date without basis": Slip(
        "{{edtf: '2030', basis: stated}}", "{{edtf: '2030'}}", "“basis” is missing; write one of stated, dateline"
    ),
    "date without note": Slip(", note: The Monday before.", "", "needs a note that shows how it was worked out"),
    "date that is none": Slip(
        "edtf: '2020-01-07'", "edtf: '2020-02-30'", "“2020-02-30” in “2020-02-30” is no day of the calendar"
    ),
    "date as a text": Slip("{{edtf: '2030', basis: stated}}", "2030", "write a mapping here, such as {{key: value}}"),
    "date ahead": Slip("edtf: '2020-01-07'", "edtf: '2999'", "after the day of recording"),
    "empty date of a source": Slip(
        "published: {{edtf: '2020-01-07', basis: stated}}",
        "published: null",
        "“published” needs a date with its basis; where none is told, {{basis: unknown, note: …}}",
        "  id: {source}",
    ),
    "no date of a commitment": Slip(
        "    made_on: {{edtf: '2020-01-06', basis: weekday_resolved, note: As the briefing.}}\n",
        "",
        "“made_on” needs a date with its basis",
        "    id: {bridge}",
    ),
    "no date of a claim without occasion": Slip(
        "    said_on: {{edtf: '2020-01-07', basis: stated}}\n",
        "",
        "“said_on” needs a date with its basis",
        "    id: {said}",
    ),
    "no date of a status": Slip(
        "    effective: {{edtf: '2020-01-06', basis: stated}}\n",
        "",
        "“effective” needs a date with its basis",
        "  - id: {change}",
    ),
    # What is named
    "unknown actor": Slip(
        "actor: eastland", "actor: northland", "there is no actor named “northland”; add it or mend the name"
    ),
    "unknown claimant": Slip("claimant: minister\n", "claimant: nobody\n", "there is no actor named “nobody”"),
    "unknown body": Slip("part_of: westland", "part_of: nowhere", "there is no actor named “nowhere”"),
    "unknown occasion": Slip("occasion: briefing", "occasion: ball", "there is no occasion named “ball”"),
    "unknown commitment": Slip("commitment: bridge\n", "commitment: tunnel\n", "there is no commitment named “tunnel”"),
    "unknown claim": Slip(
        "claims: [bridge-promised]", "claims: [bridge-denied]", "there is no claim named “bridge-denied”"
    ),
    "unknown kind": Slip("kind: bridges", "kind: tunnels", "there is no term named “kind/tunnels”"),
    "unknown topic": Slip("topics: [rivers]", "topics: [lakes]", "there is no term named “topic/lakes”"),
    "unknown lineage": Slip(
        "commitment: crossings, reading: inference",
        "commitment: tunnel, reading: inference",
        "there is no commitment named “tunnel”",
    ),
    "unknown office": Slip("office: minister,", "office: usher,", "there is no office named “usher”"),
    "slug that is taken": Slip(
        "  slug: bridge-story",
        "  slug: landau-equipment-2021",
        "slug: Source with this Slug already exists",
        "  id: {source}",
    ),
    "slug that is none": Slip("  slug: bridge-story", "  slug: bridge story", "slug: Enter a valid", "  id: {source}"),
    "two promisors": Slip("role: promisee", "role: promisor", "It needs exactly one promisor", "    id: {bridge}"),
    # Shapes
    "list for a text": Slip(
        "statement: Westland will build the bridge by 2030.",
        "statement: [a, b]",
        "write one text here, not a list or mapping",
    ),
    "text for a list": Slip(
        "passages: [quote]}}\n      - {{commitment: crossings",
        "passages: quote}}\n      - {{commitment: crossings",
        "write a list here, such as [one, two]",
    ),
    "text for a mapping": Slip(
        "title: {{en: Westland to build a bridge for Eastland}}",
        "title: Bridge",
        "write a mapping here, such as {{key: value}}",
    ),
    "text in a list of mappings": Slip(
        "- {{role: promisee, actor: eastland}}", "- eastland", "each item of “parties” is a mapping"
    ),
    "mapping in a list of texts": Slip("topics: [rivers]", "topics: [{{a: b}}]", "each item of “topics” is one name"),
    "nothing in a list": Slip("topics: [rivers]", "topics: [null]", "each item of “topics” is one name"),
    "an empty thing": Slip(
        "    rivers: {{label: {{en: Rivers}}}}", "    rivers:", "it is empty; describe it or leave it out"
    ),
    "a term without label": Slip(
        "rivers: {{label: {{en: Rivers}}}}", "rivers: {{broader: null}}", "“label” is missing; give {{en: …, es: …}}"
    ),
    # YAML
    "a broken flow": Slip(
        "topics: [rivers]",
        "topics: [rivers",
        "this is not YAML",
        "    made_on: {{edtf: '2020-01-06', basis: weekday_resolved, note: As",
    ),
    "a tab": Slip("    kind: bridges", "\tkind: bridges", "this is not YAML"),
    "a tag": Slip(
        "    kind: bridges",
        "    kind: !!python/name:os.system bridges",
        "anchors and tags are not read; write the value out",
    ),
    "a tag of ours": Slip(
        "    kind: bridges", "    kind: !term bridges", "anchors and tags are not read; write the value out"
    ),
    "an alias of nothing": Slip("    kind: bridges", "    kind: *bridges", "this is not YAML: found undefined alias"),
    "an anchor that holds itself": Slip(
        "topics: [rivers]", "topics: &rivers [*rivers]", "anchors and tags are not read"
    ),
    "an alias": Slip(
        "places: [westland]\n    topics: [rivers]",
        "places: &here [westland]\n    topics: *here",
        "anchors and tags are not read",
    ),
    "a merge": Slip("    kind: bridges", "    <<: {{kind: bridges}}", "“kind” is missing", "    id: {bridge}"),
    "two documents": Slip("actors:", "---\nactors:", "this is not YAML: but found another document"),
}
NAMES = {
    "actor": id_of("  westland: {id"),
    "eastland": id_of("  eastland:"),
    "source": id_of("source:"),
    "capture": id_of("captures:"),
    "quote": id_of("  quote:"),
    "office": id_of("  minister:\n"),
    "occasion": id_of("  briefing:"),
    "bridge": id_of("  bridge:"),
    "claim": id_of("  bridge-promised:"),
    "said": id_of("  bridge-said:"),
    "change": id_of("status_changes:"),
    "characters": str(len(TEXT)),
    "zeros": "0" * 64,
    "digest": hashlib.sha256(b"We will build the bridge by 2030").hexdigest(),
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_a_slip_is_refused_where_it_stands(refused, slip):
    old, new, told, at = (words.format(**NAMES) for words in (slip.old, slip.new, slip.told, slip.at))
    story = mended(old, new)
    line = line_of(at, story) if at else line_of(old)
    [fault] = refused(story)
    assert fault.startswith(f"story.yaml:{line}: ")
    assert told in fault


@pytest.mark.parametrize(
    ("story", "told"),
    [
        ("claims: {", "story.yaml:1: this is not YAML"),
        ("- a list", "story.yaml:1: a file is a mapping of sections, such as claims: {…}."),
        ("", "story.yaml:1: a file is a mapping of sections"),
        ("a text", "story.yaml:1: a file is a mapping of sections"),
        ("? [a, b]\n: c", "story.yaml:1: a key is one plain text."),
        (STORY.encode("utf-16"), "story.yaml:1: this is not UTF-8 text"),
        (STORY.replace("A minister", "Señora").encode("latin-1", "replace"), "story.yaml:1: this is not UTF-8 text"),
        (STORY.replace("A minister", "A\0minister"), "story.yaml:1: this holds a NUL character"),
        (STORY.replace("A minister", '"A\\0minister"'), "story.yaml:14: PostgreSQL text fields cannot contain NUL"),
        (STORY.replace("A minister", "A\x07minister"), "story.yaml:1: this is not YAML"),
        ("notes: " + "[" * 20_000, "story.yaml:1: this is nested too deeply to read."),
        ("notes: " + "[" * 400 + "]" * 400, "story.yaml:1: "),
        ("a: &a [x, x]\n" + "".join(f"a{n}: &a{n} [*a, *a]\n" for n in range(50)), "anchors and tags are not read"),
    ],
    ids=lambda value: None if len(value) > 40 else value,
)
def test_what_is_no_story_is_refused(refused, story, told):
    [fault] = refused(story)
    assert told in fault


def test_an_empty_folder_is_refused(curator, tmp_path):
    with pytest.raises(Rejected, match=r"there is no \.yaml file here"):
        record_yaml.load(tmp_path, by=curator)


def test_one_bad_file_refuses_the_whole_folder(refused):
    [fault] = refused(STORY, later="terms: {kind: {ferries: {label: {}}}}")
    assert fault == "later.yaml:1: “en” is missing; give it a value."


def test_every_fault_of_the_set_is_told_at_once(refused):
    story = mended("reading: literal, passages: [quote]", "reading: literal")
    faults = refused(mended("    passages: [speaker]\nstatus", "    passages: []\nstatus", story))
    assert [fault.split(":")[1] for fault in faults] == [str(line_of(NAMES[n])) for n in ("claim", "said")]


def test_a_draft_of_the_same_id_is_not_written_over(refused):
    models.Actor.objects.create(id=NAMES["actor"], slug="westland", name="Draft", kind="state")
    [fault] = refused(STORY)
    assert "is a draft at the desk; publish or delete it there first" in fault


@pytest.mark.parametrize("written", ["no", "0123", "2021-01-14", "1e3", "0x1F", "12:30:00", "true", ".5", "=", "<<"])
def test_every_value_stays_the_text_that_was_written(written):
    assert parse("a.yaml", f"name: {written}").text("name") == written


@pytest.mark.parametrize("written", ["", "null", "~"])
def test_nothing_is_written_in_three_ways_and_in_quotes_is_something(written):
    assert parse("a.yaml", f"name: {written}").text("name") == ""
    assert parse("a.yaml", f"name: '{written}'").text("name") == written


@pytest.mark.parametrize("written", ["no", "0123", "2021-01-14"])
def test_such_a_name_stands_in_the_record(load, written):
    load(mended("name: A minister", f"name: {written}"))
    assert models.Actor.objects.get(slug="minister-of-westland").name == written


def test_only_a_deadline_and_an_offices_end_may_lie_ahead(load):
    load(mended("to: {basis: unknown, note: Not told.}", "to: {edtf: '2999', basis: stated}"))
    assert models.Office.objects.get(slug="minister").end.latest.year == 2999


def test_the_bytes_of_the_story_fit_its_capture(load, curator):
    load()
    capture = models.Capture.objects.get(pk=NAMES["capture"])
    actions.fill_capture(capture=capture, data=TEXT.encode(), by=curator, reason="At hand.")
    assert set(capture.passages.values_list("anchor", flat=True)) == {"found"}


FRESH = """
  bridge-word:
    id: psg_01m80n3abze7j93g2xgf1h2zzz
    locator: headline
    start: {start}
    end: {end}
    voice: quoted
    {words}
offices:"""


@pytest.fixture
def held(load, curator) -> None:
    load()
    capture = models.Capture.objects.get(pk=NAMES["capture"])
    actions.fill_capture(capture=capture, data=TEXT.encode(), by=curator, reason="At hand.")


def with_passage(start: int, end: int, words: str) -> str:
    return mended("\noffices:", FRESH.format(start=start, end=end, words=words))


@pytest.mark.parametrize(
    ("start", "words"),
    [(28, 'exact: "bridge"'), (29, 'exact: "Bridge"'), (29, f"exact_sha256: {'0' * 64}")],
)
def test_words_that_do_not_stand_in_the_held_text_are_refused(held, refused, start, words):
    story = with_passage(start, start + 6, words)
    [fault] = refused(story)
    assert fault.startswith(f"story.yaml:{line_of(f'    start: {start}', story)}: start: at {start} to {start + 6}")
    assert "the held text has other words; mark the place again" in fault


@pytest.mark.parametrize("words", ['exact: "bridge"', f"exact_sha256: {hashlib.sha256(b'bridge').hexdigest()}"])
def test_words_that_stand_in_the_held_text_are_found(held, load, words):
    assert load(with_passage(29, 35, words)).created == {"passage": 1}
    assert models.Passage.objects.latest("created_at").anchor == "found"
