"""What is published about the broker: dated rows with their source, and how to find one. Read by an adapter."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cockpit.domain.confidence import Availability as Availability
from cockpit.domain.confidence import Confidence as Confidence
from cockpit.domain.drill import DrillPlan
from cockpit.domain.interface import Interface
from cockpit.domain.matching import Matching
from cockpit.domain.reference import AuthMethod, InterfaceRow, MarketDataRule, Subscription
from cockpit.domain.windows import Window

# The words of `Gate`, which is not imported because the gates read this module.
GATE_WORDS = (
    "identity",
    "second factor",
    "device and address",
    "session",
    "interface offers it",
    "account type and margin",
    "trading permission",
    "entity and region",
    "market data",
    "contract and venue",
    "precautions",
)
GateWord = Annotated[
    str, Meta(pattern=f"^({'|'.join(GATE_WORDS)})$", description=f"one of {', '.join(GATE_WORDS)}")
]


class OrderGroup(StrEnum):
    """How order types are grouped on screen, in this order."""

    BASIC = "basic"
    STOP = "stop and trailing"
    PEGGED = "pegged"
    AUCTION = "auction and open"
    VOLATILITY = "volatility"
    ATTACHED = "attached and conditional"
    COMBINATION = "combination"
    ALGORITHM = "algorithm"
    ATTRIBUTE = "attribute"
    TIME = "time in force"
    TOOL = "tool"


class Offer(Struct, frozen=True):
    """Whether one interface offers an order type, and how sure that is."""

    availability: Availability = Availability.UNKNOWN
    confidence: Confidence = Confidence.UNKNOWN


_UNSAID = Offer()


class OrderType(Struct, frozen=True):
    """An order type, attribute, algorithm or time in force, with an offer for every interface that takes orders.

    `codes` are what TWS calls it, `aliases` how people type it, `tokens` those of ContractDetails.orderTypes of which
    one must be listed, `web_token` that of the Web API's contract rules and `web_code` what a Web API ticket calls
    it ("" when it has none).
    """

    key: str
    title: str
    group: OrderGroup
    codes: tuple[str, ...]
    aliases: tuple[str, ...]
    tokens: tuple[str, ...]
    web_token: str
    offers: dict[Interface, Offer]
    products: tuple[str, ...]  # security types such as STK; empty: not said
    times_in_force: tuple[str, ...]  # empty: not said
    outside_hours: Availability
    combos: Availability
    source: str
    as_of: str
    confidence: Confidence
    notes: str = ""
    web_code: str = ""
    region: str = ""  # where it is offered; empty: not said
    # How sure these three are: an inferred list was read from recorded contracts, so what it lacks is not a no.
    products_confidence: Confidence = Confidence.UNKNOWN
    times_confidence: Confidence = Confidence.UNKNOWN
    outside_confidence: Confidence = Confidence.UNKNOWN

    def offer(self, interface: Interface) -> Offer:
        """Return what is published for an interface; unknown when nothing is."""
        return self.offers.get(interface, _UNSAID)


class Permission(Struct, frozen=True):
    """A trading permission: what it unlocks and where it is requested.

    `products` are the security types it unlocks, `statement_words` how a Flex statement names it. Rows that only add
    to another permission (a level, a margin, a flag) have no products: they never decide whether a type may trade.
    """

    key: str
    title: str
    products: tuple[str, ...]
    statement_words: tuple[str, ...]
    unlocks: str
    requirements: str
    where: str  # a menu path
    approval: str
    source: str
    as_of: str
    confidence: Confidence
    notes: str = ""
    account_types: tuple[str, ...] = ()  # cash, reg t margin, portfolio margin; empty: not said


class Entity(Struct, frozen=True):
    """One of the broker's companies and what differs for its clients.

    `code` is the broker's word in its Web API, such as IBLLC-US; "" when it is not published. `also` are its other
    names, as in statements.
    """

    key: str
    title: str
    code: str
    region: str
    regulator: str
    protection: str
    restrictions: tuple[str, ...]
    margin: str
    site: str  # host of its own site, "" when not known
    source: str
    as_of: str
    confidence: Confidence
    notes: str = ""
    also: tuple[str, ...] = ()


class Severity(StrEnum):
    """What a code means for the trader: nothing, a question to confirm, care, or not at all."""

    INFO = "info"
    CONFIRM = "confirm"
    DEGRADE = "degrade"
    BLOCK = "block"


class RegionalRule(Struct, frozen=True):
    """A rule of a region. `entities` are keys; empty: whichever. `severity` says whether it can refuse an order."""

    key: str
    title: str
    sentence: str
    entities: tuple[str, ...]
    gate: GateWord
    remedy: str
    source: str
    as_of: str
    confidence: Confidence
    severity: Severity = Severity.INFO


class FailureFamily(StrEnum):
    """The three ways in which a login at a multi-asset broker fails."""

    AUTHENTICATION = "authentication"
    CAPABILITY = "capability"
    AVAILABILITY = "availability"


class KnownCode(Struct, frozen=True):
    """A code that the broker sends: `api` says through what (tws, web, flex, login), `code` as it is written.

    `gate` is the value of a `Gate`; `remedy` is the first step.
    """

    key: str
    api: str
    code: str
    sentence: str
    gate: GateWord
    family: FailureFamily
    severity: Severity
    remedy: str
    source: str
    as_of: str
    confidence: Confidence


class Playing(Struct, frozen=True):
    """The part of the catalogue that gates, tickets and the permissions pane read, with look-ups by key.

    Made once by `playing`; the dictionaries are never written to afterwards.
    """

    order_types: dict[str, OrderType] = {}
    permissions: dict[str, Permission] = {}
    entities: dict[str, Entity] = {}
    rules: dict[str, RegionalRule] = {}
    codes: dict[tuple[str, str], KnownCode] = {}  # by api and code
    by_code: dict[str, OrderType] = {}  # order types by what TWS calls them and by every alias, in capitals
    interfaces: dict[str, InterfaceRow] = {}
    subscriptions: dict[str, Subscription] = {}
    data_rules: dict[str, MarketDataRule] = {}
    auth: dict[str, AuthMethod] = {}
    drills: dict[str, DrillPlan] = {}
    matching: tuple[Matching, ...] = ()  # which interface serves which objective
    windows: dict[str, Window] = {}  # in which the broker resets its servers

    def order_type(self, word: str) -> OrderType | None:
        """Find an order type by its key, by what TWS calls it or by an alias, however it is written.

        A key as it stands comes first, then the code: VWAP is an old order type, vwap the key of an algorithm.
        """
        key = word.lower().replace("_", "-").replace(" ", "-")
        return self.order_types.get(word) or self.by_code.get(word.upper()) or self.order_types.get(key)

    def source(self, about: str) -> str:
        """Return where a row comes from, by its key or by the source itself; "" for what no row names.

        So a page is only ever looked for because the catalogue names it, never because data from outside does.
        """
        tables = (self.order_types, self.permissions, self.entities, self.rules, self.subscriptions)
        rows = [*(row for table in tables for row in table.values()), *self.codes.values()]
        return next((row.source for row in rows if about in (row.key, row.source)), "")

    def entity(self, word: str) -> Entity | None:
        """Find a company by any of the broker's words for it: IBLLC-US, IBLLC, its full name."""
        wanted = word.strip().casefold()
        return next((row for row in self.entities.values() if wanted in _names(row)), None)

    def code(self, api: str, code: str | int) -> KnownCode | None:
        """Find a code by the way it came through (tws, web, flex, login) and as it is written."""
        return self.codes.get((api, str(code)))


