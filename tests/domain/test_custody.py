"""Who holds trading and live data, minute by minute: evidence only, and what nobody saw is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.custody.history import KEPT, History, heard
from cockpit.domain.custody.holding import Holder
from cockpit.domain.custody.ribbon import Ribbon, Track, custody_ribbon, day_begin, summary, unknown_seconds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.kinds import Door, FeedState, PortalStage, Upstream
from cockpit.domain.oauth import OAuthState
from cockpit.domain.plan import Plan
from tests.domain.custody_days import (
    BOTH,
    MINUTE,
    PAPER,
    PLAN,
    START,
    TWS,
    beats,
    connected,
    day,
    door,
    feed,
    opened,
    taken,
)


def ribbon(history: History, minutes: float, plan: Plan = PLAN) -> Ribbon:
    return custody_ribbon(history, plan, START, START + minutes * MINUTE)


def told(found: Ribbon, track: Track) -> list[tuple[int, int, str]]:
    """Say a track as minutes and names; what is shorter than the freshness of a heartbeat is rounded."""
    return [
        (round((one.start - START) / MINUTE), round((one.end - START) / MINUTE), one.hold.who)
        for one in found.track(track)
    ]


def test_a_session_that_answers_holds_trading_and_what_nobody_saw_is_unknown() -> None:
    found = ribbon(day(connected(10), *beats(10, 60)), 120)
    assert told(found, Track.TRADING) == [
        (0, 10, "not known"),
        (10, 60, "Trader Workstation"),
        (60, 120, "not known"),
    ]
    assert [one.hold.holder for one in found.trading] == [Holder.UNKNOWN, Holder.DESK, Holder.UNKNOWN]
    assert found.trading[1].hold.provenance is Provenance.MEASURED
    assert found.trading[0].hold.provenance is None


def test_a_session_is_over_the_moment_its_door_is_lost() -> None:
    found = ribbon(day(*beats(0, 60), door(60, Door.LOST), door(61, Door.REFUSED)), 120)
    end = found.trading[0].end
    assert end == START + 60 * MINUTE


def test_a_code_1100_alone_blames_nobody() -> None:
    found = ribbon(
        day(*beats(0, 30), *beats(30, 40, Upstream.DOWN), *beats(40, 60, Upstream.UP_DATA_KEPT)), 60
    )
    assert told(found, Track.TRADING) == [
        (0, 30, "Trader Workstation"),
        (30, 40, "cut off"),
        (40, 60, "Trader Workstation"),
    ]
    assert found.trading[1].hold.holder is Holder.UNKNOWN
    assert [mark.title for mark in found.marks] == ["1100", "1102"]


def test_a_code_1100_at_the_time_the_phone_was_opened_points_to_the_phone_by_inference() -> None:
    found = ribbon(day(*beats(0, 30), opened(29, 35), *beats(30, 40, Upstream.DOWN)), 40)
    assert found.trading[-1].hold.who == "IBKR Mobile"
    assert found.trading[-1].hold.provenance is Provenance.INFERRED
    assert [mark.title for mark in found.marks] == ["mobile", "1100"]


def test_a_phone_opened_hours_before_is_not_blamed() -> None:
    found = ribbon(day(opened(1, 1), *beats(0, 90), *beats(90, 100, Upstream.DOWN)), 100)
    assert found.trading[-1].hold.who == "cut off"


def test_data_are_ours_only_while_a_live_price_is_fresh() -> None:
    found = ribbon(day(*beats(0, 60), feed(20)), 60)
    assert told(found, Track.DATA) == [
        (0, 20, "not looked"),
        (20, 25, "Trader Workstation"),
        (25, 60, "not looked"),
    ]
    assert unknown_seconds(found, Track.DATA) == 55 * MINUTE


def test_taken_data_stay_taken_until_a_live_price_comes_again() -> None:
    found = ribbon(day(*beats(0, 120), taken(20), taken(90, is_taken=False), feed(90)), 120)
    assert told(found, Track.DATA) == [
        (0, 20, "not looked"),
        (20, 25, "another login"),
        (25, 90, "another login"),
        (90, 95, "Trader Workstation"),
        (95, 120, "not looked"),
    ]
    measured, later = found.data[1].hold, found.data[2].hold
    assert (measured.provenance, later.provenance) == (Provenance.MEASURED, Provenance.INFERRED)
    assert told(found, Track.TRADING) == [(0, 120, "Trader Workstation")], "orders are not prices"


def test_taken_data_are_forgotten_when_the_session_begins_anew() -> None:
    found = ribbon(day(*beats(0, 120), taken(20), connected(50)), 120)
    assert told(found, Track.DATA)[-1] == (50, 120, "not looked")


def test_a_price_refused_for_another_session_says_who_has_it() -> None:
    found = ribbon(day(*beats(0, 10), feed(3, FeedState.COMPETING)), 10)
    assert found.data[1].hold.holder is Holder.OTHER


def test_client_portal_trading_or_competing_is_believed() -> None:
    def stage(minute: float, word: PortalStage) -> Observation:
        return kinds.PORTAL_STAGE.seen("gateway", word, START + minute * MINUTE)

    found = ribbon(day(stage(0, PortalStage.TRADING), stage(1, PortalStage.COMPETING)), 2)
    assert told(found, Track.TRADING) == [(0, 1, "Client Portal"), (1, 2, "another login")]


def test_the_web_api_holds_trading_when_its_own_session_trades() -> None:
    seen = kinds.OAUTH_STATE.seen("web-api", OAuthState.TRADING, START)
    assert told(ribbon(day(seen), 1), Track.TRADING) == [(0, 1, "Web API (OAuth)")]
    seen = kinds.OAUTH_STATE.seen("web-api", OAuthState.COMPETING, START)
    assert told(ribbon(day(seen), 1), Track.TRADING) == [(0, 1, "another login")]


def test_two_sessions_at_once_must_have_two_usernames() -> None:
    stage = kinds.PORTAL_STAGE.seen("gateway", PortalStage.TRADING, START)
    found = ribbon(day(*beats(0, 1), stage), 1)
    assert found.trading[0].hold.who == "Trader Workstation, Client Portal"
    assert "username of its own" in found.trading[0].hold.sentence


def test_a_paper_session_says_nothing_of_the_live_username() -> None:
    found = ribbon(day(*beats(0, 60, subject=PAPER), feed(5, subject=PAPER)), 60, BOTH)
    assert {one.hold.holder for one in (*found.trading, *found.data)} == {Holder.UNKNOWN}


def test_a_ribbon_says_itself_line_by_line() -> None:
    said = summary(ribbon(day(connected(10), *beats(10, 60), taken(30)), 60), "America/New_York")
    assert "01:10 to 02:00 (50 min), Trading: Trader Workstation, measured." in said
    assert "01:30:00 Trader Workstation: another session took the live data (10197)." in said


def test_nothing_is_drawn_of_a_day_that_has_not_begun() -> None:
    assert custody_ribbon(History(), PLAN, START, START) == Ribbon(START, START)


@pytest.mark.parametrize(
    ("first", "now", "begin"),
    [(10, 600, 0), (312, 451, 300), (440, 451, 360), (None, 451, 360), (None, 30, -60), (-90, 451, 360)],
    ids=["early", "at six", "just now", "never", "after midnight", "yesterday"],
)
def test_a_ribbon_begins_with_the_hour_of_the_first_word_of_today(
    first: float | None, now: float, begin: float
) -> None:
    history = day(connected(first)) if first is not None else History()
    found = day_begin(history, "America/New_York", START + now * MINUTE)
    assert (found - START) / MINUTE == begin


# The history.


def test_heartbeats_of_hours_are_one_span() -> None:
    history = day(*beats(0, 300))
    assert [(span.fact, span.first) for span in history.spans] == [("upstream", START), ("door", START)]


def test_a_gap_longer_than_the_freshness_begins_a_new_span() -> None:
    history = day(*beats(0, 1), *beats(2, 3))
    assert [span.first for span in history.spans if span.fact == "upstream"] == [START, START + 2 * MINUTE]


def test_what_says_nothing_of_custody_leaves_the_history_as_it_is() -> None:
    history = day(connected(0))
    assert heard(history, [kinds.ROUND_TRIP.seen(TWS, 0.1, START)], START) is history


def test_what_comes_late_or_from_the_future_is_left_out() -> None:
    history = day(*beats(5, 6))
    late = kinds.UPSTREAM.seen(TWS, Upstream.DOWN, START)
    ahead = kinds.UPSTREAM.seen(TWS, Upstream.DOWN, START + 9 * MINUTE)
    assert heard(history, [late, ahead], START + 6 * MINUTE) == history


def test_spans_older_than_a_day_and_a_half_are_dropped() -> None:
    later = START + KEPT + MINUTE
    history = heard(day(connected(0)), [kinds.DOOR.seen(TWS, Door.OPEN, later)], later)
    assert [span.first for span in history.spans] == [later]


moments = st.integers(0, 200).map(float)
observations = st.one_of(
    st.builds(
        lambda at, up: kinds.UPSTREAM.seen(TWS, up, START + at * 10), moments, st.sampled_from(Upstream)
    ),
    st.builds(lambda at, word: kinds.DOOR.seen(TWS, word, START + at * 10), moments, st.sampled_from(Door)),
    st.builds(lambda at, is_taken: taken(at / 6, is_taken), moments, st.booleans()),
    st.builds(lambda at, word: feed(at / 6, word), moments, st.sampled_from(FeedState)),
    st.builds(lambda at: connected(at / 6), moments),
    st.builds(lambda at: opened(at / 6, at / 6), moments),
    st.builds(
        lambda at, word: kinds.PORTAL_STAGE.seen("gateway", word, START + at * 10),
        moments,
        st.sampled_from(PortalStage),
    ),
)
days = st.lists(observations, max_size=30)


@given(days)
def test_both_tracks_cover_the_whole_day_without_gap_or_overlap(seen: Sequence[Observation]) -> None:
    found = ribbon(day(*seen), 40)
    for track in Track:
        stretches = found.track(track)
        assert (stretches[0].start, stretches[-1].end) == (found.start, found.end)
        for one, after in pairwise(stretches):
            assert one.end == after.start
            assert one.hold != after.hold


@given(days, st.data())
def test_it_makes_no_difference_in_which_batches_a_day_is_heard(
    seen: Sequence[Observation], data: st.DataObject
) -> None:
    ordered = sorted(seen, key=lambda one: one.at)
    cut = data.draw(st.integers(0, len(ordered)))
    now = START + 60 * MINUTE
    assert heard(heard(History(), ordered[:cut], now), ordered[cut:], now) == heard(History(), ordered, now)


@given(days)
def test_the_desk_holds_nothing_without_a_fresh_word_for_it(seen: Sequence[Observation]) -> None:
    good = {Upstream.UP, Upstream.UP_DATA_LOST, Upstream.UP_DATA_KEPT, PortalStage.TRADING}
    found = ribbon(day(*seen), 40)
    for one in found.trading:
        if one.hold.holder is Holder.DESK:
            middle = (one.start + one.end) / 2
            assert any(word.value in good and -1 <= middle - word.at <= 90 for word in seen)


@pytest.mark.parametrize("track", Track)
def test_the_last_stretch_is_who_holds_it_now(track: Track) -> None:
    found = ribbon(day(*beats(0, 60), feed(58)), 60)
    hold = found.holds(track)
    assert hold is not None
    assert hold.who == "Trader Workstation"
    assert replace(found, trading=(), data=()).holds(track) is None
