"""Adapters with a stopwatch: every question to the outside is passed on as it is, and noted with how long it took."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from cockpit.domain.evidence import Observation
from cockpit.domain.plan import Instrument, Plan, Portal, Socket, Ticket
from cockpit.services.ports import Calendar, Machine, PortalLink, Preview, SocketLink

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what was asked, of whom, about what. The same one can be asked again later."""

    what: str
    of: str = ""
    about: str = ""


@dataclass(slots=True)
class Notes:
    """How long each question took, in seconds, in the order in which they were asked; the last answer counts."""

    took: dict[Question, float] = field(default_factory=dict)
    numbers: dict[str, int] = field(
        default_factory=dict
    )  # contract numbers that the gateway was told, by key

    async def timed(self, question: Question, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask and note, whatever comes."""
        self.took.setdefault(question, 0.0)
        began = time.perf_counter()
        try:
            return await ask()
        finally:
            self.took[question] = time.perf_counter() - began


class TimedSocket:
    """A SocketLink with a stopwatch."""

    def __init__(self, link: SocketLink, notes: Notes) -> None:
        self._link = link
        self._notes = notes

    @property
    def socket(self) -> Socket:
        """Which door this is."""
        return self._link.socket

    @property
    def is_open(self) -> bool:
        """Whether a session stands."""
        return self._link.is_open

    async def open(self) -> None:
        """Pass on."""
        await self._notes.timed(self._question("open"), self._link.open)

    async def close(self) -> None:
        """Pass on."""
        await self._link.close()

    async def ended(self) -> None:
        """Pass on."""
        await self._link.ended()

    async def beat(self) -> float:
        """Pass on."""
        return await self._notes.timed(self._question("beat"), self._link.beat)

    async def ask_upstream(self) -> None:
        """Pass on."""
        await self._notes.timed(self._question("upstream"), self._link.ask_upstream)

    async def ask_accounts(self) -> None:
        """Pass on."""
        await self._notes.timed(self._question("accounts"), self._link.ask_accounts)

    async def ask_orders(self) -> None:
        """Pass on."""
        await self._notes.timed(self._question("orders"), self._link.ask_orders)

    async def ask_feed(self, instrument: Instrument) -> None:
        """Pass on."""
        question = self._question("feed", instrument.key)
        await self._notes.timed(question, lambda: self._link.ask_feed(instrument))

    async def ask_contract(self, instrument: Instrument, *, with_listing: bool = True) -> None:
        """Pass on."""
        question = self._question("contract with listing" if with_listing else "contract", instrument.key)
        await self._notes.timed(
            question, lambda: self._link.ask_contract(instrument, with_listing=with_listing)
        )

    async def preview(self, ticket: Ticket, instrument: Instrument) -> Preview:
        """Pass on; a check never asks it."""
        return await self._link.preview(ticket, instrument)

    def _question(self, what: str, about: str = "") -> Question:
        return Question(what, self._link.socket.name, about)


class TimedPortal:
    """A PortalLink with a stopwatch."""

    def __init__(self, link: PortalLink, notes: Notes) -> None:
        self._link = link
        self._notes = notes

    @property
    def portal(self) -> Portal:
        """Which gateway this is."""
        return self._link.portal

    async def trust(self, fingerprint: str) -> None:
        """Pass on."""
        await self._link.trust(fingerprint)

    async def knock(self) -> None:
        """Pass on."""
        await self._notes.timed(Question("knock", "gateway"), self._link.knock)

    async def ask_session(self) -> None:
        """Pass on."""
        await self._notes.timed(Question("session", "gateway"), self._link.ask_session)

    async def ask_accounts(self) -> None:
        """Pass on."""
        await self._notes.timed(Question("portal accounts", "gateway"), self._link.ask_accounts)

    async def ask_contract(self, instrument: Instrument, is_buy: bool, con_id: int = 0) -> None:
        """Pass on."""
        question = Question("buy rules" if is_buy else "sell rules", "gateway", instrument.key)
        await self._notes.timed(question, lambda: self._link.ask_contract(instrument, is_buy, con_id))

    async def ask_snapshot(
        self, instruments: Sequence[Instrument], con_ids: Mapping[str, int] | None = None
    ) -> None:
        """Pass on."""
        question = Question("snapshot", "gateway", "\n".join(one.key for one in instruments))
        self._notes.numbers |= con_ids or {}
        await self._notes.timed(question, lambda: self._link.ask_snapshot(instruments, con_ids))

    async def listen(self) -> None:
        """Pass on."""
        await self._link.listen()

    async def close(self) -> None:
        """Pass on."""
        await self._link.close()


class TimedMachine:
    """A Machine with a stopwatch."""

    def __init__(self, machine: Machine, notes: Notes) -> None:
        self._machine = machine
        self._notes = notes

    async def look_at_desk(self) -> Sequence[Observation]:
        """Pass on."""
        return await self._notes.timed(Question("desk"), self._machine.look_at_desk)

    async def look_at_programs(self) -> Sequence[Observation]:
        """Pass on."""
        return await self._notes.timed(Question("programs"), self._machine.look_at_programs)

    async def look_at_ports(self, plan: Plan) -> Sequence[Observation]:
        """Pass on."""
        return await self._notes.timed(Question("ports"), lambda: self._machine.look_at_ports(plan))


class TimedCalendar:
    """A Calendar with a stopwatch."""

    def __init__(self, calendar: Calendar, notes: Notes) -> None:
        self._calendar = calendar
        self._notes = notes

    async def look(self, venues: Sequence[str], now: float) -> Sequence[Observation]:
        """Pass on."""
        return await self._notes.timed(Question("calendar"), lambda: self._calendar.look(venues, now))
