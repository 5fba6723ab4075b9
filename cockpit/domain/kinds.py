"""The table of fact kinds: what can be known, of which type, and how long it stays fresh.

Subjects are short paths: `desk`, `tws/<name>` for an API socket, below it its farms (`farms.farm_subject`),
`/feed/<instrument>` and `/contract/<instrument>`, `account/<id>`, `gateway`, `venue/<code>`, `program/<program>`,
`mobile`.
"""

from __future__ import annotations

from enum import StrEnum

from cockpit.domain.evidence import Kind

MINUTE = 60.0
HOUR = 3600.0
DAY = 24 * HOUR


class Door(StrEnum):
    """What happened at the last try to get through an API socket's door."""

    REFUSED = "refused"  # nothing listens
    UNREACHABLE = "unreachable"  # no route, no name, time-out before the connection stood
    SHUT = "shut"  # closed at once: this address is not trusted
    MUTE = "mute"  # accepted, no handshake: a dialog waits or the program hangs
    WAITING = "waiting"  # handshake answered, no accounts yet: still loading or signing in
    CLIENT_ID_TAKEN = "client id taken"
    TOO_OLD = "too old"  # versions do not meet
    STRANGER = "stranger"  # another program owns the port
    OPEN = "open"
    LOST = "lost"  # was open, the connection ended
    SILENT = "silent"  # socket open, no answer to the heartbeat


class Upstream(StrEnum):
    """The broker's servers as the API socket reports them."""

    UP = "up"
    DOWN = "down"  # 1100, 2110
    UP_DATA_LOST = "up, data lost"  # 1101: subscriptions must be renewed
    UP_DATA_KEPT = "up, data kept"  # 1102


class FarmState(StrEnum):
    """One data farm."""

    OK = "ok"
    BROKEN = "broken"
    DORMANT = "dormant"  # comes back on demand; not a fault
    CONNECTING = "connecting"


class FeedState(StrEnum):
    """What really arrives for one instrument."""

    LIVE = "live"
    FROZEN = "frozen"
    DELAYED = "delayed"
    DELAYED_FROZEN = "delayed, frozen"
    PARTIAL = "partial"
    SILENT = "silent"
    COMPETING = "competing"
    NOT_SUBSCRIBED = "not subscribed"
    NO_QUOTE = "no quote"  # the broker says there is no price now
    REFUSED = "refused"


class PortalDoor(StrEnum):
    """What happened at the gateway's door."""

    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    UNKNOWN_CERTIFICATE = "unknown certificate"
    NOT_TLS = "not tls"
    DENIED = "denied"  # IP filter: 404 "Access Denied"
    NO_ANSWER = "no answer"
    STRANGER = "stranger"
    OPEN = "open"


class PortalStage(StrEnum):
    """The gateway's sign-in, read from its answers."""

    SIGNED_OUT = "signed out"  # 401, or a redirect to the sign-in page
    SIGNED_IN = "signed in"  # tier 1 only
    STARTING = "starting"
    TRADING = "trading"  # tier 2
    COMPETING = "competing"
    BACKEND_LOST = "backend lost"
    UPSTREAM_DEAD = "upstream dead"  # local answers come, proxied ones hang
    COOLING_DOWN = "cooling down"  # 429
    UNCLEAR = "unclear"


# The desk (subject "desk")
DISK_FREE = Kind("disk free", float, 10 * MINUTE, "Free disk space, bytes")
NETWORK = Kind("network", str, 2 * MINUTE, "How this PC is connected")  # wired, wireless, none, unclear
NETWORK_PRINT = Kind("network print", str, 10 * MINUTE, "Digest of the interfaces and networks in use")
VPN = Kind("vpn", bool, 2 * MINUTE, "A VPN interface is up")
ON_MAINS = Kind("on mains", bool, 2 * MINUTE, "Runs on mains power")
SLEEP_AFTER = Kind("sleep after", float, HOUR, "Sleeps after so many seconds idle, 0 for never")
REBOOT_PENDING = Kind("reboot pending", bool, HOUR, "The system waits for a restart")
CLOCK_SYNCHRONISED = Kind("clock synchronised", bool, HOUR, "The system says that its clock is synchronised")
CLOCK_OFFSET = Kind(
    "clock offset", float, 12 * HOUR, "This PC's clock against the newest trusted time, seconds"
)

