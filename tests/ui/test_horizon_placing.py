"""Nothing on the time line covers anything else, and its scale knows the days on which the clocks change."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.evidence import Provenance
from cockpit.domain.level import Level
from cockpit.ui.horizon.placing import GAP, Mark, place
from cockpit.ui.horizon.scale import Scale, Zoom
from tests.ui.states import NOW

LEFT, RIGHT = 16.0, 616.0

marks = st.lists(
    st.builds(
        Mark,
        key=st.uuids().map(str),
        at=st.floats(-100, 900),
        until=st.none() | st.floats(0, 1200),
        level=st.sampled_from(Level),
        provenance=st.sampled_from(Provenance),
        label=st.text("abcdefgh ", max_size=90),
    ),
    max_size=40,
)


@given(marks, st.integers(0, 8))
def test_no_mark_covers_another_and_none_leaves_the_line(made: list[Mark], rows: int) -> None:
    placed, lost = place(made, lambda at: at, lambda text: 7.0 * len(text), LEFT, RIGHT, rows)
    assert len(placed) + lost == len(made)
    for one in placed:
        assert 0 <= one.row < rows
        assert LEFT <= one.begin < one.end <= RIGHT + 0.001
        if one.is_labelled:
            assert one.begin <= one.label_at
            assert one.label_at + one.label_room <= one.end
            assert one.label_at >= one.x + 6 or one.label_at + one.label_room <= one.x - 6
    for number, one in enumerate(placed):
        for other in placed[number + 1 :]:
            if one.row == other.row:
                assert one.end + GAP <= other.begin or other.end + GAP <= one.begin


@given(marks)
def test_the_worst_find_a_place_before_the_others(made: list[Mark]) -> None:
    placed, _ = place(made, lambda at: at, lambda text: 7.0 * len(text), LEFT, RIGHT, 1)
    if placed:
        highest = max(mark.level.rank for mark in made)
        assert any(one.mark.level.rank == highest for one in placed)


def test_with_room_enough_everything_has_its_label() -> None:
    made = [Mark(str(n), n * 100.0, None, Level.READY, Provenance.MEASURED, "label") for n in range(6)]
    placed, lost = place(made, lambda at: at, lambda text: 40.0, LEFT, RIGHT, 1)
    assert lost == 0
    assert all(one.is_labelled for one in placed)


@pytest.mark.parametrize("zoom", Zoom)
@pytest.mark.parametrize(
    "zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]
)
@pytest.mark.parametrize("now", [NOW, 1793000000.0, 1805000000.0, 1806000000.0])
def test_ticks_lie_ahead_in_order_at_full_hours_of_the_desks_zone(zoom: Zoom, zone: str, now: float) -> None:
    scale = Scale(now, zoom, zone, LEFT, RIGHT - LEFT)
    ticks = scale.ticks()
    assert [tick.at for tick in ticks] == sorted({tick.at for tick in ticks})
    for tick in ticks:
        assert now < tick.at < scale.end
        assert LEFT <= scale.x(tick.at) <= RIGHT
    days = [tick for tick in ticks if datetime.fromtimestamp(tick.at, ZoneInfo(zone)).hour == 0]
    assert len(days) in (zoom.days, zoom.days + 1)


def test_what_is_past_stands_at_the_beginning_and_what_is_beyond_at_the_end() -> None:
    scale = Scale(NOW, Zoom.WEEK, "UTC", LEFT, RIGHT - LEFT)
    assert scale.x(NOW - 99) == LEFT
    assert scale.x(NOW + 99 * 86400) == RIGHT
    assert scale.x(NOW + 3.5 * 86400) == (LEFT + RIGHT) / 2


def test_zooming_stops_at_both_ends() -> None:
    assert [zoom.nearer() for zoom in Zoom] == [Zoom.DAY, Zoom.DAY, Zoom.WEEK]
    assert [zoom.farther() for zoom in Zoom] == [Zoom.WEEK, Zoom.MONTH, Zoom.MONTH]
