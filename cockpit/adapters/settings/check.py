"""What only the whole settings file shows to be wrong: names used twice, names that lead nowhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from cockpit.adapters.settings.records import (
    FLOWS,
    TICKETS,
    DeskTable,
    FlowRow,
    Settings,
    SocketRow,
    TicketRow,
    leg_of,
)
from cockpit.tables import Complaint, line_of

R = TypeVar("R")
Complain: TypeAlias = Callable[[tuple[str | int, ...], str], None]


def check(settings: Settings, text: str, file: str) -> tuple[Settings, list[Complaint]]:
    """Return what holds together of the settings read from `text`, and a complaint for the rest."""
    complaints: list[Complaint] = []

    def complain(path: tuple[str | int, ...], reason: str) -> None:
        key = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
        complaints.append(Complaint(file, line_of(text, *path), key.removeprefix("."), reason))

    sockets = _once(settings.sockets, "sockets", "name", lambda row: row.name, complain)
    instruments = _once(settings.instruments, "instruments", "key", lambda row: row.key, complain)
    flows = _once(settings.flows, "flows", "key", lambda row: row.key, complain)
    tickets = _once(settings.tickets, "tickets", "key", lambda row: row.key, complain)
    keys = {row.key for _, row in instruments}
    doors = {row.name for _, row in sockets}
    known_flows = [row for number, row in flows if _holds(number, row, keys, doors, complain)]
    names = {row.key for row in known_flows}
    return replace(
        settings,
        desk=_desk(settings.desk, complain),
        sockets=tuple(_socket(number, row, complain) for number, row in sockets),
        instruments=tuple(row for _, row in instruments),
        flows=tuple(known_flows),
        tickets=tuple(row for number, row in tickets if _leads(number, row, names, keys, complain)),
    ), complaints


def _once(
    rows: Sequence[R], table: str, column: str, name: Callable[[R], str], complain: Complain
) -> list[tuple[int, R]]:
    """Keep the first row of each name, each with its place in the file."""
    kept: dict[str, tuple[int, R]] = {}
    for number, row in enumerate(rows):
        if name(row) in kept:
            complain((table, number, column), f"is used twice: {name(row)}")
        else:
            kept[name(row)] = (number, row)
    return list(kept.values())


def _desk(desk: DeskTable, complain: Complain) -> DeskTable:
    try:
        ZoneInfo(desk.zone)
    except (ValueError, OSError, KeyError):
        usual = DeskTable().zone
        complain(("desk", "zone"), f"is not a time zone: {desk.zone!r}; write it like {usual}")
        return replace(desk, zone=usual)
    return desk


def _socket(number: int, row: SocketRow, complain: Complain) -> SocketRow:
    first, last = row.client_ids
    if first > last:
        complain(("sockets", number, "client_ids"), "must have the smaller client id first")
        return replace(row, client_ids=(last, first))
    return row


def _holds(number: int, row: FlowRow, keys: set[str], doors: set[str], complain: Complain) -> bool:
    """Whether all that a flow needs is there. Without one it would look readier than it is."""
    unknown = [key for key in row.instruments if key not in keys]
    # The default playbook beside one's own instruments is nobody's mistake.
    if unknown and row not in FLOWS:
        complain(("flows", number, "instruments"), f"no instrument has the key {', '.join(unknown)}")
    if row.door and row.door not in doors:
        complain(("flows", number, "door"), f"no socket has the name {row.door}")
        return False
    return not unknown


def _leads(number: int, row: TicketRow, flows: set[str], instruments: set[str], complain: Complain) -> bool:
    """Whether everything a ticket names is there."""
    names = [("flow", row.flow, flows), ("instrument", row.instrument, instruments)]
    names += [("legs", leg_of(leg).instrument, instruments) for leg in row.legs]
    for column, key, known in names:
        if key not in known:
            if row not in TICKETS:
                kind = "instrument" if column == "legs" else column
                complain(("tickets", number, column), f"no {kind} has the key {key}")
            return False
    if row.legs and leg_of(row.legs[0]).instrument != row.instrument:
        complain(("tickets", number, "instrument"), "must be the instrument of the first leg")
        return False
    if (row.time_in_force == "GTD") != bool(row.until):
        complain(("tickets", number, "until"), "is the end of a GTD order, and only of one")
        return False
    return True
