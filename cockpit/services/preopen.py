"""The pre-open run: lanes side by side, each with its budget; answers stream in; it can be stopped and re-run."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, replace

from cockpit.domain import kinds
from cockpit.domain.checks.table import checks_for
from cockpit.domain.evidence import Observation
from cockpit.domain.kinds import Upstream
from cockpit.domain.level import Level
from cockpit.domain.plan import Instrument, Socket
from cockpit.domain.readiness import Check, Footprint, Lane, LaneRun, Progress, Result, Run
from cockpit.domain.verdict import answer, verdict
from cockpit.services.desk import Desk
from cockpit.services.errors import JournalTrouble, NoAnswer, Trouble
from cockpit.services.harm import Harm
from cockpit.services.ports import Calendar, Clock, Journal, Machine, PortalLink, SocketLink
from cockpit.services.watch import Watch

HARD_STOP = 30.0  # seconds
KEEP_FOR = 600.0  # seconds for which a ready answer is carried into a re-run

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing a lane asks. When it ends, in whatever way, the checks it `covers` are judged."""

    name: str
    run: Callable[[], Awaitable[None]]
    covers: Callable[[Check], bool]


class PreOpen:
    """Runs the check. One run at a time; a second request while one goes on is ignored."""

    def __init__(
        self,
        desk: Desk,
        harm: Harm,
        watch: Watch,
        links: Sequence[SocketLink],
        portal: PortalLink | None,
        machine: Machine,
        calendar: Calendar,
        clock: Clock,
        new_id: Callable[[], str],
        journal: Journal | None = None,
    ) -> None:
        self._desk = desk
        self._harm = harm
        self._watch = watch
        self._links = tuple(links)
        self._portal = portal
        self._machine = machine
        self._calendar = calendar
        self._clock = clock
        self._new_id = new_id
        self._journal = journal
        self._task: asyncio.Task[Run] | None = None

    @property
    def is_running(self) -> bool:
        """Whether a run goes on."""
        return self._task is not None and not self._task.done()

    async def run(self, *, everything: bool = True) -> Run:
        """Run all checks, or those that were not ready last time; return the finished run.

        Cancelling the caller cancels the run. The hard stop ends it after 30 s with what has been answered.
        """
        if self._task is not None and not self._task.done():
            return await asyncio.shield(self._task)
        self._task = asyncio.create_task(self._run(everything=everything), name="pre-open check")
        try:
            return await asyncio.shield(self._task)
        except asyncio.CancelledError:
            self.cancel()
            raise

    def cancel(self) -> None:
        """Stop the running check; what was answered stays."""
        if self._task is not None:
            self._task.cancel()

    async def _run(self, *, everything: bool) -> Run:
        round_ = _Round(self, everything=everything)
        await self._keep(round_.record)
        cancelled = stopped = False
        going = asyncio.create_task(round_.go(), name="lanes")
        try:
            # Waited for from outside: the hard stop must hold even against a probe that ignores cancellation.
            done, _ = await asyncio.wait({going}, timeout=HARD_STOP)
            stopped = not done
        except asyncio.CancelledError:
            cancelled = True
        if going.done() and not going.cancelled() and (bug := going.exception()) is not None:
            round_.finish(cancelled=False, stopped=True)  # the record is closed, the loop's hook tells
            raise bug
        going.cancel()
        run = round_.finish(cancelled=cancelled, stopped=stopped)
        await self._keep(run)
        if run.verdict is not None and run.verdict.level is Level.READY:
            await self._show_last_green()
        return run

    async def _keep(self, run: Run) -> None:
        if self._journal is None:
            return
        try:
            await self._journal.write_run(run)
        except JournalTrouble as trouble:
            log.warning("the run was not kept: %s", trouble.sentence)

    async def _show_last_green(self) -> None:
        if self._journal is None:
            return
        try:
            self._desk.show_last_green(await self._journal.last_green())
        except JournalTrouble as trouble:
            log.warning("the last green run cannot be read: %s", trouble.sentence)


