"""Other interfaces: Client Portal in its two tiers, IBKR Desktop, IBKR Mobile."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.checks.answers import Target, found, not_tested, unknown
from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import Facts
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import PortalDoor, PortalStage
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan, Portal
from cockpit.domain.portal_session import portal_session
from cockpit.domain.readiness import Finding
from cockpit.domain.remedy import Remedy
from cockpit.domain.session import Session
from cockpit.domain.sessions import sessions
from cockpit.domain.words import listed, masked, milliseconds, moment

_DIAGNOSES = {
    PortalDoor.REFUSED: "gateway-not-running",
    PortalDoor.UNREACHABLE: "gateway-unreachable",
    PortalDoor.UNKNOWN_CERTIFICATE: "certificate-unknown",
    PortalDoor.NOT_TLS: "gateway-not-tls",
    PortalDoor.DENIED: "gateway-address-refused",
    PortalDoor.NO_ANSWER: "gateway-not-answering",
    PortalDoor.STRANGER: "port-stranger",
}
_STAGES = {
    PortalStage.SIGNED_OUT: "gateway-signed-out",
    PortalStage.SIGNED_IN: "gateway-not-trading",
    PortalStage.STARTING: "gateway-starting",
    PortalStage.COMPETING: "session-held-elsewhere",
    PortalStage.BACKEND_LOST: "gateway-backend-lost",
    PortalStage.UPSTREAM_DEAD: "gateway-upstream-dead",
    PortalStage.COOLING_DOWN: "gateway-cooling-down",
    PortalStage.UNCLEAR: "gateway-unclear",
}


def _needed(plan: Plan) -> bool:
    return any(flow.interface is Interface.CLIENT_PORTAL for flow in plan.flows)


def _level(plan: Plan, row: Session) -> Level:
    """A gateway that no flow prefers limits, it does not block; one that a flow prefers blocks unless it trades."""
    if row.level is Level.READY or row.level is Level.UNKNOWN:
        return row.level
    return Level.BLOCKED if _needed(plan) else Level.LIMITED


def portal(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Tier 1: is the gateway there, is it the one we know, has somebody signed in."""
    gateway = plan.portal
    if gateway is None:
        return not_tested("the desk uses no gateway")
    row = portal_session(facts, plan, gateway, now)
    door = facts.fresh(kinds.PORTAL_DOOR, gateway.subject, now)
    if door is None:
        return unknown("The gateway was not tried")
    state = PortalDoor(door.value)
    if state is not PortalDoor.OPEN:
        return found(_level(plan, row), row.word, door, row.remedy, diagnosis=_DIAGNOSES[state])
    stage = facts.fresh(kinds.PORTAL_STAGE, gateway.subject, now)
    if stage is None:
        return unknown("The gateway answers, its sign-in was not answered")
    word = PortalStage(stage.value)
    if word in (
        PortalStage.SIGNED_OUT,
        PortalStage.UPSTREAM_DEAD,
        PortalStage.COOLING_DOWN,
        PortalStage.UNCLEAR,
    ):
        return found(_level(plan, row), row.word, stage, row.remedy, diagnosis=_STAGES[word])
    if (strange := _other_user(facts, plan, gateway, now)) is not None:
        return strange
    trip = facts.fresh(kinds.PORTAL_ROUND_TRIP, gateway.subject, now)
    answer = "Signed in" if trip is None else f"Signed in, {milliseconds(trip.value)}"
    if row.ends is not None and row.ends > now:
        answer += f", ends {moment(row.ends, now, plan.zone)}"
    return found(Level.READY, answer, stage)


