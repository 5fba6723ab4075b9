"""What one more sign-in takes, from whom and when: said before it is done, with the source of every rule."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain.catalogue import Playing
from cockpit.domain.confidence import Confidence
from cockpit.domain.custody.holding import live_sockets
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import Facts
from cockpit.domain.horizon_events.outlook import DAY, Outlook
from cockpit.domain.horizon_events.resets import resets
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Mode, Plan
from cockpit.domain.portal_session import portal_session
from cockpit.domain.reference import InterfaceRow, MarketDataRule
from cockpit.domain.register import CredentialKind
from cockpit.domain.session import Session, Stage
from cockpit.domain.socket_session import socket_session
from cockpit.domain.words import counted, listed, masked, moment, zone_letters

_AHEAD = 8 * DAY  # a week, and the day on which it begins
_HOLDING = (Stage.TRADING, Stage.SIGNED_IN, Stage.LIMITED)
_NOBODY = "whoever holds it now; no session of this desk does, and others cannot be seen from here"
_PROVENANCE = {Confidence.DOCUMENTED: Provenance.PUBLISHED, Confidence.ATTESTED: Provenance.ATTESTED}
_ROWS = {  # the catalogue's rows that say what is published of an interface
    Interface.TWS: "tws",
    Interface.TWS_API: "ib-gateway-tws-api",
    Interface.CLIENT_PORTAL: "client-portal",
    Interface.DESKTOP: "ibkr-desktop",
    Interface.MOBILE: "ibkr-mobile",
    Interface.WEB_API: "web-api-cp-gateway",
}
_TITLES = {
    Interface.CLIENT_PORTAL: "Client Portal in the browser",
    Interface.WEB_API: "Client Portal gateway",
    Interface.TWS: "A second Trader Workstation",
}
SIGN_INS = (
    Interface.CLIENT_PORTAL,
    Interface.MOBILE,
    Interface.DESKTOP,
    Interface.WEB_API,
    Interface.TWS,
    Interface.FLEX,
)
"""The interfaces for which a forecast makes sense; a program at the TWS API signs in nowhere."""


def title_of(interface: Interface) -> str:
    """Return the name of a sign-in on screen."""
    return _TITLES.get(interface, interface.label)


class Taking(Struct, frozen=True):
    """One thing that a sign-in takes: what, from whom, when, and the rule. `as_of` is "" when not published."""

    what: str
    whose: str
    when: str
    rule: str
    level: Level
    provenance: Provenance
    source: str = ""
    as_of: str = ""


class Forecast(Struct, frozen=True):
    """What a sign-in with the desk's own username takes, and how to take nothing. Worst first."""

    interface: Interface
    level: Level
    headline: str
    takings: tuple[Taking, ...]
    advice: str


def forecast(interface: Interface, facts: Facts, plan: Plan, catalogue: Playing, now: float) -> Forecast:
    """Foretell a sign-in at `interface` with the desk's own username, as of `now` (UTC epoch seconds)."""
    if interface in (Interface.FLEX, Interface.TWS_API):
        why = (
            "A statement is fetched with a token of its own; it is no session."
            if interface is Interface.FLEX
            else "A program joins the session that TWS holds and takes one client id of it."
        )
        return Forecast(interface, Level.READY, f"{title_of(interface)}: takes nothing", (), why)
    holders = _holders(facts, plan, now)
    whose = listed(holders) if holders else _NOBODY
    level = Level.LIMITED if holders else Level.UNKNOWN
    row = catalogue.interfaces.get(_ROWS[interface])
    takings = [_trading(interface, row, whose, level)]
    if interface is Interface.CLIENT_PORTAL and holders:
        takings.append(_way_back(row, whose, facts, plan, catalogue, now))
    takings += _paper_data(interface, facts, plan, catalogue, now)
    what = counted(len(takings), "thing")
    head = (
        f"{interface.label}: can take {what} from {whose}"
        if holders
        else f"{interface.label}: nobody knows from whom"
    )
    return Forecast(interface, level, head, tuple(takings), _advice(plan))


def in_words(found: Forecast) -> str:
    """Say a forecast as a question box needs it: what is taken, from whom, when, and what to do instead."""
    lines = [f"{found.headline}."]
    lines += [f"{_capital(one.what)}, from {one.whose}: {one.when}. {one.rule}" for one in found.takings]
    return "\n\n".join((*lines, found.advice))


