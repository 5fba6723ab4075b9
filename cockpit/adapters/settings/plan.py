"""From settings to the plan that checks and verdicts are read against."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.adapters.settings.records import (
    FlowRow,
    InstrumentRow,
    Settings,
    SocketRow,
    TicketRow,
    WebApiTable,
    leg_of,
    plain_print,
)
from cockpit.domain.oauth import WebApi
from cockpit.domain.plan import Flex, Flow, Instrument, Mode, Plan, Portal, SessionEnd, Socket, Ticket

# The broker names paper accounts with a leading D (DU, DF, DI): the prefix tells, the port does not.
PAPER_PREFIX = "D"


def to_plan(settings: Settings, session_ends: Sequence[SessionEnd], *, is_demo: bool = False) -> Plan:
    """Make the plan of a desk. `session_ends` come from the catalogue."""
    desk = settings.desk
    return Plan(
        desk=desk.name,
        sockets=tuple(_socket(row, desk.accounts) for row in settings.sockets),
        portal=_portal(settings),
        flex=Flex(settings.flex.host, settings.flex.port) if settings.flex.present else None,
        web_api=_web_api(settings.web_api),
        instruments=tuple(instrument_of(row) for row in settings.instruments),
        flows=tuple(flow_of(row, settings.tickets) for row in settings.flows),
        venues=desk.venues,
        restart_at=desk.restart_at,
        session_ends=tuple(session_ends),
        is_demo=is_demo,
        zone=desk.zone,
    )


def expected(accounts: Sequence[str], mode: Mode) -> tuple[str, ...]:
    """Return those of the desk's accounts that a door of this mode should lead to."""
    if mode is Mode.EITHER:
        return tuple(accounts)
    return tuple(a for a in accounts if a.startswith(PAPER_PREFIX) is (mode is Mode.PAPER))


def _socket(row: SocketRow, accounts: Sequence[str]) -> Socket:
    return Socket(
        name=row.name,
        host=row.host,
        port=row.port,
        program=row.program,
        mode=row.mode,
        accounts=row.accounts or expected(accounts, row.mode),
        owners=row.owners,
        client_ids=row.client_ids,
        farms=row.farms,
    )


def _portal(settings: Settings) -> Portal | None:
    gateway = settings.gateway
    if not gateway.present:
        return None
    return Portal(
        host=gateway.host,
        port=gateway.port,
        fingerprint=plain_print(gateway.fingerprint),
        owners=gateway.owners,
        accounts=gateway.accounts or expected(settings.desk.accounts, Mode.LIVE),
    )


def _web_api(table: WebApiTable) -> WebApi | None:
    if not table.consumer:
        return None
    return WebApi(table.consumer, table.host, table.port, plain_print(table.fingerprint))


def instrument_of(row: InstrumentRow) -> Instrument:
    """Return the instrument of a row."""
    return Instrument(
        key=row.key,
        symbol=row.symbol,
        sec_type=row.sec_type,
        exchange=row.exchange,
        currency=row.currency,
        expiry=row.expiry,
        strike=row.strike,
        right=row.right,
        trading_class=row.trading_class,
        multiplier=row.multiplier,
        venue=row.venue,
        needs_greeks=row.needs_greeks,
    )


def flow_of(row: FlowRow, tickets: Sequence[TicketRow]) -> Flow:
    """Return a flow with those of `tickets` that belong to it."""
    return Flow(
        key=row.key,
        title=row.title,
        objective=row.objective,
        interface=row.interface,
        door=row.door,
        instruments=row.instruments,
        tickets=tuple(ticket_of(ticket) for ticket in tickets if ticket.flow == row.key),
        needs_account=row.needs_account,
        venue=row.venue,
        drafts=row.drafts,
    )


def ticket_of(row: TicketRow) -> Ticket:
    """Return the ticket of a row."""
    return Ticket(
        key=row.key,
        instrument=row.instrument,
        action=row.action,
        quantity=row.quantity,
        order_type=row.order_type,
        time_in_force=row.time_in_force,
        outside_hours=row.outside_hours,
        price=row.price,
        account=row.account,
        stop=row.stop,
        trail=row.trail,
        trail_in_percent=row.trail_in_percent,
        limit_offset=row.limit_offset,
        until=row.until,
        algorithm=row.algorithm,
        in_cash=row.in_cash,
        legs=tuple(leg_of(text) for text in row.legs),
        text=row.text,
    )
