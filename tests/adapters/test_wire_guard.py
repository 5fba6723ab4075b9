"""The guard at the wire: a closed list on the way out, whole frames of bounded size on the way in."""

from __future__ import annotations

import inspect
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ib_async import Contract
from ib_async.client import Client

from cockpit.adapters.tws.session import GREETING
from cockpit.adapters.tws.whatif import encode
from cockpit.adapters.tws.wire_guard import RULES, FrameTooLong, IncomingFrames, OutgoingGuard, WireRefusal
from tests.adapters.order_frames import framed, library, of_library
from tests.adapters.test_whatif import ORDERS


def greeted(version: int = 178) -> OutgoingGuard:
    guard = OutgoingGuard()
    assert guard.admit(GREETING) == -1
    guard.version = version
    return guard


CONTRACT = Contract(
    conId=1,
    symbol="ES",
    secType="FUT",
    lastTradeDateOrContractMonth="20261218",
    multiplier="50",
    exchange="CME",
    currency="USD",
)


@pytest.mark.parametrize("version", [157, 163, 175, 176, 178])
def test_everything_the_cockpit_asks_may_leave(version: int) -> None:
    client, sink = library(version)
    client.clientId = 901
    client.startApi()
    client.reqCurrentTime()
    client.reqContractDetails(5, CONTRACT)
    client.reqMarketDataType(3)
    client.reqMktData(6, CONTRACT, "", False, False, [])
    client.cancelMktData(6)
    client.reqNewsBulletins(True)
    client.cancelNewsBulletins()
    client.reqAllOpenOrders()
    client.reqAccountSummary(7, "All", "Cushion,NetLiquidation")
    client.cancelAccountSummary(7)
    client.reqFamilyCodes()
    guard = greeted(version)
    numbers = [guard.admit(frame) for frame in sink.written]
    assert set(numbers) == set(RULES)


@pytest.mark.parametrize("version", [157, 166, 178])
def test_what_ifs_may_leave_and_live_orders_may_not(version: int) -> None:
    guard = greeted(version)
    for order in ORDERS.values():
        assert guard.admit(encode(order, version)) == 3
        with pytest.raises(WireRefusal):
            guard.admit(of_library(order, version, what_if=False))


def test_no_other_request_of_the_library_may_leave() -> None:
    """Every method of the library that sends anything is called with made-up arguments; only the list gets out."""
    names = [name for name, _ in inspect.getmembers(Client, inspect.isfunction)]
    calls = [
        name
        for name in names
        if name.startswith(("req", "cancel", "place", "exercise", "calc", "query", "update"))
    ]
    calls += [
        "subscribeToGroupEvents",
        "unsubscribeFromGroupEvents",
        "requestFA",
        "replaceFA",
        "setServerLogLevel",
    ]
    left: set[int] = set()
    stopped = 0
    for name in calls:
        client, sink = library(178)
        method = getattr(client, name)
        wanted = [argument for argument in inspect.signature(method).parameters if argument != "self"]
        try:
            method(*(_made_up(argument) for argument in wanted))
        except (AttributeError, TypeError):
            continue  # needs a richer argument; its number is tried below
        for frame in sink.written:
            try:
                left.add(greeted().admit(frame))
            except WireRefusal:
                stopped += 1
    assert left <= set(RULES)
    assert stopped > 40


def _made_up(argument: str) -> object:
    if argument == "contract":
        return CONTRACT
    if argument in {"tags", "groupName"}:
        return "All"
    return 1


@pytest.mark.parametrize("number", [number for number in range(1, 420) if number not in RULES])
def test_a_number_that_is_not_on_the_list_may_not_leave(number: int) -> None:
    """Cancel 4, bind 15, advisor 18 and 19, exercise 21, global cancel 58, configuration 109, all numbers plus 200."""
    guard = greeted()
    for tail in ([], ["1"], ["1", "1"], ["1", "1", ""]):
        with pytest.raises(WireRefusal):
            guard.admit(framed([str(number), *tail]))


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(["71", "2", "0", ""], id="client id 0"),
        pytest.param(["71", "2", "901", "", ""], id="one field more"),
        pytest.param(["16", "1", "1"], id="open orders with a binding flag"),
        pytest.param(["49"], id="one field less"),
        pytest.param(["49", "1\x00"], id="NUL in a field"),
        pytest.param(["49", "1\n"], id="line end"),
        pytest.param(["049", "1"], id="leading zero"),
        pytest.param([" 49", "1"], id="leading blank"),
        pytest.param(["٤٩", "1"], id="other digits"),
        pytest.param(["", "1"], id="no number"),
        pytest.param(["62", "1", "5", "Everyone", "Cushion"], id="another account group"),
    ],
)
def test_a_known_number_in_another_shape_may_not_leave(parts: list[str]) -> None:
    with pytest.raises(WireRefusal):
        greeted().admit(framed(parts))


