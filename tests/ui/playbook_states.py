"""States for the Playbook pane: a morning's flows with tickets and a draft, an empty desk, and the rule behind them."""

from __future__ import annotations

from msgspec.structs import replace

from cockpit.domain.catalogue import Availability, Confidence, Offer, OrderGroup, OrderType, Playing, playing
from cockpit.domain.interface import Interface
from cockpit.domain.matching import Matching
from cockpit.domain.plan import Flow, Instrument, Leg, Objective, Ticket
from cockpit.services.state import DeskState
from tests.ui import states

_ALL: tuple[Interface, ...] = tuple(one for one in Interface if one is not Interface.FLEX)


def order_type(
    key: str, title: str, code: str, group: OrderGroup = OrderGroup.BASIC, *aliases: str
) -> OrderType:
    """Make a row of the catalogue."""
    offers = {one: Offer(Availability.YES, Confidence.DOCUMENTED) for one in _ALL}
    times = ("DAY", "GTC")
    said = Availability.YES
    source, as_of, sure = "https://www.interactivebrokers.com/", "2026-10-01", Confidence.DOCUMENTED
    return OrderType(
        key, title, group, (code,), aliases, (code,), "", offers, (), times, said, said, source, as_of, sure
    )  # fmt: skip


RULES = tuple(
    Matching(objective, interfaces, reason, "cockpit", "2026-11", Confidence.INFERRED)
    for objective, interfaces, reason in (
        (
            Objective.MONITOR,
            (Interface.TWS, Interface.DESKTOP),
            "Watching needs live prices and margin beside each other.",
        ),
        (
            Objective.AUTOMATION,
            (Interface.WEB_API, Interface.TWS_API),
            "A program that runs by itself needs a session that renews itself.",
        ),
        (
            Objective.MULTI_LEG,
            (Interface.TWS, Interface.TWS_API),
            "Legs are built, priced and changed together in TWS.",
        ),
    )
)
CATALOGUE: Playing = replace(
    playing(
        order_types=(
            order_type("limit", "Limit", "LMT", OrderGroup.BASIC, "LIMIT"),
            order_type("market", "Market", "MKT", OrderGroup.BASIC, "MARKET"),
            order_type("stop-limit", "Stop limit", "STP LMT", OrderGroup.STOP),
            order_type("trailing-stop", "Trailing stop", "TRAIL", OrderGroup.STOP),
            order_type("trailing-stop-limit", "Trailing stop limit", "TRAIL LIMIT", OrderGroup.STOP),
            order_type("adaptive", "Adaptive", "Adaptive", OrderGroup.ALGORITHM),
        )
    ),
    matching=RULES,
)
ES = Instrument("ESZ26", "ES", "FUT", "CME", expiry="202612")
EUR = Instrument("EUR.USD", "EUR", "CASH", "IDEALPRO")
WINGS = tuple(
    Instrument(
        f"SPX 20DEC26 {strike}{right}", "SPX", "OPT", "SMART", expiry="20261220", strike=strike, right=right
    )
    for strike, right in ((6700.0, "P"), (6720.0, "P"), (6900.0, "C"), (6920.0, "C"))
)
CONDOR = Ticket(
    "spx-1",
    WINGS[0].key,
    price=4.2,
    legs=(Leg(WINGS[0].key), Leg(WINGS[1].key, "SELL"), Leg(WINGS[2].key, "SELL"), Leg(WINGS[3].key)),
)
HEDGE = Ticket(
    "spx-2", "ESZ26", "SELL", 2, "TRAIL LIMIT", "GTC", outside_hours=True, trail=5.0, limit_offset=2.0
)
FLOWS = (
    Flow("fx-gap", "Check overnight FX gap", Objective.MONITOR, instruments=("EUR.USD",)),
    Flow(
        "spx-leg",
        "Move a leg of the SPX condor",
        Objective.MULTI_LEG,
        instruments=("ESZ26",),
        tickets=(CONDOR, HEDGE),
        drafts=("SELL 1 ESZ6 TRIAL 5",),
    ),
    Flow("margin", "Margin before the open", Objective.ADMINISTRATION, needs_account=True),
    Flow(
        "rebalance",
        "Rebalance at the close",
        Objective.AUTOMATION,
        tickets=(Ticket("r-1", "EUR.USD", quantity=100_000.0, price=1.09),),
    ),
)
INSTRUMENTS = (ES, EUR, *WINGS)


def playbook_state() -> DeskState:
    """A playbook in the middle of its life."""
    state = states.index_delayed()
    plan = replace(state.plan, flows=FLOWS, instruments=INSTRUMENTS)
    return replace(state, plan=plan, catalogue=CATALOGUE)


def no_playbook() -> DeskState:
    """A desk that has said nothing yet."""
    state = states.nothing_known()
    return replace(state, plan=replace(state.plan, flows=(), instruments=()), catalogue=CATALOGUE)
