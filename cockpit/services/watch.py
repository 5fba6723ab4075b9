"""Watch every interface: one supervised task each, with named waits, back-off and recovery."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.calendar import next_turn, venues_of
from cockpit.domain.evidence import Observation
from cockpit.domain.kinds import Door, PortalDoor, PortalStage
from cockpit.domain.level import Level
from cockpit.domain.notice import Notice
from cockpit.domain.plan import Portal, Socket, is_this_pc
from cockpit.domain.readiness import Footprint
from cockpit.domain.remedy import Remedy
from cockpit.services.backoff import Backoff
from cockpit.services.desk import Desk
from cockpit.services.errors import DoorTrouble, Stranger, Trouble
from cockpit.services.harm import Harm
from cockpit.services.ports import Calendar, Machine, PortalLink, SocketLink

log = logging.getLogger(__name__)
L = TypeVar("L")


class Rhythm(Struct, frozen=True):
    """How often each thing is looked at, in seconds."""

    beat: float = 5.0
    longest_retry: float = 10.0  # back within ten seconds of the cause's end
    portal: float = 10.0
    machine: float = 30.0
    desk: float = 60.0
    calendar: float = 1800.0
    look_timeout: float = 8.0
    slept: float = 20.0  # a gap between two ticks that means that the PC slept


FAILURES_UNTIL_UNKNOWN = 3
_STREAMS = (PortalStage.TRADING, PortalStage.SIGNED_IN, PortalStage.STARTING, PortalStage.COMPETING)


class Watch:
    """Owns the long-lived tasks. `run` ends only by cancellation."""

    def __init__(
        self,
        desk: Desk,
        harm: Harm,
        links: Sequence[SocketLink],
        portal: PortalLink | None,
        machine: Machine,
        calendar: Calendar,
        rhythm: Rhythm | None = None,
    ) -> None:
        self._desk = desk
        self._harm = harm
        self._links = tuple(links)
        self._portal = portal
        self._machine = machine
        self._calendar = calendar
        self._rhythm = rhythm or Rhythm()
        self._pokes: dict[str, asyncio.Event] = {}

    async def run(self) -> None:
        """Watch everything until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._supervised("this PC", self._watch_machine))
            group.create_task(self._supervised("the calendar", self._watch_calendar))
            group.create_task(self._supervised("sleep", self._watch_sleep))
            for link in self._links:
                group.create_task(self._supervised(link.socket.title, _bound(self._watch_socket, link)))
            if self._portal is not None:
                group.create_task(self._supervised("Client Portal", _bound(self._watch_portal, self._portal)))
                group.create_task(
                    self._supervised("Client Portal stream", _bound(self._watch_stream, self._portal))
                )

    def poke(self, key: str) -> None:
        """Try the session `key` again now; an unknown key wakes all."""
        for name, event in self._pokes.items():
            if key in (name, ""):
                event.set()

    async def open_socket(self, link: SocketLink) -> None:
        """Open a session unless another program owns its port. Raises Trouble; what was seen is reported."""
        if link.is_open:
            return
        if self._is_strange(link.socket):
            self._desk.observe([kinds.DOOR.seen(link.socket.subject, Door.STRANGER, self._desk.now())])
            raise Stranger(Door.STRANGER, "Another program owns the port; nothing was sent to it.")
        await self._harm.permit(Footprint.LIGHT, 2)
        await link.open()

    def portal_is_strange(self, portal: Portal) -> bool:
        """Whether a program that is not expected owns the gateway's port; that is then reported."""
        if not is_this_pc(portal.host) or not self._unexpected(portal.subject):
            return False
        self._desk.observe([kinds.PORTAL_DOOR.seen(portal.subject, PortalDoor.STRANGER, self._desk.now())])
        return True

    async def ask_portal(self, link: PortalLink) -> bool:
        """Ask the gateway's door and sign-in; whether it was asked, for a stranger on its port is not.

        Its requests are rationed by the gateway's own limits in the adapter, so they cost TWS's budget nothing.
        """
        if is_this_pc(link.portal.host):
            await self.look_at_ports()
        if self.portal_is_strange(link.portal):
            return False
        await self._harm.permit(Footprint.LIGHT)
        await link.knock()
        await link.ask_session()
        return True

    async def look_at_ports(self) -> None:
        """Look who listens on the plan's ports."""
        await self._look(self._machine.look_at_ports(self._desk.plan))

    async def _supervised(self, name: str, task: Callable[[], Awaitable[None]]) -> None:
        """Keep `task` going. A bug in it is logged and told, and it is started again, ever more rarely."""
        backoff, failures, since = Backoff(), 0, 0.0
        loop, key = asyncio.get_running_loop(), f"watch/{name}"
        while True:
            started = loop.time()
            stable = loop.call_later(backoff.stable_after, self._desk.untell, key)
            try:
                await task()
                return
            except Exception:  # a bug of ours: one watch must not take the others down
                log.exception("the watch over %s failed", name)
            finally:
                stable.cancel()
            lasted = loop.time() - started
            failures = 1 if lasted >= backoff.stable_after else failures + 1
            since = self._desk.now() if failures == 1 else since
            backoff.held(lasted)
            if failures >= FAILURES_UNTIL_UNKNOWN:
                self._desk.tell(
                    Notice(
                        key,
                        Level.UNKNOWN,
                        f"Watching {name}",
                        "failed inside the cockpit and is started again; what is shown of it grows old",
                        since,
                        "The other interfaces are watched",
                        Remedy("Send the log file with a report; restarting the cockpit may help."),
                    )
                )
            await asyncio.sleep(backoff.next())

    async def _watch_socket(self, link: SocketLink) -> None:
        backoff = Backoff(longest=self._rhythm.longest_retry)
        while True:
            began = asyncio.get_running_loop().time()
            try:
                if is_this_pc(link.socket.host):
                    await self.look_at_ports()
                await self.open_socket(link)
                began = asyncio.get_running_loop().time()
                await self._beat(link)
            except Trouble as trouble:
                log.info("%s: %s", link.socket.name, trouble.sentence)
                if not isinstance(trouble, DoorTrouble):
                    await link.close()
            backoff.held(asyncio.get_running_loop().time() - began)
            await self._rest(link.socket.subject, backoff)

    async def _beat(self, link: SocketLink) -> None:
        """Ask for the broker's clock again and again; return when the session has ended."""
        ended = asyncio.ensure_future(link.ended())
        try:
            while link.is_open:
                self._harm.permit_beat()
                await link.beat()
                done, _ = await asyncio.wait({ended}, timeout=self._rhythm.beat)
                if done:
                    return
        finally:
            ended.cancel()

    async def _watch_portal(self, link: PortalLink) -> None:
        backoff = Backoff(longest=self._rhythm.longest_retry)
        while True:
            try:
                if await self.ask_portal(link):
                    backoff.reset()
                    await self._poked_within(link.portal.subject, self._rhythm.portal)
                    continue
            except Trouble as trouble:
                log.info("gateway: %s", trouble.sentence)
            await self._rest(link.portal.subject, backoff)

    async def _watch_stream(self, link: PortalLink) -> None:
        """Follow the gateway's stream while somebody is signed in there."""
        backoff = Backoff(first=5.0)
        while True:
            facts, now = self._desk.facts, self._desk.now()
            door = facts.fresh(kinds.PORTAL_DOOR, link.portal.subject, now)
            stage = facts.fresh(kinds.PORTAL_STAGE, link.portal.subject, now)
            if (
                door is not None
                and door.value == PortalDoor.OPEN
                and stage is not None
                and stage.value in _STREAMS
            ):
                began = asyncio.get_running_loop().time()
                try:
                    await link.listen()
                except Trouble as trouble:
                    log.info("gateway stream: %s", trouble.sentence)
                backoff.held(asyncio.get_running_loop().time() - began)
                await asyncio.sleep(backoff.next())
            else:
                await asyncio.sleep(1.0)

    async def _watch_machine(self) -> None:
        while True:
            await self._look(self._machine.look_at_programs())
            await self._look(self._machine.look_at_ports(self._desk.plan))
            await self._look(self._machine.look_at_desk())
            await asyncio.sleep(self._rhythm.machine)

    async def look_at_calendar(self) -> None:
        """Look when the plan's venues open and close, unless that is known, fresh, and still ahead."""
        facts, now, plan = self._desk.facts, self._desk.now(), self._desk.plan
        if plan.venues and next_turn(facts, plan, now) is None:
            await self._look(self._calendar.look(venues_of(plan), now))

    async def _watch_calendar(self) -> None:
        while True:
            await self._look(self._calendar.look(venues_of(self._desk.plan), self._desk.now()))
            # Read again right after a venue has opened or closed: the countdown goes to the next one.
            turn, now = next_turn(self._desk.facts, self._desk.plan, self._desk.now()), self._desk.now()
            wait = self._rhythm.calendar if turn is None else min(self._rhythm.calendar, turn - now + 1.0)
            await asyncio.sleep(wait)

    async def _watch_sleep(self) -> None:
        """After this PC slept, try everything at once: what was known is old."""
        last = self._desk.now()
        while True:
            await asyncio.sleep(1.0)
            now = self._desk.now()
            if now - last > self._rhythm.slept:
                log.info("this PC slept or its clock jumped by %.0f s", now - last)
                self.poke("")
            last = now

    async def _look(self, looking: Awaitable[Sequence[Observation]]) -> None:
        try:
            async with asyncio.timeout(self._rhythm.look_timeout):
                self._desk.observe(await looking)
        except (Trouble, TimeoutError) as trouble:
            log.info("a look at this PC failed: %s", trouble)

    async def _rest(self, key: str, backoff: Backoff) -> None:
        if await self._poked_within(key, backoff.next()):
            backoff.reset()

    async def _poked_within(self, key: str, seconds: float) -> bool:
        """Wait for `seconds`, or less when somebody asks for a try now."""
        poke = self._pokes.setdefault(key, asyncio.Event())
        try:
            async with asyncio.timeout(seconds):
                await poke.wait()
        except TimeoutError:
            return False
        poke.clear()
        return True

    def _is_strange(self, socket: Socket) -> bool:
        return is_this_pc(socket.host) and self._unexpected(socket.subject)

    def _unexpected(self, subject: str) -> bool:
        facts, now = self._desk.facts, self._desk.now()
        name = facts.fresh(kinds.PORT_OWNER, subject, now)
        known = facts.fresh(kinds.PORT_OWNER_KNOWN, subject, now)
        return name is not None and bool(name.value) and known is not None and not known.value


def _bound(function: Callable[[L], Awaitable[None]], link: L) -> Callable[[], Awaitable[None]]:
    """Return a task that can be started again and again for one link."""

    async def task() -> None:
        await function(link)

    return task
