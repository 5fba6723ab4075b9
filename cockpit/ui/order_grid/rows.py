"""The rows of the grid: every order type of the catalogue for one contract, or the tickets of today."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from cockpit.domain.catalogue import OrderGroup, OrderType, Playing
from cockpit.domain.gates.columns import case
from cockpit.domain.gates.gate import Case, Column
from cockpit.domain.interface import Interface
from cockpit.domain.plan import Instrument, Plan, Ticket
from cockpit.ui.text import short

_SHORT = {
    Interface.TWS: "TWS",
    Interface.TWS_API: "TWS API",
    Interface.CLIENT_PORTAL: "Client Portal",
    Interface.DESKTOP: "Desktop",
    Interface.MOBILE: "Mobile",
    Interface.WEB_API: "Web API",
    Interface.FLEX: "Flex",
}
_NARROW = {
    Interface.TWS_API: "API",
    Interface.CLIENT_PORTAL: "Portal",
    Interface.DESKTOP: "Desk",
    Interface.WEB_API: "Web",
}
TITLE_MOST = 60  # letters of a row's title


class GridRow(Struct, frozen=True):
    """One order in one row: its title, the group below whose heading it stands, and what would be sent."""

    key: str
    title: str
    group: str
    ticket: Ticket
    instrument: Instrument
    legs: tuple[Instrument, ...] = ()
    type_key: str = ""  # key of the catalogue's row, "" when the catalogue has none


class Heading(Struct, frozen=True):
    """The heading of a group: it folds and unfolds what stands below it."""

    group: str
    count: int
    is_open: bool = True


Line = GridRow | Heading


def group_title(group: OrderGroup) -> str:
    """Say a group the way headings are written."""
    return group.value[:1].upper() + group.value[1:]


def ticket_of(row: OrderType, instrument: Instrument, catalogue: Playing) -> Ticket:
    """Make the plainest order that needs `row`: a limit order with it, when it is no order type by itself."""
    key = f"type/{row.key}/{instrument.key}"
    word = row.codes[0] if row.codes and catalogue.order_type(row.codes[0]) is row else row.key
    if row.group is OrderGroup.TIME:
        return Ticket(key, instrument.key, time_in_force=row.codes[0] if row.codes else row.key)
    if row.group is OrderGroup.ALGORITHM:
        return Ticket(key, instrument.key, algorithm=row.key)
    return Ticket(key, instrument.key, order_type=word)


def type_rows(catalogue: Playing, instrument: Instrument) -> tuple[GridRow, ...]:
    """Return a row for every order type, group after group, for one contract."""
    places = {group: place for place, group in enumerate(OrderGroup)}
    found = sorted(catalogue.order_types.values(), key=lambda row: places[row.group])
    return tuple(
        GridRow(
            row.key,
            short(row.title, TITLE_MOST),
            group_title(row.group),
            ticket_of(row, instrument, catalogue),
            instrument,
            type_key=row.key,
        )
        for row in found
    )


def ticket_rows(plan: Plan, catalogue: Playing) -> tuple[GridRow, ...]:
    """Return a row for every ticket of the playbook below its flow. One whose contract is not said is left out."""
    instruments = {instrument.key: instrument for instrument in plan.instruments}
    rows: list[GridRow] = []
    for flow in plan.flows:
        for place, ticket in enumerate(flow.tickets):
            legs = tuple(instruments[leg.instrument] for leg in ticket.legs if leg.instrument in instruments)
            instrument = instruments.get(ticket.instrument) or (legs[0] if legs else None)
            if instrument is None:
                continue
            rows.append(
                GridRow(
                    f"{flow.key}/{place}/{ticket.key}",
                    ticket_title(ticket),
                    short(flow.title, TITLE_MOST),
                    ticket,
                    instrument,
                    legs,
                    type_key_of(ticket, catalogue),
                )
            )
    return tuple(rows)


def type_key_of(ticket: Ticket, catalogue: Playing) -> str:
    """Return the key of the catalogue's row that the ticket needs most: its algorithm, else its order type."""
    if ticket.algorithm:
        return ticket.algorithm
    row = catalogue.order_type(ticket.order_type)
    return row.key if row is not None else ""


def ticket_title(ticket: Ticket) -> str:
    """Say a ticket in one line: what was typed, or what it comes to."""
    if ticket.text:
        return short(ticket.text, TITLE_MOST)
    words = [
        ticket.action,
        f"{ticket.quantity:g}",
        ticket.instrument,
        ticket.order_type,
        ticket.time_in_force,
    ]
    if ticket.outside_hours:
        words.append("outside")
    return short(" ".join(words), TITLE_MOST)


def case_of(row: GridRow, column: Column, plan: Plan) -> Case:
    """Return the route of a row through a column."""
    return case(plan, row.ticket, column) or Case(row.ticket, row.instrument, column, row.legs)


def column_titles(columns: Iterable[Column]) -> dict[Column, str]:
    """Name every column as short as it can be; sockets by their name when there are several."""
    found = tuple(columns)
    sockets = sum(column.interface is Interface.TWS_API for column in found)
    return {
        column: f"API {short(column.door, 12)}"
        if column.interface is Interface.TWS_API and sockets > 1
        else _SHORT[column.interface]
        for column in found
    }


def narrow_title(column: Column, title: str) -> str:
    """Name a column where there is no room for its title."""
    return (
        title if column.door and title != _SHORT[column.interface] else _NARROW.get(column.interface, title)
    )


def lines(rows: Iterable[GridRow], folded: frozenset[str]) -> tuple[Line, ...]:
    """Put rows below the headings of their groups; of a folded group only the heading is left."""
    groups: dict[str, list[GridRow]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    found: list[Line] = []
    for group, members in groups.items():
        found.append(Heading(group, len(members), group not in folded))
        if group not in folded:
            found.extend(members)
    return tuple(found)
