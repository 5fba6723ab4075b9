"""Every shipped scenario, asked everything at once: what the socket says, and that only the list ever arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path

import pytest

from cockpit.adapters.tws.link import TwsLink
from cockpit.adapters.tws.wire_guard import RULES
from cockpit.domain import kinds
from cockpit.domain.evidence import Kind
from cockpit.domain.kinds import Door, FeedState, Upstream
from cockpit.domain.plan import Instrument, Socket, Ticket
from cockpit.resources import resource
from cockpit.services.errors import DoorTrouble, Trouble
from cockpit.simulator import library
from cockpit.simulator.desk import SimulatedDesk
from tests.adapters.tws_tools import APPLE, IMPATIENT, Counts, Eyes, RealClock, run

pytestmark = pytest.mark.plain

SCENARIOS = sorted(path for path in resource("scenarios").glob("*.toml") if path.name != "desk.toml")
INSTRUMENTS = (
    APPLE,
    Instrument("SPX", "SPX", "IND", "CBOE"),
    Instrument("ES", "ES", "FUT", "CME"),
    Instrument("EUR.USD", "EUR", "CASH", "IDEALPRO"),
)
DOORS = {
    "tws-down": Door.REFUSED,
    "api-off": Door.REFUSED,
    "mute-port": Door.MUTE,
    "nightly-restart": Door.REFUSED,
}


# What each scenario is about, as the socket tells it.
SEEN: dict[str, tuple[Kind[str] | Kind[bool], str, object]] = {
    "upstream-lost": (kinds.UPSTREAM, "tws/tws", Upstream.DOWN),
    "competing-login": (kinds.DATA_TAKEN, "tws/tws", True),
    "read-only-api": (kinds.READ_ONLY, "tws/tws", True),
    "half-open": (kinds.DOOR, "tws/tws", Door.SILENT),
    "index-delayed": (kinds.FEED, "tws/tws/feed/SPX", FeedState.DELAYED),
    "calm-morning": (kinds.FEED, "tws/tws/feed/SPX", FeedState.LIVE),
}


async def settled(question: Awaitable[object]) -> None:
    try:
        await question
    except Trouble:
        pass


async def ask_everything(link: TwsLink) -> None:
    await settled(link.beat())
    await asyncio.gather(
        settled(link.ask_upstream()),
        settled(link.ask_accounts()),
        settled(link.ask_orders()),
        settled(link.preview(Ticket("t", "AAPL", price=226.0), APPLE)),
        *(settled(link.ask_feed(instrument)) for instrument in INSTRUMENTS),
        *(settled(link.ask_contract(instrument)) for instrument in INSTRUMENTS),
    )
    await settled(link.beat())


async def walk(path: Path) -> Eyes:
    """Open and ask every socket of a scenario; return what the first one said."""
    first: Eyes | None = None
    async with SimulatedDesk(library.load(path)) as desk:
        # What happens at the very start has happened before anybody knocks.
        for _ in range(10):
            await asyncio.sleep(0)
        for name in desk.servers:
            eyes, counts = Eyes(), Counts()
            first = first or eyes
            link = TwsLink(Socket(port=desk.ports[name]), eyes.report, RealClock(), counts, IMPATIENT)
            try:
                await link.open()
                await ask_everything(link)
            except DoorTrouble:
                pass
            await link.close()
            assert (counts.lines, counts.client_ids) == (0, 0)
        assert desk.recorder.forbidden() == ()
        assert desk.recorder.live_orders() == ()
        assert set(desk.recorder.message_ids()) <= {*RULES, 3}
    assert first is not None
    return first


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_opens_the_door_it_should_and_sees_nothing_off_the_list(path: Path) -> None:
    async def story() -> None:
        eyes = await walk(path)
        doors = [one.value for one in eyes.all(kinds.DOOR)]
        assert doors[0] == DOORS.get(path.stem, Door.OPEN)
        if path.stem in SEEN:
            kind, subject, value = SEEN[path.stem]
            told = [one.value for one in eyes.seen if (one.fact, one.subject) == (kind.name, subject)]
            assert told[-1] == value
        if path.stem == "client-id-stuck":
            assert eyes.newest(kinds.CLIENT_ID) != 901
        if path.stem == "unexpected-account":
            accounts = eyes.newest(kinds.ACCOUNTS)
            assert isinstance(accounts, tuple)
            assert len(accounts) > 1

    run(story())
