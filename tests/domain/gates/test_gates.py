"""Every block that a desk meets is recognised at its own gate, with its evidence and its remedy."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.gates.gate import Case, Column, Gate
from cockpit.domain.gates.ladder import ladder
from cockpit.domain.kinds import Door, FeedState, PortalDoor, PortalStage
from cockpit.domain.level import Level
from cockpit.domain.plan import Instrument, Leg, Mode, Ticket
from tests.domain.gates.worlds import (
    ACCOUNT,
    API,
    FLEX,
    FUTURE,
    LIMIT,
    MOBILE,
    PLAN,
    PORTAL,
    STOCK,
    TRAIL,
    TWS,
    WEB,
    answer,
    case,
    facts_of,
    world,
)
from tests.fakes.clock import NOON

SHORT = replace(LIMIT, action="SELL", key="s")
CANADIAN = Instrument("RY", "RY", "STK", "TSE", "CAD")
OPTION = Instrument("FFFO", "FFF", "FOP", "CME")
CONDITIONAL = replace(TRAIL, order_type="CONDITIONAL", key="c")
TWS_AAA, WEB_AAA, MINE = "tws/tws/contract/AAA", "gateway/contract/AAA", f"account/{ACCOUNT}"


@pytest.mark.parametrize("column", [TWS, API, PORTAL, MOBILE])
@pytest.mark.parametrize("ticket", [LIMIT, replace(TRAIL, action="BUY")])
def test_on_a_calm_desk_every_route_that_can_be_seen_passes(column: Column, ticket: Ticket) -> None:
    found = ladder(world(facts_of()), case(ticket, column))
    assert found.level is Level.READY, found.decisive
    assert found.first_block is None


@pytest.mark.parametrize(
    ("gate", "level", "one", "changes", "action"),
    [
        pytest.param(Gate.DEVICE, Level.BLOCKED, case(LIMIT, API),
                     [kinds.DOOR.seen("tws/tws", Door.SHUT, NOON)], "reconnect", id="address not trusted"),
        pytest.param(Gate.DEVICE, Level.BLOCKED, case(LIMIT, PORTAL),
                     [kinds.PORTAL_DOOR.seen("gateway", PortalDoor.UNKNOWN_CERTIFICATE, NOON)],
                     "trust-certificate", id="unknown certificate"),
        pytest.param(Gate.IDENTITY, Level.BLOCKED, case(LIMIT, API, account="U9"), [], "open-sign-in",
                     id="wrong user"),
        pytest.param(Gate.SESSION, Level.BLOCKED, case(LIMIT, API),
                     [kinds.READ_ONLY.seen("tws/tws", True, NOON)], "", id="read-only API"),
        pytest.param(Gate.SESSION, Level.READY, case(LIMIT, TWS),
                     [kinds.READ_ONLY.seen("tws/tws", True, NOON)], "", id="read-only binds no hands"),
        pytest.param(Gate.SESSION, Level.BLOCKED, case(LIMIT, PORTAL),
                     [kinds.PORTAL_STAGE.seen("gateway", PortalStage.SIGNED_IN, NOON)], "",
                     id="signed in is not trading"),
        pytest.param(Gate.SESSION, Level.UNKNOWN, case(LIMIT, WEB), [], "open-settings", id="no OAuth session"),
        pytest.param(Gate.INTERFACE, Level.BLOCKED, case(LIMIT, FLEX), [], "", id="Flex takes no orders"),
        pytest.param(Gate.INTERFACE, Level.BLOCKED, case(TRAIL, MOBILE),
                     [kinds.SAID_OFFERED.seen("attested/ibkr-mobile/trailing-stop-limit", False, NOON + 1,
                                              Provenance.ATTESTED)], "", id="not on the phone's ticket"),
        pytest.param(Gate.INTERFACE, Level.BLOCKED, case(replace(LIMIT, quantity=0.5), API), [], "",
                     id="a fraction by program"),
        pytest.param(Gate.ACCOUNT, Level.BLOCKED, case(LIMIT, API),
                     [kinds.NO_TRADING.seen(MINE, True, NOON)], "", id="no client trading"),
        pytest.param(Gate.ACCOUNT, Level.LIMITED, case(SHORT, API),
                     [kinds.TRADING_TYPE.seen(MINE, "CASH", NOON)], "rehearse", id="a cash account sells"),
        pytest.param(Gate.ACCOUNT, Level.BLOCKED, case(replace(SHORT, action="SSHORT"), API),
                     [kinds.TRADING_TYPE.seen(MINE, "CASH", NOON)], "open-permissions",
                     id="a cash account goes short"),
        pytest.param(Gate.ACCOUNT, Level.BLOCKED, case(SHORT, API),
                     [kinds.REFUSED_CODE.seen("tws/tws/refusal/AAA/LMT/sell", "426", NOON)], "",
                     id="short sale refused"),
        pytest.param(Gate.PERMISSION, Level.BLOCKED, case(LIMIT, PORTAL),
                     [kinds.RULE_ACCOUNTS.seen(f"{WEB_AAA}/buy", ("U9",), NOON)], "request-permission",
                     id="account not tradable"),
        pytest.param(Gate.PERMISSION, Level.UNKNOWN, case(LIMIT, PORTAL),
                     [kinds.PERMITTED.seen(WEB_AAA, False, NOON)], "rehearse", id="7768 alone is a doubt"),
        pytest.param(Gate.PERMISSION, Level.BLOCKED, case(LIMIT, PORTAL),
                     [kinds.PERMITTED.seen(WEB_AAA, False, NOON),
                      kinds.PERMISSIONS.seen(MINE, ("Bonds",), NOON)], "request-permission",
                     id="7768 and the statement agree"),
        pytest.param(Gate.PERMISSION, Level.BLOCKED,
                     case(Ticket("", "FFFO", order_type="LMT"), API, OPTION),
                     [], "request-permission", id="futures options are not in the statement"),
        pytest.param(Gate.PERMISSION, Level.BLOCKED, case(LIMIT, API),
                     [kinds.REFUSED_CODE.seen("tws/tws/refusal/AAA/LMT/buy", "201", NOON,
                                              note="No Trading Permission for this")],
                     "request-permission", id="refused for a permission"),
        pytest.param(Gate.ENTITY, Level.BLOCKED, case(LIMIT, PORTAL),
                     [kinds.CLARIFICATION.seen(WEB_AAA, "PRIIPS_KID", NOON)], "open-permissions",
                     id="no key document"),
        pytest.param(Gate.ENTITY, Level.BLOCKED, case(Ticket("", "RY", price=1.0), API, CANADIAN),
                     [kinds.ENTITY.seen(MINE, "IB-CAN", NOON)], "", id="Canadian venue by program"),
        pytest.param(Gate.ENTITY, Level.READY, case(Ticket("", "RY", "SELL", price=1.0), TWS, CANADIAN),
                     [kinds.ENTITY.seen(MINE, "IB-CAN", NOON)], "", id="Canadian venue by hand"),
        pytest.param(Gate.MARKET_DATA, Level.LIMITED, case(TRAIL, API),
                     [kinds.FEED.seen("tws/tws/feed/FFF", FeedState.DELAYED, NOON)], "open-subscriptions",
                     id="delayed data"),
        pytest.param(Gate.MARKET_DATA, Level.BLOCKED, case(CONDITIONAL, API),
                     [kinds.FEED.seen("tws/tws/feed/FFF", FeedState.DELAYED, NOON)], "open-subscriptions",
                     id="a condition on delayed data"),
        pytest.param(Gate.MARKET_DATA, Level.BLOCKED,
                     case(Ticket("", "FFFO", order_type="CONDITIONAL"), API, OPTION),
                     [kinds.FEED.seen("tws/tws/feed/FFFO", FeedState.LIVE, NOON),
                      kinds.FEED.seen("tws/tws/feed/FFF", FeedState.DELAYED, NOON)], "open-subscriptions",
                     id="a condition on an underlying with delayed data"),
        pytest.param(Gate.CONTRACT, Level.BLOCKED, case(LIMIT, API),
                     [kinds.INELIGIBLE.seen(TWS_AAA, ("only closing orders",), NOON)], "", id="close only"),
        pytest.param(Gate.CONTRACT, Level.BLOCKED, case(LIMIT, API),
                     [kinds.ORDER_TYPES.seen(TWS_AAA, ("MKT", "DAY"), NOON)], "", id="type not on the venue"),
        pytest.param(Gate.CONTRACT, Level.BLOCKED, case(TRAIL, API),
                     [kinds.ORDER_TYPES.seen("tws/tws/contract/FFF", ("TRAILLMT", "DAY"), NOON)], "",
                     id="time in force not listed"),
        pytest.param(Gate.CONTRACT, Level.BLOCKED, case(LIMIT, PORTAL),
                     [kinds.RULE_TIMES.seen(f"{WEB_AAA}/buy", ("DAY/MARKET,a",), NOON)], "",
                     id="the rules tie the time to other types"),
        pytest.param(Gate.CONTRACT, Level.BLOCKED, case(TRAIL, PORTAL),
                     [kinds.RULE_TYPES_OUTSIDE.seen("gateway/contract/FFF/sell", ("limit",), NOON)], "",
                     id="not outside regular hours"),
        pytest.param(Gate.CONTRACT, Level.BLOCKED, case(LIMIT, API),
                     [kinds.INCREMENT.seen(TWS_AAA, 3.0, NOON)], "", id="price off the grid"),
        pytest.param(Gate.CONTRACT, Level.BLOCKED,
                     case(replace(LIMIT, key="o"), API, replace(STOCK, exchange="OVERNIGHT")),
                     [kinds.OPEN_UNTIL.seen(TWS_AAA, 0.0, NOON), kinds.VENUES.seen(TWS_AAA, ("OVERNIGHT",), NOON)],
                     "", id="overnight venue closed"),
        pytest.param(Gate.PRECAUTIONS, Level.BLOCKED, case(LIMIT, API),
                     [kinds.REFUSED_CODE.seen("tws/tws/refusal/AAA/LMT/buy", "383", NOON)], "rehearse",
                     id="preset limit"),
        pytest.param(Gate.PRECAUTIONS, Level.BLOCKED, case(LIMIT, TWS),
                     [kinds.REFUSED_CODE.seen("tws/tws/refusal/AAA/LMT/buy", "383", NOON)], "rehearse",
                     id="TWS shares its presets with its API"),
        pytest.param(Gate.PRECAUTIONS, Level.READY, case(LIMIT, PORTAL),
                     [kinds.REFUSED_CODE.seen("tws/tws/refusal/AAA/LMT/buy", "383", NOON)], "",
                     id="a preset of TWS binds no browser"),
        pytest.param(Gate.PRECAUTIONS, Level.BLOCKED, case(LIMIT, API),
                     [kinds.REFUSED_CODE.seen("tws/tws/refusal/AAA/LMT/buy", "999999", NOON)], "rehearse",
                     id="an unknown code is a refusal all the same"),
    ],
)  # fmt: skip
def test_each_block_is_recognised_at_its_gate(
    gate: Gate, level: Level, one: Case, changes: list[Observation], action: str
) -> None:
    found = answer(gate, facts_of(*changes), one)
    assert (found.level, found.remedy.action if found.remedy else "") == (level, action), found
    assert found.sentence


def test_a_combination_needs_the_permission_of_every_leg() -> None:
    legs = (FUTURE, OPTION)
    ticket = Ticket("", "FFF", order_type="LMT", legs=(Leg("FFF"), Leg("FFFO", "SELL")))
    found = answer(Gate.PERMISSION, facts_of(), Case(ticket, FUTURE, API, legs))
    assert found.level is Level.BLOCKED
    assert "Futures" in found.sentence


def test_a_listing_venue_that_has_the_type_is_named_in_the_remedy() -> None:
    facts = facts_of(
        kinds.ORDER_TYPES.seen(TWS_AAA, ("MKT", "DAY"), NOON),
        kinds.ORDER_TYPES.seen(f"{TWS_AAA}@NASDAQ", ("LMT", "DAY"), NOON),
    )
    found = answer(Gate.CONTRACT, facts, case(LIMIT, API))
    assert found.level is Level.BLOCKED
    assert found.remedy is not None
    assert "NASDAQ" in found.remedy.sentence


def test_a_preview_that_went_through_answers_an_older_refusal_and_opens_what_was_unknown() -> None:
    refused = kinds.REFUSED_CODE.seen("tws/tws/refusal/AAA/LMT/buy", "383", NOON - 60)
    taken = kinds.PREVIEWED.seen("tws/tws/preview/lmt", True, NOON)
    silent = (kinds.PERMISSIONS.name, kinds.PERMITTED.name, kinds.RULE_ACCOUNTS.name, kinds.SAID_HELD.name)
    before = facts_of(refused, without=silent)
    after = facts_of(refused, taken, without=silent)
    one = case(LIMIT, API)
    assert answer(Gate.PRECAUTIONS, before, one).level is Level.BLOCKED
    assert answer(Gate.PERMISSION, before, one).level is Level.UNKNOWN
    proven = answer(Gate.PRECAUTIONS, after, one)
    assert (proven.level, proven.provenance) == (Level.READY, Provenance.MEASURED)
    assert answer(Gate.PERMISSION, after, one).level is Level.READY


def test_a_refusal_after_a_preview_blocks_again() -> None:
    taken = kinds.PREVIEWED.seen("tws/tws/preview/lmt", True, NOON - 60)
    refused = kinds.REFUSED_CODE.seen("tws/tws/refusal/AAA/LMT/buy", "383", NOON)
    assert answer(Gate.PRECAUTIONS, facts_of(taken, refused), case(LIMIT, API)).level is Level.BLOCKED


def test_an_old_refusal_is_neither_a_block_nor_forgotten() -> None:
    refused = kinds.REFUSED_CODE.seen("tws/tws/refusal/AAA/LMT/buy", "383", NOON - 2 * kinds.DAY)
    assert answer(Gate.PRECAUTIONS, facts_of(refused), case(LIMIT, API)).level is Level.UNKNOWN


def test_a_standing_session_proves_the_gates_before_it_by_inference() -> None:
    for gate in (Gate.IDENTITY, Gate.SECOND_FACTOR, Gate.DEVICE):
        found = answer(gate, facts_of(), case(LIMIT, API))
        assert (found.level, found.provenance) == (Level.READY, Provenance.INFERRED)
        assert found.source.startswith("rule:")


def test_what_another_door_says_is_carried_over_as_inferred() -> None:
    assert answer(Gate.CONTRACT, facts_of(), case(LIMIT, API)).provenance is Provenance.MEASURED
    assert answer(Gate.CONTRACT, facts_of(), case(LIMIT, MOBILE)).provenance is Provenance.INFERRED


def test_nothing_is_carried_over_from_a_paper_session() -> None:
    plan = replace(PLAN, sockets=(PLAN.sockets[0], replace(PLAN.sockets[1], mode=Mode.PAPER)))
    facts = facts_of(
        kinds.REFUSED_CODE.seen("tws/gw/refusal/AAA/LMT/buy", "460", NOON), without=(kinds.PERMITTED.name,)
    )
    assert answer(Gate.PERMISSION, facts, case(LIMIT, MOBILE)).level is Level.BLOCKED
    assert answer(Gate.PERMISSION, facts, case(LIMIT, MOBILE), plan).level is Level.READY


def test_each_interface_goes_by_its_own_list_of_order_types() -> None:
    narrow = facts_of(kinds.RULE_TYPES.seen("gateway/contract/AAA/buy", ("market",), NOON))
    assert answer(Gate.CONTRACT, narrow, case(LIMIT, TWS)).level is Level.READY
    assert answer(Gate.CONTRACT, narrow, case(LIMIT, PORTAL)).level is Level.BLOCKED
    short = facts_of(kinds.ORDER_TYPES.seen(TWS_AAA, ("MKT", "DAY"), NOON))
    assert answer(Gate.CONTRACT, short, case(LIMIT, TWS)).level is Level.BLOCKED
    assert answer(Gate.CONTRACT, short, case(LIMIT, PORTAL)).level is Level.READY


def test_each_interface_goes_by_its_own_list_of_times_in_force() -> None:
    dated = replace(LIMIT, key="gtc", time_in_force="GTC")
    narrow = facts_of(kinds.RULE_TIMES.seen("gateway/contract/AAA/buy", ("DAY/o,a",), NOON))
    assert answer(Gate.CONTRACT, narrow, case(dated, TWS)).level is Level.READY
    assert answer(Gate.CONTRACT, narrow, case(dated, PORTAL)).level is Level.BLOCKED


def test_of_the_phone_the_trader_is_asked_because_no_check_can_see_it() -> None:
    silent = answer(Gate.SESSION, facts_of(without=(kinds.OPENED_AT.name,)), case(LIMIT, MOBILE))
    assert silent.level is Level.UNKNOWN
    assert silent.remedy is not None
    assert silent.remedy.action == "attest-mobile"


def test_what_may_not_be_bought_may_still_be_sold() -> None:
    text = "Order rejected - reason:Customer Ineligible; no key information document (KID)"
    facts = facts_of(kinds.REFUSED_CODE.seen("tws/tws/refusal/AAA/LMT/buy", "201", NOON, note=text))
    sale = replace(LIMIT, key="sale", action="SELL")
    assert ladder(world(facts), case(LIMIT, API)).level is Level.BLOCKED
    assert ladder(world(facts), case(sale, API)).level is Level.READY


@pytest.mark.parametrize(
    ("quantity", "level"), [(20.0, Level.BLOCKED), (25.0, Level.BLOCKED), (2.0, Level.UNKNOWN)]
)
def test_a_preset_that_refused_a_large_order_is_a_question_for_a_small_one(
    quantity: float, level: Level
) -> None:
    place = "tws/tws/refusal/AAA/LMT/buy"
    facts = facts_of(kinds.REFUSED_CODE.seen(place, "383", NOON), kinds.REFUSED_SIZE.seen(place, 20.0, NOON))
    found = answer(Gate.PRECAUTIONS, facts, case(replace(LIMIT, quantity=quantity), API))
    assert found.level is level
    assert found.remedy is not None
    assert found.remedy.action == "rehearse"
