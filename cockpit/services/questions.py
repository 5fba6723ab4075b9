"""What each lane of the pre-open run asks, and of whom."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import Protocol

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.checks.answers import Target
from cockpit.domain.checks.market import have_hours_turned
from cockpit.domain.checks.targets import per_instrument, per_ticket
from cockpit.domain.evidence import Observation
from cockpit.domain.kinds import PortalStage, Upstream
from cockpit.domain.plan import Instrument, Socket
from cockpit.domain.readiness import Check, Footprint, Lane, Result
from cockpit.services.desk import Desk
from cockpit.services.errors import NoAnswer, Trouble
from cockpit.services.harm import Harm
from cockpit.services.portal_evidence import PortalEvidence
from cockpit.services.ports import Machine, PortalLink, SocketLink
from cockpit.services.watch import Watch

ACCOUNTS_WITHIN = 1.5  # seconds for the gateway's list of accounts, inside the budget of its lane
ACCOUNTS_AGAIN = 30.0  # seconds before the portal is asked for its accounts once more; it wants five
_SIGNED_IN = (PortalStage.SIGNED_IN, PortalStage.STARTING, PortalStage.TRADING, PortalStage.COMPETING)

log = logging.getLogger(__name__)


class Reach(Struct, frozen=True):
    """Everything a question can be put to."""

    desk: Desk
    harm: Harm
    watch: Watch
    links: tuple[SocketLink, ...]
    portal: PortalLink | None
    machine: Machine


class Probe(Struct, frozen=True):
    """One thing a lane asks. When it ends, in whatever way, the checks it `covers` are judged."""

    name: str
    run: Callable[[], Awaitable[None]]
    covers: Callable[[Check], bool]


class Progressing(Protocol):
    """What a question needs to know of the run it belongs to."""

    def open_checks(self, lane: Lane) -> list[Check]:
        """Return the checks of a lane that have no answer yet."""

    def result(self, id_: str) -> Result | None:
        """Return one result of the run."""

    async def lane_done(self, lane: Lane) -> None:
        """Return when a lane has ended."""


class Questions:
    """The questions of one run. `close` ends those that nobody waits for any more."""

    def __init__(self, reach: Reach, round_: Progressing) -> None:
        self._reach = reach
        self._round = round_
        self._contracts: dict[str, asyncio.Task[None]] = {}
        self._evidence = PortalEvidence(reach.desk, reach.harm, reach.portal, self._contracts_of_tickets)

    def of(self, lane: Lane) -> Iterable[Probe]:
        """Return what `lane` asks now."""
        return _PROBES[lane](self)

    def close(self) -> None:
        """End what is still asked."""
        for task in self._contracts.values():
            task.cancel()
        self._evidence.close()

    def desk_probes(self) -> Iterable[Probe]:
        """Ask this PC and the calendar."""
        p = self._reach
        yield Probe(
            "this PC",
            _looking(p.desk, p.machine.look_at_desk),
            lambda c: "venue" not in c.id and "dst" not in c.id,
        )

        yield Probe(
            "calendar", p.watch.look_at_calendar, lambda check: "venue" in check.id or "dst" in check.id
        )

    def ports_probes(self) -> Iterable[Probe]:
        """Look at processes and ports."""
        p = self._reach

        async def ports() -> None:
            p.desk.observe(await p.machine.look_at_programs())
            await p.watch.look_at_ports()

        yield Probe("ports", ports, lambda check: True)

    def horizon_probes(self) -> Iterable[Probe]:
        """The horizon is read from what is known: nothing is asked."""
        return ()

    def handshake_probes(self) -> Iterable[Probe]:
        """Open every socket and take one heartbeat."""
        for link in self._reach.links:

            async def handshake(link: SocketLink = link) -> None:
                await self._reach.watch.open_socket(link)
                await self._reach.harm.permit(Footprint.LIGHT, 1)
                await link.beat()

            yield Probe(link.socket.name, handshake, _about(link.socket))

    def upstream_probes(self) -> Iterable[Probe]:
        """Ask for bulletins and farms."""
        return self._per_open_link(3, lambda link: link.ask_upstream())

    def account_probes(self) -> Iterable[Probe]:
        """Ask account values and open orders."""

        async def both(link: SocketLink) -> None:
            async with asyncio.TaskGroup() as group:
                group.create_task(_quiet(link.ask_accounts()))
                group.create_task(_quiet(link.ask_orders()))

        return self._per_open_link(4, both)

    def feed_probes(self) -> Iterable[Probe]:
        """Look at every instrument, at most eight lines at once."""
        targets = {f"feed.{t.key}": t for t in per_instrument(self._reach.desk.plan, self._reach.desk.facts)}
        for check in self._round.open_checks(Lane.FEED):
            instrument, link = self._instrument_and_link(targets.get(check.id))
            if instrument is None or link is None or not self._is_usable(link):
                continue

            async def look(link: SocketLink = link, instrument: Instrument = instrument) -> None:
                await self._contract(link, instrument)
                async with self._reach.harm.lines:
                    await self._reach.harm.permit(Footprint.LIGHT, 3)
                    await link.ask_feed(instrument)

            yield Probe(check.id, look, _only(check.id))

    def capability_probes(self) -> Iterable[Probe]:
        """Ask each ticket's contracts, then the gateway about all of them: its word belongs to the answer."""
        targets = self._tickets()
        for check in self._round.open_checks(Lane.CAPABILITY):
            ticket = targets.get(check.id)

            async def look(target: Target | None = ticket) -> None:
                await self._contracts_of(target)
                await self._evidence.gathered()

            yield Probe(check.id, look, _only(check.id))

    def other_probes(self) -> Iterable[Probe]:
        """Ask the gateway; Desktop and Mobile are read from what is known."""
        portal, p = self._reach.portal, self._reach
        if portal is not None:

            async def gateway(portal: PortalLink = portal) -> None:
                if not await p.watch.ask_portal(portal) or not self._is_signed_in(portal):
                    return
                # Once in a while is enough, and the broker wants a pause between two: also between two programs.
                facts, now = p.desk.facts, p.desk.now()
                told = [
                    facts.look(kinds.NO_TRADING, one) for one in facts.subjects(kinds.NO_TRADING, "account/")
                ]
                if not any(one is not None and 0 <= now - one.at < ACCOUNTS_AGAIN for one in told):
                    await _quiet(_within(ACCOUNTS_WITHIN, portal.ask_accounts()))

            yield Probe("gateway", gateway, lambda check: _is_of_gateway(check.id))

        async def programs() -> None:
            p.desk.observe(await p.machine.look_at_programs())

        yield Probe("programs", programs, lambda check: check.id in ("others.desktop", "others.mobile"))

    def _per_open_link(self, messages: int, ask: Callable[[SocketLink], Awaitable[None]]) -> Iterable[Probe]:
        for link in self._reach.links:
            if not self._is_usable(link):
                continue

            async def asking(link: SocketLink = link) -> None:
                await self._reach.harm.permit(Footprint.LIGHT, messages)
                await ask(link)

            yield Probe(link.socket.name, asking, _about(link.socket))

    def _instrument_and_link(self, target: Target | None) -> tuple[Instrument | None, SocketLink | None]:
        """Return what a line is about and the link it is asked through: the one that its judge reads."""
        if target is None:
            return None, None
        return target.instrument, next((k for k in self._reach.links if k.socket == target.socket), None)

    def _tickets(self) -> dict[str, Target]:
        plan, facts = self._reach.desk.plan, self._reach.desk.facts
        return {f"capability.{target.key}": target for target in per_ticket(plan, facts)}

    def _keys_of_tickets(self) -> set[str]:
        tickets = [ticket for flow in self._reach.desk.plan.flows for ticket in flow.tickets]
        legs = (leg.instrument for ticket in tickets for leg in ticket.legs)
        return {*(ticket.instrument for ticket in tickets), *legs}

    async def _contracts_of(self, target: Target | None) -> None:
        """Ask what a ticket trades, every leg of it; nothing when its session does not answer."""
        instrument, link = self._instrument_and_link(target)
        if target is None or instrument is None or link is None or not self._is_usable(link):
            return
        legs = target.ticket.legs if target.ticket is not None else ()
        named = (self._reach.desk.plan.instrument(leg.instrument) for leg in legs)
        wanted = dict.fromkeys((instrument, *(leg for leg in named if leg is not None)))
        await asyncio.gather(*(self._contract(link, one) for one in wanted))

    async def _contracts_of_tickets(self) -> None:
        """Wait until the gateway's stage is known, and the contracts of all tickets: their numbers name them there."""
        await self._round.lane_done(Lane.OTHERS)
        await asyncio.gather(*(self._contracts_of(target) for target in self._tickets().values()))

    def _is_signed_in(self, portal: PortalLink) -> bool:
        seen = self._reach.desk.facts.fresh(kinds.PORTAL_STAGE, portal.portal.subject, self._reach.desk.now())
        return seen is not None and seen.value in _SIGNED_IN

    async def _contract(self, link: SocketLink, instrument: Instrument) -> None:
        """Ask a contract once per run, whoever needs it first; a fresh answer is not asked for again.

        While the broker's servers are away nobody would answer: then the upstream lane is awaited first.
        """
        subject = f"{link.socket.subject}/contract/{instrument.key}"
        if self._is_upstream_down(link):
            await self._round.lane_done(Lane.UPSTREAM)
            if self._is_upstream_down(link):
                return
        facts, now = self._reach.desk.facts, self._reach.desk.now()
        if facts.fresh(kinds.CONTRACT, subject, now) is not None and not have_hours_turned(
            facts, subject, now
        ):
            return
        task = self._contracts.get(subject)
        if task is None:
            asking = _quiet(self._ask_contract(link, instrument))
            task = self._contracts[subject] = asyncio.create_task(asking, name=f"contract {instrument.key}")
        await asyncio.shield(task)

    async def _ask_contract(self, link: SocketLink, instrument: Instrument) -> None:
        """Ask; once more when no answer came, for a question is lost when the servers go and come back.

        What the listing exchange offers matters to tickets only, whoever asks first.
        """
        with_listing = instrument.key in self._keys_of_tickets()
        for is_last in (False, True):
            await self._reach.harm.permit(Footprint.LIGHT, 2 if with_listing else 1)
            try:
                await link.ask_contract(instrument, with_listing=with_listing)
            except NoAnswer:
                if is_last:
                    raise
            else:
                return

    def _is_upstream_down(self, link: SocketLink) -> bool:
        seen = self._reach.desk.facts.fresh(kinds.UPSTREAM, link.socket.subject, self._reach.desk.now())
        return seen is not None and seen.value == Upstream.DOWN

    def _is_usable(self, link: SocketLink) -> bool:
        """Whether the handshake has shown that this session answers."""
        session = self._round.result(f"handshake.session.{link.socket.name}")
        return (
            link.is_open
            and session is not None
            and session.finding is not None
            and session.level.is_usable
            and not session.finding.is_shut
        )


