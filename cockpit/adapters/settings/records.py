"""The settings of a desk: each is declared once, with its type, its default and a sentence about it.

The reader, the writer and the table in the manual are all made from these records.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, get_type_hints

from msgspec import Meta, Struct
from msgspec.structs import replace

from cockpit.domain.interface import Interface
from cockpit.domain.plan import Leg, Mode, Objective

# Texts of the file end up on screen, in subjects and in requests, so each has a closed alphabet.
# \Z and not $, which would let a line end through.
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._+-]{0,39}\Z", description="a short plain name")]
Words = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f-\x9f]{0,120}\Z", description="one line of text")]
Host = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._:-]{1,253}\Z", description="a host name or an address")]
Loopback = Annotated[
    str, Meta(pattern=r"^(127\.0\.0\.1|localhost|::1)?\Z", description="an address of this PC, or empty")
]
Port = Annotated[int, Meta(ge=1, le=65535, description="a port from 1 to 65535")]
Consumer = Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{0,25}\Z", description="a consumer key, or empty")]
Account = Annotated[str, Meta(pattern=r"^[A-Z]{1,3}[0-9]{3,12}\Z", description="an account such as U1234567")]
ClientId = Annotated[int, Meta(ge=1, le=2_000_000_000, description="a client id above 0")]
TimeOfDay = Annotated[str, Meta(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?\Z", description="a time such as 23:45")]
Print = Annotated[
    str, Meta(pattern=r"^(([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2})?\Z", description="a SHA-256 in 64 hex digits")
]
Code = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9 ./_-]{0,24}\Z", description="a code of the broker or a venue")
]
OrderWord = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9 +./_-]{0,24}\Z", description="a word of TWS such as LMT or DAY")
]
Symbol = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./_-]{0,23}\Z", description="a symbol such as ES")
]
Expiry = Annotated[str, Meta(pattern=r"^(\d{6}|\d{8})?\Z", description="YYYYMM or YYYYMMDD, or empty")]
Right = Annotated[str, Meta(pattern=r"^[CP]?\Z", description="C or P, or empty")]
Side = Annotated[str, Meta(pattern=r"^(BUY|SELL)\Z", description="BUY or SELL")]
Amount = Annotated[float, Meta(ge=0, le=1e12, description="a number that is not negative")]
Price = Annotated[float, Meta(ge=-1e12, le=1e12, description="a price, below 0 for a credit")]
LegText = Annotated[
    str,
    Meta(
        pattern=r"^(BUY|SELL) [1-9][0-9]{0,3} [A-Za-z0-9][A-Za-z0-9 ._+-]{0,39}\Z",
        description="a leg such as BUY 1 spx-6700c",
    ),
]
Until = Annotated[
    str,
    Meta(
        pattern=r"^(2\d{3}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
        r"( ([01]\d|2[0-3]):[0-5]\d:[0-5]\d [A-Za-z]{2,20}(/[A-Za-z_]{2,20}){0,2})?)?\Z",
        description="YYYYMMDD, or YYYYMMDD HH:MM:SS with a zone, or empty",
    ),
]
Typed = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f-\x9f]{0,500}\Z", description="a line as it was typed")]


class Says(Struct, frozen=True):
    """The sentence that explains a setting: it stands in its type."""

    sentence: str


def sentence_of(table: type, key: str) -> str:
    """Return the sentence that explains a key of a table; "" when it has none."""
    notes = getattr(get_type_hints(table, include_extras=True)[key], "__metadata__", ())
    return next((note.sentence for note in notes if isinstance(note, Says)), "")


class Theme(StrEnum):
    """How the window looks."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class DeskTable(Struct, frozen=True):
    """Who and where the desk is."""

    name: Annotated[Name, Says("The name of the desk on screen and in reports.")] = "desk"
    zone: Annotated[Words, Says("The time zone in which times are shown.")] = "America/New_York"
    restart_at: Annotated[
        TimeOfDay, Says("When TWS restarts or logs off, in the time zone of the desk; empty when not said.")
    ] = ""
    accounts: Annotated[
        tuple[Account, ...], Says("Every account that must be there; empty takes whichever come.")
    ] = ()
    venues: Annotated[
        tuple[Code, ...], Says("Calendars of the venues whose opening the desk works towards.")
    ] = ("XNYS",)


