"""Foreign text is shown as text: whatever comes in, what goes out can be printed, read and stored."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.foreign_text import LONGEST, clean

# Lone surrogates, controls, bidirectional marks, accents: everything that a stream can hold.
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=1200)


@given(ANY_TEXT)
def test_cleaned_text_is_printable_and_can_be_encoded(text: str) -> None:
    shown = clean(text)
    assert all(char.isprintable() for char in shown)
    shown.encode("utf-8")


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANY_TEXT)
def test_text_that_is_not_empty_stays_not_empty(text: str) -> None:
    assert bool(clean(text)) == bool(text)


@given(ANY_TEXT, st.integers(min_value=40, max_value=LONGEST))
def test_cleaned_text_keeps_to_its_length_and_is_composed(text: str, longest: int) -> None:
    shown = clean(text, longest)
    assert len(shown) <= longest
    assert unicodedata.is_normalized("NFC", shown)


@given(
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="<"), max_size=LONGEST)
)
def test_plain_text_passes_unchanged(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a\u202eb", "a\\u202eb", id="right-to-left override"),
        pytest.param("a\u200bb", "a\\u200bb", id="zero-width space"),
        pytest.param("a\x00b\n", "a\\u0000b\\u000a", id="controls"),
        pytest.param("a\ud800b", "a\ufffdb", id="lone surrogate"),
        pytest.param("e\u0301", "é", id="composed"),
        pytest.param("a\u00a0b", "a b", id="hard blank"),
        pytest.param("one<br>two", "one two", id="line break of HTML"),
        pytest.param("<b>x</b>", "<b>x</b>", id="other HTML stays text"),
        pytest.param("\U000e0041", "\\U000e0041", id="invisible tag letter"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_a_tower_of_accents_is_spelled_out_after_the_third() -> None:
    assert clean("x" + "\u0335" * 5) == "x" + "\u0335" * 3 + "\\u0335\\u0335"


def test_a_long_text_says_how_much_is_missing() -> None:
    shown = clean("x" * 100_000)
    assert LONGEST - 2 <= len(shown) <= LONGEST
    kept = shown.count("x")
    assert shown.endswith(f"({100_000 - kept} more)")