_PROBES: dict[Lane, Callable[[Questions], Iterable[Probe]]] = {
    Lane.DESK: Questions.desk_probes,
    Lane.PORTS: Questions.ports_probes,
    Lane.HORIZON: Questions.horizon_probes,
    Lane.HANDSHAKE: Questions.handshake_probes,
    Lane.UPSTREAM: Questions.upstream_probes,
    Lane.ACCOUNT: Questions.account_probes,
    Lane.FEED: Questions.feed_probes,
    Lane.CAPABILITY: Questions.capability_probes,
    Lane.OTHERS: Questions.other_probes,
}


def _looking(
    desk: Desk, look: Callable[[], Awaitable[Sequence[Observation]]]
) -> Callable[[], Coroutine[None, None, None]]:
    async def run() -> None:
        desk.observe(await look())

    return run


def _is_of_gateway(check: str) -> bool:
    return any(word in check for word in ("portal", "certificate", "others.account"))


def _about(socket: Socket) -> Callable[[Check], bool]:
    return lambda check: check.socket == socket.name


def _only(id_: str) -> Callable[[Check], bool]:
    return lambda check: check.id == id_


async def _within(seconds: float, asking: Awaitable[None]) -> None:
    """Wait for an answer so long. Raises NoAnswer."""
    try:
        async with asyncio.timeout(seconds):
            await asking
    except TimeoutError:
        raise NoAnswer(f"no answer within {seconds:g} s", seconds) from None


async def _quiet(asking: Awaitable[None]) -> None:
    """Let a trouble of one question not stop its neighbours: it was reported already."""
    try:
        await asking
    except Trouble as trouble:
        log.info("%s", trouble.sentence)
