"""The broker's trading hours, read into instants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.tws.trading_hours import (
    ALIASES,
    HoursUnreadable,
    Outlook,
    Period,
    outlook,
    read_hours,
    zone_of,
)

MINUTE = 60.0
DAY = 24 * 60 * MINUTE


def utc(text: str) -> float:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC).timestamp()


def test_a_stock_day_and_a_closed_day() -> None:
    hours = read_hours("20261124:0930-20261124:1600;20261126:CLOSED", "US/Eastern")
    assert hours == (Period(utc("2026-11-24 14:30"), utc("2026-11-24 21:00")),)


def test_ranges_that_touch_are_one_session() -> None:
    hours = read_hours("20261124:0400-20261124:0930;20261124:0930-20261124:1600", "US/Eastern")
    assert len(hours) == 1


def test_an_overnight_session_crosses_midnight() -> None:
    (period,) = read_hours("20261122:1700-20261123:1600", "US/Central")
    assert period.end - period.start == 23 * 60 * MINUTE


def test_the_older_format_without_second_date() -> None:
    hours = read_hours("20090507:0700-1830,1900-2330;20090508:CLOSED", "GMT")
    assert hours == (
        Period(utc("2009-05-07 07:00"), utc("2009-05-07 18:30")),
        Period(utc("2009-05-07 19:00"), utc("2009-05-07 23:30")),
    )


def test_hours_follow_daylight_saving_of_the_zone() -> None:
    winter = read_hours("20270312:0930-20270312:1600", "US/Eastern")[0]
    summer = read_hours("20270315:0930-20270315:1600", "US/Eastern")[0]
    assert summer.start - winter.start == 3 * DAY - 60 * MINUTE


@pytest.mark.parametrize(
    "name", [*ALIASES, "Europe/London", "Africa/Johannesburg", "EST (Eastern Standard Time)"]
)
def test_every_name_the_api_uses_is_known(name: str) -> None:
    assert isinstance(zone_of(name), ZoneInfo)


def test_est_saves_daylight_like_new_york() -> None:
    assert zone_of("EST").key == "America/New_York"


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "20261124:0930",
        "20261124:0930-20261124:2530",
        "20261324:0930-20261324:1600",
        "20261124:1600-20261124:0930",
        "20261124:0930-20261124:1600;half",
        "٢٠٢٦1124:0930-20261124:1600",
    ],
)
def test_a_list_that_is_not_understood_whole_is_refused(text: str) -> None:
    with pytest.raises(HoursUnreadable):
        read_hours(text, "US/Eastern")


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "a" * 5000, "\0"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(HoursUnreadable):
        read_hours("20261124:0930-20261124:1600", name)


def test_outside_every_session_only_the_next_opening_is_told() -> None:
    hours = (Period(100.0, 200.0), Period(300.0, 400.0))
    assert outlook(hours, 250.0) == Outlook(0.0, 300.0)
    assert outlook(hours, 150.0) == Outlook(200.0, 300.0)
    assert outlook(hours, 400.0) == Outlook(0.0, 0.0)
    assert outlook((), 0.0) == Outlook(0.0, 0.0)


starts = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
lengths = st.integers(min_value=1, max_value=3 * 24 * 60)


@given(st.lists(st.tuples(starts, lengths), max_size=8))
def test_written_hours_are_read_back(sessions: list[tuple[datetime, int]]) -> None:
    """In a zone without daylight saving, every minute of every session is open, and no minute outside."""
    text = ";".join(
        f"{start:%Y%m%d:%H%M}-{start + timedelta(minutes=minutes):%Y%m%d:%H%M}" for start, minutes in sessions
    )
    hours = read_hours(text, "GMT")
    assert list(hours) == sorted(hours)
    assert all(one.end < other.start for one, other in pairwise(hours))
    for start, minutes in sessions:
        first = start.timestamp()
        last = first + minutes * MINUTE
        assert outlook(hours, first).open_until >= last
        ahead = outlook(hours, last - 1)
        assert ahead.open_until >= last
    total = sum(period.end - period.start for period in hours)
    assert total <= sum(minutes for _, minutes in sessions) * MINUTE


@given(st.text(max_size=60), st.sampled_from(["US/Eastern", "GMT", "Japan"]))
def test_any_text_is_read_or_refused(text: str, zone: str) -> None:
    try:
        hours = read_hours(text, zone)
    except HoursUnreadable:
        return
    assert all(period.start < period.end for period in hours)
