"""Opening hours of venues: the real package, at dates that are known."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.adapters.calendar import Schedule, VenueCalendar, dst_mismatch, judge
from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.domain.venue_days import TradingSession, closed_from_text, sessions_ahead

pytestmark = pytest.mark.plain

NEW_YORK = ZoneInfo("America/New_York")


def new_york(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).timestamp()


def look(now: float, *venues: str) -> Facts:
    return fold(Facts(), asyncio.run(VenueCalendar().look(venues, now)))


@pytest.mark.parametrize(
    ("now", "opens", "closes", "early"),
    [
        pytest.param("2026-11-24 08:00", "2026-11-24 09:30", "2026-11-24 16:00", False, id="before-the-open"),
        pytest.param("2026-11-24 10:00", "2026-11-25 09:30", "2026-11-24 16:00", False, id="while-open"),
        pytest.param("2026-11-25 18:00", "2026-11-27 09:30", "2026-11-27 13:00", True, id="over-a-holiday"),
        pytest.param("2026-11-28 12:00", "2026-11-30 09:30", "2026-11-30 16:00", False, id="week-end"),
        pytest.param("2026-11-24 09:30", "2026-11-25 09:30", "2026-11-24 16:00", False, id="at-the-open"),
    ],
)
def test_new_york_opens_and_closes_when_its_calendar_says(
    now: str, opens: str, closes: str, early: bool
) -> None:
    moment = new_york(now)
    facts = look(moment, "XNYS")
    opening = facts.look(kinds.NEXT_OPEN, "venue/XNYS")
    closing = facts.look(kinds.NEXT_CLOSE, "venue/XNYS")
    ending = facts.look(kinds.EARLY_CLOSE, "venue/XNYS")
    assert opening
    assert closing
    assert ending
    assert opening.value == new_york(opens)
    assert closing.value == new_york(closes)
    assert ending.value is early


def test_what_a_calendar_says_is_published_and_names_the_package_with_its_version() -> None:
    facts = look(new_york("2026-11-24 08:00"), "XCBF")
    opening = facts.look(kinds.NEXT_OPEN, "venue/XCBF")
    assert opening
    assert opening.provenance is Provenance.PUBLISHED
    assert opening.note.startswith("exchange_calendars ")
    assert "XCBF" in opening.note


def test_an_unknown_venue_stays_unknown_and_does_not_spoil_the_others() -> None:
    facts = look(new_york("2026-11-24 08:00"), "NOWHERE", "XNYS")
    assert facts.look(kinds.NEXT_OPEN, "venue/NOWHERE") is None
    assert facts.look(kinds.NEXT_OPEN, "venue/XNYS") is not None


def test_a_schedule_is_read_again_when_the_present_has_left_it() -> None:
    async def two_looks() -> tuple[Facts, Facts]:
        calendar = VenueCalendar()
        first = await calendar.look(["XNYS"], new_york("2026-11-24 08:00"))
        second = await calendar.look(["XNYS"], new_york("2027-03-02 08:00"))
        return fold(Facts(), first), fold(Facts(), second)

    _, later = asyncio.run(two_looks())
    opening = later.look(kinds.NEXT_OPEN, "venue/XNYS")
    assert opening
    assert opening.value == new_york("2027-03-02 09:30")


@pytest.mark.parametrize(
    ("day", "mismatch"),
    [
        pytest.param("2026-03-07 12:00", False, id="both-winter"),
        pytest.param("2026-03-10 12:00", True, id="only-new-york-summer"),
        pytest.param("2026-04-01 12:00", False, id="both-summer"),
        pytest.param("2026-10-28 12:00", True, id="only-new-york-still-summer"),
        pytest.param("2026-11-02 12:00", False, id="both-winter-again"),
    ],
)
def test_the_weeks_in_which_only_one_side_keeps_summer_time_are_named(day: str, mismatch: bool) -> None:
    assert dst_mismatch(new_york(day)) is mismatch


@given(
    gaps=st.lists(st.tuples(st.integers(1, 90_000), st.integers(1, 90_000)), min_size=2, max_size=8),
    step=st.floats(
        0, 0.999
    ),  # nearer to 1 the sum below is rounded onto the last open, which no schedule covers
)
def test_the_next_open_and_close_always_lie_ahead_and_in_a_session(
    gaps: list[tuple[int, int]], step: float
) -> None:
    days, clock = [], 1_000_000.0
    for closed, opened in gaps:
        clock += closed
        days.append(TradingSession(clock, clock + opened, False))
        clock += opened
    now = days[0].opens + step * (days[-1].opens - days[0].opens)
    facts = fold(Facts(), judge("X", Schedule(tuple(days), "made up"), now))
    opening, closing = facts.look(kinds.NEXT_OPEN, "venue/X"), facts.look(kinds.NEXT_CLOSE, "venue/X")
    assert opening
    assert closing
    assert opening.value > now
    assert closing.value > now
    assert opening.value in {day.opens for day in days}
    assert not any(now < day.opens < opening.value for day in days)
    assert not any(now < day.closes < closing.value for day in days)


def test_the_package_is_not_loaded_before_somebody_looks() -> None:
    asked = "import sys, cockpit.adapters.calendar; print('pandas' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60
    )
    assert answer.stdout.strip() == "False"


def test_the_weeks_ahead_are_told_with_their_early_closes_and_closed_days() -> None:
    now = new_york("2026-11-20 08:00")
    facts = look(now, "XNYS")
    ahead = sessions_ahead(facts, "XNYS", now)
    closed = facts.look(kinds.CLOSED_AHEAD, "venue/XNYS")
    assert ahead
    assert closed
    assert (ahead[0].opens, ahead[0].closes) == (new_york("2026-11-20 09:30"), new_york("2026-11-20 16:00"))
    assert [day.closes for day in ahead if day.ends_early] == [
        new_york("2026-11-27 13:00"),
        new_york("2026-12-24 13:00"),
    ]
    assert [day.date for day in closed_from_text(closed.value)] == ["2026-11-26", "2026-12-25", "2027-01-01"]
    assert ahead[-1].closes - now > 42 * kinds.DAY


def test_a_schedule_is_read_again_before_the_weeks_ahead_run_short() -> None:
    async def two_looks() -> tuple[Facts, Facts]:
        calendar = VenueCalendar()
        first, later = new_york("2026-11-02 08:00"), new_york("2026-12-01 08:00")
        return fold(Facts(), await calendar.look(["XNYS"], first)), fold(
            Facts(), await calendar.look(["XNYS"], later)
        )

    _, second = asyncio.run(two_looks())
    ahead = sessions_ahead(second, "XNYS", new_york("2026-12-01 08:00"))
    assert ahead
    assert ahead[-1].closes - new_york("2026-12-01 08:00") > 42 * kinds.DAY
