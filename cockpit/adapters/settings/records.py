"""The settings of a desk: each is declared once, with its type, its default and a sentence about it.

The reader, the writer and the table in the manual are all made from these records.
"""

# ruff: noqa: RUF009 - `says` is the field() of this file and makes a fresh field each time.

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated, TypeVar

from msgspec import Meta

from cockpit.domain.interface import Interface
from cockpit.domain.plan import Mode, Objective

T = TypeVar("T")

# Texts of the file end up on screen, in subjects and in requests, so each has a closed alphabet.
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._+-]{0,39}$", description="a short plain name")]
Words = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f-\x9f]{0,120}$", description="one line of text")]
Host = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._:-]{1,253}$", description="a host name or an address")]
Port = Annotated[int, Meta(ge=1, le=65535, description="a port from 1 to 65535")]
Account = Annotated[str, Meta(pattern=r"^[A-Z]{1,3}[0-9]{3,12}$", description="an account such as U1234567")]
ClientId = Annotated[int, Meta(ge=1, le=2_000_000_000, description="a client id above 0")]
TimeOfDay = Annotated[str, Meta(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$", description="a time such as 23:45")]
Print = Annotated[
    str, Meta(pattern=r"^(([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2})?$", description="a SHA-256 in 64 hex digits")
]
Code = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9 ./_-]{0,24}$", description="a code of the broker or a venue")
]
Symbol = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./_-]{0,23}$", description="a symbol such as ES")
]
Expiry = Annotated[str, Meta(pattern=r"^(\d{6}|\d{8})?$", description="YYYYMM or YYYYMMDD, or empty")]
Right = Annotated[str, Meta(pattern=r"^[CP]?$", description="C or P, or empty")]
Side = Annotated[str, Meta(pattern=r"^(BUY|SELL)$", description="BUY or SELL")]
Amount = Annotated[float, Meta(ge=0, le=1e12, description="a number that is not negative")]


class Theme(StrEnum):
    """How the window looks."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def says(default: T, sentence: str) -> T:
    """Declare a setting with its default and the sentence that explains it."""
    value: T = field(default=default, metadata={"sentence": sentence})
    return value


@dataclass(frozen=True, slots=True)
class DeskTable:
    """Who and where the desk is."""

    name: Name = says("desk", "The name of the desk on screen and in reports.")
    zone: Words = says("America/New_York", "The time zone in which times are shown.")
    restart_at: TimeOfDay = says(
        "", "When TWS restarts or logs off, in the time zone of the desk; empty when not said."
    )
    accounts: tuple[Account, ...] = says((), "Every account that must be there; empty takes whichever come.")
    venues: tuple[Code, ...] = says(
        ("XNYS",), "Calendars of the venues whose opening the desk works towards."
    )


@dataclass(frozen=True, slots=True)
class FoldersTable:
    """Where things are on this PC; empty means the usual place."""

    profile: str = says("", "The folder of the journal and the log.")
    jts: str = says("", "The folder in which TWS keeps jts.ini.")
    ibc: str = says("", "IBC's config.ini, if you start TWS with IBC; only its read-only keys are read.")


@dataclass(frozen=True, slots=True)
class AppearanceTable:
    """How the window looks."""

    theme: Theme = says(Theme.SYSTEM, "Light, dark, or as the system has it.")


@dataclass(frozen=True, slots=True)
class SocketRow:
    """One API socket of TWS or IB Gateway."""

    name: Name = field(metadata={"sentence": "The name of this socket; no two share one."})
    port: Port = field(metadata={"sentence": "The port as set in TWS or IB Gateway."})
    host: Host = says("127.0.0.1", "The address of the machine that TWS runs on.")
    program: Name = says("TWS", "TWS or IB Gateway: the name on screen.")
    mode: Mode = says(
        Mode.LIVE, "Which kind of account must answer; the account prefix decides, not the port."
    )
    accounts: tuple[Account, ...] = says((), "The accounts of this socket; empty: those of the desk.")
    owners: tuple[Words, ...] = says(
        (), "More programs that may own the port, by name or part of their path."
    )
    client_ids: tuple[ClientId, ClientId] = says(
        (901, 931), "First and last client id that the cockpit may use."
    )
    farms: tuple[Name, ...] = says((), "Data farms that must be connected; empty: those seen yesterday.")


@dataclass(frozen=True, slots=True)
class GatewayTable:
    """The Client Portal gateway."""

    present: bool = says(True, "Whether the desk uses the gateway at all.")
    host: Host = says("127.0.0.1", "The address of the gateway.")
    port: Port = says(5000, "The port of the gateway.")
    fingerprint: Print = says("", "SHA-256 of the certificate you trust; empty until you pin one.")
    owners: tuple[Words, ...] = says(
        (), "More programs that may own the port, by name or part of their path."
    )
    accounts: tuple[Account, ...] = says((), "The accounts of the gateway's user; empty: those of the desk.")


@dataclass(frozen=True, slots=True)
class InstrumentRow:
    """Something the playbook needs a price of."""

    key: Name = field(metadata={"sentence": "The name on screen, by which flows and tickets refer to it."})
    symbol: Symbol = field(metadata={"sentence": "The broker's symbol."})
    sec_type: Code = says("STK", "STK, CASH, IND, FUT, OPT, FOP …")
    exchange: Code = says("SMART", "Where the price comes from.")
    currency: Code = says("USD", "The currency of the price.")
    expiry: Expiry = says("", "Month or day of expiry; empty: the nearest.")
    strike: Amount = says(0.0, "The strike of an option; 0: the one nearest to the price.")
    right: Right = says("", "C or P for an option.")
    trading_class: Code = says("", "The trading class, such as SPXW.")
    multiplier: Code = says("", "The multiplier, when the symbol alone is ambiguous.")
    venue: Code = says("", "Calendar of its venue; empty: the contract's own hours decide.")
    needs_greeks: bool = says(False, "Whether a price without Greeks is not enough.")


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A named objective of the playbook."""

    key: Name = field(metadata={"sentence": "The short name of the flow; no two share one."})
    title: Words = field(metadata={"sentence": "What you want to do, as the task card says it."})
    objective: Objective = says(Objective.TACTICAL_TRADE, "Why you sign in for it.")
    interface: Interface = says(Interface.TWS, "The interface you prefer for it.")
    door: Code = says(
        "", "Name of the socket that speaks for it; empty: the first that leads to live accounts."
    )
    instruments: tuple[Name, ...] = says((), "Keys of the instruments it needs a live price of.")
    needs_account: bool = says(False, "Whether margin and cash of the account must be readable.")
    venue: Code = says("XNYS", "Calendar of the venue opening it belongs to.")


