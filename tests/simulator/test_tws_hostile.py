"""Nonsense on the wire: no request, however made up, breaks the server or keeps it from the next answer."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.simulator.scenario import ApiServer, OpenOrder, Position
from cockpit.simulator.wire.frames import FieldValue, frame
from cockpit.simulator.wire.names import NAMES
from tests.simulator.tws_clients import DESK, FUTURE, STOCK, RawClient, on_loop, serving

ROOMY = ApiServer(max_messages_per_second=100_000)
BUSY = replace(
    DESK, orders=(OpenOrder(con_id=FUTURE),), positions=(Position("", STOCK, 1.0), Position("", 999))
)

fields = st.one_of(
    st.integers(-2, 200),
    st.sampled_from(
        ["", "1", "0", "BAG", "STK", "SPX", "nan", "inf", "1e309", "-1", "9" * 30, "U1234821", "All"]
    ),
    st.text(max_size=6).filter(lambda text: "\0" not in text),
)
requests = st.tuples(st.sampled_from(sorted(NAMES)), st.lists(fields, max_size=40))


@given(asked=st.lists(requests, min_size=1, max_size=12), version=st.sampled_from([100, 157, 178, 200]))
@settings(deadline=None, max_examples=60)
def test_any_requests_with_any_fields_leave_a_server_that_still_answers(
    asked: list[tuple[int, list[FieldValue]]], version: int
) -> None:
    @on_loop
    async def check() -> None:
        async with serving(ROOMY, BUSY) as running:
            client = await RawClient.enter(running.port, version)
            for message, values in asked:
                client.send(message, *values)
            client.send(49, 1)
            await client.until(49)
            await client.close()

    check()


@given(bodies=st.lists(st.binary(max_size=40), max_size=8))
@settings(deadline=None, max_examples=40)
def test_any_bytes_in_a_frame_leave_a_server_that_still_answers(bodies: list[bytes]) -> None:
    @on_loop
    async def check() -> None:
        async with serving(ROOMY, BUSY) as running:
            client = await RawClient.enter(running.port)
            for body in bodies:
                client.writer.write(frame(body))
            client.send(49, 1)
            await client.until(49)
            await client.close()

    check()