@pytest.mark.parametrize(("snapshot", "regulatory"), [(True, False), (False, True)])
def test_snapshots_may_not_leave_because_one_kind_costs_money(snapshot: bool, regulatory: bool) -> None:
    client, sink = library(178)
    client.reqMktData(6, CONTRACT, "", snapshot, regulatory, [])
    with pytest.raises(WireRefusal):
        greeted().admit(sink.written[0])


TIME = framed(["49", "1"])


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TIME[:-1], id="cut short"),
        pytest.param(TIME + b"\0", id="one byte more"),
        pytest.param(TIME + TIME, id="two at once"),
        pytest.param(TIME[4:], id="without length"),
        pytest.param(struct.pack(">I", 2) + TIME[4:], id="announced shorter than it is"),
        pytest.param(struct.pack(">I", 9) + TIME[4:], id="announced longer than it is"),
        pytest.param(b"", id="nothing"),
        pytest.param(struct.pack(">I", 0), id="empty frame"),
        pytest.param(struct.pack(">I", 4) + b"49\x001", id="last field not ended"),
        pytest.param(framed(["49", "1" * 9000]), id="longer than any request"),
        pytest.param(GREETING, id="a second greeting"),
    ],
)
def test_anything_but_one_whole_frame_may_not_leave(data: bytes) -> None:
    with pytest.raises(WireRefusal):
        greeted().admit(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TIME, id="a frame before the greeting"),
        pytest.param(b"API\0", id="half a greeting"),
        pytest.param(GREETING + TIME, id="greeting and more"),
        pytest.param(b"API\0" + framed([])[:4] + b"v100..178 +PACEAPI", id="with options"),
    ],
)
def test_a_connection_begins_with_the_plain_greeting(data: bytes) -> None:
    with pytest.raises(WireRefusal):
        OutgoingGuard().admit(data)


def test_an_order_frame_before_the_version_is_known_may_not_leave() -> None:
    guard = OutgoingGuard()
    guard.admit(GREETING)
    with pytest.raises(WireRefusal):
        guard.admit(encode(ORDERS["limit"], 178))


@given(st.binary(max_size=300))
def test_any_bytes_are_on_the_list_or_refused(body: bytes) -> None:
    try:
        number = greeted().admit(struct.pack(">I", len(body)) + body)
    except WireRefusal:
        return
    assert number in RULES


bodies = st.lists(st.binary(min_size=1, max_size=40), max_size=12)


@given(bodies, st.lists(st.integers(1, 30), max_size=40))
def test_frames_come_out_the_same_however_the_stream_is_split(sent: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(struct.pack(">I", len(body)) + body for body in sent)
    frames, came, start = IncomingFrames(), list[bytes](), 0
    for cut in [*cuts, len(stream)]:
        came += frames.feed(stream[start : start + cut])
        start += cut
    assert [frame[4:] for frame in came] == sent


def test_an_empty_frame_is_passed_over() -> None:
    assert list(IncomingFrames().feed(struct.pack(">I", 0) + TIME)) == [TIME]


def test_a_frame_over_the_limit_is_refused_by_its_announcement() -> None:
    frames = IncomingFrames(largest=1000)
    assert list(frames.feed(TIME)) == [TIME]
    with pytest.raises(FrameTooLong):
        list(frames.feed(struct.pack(">I", 1001)))


def test_frames_before_one_that_is_too_long_are_still_handed_on() -> None:
    came = IncomingFrames(largest=1000).feed(TIME + struct.pack(">I", 2**32 - 1))
    assert next(came) == TIME
    with pytest.raises(FrameTooLong):
        next(came)
