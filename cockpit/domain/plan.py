"""What the desk needs: the doors it goes through, the accounts it expects, and its playbook."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import ip_address

from msgspec import Struct, field

from cockpit.domain.interface import Interface
from cockpit.domain.oauth import WebApi
from cockpit.domain.register import Register


class Objective(StrEnum):
    """Why somebody signs in at all."""

    MONITOR = "monitor"
    TACTICAL_TRADE = "single tactical trade"
    MULTI_LEG = "complex multi-leg execution"
    ADMINISTRATION = "account administration"
    RESEARCH = "research"
    AUTOMATION = "automation"


class Mode(StrEnum):
    """Which kind of account a door should lead to. The account prefix decides, never the port."""

    LIVE = "live"
    PAPER = "paper"
    EITHER = "either"


def is_loopback(host: str) -> bool:
    """Whether only this PC reaches `host`, in whichever way the address is written."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_this_pc(host: str) -> bool:
    """Whether dialling `host` ends on this PC, where the owner of a port can be seen."""
    return is_loopback(host) or host in ("0.0.0.0", "::")


class Instrument(Struct, frozen=True):
    """Something the playbook needs a price of. `key` names it on screen and in subjects."""

    key: str
    symbol: str
    sec_type: str = "STK"
    exchange: str = "SMART"
    currency: str = "USD"
    expiry: str = ""  # YYYYMM or YYYYMMDD; empty asks for the nearest
    strike: float = 0.0
    right: str = ""
    trading_class: str = ""
    multiplier: str = ""
    venue: str = ""  # calendar code such as XNYS, empty when the contract's own hours decide
    needs_greeks: bool = False


class Leg(Struct, frozen=True):
    """One leg of a combination, as it is bought when the whole is bought."""

    instrument: str
    action: str = "BUY"
    ratio: int = 1


class Ticket(Struct, frozen=True):
    """An order the trader plans. Amounts in contracts or shares, prices in the contract's currency.

    `price` is the limit, or the stop when there is no limit; 0 when there is none. `text` is what the trader typed.
    """

    key: str
    instrument: str
    action: str = "BUY"
    quantity: float = 1.0
    order_type: str = "LMT"  # as TWS calls it
    time_in_force: str = "DAY"
    outside_hours: bool = False
    price: float = 0.0
    account: str = ""
    stop: float = 0.0  # the trigger of a stop limit or of an order if touched
    trail: float = 0.0  # trailing amount, or per cent
    trail_in_percent: bool = False
    limit_offset: float = 0.0  # of a trailing stop limit
    until: str = ""  # of GTD: YYYYMMDD, or YYYYMMDD HH:MM:SS with a zone
    algorithm: str = ""  # key of the catalogue's row
    in_cash: bool = False  # the quantity is an amount of the contract's currency
    legs: tuple[Leg, ...] = ()  # of a combination; empty for a plain order
    text: str = ""


class Flow(Struct, frozen=True):
    """A named objective with its tickets and instruments, through the interface the trader prefers."""

    key: str
    title: str
    objective: Objective = Objective.TACTICAL_TRADE
    interface: Interface = Interface.TWS
    door: str = ""  # name of the API socket that speaks for it; empty: the first live one
    instruments: tuple[str, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    needs_account: bool = False
    venue: str = "XNYS"
    drafts: tuple[str, ...] = ()  # lines of tickets that could not be read yet


class Socket(Struct, frozen=True):
    """One API socket of TWS or IB Gateway that the desk uses."""

    name: str = "tws"
    host: str = "127.0.0.1"
    port: int = 7496
    program: str = "TWS"
    mode: Mode = Mode.LIVE
    accounts: tuple[str, ...] = ()  # empty: whichever come
    owners: tuple[str, ...] = ()  # more programs that may own the port, by name or path part
    client_ids: tuple[int, int] = (901, 931)  # our range, first and last; never 0 and never the master id
    farms: tuple[str, ...] = ()  # farms that must be there; empty: yesterday's set

    @property
    def subject(self) -> str:
        """The subject of this socket's facts."""
        return f"tws/{self.name}"

    @property
    def title(self) -> str:
        """The name on screen."""
        return Interface.TWS.label if self.program == "TWS" else self.program


class Portal(Struct, frozen=True):
    """The Client Portal gateway that the desk uses."""

    host: str = "127.0.0.1"
    port: int = 5000
    fingerprint: str = ""  # pinned SHA-256 in hex; empty: not pinned yet
    owners: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()

    subject = "gateway"


class Flex(Struct, frozen=True):
    """Where Flex statements are fetched: the broker's official host when `host` is empty, else a port of this PC."""

    host: str = ""
    port: int = 443

    subject = "flex"


class SessionEnd(Struct, frozen=True):
    """A published moment at which sessions of an interface end, from the catalogue."""

    key: str
    title: str
    weekday: int  # 0 Monday … 6 Sunday, -1 every day
    at: str  # HH:MM
    zone: str
    source: str = ""
    as_of: str = ""
    interfaces: tuple[Interface, ...] = ()  # whose sessions end; empty: not said
    effect: str = ""


class Plan(Struct, frozen=True):
    """Everything the desk has said about itself; checks and verdicts are read against it."""

    desk: str = "desk"
    sockets: tuple[Socket, ...] = (Socket(),)
    portal: Portal | None = field(default_factory=Portal)
    flex: Flex | None = field(default_factory=Flex)  # None: the desk keeps no Flex token
    web_api: WebApi | None = None  # None: the desk has no OAuth consumer
    instruments: tuple[Instrument, ...] = ()
    flows: tuple[Flow, ...] = ()
    venues: tuple[str, ...] = ("XNYS",)
    restart_at: str = ""  # HH:MM local time of TWS's restart or log-off, empty when not said
    session_ends: tuple[SessionEnd, ...] = ()
    mobile_access: float = (
        12 * 3600.0
    )  # seconds that IBKR Mobile keeps trading access with a PIN, from the catalogue
    register: Register = Register()
    is_demo: bool = False
    zone: str = "America/New_York"  # in which times are shown

    def socket(self, name: str) -> Socket | None:
        """Return the socket called `name`."""
        return next((socket for socket in self.sockets if socket.name == name), None)

    def socket_of(self, flow: Flow) -> Socket | None:
        """Return the socket that speaks for `flow`: the named one, else the first that leads to live accounts."""
        if flow.door:
            return self.socket(flow.door)
        live = (socket for socket in self.sockets if socket.mode is not Mode.PAPER)
        return next(live, self.sockets[0] if self.sockets else None)

    def instrument(self, key: str) -> Instrument | None:
        """Return the instrument called `key`."""
        return next((instrument for instrument in self.instruments if instrument.key == key), None)