# Programs (subject "program/tws", "program/ib-gateway", "program/ibkr-desktop", "program/client-portal-gateway")
RUNNING = Kind("running", bool, 2 * MINUTE, "The program runs")
STARTED_AT = Kind("started at", float, 2 * MINUTE, "When the program started, UTC epoch seconds")
STARTS_TODAY = Kind(
    "starts in ten minutes", int, 10 * MINUTE, "How often it was started in the last ten minutes"
)
RESTART_TOKEN = Kind(
    "restart token", bool, HOUR, "The file that lets tonight's restart go without second factor"
)
LAST_MODE = Kind("last mode", str, DAY, "Live or paper, as jts.ini says; a hint, never a proof")

# Ports (subject "tws/<name>" or "gateway")
LISTENING = Kind("listening", bool, 2 * MINUTE, "Something listens on the port")
PORT_OWNER = Kind("port owner", str, 2 * MINUTE, "The program that listens")
PORT_OWNER_KNOWN = Kind("port owner known", bool, 2 * MINUTE, "The owner is one the desk expects")
BOUND_TO = Kind("bound to", tuple, 2 * MINUTE, "The addresses the port is bound to")

# API sockets (subject "tws/<name>")
DOOR = Kind("door", str, 90.0, "What the last try at the door brought", frozenset(Door))
CLIENT_ID = Kind("client id", int, DAY, "The client id in use")
SERVER_VERSION = Kind("server version", int, DAY, "Protocol version of the session")
ACCOUNTS = Kind("accounts", tuple, 10 * MINUTE, "The accounts this session manages")
ROUND_TRIP = Kind("round trip", float, 15.0, "Last heartbeat there and back, seconds")
BROKER_CLOCK = Kind("broker clock", float, 2 * MINUTE, "Broker's clock minus this PC's, seconds")
CONNECTED_AT = Kind("connected at", float, DAY, "When the session began, UTC epoch seconds")
UPSTREAM = Kind("upstream", str, 30.0, "The broker's servers behind the socket", frozenset(Upstream))
FARM = Kind(
    "farm", str, 10 * MINUTE, "State of one data farm", frozenset(FarmState)
)  # subject: farms.farm_subject
BULLETIN = Kind("bulletin", str, DAY, "A news bulletin of the broker")  # subject tws/<name>/bulletin/<id>
READ_ONLY = Kind("read-only api", bool, 50 * MINUTE, "The API takes no orders (code 321 seen)")
DATA_TAKEN = Kind("data taken", bool, 5 * MINUTE, "Live data went to another session (code 10197)")
LAST_CODE = Kind("last code", int, DAY, "Newest error code, with its text in the note")
OPEN_ORDERS = Kind("open orders", tuple, 10 * MINUTE, "Open orders by origin, such as `manual 3`")
ORDERS_READ = Kind("orders read", bool, 10 * MINUTE, "Open orders could be read")
FAMILY = Kind("family codes", tuple, DAY, "Family codes")

# Accounts (subject "account/<id>")
EXCESS_LIQUIDITY = Kind("excess liquidity", float, 10 * MINUTE, "In base currency")
CUSHION = Kind("cushion", float, 10 * MINUTE, "Excess liquidity over net liquidation, 0 to 1")
NET_LIQUIDATION = Kind("net liquidation", float, 10 * MINUTE, "In base currency")
CURRENCY = Kind("currency", str, DAY, "Base currency")
ACCOUNT_TYPE = Kind("account type", str, DAY, "As the broker words it")
ENTITY = Kind("entity", str, 30 * DAY, "The IBKR company the account is with")

# Feeds (subject "tws/<name>/feed/<instrument>")
FEED = Kind("feed", str, 5 * MINUTE, "What arrives: live, delayed, frozen …", frozenset(FeedState))
TICK_AGE = Kind("tick age", float, 5 * MINUTE, "Age of the newest tick when it was looked at, seconds")
GREEKS = Kind("greeks", bool, 5 * MINUTE, "Model Greeks arrived")

# Contracts (subject "tws/<name>/contract/<instrument>")
CONTRACT = Kind("contract", str, 12 * HOUR, "How the contract resolved: one, none, several")
ORDER_TYPES = Kind(
    "order types", tuple, 12 * HOUR, "Order-type and attribute tokens the broker offers for it"
)
VENUES = Kind("venues", tuple, 12 * HOUR, "Valid exchanges")
OPEN_UNTIL = Kind(
    "open until", float, 12 * HOUR, "End of the running trading session, UTC epoch seconds; 0 when closed"
)
OPENS_AT = Kind(
    "opens at", float, 12 * HOUR, "Start of the next trading session, UTC epoch seconds; 0 when not listed"
)

