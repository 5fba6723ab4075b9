"""How close the pre-open check comes to its own critical path, and how much sooner it answers than one question by one.

Every pair of measurements is a whole check on new adapters, then a script that asks the same questions in a row, also
on new adapters. A question counts with the shorter of the two times it took, so the check's own crowding is not
taken for the broker's slowness.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from msgspec.structs import replace

from benchmarks.children import in_child
from benchmarks.critical_path import critical_path
from benchmarks.figures import Figure
from benchmarks.questions import Notes, Question, TimedCalendar, TimedMachine, TimedPortal, TimedSocket
from benchmarks.slow_desk import GATEWAY_MS, TWS_MS, slow_desk
from cockpit.adapters.journal.sqlite import SqliteJournal
from cockpit.app.clock import SystemClock
from cockpit.app.startup import Start, start
from cockpit.app.wiring import journal_writer, outside
from cockpit.domain.evidence import Observation
from cockpit.domain.plan import Instrument, Plan
from cockpit.services.engine import Engine, Outside
from cockpit.services.harm import Harm
from cockpit.services.ports import PortalLink, Report, SocketLink
from cockpit.services.state import DeskState

TIMES = 5
LIMIT = 1.2
WITHIN = 120.0  # seconds
Pair = dict[str, float]


def run() -> Figure:
    """Return medians in seconds; `ratio` is the check over its critical path, `sequential_ratio` over the script."""
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as name, slow_desk(Path(name)) as settings:
        printed = in_child("benchmarks.pre_open", str(settings), within=WITHIN)
    pairs: list[Pair] = json.loads(printed.splitlines()[-1])
    return {
        "ratio": median(pair["check"] / pair["path"] for pair in pairs),
        "limit": LIMIT,
        "sequential_ratio": median(pair["check"] / pair["script"] for pair in pairs),
        **{f"{name}": median(pair[name] for pair in pairs) for name in ("check", "path", "script")},
        "tws_latency_ms": TWS_MS,
        "gateway_latency_ms": GATEWAY_MS,
        "questions": pairs[0]["questions"],
        "each": [round(pair["check"] / pair["path"], 3) for pair in pairs],
    }


def _with_stopwatch(parts: Outside, notes: Notes) -> Outside:
    """Return the same adapters, each question noted."""

    def sockets(plan: Plan, report: Report, harm: Harm) -> Sequence[SocketLink]:
        return [TimedSocket(link, notes) for link in parts.sockets(plan, report, harm)]

    def portal(plan: Plan, report: Report, harm: Harm) -> PortalLink | None:
        link = parts.portal(plan, report, harm)
        return None if link is None else TimedPortal(link, notes)

    machine, calendar = TimedMachine(parts.machine, notes), TimedCalendar(parts.calendar, notes)
    return replace(parts, sockets=sockets, portal=portal, machine=machine, calendar=calendar)


async def _check(begun: Start, notes: Notes) -> float:
    """Return how long a check takes, from the click to the answer and its record in the journal."""
    journal = SqliteJournal(begun.profile.journal, journal_writer(), SystemClock())
    engine = Engine(
        begun.desk.plan, _with_stopwatch(outside(begun.desk, begun.profile.data, journal), notes), _show
    )
    try:
        await engine.watch.look_at_calendar()  # as the command does: its library takes half a second to load
        began = time.perf_counter()
        run = await engine.check()
        took = time.perf_counter() - began
        late = [lane.lane for lane in run.lanes if lane.timed_out]
        if late or engine.harm.count().refused:
            raise SystemExit(f"not a calm morning: {late}")
        return took
    finally:
        await engine.close()


async def _script(begun: Start, in_check: Notes, notes: Notes) -> float:
    """Return how long the same questions take one after the other, each asked once."""
    plan = begun.desk.plan
    parts = _with_stopwatch(outside(begun.desk, begun.profile.data), notes)
    harm = Harm(parts.clock)
    links = {link.socket.name: link for link in parts.sockets(plan, _take, harm)}
    portal = parts.portal(plan, _take, harm)
    numbers = dict(in_check.numbers)
    instruments = {instrument.key: instrument for instrument in plan.instruments}
    began = time.perf_counter()
    for question in sorted(in_check.took, key=lambda question: _ORDER.index(question.what)):
        match question:
            case Question("desk"):
                await parts.machine.look_at_desk()
            case Question("programs"):
                await parts.machine.look_at_programs()
            case Question("ports"):
                await parts.machine.look_at_ports(plan)
            case Question("calendar"):
                await parts.calendar.look(plan.venues, parts.clock.now())
            case Question("knock") if portal is not None:
                await portal.knock()
            case Question("session") if portal is not None:
                await portal.ask_session()
            case Question("portal accounts") if portal is not None:
                await portal.ask_accounts()
            case Question("buy rules" | "sell rules" as what, _, about) if portal is not None:
                await portal.ask_contract(instruments[about], what == "buy rules", numbers.get(about, 0))
            case Question("snapshot", _, about) if portal is not None:
                await portal.ask_snapshot([instruments[key] for key in about.split("\n")], numbers)
            case Question(what, name, about) if name in links:
                await _ask(links[name], what, instruments.get(about))
            case _:
                raise SystemExit(f"the check asked what the script does not know: {question}")
    took = time.perf_counter() - began
    for link in links.values():
        await link.close()
    if portal is not None:
        await portal.close()
    return took


async def _ask(link: SocketLink, what: str, instrument: Instrument | None) -> None:
    match what, instrument:
        case "open", None:
            await link.open()
        case "beat", None:
            await link.beat()
        case "upstream", None:
            await link.ask_upstream()
        case "accounts", None:
            await link.ask_accounts()
        case "orders", None:
            await link.ask_orders()
        case "contract", Instrument():
            await link.ask_contract(instrument, with_listing=False)
        case "contract with listing", Instrument():
            await link.ask_contract(instrument)
        case "feed", Instrument():
            await link.ask_feed(instrument)
        case _:
            raise SystemExit(f"the check asked what the script does not know: {what}")


_ORDER = (
    *("desk", "calendar", "programs", "ports", "open", "beat", "upstream", "accounts", "orders"),
    *("contract", "contract with listing", "feed", "knock", "session", "portal accounts"),
    *("snapshot", "buy rules", "sell rules"),
)


async def _pair(begun: Start) -> Pair:
    in_check, in_row = Notes(), Notes()
    check = await _check(begun, in_check)
    script = await _script(begun, in_check, in_row)
    shortest = {question: min(took, in_row.took[question]) for question, took in in_check.took.items()}
    path = critical_path(shortest, begun.desk.plan)
    return {"check": check, "script": script, "path": path, "questions": len(shortest)}


def _show(state: DeskState) -> None:
    """Nobody looks on."""


def _take(observations: Sequence[Observation]) -> None:
    """The script only wants to know how long it takes."""


def _main(settings: Path) -> int:
    begun = start(settings)
    try:
        print(json.dumps([asyncio.run(_pair(begun)) for _ in range(TIMES + 1)][1:]))  # the first one warms up
    finally:
        begun.close_log()
    return 0


if __name__ == "__main__":
    sys.exit(_main(Path(sys.argv[1])))