class FoldersTable(Struct, frozen=True):
    """Where things are on this PC; empty means the usual place."""

    profile: Annotated[str, Says("The folder of the journal and the log.")] = ""
    jts: Annotated[str, Says("The folder in which TWS keeps jts.ini.")] = ""
    ibc: Annotated[
        str, Says("IBC's config.ini, if you start TWS with IBC; only its read-only keys are read.")
    ] = ""
    catalogue: Annotated[str, Says("Your own catalogue file; its rows win over those shipped.")] = ""


class AppearanceTable(Struct, frozen=True):
    """How the window looks."""

    theme: Annotated[Theme, Says("Light, dark, or as the system has it.")] = Theme.SYSTEM


class SocketRow(Struct, frozen=True):
    """One API socket of TWS or IB Gateway."""

    name: Annotated[Name, Says("The name of this socket; no two share one.")]
    port: Annotated[Port, Says("The port as set in TWS or IB Gateway.")]
    host: Annotated[Host, Says("The address of the machine that TWS runs on.")] = "127.0.0.1"
    program: Annotated[Name, Says("TWS or IB Gateway: the name on screen.")] = "TWS"
    mode: Annotated[
        Mode, Says("Which kind of account must answer; the account prefix decides, not the port.")
    ] = Mode.LIVE
    accounts: Annotated[
        tuple[Account, ...], Says("The accounts of this socket; empty: those of the desk.")
    ] = ()
    owners: Annotated[
        tuple[Words, ...], Says("More programs that may own the port, by name or part of their path.")
    ] = ()
    client_ids: Annotated[
        tuple[ClientId, ClientId], Says("First and last client id that the cockpit may use.")
    ] = (901, 931)
    farms: Annotated[
        tuple[Name, ...], Says("Data farms that must be connected; empty: those seen yesterday.")
    ] = ()


class GatewayTable(Struct, frozen=True):
    """The Client Portal gateway."""

    present: Annotated[bool, Says("Whether the desk uses the gateway at all.")] = True
    host: Annotated[Host, Says("The address of the gateway.")] = "127.0.0.1"
    port: Annotated[Port, Says("The port of the gateway.")] = 5000
    fingerprint: Annotated[Print, Says("SHA-256 of the certificate you trust; empty until you pin one.")] = ""
    owners: Annotated[
        tuple[Words, ...], Says("More programs that may own the port, by name or part of their path.")
    ] = ()
    accounts: Annotated[
        tuple[Account, ...], Says("The accounts of the gateway's user; empty: those of the desk.")
    ] = ()


class FlexTable(Struct, frozen=True):
    """The service that hands out Flex statements; its token and query id are in the keychain, never here."""

    present: Annotated[bool, Says("Whether the desk fetches statements with a token.")] = True
    host: Annotated[
        Loopback, Says("Empty: the broker's official host, encrypted; else a stand-in on this PC.")
    ] = ""
    port: Annotated[Port, Says("The port of the stand-in; the official host is always asked at 443.")] = 443


class WebApiTable(Struct, frozen=True):
    """The Web API by OAuth, without the gateway; token, secret, keys and prime are in the keychain, never here."""

    consumer: Annotated[
        Consumer, Says("The consumer key from the broker's OAuth page; empty: the desk has none.")
    ] = ""
    host: Annotated[Loopback, Says("Empty: the broker's official host; else a stand-in on this PC.")] = ""
    port: Annotated[Port, Says("The port of the stand-in; the official host is always asked at 443.")] = 443
    fingerprint: Annotated[
        Print, Says("SHA-256 of the stand-in's certificate; without it nothing is sent there.")
    ] = ""


