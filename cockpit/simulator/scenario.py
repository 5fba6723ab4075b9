"""What a simulated desk is made of: records with a default for everything, filled from a scenario file.

A scenario says what stands on the desk (accounts, contracts, API servers, gateway, Flex service) and what
happens on a time line. Times are seconds, latencies milliseconds, offsets are counted from the start.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, field

from cockpit.simulator.terms import Place, Refusal, Side


class Door(StrEnum):
    """How an API port behaves before a session exists."""

    OPEN = "open"
    CLOSED = "closed"  # nothing listens: program down, or API switched off
    MUTE = "mute"  # accepts and never answers: a dialog waits
    SHUT = "shut"  # accepts and closes at once: address not trusted


class Feed(StrEnum):
    """What a market-data request for a contract brings."""

    LIVE = "live"
    FROZEN = "frozen"
    DELAYED = "delayed"  # 10167 with type 3, 10089 or 354 otherwise
    NONE = "none"  # 354, no delayed data either
    PARTIAL = "partial"  # 10090/10091: quotes flow, Greeks do not
    SILENT = "silent"  # accepted, nothing ever comes
    COMPETING = "competing"  # 10197


class Portal(StrEnum):
    """The state of the Client Portal gateway's sign-in."""

    TRADING = "trading"  # both tiers
    SIGNED_IN = "signed_in"  # tier 1 only: auth status false, "no bridge" on brokerage calls
    SIGNED_OUT = "signed_out"  # 401
    STARTING = "starting"  # authenticated, established false
    COMPETING = "competing"  # another program holds the brokerage session
    HANGING = "hanging"  # upstream dead: requests are held open without a byte
    REFUSING = "refusing"  # IP filter: 404 "Access Denied"


class Account(Struct, frozen=True):
    """One brokerage account."""

    id: str = "U1234821"
    entity: str = "IBLLC-US"
    trading_type: str = "STKNOPT"
    account_type: str = "INDIVIDUAL"
    customer_type: str = "INDIVIDUAL"
    capability: str = "Margin"
    currency: str = "USD"
    alias: str = ""
    family: str = ""
    permissions: tuple[str, ...] = ("Stocks", "Options", "Futures", "Forex")
    can_trade: bool = True  # false: no contract names it among the accounts that may trade
    clearing_status: str = "O"  # O open, P or N pending, A abandoned, R rejected, C closed
    net_liquidation: float = 1_085_000.0
    excess_liquidity: float = 412_300.0
    available_funds: float = 405_100.0
    buying_power: float = 1_620_400.0
    cushion: float = 0.38
    init_margin: float = 679_900.0
    maint_margin: float = 672_700.0


class Contract(Struct, frozen=True):
    """One instrument as the broker describes it. `price` 0 means no quote."""

    con_id: int = 0
    symbol: str = ""
    sec_type: str = "STK"
    exchange: str = "SMART"
    primary_exchange: str = ""
    currency: str = "USD"
    local_symbol: str = ""
    trading_class: str = ""
    expiry: str = ""  # YYYYMMDD, or a word of `dates.py` that is worked out when the desk starts
    strike: float = 0.0
    right: str = ""
    multiplier: str = ""
    long_name: str = ""
    under_con_id: int = 0
    order_types: tuple[str, ...] = (
        *("LMT", "MKT", "STP", "STPLMT", "TRAIL", "TRAILLMT", "MIT", "LIT"),
        *("DAY", "GTC", "GTD", "IOC", "RTH", "COND", "WHATIF"),
    )
    direct_order_types: tuple[str, ...] = ()  # when asked for at a venue instead of SMART; empty: the same
    venues: tuple[str, ...] = ("SMART",)
    min_tick: float = 0.01
    market_rule: int = 26
    zone: str = "US/Eastern"
    hours: str = "open"  # a word or template of `dates.py`, or the broker's own format
    liquid_hours: str = ""  # empty: as hours
    feed: Feed = Feed.LIVE
    feed_code: int = 0  # which code refuses live data; 0: the usual one of the feed
    farm: str = ""  # the farm its prices come from; empty: the usual one of its kind
    price: float = 100.0
    tradable: bool = True  # snapshot field 7184
    permitted: bool = True  # snapshot field 7768, canTradeAcctIds
    restricted: bool = False  # in the portal's search
    clarification: str = ""  # contract_clarification_type, such as PRIIPS_KID
    ineligible: str = ""  # reason id and text, "i152: …", sent from version 186 on
    web_order_types: tuple[str, ...] = (
        *("limit", "market", "stop", "stop_limit", "trailing_stop", "trailing_stop_limit"),
    )
    web_direct_order_types: tuple[str, ...] = ()  # when asked for at a venue; empty: the same
    web_outside: tuple[str, ...] = ("limit", "stop_limit")
    web_tifs: tuple[str, ...] = ("DAY/o,a", "GTC/o,a", "GTD/o,a", "IOC/MARKET,LIMIT,a")
    buying: Side = Side()
    selling: Side = Side()
    places: tuple[Place, ...] = ()
    refuse: tuple[Refusal, ...] = ()


class OpenOrder(Struct, frozen=True):
    """An order that rests in the book: `client` 0 with `manual` true was typed into the screen."""

    order_id: int = 1
    perm_id: int = 900_001
    client: int = 0
    account: str = ""
    con_id: int = 0
    action: str = "SELL"
    quantity: float = 1.0
    order_type: str = "LMT"
    price: float = 100.0
    tif: str = "GTC"


