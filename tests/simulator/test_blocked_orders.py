"""Every scenario with a refused order: both doors refuse what its story says, and take what lies beside it."""

from __future__ import annotations

import pytest

from .blocked_desks import (
    AAPL,
    ES,
    ES_PUT,
    NEW_ACCOUNT,
    NEXT_ES,
    QQQ,
    RY,
    SPX_OPTION,
    SPY,
    TEST_STOCK,
    Wish,
    doors,
)
from .tws_clients import on_loop

pytestmark = pytest.mark.plain

# scenario, order, code on the socket, a word of the gateway's error
REFUSED = [
    ("futures-option-permission", Wish(ES_PUT), 460, "permission"),
    ("futures-option-permission", Wish(ES_PUT, "SELL", order_type="MKT"), 460, "permission"),
    ("kid-block", Wish(QQQ), 201, "KID"),
    ("kid-block", Wish(SPY, venue="ARCA"), 201, "KID"),
    ("close-only", Wish(TEST_STOCK), 201, "closing"),
    ("close-only", Wish(TEST_STOCK, "SELL", 301), 201, "closing"),
    ("order-type-missing", Wish(ES, order_type="TRAIL"), 387, "not supported"),
    ("order-type-missing", Wish(ES, order_type="TRAIL LIMIT"), 387, "not supported"),
    ("order-type-missing", Wish(SPY, order_type="TRAIL LIMIT", venue="ARCA"), 387, "not supported"),
    ("time-in-force-refused", Wish(ES_PUT, tif="GTC"), 111, "TIF"),
    ("time-in-force-refused", Wish(ES_PUT, tif="IOC", order_type="MKT"), 111, "TIF"),
    ("overnight-closed", Wish(SPY, venue="OVERNIGHT"), 201, "closed"),
    ("overnight-closed", Wish(AAPL, "SELL", venue="OVERNIGHT"), 201, "closed"),
    ("account-not-tradable", Wish(AAPL, account=NEW_ACCOUNT), 203, "account"),
    ("account-not-tradable", Wish(ES, account=NEW_ACCOUNT), 203, "account"),
    ("cash-account-short", Wish(AAPL, "SELL"), 201, "cash account"),
    ("cash-account-short", Wish(SPY, "SELL", 601), 201, "cash account"),
    ("canadian-api-rule", Wish(RY), 10015, "API"),
    ("canadian-api-rule", Wish(RY, "SELL"), 10015, "API"),
]

TAKEN = [
    ("calm-morning", Wish(ES_PUT)),
    ("calm-morning", Wish(QQQ)),
    ("calm-morning", Wish(TEST_STOCK)),
    ("calm-morning", Wish(RY)),
    ("calm-morning", Wish(ES, order_type="TRAIL LIMIT")),
    ("calm-morning", Wish(ES_PUT, tif="GTC")),
    ("calm-morning", Wish(ES, quantity=11)),
    ("calm-morning", Wish(SPY, venue="OVERNIGHT")),
    ("calm-morning", Wish(AAPL, "SELL")),
    ("futures-option-permission", Wish(ES)),
    ("futures-option-permission", Wish(SPX_OPTION)),
    ("kid-block", Wish(SPY, "SELL", 100)),
    ("kid-block", Wish(AAPL)),
    ("close-only", Wish(TEST_STOCK, "SELL", 300)),
    ("close-only", Wish(AAPL)),
    ("order-type-missing", Wish(ES)),
    ("order-type-missing", Wish(NEXT_ES, order_type="TRAIL LIMIT")),
    ("order-type-missing", Wish(SPY, order_type="TRAIL LIMIT")),
    ("time-in-force-refused", Wish(ES_PUT)),
    ("time-in-force-refused", Wish(ES_PUT, tif="IOC")),
    ("time-in-force-refused", Wish(ES, tif="GTC")),
    ("preset-limit", Wish(ES, quantity=10)),
    ("preset-limit", Wish(SPY, quantity=11)),
    ("overnight-closed", Wish(SPY)),
    ("overnight-closed", Wish(SPY, venue="ARCA")),
    ("account-not-tradable", Wish(AAPL)),
    ("cash-account-short", Wish(SPY, "SELL", 600)),
    ("cash-account-short", Wish(AAPL)),
    ("cash-account-short", Wish(ES, "SELL")),
    ("canadian-api-rule", Wish(AAPL)),
    ("condition-data-delayed", Wish(ES)),
    ("flex-token-expired", Wish(ES)),
]


@pytest.mark.parametrize(("name", "wish", "code", "word"), REFUSED)
def test_an_order_of_the_story_is_refused_at_both_doors(name: str, wish: Wish, code: int, word: str) -> None:
    @on_loop
    async def check() -> None:
        async with doors(name) as both:
            assert await both.tws(wish) == code
            error, warning = await both.portal(wish)
            assert word in error
            assert warning == ""

    check()


@pytest.mark.parametrize(("name", "wish"), TAKEN)
def test_an_order_beside_the_story_is_previewed_at_both_doors(name: str, wish: Wish) -> None:
    @on_loop
    async def check() -> None:
        async with doors(name) as both:
            assert await both.tws(wish) == 0
            assert await both.portal(wish) == ("", "")

    check()


@pytest.mark.parametrize(
    ("wish", "code", "warning"),
    [(Wish(ES, quantity=11), 383, "20/The order size"), (Wish(SPY, venue="ARCA"), 10311, "")],
    ids=["size", "direct routing"],
)
def test_a_precaution_of_tws_refuses_there_and_at_most_warns_at_the_gateway(
    wish: Wish, code: int, warning: str
) -> None:
    @on_loop
    async def check() -> None:
        async with doors("preset-limit") as both:
            assert await both.tws(wish) == code
            error, said = await both.portal(wish)
            assert error == ""
            assert said.startswith(warning)
            assert bool(said) is bool(warning)

    check()


@pytest.mark.parametrize(
    ("venue", "order_type"), [("OVERNIGHT", "MKT"), ("OVERNIGHT", "STP LMT"), ("SMART", "PEG MKT")]
)
def test_a_type_that_a_place_does_not_offer_is_refused_there(venue: str, order_type: str) -> None:
    @on_loop
    async def check() -> None:
        async with doors("calm-morning") as both:
            wish = Wish(SPY, order_type=order_type, venue=venue)
            assert await both.tws(wish) == 387
            assert "not supported" in (await both.portal(wish))[0]

    check()


@pytest.mark.parametrize(
    ("order_type", "tif", "is_taken"),
    [
        ("LMT", "IOC", True),
        ("STP", "IOC", False),
        ("LMT", "OPG", True),
        ("MIT", "OPG", False),
        ("LMT", "PAX", False),
    ],
)
def test_the_gateway_takes_a_time_in_force_only_with_the_types_that_its_rules_name(
    order_type: str, tif: str, is_taken: bool
) -> None:
    @on_loop
    async def check() -> None:
        async with doors("calm-morning") as both:
            error, _ = await both.portal(Wish(QQQ, order_type=order_type, tif=tif))
            assert ("Time in force" not in error) is is_taken

    check()


@on_loop
async def test_a_refusal_for_missing_rights_comes_late_after_the_placeholder_part() -> None:
    for name, wish in (("futures-option-permission", Wish(ES_PUT)), ("kid-block", Wish(QQQ))):
        async with doors(name) as both:
            await both.tws(wish)
            sent = [entry.message_id for entry in both.desk.recorder.entries("out") if entry.kind == "frame"]
            assert sent[-2:] == [5, 4]  # openOrder, error
