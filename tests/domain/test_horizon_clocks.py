"""Each clock stands on the line at its hour, and only when somebody has seen or said it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cockpit.adapters.catalogue import shipped_catalogue
from cockpit.domain import kinds
from cockpit.domain.catalogue import Playing
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.domain.horizon import HorizonKind
from cockpit.domain.horizon_events import horizon
from cockpit.domain.horizon_events.data import YEARLY_SUBJECT
from cockpit.domain.horizon_events.factors import spans_in
from cockpit.domain.horizon_events.unknown import missing_clocks
from cockpit.domain.kinds import Door
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan, Portal
from cockpit.domain.register import Credential, CredentialKind, RecoveryKind, RecoveryPath, Register
from cockpit.domain.venue_days import ClosedDay, TradingSession, closed_as_text
from tests.domain.horizon_desk import DAY, NOW, PLAN, WEEK, at, hours, line, of

pytestmark = pytest.mark.plain
HOUR = 3600.0


@pytest.fixture(scope="module")
def published() -> Playing:
    return shipped_catalogue().playing


def test_of_a_desk_that_said_nothing_only_the_rules_of_the_year_are_known() -> None:
    nothing = Plan(portal=None, restart_at="")
    assert horizon(Facts(), nothing, Playing(), at("2026-07-01 12:00"), 31) == ()


def test_the_sign_in_of_the_portal_ends_when_the_gateway_says_so() -> None:
    (event,) = of(line(kinds.SSO_ENDS.seen("gateway", NOW + 13 * HOUR, NOW - 20)), "sso")
    assert (event.at, event.level, event.provenance) == (NOW + 13 * HOUR, Level.READY, Provenance.MEASURED)
    assert event.seen == NOW - 20


def test_an_end_that_nobody_has_confirmed_lately_is_unknown_and_says_so() -> None:
    (event,) = of(line(kinds.SSO_ENDS.seen("gateway", NOW + 13 * HOUR, NOW - HOUR)), "sso")
    assert event.level is Level.UNKNOWN
    assert "Not confirmed lately" in event.sentence


def test_a_live_session_token_that_has_ended_stays_on_the_line_and_blocks() -> None:
    (event,) = of(line(kinds.LIVE_SESSION_ENDS.seen("web-api", NOW - HOUR, NOW - DAY)), "live-session")
    assert (event.level, event.title) == (Level.BLOCKED, "Live session token has ended")


def test_the_weekly_token_ends_on_sunday_at_one_in_new_york_with_care_on_its_last_day() -> None:
    (soon,) = of(line(), "weekly-token")
    assert (soon.at, soon.level) == (at("2026-11-08 01:00"), Level.READY)
    (last,) = of(line(now=at("2026-11-07 12:00")), "weekly-token")
    assert (last.level, last.kind) == (Level.LIMITED, HorizonKind.TOKEN)


def test_the_restart_strikes_every_day_and_the_one_under_way_is_shown() -> None:
    found = of(line(now=at("2026-11-06 23:50")), "restart")
    assert [event.at for event in found] == [at(f"2026-11-{day:02d} 23:45") for day in range(6, 14)]


def test_a_restart_right_through_which_the_connection_stood_did_not_happen() -> None:
    now = at("2026-11-06 08:30")
    stood = kinds.CONNECTED_AT.seen("tws/tws", at("2026-11-04 08:00"), now - 60)
    begun = kinds.CONNECTED_AT.seen("tws/tws", at("2026-11-05 23:50"), now - 60)
    is_open = kinds.DOOR.seen("tws/tws", Door.OPEN, now - 5)
    is_lost = kinds.DOOR.seen("tws/tws", Door.LOST, now - 5)
    (missed,) = of(line(stood, is_open), "missed-restart/tws")
    assert (missed.at, missed.level, missed.provenance) == (
        at("2026-11-05 23:45"),
        Level.LIMITED,
        Provenance.INFERRED,
    )
    for seen in ((begun, is_open), (stood, is_lost), (stood,)):
        assert not of(line(*seen), "missed-restart/tws")


@pytest.mark.parametrize(
    ("token", "level"), [(True, Level.READY), (False, Level.LIMITED)], ids=["token", "no-token"]
)
def test_a_restart_without_its_token_needs_somebody_to_sign_in(token: bool, level: Level) -> None:
    seen = kinds.RESTART_TOKEN.seen("program/tws", token, NOW)
    assert {event.level for event in of(line(seen), "restart")} == {level}


def test_only_the_resets_of_the_desks_region_and_those_for_all_are_drawn(published: Playing) -> None:
    def series(zone: str) -> set[str]:
        found = line(plan=replace(PLAN, zone=zone), catalogue=published)
        return {event.series for event in found if event.kind is HorizonKind.MAINTENANCE}

    assert series("America/New_York") == {
        "daily-reset-america",
        "web-api-reset-america",
        "weekend-maintenance",
    }
    assert series("Europe/Berlin") == {"daily-reset-europe", "web-api-reset-europe", "weekend-maintenance"}
    assert "daily-reset-asia-second" in series("Asia/Tokyo")


def test_the_region_is_a_guess_and_says_so_while_the_weekend_is_published(published: Playing) -> None:
    found = line(catalogue=published)
    assert {event.provenance for event in of(found, "daily-reset-america")} == {Provenance.INFERRED}
    (weekend,) = of(found, "weekend-maintenance")
    assert weekend.provenance is Provenance.PUBLISHED
    assert (weekend.at, weekend.until) == (at("2026-11-06 23:00"), at("2026-11-07 03:00"))


def test_a_reset_that_runs_already_is_still_on_the_line(published: Playing) -> None:
    running = of(line(catalogue=published, now=at("2026-11-09 01:00")), "daily-reset-america")[0]
    assert (running.at, running.until) == (at("2026-11-09 00:15"), at("2026-11-09 01:45"))


def test_the_phone_falls_back_so_long_after_it_was_opened() -> None:
    opened = kinds.OPENED_AT.seen("mobile", NOW - HOUR, NOW - HOUR, Provenance.ATTESTED)
    for access in (12 * HOUR, 30 * HOUR):
        (event,) = of(line(opened, plan=replace(PLAN, mobile_access=access)), "mobile")
        assert (event.at, event.provenance) == (NOW - HOUR + access, Provenance.ATTESTED)


def recovery(kind: RecoveryKind) -> Plan:
    return replace(PLAN, register=Register(recovery=(RecoveryPath("drawer", kind),)))


def test_a_temporary_code_runs_two_days_for_all_and_ten_more_for_the_portal(published: Playing) -> None:
    issued = kinds.ISSUED.seen("recovery/drawer", NOW - DAY, NOW, Provenance.ATTESTED)
    found = line(issued, plan=recovery(RecoveryKind.TEMPORARY_CODE), catalogue=published, days=31)
    ends = [event.at for event in found if event.kind is HorizonKind.FACTOR]
    assert ends == [NOW + DAY, NOW + 11 * DAY]


def test_an_online_card_runs_three_weeks(published: Playing) -> None:
    issued = kinds.ISSUED.seen("recovery/drawer", NOW, NOW, Provenance.ATTESTED)
    found = line(issued, plan=recovery(RecoveryKind.ONLINE_CARD), catalogue=published, days=31)
    assert [event.at for event in found if event.kind is HorizonKind.FACTOR] == [NOW + 21 * DAY]


def test_a_code_that_was_taken_back_or_never_given_has_no_clock(published: Playing) -> None:
    plan = recovery(RecoveryKind.TEMPORARY_CODE)
    back = kinds.ISSUED.seen("recovery/drawer", 0.0, NOW, Provenance.ATTESTED)
    for seen in ((), (back,)):
        found = line(*seen, plan=plan, catalogue=published, days=31)
        assert not [event for event in found if event.kind is HorizonKind.FACTOR]


@pytest.mark.parametrize(
    ("words", "spans"),
    [
        ("everything for 2 days, then Client Portal only for 10 more", (2 * DAY, 10 * DAY)),
        ("12 hours with a PIN, 30 with biometrics", (12 * HOUR, 30 * HOUR)),
        ("21 days", (21 * DAY,)),
        ("1 year", (365 * DAY,)),
        ("as the app counts", ()),
        ("Sunday 01:00 local time", ()),
    ],
)
def test_lengths_of_time_are_read_from_published_words(words: str, spans: tuple[float, ...]) -> None:
    assert spans_in(words) == spans


def registered(credential: Credential) -> Plan:
    return replace(PLAN, register=Register(credentials=(credential,)))


@pytest.mark.parametrize(
    ("age", "level"),
    [(80, Level.READY), (85, Level.LIMITED), (100, Level.LIMITED)],
    ids=["far", "soon", "over"],
)
def test_a_key_is_due_by_the_desks_own_rule_and_stays_when_it_is_over(age: int, level: Level) -> None:
    key = Credential("consumer", CredentialKind.OAUTH_CONSUMER, made=NOW - age * DAY, rotate_days=90)
    (event,) = [e for e in line(plan=registered(key), days=31) if e.kind is HorizonKind.ROTATION]
    assert (event.at, event.level) == (NOW + (90 - age) * DAY, level)


def test_a_flex_token_ends_and_then_blocks() -> None:
    token = Credential("flex", CredentialKind.FLEX_TOKEN, ends=NOW + 3 * DAY)
    (event,) = of(line(plan=registered(token)), "ends/flex")
    assert event.level is Level.LIMITED
    (over,) = of(line(plan=registered(token), now=NOW + 4 * DAY), "ends/flex")
    assert (over.level, over.title) == (Level.BLOCKED, "flex has ended")


def test_an_ended_certificate_warns_and_does_not_block() -> None:
    (event,) = of(line(kinds.CERTIFICATE_ENDS.seen("gateway", NOW - 99 * DAY, NOW)), "certificate/gateway")
    assert event.level is Level.LIMITED


def test_a_backup_user_loses_its_data_after_sixty_days(published: Playing) -> None:
    user = registered(Credential("backup", CredentialKind.USERNAME))
    used = kinds.USED.seen("credential/backup", NOW - 52 * DAY, NOW - 52 * DAY, Provenance.ATTESTED)
    (event,) = of(line(used, plan=user, catalogue=published, days=31), "idle/backup")
    assert (event.at, event.level) == (NOW + 8 * DAY, Level.LIMITED)
    assert not of(line(used, plan=user, days=31), "idle/backup"), (
        "without the published row nothing is claimed"
    )


def test_the_yearly_form_comes_a_year_after_the_traders_word(published: Playing) -> None:
    said = kinds.LOOKED_AFTER.seen(YEARLY_SUBJECT, NOW - 350 * DAY, NOW - 350 * DAY, Provenance.ATTESTED)
    (event,) = of(line(said, catalogue=published, days=31), "non-professional")
    assert event.at == NOW + 15 * DAY


def test_early_closes_and_closed_days_come_from_the_calendar() -> None:
    early = TradingSession(at("2026-11-09 09:30"), at("2026-11-09 13:00"), ends_early=True)
    closed = ClosedDay(at("2026-11-10 00:00"), at("2026-11-11 00:00"), "2026-11-10")
    found = line(
        hours((early, *WEEK[3:])),
        kinds.CLOSED_AHEAD.seen(
            "venue/XNYS", closed_as_text([closed]), NOW, Provenance.PUBLISHED, "calendar"
        ),
    )
    market = [(event.title, event.at, event.until) for event in found if event.kind is HorizonKind.MARKET]
    assert market == [
        ("NYSE closes early", early.closes, None),
        ("NYSE closed", closed.begins, closed.ends),
    ]


@pytest.mark.parametrize(
    ("now", "begins", "ends"),
    [
        ("2026-10-20 12:00", "2026-10-25 01:00", "2026-11-01 06:00"),
        ("2027-03-10 12:00", "2027-03-14 07:00", "2027-03-28 01:00"),
    ],
    ids=["autumn", "spring"],
)
def test_the_weeks_in_which_only_one_side_has_changed_its_clocks_are_drawn(
    now: str, begins: str, ends: str
) -> None:
    found = [e for e in line(now=at(now), days=7) if e.series == "zones"]
    assert [(e.at, e.until) for e in found] == [(at(begins, "UTC"), at(ends, "UTC"))]
    assert found[0].title == "New York and Europe 5 h apart"


def test_what_is_not_known_is_named_with_what_would_make_it_known(published: Playing) -> None:
    plan = replace(
        PLAN,
        restart_at="",
        portal=Portal(),
        register=Register(credentials=(Credential("backup", CredentialKind.USERNAME),)),
    )
    missing = missing_clocks(Facts(), plan, published, NOW)
    assert {one.key for one in missing} == {
        "hours/XNYS",
        "restart",
        "sso",
        "mobile",
        "idle/backup",
        "non-professional",
    }
    known = fold(Facts(), [hours(WEEK), kinds.OPENED_AT.seen("mobile", NOW, NOW)])
    assert {one.key for one in missing_clocks(known, PLAN, Playing(), NOW)} == {"windows"}