class InstrumentRow(Struct, frozen=True):
    """Something the playbook needs a price of."""

    key: Annotated[Name, Says("The name on screen, by which flows and tickets refer to it.")]
    symbol: Annotated[Symbol, Says("The broker's symbol.")]
    sec_type: Annotated[Code, Says("STK, CASH, IND, FUT, OPT, FOP …")] = "STK"
    exchange: Annotated[Code, Says("Where the price comes from.")] = "SMART"
    currency: Annotated[Code, Says("The currency of the price.")] = "USD"
    expiry: Annotated[Expiry, Says("Month or day of expiry; empty: the nearest.")] = ""
    strike: Annotated[Amount, Says("The strike of an option; 0: the one nearest to the price.")] = 0.0
    right: Annotated[Right, Says("C or P for an option.")] = ""
    trading_class: Annotated[Code, Says("The trading class, such as SPXW.")] = ""
    multiplier: Annotated[Code, Says("The multiplier, when the symbol alone is ambiguous.")] = ""
    venue: Annotated[Code, Says("Calendar of its venue; empty: the contract's own hours decide.")] = ""
    needs_greeks: Annotated[bool, Says("Whether a price without Greeks is not enough.")] = False


class FlowRow(Struct, frozen=True):
    """A named objective of the playbook."""

    key: Annotated[Name, Says("The short name of the flow; no two share one.")]
    title: Annotated[Words, Says("What you want to do, as the task card says it.")]
    objective: Annotated[Objective, Says("Why you sign in for it.")] = Objective.TACTICAL_TRADE
    interface: Annotated[Interface, Says("The interface you prefer for it.")] = Interface.TWS
    door: Annotated[
        Code, Says("Name of the socket that speaks for it; empty: the first that leads to live accounts.")
    ] = ""
    instruments: Annotated[tuple[Name, ...], Says("Keys of the instruments it needs a live price of.")] = ()
    needs_account: Annotated[bool, Says("Whether margin and cash of the account must be readable.")] = False
    venue: Annotated[Code, Says("Calendar of the venue opening it belongs to.")] = "XNYS"
    drafts: Annotated[tuple[Typed, ...], Says("Lines of tickets that could not be read yet.")] = ()


class TicketRow(Struct, frozen=True):
    """An order you plan; it is checked and rehearsed, never sent."""

    key: Annotated[Name, Says("The short name of the ticket; no two share one.")]
    flow: Annotated[Name, Says("Key of the flow it belongs to.")]
    instrument: Annotated[Name, Says("Key of the instrument; of a combination that of its first leg.")]
    action: Annotated[Side, Says("BUY or SELL.")] = "BUY"
    quantity: Annotated[Amount, Says("Contracts or shares; of a currency pair its first currency.")] = 1.0
    order_type: Annotated[OrderWord, Says("Order type as TWS calls it.")] = "LMT"
    time_in_force: Annotated[OrderWord, Says("DAY, GTC …")] = "DAY"
    outside_hours: Annotated[bool, Says("Whether it may fill outside regular hours.")] = False
    price: Annotated[Price, Says("Limit or stop price in the contract's currency; 0 when there is none.")] = (
        0.0
    )
    account: Annotated[
        str,
        Meta(pattern=r"^([A-Z]{1,3}[0-9]{3,12})?\Z", description="an account or empty"),
        Says("The account; empty: the first one of the socket."),
    ] = ""
    stop: Annotated[Price, Says("The trigger of a stop limit or of an order if touched.")] = 0.0
    trail: Annotated[Amount, Says("The trailing amount, or per cent.")] = 0.0
    trail_in_percent: Annotated[bool, Says("Whether the trailing amount is per cent.")] = False
    limit_offset: Annotated[Price, Says("How far the limit of a trailing stop limit stands off.")] = 0.0
    until: Annotated[Until, Says("The end of a GTD order.")] = ""
    algorithm: Annotated[Code, Says("The broker's algorithm, by its key in the catalogue.")] = ""
    in_cash: Annotated[bool, Says("Whether the quantity is an amount of money.")] = False
    legs: Annotated[
        tuple[LegText, ...], Says("The legs of a combination, as they are bought when the whole is bought.")
    ] = ()
    text: Annotated[Typed, Says("The line as it was typed.")] = ""