@dataclass(frozen=True, slots=True)
class TicketRow:
    """An order you plan; it is checked and rehearsed, never sent."""

    key: Name = field(metadata={"sentence": "The short name of the ticket; no two share one."})
    flow: Name = field(metadata={"sentence": "Key of the flow it belongs to."})
    instrument: Name = field(metadata={"sentence": "Key of the instrument."})
    action: Side = says("BUY", "BUY or SELL.")
    quantity: Amount = says(1.0, "Contracts or shares.")
    order_type: Code = says("LMT", "Order type as the broker abbreviates it.")
    time_in_force: Code = says("DAY", "DAY, GTC …")
    outside_hours: bool = says(False, "Whether it may fill outside regular hours.")
    price: Amount = says(0.0, "Limit or stop price in the contract's currency; 0 when there is none.")
    account: Annotated[
        str, Meta(pattern=r"^([A-Z]{1,3}[0-9]{3,12})?$", description="an account or empty")
    ] = says("", "The account; empty: the first one of the socket.")


# Checking an overnight gap needs a true price; moving a leg needs the index its price stands on; margin before
# the open needs the account and what one future more would cost. Which legs only the desk can say: an option
# without expiry and strike would ask the broker for a whole chain.
INSTRUMENTS = (
    InstrumentRow("EUR.USD", "EUR", sec_type="CASH", exchange="IDEALPRO"),
    InstrumentRow("SPX", "SPX", sec_type="IND", exchange="CBOE"),
    InstrumentRow("ES", "ES", sec_type="FUT", exchange="CME"),
)
FLOWS = (
    FlowRow("fx-gap", "Check an overnight FX gap", Objective.MONITOR, instruments=("EUR.USD",)),
    FlowRow("move-leg", "Move a leg of an option spread", Objective.MULTI_LEG, instruments=("SPX",)),
    FlowRow("margin", "Margin before the open", Objective.MONITOR, instruments=("ES",), needs_account=True),
)
TICKETS = (TicketRow("margin-1", "margin", "ES", order_type="MKT"),)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a settings file can say. A file without a playbook has the default one of three flows."""

    desk: DeskTable = says(DeskTable(), "Who and where the desk is.")
    folders: FoldersTable = says(FoldersTable(), "Where things are on this PC.")
    appearance: AppearanceTable = says(AppearanceTable(), "How the window looks.")
    gateway: GatewayTable = says(GatewayTable(), "The Client Portal gateway.")
    sockets: tuple[SocketRow, ...] = says((SocketRow("tws", 7496),), "The API sockets of TWS and IB Gateway.")
    instruments: tuple[InstrumentRow, ...] = says(INSTRUMENTS, "What the playbook needs a price of.")
    flows: tuple[FlowRow, ...] = says(FLOWS, "The playbook: what you sign in for.")
    tickets: tuple[TicketRow, ...] = says(TICKETS, "The orders you plan; checked and rehearsed, never sent.")


def with_pin(settings: Settings, fingerprint: str) -> Settings:
    """Return the settings with the gateway certificate of this SHA-256 (hex, colons allowed) pinned."""
    return replace(settings, gateway=replace(settings.gateway, fingerprint=plain_print(fingerprint)))


def plain_print(fingerprint: str) -> str:
    """Write a fingerprint as 64 small hex digits, whatever the file or a browser writes."""
    return fingerprint.replace(":", "").lower()
