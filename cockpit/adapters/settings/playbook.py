"""The playbook of a desk as its own TOML file, and back into the settings: flows, tickets and their instruments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cockpit.adapters.settings.check import check
from cockpit.adapters.settings.file import LARGEST, dump, put
from cockpit.adapters.settings.plan import flow_of, instrument_of
from cockpit.adapters.settings.records import FlowRow, InstrumentRow, Settings, TicketRow
from cockpit.domain.plan import Flow, Instrument, Leg, Ticket
from cockpit.tables import Complaint, parse

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LONGEST_LINE = 500
_LONGEST_TITLE = 120


class PlaybookFile(Struct, frozen=True):
    """The tables of a playbook file; they are the same as in the settings."""

    instruments: tuple[InstrumentRow, ...] = ()
    flows: tuple[FlowRow, ...] = ()
    tickets: tuple[TicketRow, ...] = ()


class Playbook(Struct, frozen=True):
    """The flows of a desk with their tickets, and every instrument they name."""

    flows: tuple[Flow, ...] = ()
    instruments: tuple[Instrument, ...] = ()


def read_playbook(path: Path) -> tuple[Playbook, list[Complaint]]:
    """Read a playbook file. What cannot be used is left out and named; nothing is raised."""
    try:
        if path.stat().st_size > LARGEST:
            return Playbook(), [Complaint(path.name, 0, "", "is too large for a playbook")]
        content = path.read_bytes()
    except OSError as error:
        return Playbook(), [Complaint(path.name, 0, "", f"cannot be read: {error.strerror or error}")]
    return parse_playbook(content, path.name)


def parse_playbook(content: bytes, file: str) -> tuple[Playbook, list[Complaint]]:
    """Do what `read_playbook` does with the bytes of a file called `file`."""
    try:
        rows, complaints = parse(content, file, PlaybookFile)
    except (RecursionError, ValueError):
        return Playbook(), [Complaint(file, 0, "", "is nested too deeply or holds a number that is too long")]
    doors = {row.door for row in rows.flows if row.door}
    # The sockets are those of the desk that takes the playbook; here every door a flow names is believed.
    whole = _settings(rows, doors)
    checked, more = check(whole, content.decode("utf-8", "replace"), file)
    return (
        Playbook(
            tuple(flow_of(row, checked.tickets) for row in checked.flows),
            tuple(instrument_of(row) for row in checked.instruments),
        ),
        complaints + more,
    )


def write_playbook(path: Path, flows: Sequence[Flow], instruments: Sequence[Instrument]) -> None:
    """Write flows, their tickets and the instruments they name into one file. Raises OSError and ValueError."""
    put(path, dump_playbook(flows, instruments).encode())


def dump_playbook(flows: Sequence[Flow], instruments: Sequence[Instrument]) -> str:
    """Return the text that `write_playbook` writes."""
    wanted = {key for flow in flows for key in _names(flow)}
    rows = _rows(flows, [one for one in instruments if one.key in wanted])
    return dump(rows, "A playbook of the access cockpit: flows, tickets, instruments.")


def with_playbook(settings: Settings, flows: Sequence[Flow], instruments: Sequence[Instrument]) -> Settings:
    """Return the settings with another playbook. A ticket the file cannot hold becomes a line of its flow.

    Raises ValueError for a flow or an instrument whose name no file can hold.
    """
    rows = _rows(flows, instruments)
    return replace(settings, instruments=rows.instruments, flows=rows.flows, tickets=rows.tickets)


def _settings(rows: PlaybookFile, doors: set[str]) -> Settings:
    sockets = Settings().sockets
    return replace(
        Settings(),
        sockets=tuple(replace(sockets[0], name=door) for door in sorted(doors)) or sockets,
        instruments=rows.instruments,
        flows=rows.flows,
        tickets=rows.tickets,
    )


def _names(flow: Flow) -> set[str]:
    """Return the keys of all instruments that a flow and its tickets name."""
    tickets = {ticket.instrument for ticket in flow.tickets}
    legs = {leg.instrument for ticket in flow.tickets for leg in ticket.legs}
    return {*flow.instruments, *tickets, *legs}


def _rows(flows: Sequence[Flow], instruments: Sequence[Instrument]) -> PlaybookFile:
    """Turn a playbook into rows that a file can hold."""
    flow_rows, ticket_rows = [], []
    for flow in flows:
        drafts = [_line(draft) for draft in flow.drafts]
        for ticket in flow.tickets:
            row = _ticket_row(flow.key, ticket)
            if row is None:
                drafts.append(
                    _line(ticket.text) or f"{ticket.action} {ticket.quantity:g} {ticket.order_type}"
                )
            else:
                ticket_rows.append(row)
        flow_rows.append(_flow_row(flow, tuple(drafts)))
    return PlaybookFile(
        tuple(msgspec.convert(msgspec.to_builtins(one), InstrumentRow) for one in instruments),
        tuple(flow_rows),
        tuple(ticket_rows),
    )


def _flow_row(flow: Flow, drafts: tuple[str, ...]) -> FlowRow:
    values = msgspec.to_builtins(
        replace(flow, title=_line(flow.title)[:_LONGEST_TITLE], tickets=(), drafts=drafts)
    )
    del values["tickets"]
    return msgspec.convert(values, FlowRow)


def _ticket_row(flow: str, ticket: Ticket) -> TicketRow | None:
    """Return the row of a ticket; None when it holds something that no file can."""
    values = msgspec.to_builtins(replace(ticket, text=_line(ticket.text)))
    try:
        return msgspec.convert(
            {**values, "flow": flow, "legs": [_leg(leg) for leg in ticket.legs]}, TicketRow
        )
    except msgspec.ValidationError:
        return None


def _leg(leg: Leg) -> str:
    return f"{leg.action} {leg.ratio} {leg.instrument}"


def _line(text: str) -> str:
    """Make one line of a text: what is no letter becomes a space."""
    return _CONTROLS.sub(" ", text)[:_LONGEST_LINE]