# Checking an overnight gap needs a true price; moving a leg needs the index its price stands on; margin before
# the open needs the account and what one future more would cost. Which legs only the desk can say: an option
# without expiry and strike would ask the broker for a whole chain, so that ticket begins as a line to complete.
INSTRUMENTS = (
    InstrumentRow("EUR.USD", "EUR", sec_type="CASH", exchange="IDEALPRO"),
    InstrumentRow("SPX", "SPX", sec_type="IND", exchange="CBOE"),
    InstrumentRow("ES", "ES", sec_type="FUT", exchange="CME"),
)
FLOWS = (
    FlowRow("fx-gap", "Check an overnight FX gap", Objective.MONITOR, instruments=("EUR.USD",)),
    FlowRow(
        "move-leg",
        "Move a leg of an option spread",
        Objective.MULTI_LEG,
        instruments=("SPX",),
        drafts=("BUY 1 VERT SPX",),
    ),
    FlowRow("margin", "Margin before the open", Objective.MONITOR, instruments=("ES",), needs_account=True),
)
TICKETS = (
    TicketRow("fx-gap-1", "fx-gap", "EUR.USD", quantity=100_000.0, text="BUY 100K EUR.USD LMT"),
    TicketRow("margin-1", "margin", "ES", order_type="MKT", text="BUY 1 ES MKT"),
)


class Settings(Struct, frozen=True):
    """Everything a settings file can say. A file without a playbook has the default one of three flows."""

    desk: Annotated[DeskTable, Says("Who and where the desk is.")] = DeskTable()
    folders: Annotated[FoldersTable, Says("Where things are on this PC.")] = FoldersTable()
    appearance: Annotated[AppearanceTable, Says("How the window looks.")] = AppearanceTable()
    gateway: Annotated[GatewayTable, Says("The Client Portal gateway.")] = GatewayTable()
    flex: Annotated[FlexTable, Says("The service that hands out Flex statements.")] = FlexTable()
    web_api: Annotated[WebApiTable, Says("The Web API by OAuth, without the gateway.")] = WebApiTable()
    sockets: Annotated[tuple[SocketRow, ...], Says("The API sockets of TWS and IB Gateway.")] = (
        SocketRow("tws", 7496),
    )
    instruments: Annotated[tuple[InstrumentRow, ...], Says("What the playbook needs a price of.")] = (
        INSTRUMENTS
    )
    flows: Annotated[tuple[FlowRow, ...], Says("The playbook: what you sign in for.")] = FLOWS
    tickets: Annotated[
        tuple[TicketRow, ...], Says("The orders you plan; checked and rehearsed, never sent.")
    ] = TICKETS


def with_pin(settings: Settings, fingerprint: str) -> Settings:
    """Return the settings with the gateway certificate of this SHA-256 (hex, colons allowed) pinned."""
    return replace(settings, gateway=replace(settings.gateway, fingerprint=plain_print(fingerprint)))


def plain_print(fingerprint: str) -> str:
    """Write a fingerprint as 64 small hex digits, whatever the file or a browser writes."""
    return fingerprint.replace(":", "").lower()


def leg_of(text: str) -> Leg:
    """Read a leg such as `BUY 1 spx-6700c`, as the settings have checked it."""
    action, ratio, instrument = text.split(" ", 2)
    return Leg(instrument, action, int(ratio))
