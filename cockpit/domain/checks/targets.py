"""What the lines of the check are about: one target per socket, account, instrument, ticket."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.calendar import venue_name
from cockpit.domain.checks.answers import Target
from cockpit.domain.facts import Facts
from cockpit.domain.interface import Interface
from cockpit.domain.plan import Plan, Socket
from cockpit.domain.socket_session import title_of
from cockpit.domain.words import masked


def once(plan: Plan, facts: Facts) -> Iterator[Target]:
    """One line for the desk."""
    yield Target(flows=())


def per_venue(plan: Plan, facts: Facts) -> Iterator[Target]:
    """One line per venue of the plan."""
    for venue in plan.venues:
        yield Target(venue, venue_name(venue), (), venue=venue)


def first_venue(plan: Plan, facts: Facts) -> Iterator[Target]:
    """One line, if there is a venue at all."""
    for venue in plan.venues[:1]:
        yield Target(flows=(), venue=venue)


def flows_through(plan: Plan, socket: Socket) -> tuple[str, ...]:
    """Return the keys of the flows that `socket` speaks for."""
    return tuple(flow.key for flow in plan.flows if plan.socket_of(flow) == socket)


def per_socket(plan: Plan, facts: Facts) -> Iterator[Target]:
    """One line per API socket."""
    for socket in plan.sockets:
        yield Target(socket.name, title_of(socket, plan), flows_through(plan, socket), socket=socket)


def per_socket_for_programs(plan: Plan, facts: Facts) -> Iterator[Target]:
    """One line per API socket; it holds up what programs send, not what is typed into TWS."""
    for target in per_socket(plan, facts):
        keys = tuple(flow.key for flow in plan.flows if flow.interface is Interface.TWS_API)
        yield replace(target, flows=tuple(key for key in target.flows or () if key in keys))


def per_account(plan: Plan, facts: Facts) -> Iterator[Target]:
    """One line per account: the expected ones, else those that came."""
    told: set[str] = set()
    for socket in plan.sockets:
        seen = facts.look(kinds.ACCOUNTS, socket.subject)
        come = seen.value if seen is not None else ()
        flows = tuple(
            flow.key for flow in plan.flows if flow.needs_account and plan.socket_of(flow) == socket
        )
        for account in dict.fromkeys(socket.accounts or come):
            key, title = _named(account, masked(account), socket, is_first=account not in told)
            told.add(account)
            yield Target(key, title, flows, socket=socket, account=account)


def each_account(plan: Plan, facts: Facts) -> Iterator[Target]:
    """One line per account if there is a gateway; it holds up no flow: tickets name their account."""
    if plan.portal is None:
        return
    seen: set[str] = set()
    for target in per_account(plan, facts):
        if target.account not in seen:
            seen.add(target.account)
            yield replace(target, flows=(), socket=None)


def per_instrument(plan: Plan, facts: Facts) -> Iterator[Target]:
    """One line per instrument of the playbook and socket of the flows that need it.

    What one socket delivers proves nothing of another: two flows through two doors need two looks.
    """
    for instrument in plan.instruments:
        flows = [flow for flow in plan.flows if instrument.key in flow.instruments]
        doors: dict[Socket, list[str]] = {} if flows else {socket: [] for socket in plan.sockets[:1]}
        for flow in flows:
            socket = plan.socket_of(flow)
            if socket is not None:
                doors.setdefault(socket, []).append(flow.key)
        for number, (socket, keys) in enumerate(doors.items()):
            key, title = _named(instrument.key, instrument.key, socket, is_first=number == 0)
            yield Target(key, title, tuple(keys), socket=socket, instrument=instrument)


def _named(key: str, title: str, socket: Socket, *, is_first: bool) -> tuple[str, str]:
    """Return key and title of a line; the same thing through a further socket is another line, by its name."""
    return (key, title) if is_first else (f"{key}@{socket.name}", f"{title} ({socket.name})")


def per_ticket(plan: Plan, facts: Facts) -> Iterator[Target]:
    """One line per planned ticket."""
    for flow in plan.flows:
        socket = plan.socket_of(flow)
        for ticket in flow.tickets:
            instrument = plan.instrument(ticket.instrument)
            if socket is not None and instrument is not None:
                title = f"{ticket.action} {ticket.quantity:g} {instrument.key} {ticket.order_type}"
                yield Target(
                    ticket.key, title, (flow.key,), socket=socket, instrument=instrument, ticket=ticket
                )


def the_portal(plan: Plan, facts: Facts) -> Iterator[Target]:
    """One line if the desk uses a Client Portal gateway."""
    if plan.portal is not None:
        flows = tuple(flow.key for flow in plan.flows if flow.interface is Interface.CLIENT_PORTAL)
        yield Target(flows=flows, portal=plan.portal)