def _other_user(facts: Facts, plan: Plan, gateway: Portal, now: float) -> Finding | None:
    """Say whether the gateway's user is another one than the desk expects: told by the accounts it reaches."""
    seen = facts.fresh(kinds.PORTAL_ACCOUNTS, gateway.subject, now)
    if seen is None or not gateway.accounts:
        return None
    here, wanted = set(seen.value), set(gateway.accounts)
    missing, extra = sorted(wanted - here), sorted(here - wanted)
    if missing:
        cure = Remedy("Sign in at the gateway with the username that has this account.", "open-settings")
        answer = f"Another user: {listed([masked(account) for account in missing])} is missing"
        level = Level.BLOCKED if _needed(plan) else Level.LIMITED
        return found(level, answer, seen, cure, diagnosis="gateway-account-missing")
    if extra:
        cure = Remedy("Name the account in the settings if it is yours.", "open-settings")
        answer = f"Signed in, unexpected: {listed([masked(account) for account in extra])}"
        return found(Level.LIMITED, answer, seen, cure, diagnosis="gateway-account-unexpected")
    return None


def portal_trading(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Tier 2: does the gateway hold the brokerage session. Two rows, never one light."""
    gateway = plan.portal
    if gateway is None:
        return not_tested("the desk uses no gateway")
    door = facts.fresh(kinds.PORTAL_DOOR, gateway.subject, now)
    if door is not None and door.value != PortalDoor.OPEN:
        # Whatever was answered before the door closed is over; the sign-in's own line says what it means.
        return not_tested("the gateway's door is not open")
    stage = facts.fresh(kinds.PORTAL_STAGE, gateway.subject, now)
    if stage is None:
        return unknown("The trading session was not answered")
    row = portal_session(facts, plan, gateway, now)
    word = PortalStage(stage.value)
    if word is PortalStage.TRADING:
        return found(Level.READY, "Trading", stage)
    answer = "Not started. Starting it takes TWS down" if word is PortalStage.SIGNED_IN else row.word
    return found(_level(plan, row), answer, stage, row.remedy, diagnosis=_STAGES[word])


def may_trade(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Does the broker let the client trade in the account at all, as the gateway's portfolio says."""
    seen = facts.fresh(kinds.NO_TRADING, f"account/{target.account}", now)
    if seen is None:
        return not_tested("the gateway did not say")
    if not seen.value:
        return found(Level.READY, "Open for trading", seen)
    cure = Remedy("Look in Client Portal for tasks that are pending for this account.", "open-permissions")
    return found(Level.LIMITED, "Takes no orders", seen, cure, diagnosis="account-cannot-trade")


def certificate(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """Is the gateway's certificate one that proves anything."""
    gateway = plan.portal
    if gateway is None:
        return not_tested("the desk uses no gateway")
    seen = facts.fresh(kinds.CERTIFICATE, gateway.subject, now)
    if seen is None:
        return not_tested("no certificate was shown")
    if seen.value == "desk":
        return found(Level.READY, "Desk certificate, pinned", seen)
    row = portal_session(facts, plan, gateway, now)
    if seen.value == "vendor":
        return found(
            Level.LIMITED,
            "Vendor default: encrypted, not authenticated",
            seen,
            diagnosis="certificate-vendor",
        )
    return found(
        Level.LIMITED, "Unknown: nothing was sent", seen, row.remedy, diagnosis="certificate-unknown"
    )


def _row(facts: Facts, plan: Plan, now: float, key: str) -> Session:
    return next(row for row in sessions(facts, plan, now) if row.key == key)


def desktop(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """IBKR Desktop is seen by its process only."""
    row = _row(facts, plan, now, "desktop")
    if row.word == "Running":
        return Finding(Level.READY, "Runs; its sign-in cannot be seen", row.provenance, row.at, row.since)
    reason = "it is not running" if row.word == "Not running" else "processes could not be read"
    return not_tested(reason)


def mobile(facts: Facts, plan: Plan, target: Target, now: float) -> Finding:
    """IBKR Mobile is known by what the trader says."""
    row = _row(facts, plan, now, "mobile")
    if row.at is None:
        return not_tested("nobody has said when it was opened")
    return Finding(
        row.level, f"{row.word}. {row.lines[0]}", Provenance.ATTESTED, row.at, row.since, row.remedy
    )
