"""The second opinion on a finished order frame: reads every field just before the socket, believes none.

Written from the notes on the wire protocol (layout of placeOrder above version 145), not from our encoder:
the two share no constant and no function. It knows one shape only, a plain contract without legs, algo,
scale, hedge, conditions or advisor parts. In that shape every field has its fixed place, so a shifted field
cannot hide: it changes the number of fields, or meets a place where it does not belong.
"""

from __future__ import annotations

import re

from msgspec import Struct

_OLDEST, _NEWEST = 157, 178


class Doubt(Exception):
    """The frame is not beyond doubt a what-if; `place` names the field that says so."""

    def __init__(self, place: str, sentence: str) -> None:
        super().__init__(f"{place}: {sentence}")
        self.place = place


class Place(Struct, frozen=True):
    """One field of the layout, sent from version `since` to `until`, and what may stand in it."""

    name: str
    allowed: re.Pattern[str]
    since: int = _OLDEST
    until: int = _NEWEST


class OrderReading(Struct, frozen=True):
    """What the walker understood; all as text of the wire."""

    order_id: int
    symbol: str
    sec_type: str
    action: str
    quantity: str
    order_type: str
    limit_price: str
    stop_price: str
    time_in_force: str
    account: str


_NOTHING = re.compile(r"")
_UNSET = r"|1\.7976931348623157[eE]\+?308"
_ID = re.compile(r"[1-9][0-9]{0,9}")
_COUNT = re.compile(r"[0-9]{0,10}")
_WORD = re.compile(r"[\x20-\x7e]{0,64}")
_NUMBER = re.compile(r"-?[0-9]{1,13}(?:\.[0-9]{1,10})?")
_POSITIVE = re.compile(r"(?=.*[1-9])[0-9]{1,13}(?:\.[0-9]{1,10})?")
_PRICE = re.compile(rf"{_NUMBER.pattern}{_UNSET}|")
_NO_AMOUNT = re.compile(rf"(?:0(?:\.0)?)?|{_UNSET[1:]}")
_OFF = re.compile(r"0|")
_ON = re.compile(r"1")
_FLAG = re.compile(r"[01]")


def _places(allowed: re.Pattern[str], *names: str, since: int = _OLDEST, until: int = _NEWEST) -> list[Place]:
    return [Place(name, allowed, since, until) for name in names]


