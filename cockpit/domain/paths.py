"""Two lights that are never one: do prices come in, and could an order go out."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.facts import Facts
from cockpit.domain.farms import farms_of
from cockpit.domain.kinds import FarmState, FeedState
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan, Socket
from cockpit.domain.readiness import PathLight
from cockpit.domain.session import Session, Stage
from cockpit.domain.socket_session import socket_session


def _main_socket(plan: Plan) -> Socket | None:
    sockets = {socket.name: socket for flow in plan.flows if (socket := plan.socket_of(flow)) is not None}
    return next(iter(sockets.values()), plan.sockets[0] if plan.sockets else None)


def order_path(facts: Facts, plan: Plan, now: float) -> PathLight:
    """Could an order leave this desk: the session of the playbook's socket and the broker behind it."""
    socket = _main_socket(plan)
    if socket is None:
        return PathLight(Level.UNKNOWN, "No TWS is set up")
    session = socket_session(facts, plan, socket, now)
    if session.stage is Stage.LIMITED and session.level is Level.LIMITED:
        return PathLight(Level.READY, "Orders can go", session.at)  # data taken: orders are not touched
    if session.level is Level.READY:
        return PathLight(Level.READY, "Orders can go", session.at)
    if session.word == "Reading only":
        return PathLight(Level.LIMITED, "From the TWS screen only: the API is read-only", session.at)
    return PathLight(session.level, session.word, session.at)


_POOR = {
    FeedState.DELAYED: Level.LIMITED,
    FeedState.DELAYED_FROZEN: Level.LIMITED,
    FeedState.PARTIAL: Level.LIMITED,
    FeedState.NOT_SUBSCRIBED: Level.BLOCKED,
    FeedState.SILENT: Level.BLOCKED,
    FeedState.COMPETING: Level.BLOCKED,
    FeedState.REFUSED: Level.BLOCKED,
}


def price_path(facts: Facts, plan: Plan, now: float) -> PathLight:
    """Do prices come in as the playbook needs them: farms, and the newest look at each instrument."""
    socket = _main_socket(plan)
    if socket is None:
        return PathLight(Level.UNKNOWN, "No TWS is set up")
    session: Session = socket_session(facts, plan, socket, now)
    if session.word == "Live data taken":
        return PathLight(Level.BLOCKED, "Live data went to another login", session.at)
    if not session.level.is_usable:
        return PathLight(session.level, session.word, session.at)
    states = farms_of(facts, socket, now).now
    broken = sorted(name for name, seen in states.items() if seen.value == FarmState.BROKEN)
    if broken:
        return PathLight(Level.BLOCKED, f"Data farm down: {', '.join(broken)}", session.at)
    worst, sentence, at, looked = Level.READY, "Prices as the playbook needs them", session.at, False
    for instrument in plan.instruments:
        seen = facts.fresh(kinds.FEED, f"{socket.subject}/feed/{instrument.key}", now)
        if seen is None:
            continue
        looked = True
        level = _POOR.get(FeedState(seen.value), Level.READY)
        if level.rank > worst.rank:
            worst, sentence, at = level, f"{instrument.key} {seen.value}", seen.at
    if not looked and plan.instruments:
        return PathLight(Level.UNKNOWN, "Farms up, feeds not looked at: run the check", session.at)
    return PathLight(worst, sentence, at)
