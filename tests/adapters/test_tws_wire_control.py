"""The controls of the no-live-order law: take one guard away, and the desk's recorder sees what it kept out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import cockpit
from cockpit.adapters.tws.connection import GuardedConnection
from cockpit.adapters.tws.session import GREETING
from cockpit.adapters.tws.whatif import encode
from cockpit.adapters.tws.wire_guard import RULES, OutgoingGuard, Rule, WireRefusal
from cockpit.domain.plan import Instrument, Ticket
from cockpit.services.errors import Trouble
from cockpit.simulator.desk import SimulatedDesk
from tests.adapters.order_frames import fields, framed, of_library
from tests.adapters.test_whatif import ORDERS
from tests.adapters.tws_tools import AAPL, APPLE, Counts, opened, run, scenario

pytestmark = pytest.mark.plain

LIMIT = ORDERS["limit"]
SHIFTED = fields(encode(LIMIT, 178))
SHIFTED[3] = "AAPL\0\0"
CONTRACT = ["265598", "AAPL", "STK", "", "0.0", "", "", "SMART", "", "USD", "", ""]


def trusts_everything(body: bytes, version: int) -> None:
    """What stands in for the walker when it is taken away."""


class Wire:
    """A connection of ours to a desk, with a guard of the test's choice, past its handshake."""

    def __init__(self, guard: OutgoingGuard) -> None:
        self.guard = guard
        self.counts = Counts()
        self.answers: asyncio.Queue[bytes] = asyncio.Queue()
        self.over = asyncio.Event()
        self.connection = GuardedConnection(
            guard, self.counts, self.answers.put_nowait, self.over.set, self.over.set
        )

    async def hear(self, number: int) -> None:
        """Wait for a message of that number."""
        while not (await self.answers.get())[4:].startswith(b"%d\0" % number):
            pass


@asynccontextmanager
async def wire(desk: SimulatedDesk, guard: OutgoingGuard) -> AsyncIterator[Wire]:
    made = Wire(guard)
    await made.connection.dial("127.0.0.1", desk.ports["tws"])
    made.connection.sendMsg(GREETING)
    await made.answers.get()
    guard.version = 178
    made.connection.sendMsg(framed(["71", "2", "901", ""]))
    await made.hear(9)
    try:
        yield made
    finally:
        made.connection.abort()
        await made.over.wait()


FORBIDDEN = [
    pytest.param(fields(of_library(LIMIT, 178, what_if=False)), id="a live order"),
    pytest.param(SHIFTED, id="a what-if with NULs in a name"),
    pytest.param(["4", "1", "7", ""], id="cancel an order"),
    pytest.param(["15", "1", "1"], id="bind manual orders"),
    pytest.param(["18", "1", "1"], id="read the advisor's allocation"),
    pytest.param(["19", "1", "1", "<xml/>", "5"], id="replace the advisor's allocation"),
    pytest.param(["21", "2", "5", *CONTRACT[:8], *CONTRACT[9:], "1", "1", "", "0"], id="exercise an option"),
    pytest.param(["58", "1"], id="cancel all orders"),
    pytest.param(["109", "1"], id="change the configuration"),
    pytest.param(["1", "11", "5", *CONTRACT, "0", "", "1", "1", ""], id="a snapshot that costs money"),
]


@pytest.mark.parametrize("parts", FORBIDDEN)
def test_with_the_guard_it_never_arrives_and_the_connection_is_gone(parts: list[str]) -> None:
    async def story() -> None:
        async with SimulatedDesk(scenario()) as desk, wire(desk, OutgoingGuard()) as out:
            sent = out.counts.messages
            with pytest.raises(WireRefusal):
                out.connection.sendMsg(framed(parts))
            await out.over.wait()
            assert desk.recorder.forbidden() == ()
            assert desk.recorder.message_ids() == (71,)
            assert out.counts.messages == sent

    run(story())


@pytest.mark.parametrize("parts", FORBIDDEN)
def test_without_the_guard_it_arrives(parts: list[str]) -> None:
    """The control: the same bytes through the same connection, with the one check that stops them taken away."""

    async def story() -> None:
        anything = Rule("anything", (".*",) * (len(parts) - 1))
        unguarded = OutgoingGuard({**RULES, int(parts[0]): anything}, trusts_everything)
        async with SimulatedDesk(scenario()) as desk, wire(desk, unguarded) as out:
            out.connection.sendMsg(framed(parts))
            out.connection.sendMsg(framed(["49", "1"]))
            await out.hear(49)
            assert len(desk.recorder.forbidden()) == 1

    run(story())


texts = st.one_of(st.text(max_size=10), st.text(st.sampled_from("\0 01AB"), max_size=8), st.just("AAPL"))
tickets = st.builds(
    Ticket,
    key=texts,
    instrument=texts,
    action=st.one_of(st.sampled_from(["BUY", "SELL"]), texts),
    quantity=st.one_of(st.floats(0.1, 1e5), st.floats()),
    order_type=st.one_of(st.sampled_from(["MKT", "LMT", "STP", "TRAIL LIMIT"]), texts),
    time_in_force=st.one_of(st.just("DAY"), texts),
    outside_hours=st.booleans(),
    price=st.one_of(st.floats(0.1, 1e5), st.floats()),
    account=st.one_of(st.just(""), texts),
)
instruments = st.builds(
    Instrument,
    key=texts,
    symbol=texts,
    sec_type=st.one_of(st.just("STK"), texts),
    exchange=st.one_of(st.just("SMART"), texts),
)
asked = st.lists(
    st.tuples(
        st.sampled_from(["preview", "feed", "contract", "orders", "beat"]),
        tickets,
        st.one_of(st.just(APPLE), instruments),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=100)
@given(asked)
def test_whatever_is_asked_in_whatever_order_nothing_live_arrives(
    questions: list[tuple[str, Ticket, Instrument]],
) -> None:
    """The whole link over a real socket; the bench asserts afterwards that the recorder holds nothing forbidden."""

    async def story() -> None:
        async with opened(scenario(replace(AAPL, local_symbol="AAPL\u202e"))) as here:
            for what, ticket, instrument in questions:
                try:
                    match what:
                        case "preview":
                            await here.link.preview(ticket, instrument)
                        case "feed":
                            await here.link.ask_feed(instrument)
                        case "contract":
                            await here.link.ask_contract(instrument)
                        case "orders":
                            await here.link.ask_orders()
                        case _:
                            await here.link.beat()
                except Trouble:
                    pass
            assert here.desk.recorder.live_orders() == ()
            assert set(here.ids) <= {*RULES, 3}

    run(story())


def test_only_the_preview_can_make_an_order_frame() -> None:
    """In the whole program one file uses the encoder, and one place in it hands the frame to the wire."""
    root = Path(cockpit.__file__).parent
    sources = {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in root.rglob("*.py")
    }
    program = {name: text for name, text in sources.items() if not name.startswith("simulator/")}
    assert [name for name, text in program.items() if "import encode" in text] == ["adapters/tws/link.py"]
    calls = [name for name, text in program.items() if ".send_order_frame(" in text]
    assert calls == ["adapters/tws/link.py"]
    assert program["adapters/tws/link.py"].count(".send_order_frame(") == 1
    assert not [name for name, text in program.items() if "placeOrder(" in text]