class _Round:
    """One run while it goes: what to ask, who waits for whom, and the growing record."""

    def __init__(self, parts: PreOpen, *, everything: bool) -> None:
        self._p = parts
        self._began = parts._clock.monotonic()
        self._is_closed = False
        self._contracts: dict[str, asyncio.Task[None]] = {}
        self._done: dict[Lane, asyncio.Event] = {lane: asyncio.Event() for lane in Lane}
        desk = parts._desk
        kept = {} if everything or desk.run is None else _still_ready(desk.run, desk.now())
        checks = checks_for(desk.plan, desk.facts)
        self._results = {check.id: kept.get(check.id, Result(check)) for check in checks}
        self._lanes = {lane: LaneRun(lane) for lane in Lane}
        self.record = Run(parts._new_id(), desk.now())
        self._show()

    async def go(self) -> None:
        """Run every lane that has something to ask."""
        async with asyncio.TaskGroup() as group:
            for lane in Lane:
                group.create_task(self._lane(lane), name=f"lane {lane}")

    def finish(self, *, cancelled: bool, stopped: bool) -> Run:
        """Close the record: what has no answer says so, and the verdict is read."""
        self._is_closed = True
        for task in self._contracts.values():
            task.cancel()
        for id_, result in self._results.items():
            if result.progress is not Progress.DONE:
                self._results[id_] = replace(result, progress=Progress.CANCELLED)
        record = self._record()
        self.record = replace(
            record,
            ended=self._p._desk.now(),
            seconds=self._elapsed(),
            cancelled=cancelled,
            stopped=stopped,
            verdict=verdict(record.results, self._p._desk.plan),
        )
        self._p._desk.show_run(self.record)
        return self.record

    async def _lane(self, lane: Lane) -> None:
        if lane.after is not None:
            await self._done[lane.after].wait()
        try:
            if lane is Lane.ACCOUNT or lane is Lane.CAPABILITY or lane is Lane.FEED:
                self._refresh_lines()
            if any(result.progress is not Progress.DONE for result in self._of(lane)):
                await self._ask(lane)
        finally:
            self._done[lane].set()

    async def _ask(self, lane: Lane) -> None:
        self._lanes[lane] = replace(self._lanes[lane], started=self._elapsed())
        self._mark(lane, Progress.RUNNING)
        probes = list(self._probes(lane))
        timed_out = False
        try:
            async with asyncio.timeout(lane.budget), asyncio.TaskGroup() as group:
                for probe in probes:
                    group.create_task(self._probe(lane, probe), name=f"{lane} {probe.name}")
        except TimeoutError:
            timed_out = True
        self._judge(lane, lambda check: True)
        self._lanes[lane] = replace(self._lanes[lane], ended=self._elapsed(), timed_out=timed_out)
        self._show()

    async def _probe(self, lane: Lane, probe: Probe) -> None:
        try:
            await probe.run()
        except Trouble as trouble:
            log.info("%s, %s: %s", lane, probe.name, trouble.sentence)
        self._judge(lane, probe.covers)

    # What each lane asks.

    def _probes(self, lane: Lane) -> Iterable[Probe]:
        """Return what `lane` asks now."""
        return _PROBES[lane](self)

    def desk_probes(self) -> Iterable[Probe]:
        """Ask this PC and the calendar."""
        p = self._p
        venues = p._desk.plan.venues
        yield Probe(
            "this PC",
            _looking(p._desk, p._machine.look_at_desk),
            lambda c: "venue" not in c.id and "dst" not in c.id,
        )

        async def calendar() -> None:
            p._desk.observe(await p._calendar.look(venues, p._desk.now()))

        yield Probe("calendar", calendar, lambda check: "venue" in check.id or "dst" in check.id)

    def ports_probes(self) -> Iterable[Probe]:
        """Look at processes and ports."""
        p = self._p

        async def ports() -> None:
            p._desk.observe(await p._machine.look_at_programs())
            await p._watch.look_at_ports()

        yield Probe("ports", ports, lambda check: True)

    def horizon_probes(self) -> Iterable[Probe]:
        """The horizon is read from what is known: nothing is asked."""
        return ()

    def handshake_probes(self) -> Iterable[Probe]:
        """Open every socket and take one heartbeat."""
        for link in self._p._links:

            async def handshake(link: SocketLink = link) -> None:
                await self._p._watch.open_socket(link)
                await self._p._harm.permit(Footprint.LIGHT, 1)
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

        for probe in self._per_open_link(4, both):
            # An account line is named after its account, not after its socket.
            yield replace(probe, covers=lambda check: True)

    def feed_probes(self) -> Iterable[Probe]:
        """Look at every instrument, at most eight lines at once."""
        for check in self._checks(Lane.FEED):
            instrument, link = self._instrument_and_link(check.id.removeprefix("feed."))
            if instrument is None or link is None or not self._is_usable(link):
                continue

            async def look(link: SocketLink = link, instrument: Instrument = instrument) -> None:
                await self._contract(link, instrument)
                async with self._p._harm.lines:
                    await self._p._harm.permit(Footprint.LIGHT, 3)
                    await link.ask_feed(instrument)

            yield Probe(instrument.key, look, _only(check.id))

    def capability_probes(self) -> Iterable[Probe]:
        """Ask each ticket's contract."""
        plan = self._p._desk.plan
        tickets = {f"capability.{t.key}": t for flow in plan.flows for t in flow.tickets}
        for check in self._checks(Lane.CAPABILITY):
            ticket = tickets.get(check.id)
            if ticket is None:
                continue
            instrument, link = self._instrument_and_link(ticket.instrument)
            if instrument is None or link is None or not self._is_usable(link):
                continue

            async def look(link: SocketLink = link, instrument: Instrument = instrument) -> None:
                await self._contract(link, instrument)

            yield Probe(ticket.key, look, _only(check.id))

    def other_probes(self) -> Iterable[Probe]:
        """Ask the gateway; Desktop and Mobile are read from what is known."""
        portal, p = self._p._portal, self._p
        if portal is not None:

            async def gateway(portal: PortalLink = portal) -> None:
                p._desk.observe(await p._machine.look_at_ports(p._desk.plan))
                if p._watch.portal_is_strange(portal.portal):
                    return
                await portal.knock()
                await portal.ask_session()

            yield Probe("gateway", gateway, lambda check: "portal" in check.id or "certificate" in check.id)

        async def programs() -> None:
            p._desk.observe(await p._machine.look_at_programs())

        yield Probe("programs", programs, lambda check: check.id in ("others.desktop", "others.mobile"))

    def _per_open_link(self, messages: int, ask: Callable[[SocketLink], Awaitable[None]]) -> Iterable[Probe]:
        for link in self._p._links:
            if not self._is_usable(link):
                continue

            async def asking(link: SocketLink = link) -> None:
                await self._p._harm.permit(Footprint.LIGHT, messages)
                await ask(link)

            yield Probe(link.socket.name, asking, _about(link.socket))

    def _instrument_and_link(self, key: str) -> tuple[Instrument | None, SocketLink | None]:
        """Return an instrument of the plan and the link of the first flow that needs it."""
        plan = self._p._desk.plan
        flows = [f for f in plan.flows if key in f.instruments or any(t.instrument == key for t in f.tickets)]
        socket = plan.socket_of(flows[0]) if flows else next(iter(plan.sockets), None)
        link = next((link for link in self._p._links if link.socket == socket), None)
        return plan.instrument(key), link

    async def _contract(self, link: SocketLink, instrument: Instrument) -> None:
        """Ask a contract once per run, whoever needs it first; a fresh answer is not asked for again.

        While the broker's servers are away nobody would answer: then the upstream lane is awaited first.
        """
        subject = f"{link.socket.subject}/contract/{instrument.key}"
        if self._is_upstream_down(link):
            await self._done[Lane.UPSTREAM].wait()
            if self._is_upstream_down(link):
                return
        if self._p._desk.facts.fresh(kinds.CONTRACT, subject, self._p._desk.now()) is not None:
            return
        task = self._contracts.get(subject)
        if task is None:
            asking = _quiet(self._ask_contract(link, instrument))
            task = self._contracts[subject] = asyncio.create_task(asking, name=f"contract {instrument.key}")
        await asyncio.shield(task)

    async def _ask_contract(self, link: SocketLink, instrument: Instrument) -> None:
        """Ask; once more when no answer came, for a question is lost when the servers go and come back."""
        for is_last in (False, True):
            await self._p._harm.permit(Footprint.LIGHT, 1)
            try:
                await link.ask_contract(instrument)
            except NoAnswer:
                if is_last:
                    raise
            else:
                return

    def _is_upstream_down(self, link: SocketLink) -> bool:
        seen = self._p._desk.facts.fresh(kinds.UPSTREAM, link.socket.subject, self._p._desk.now())
        return seen is not None and seen.value == Upstream.DOWN

    def _is_usable(self, link: SocketLink) -> bool:
        """Whether the handshake has shown that this session answers."""
        session = self._results.get(f"handshake.session.{link.socket.name}")
        return (
            link.is_open
            and session is not None
            and session.finding is not None
            and session.level.is_usable
            and not session.finding.is_shut
        )

    # The record.

    def _checks(self, lane: Lane) -> list[Check]:
        return [r.check for r in self._of(lane) if r.progress is not Progress.DONE]

    def _of(self, lane: Lane) -> list[Result]:
        return [result for result in self._results.values() if result.check.lane is lane]

    def _refresh_lines(self) -> None:
        """Add the lines of accounts that have become known since the run began."""
        checks = checks_for(self._p._desk.plan, self._p._desk.facts)
        self._results = {check.id: self._results.get(check.id, Result(check)) for check in checks}

    def _mark(self, lane: Lane, progress: Progress) -> None:
        for result in self._of(lane):
            if result.progress is not Progress.DONE:
                self._results[result.check.id] = replace(result, progress=progress)
        self._show()

    def _judge(self, lane: Lane, covers: Callable[[Check], bool]) -> None:
        """Judge the open checks of `lane` that are covered, parents before children as the table lists them."""
        started = self._lanes[lane].started or 0.0
        desk = self._p._desk
        for result in self._of(lane):
            if result.progress is Progress.DONE or not covers(result.check):
                continue
            finding = answer(result.check, self._results, desk.facts, desk.plan, desk.now())
            seconds = max(0.0, self._elapsed() - started)
            self._results[result.check.id] = Result(result.check, Progress.DONE, finding, seconds)
        self._show()

    def _record(self) -> Run:
        return replace(self.record, results=tuple(self._results.values()), lanes=tuple(self._lanes.values()))

    def _show(self) -> None:
        if self._is_closed:
            return  # an answer that comes after the end changes nothing
        self.record = self._record()
        self._p._desk.show_run(self.record)

    def _elapsed(self) -> float:
        return self._p._clock.monotonic() - self._began


