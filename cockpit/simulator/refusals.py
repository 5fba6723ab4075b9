"""Which rule of the scenario meets an order, the same for every door; and a contract as one venue has it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from cockpit.simulator.scenario import Contract, Scenario
from cockpit.simulator.terms import Effect, Refusal

SMART = "SMART"

# How an order's type is spelled in the list of a contract, where it is not just the type without blanks.
_TOKENS = {
    "STOPLIMIT": "STPLMT",
    "TRAILLIMIT": "TRAILLMT",
    "MIDPRICE": "MIDPX",
    "SNAPPRIM": "SNAPREL",
    "VOL": "VOLAT",
}


class Wish(Struct, frozen=True):
    """An order as every door understands it. `quantity` is not negative; an empty `venue` leaves it open."""

    order_type: str
    side: str
    tif: str
    quantity: float
    account: str
    venue: str = ""


def token(order_type: str) -> str:
    """One spelling for STOP_LIMIT, STP LMT and STPLMT: the one of a contract's list."""
    plain = order_type.upper().replace(" ", "").replace("_", "")
    return _TOKENS.get(plain, plain)


def rules_met(scenario: Scenario, contract: Contract, wish: Wish) -> Iterator[Refusal]:
    """The rules that meet an order, those of the whole desk before those of the contract."""
    for rule in (*scenario.refuse, *contract.refuse):
        if _meets(rule, scenario, contract, wish):
            yield rule


def at_venue(contract: Contract, venue: str) -> Contract:
    """The contract as it is when asked for at a venue; SMART, or none, is the contract itself."""
    if venue in {"", SMART}:
        return contract
    place = next((one for one in contract.places if one.name == venue), None)
    here = replace(
        contract,
        order_types=contract.direct_order_types or contract.order_types,
        web_order_types=contract.web_direct_order_types or contract.web_order_types,
    )
    if place is None:
        return here
    return replace(
        here,
        hours=place.hours or contract.hours,
        liquid_hours=place.hours or contract.liquid_hours,
        order_types=place.order_types or here.order_types,
        web_order_types=place.web_order_types or here.web_order_types,
        web_outside=place.web_outside or contract.web_outside,
        web_tifs=place.web_tifs or contract.web_tifs,
        refuse=(*place.refuse, *contract.refuse),
    )


def _meets(rule: Refusal, scenario: Scenario, contract: Contract, wish: Wish) -> bool:
    is_direct = wish.venue not in {"", SMART} and SMART in contract.venues
    return (
        (not rule.order_types or token(wish.order_type) in {token(one) for one in rule.order_types})
        and (not rule.tifs or (wish.tif or "DAY") in rule.tifs)
        and (not rule.sides or wish.side in rule.sides)
        and (not rule.accounts or wish.account in rule.accounts)
        and (not rule.sec_types or contract.sec_type in rule.sec_types)
        and (not rule.over_quantity or wish.quantity > rule.over_quantity)
        and (not rule.direct or is_direct)
        and (rule.effect is Effect.ANY or _has(rule.effect, _held(scenario, contract, wish.account), wish))
    )


def _has(effect: Effect, held: float, wish: Wish) -> bool:
    change = wish.quantity if wish.side == "BUY" else -wish.quantity
    if effect is Effect.SHORTS:
        return change < 0 and held + change < 0
    after = held + change
    return abs(after) > abs(held) or after * held < 0


def _held(scenario: Scenario, contract: Contract, account: str) -> float:
    first = scenario.accounts[0].id if scenario.accounts else ""
    return sum(
        one.quantity
        for one in scenario.positions
        if one.con_id == contract.con_id and (one.account or first) == account
    )
