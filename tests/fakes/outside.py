"""Fakes of the outside: an API socket, a gateway, a PC and a calendar that do what the test says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.farms import farm_subject
from cockpit.domain.kinds import Door, FeedState, PortalDoor, PortalStage, Upstream
from cockpit.domain.plan import Instrument, Plan, Portal, Socket, Ticket
from cockpit.services.errors import ConnectionEnded, DoorTrouble, NoAnswer
from cockpit.services.ports import Clock, Preview, Report, Tally


class FakeSocketLink:
    """An API socket in memory. `door` is what the door does; `hangs` names methods that never answer."""

    def __init__(self, socket: Socket, report: Report, clock: Clock, tally: Tally | None = None) -> None:
        self._socket = socket
        self._report = report
        self._clock = clock
        self._tally = tally
        self.door = Door.OPEN
        self.hangs: set[str] = set()
        self.fails: dict[str, Exception] = {}
        self.asked: list[str] = []
        self.listings: list[str] = []
        self.delays: dict[str, float] = {}
        self.feeds: dict[str, FeedState] = {}
        self._ended = asyncio.Event()
        self._open = False
        self.most_at_once = 0
        self._at_once = 0

    @property
    def socket(self) -> Socket:
        return self._socket

    @property
    def is_open(self) -> bool:
        return self._open

    def drop(self) -> None:
        """Let the connection end."""
        self._open = False
        self._see(kinds.DOOR.seen(self._socket.subject, Door.LOST, self._clock.now()))
        self._ended.set()

    async def open(self) -> None:
        await self._ask("open")
        now, subject = self._clock.now(), self._socket.subject
        self._see(kinds.DOOR.seen(subject, self.door, now))
        if self.door is not Door.OPEN:
            raise DoorTrouble(self.door, f"the door is {self.door}")
        self._open = True
        self._ended.clear()
        self._see(
            kinds.ACCOUNTS.seen(subject, self._socket.accounts or ("U1234821",), now),
            kinds.CLIENT_ID.seen(subject, self._socket.client_ids[0], now),
            kinds.SERVER_VERSION.seen(subject, 178, now),
            kinds.CONNECTED_AT.seen(subject, now, now),
            kinds.FARM.seen(farm_subject(subject, "usfarm"), "ok", now),
        )

    async def close(self) -> None:
        self._open = False
        self._ended.set()

    async def ended(self) -> None:
        await self._ended.wait()

    async def beat(self) -> float:
        await self._ask("beat")
        if not self._open:
            raise ConnectionEnded("the connection is gone")
        now, subject = self._clock.now(), self._socket.subject
        self._see(
            kinds.DOOR.seen(subject, Door.OPEN, now),
            kinds.ROUND_TRIP.seen(subject, 0.011, now),
            kinds.BROKER_CLOCK.seen(subject, 0.1, now),
            kinds.ACCOUNTS.seen(subject, self._socket.accounts or ("U1234821",), now),
            kinds.UPSTREAM.seen(subject, Upstream.UP, now),
        )
        return 0.011

    async def ask_upstream(self) -> None:
        await self._ask("upstream")

    async def ask_accounts(self) -> None:
        await self._ask("accounts")
        for account in self._socket.accounts or ("U1234821",):
            self._see(kinds.EXCESS_LIQUIDITY.seen(f"account/{account}", 1000.0, self._clock.now()))

    async def ask_orders(self) -> None:
        await self._ask("orders")
        self._see(kinds.OPEN_ORDERS.seen(self._socket.subject, (), self._clock.now()))

    async def ask_feed(self, instrument: Instrument) -> None:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await self._ask(f"feed {instrument.key}")
        finally:
            self._at_once -= 1
        state = self.feeds.get(instrument.key, FeedState.LIVE)
        subject = f"{self._socket.subject}/feed/{instrument.key}"
        self._see(kinds.FEED.seen(subject, state, self._clock.now()))

    async def ask_contract(self, instrument: Instrument, *, with_listing: bool = True) -> None:
        if with_listing:
            self.listings.append(instrument.key)
        await self._ask(f"contract {instrument.key}")
        subject, now = f"{self._socket.subject}/contract/{instrument.key}", self._clock.now()
        self._see(
            kinds.CONTRACT.seen(subject, "one", now),
            kinds.CON_ID.seen(subject, 265598, now),
            kinds.ORDER_TYPES.seen(subject, ("LMT", "MKT", "TRAILLMT", "DAY"), now),
        )

    async def preview(self, ticket: Ticket, instrument: Instrument) -> Preview:
        await self._ask("preview")
        return Preview("+16,204 USD", "+14,000 USD", "2.25 USD")

    async def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self._tally is not None:
            self._tally.message()
        if what in self.hangs:
            await asyncio.Event().wait() if what != "beat" else await self._no_answer()
        await asyncio.sleep(self.delays.get(what, 0.01))
        if what in self.fails:
            raise self.fails[what]

    async def _no_answer(self) -> None:
        await asyncio.sleep(4.0)
        self._see(kinds.DOOR.seen(self._socket.subject, Door.SILENT, self._clock.now()))
        raise NoAnswer("no heartbeat", 4.0)

    def _see(self, *seen: Observation) -> None:
        self._report(seen)


class FakePortalLink:
    """A gateway in memory."""

    def __init__(self, portal: Portal, report: Report, clock: Clock) -> None:
        self._portal = portal
        self._report = report
        self._clock = clock
        self.door = PortalDoor.OPEN
        self.stage = PortalStage.TRADING
        self.accounts: tuple[str, ...] = ("U1234821",)
        self.not_permitted: set[str] = set()
        self.hangs: set[str] = set()
        self.asked: list[str] = []

    @property
    def portal(self) -> Portal:
        return self._portal

    async def trust(self, fingerprint: str) -> None:
        self.asked.append(f"trust {fingerprint}")
        self.door = PortalDoor.OPEN

    async def knock(self) -> None:
        self.asked.append("knock")
        self._report([kinds.PORTAL_DOOR.seen("gateway", self.door, self._clock.now())])

    async def ask_session(self) -> None:
        self.asked.append("session")
        self._report([kinds.PORTAL_STAGE.seen("gateway", self.stage, self._clock.now())])

    async def ask_accounts(self) -> None:
        self.asked.append("accounts")
        self._report([kinds.PORTAL_ACCOUNTS.seen("gateway", self.accounts, self._clock.now())])

    async def ask_contract(self, instrument: Instrument, is_buy: bool, con_id: int = 0) -> None:
        side, now = "buy" if is_buy else "sell", self._clock.now()
        await self._ask(f"rules {instrument.key} {side} {con_id}")
        subject = f"gateway/contract/{instrument.key}/{side}"
        self._report(
            [kinds.RULE_ERROR.seen(subject, "", now), kinds.RULE_TYPES.seen(subject, ("limit",), now)]
        )

    async def ask_snapshot(
        self, instruments: Sequence[Instrument], con_ids: Mapping[str, int] | None = None
    ) -> None:
        await self._ask("snapshot " + " ".join(instrument.key for instrument in instruments))
        for instrument in instruments:
            subject, now = f"gateway/contract/{instrument.key}", self._clock.now()
            permitted = instrument.key not in self.not_permitted
            self._report(
                [
                    kinds.DATA_LETTERS.seen(subject, "RpB", now),
                    kinds.TRADABLE.seen(subject, True, now),
                    kinds.PERMITTED.seen(subject, permitted, now),
                ]
            )

    async def _ask(self, what: str) -> None:
        self.asked.append(what)
        if what.split()[0] in self.hangs:
            await asyncio.Event().wait()

    async def listen(self) -> None:
        await asyncio.Event().wait()

    async def close(self) -> None:
        self.asked.append("close")


class FakeMachine:
    """A PC on which TWS owns its port, unless told otherwise."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.owner = "TWS"
        self.owner_known = True
        self.listening = True
        self.before: Callable[[], Awaitable[None]] | None = None

    async def look_at_desk(self) -> Sequence[Observation]:
        return [kinds.NETWORK.seen("desk", "wired", self._clock.now())]

    async def look_at_programs(self) -> Sequence[Observation]:
        return [kinds.RUNNING.seen("program/tws", self.listening, self._clock.now())]

    async def look_at_ports(self, plan: Plan) -> Sequence[Observation]:
        if self.before is not None:
            await self.before()
        now = self._clock.now()
        seen = []
        for subject in (*(socket.subject for socket in plan.sockets), "gateway"):
            seen += [
                kinds.LISTENING.seen(subject, self.listening, now),
                kinds.PORT_OWNER.seen(subject, self.owner, now),
                kinds.PORT_OWNER_KNOWN.seen(subject, self.owner_known, now),
            ]
        return seen

    async def look_at_guards(self, plan: Plan) -> Sequence[Observation]:
        now = self._clock.now()
        return [kinds.DISK_ENCRYPTED.seen("desk", True, now), kinds.REMOTE_DESKTOP.seen("desk", (), now)]


class FakeCalendar:
    """A calendar on which every venue opens in two hours, for six."""

    def __init__(self) -> None:
        self.asked = 0
        self.opens_in = 7200.0

    async def look(self, venues: Sequence[str], now: float) -> Sequence[Observation]:
        self.asked += 1
        return [
            kind.seen(f"venue/{venue}", now + ahead, now, Provenance.PUBLISHED)
            for venue in venues
            for kind, ahead in ((kinds.NEXT_OPEN, self.opens_in), (kinds.NEXT_CLOSE, 8 * 3600))
        ]