_PROBES: dict[Lane, Callable[[_Round], Iterable[Probe]]] = {
    Lane.DESK: _Round.desk_probes,
    Lane.PORTS: _Round.ports_probes,
    Lane.HORIZON: _Round.horizon_probes,
    Lane.HANDSHAKE: _Round.handshake_probes,
    Lane.UPSTREAM: _Round.upstream_probes,
    Lane.ACCOUNT: _Round.account_probes,
    Lane.FEED: _Round.feed_probes,
    Lane.CAPABILITY: _Round.capability_probes,
    Lane.OTHERS: _Round.other_probes,
}


def _still_ready(run: Run, now: float) -> dict[str, Result]:
    """Return the results that a re-run keeps: ready on evidence of the last ten minutes, or never to be asked."""
    kept: dict[str, Result] = {}
    for result in run.results:
        finding = result.finding
        if finding is None:
            continue
        age = finding.age(now)
        is_ready = result.level is Level.READY and age is not None and age <= KEEP_FOR
        is_settled = finding.not_tested and all(need in kept for need in result.check.needs)
        if is_ready or is_settled:
            kept[result.check.id] = result
    return kept


def _looking(
    desk: Desk, look: Callable[[], Awaitable[Sequence[Observation]]]
) -> Callable[[], Coroutine[None, None, None]]:
    async def run() -> None:
        desk.observe(await look())

    return run


def _about(socket: Socket) -> Callable[[Check], bool]:
    return lambda check: check.id.endswith(f".{socket.name}")


def _only(id_: str) -> Callable[[Check], bool]:
    return lambda check: check.id == id_


async def _quiet(asking: Awaitable[None]) -> None:
    """Let a trouble of one question not stop its neighbours: it was reported already."""
    try:
        await asking
    except Trouble as trouble:
        log.info("%s", trouble.sentence)
