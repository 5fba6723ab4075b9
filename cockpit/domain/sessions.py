"""The Sessions pane as a pure function: one row per sign-in, and who holds trading."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import Facts
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.portal_session import portal_session
from cockpit.domain.remedy import Remedy
from cockpit.domain.session import Session, Stage
from cockpit.domain.socket_session import socket_session
from cockpit.domain.web_api_session import web_api_session
from cockpit.domain.words import moment


def sessions(facts: Facts, plan: Plan, now: float) -> tuple[Session, ...]:
    """Return one row per sign-in, the desk's own doors first."""
    rows = [socket_session(facts, plan, socket, now) for socket in plan.sockets]
    if plan.portal is not None:
        rows.append(portal_session(facts, plan, plan.portal, now))
    if plan.web_api is not None:
        rows.append(web_api_session(facts, plan.web_api, now, plan.zone))
    rows.append(_mobile(facts, plan, now))
    rows.append(_desktop(facts, plan, now))
    return tuple(rows)


def custody(facts: Facts, plan: Plan, now: float) -> str:
    """Say who holds trading: this desk, another login, or nobody known."""
    rows = [socket_session(facts, plan, socket, now) for socket in plan.sockets]
    if any(row.word == "Live data taken" for row in rows):
        return "live data: another login"
    holds = (Stage.TRADING, Stage.SIGNED_IN, Stage.LIMITED)
    if any(row.stage in holds and row.level.is_usable for row in rows):
        return "this desk"
    if plan.portal is not None:
        gateway = portal_session(facts, plan, plan.portal, now)
        if gateway.level.is_usable and gateway.word == "Held elsewhere":
            return "another login"
        if gateway.level.is_usable and gateway.stage is Stage.TRADING:
            return "Client Portal"
    return "not known"


def _mobile(facts: Facts, plan: Plan, now: float) -> Session:
    seen = facts.look(kinds.OPENED_AT, "mobile")
    row = Interface.MOBILE
    if seen is None:
        return Session(
            "mobile",
            row,
            row.label,
            Stage.UNKNOWN,
            Level.UNKNOWN,
            "Not attested",
            ("Nothing of the phone is visible from this PC",),
            remedy=Remedy("Say when you have opened it: one click keeps the time.", "attest-mobile"),
            is_used=False,
        )
    ends = seen.value + plan.mobile_access
    level = Level.READY if now < ends else Level.UNKNOWN
    line = (
        f"Drops to view-only by {moment(ends, now, plan.zone)} with a PIN"
        if now < ends
        else "Its access may have ended"
    )
    return Session(
        "mobile",
        row,
        row.label,
        Stage.SIGNED_IN if now < ends else Stage.UNKNOWN,
        level,
        f"Attested {moment(seen.value, now, plan.zone)}",
        (line,),
        provenance=Provenance.ATTESTED,
        at=seen.value,
        since=seen.value,
        ends=ends,
        remedy=None if now < ends else Remedy("Open IBKR Mobile again and say so here.", "attest-mobile"),
        is_used=now < ends,
    )


def _desktop(facts: Facts, plan: Plan, now: float) -> Session:
    row = Interface.DESKTOP
    seen = facts.look(kinds.RUNNING, "program/ibkr-desktop")
    if seen is None or not seen.is_fresh(now):
        return Session(
            "desktop", row, row.label, Stage.UNKNOWN, Level.UNKNOWN, "Not looked yet", is_used=False
        )
    if not seen.value:
        return Session(
            "desktop",
            row,
            row.label,
            Stage.ABSENT,
            Level.UNKNOWN,
            "Not running",
            ("Seen by its process only; it has no API",),
            provenance=seen.provenance,
            at=seen.at,
            since=seen.since,
            is_used=False,
        )
    return Session(
        "desktop",
        row,
        row.label,
        Stage.REACHABLE,
        Level.UNKNOWN,
        "Running",
        ("Its sign-in cannot be seen; it shares the username's one trading session",),
        provenance=seen.provenance,
        at=seen.at,
        since=seen.since,
    )