def _holders(facts: Facts, plan: Plan, now: float) -> list[str]:
    """Name the sessions of the live username that stand now."""
    rows = [socket_session(facts, plan, socket, now) for socket in live_sockets(plan)]
    if plan.portal is not None:
        portal = portal_session(facts, plan, plan.portal, now)
        if portal.stage is Stage.TRADING:
            rows.append(portal)
    return [_named(row) for row in rows if row.stage in _HOLDING and row.level is not Level.UNKNOWN]


def _named(row: Session) -> str:
    return (
        f"{row.title} ({', '.join(masked(one) for one in row.accounts[:2])})" if row.accounts else row.title
    )


def _trading(interface: Interface, row: InterfaceRow | None, whose: str, level: Level) -> Taking:
    """One brokerage session for a username, over every interface: IBKR's pages on TWS, mobile and Web API alike."""
    when = {
        Interface.CLIENT_PORTAL: "as soon as one of its trading tools is used",
        Interface.WEB_API: "at the sign-in: the gateway asks for the trading session by itself",
        Interface.TWS: "at the sign-in, after a dialog that lets one side win",
    }.get(interface, "when it trades; a dialog at the other side lets one win")
    rule = "A username has one brokerage session, over all interfaces together."
    if row is not None:
        rule = (row.read_only if interface is Interface.CLIENT_PORTAL else row.concurrency) or rule
    seen = _said(row)
    if interface is Interface.WEB_API:  # observed at the gateway's build of 2023, and published nowhere
        seen = Provenance.INFERRED
    return Taking("trading and live data", whose, when, rule, level, seen, *_source(row))


def _way_back(
    row: InterfaceRow | None, whose: str, facts: Facts, plan: Plan, catalogue: Playing, now: float
) -> Taking:
    """A TWS whose username is signed in to Client Portal does not come back after a reset (IBKR, TWS API manual)."""
    outlook = Outlook(facts, plan, catalogue, now, now + _AHEAD)
    coming = (
        event.at
        for event in resets(outlook)
        if event.at > now and (not event.interfaces or Interface.TWS in event.interfaces)
    )
    at = min(coming, default=None)
    when = "after the next server reset"
    if at is not None:
        when += f", {moment(at, now, plan.zone)} {zone_letters(at, plan.zone)}"
    rule = "TWS does not connect again by itself while the same username is signed in to Client Portal."
    if row is not None and row.concurrency:
        rule = row.concurrency
    return Taking("the way back", whose, when, rule, Level.LIMITED, _said(row), *_source(row))


def _paper_data(
    interface: Interface, facts: Facts, plan: Plan, catalogue: Playing, now: float
) -> list[Taking]:
    """A paper user that shares the data of the live one loses them to it."""
    rows = [
        socket_session(facts, plan, socket, now)
        for socket in plan.sockets
        if socket.mode is Mode.PAPER and len(plan.sockets) > 1
    ]
    standing = [_named(row) for row in rows if row.stage in _HOLDING and row.level is not Level.UNKNOWN]
    key = "paper-portal-conflict" if interface is Interface.CLIENT_PORTAL else "paper-sharing"
    rule = catalogue.data_rules.get(key)
    if not standing or rule is None:
        return []
    return [
        Taking(
            "shared live data",
            listed(standing),
            "at the sign-in, if the paper user shares them",
            rule.sentence,
            Level.LIMITED,
            _said(rule),
            *_source(rule),
        )
    ]


def _advice(plan: Plan) -> str:
    own = plan.register.username
    others = [
        one.username or one.name
        for one in plan.register.credentials
        if one.kind is CredentialKind.USERNAME and (one.username or one.name) != own
    ]
    if others:
        return f"Sign in as {listed(others, 2)} instead: every username has its own session and its own data."
    return (
        "A second username takes nothing: it has a session of its own, and data of its own that are paid for "
        "separately. It is made in Client Portal, Settings, Users & Access Rights."
    )


def _said(row: InterfaceRow | MarketDataRule | None) -> Provenance:
    return _PROVENANCE.get(row.confidence, Provenance.INFERRED) if row is not None else Provenance.INFERRED


def _source(row: InterfaceRow | MarketDataRule | None) -> tuple[str, str]:
    if row is None:
        return "", ""
    return row.source, "" if row.as_of == "unknown" else row.as_of


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