def _names(row: Entity) -> set[str]:
    return {name.casefold() for name in (row.code, row.title, *row.also) if name}


def playing(
    order_types: tuple[OrderType, ...] = (),
    permissions: tuple[Permission, ...] = (),
    entities: tuple[Entity, ...] = (),
    rules: tuple[RegionalRule, ...] = (),
    codes: tuple[KnownCode, ...] = (),
    *,
    interfaces: tuple[InterfaceRow, ...] = (),
    subscriptions: tuple[Subscription, ...] = (),
    data_rules: tuple[MarketDataRule, ...] = (),
    auth: tuple[AuthMethod, ...] = (),
    drills: tuple[DrillPlan, ...] = (),
    windows: tuple[Window, ...] = (),
) -> Playing:
    """Index rows for look-up. Of two rows with one code the earlier wins: files begin with the basic ones."""
    by_code: dict[str, OrderType] = {}
    for row in order_types:
        for word in (*row.codes, *row.aliases):
            by_code.setdefault(word.upper(), row)
    return Playing(
        order_types={row.key: row for row in order_types},
        permissions={row.key: row for row in permissions},
        entities={row.key: row for row in entities},
        rules={row.key: row for row in rules},
        codes={(row.api, row.code): row for row in codes},
        by_code=by_code,
        interfaces={row.key: row for row in interfaces},
        subscriptions={row.key: row for row in subscriptions},
        data_rules={row.key: row for row in data_rules},
        auth={row.key: row for row in auth},
        drills={row.key: row for row in drills},
        windows={row.key: row for row in windows},
    )