class Position(Struct, frozen=True):
    """A holding."""

    account: str = ""
    con_id: int = 0
    quantity: float = 0.0
    average_cost: float = 0.0


class Farm(Struct, frozen=True):
    """One data farm and its state: ok, broken, dormant or connecting."""

    name: str = "usfarm"
    kind: str = "market"  # market, history, definitions
    state: str = "ok"


_FARMS = (
    Farm("usfarm"),
    Farm("usfuture"),
    Farm("cashfarm"),
    Farm("usopt"),
    Farm("ushmds", "history"),
    Farm("secdefil", "definitions"),
)


class ApiServer(Struct, frozen=True):
    """One TWS or IB Gateway with its API socket."""

    name: str = "tws"
    program: str = "TWS"  # TWS or IB Gateway
    port: int = 0  # 0: any free one
    door: Door = Door.OPEN
    running: bool = True  # the program itself, for the process list of a scenario that shows it
    accounts: tuple[str, ...] = ()  # empty: all of the scenario
    max_version: int = 200
    read_only: bool = False
    taken_clients: tuple[int, ...] = ()
    silent_326: bool = False  # close without saying 326
    latency_ms: float = 0.0
    clock_skew: float = 0.0  # seconds the broker's clock is ahead of this machine's
    farms: tuple[Farm, ...] = _FARMS
    market_data_lines: int = 100
    upstream: bool = True  # false: 1100 right after the handshake
    what_if_latency_ms: float = 0.0
    max_messages_per_second: int = 50
    answer: bool = True  # false: handshake is served, then every request is swallowed (half-open)
    language: str = "en"  # "es" and others: error texts come in that language
    split: int = 0  # >0: write in pieces of so many bytes


class PortalServer(Struct, frozen=True):
    """The Client Portal gateway."""

    present: bool = True
    port: int = 0
    state: Portal = Portal.TRADING
    certificate: str = "desk"  # desk, vendor (expired, no SAN), other (changes the fingerprint)
    latency_ms: float = 0.0
    username: str = "trader01"
    client_app: str = ""  # who opened the login; an IBKRMOBILE one never gets a brokerage session
    paper: bool = False
    accounts: tuple[str, ...] = ()
    sso_minutes: float = 600.0  # ssoExpires
    requests_per_second: int = 10
    penalty_seconds: float = 900.0
    path_limits: bool = True  # false: only requests_per_second counts, no path has a limit of its own
    heartbeat_seconds: float = 10.0  # of the websocket
    self_logout_seconds: float = 0.0  # after losing trading; 30 in the real one, 0: it stays signed in
    stream_silent: bool = False  # websocket upgrades, then nothing


class FlexServer(Struct, frozen=True):
    """The Flex web service."""

    present: bool = True
    port: int = 0
    token: str = "123456789012345678901234"
    query: str = "987654"
    code: int = 0  # an error code to answer with, 0 for none
    busy_times: int = 1  # how often 1019 comes before the statement
    latency_ms: float = 0.0


class OAuthServer(Struct, frozen=True):
    """The Web API for OAuth callers. Its keys are made when it starts; `state` is that of the caller's login."""

    present: bool = False
    port: int = 0
    state: Portal = Portal.SIGNED_IN
    consumer: str = "SIMULATED"
    active: bool = True  # false: the broker does not know the consumer yet
    token_lost: bool = False  # the broker has lost the access token
    clock_skew: float = 0.0  # seconds the broker's clock is ahead of this machine's
    tolerance: float = 300.0  # seconds a timestamp may be off; what the broker takes is not published
    hours: float = 24.0  # life of a live session token
    status: int = 0  # answer every call with this status, 0 for none: 410, 503
    latency_ms: float = 0.0
    requests_per_second: int = 50
    penalty_seconds: float = 900.0


class Bulletin(Struct, frozen=True):
    """A news bulletin: type 1 notice, 2 exchange unavailable, 3 available again."""

    id: int = 1
    type: int = 1
    text: str = ""
    exchange: str = ""


class Event(Struct, frozen=True):
    """Something that happens `at` seconds after the start, or after the first handshake if `after_connect`.

    `does` is one word of the table in `timeline.py`; the other fields are its arguments.
    """

    at: float = 0.0
    does: str = ""
    server: str = "tws"  # an ApiServer's name, "gateway" or "flex"
    after_connect: bool = False
    code: int = 0
    text: str = ""
    farm: str = ""
    symbol: str = ""
    state: str = ""
    seconds: float = 0.0
    value: float = 0.0


class Scenario(Struct, frozen=True):
    """The whole desk and its time line."""

    name: str = "calm-morning"
    title: str = "Calm morning"
    about: str = ""
    accounts: tuple[Account, ...] = (Account(),)
    contracts: tuple[Contract, ...] = ()
    orders: tuple[OpenOrder, ...] = ()
    positions: tuple[Position, ...] = ()
    bulletins: tuple[Bulletin, ...] = ()
    tws: tuple[ApiServer, ...] = (ApiServer(),)
    gateway: PortalServer = field(default_factory=PortalServer)
    flex: FlexServer = field(default_factory=FlexServer)
    oauth: OAuthServer = field(default_factory=OAuthServer)
    events: tuple[Event, ...] = ()
    refuse: tuple[Refusal, ...] = ()  # for every contract, before those of its own
    # What the desk's own settings should say when they are written for this scenario (`--write-settings`).
    expected_accounts: tuple[str, ...] = ()  # empty: exactly the scenario's accounts
