"""Horizons to draw: a calm week, one in which much collides, and one of which nothing is known. Figures are made up."""

from __future__ import annotations

from functools import cache

from msgspec.structs import replace

from cockpit.adapters.catalogue import shipped_catalogue
from cockpit.domain import kinds
from cockpit.domain.catalogue import Playing, playing
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.domain.horizon_events.data import YEARLY_SUBJECT
from cockpit.domain.interface import Interface
from cockpit.domain.plan import Flow, Plan, SessionEnd
from cockpit.domain.register import Credential, CredentialKind, RecoveryKind, RecoveryPath, Register
from cockpit.domain.venue_days import ClosedDay, TradingSession, closed_as_text, sessions_as_text
from cockpit.services.state import DeskState
from tests.ui import states
from tests.ui.states import NOW, OPEN

DAY = 86400.0
HOUR = 3600.0
_WEEKDAYS = [number for number in range(35) if number % 7 not in (1, 2)]  # NOW is a Friday
_NYSE = tuple(
    TradingSession(OPEN + n * DAY, OPEN + n * DAY + (3.5 if n == 21 else 6.5) * HOUR, n == 21)
    for n in _WEEKDAYS
    if n != 20
)
_THANKSGIVING = ClosedDay(OPEN - 9.5 * HOUR + 20 * DAY, OPEN - 9.5 * HOUR + 21 * DAY, "2026-11-26")
_GLOBEX = tuple(
    TradingSession(OPEN + 8.5 * HOUR + (n - 1) * DAY, OPEN + 7.5 * HOUR + n * DAY) for n in _WEEKDAYS
)
_TWS = (Interface.TWS, Interface.TWS_API, Interface.DESKTOP)
ENDS = (
    SessionEnd(
        "weekly-token",
        "Weekly token ends",
        6,
        "01:00",
        "America/New_York",
        "IBKR guide",
        "2026-10-01",
        _TWS,
        "The next start needs user name, password and second factor.",
    ),
    SessionEnd(
        "portal-daily-america",
        "Client Portal sessions end",
        -1,
        "00:00",
        "America/New_York",
        "IBKR page",
        "2026-07-17",
        (Interface.CLIENT_PORTAL, Interface.WEB_API),
        "Keep-alives do not help: sign in again in the browser, with second factor.",
    ),
)
REGISTER = Register(
    credentials=(
        Credential("Bot consumer key", CredentialKind.OAUTH_CONSUMER, made=NOW - 87 * DAY, rotate_days=90),
        Credential("Flex token", CredentialKind.FLEX_TOKEN, ends=NOW + 5.4 * DAY),
        Credential("backup user", CredentialKind.USERNAME),
    ),
    recovery=(RecoveryPath("Temporary code", RecoveryKind.TEMPORARY_CODE),),
)
PLAN = replace(states.PLAN, session_ends=ENDS, register=REGISTER)


@cache
def catalogue() -> Playing:
    """Return the published rows that the horizon reads, without the large tables."""
    shipped = shipped_catalogue().playing
    return playing(
        windows=tuple(shipped.windows.values()),
        data_rules=tuple(shipped.data_rules.values()),
        auth=tuple(shipped.auth.values()),
    )


def _hours(venue: str, sessions: tuple[TradingSession, ...]) -> list[Observation]:
    note = f"exchange_calendars 4.13, {venue}"
    closed = closed_as_text([_THANKSGIVING] if venue == "XNYS" else [])
    return [
        kinds.SESSIONS_AHEAD.seen(
            f"venue/{venue}", sessions_as_text(sessions), NOW - HOUR, Provenance.PUBLISHED, note
        ),
        kinds.CLOSED_AHEAD.seen(f"venue/{venue}", closed, NOW - HOUR, Provenance.PUBLISHED, note),
        kinds.NEXT_CLOSE.seen(f"venue/{venue}", sessions[0].closes, NOW - HOUR, Provenance.PUBLISHED, note),
    ]


def _said() -> list[Observation]:
    return [
        *states.calm_morning_observations(),
        *_hours("XNYS", _NYSE),
        kinds.CERTIFICATE_ENDS.seen("gateway", NOW + 26 * DAY, NOW - 20),
        kinds.RESTART_TOKEN.seen("program/tws", True, NOW - 60),
        kinds.USED.seen("credential/backup user", NOW - 52 * DAY, NOW - 52 * DAY, Provenance.ATTESTED),
        kinds.LOOKED_AFTER.seen(YEARLY_SUBJECT, NOW - 352 * DAY, NOW - 352 * DAY, Provenance.ATTESTED),
    ]


def calm_week() -> DeskState:
    """Nothing falls into the hours of the playbook."""
    return DeskState(PLAN, fold(Facts(), _said()), catalogue=catalogue())


def colliding_week() -> DeskState:
    """The restart stands in trading hours, resets fall into a night flow, a token has ended, a code runs out."""
    hedge = Flow("night", "Hedge ES overnight", venue="CMES")
    bot = Flow("bot", "Rebalance by the bot", interface=Interface.WEB_API)
    plan: Plan = replace(PLAN, flows=(*PLAN.flows, hedge, bot), restart_at="15:45")
    seen = [
        *_said(),
        *_hours("CMES", _GLOBEX),
        kinds.SSO_ENDS.seen("gateway", NOW + 5 * HOUR, NOW - 400),
        kinds.LIVE_SESSION_ENDS.seen("web-api", NOW - 2.5 * HOUR, NOW - 3 * HOUR),
        kinds.ISSUED.seen("recovery/Temporary code", NOW - 1.2 * DAY, NOW - HOUR, Provenance.ATTESTED),
    ]
    return DeskState(plan, fold(Facts(), seen), catalogue=catalogue())


def nothing_known() -> DeskState:
    """Neither hours nor sessions nor settings."""
    return DeskState(replace(states.PLAN, restart_at="", session_ends=()), Facts(), catalogue=catalogue())


STATES = {"calm": calm_week, "colliding": colliding_week, "nothing": nothing_known}
