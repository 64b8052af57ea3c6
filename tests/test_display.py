"""A captured text as it is shown: nothing invisible stays so, nothing turns around what stands beside it."""

from hypothesis import given
from hypothesis import strategies as st

from commitments.captures.display import plain, segments
from commitments.templatetags.captured import captured_text

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


@given(st.text())
def test_the_segments_are_the_text_at_its_positions(text):
    found = list(segments(text))
    assert "".join(segment.text for segment in found) == text
    assert all(text[segment.start : segment.end] == segment.text for segment in found)


@given(st.text(alphabet=st.sampled_from("ab \n" + BIDI)))
def test_no_control_of_direction_is_ever_shown(text):
    assert not set(plain(text)) & set(BIDI)
    assert not set(captured_text(text)) & set(BIDI)


def test_an_invisible_character_says_its_name():
    [before, override, after] = segments("a\u202eb")
    assert (override.start, override.shown, override.name) == (1, "[RLO]", "RIGHT-TO-LEFT OVERRIDE")
    assert (before.name, after.name) == ("", "")


def test_a_joiner_that_spells_persian_is_left_alone_and_one_that_hides_is_not():
    assert plain("می\u200cخواهم") == "می\u200cخواهم"
    assert plain("pay\u200cpal") == "pay[ZWNJ]pal"


def test_a_no_break_space_is_seen():
    assert plain("6\u00a0boats") == "6[NBSP]boats"


def test_script_in_a_text_is_escaped():
    assert "<script>" not in captured_text("<script>alert('x')</script>")
    assert "&lt;script&gt;" in captured_text("<script>")
