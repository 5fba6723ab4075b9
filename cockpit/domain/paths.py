"""Two lights that are never one: do prices come in, and could an order go out."""

from __future__ import annotations

from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.checks.market import feed
from cockpit.domain.checks.targets import per_instrument
from cockpit.domain.facts import Facts
from cockpit.domain.farms import farms_of
from cockpit.domain.kinds import FarmState
from cockpit.domain.level import Level
from cockpit.domain.plan import Plan, Socket
from cockpit.domain.readiness import PathLight
from cockpit.domain.session import Session
from cockpit.domain.socket_session import socket_session
from cockpit.domain.words import counted


def _doors(plan: Plan) -> tuple[Socket, ...]:
    """Return the sockets that the playbook goes through; without any, the first one."""
    through = [socket for flow in plan.flows if (socket := plan.socket_of(flow)) is not None]
    return tuple(dict.fromkeys(through)) or plan.sockets[:1]


def _worst(doors: tuple[Socket, ...], lights: list[PathLight]) -> PathLight:
    """Return the worst light; with several doors its sentence names the door, unless all is well."""
    if not lights:
        return PathLight(Level.UNKNOWN, "No TWS is set up")
    door, light = max(zip(doors, lights, strict=True), key=lambda pair: pair[1].level.rank)
    if len(doors) == 1 or light.level is Level.READY:
        return light
    return replace(light, sentence=f"{door.name}: {light.sentence}")


def order_path(facts: Facts, plan: Plan, now: float) -> PathLight:
    """Could an order leave this desk: the sessions of the playbook's sockets and the broker behind them."""
    doors = _doors(plan)
    return _worst(doors, [_orders_through(facts, plan, door, now) for door in doors])


def _orders_through(facts: Facts, plan: Plan, socket: Socket, now: float) -> PathLight:
    session = socket_session(facts, plan, socket, now)
    if not session.level.is_usable:
        return PathLight(session.level, session.word, session.at)
    read_only = facts.look(kinds.READ_ONLY, socket.subject)
    if read_only is not None and read_only.value and not read_only.is_from_before:
        return PathLight(Level.LIMITED, "From the TWS screen only: the API is read-only", session.at)
    if session.level is Level.READY or session.word == "Live data taken":  # which does not touch orders
        return PathLight(Level.READY, "Orders can go", session.at)
    return PathLight(session.level, session.word, session.at)


def price_path(facts: Facts, plan: Plan, now: float) -> PathLight:
    """Do prices come in as the playbook needs them: farms, and the newest look at each instrument."""
    doors = _doors(plan)
    light = _worst(doors, [_prices_through(facts, plan, door, now) for door in doors])
    return _feeds(facts, plan, light, now) if light.level is Level.READY else light


def _prices_through(facts: Facts, plan: Plan, socket: Socket, now: float) -> PathLight:
    session: Session = socket_session(facts, plan, socket, now)
    if session.word == "Live data taken":
        return PathLight(Level.BLOCKED, "Live data went to another login", session.at)
    if not session.level.is_usable:
        return PathLight(session.level, session.word, session.at)
    states = farms_of(facts, socket, now).now
    broken = sorted(name for name, seen in states.items() if seen.value == FarmState.BROKEN)
    if broken:
        return PathLight(Level.BLOCKED, f"Data farm down: {', '.join(broken)}", session.at)
    return PathLight(Level.READY, "Prices as the playbook needs them", session.at)


def _feeds(facts: Facts, plan: Plan, doors: PathLight, now: float) -> PathLight:
    """Read the newest look at each instrument as the check reads it; one that nobody looked at is not known."""
    unseen, looked, worst = 0, 0, doors
    for target in per_instrument(plan, facts):
        key = target.the_instrument().key
        if facts.fresh(kinds.FEED, f"{target.the_socket().subject}/feed/{key}", now) is None:
            unseen += 1
            continue
        looked += 1
        finding = feed(facts, plan, target, now)
        if finding.level.rank > worst.level.rank:
            worst = PathLight(finding.level, f"{target.title}: {finding.answer}", finding.at)
    if unseen and worst.level is not Level.BLOCKED:
        what = "feeds" if not looked else counted(unseen, "feed")
        return PathLight(Level.UNKNOWN, f"Farms up, {what} not looked at: run the check", doors.at)
    return worst
