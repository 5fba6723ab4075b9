"""The palette's search: letters in order, words' beginnings first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.ui.actions import ACTIONS
from cockpit.ui.commands import found, score

titles = st.sampled_from([row.title for row in ACTIONS])


@pytest.mark.parametrize(
    ("needle", "first"),
    [
        ("chev", "Check everything"),
        ("stop", "Stop the check"),
        ("dark", "Dark or light"),
        ("gts", "Go to Sessions"),
        ("afi", "Arrange for incident"),
        ("", ACTIONS[0].title),
    ],
)
def test_a_few_letters_find_the_command_that_was_meant(needle: str, first: str) -> None:
    assert found(needle, ACTIONS)[0].title == first


@given(titles, st.data())
def test_any_letters_of_a_title_in_order_find_it(title: str, data: st.DataObject) -> None:
    places = data.draw(st.lists(st.integers(0, len(title) - 1), unique=True).map(sorted))
    needle = "".join(title[place] for place in places)
    assert score(needle, title) is not None
    assert title in [row.title for row in found(needle, ACTIONS)]


@given(titles)
def test_the_whole_title_costs_nothing_more_than_any_other(title: str) -> None:
    assert score(title, title) == 0


@given(st.text(min_size=1), titles)
def test_letters_that_are_not_there_are_not_found(needle: str, title: str) -> None:
    if not set(needle.casefold().replace(" ", "")) <= set(title.casefold()):
        assert score(needle, title) is None
