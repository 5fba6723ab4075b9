"""The table of checks: adding one is adding a row. `checks_for` makes one line per row and target."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.catalogue import Playing
from cockpit.domain.checks import desk, horizon, market, others, ports, route, trust, tws
from cockpit.domain.checks.answers import Target
from cockpit.domain.checks.targets import (
    each_account,
    first_venue,
    once,
    per_account,
    per_instrument,
    per_socket,
    per_socket_for_programs,
    per_ticket,
    per_venue,
    the_portal,
)
from cockpit.domain.facts import Facts
from cockpit.domain.plan import Plan
from cockpit.domain.readiness import Bearing, Check, Finding, Footprint, Lane

Judge = Callable[[Facts, Plan, Target, float], Finding]
Over = Callable[[Plan, Facts], Iterable[Target]]


class Row(Struct, frozen=True):
    """One row of the table. `title` may hold `{}` for the target; `needs` are ids of rows of the same socket."""

    id: str
    lane: Lane
    title: str
    over: Over
    judge: Judge
    footprint: Footprint = Footprint.PASSIVE
    bearing: Bearing = Bearing.DECIDES
    needs: tuple[str, ...] = ()


_NO_CATALOGUE = Playing()
_ADVISES, _LIGHT = Bearing.ADVISES, Footprint.LIGHT
_SESSION = ("handshake.session",)
_UPSTREAM = ("handshake.session", "upstream.broker")

CHECKS: tuple[Row, ...] = (
    Row("desk.clock", Lane.DESK, "System clock", once, desk.clock, bearing=_ADVISES),
    Row("desk.network", Lane.DESK, "Network", once, desk.network, bearing=_ADVISES),
    Row("desk.vpn", Lane.DESK, "VPN and address", once, desk.vpn, bearing=_ADVISES),
    Row("desk.power", Lane.DESK, "Power and sleep", once, desk.power, bearing=_ADVISES),
    Row("desk.restart", Lane.DESK, "Pending restart", once, desk.reboot, bearing=_ADVISES),
    Row("desk.disk", Lane.DESK, "Disk", once, desk.disk, bearing=_ADVISES),
    Row("desk.venue", Lane.DESK, "{} hours", per_venue, desk.venue, bearing=_ADVISES),
    Row("desk.dst", Lane.DESK, "Clock change weeks", first_venue, desk.dst, bearing=_ADVISES),
    Row("ports.program", Lane.PORTS, "{} program", per_socket, ports.program, bearing=_ADVISES),
    Row("ports.owner", Lane.PORTS, "{} port", per_socket, ports.owner),
    Row("ports.bound", Lane.PORTS, "{} port open to", per_socket, ports.bound, bearing=_ADVISES),
    Row("ports.restarts", Lane.PORTS, "{} restarts", per_socket, ports.restarts, bearing=_ADVISES),
    Row("ports.gateway", Lane.PORTS, "Gateway port", the_portal, ports.gateway, bearing=_ADVISES),
    Row("ports.gateway-bound", Lane.PORTS, "Gateway port open to", the_portal, ports.bound, bearing=_ADVISES),
    Row("horizon.end", Lane.HORIZON, "Next forced end", once, horizon.next_end, bearing=_ADVISES),
    Row("horizon.factors", Lane.HORIZON, "Second factors", once, trust.factors, bearing=_ADVISES),
    Row("horizon.failures", Lane.HORIZON, "Failed sign-ins", once, trust.failures, bearing=_ADVISES),
    Row("horizon.credentials", Lane.HORIZON, "Credential ages", once, trust.credentials, bearing=_ADVISES),
    Row("horizon.weekly", Lane.HORIZON, "Weekly token", once, horizon.weekly, bearing=_ADVISES),
    Row(
        "horizon.token", Lane.HORIZON, "{} restart token", per_socket, horizon.restart_token, bearing=_ADVISES
    ),
    Row(
        "handshake.session",
        Lane.HANDSHAKE,
        "{} session",
        per_socket,
        tws.session,
        _LIGHT,
        needs=("ports.owner",),
    ),
    Row("handshake.mode", Lane.HANDSHAKE, "{} live or paper", per_socket, tws.mode, _LIGHT, needs=_SESSION),
    Row("handshake.client", Lane.HANDSHAKE, "{} client id", per_socket, tws.client, _LIGHT, needs=_SESSION),
    Row(
        "handshake.clock",
        Lane.HANDSHAKE,
        "{} broker clock",
        per_socket,
        tws.broker_clock,
        _LIGHT,
        needs=_SESSION,
    ),
    Row(
        "handshake.trip", Lane.HANDSHAKE, "{} round trip", per_socket, tws.round_trip, _LIGHT, needs=_SESSION
    ),
    Row(
        "handshake.write",
        Lane.HANDSHAKE,
        "{} read-only API",
        per_socket_for_programs,
        tws.write_access,
        _LIGHT,
        needs=_SESSION,
    ),
    Row(
        "upstream.broker",
        Lane.UPSTREAM,
        "{} broker servers",
        per_socket,
        tws.upstream,
        _LIGHT,
        needs=_SESSION,
    ),
    Row("upstream.farms", Lane.UPSTREAM, "{} data farms", per_socket, tws.farms, _LIGHT, needs=_SESSION),
    Row(
        "upstream.bulletins",
        Lane.UPSTREAM,
        "{} bulletins",
        per_socket,
        tws.bulletins,
        _LIGHT,
        _ADVISES,
        _SESSION,
    ),
    Row(
        "account.expected",
        Lane.ACCOUNT,
        "{} accounts",
        per_socket,
        tws.expected_accounts,
        _LIGHT,
        needs=_SESSION,
    ),
    Row("account.liquidity", Lane.ACCOUNT, "{} margin", per_account, tws.liquidity, _LIGHT, needs=_SESSION),
    Row("account.orders", Lane.ACCOUNT, "{} open orders", per_socket, tws.orders, _LIGHT, _ADVISES, _SESSION),
    Row(
        "feed",
        Lane.FEED,
        "{}",
        per_instrument,
        market.feed,
        _LIGHT,
        needs=("handshake.session", "upstream.broker"),
    ),
    Row("capability", Lane.CAPABILITY, "{}", per_ticket, route.ticket, _LIGHT, needs=_UPSTREAM),
    Row("others.portal", Lane.OTHERS, "Client Portal sign-in", the_portal, others.portal, _LIGHT),
    Row(
        "others.portal-trading",
        Lane.OTHERS,
        "Client Portal trading session",
        the_portal,
        others.portal_trading,
        _LIGHT,
        needs=("others.portal",),
    ),
    Row(
        "others.certificate",
        Lane.OTHERS,
        "Gateway certificate",
        the_portal,
        others.certificate,
        _LIGHT,
        _ADVISES,
    ),
    Row("others.account", Lane.OTHERS, "{} may trade", each_account, others.may_trade, _LIGHT),
    Row("others.desktop", Lane.OTHERS, "IBKR Desktop", once, others.desktop, bearing=_ADVISES),
    Row("others.mobile", Lane.OTHERS, "IBKR Mobile", once, others.mobile, bearing=_ADVISES),
)


def checks_for(plan: Plan, facts: Facts, catalogue: Playing = _NO_CATALOGUE) -> tuple[Check, ...]:
    """Return every line of a run for this plan; accounts that came are known from the facts."""
    return tuple(
        _line(row, replace(target, catalogue=catalogue)) for row in CHECKS for target in row.over(plan, facts)
    )


def _line(row: Row, target: Target) -> Check:
    def full(id_: str) -> str:
        """A line that is needed speaks of the same socket, whatever this line's own target is."""
        return f"{id_}.{target.socket.name}" if target.socket is not None else id_

    return Check(
        id=f"{row.id}.{target.key}" if target.key else row.id,
        lane=row.lane,
        title=row.title.replace("{}", target.title),
        judge=partial(_judge, row.judge, target),
        footprint=row.footprint,
        bearing=row.bearing,
        needs=tuple(full(need) for need in row.needs),
        flows=target.flows,
        socket=target.socket.name if target.socket is not None else "",
    )


def _judge(judge: Judge, target: Target, facts: Facts, plan: Plan, now: float) -> Finding:
    return judge(facts, plan, target, now)
