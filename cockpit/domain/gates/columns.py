"""The columns of the grid and the cases below them, made from the plan."""

from __future__ import annotations

from cockpit.domain.gates.gate import Case, Column
from cockpit.domain.interface import Interface
from cockpit.domain.plan import Plan, Ticket


def columns(plan: Plan) -> tuple[Column, ...]:
    """Return every way for an order in the strip's order; one TWS API column for each socket."""
    return (
        Column(Interface.TWS),
        *(Column(Interface.TWS_API, socket.name) for socket in plan.sockets),
        Column(Interface.CLIENT_PORTAL),
        Column(Interface.DESKTOP),
        Column(Interface.MOBILE),
        Column(Interface.WEB_API),
        Column(Interface.FLEX),
    )


def case(plan: Plan, ticket: Ticket, column: Column) -> Case | None:
    """Return a ticket through a column; None when the plan does not know what it trades."""
    legs = tuple(one for leg in ticket.legs if (one := plan.instrument(leg.instrument)) is not None)
    instrument = plan.instrument(ticket.instrument) or (legs[0] if legs else None)
    if instrument is None or len(legs) != len(ticket.legs):
        return None
    return Case(ticket, instrument, column, legs, ticket.account or _account(plan, column))


def cases(plan: Plan, column: Column) -> tuple[Case, ...]:
    """Return all tickets of the playbook through one column, in the order of the flows, each ticket once."""
    found: dict[str, Case] = {}
    for flow in plan.flows:
        for ticket in flow.tickets:
            one = case(plan, ticket, column)
            if one is not None:
                found.setdefault(ticket.key or f"{flow.key}/{len(found)}", one)
    return tuple(found.values())


def _account(plan: Plan, column: Column) -> str:
    """The first account that the desk expects at the column's door; "" lets the session say it."""
    if column.interface is Interface.TWS_API:
        socket = plan.socket(column.door)
        return socket.accounts[0] if socket is not None and socket.accounts else ""
    if column.interface is Interface.CLIENT_PORTAL and plan.portal is not None and plan.portal.accounts:
        return plan.portal.accounts[0]
    return ""
