"""What is true on the desk right now: the world that all servers share, and what each API server adds."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from cockpit.simulator.dates import settle
from cockpit.simulator.scenario import Account, ApiServer, Bulletin, Contract, Farm, Feed, OpenOrder, Scenario

Clock = Callable[[], float]  # UTC, seconds since 1970

_FARM_OF_KIND = {"FUT": "usfuture", "FOP": "usfuture", "CASH": "cashfarm", "OPT": "usopt"}


class Connected(Protocol):
    """What the server must know of each client: its id once it has started, and its open lines."""

    client: int
    started: bool

    @property
    def lines(self) -> int:
        """How many market-data lines the client holds."""
        ...


class BookedOrder(Struct, frozen=True):
    """An order in the book; `origin` names the server whose client sent it, empty for the scenario's own."""

    order: OpenOrder
    status: str = "Submitted"
    origin: str = ""


class World:
    """Accounts, instruments, orders and bulletins: the broker's side, the same behind every server."""

    def __init__(self, scenario: Scenario, clock: Clock = time.time) -> None:
        """Settle the scenario's relative dates against the clock. Raises dates.UnknownWord."""
        self.clock = clock
        self.scenario = settle(scenario, self.now())
        self.contracts: list[Contract] = list(self.scenario.contracts)
        self.book: list[BookedOrder] = [
            BookedOrder(replace(order, account=order.account or self.scenario.accounts[0].id))
            for order in self.scenario.orders
        ]
        self.bulletins: list[Bulletin] = list(self.scenario.bulletins)
        self._next_perm_id = 1_000_001

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def contract(self, con_id: int) -> Contract | None:
        """The instrument with this id, if there is one."""
        return next((contract for contract in self.contracts if contract.con_id == con_id), None)

    def change_feed(self, symbol: str, feed: Feed) -> None:
        """Change what a request for data brings, for a symbol, a local symbol, or all when empty."""
        self.contracts = [
            replace(contract, feed=feed)
            if symbol in {"", contract.symbol, contract.local_symbol, str(contract.con_id)}
            else contract
            for contract in self.contracts
        ]

    def accounts(self, server: ApiServer) -> tuple[Account, ...]:
        """The accounts that a server manages."""
        everyone = self.scenario.accounts
        return tuple(account for account in everyone if not server.accounts or account.id in server.accounts)

    def new_perm_id(self) -> int:
        """The next id that the broker gives to an order."""
        self._next_perm_id += 1
        return self._next_perm_id


class ServerState(Struct):
    """What an API server knows beside the world; the time line changes it while sessions run."""

    config: ApiServer
    world: World
    upstream: bool = True
    competing: bool = False
    hung: bool = False  # answers nobody, old sessions or new
    max_version: int = 200
    language: str = "en"
    farms: dict[str, Farm] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    sessions: dict[int, Connected] = field(default_factory=dict)
    next_order_id: int = 1

    @classmethod
    def of(cls, config: ApiServer, world: World) -> ServerState:
        """Start as the scenario says."""
        return cls(
            config,
            world,
            upstream=config.upstream,
            max_version=config.max_version,
            language=config.language,
            farms={farm.name: farm for farm in config.farms},
            taken=set(config.taken_clients),
        )

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The accounts that this server manages."""
        return self.world.accounts(self.config)

    def lines_used(self) -> int:
        """How many market-data lines are open over all clients."""
        return sum(session.lines for session in self.sessions.values())

    def is_served(self, contract: Contract) -> bool:
        """Say whether prices of an instrument can arrive: servers reachable and its farm not broken."""
        farm = self.farms.get(contract.farm or _FARM_OF_KIND.get(contract.sec_type, "usfarm"))
        return self.upstream and (farm is None or farm.state != "broken")
