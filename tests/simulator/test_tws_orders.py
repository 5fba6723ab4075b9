"""Orders: the walk to the what-if flag, two-part answers, refusals, and the leak that must show."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ib_async import ComboLeg as IbLeg
from ib_async import Contract as IbContract
from ib_async import DeltaNeutralContract as IbDeltaNeutral
from ib_async import LimitOrder, MarketOrder, Order, PriceCondition, RequestError, TagValue
from ib_async.order import OrderComboLeg
from ibapi.client import EClient
from ibapi.contract import ComboLeg as OfficialLeg
from ibapi.contract import Contract as OfficialContract
from ibapi.order import Order as OfficialOrder
from ibapi.order import OrderComboLeg as OfficialLegPrice
from ibapi.tag_value import TagValue as OfficialTag
from ibapi.wrapper import EWrapper
from msgspec.structs import replace

from cockpit.simulator.scenario import ApiServer, OpenOrder, Scenario
from cockpit.simulator.terms import Refusal
from cockpit.simulator.wire.frames import fields_of
from cockpit.simulator.wire.requests import Malformed, PlacedOrder, read_order
from tests.simulator.tws_clients import (
    CONTRACTS,
    DESK,
    FUTURE,
    OPTION,
    OTHER_OPTION,
    STOCK,
    RawClient,
    connected,
    on_loop,
    serving,
)
from tests.simulator.what_ifs import CapturingClient, what_if_frame


class CapturingOfficial(EClient):  # type: ignore[misc]  # the official client has no types
    """The older official encoder, without a socket."""

    def __init__(self, version: int) -> None:
        super().__init__(EWrapper())
        self.serverVersion_ = version
        self.sent: list[tuple[str, ...]] = []

    def isConnected(self) -> bool:
        return True

    def sendMsg(self, msg: str) -> None:
        self.sent.append(fields_of(msg.encode()))


texts = st.text("ABCxyz 019", max_size=5)
flags = st.booleans()


@st.composite
def ib_orders(draw: st.DrawFn) -> tuple[IbContract, Order]:
    """Orders with every block that moves the flag: legs, delta neutral, scale, hedge, algo, conditions."""
    order = Order(
        orderId=draw(st.integers(0, 9999)),
        action=draw(st.sampled_from(["BUY", "SELL"])),
        totalQuantity=draw(st.sampled_from([1.0, 2.5, 100.0])),
        orderType=draw(st.sampled_from(["LMT", "MKT", "PEG BENCH", "PEG BEST", "PEG MID", "VOL"])),
        lmtPrice=draw(st.sampled_from([0.0, 12.5])),
        tif=draw(st.sampled_from(["", "DAY", "GTC"])),
        account=draw(texts),
        outsideRth=draw(flags),
        deltaNeutralOrderType=draw(st.sampled_from(["", "None", "MKT"])),
        hedgeType=draw(st.sampled_from(["", "D"])),
        algoStrategy=draw(st.sampled_from(["", "Adaptive"])),
        whatIf=draw(flags),
        transmit=draw(flags),
    )
    order.algoParams = [TagValue("a", "b")] * draw(st.integers(0, 3))
    if draw(flags):
        order.scalePriceIncrement = draw(st.sampled_from([0.01, 0.0]))
    if draw(flags):
        order.competeAgainstBestOffset = math.inf
    order.conditions = [PriceCondition()] * draw(st.integers(0, 2))
    contract = IbContract(
        conId=draw(st.integers(0, 9999)), symbol=draw(texts), secType=draw(st.sampled_from(["STK", "BAG"]))
    )
    if contract.secType == "BAG":
        count = draw(st.integers(0, 3))
        contract.comboLegs = [IbLeg(conId=5, ratio=1, action="BUY", exchange="SMART")] * count
        order.orderComboLegs = [OrderComboLeg(price=1.5)] * draw(st.integers(0, 3))
        order.smartComboRoutingParams = [TagValue("NonGuaranteed", "1")] * draw(st.integers(0, 2))
    if draw(flags):
        contract.deltaNeutralContract = IbDeltaNeutral(1, 0.5, 2.0)
    return contract, order


def assert_same(read: PlacedOrder, order: Order, contract: IbContract) -> None:
    assert read.what_if is order.whatIf
    assert read.transmit is order.transmit
    assert read.outside_hours is order.outsideRth
    assert (read.order_id, read.action, read.order_type) == (order.orderId, order.action, order.orderType)
    assert (read.quantity, read.tif, read.algo) == (order.totalQuantity, order.tif, order.algoStrategy)
    assert (read.contract.con_id, read.contract.symbol) == (contract.conId, contract.symbol)
    assert len(read.contract.legs) == (len(contract.comboLegs or []) if contract.secType == "BAG" else 0)


@given(made=ib_orders(), version=st.sampled_from([157, 176, 177, 178, 200]))
@settings(deadline=None, max_examples=150)
def test_the_walk_reads_every_order_that_ib_async_can_write(
    made: tuple[IbContract, Order], version: int
) -> None:
    contract, order = made
    fields = CapturingClient(version).write(order.orderId, contract, order)
    assert_same(read_order(fields, version), order, contract)


@given(made=ib_orders(), version=st.sampled_from([100, 102, 103, 144, 145, 157]))
@settings(deadline=None, max_examples=150)
def test_the_walk_reads_every_order_that_the_older_official_client_can_write(
    made: tuple[IbContract, Order], version: int
) -> None:
    contract, order = made
    assume(float(order.totalQuantity).is_integer())
    theirs, named = OfficialOrder(), OfficialContract()
    for name in ("action", "orderType", "lmtPrice", "tif", "account", "outsideRth", "whatIf", "transmit"):
        setattr(theirs, name, getattr(order, name))
    for name in (
        "totalQuantity",
        "deltaNeutralOrderType",
        "hedgeType",
        "algoStrategy",
        "scalePriceIncrement",
    ):
        setattr(theirs, name, getattr(order, name))
    theirs.cashQty = 0  # its own default is refused by its own check below 111
    theirs.algoParams = [OfficialTag("a", "b")] * len(order.algoParams)
    named.conId, named.symbol, named.secType = contract.conId, contract.symbol, contract.secType
    named.comboLegs = [OfficialLeg()] * len(contract.comboLegs or [])
    theirs.orderComboLegs = [OfficialLegPrice()] * len(order.orderComboLegs or [])
    theirs.smartComboRoutingParams = [OfficialTag("a", "b")] * len(order.smartComboRoutingParams or [])
    client = CapturingOfficial(version)
    client.placeOrder(order.orderId, named, theirs)
    assume(client.sent)  # some orders are too new for old versions, and the client keeps them back
    assert_same(read_order(client.sent[0], version), order, contract)


@given(made=ib_orders(), data=st.data())
@settings(deadline=None)
def test_a_frame_that_is_cut_anywhere_before_the_flag_is_never_taken_for_a_what_if(
    made: tuple[IbContract, Order], data: st.DataObject
) -> None:
    contract, order = made
    order.whatIf = True
    fields = CapturingClient(178).write(order.orderId, contract, order)
    cut = data.draw(st.integers(1, 60))
    with pytest.raises(Malformed):
        read_order(fields[:cut], 178)


STOCK_ORDER = IbContract(conId=STOCK, exchange="SMART")


@on_loop
async def test_a_what_if_answers_in_two_parts_and_never_with_a_status() -> None:
    async with serving() as running:
        client = await RawClient.enter(running.port, 178)
        client.writer.write(what_if_frame(STOCK_ORDER, LimitOrder("BUY", 10, 250)))
        client.send(49, 1)
        kinds = [message[0] for message in await client.gather(49)]
        assert kinds == ["5", "5", "49"]
        assert running.recorder.live_orders() == ()
        assert len(running.recorder.what_ifs()) == 1
        await client.close()


@on_loop
async def test_ib_async_reads_margins_and_commission_of_a_what_if() -> None:
    async with serving() as running, connected(running.port) as (ib, _):
        state = await ib.whatIfOrderAsync(STOCK_ORDER, LimitOrder("BUY", 10, 250))
        assert state.initMarginBefore == "679900"
        assert float(state.initMarginChange) == pytest.approx(10 * 271.4 * 0.25)
        assert state.commission == 1.0
        assert running.recorder.live_orders() == ()


@on_loop
async def test_ib_async_reads_the_what_if_of_a_spread() -> None:
    spread = IbContract(symbol="SPX", secType="BAG", exchange="SMART", currency="USD")
    spread.comboLegs = [
        IbLeg(conId=OPTION, ratio=1, action="BUY", exchange="SMART"),
        IbLeg(conId=OTHER_OPTION, ratio=1, action="SELL", exchange="SMART"),
    ]
    async with serving() as running, connected(running.port) as (ib, _):
        state = await ib.whatIfOrderAsync(spread, LimitOrder("BUY", 2, 26.5))
        assert float(state.initMarginChange) == pytest.approx((61.3 - 34.8) * 100 * 2 * 0.05)
        spread.comboLegs[0].conId = 1
        with pytest.raises(RequestError, match="200"):
            await ib.whatIfOrderAsync(spread, LimitOrder("BUY", 2, 26.5))


def _refusing(*rules: Refusal) -> Scenario:
    stock, *others = CONTRACTS
    return replace(DESK, contracts=(replace(stock, refuse=rules), *others))


@pytest.mark.parametrize("code", [110, 201, 203, 387, 412, 436, 460, 10015, 10289, 10311])
def test_a_refusal_of_the_scenario_ends_the_what_if_with_its_code_and_text(code: int) -> None:
    @on_loop
    async def check() -> None:
        scenario = _refusing(Refusal(code, f"reason {code}", order_types=("LMT",)))
        async with serving(scenario=scenario) as running, connected(running.port) as (ib, _):
            with pytest.raises(RequestError) as caught:
                await ib.whatIfOrderAsync(STOCK_ORDER, LimitOrder("BUY", 10, 250))
            assert (caught.value.code, caught.value.message) == (code, f"reason {code}")
            assert (await ib.whatIfOrderAsync(STOCK_ORDER, MarketOrder("BUY", 10))).commission == 1.0

    check()


@on_loop
async def test_a_refusal_by_time_in_force_spares_the_others() -> None:
    scenario = _refusing(Refusal(201, "not now", tifs=("GTC",)))
    async with serving(scenario=scenario) as running, connected(running.port) as (ib, _):
        with pytest.raises(RequestError):
            await ib.whatIfOrderAsync(STOCK_ORDER, LimitOrder("BUY", 1, 1, tif="GTC"))
        accepted = await ib.whatIfOrderAsync(STOCK_ORDER, LimitOrder("BUY", 1, 1, tif="DAY"))
        assert accepted.commission == 1.0


@on_loop
async def test_a_late_refusal_comes_after_the_placeholder_part() -> None:
    scenario = _refusing(Refusal(201, "too late", delay_ms=20))
    async with serving(scenario=scenario) as running:
        client = await RawClient.enter(running.port, 178)
        client.writer.write(what_if_frame(STOCK_ORDER, LimitOrder("BUY", 10, 250)))
        assert (await client.receive())[0] == "5"
        assert await client.error() == ("5", "201")
        await client.close()


@on_loop
async def test_a_silent_refusal_leaves_the_what_if_without_any_answer() -> None:
    async with serving(scenario=_refusing(Refusal(silent=True))) as running:
        client = await RawClient.enter(running.port, 178)
        client.writer.write(what_if_frame(STOCK_ORDER, LimitOrder("BUY", 10, 250)))
        assert await client.is_silent()
        await client.close()


@pytest.mark.parametrize(
    ("order", "exchange", "code"),
    [
        pytest.param(LimitOrder("BUY", 1, 1, tif="FOK"), "SMART", 201, id="time in force not offered"),
        pytest.param(
            Order(action="BUY", totalQuantity=1, orderType="MIDPRICE"), "SMART", 387, id="type not offered"
        ),
        pytest.param(
            Order(action="BUY", totalQuantity=1, orderType="STP LMT"), "NASDAQ", 387, id="not at the venue"
        ),
        pytest.param(LimitOrder("BUY", 1, 1, transmit=False), "SMART", 413, id="without transmit"),
    ],
)
def test_what_the_contract_does_not_offer_is_refused(order: Order, exchange: str, code: int) -> None:
    @on_loop
    async def check() -> None:
        async with serving() as running:
            client = await RawClient.enter(running.port, 178)
            client.writer.write(what_if_frame(IbContract(conId=STOCK, exchange=exchange), order))
            assert await client.error() == ("5", str(code))
            await client.close()

    check()


@pytest.mark.parametrize(
    "change", [{"permitted": False}, {"tradable": False}], ids=["permission", "availability"]
)
def test_a_missing_right_is_refused(change: dict[str, bool]) -> None:
    @on_loop
    async def check() -> None:
        stock = replace(CONTRACTS[0], **change)
        async with (
            serving(scenario=replace(DESK, contracts=(stock,))) as running,
            connected(running.port) as (ib, _),
        ):
            with pytest.raises(RequestError) as caught:
                await ib.whatIfOrderAsync(STOCK_ORDER, LimitOrder("BUY", 10, 250))
            assert caught.value.code == (201 if "permitted" in change else 203)

    check()


@on_loop
async def test_a_read_only_api_refuses_orders_on_their_id_and_order_reads_on_no_id() -> None:
    async with serving(ApiServer(read_only=True)) as running:
        client = await RawClient.enter(running.port, 178)
        client.writer.write(what_if_frame(STOCK_ORDER, LimitOrder("BUY", 10, 250)))
        assert await client.error() == ("5", "321")
        for request in ((8, 1, 1), (5, 1), (99, 0)):
            client.send(*request)
            assert await client.error() == ("-1", "321")
        client.send(16, 1)
        await client.until(53)
        client.send(61, 1)
        await client.until(62)
        await client.close()


@on_loop
async def test_a_live_order_is_recorded_loudly_and_shows_up_as_working() -> None:
    """The failing control: if this order could pass unseen, no test of the cockpit would mean anything."""
    async with serving() as running, connected(running.port) as (ib, _):
        trade = ib.placeOrder(STOCK_ORDER, LimitOrder("BUY", 10, 250))
        await trade.statusEvent
        assert trade.orderStatus.status == "Submitted"
        (entry,) = running.recorder.live_orders()
        assert entry.name == "placeOrder"
        assert running.recorder.forbidden() == (entry,)
        async with connected(running.port, client=8) as (other, _):
            (seen,) = await other.reqAllOpenOrdersAsync()
            assert (seen.order.permId, seen.order.clientId) == (trade.order.permId, 7)
        ib.cancelOrder(trade.order)
        await trade.cancelledEvent
        assert [found.message_id for found in running.recorder.forbidden()] == [3, 4]


@on_loop
async def test_all_open_orders_shows_every_origin_and_open_orders_only_the_own_ones() -> None:
    orders = (OpenOrder(0, 900, con_id=STOCK), OpenOrder(41, 901, client=11, con_id=FUTURE))
    async with (
        serving(scenario=replace(DESK, orders=orders)) as running,
        connected(running.port, 11) as (ib, _),
    ):
        everyone = await ib.reqAllOpenOrdersAsync()
        assert [(trade.order.permId, trade.order.clientId) for trade in everyone] == [(900, 0), (901, 11)]
        own = await ib.reqOpenOrdersAsync()
        assert [trade.order.permId for trade in own] == [901]


@on_loop
async def test_binding_orders_is_refused_to_all_but_client_0_and_a_cancel_of_nothing_says_so() -> None:
    async with serving() as running:
        client = await RawClient.enter(running.port)
        client.send(15, 1, True)
        assert await client.error() == ("-1", "327")
        client.send(4, 77, "", "", 2147483647)
        assert await client.error() == ("77", "10147")
        await client.close()


@on_loop
async def test_an_order_frame_that_cannot_be_read_counts_as_live() -> None:
    async with serving() as running:
        client = await RawClient.enter(running.port)
        client.send(3, 5, "nonsense")
        assert (await client.error())[1] == "320"
        assert len(running.recorder.live_orders()) == 1
        await client.close()