CON_ID = Kind("contract id", int, 12 * HOUR, "The broker's number of the contract")
INCREMENT = Kind("price increment", float, 12 * HOUR, "Smallest price step")
SIZE_INCREMENT = Kind("size increment", float, 12 * HOUR, "Smallest step of the quantity")
STOCK_TYPE = Kind("stock type", str, 12 * HOUR, "COMMON, ETF, ADR … as the broker words it")
LISTED_ON = Kind("listed on", str, 12 * HOUR, "The listing exchange")
INELIGIBLE = Kind("ineligible", tuple, 12 * HOUR, "Reasons for which the broker takes no orders in it")
REGULAR_UNTIL = Kind(
    "regular until", float, 12 * HOUR, "End of running regular hours, UTC seconds; 0 outside"
)
REGULAR_AT = Kind(
    "regular at", float, 12 * HOUR, "Start of the next regular hours, UTC seconds; 0 not listed"
)
# What the listing exchange alone offers stands at tws/<name>/contract/<instrument>@<exchange>: ORDER_TYPES.

# Refusals seen (subject "tws/<name>/refusal/<instrument>/<order type>/<side>", "gateway/refusal/…"), text in the note
REFUSED_CODE = Kind("refused with", str, DAY, "The code with which an order or a preview was refused")
REFUSED_SIZE = Kind("refused size", float, DAY, "The quantity of the order that was refused")
PREVIEWED = Kind(
    "previewed", bool, DAY, "The broker's preview took this ticket"
)  # subject …/preview/<ticket>

# The gateway's word on a contract (subject "gateway/contract/<instrument>"; rules at …/buy and …/sell)
RULE_TYPES = Kind("rule order types", tuple, 12 * HOUR, "Order types that the Web API offers for it")
RULE_TYPES_OUTSIDE = Kind(
    "rule types outside hours", tuple, 12 * HOUR, "Those it takes outside regular hours"
)
RULE_TIMES = Kind("rule times in force", tuple, 12 * HOUR, "As the broker writes them, such as DAY/o,a")
RULE_ALGORITHMS = Kind("rule algorithm types", tuple, 12 * HOUR, "Order types that can carry an IB algo")
RULE_ACCOUNTS = Kind("rule accounts", tuple, 12 * HOUR, "Accounts that may trade it")
RULE_ERROR = Kind("rule error", str, 12 * HOUR, "Why the broker gives no rules; empty when it does")
OVERNIGHT = Kind("overnight eligible", bool, 12 * HOUR, "It trades in the overnight session")
CLARIFICATION = Kind("clarification", str, 12 * HOUR, "What must be clarified first, such as PRIIPS_KID")
DATA_LETTERS = Kind("data letters", str, 10 * MINUTE, "Field 6509: real-time, delayed, frozen, none …")
TRADABLE = Kind("tradable", bool, 12 * HOUR, "Field 7184: it can be traded at all")
PERMITTED = Kind("permitted", bool, 12 * HOUR, "Field 7768: this user has the trading permission")

# Statement and portfolio meta (subject "account/<id>")
TRADING_TYPE = Kind("trading type", str, DAY, "Margin class as the broker writes it, such as PMRGN")
CUSTOMER_TYPE = Kind("customer type", str, 30 * DAY, "Individual, Partnership … from the statement")
PERMISSIONS = Kind("permissions", tuple, 2 * DAY, "Trading permissions in the statement's words")
PERMISSIONS_BEFORE = Kind(
    "permissions before", tuple, 365 * DAY, "Those of the statement before that differed"
)
CAPABILITIES = Kind("capabilities", tuple, 2 * DAY, "Cash, Margin, Portfolio Margin from the statement")
STATEMENT_OF = Kind("statement of", float, 2 * DAY, "The moment the statement was made, UTC epoch seconds")
NO_TRADING = Kind("no trading", bool, DAY, "The broker lets the client not trade in it")
FLEX_STATE = Kind("flex state", str, DAY, "How the last fetch of a statement went")  # subject "flex"

# The trader's word (subjects "attested/<interface>/<order type>", "attested/permission/<account>/<permission>")
SAID_OFFERED = Kind("said to be offered", bool, 90 * DAY, "The trader has seen it on the ticket, or not")
SAID_HELD = Kind("said to be held", bool, 30 * DAY, "The trader says whether the permission is held")
DRILLED = Kind(
    "drilled", tuple, 365 * DAY, "Steps of the newest drill with their seconds"
)  # subject drill/<key>
REQUESTED_ON = Kind("requested on", float, 365 * DAY, "When the permission was requested; 0 when withdrawn")