PLACES: tuple[Place, ...] = (
    Place("message", re.compile(r"3")),
    Place("order id", _ID),
    # contract
    Place("contract id", _COUNT),
    Place("symbol", _WORD),
    Place("security type", re.compile(r"STK|OPT|FUT|FOP|CASH|IND|CFD|BOND|FUND|WAR|CMDTY|CRYPTO|CONTFUT|")),
    Place("expiry", re.compile(r"[0-9]{6}(?:[0-9]{2})?(?: [\x21-\x7e ]{1,24})?|")),
    Place("strike", _PRICE),
    Place("right", re.compile(r"|[CP?0]|CALL|PUT")),
    Place("multiplier", re.compile(r"[0-9]{0,9}(?:\.[0-9]{1,6})?")),
    # The venue IBKRATS adds a field behind the ones listed here.
    Place("exchange", re.compile(r"(?!IBKRATS$)[A-Za-z0-9._@-]{0,24}")),
    Place("primary exchange", re.compile(r"[A-Za-z0-9._@-]{0,24}")),
    Place("currency", re.compile(r"[A-Z]{3}|")),
    Place("local symbol", _WORD),
    Place("trading class", _WORD),
    *_places(_NOTHING, "security id type", "security id"),
    # terms
    Place("action", re.compile(r"BUY|SELL")),
    Place("quantity", _POSITIVE),
    # The types pegged to a benchmark, a midpoint or the best price, and only they, bring fields of their own.
    Place(
        "order type",
        re.compile(r"MKT|LMT|STP|STP LMT|TRAIL|TRAIL LIMIT|MIT|LIT|MTL|MOC|LOC|REL|MIDPRICE"),
    ),
    Place("limit price", _PRICE),
    Place("stop price", _PRICE),
    Place("time in force", re.compile(r"DAY|GTC|IOC|FOK|OPG|GTD|")),
    Place("cancel group", _NOTHING),
    Place("account", re.compile(r"[A-Za-z]{0,4}[0-9A-Za-z]{0,14}")),
    Place("open or close", re.compile(r"O|")),
    Place("origin", re.compile(r"0")),
    Place("reference", _NOTHING),
    Place("transmit", _ON),
    *_places(re.compile(r"0"), "parent", "block", "sweep", "display size"),
    Place("trigger method", re.compile(r"0")),
    Place("outside hours", _FLAG),
    Place("hidden", re.compile(r"0")),
    # For a combination its legs would follow here; that security type is not let through above.
    Place("share allocation", _NOTHING),
    Place("discretionary amount", _NO_AMOUNT),
    Place("good after", _NOTHING),
    Place("good till", re.compile(r"|[0-9]{8}(?: [0-9:]{8}(?: [A-Za-z/_]{2,33})?)?")),
    *_places(_NOTHING, "advisor group", "advisor method", "advisor percentage"),
    *_places(_NOTHING, "advisor profile", until=176),
    Place("model", _NOTHING),
    Place("short-sale slot", _OFF),
    Place("short-sale location", _NOTHING),
    Place("exempt code", re.compile(r"-1")),
    Place("cancel group type", _OFF),
    *_places(_NOTHING, "rule 80A", "settling firm"),
    Place("all or none", _OFF),
    Place("least quantity", _NOTHING),
    Place("percent offset", _NO_AMOUNT),
    # Older official clients send these two set; they have had no effect for years.
    *_places(_FLAG, "e-trade only", "firm quote only"),
    Place("national best price cap", _NO_AMOUNT),
    Place("auction strategy", _OFF),
    *_places(_NO_AMOUNT, "starting price", "stock reference price", "delta", "range low", "range high"),
    Place("override constraints", _OFF),
    Place("volatility", _NO_AMOUNT),
    Place("volatility type", _OFF),
    # A type here would bring eight more fields.
    Place("delta-neutral order", _NOTHING),
    Place("delta-neutral price", _NO_AMOUNT),
    *_places(_OFF, "continuous update", "reference price type"),
    *_places(_PRICE, "trail stop price", "trailing percent"),
    *_places(_NOTHING, "scale first size", "scale next size"),
    # A positive increment would bring seven more fields.
    Place("scale increment", _NO_AMOUNT),
    *_places(_NOTHING, "scale table", "active from", "active until"),
    # A type here would bring its parameter.
    Place("hedge", _NOTHING),
    Place("no smart routing", _OFF),
    *_places(_NOTHING, "clearing account", "clearing intent"),
    Place("not held", _OFF),
    # A set flag would bring three more fields.
    Place("delta-neutral contract", _OFF),
    # A name here would bring its parameters.
    Place("algo", _NOTHING),
    Place("algo id", _NOTHING),
    Place("what-if", _ON),
    Place("options", _NOTHING),
    *_places(_OFF, "solicited", "random size", "random price"),
    # A count above zero would bring the conditions.
    Place("conditions", re.compile(r"0")),
    Place("adjusted type", _NOTHING),
    Place("trigger price", _NO_AMOUNT),
    Place("limit offset", _PRICE),
    *_places(_NO_AMOUNT, "adjusted stop", "adjusted limit", "adjusted trail"),
    Place("adjusted unit", _OFF),
    *_places(_NOTHING, "operator", "soft dollar name", "soft dollar value"),
    Place("cash quantity", _NO_AMOUNT),
    *_places(_NOTHING, "decision maker", "decision algo", "execution trader", "execution algo"),
    *_places(_OFF, "hedge price", "container", "discretion to limit", "price management"),
    Place("duration", _NOTHING, since=158),
    Place("post to ATS", _NOTHING, since=160),
    Place("cancel with parent", _OFF, since=162),
    Place("advanced override", _NOTHING, since=166),
    Place("manual time", _NOTHING, since=169),
)


def read_what_if(body: bytes, version: int) -> OrderReading:
    """Read the body of a placeOrder frame of protocol `version`; it must be a what-if through and through.

    Raises Doubt for anything else: another count of fields, a character that cannot be seen, a field that is
    not what its place allows, a missing what-if or transmit mark.
    """
    fields = fields_of(body)
    if not _OLDEST <= version <= _NEWEST:
        raise Doubt("version", f"the layout of version {version} is not known")
    places = [place for place in PLACES if place.since <= version <= place.until]
    if len(fields) != len(places):
        raise Doubt("count", f"{len(fields)} fields instead of {len(places)}")
    for place, field in zip(places, fields, strict=True):
        if not place.allowed.fullmatch(field):
            raise Doubt(place.name, "holds what does not belong there")
    named = {place.name: field for place, field in zip(places, fields, strict=True)}
    return OrderReading(
        order_id=int(named["order id"]),
        symbol=named["symbol"],
        sec_type=named["security type"],
        action=named["action"],
        quantity=named["quantity"],
        order_type=named["order type"],
        limit_price=named["limit price"],
        stop_price=named["stop price"],
        time_in_force=named["time in force"],
        account=named["account"],
    )


def fields_of(body: bytes) -> list[str]:
    """Split a body into its fields. Raises Doubt unless it is printable ASCII, each field ended by NUL."""
    if not body.endswith(b"\0"):
        raise Doubt("end", "the last field is not ended")
    try:
        fields = body[:-1].decode("ascii").split("\0")
    except UnicodeDecodeError:
        raise Doubt("text", "holds bytes that are not ASCII") from None
    for index, field in enumerate(fields):
        if not all(" " <= char <= "~" for char in field):
            raise Doubt(f"field {index}", "holds a control character")
    return fields
