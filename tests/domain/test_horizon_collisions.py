"""What falls into the hours of a flow is marked, and what is proposed instead falls into nobody's."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.adapters.catalogue import shipped_catalogue
from cockpit.domain import kinds
from cockpit.domain.calendar import RESTART_TAKES
from cockpit.domain.catalogue import Playing
from cockpit.domain.facts import Facts, fold
from cockpit.domain.horizon import HorizonEvent
from cockpit.domain.horizon_events import horizon
from cockpit.domain.horizon_events.collisions import TAKES_AWAY
from cockpit.domain.horizon_events.hours import BEFORE_OPEN, busy_of
from cockpit.domain.horizon_events.moves import STEP, free_time
from cockpit.domain.horizon_events.outlook import strikes, union
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Flow, Plan, SessionEnd
from cockpit.domain.venue_days import TradingSession, sessions_as_text, sessions_from_text
from tests.domain.horizon_desk import DAY, FLOW, NEW_YORK, NOW, PLAN, WEEK, at, hours, line, of

pytestmark = pytest.mark.plain
ZONES = ("America/New_York", "Europe/Berlin", "Australia/Sydney")


@pytest.mark.parametrize(
    ("restart", "hit"),
    [
        ("08:44", False),
        ("08:45", False),
        ("08:50", True),
        ("15:59", True),
        ("16:00", False),
        ("23:45", False),
    ],
)
def test_a_restart_hits_from_half_an_hour_before_the_open_until_the_close(restart: str, hit: bool) -> None:
    found = of(line(plan=replace(PLAN, restart_at=restart), now=at("2026-11-09 07:00"), days=1), "restart")
    assert [bool(event.hits) for event in found] == [hit]


def test_a_colliding_restart_is_marked_with_the_flow_and_a_move() -> None:
    event = of(line(plan=replace(PLAN, restart_at="15:45")), "restart")[0]
    assert event.hits == ("Move a leg",)
    assert event.level is Level.LIMITED
    assert event.move == "Set the restart to 16:30 ET: between the close 16:00 and the next hours at 09:00."


def test_a_proposed_restart_keeps_out_of_the_servers_reset_too() -> None:
    overnight = tuple(
        TradingSession(at(f"2026-11-{day:02d} 05:00"), at(f"2026-11-{day:02d} 23:50")) for day in range(6, 20)
    )
    plan = replace(PLAN, restart_at="23:45")
    seen = hours(overnight)
    plain = of(line(seen, plan=plan), "restart")[0]
    assert "to 00:30 ET" in plain.move
    published = of(line(seen, plan=plan, catalogue=shipped_catalogue().playing), "restart")[0]
    assert "to 03:00 ET" in published.move


def test_a_clock_hits_only_flows_that_use_its_interface() -> None:
    ends = at("2026-11-06 11:00")
    portal = Flow("portal", "Look from the portal", interface=Interface.CLIENT_PORTAL)
    plan = replace(PLAN, flows=(FLOW, portal))
    (event,) = of(line(kinds.SSO_ENDS.seen("gateway", ends, NOW), plan=plan), "sso")
    assert event.hits == ("Look from the portal",)
    assert event.move == "Renew it before 09:00, half an hour ahead of the NYSE open."


def test_an_end_in_running_hours_asks_for_another_way_in() -> None:
    plan = replace(PLAN, flows=(replace(FLOW, interface=Interface.CLIENT_PORTAL),))
    now = at("2026-11-06 10:00")
    seen = (hours(WEEK, now=now), kinds.SSO_ENDS.seen("gateway", now + 3600, now))
    (event,) = of(line(*seen, plan=plan, now=now), "sso")
    assert event.move == "NYSE is open until 16:00: renew it now, or have another way in ready."


def test_a_fixed_end_cannot_be_moved_and_says_what_to_do_after_it() -> None:
    noon = SessionEnd("noon", "Sessions end", -1, "12:00", NEW_YORK)
    (event, *_) = of(line(plan=replace(PLAN, session_ends=(noon,))), "noon")
    assert event.move.startswith("The hour is fixed: sign in again right after 12:00")


def test_an_end_outside_all_hours_says_before_when_to_sign_in_again() -> None:
    (token,) = of(line(), "weekly-token")
    assert (token.hits, token.move) == ((), "Sign in again before Mon 09:00, when Move a leg needs it.")


def test_a_restart_in_a_reset_of_the_servers_is_marked_although_it_hits_no_flow() -> None:
    found = line(plan=replace(PLAN, restart_at="00:30"), catalogue=shipped_catalogue().playing)
    assert [(event.level, event.hits) for event in of(found, "restart")] == [
        (Level.READY, ()),  # Saturday and Sunday: Monday is far
        (Level.READY, ()),
        *[(Level.LIMITED, ())] * 5,
    ]
    monday = of(found, "restart")[2]
    assert "reset then" in monday.sentence
    assert monday.move.startswith("Set the restart to 00:00 ET")


def test_the_usual_restart_is_no_concern_on_the_night_of_the_weekends_maintenance() -> None:
    found = of(line(catalogue=shipped_catalogue().playing), "restart")
    assert {(event.level, event.move) for event in found} == {(Level.READY, "")}


def test_a_rotation_or_an_early_close_in_trading_hours_is_no_collision() -> None:
    early = (replace(WEEK[0], ends_early=True), *WEEK[1:])
    for event in line(hours(early)):
        if event.kind not in TAKES_AWAY:
            assert event.hits == ()


def test_without_known_hours_nothing_is_marked_and_nothing_called_clear() -> None:
    events = horizon(Facts(), replace(PLAN, restart_at="12:00"), Playing(), NOW, 7)
    assert all(event.hits == () and event.move == "" for event in events)
    assert {event.level for event in events} == {Level.UNKNOWN}
    assert {event.unjudged for event in events} == {("XNYS",)}


def test_beyond_the_last_known_session_nothing_is_called_clear() -> None:
    found = of(line(hours(WEEK[:3])), "restart")
    assert [event.level for event in found] == [Level.READY] * 4 + [Level.UNKNOWN] * 3


def test_unknown_hours_of_a_flow_elsewhere_leave_a_clock_clear() -> None:
    portal = Flow("portal", "Look from the portal", interface=Interface.CLIENT_PORTAL, venue="NOWHERE")
    found = of(line(plan=replace(PLAN, flows=(FLOW, portal))), "restart")
    assert {event.level for event in found} == {Level.READY}


def test_when_no_time_of_day_is_free_none_is_proposed() -> None:
    always = tuple(TradingSession(NOW + n * DAY, NOW + (n + 1) * DAY) for n in range(8))
    event = of(line(hours(always)), "restart")[0]
    assert event.move == "No time of day is outside the hours of every flow: choose one night by night."


times = st.builds(lambda h, m: f"{h:02d}:{m:02d}", st.integers(0, 23), st.integers(0, 59))
# Around the changes of the clocks of the three zones, which differ in date and in direction.
days = st.sampled_from(
    [
        date(2026, 10, 2),
        date(2026, 10, 23),
        date(2026, 10, 30),
        date(2027, 3, 12),
        date(2027, 3, 26),
        date(2027, 4, 2),
    ]
)


@st.composite
def venues(draw: st.DrawFn, begin: date) -> list[TradingSession]:
    """Draw the daily sessions of a venue in one of the zones, on some of the days."""
    zone, opens = ZoneInfo(draw(st.sampled_from(ZONES))), draw(times)
    length = draw(st.integers(1, 20)) * 3600.0
    found = []
    for number in range(8):
        if draw(st.booleans()):
            hour, minute = int(opens[:2]), int(opens[3:])
            start = datetime.combine(begin + timedelta(days=number), time(hour, minute), zone).timestamp()
            found.append(TradingSession(start, start + length))
    return found


@st.composite
def desks(draw: st.DrawFn) -> tuple[Plan, Facts, float]:
    begin = draw(days)
    zone = draw(st.sampled_from(ZONES))
    now = datetime.combine(begin, time(draw(st.integers(0, 23))), ZoneInfo(zone)).timestamp()
    names = [f"V{n}" for n in range(draw(st.integers(1, 3)))]
    flows = tuple(Flow(name, f"flow {name}", venue=name) for name in names)
    seen = [hours(draw(venues(begin)), name, now) for name in names]
    plan = Plan(portal=None, flows=flows, restart_at=draw(times), zone=zone)
    return plan, fold(Facts(), seen), now


def nights(clock: str, zone: str, now: float) -> list[float]:
    """Return every instant of ten days at which the clock on the wall shows `clock`, quarter by quarter."""
    wall = ZoneInfo(zone)
    quarters = (now - now % 900 + number * 900 for number in range(1, 10 * 24 * 4))
    return [one for one in quarters if datetime.fromtimestamp(one, wall).strftime("%H:%M") == clock]


@settings(max_examples=60, deadline=None)
@given(desks())
def test_a_proposed_time_never_collides_on_any_night(desk: tuple[Plan, Facts, float]) -> None:
    plan, facts, now = desk
    busy = busy_of(facts, plan, now)
    stretches = union((one.begins, one.closes) for one in busy)
    found = free_time(plan.restart_at, plan.zone, RESTART_TAKES, stretches, (), now)
    if found is None:
        for minute in range(0, 24 * 60, STEP):
            clock = f"{minute // 60:02d}:{minute % 60:02d}"
            end = max(now + DAY, busy[-1].closes if busy else now, *(one.closes for one in busy))
            assert any(
                one.meets(moment, moment + RESTART_TAKES)
                for moment in strikes(clock, plan.zone, now, end, is_twice=True)
                for one in busy
            )
        return
    for moment in nights(found, plan.zone, now):
        assert not any(one.meets(moment, moment + RESTART_TAKES) for one in busy)


@settings(max_examples=60, deadline=None)
@given(desks())
def test_the_line_is_sorted_its_instants_are_utc_and_every_hit_is_one(
    desk: tuple[Plan, Facts, float],
) -> None:
    plan, facts, now = desk
    events = horizon(facts, plan, Playing(), now, 7)
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert len({event.key for event in events}) == len(events)
    busy = busy_of(facts, plan, now)
    for event in of(events, "restart"):
        assert datetime.fromtimestamp(event.at, ZoneInfo(plan.zone)).minute == int(plan.restart_at[3:])
        assert set(event.hits) == {
            one.flow for one in busy if one.begins < event.at + RESTART_TAKES and one.closes > event.at
        }
        assert bool(event.move) is bool(event.hits)


@settings(max_examples=60, deadline=None)
@given(desks(), st.integers(0, 2))
def test_who_knows_less_of_the_hours_is_never_told_that_all_is_well(
    desk: tuple[Plan, Facts, float], forgotten: int
) -> None:
    plan, facts, now = desk
    subject = f"venue/V{forgotten}"
    less = replace(facts, held={key: held for key, held in facts.held.items() if key[0] != subject})
    before = {event.key: event for event in horizon(facts, plan, Playing(), now, 7)}
    for event in horizon(less, plan, Playing(), now, 7):
        assert event.level is not Level.READY or before[event.key].level is Level.READY


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", [2026, 2027])
def test_a_daily_time_strikes_once_a_day_through_the_whole_year(zone: str, year: int) -> None:
    begin, end = at(f"{year}-01-01 00:00", zone), at(f"{year + 1}-01-01 00:00", zone)
    for clock in ("00:00", "01:30", "02:30", "03:00", "23:45"):
        assert len(list(strikes(clock, zone, begin, end))) == 365
        assert len(list(strikes(clock, zone, begin, end, is_twice=True))) in range(365, 368)


@pytest.mark.parametrize("later", [0, 3600], ids=["first", "second"])
def test_an_hour_that_comes_twice_is_free_only_if_it_is_free_both_times(later: int) -> None:
    night = at("2026-11-01 01:30") + later
    busy = ((night - 60, night + 60),)
    assert free_time("01:30", NEW_YORK, RESTART_TAKES, busy, (), at("2026-10-31 12:00")) != "01:30"


def test_what_ends_tws_hits_a_flow_through_its_api() -> None:
    rule = SessionEnd("noon", "Sessions end", -1, "12:00", NEW_YORK, interfaces=(Interface.TWS,))
    plan = replace(PLAN, session_ends=(rule,), flows=(replace(FLOW, interface=Interface.TWS_API),))
    assert of(line(plan=plan), "noon")[0].hits == ("Move a leg",)


def test_the_half_hour_before_the_open_is_half_an_hour() -> None:
    assert BEFORE_OPEN == 1800


@given(st.lists(st.tuples(st.integers(1, 10**10), st.integers(1, 10**6), st.booleans())))
def test_sessions_come_out_of_a_fact_as_they_went_in(made: list[tuple[int, int, bool]]) -> None:
    sessions = [TradingSession(float(a), float(a + b), early) for a, b, early in made]
    assert sorted(sessions_from_text(sessions_as_text(sessions)), key=repr) == sorted(sessions, key=repr)


@given(st.lists(st.text(max_size=40) | st.sampled_from(["5 4", "1 2 x y", "9" * 4000 + " 1", "-1 2"])))
def test_what_another_version_wrote_into_the_fact_is_left_out(texts: list[str]) -> None:
    for session in sessions_from_text(texts):
        assert session.opens < session.closes < 10**11
    moved: HorizonEvent | None = next(
        iter(line(kinds.SESSIONS_AHEAD.seen("venue/XNYS", tuple(texts), NOW))), None
    )
    assert moved is not None