# What guards this PC (subject "desk")
KEYCHAIN = Kind("keychain", str, HOUR, "Where secrets live, or why they cannot")
DISK_ENCRYPTED = Kind("disk encrypted", bool, DAY, "The disk with the profile is encrypted")
SCREEN_LOCK = Kind("screen lock", float, HOUR, "Locks after so many seconds idle; 0 for never")
REMOTE_DESKTOP = Kind("remote desktop", tuple, 10 * MINUTE, "Remote-control programs that run or listen")
PUBLIC_ADDRESS = Kind("public address print", str, HOUR, "Digest of the address the broker sees")

# What guards the doors (subjects "tws/<name>", "gateway")
TRUSTED_ADDRESSES = Kind(
    "trusted addresses", tuple, HOUR, "Addresses that TWS lets in without asking (jts.ini)"
)
ALLOWED_ADDRESSES = Kind("allowed addresses", tuple, HOUR, "The gateway's address filter; empty lets all in")
CROSS_ORIGIN = Kind("cross origin", bool, HOUR, "Web pages of any site may drive the gateway")
CERTIFICATE_ENDS = Kind("certificate ends", float, DAY, "UTC epoch seconds")

# Second factors, ways back and weaknesses (subjects "factor/<name>", "recovery/<name>", "weakness/<key>")
PROVEN = Kind("proven", float, 365 * DAY, "When it was last proven, UTC epoch seconds; 0 when it failed")
LOOKED_AFTER = Kind(
    "looked after", float, 365 * DAY, "When somebody last checked that it lies where it should"
)
ISSUED = Kind("issued", float, 30 * DAY, "When a temporary code or card was issued, UTC epoch seconds")
ACCEPTED = Kind("accepted", float, 365 * DAY, "When the desk accepted a weakness; 0 when taken back")
SIGN_IN_FAILED = Kind(
    "sign-in failed", float, DAY, "A failed sign-in, UTC epoch seconds"
)  # signin/<source>/<n>
LOGS_READ = Kind(
    "launchers' logs read",
    int,
    10 * MINUTE,
    "How many of the launchers' logs that the register names could be read",
)  # subject "signin"
PUSH_SENT = Kind("push sent", float, HOUR, "When a push went out, UTC epoch seconds")  # subject "signin"
USED = Kind("used", float, 365 * DAY, "When a credential was last used")  # subject credential/<name>

# Web API by OAuth (subject "web-api")
OAUTH_STATE = Kind(
    "oauth state", str, 90.0, "How far the session goes: none, signed in, trading, not active …"
)
LIVE_SESSION_ENDS = Kind(
    "live session ends", float, DAY, "When the live session token ends, UTC epoch seconds"
)
OAUTH_ROUND_TRIP = Kind("oauth round trip", float, 90.0, "Last call there and back, seconds")

# Client Portal gateway (subject "gateway")
PORTAL_DOOR = Kind(
    "portal door", str, 90.0, "What the last try at the gateway brought", frozenset(PortalDoor)
)
CERTIFICATE = Kind("certificate", str, 10 * MINUTE, "vendor, desk or unknown")
FINGERPRINT = Kind("fingerprint", str, 10 * MINUTE, "SHA-256 of the certificate the gateway shows")
PORTAL_STAGE = Kind("portal stage", str, 90.0, "How far the gateway's sign-in goes", frozenset(PortalStage))
PORTAL_ROUND_TRIP = Kind("portal round trip", float, 90.0, "Last proxied call there and back, seconds")
SSO_ENDS = Kind("sso ends", float, 90.0, "When the portal session ends, UTC epoch seconds")
PORTAL_ACCOUNTS = Kind("portal accounts", tuple, 10 * MINUTE, "Accounts of the gateway's user")
PORTAL_STREAM = Kind("portal stream", str, 60.0, "Websocket: beating, silent, closed")

# Venues (subject "venue/<code>"), from the exchange calendar
NEXT_OPEN = Kind("next open", float, DAY, "UTC epoch seconds")
NEXT_CLOSE = Kind("next close", float, DAY, "UTC epoch seconds")
EARLY_CLOSE = Kind("early close", bool, DAY, "The next session ends early")
DST_MISMATCH = Kind("dst mismatch", bool, DAY, "New York and Europe are off their usual distance")

# Attested (subject "mobile")
OPENED_AT = Kind("opened at", float, 30 * HOUR, "When the trader says the app was opened, UTC epoch seconds")

# What the exchange calendar says further ahead (subject "venue/<code>"); how it is written: domain/venue_days.py
SESSIONS_AHEAD = Kind("sessions ahead", tuple, DAY, "Trading sessions of the weeks ahead")
CLOSED_AHEAD = Kind("closed ahead", tuple, DAY, "Days of the weeks ahead on which the venue stays closed")

ALL: tuple[Kind[bool] | Kind[int] | Kind[float] | Kind[str] | Kind[tuple[str, ...]], ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Kind)
)
