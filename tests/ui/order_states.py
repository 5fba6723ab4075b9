"""States and routes for the pane of order types: a small catalogue, and gates that answer by a written table."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from cockpit.domain.catalogue import (
    Availability,
    Confidence,
    Offer,
    OrderGroup,
    OrderType,
    Playing,
    playing,
)
from cockpit.domain.evidence import Provenance
from cockpit.domain.gates.gate import GATES, Case, Column, Gate, GateAnswer, Ladder
from cockpit.domain.gates.ladder import Instead
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Flow, Instrument, Ticket
from cockpit.domain.remedy import Remedy
from cockpit.services.state import DeskState
from tests.ui import states
from tests.ui.states import NOW

PHONE_LACKS = ("trailing-stop-limit", "conditional", "vwap")
ALL = tuple(one for one in Interface if one is not Interface.FLEX)


def order_type(key: str, title: str, group: OrderGroup, code: str) -> OrderType:
    """Make a row of the catalogue."""
    offers: dict[Interface, Offer] = {one: Offer(Availability.YES, Confidence.DOCUMENTED) for one in ALL}
    return OrderType(
        key,
        title,
        group,
        (code,),
        (),
        (code,),
        "",
        offers,
        (),
        ("DAY", "GTC"),
        Availability.YES,
        Availability.YES,
        "https://www.interactivebrokers.com/en/trading/ordertypes.php",
        "2026-10-01",
        Confidence.DOCUMENTED,
    )


CATALOGUE: Playing = playing(
    order_types=(
        order_type("limit", "Limit", OrderGroup.BASIC, "LMT"),
        order_type("market", "Market", OrderGroup.BASIC, "MKT"),
        order_type("stop-limit", "Stop limit", OrderGroup.STOP, "STP LMT"),
        order_type("trailing-stop", "Trailing stop", OrderGroup.STOP, "TRAIL"),
        order_type("trailing-stop-limit", "Trailing stop limit", OrderGroup.STOP, "TRAIL LIMIT"),
        order_type("market-on-close", "Market on close", OrderGroup.AUCTION, "MOC"),
        order_type("bracket", "Bracket", OrderGroup.ATTACHED, "BRACKET"),
        order_type("conditional", "Conditional on SPX price", OrderGroup.ATTACHED, "COND"),
        order_type("future-option-spread", "Futures option spread", OrderGroup.COMBINATION, "BAG"),
        order_type("vwap", "Volume-weighted price", OrderGroup.ALGORITHM, "Vwap"),
    )
)
ES = Instrument("ESZ6", "ES", "FUT", "CME", expiry="202612")
SPX = Instrument("SPX", "SPX", "IND", "CBOE")
FLOWS = (
    Flow(
        "spx-leg",
        "Move a leg of the SPX condor",
        tickets=(
            Ticket("a", "SPX", order_type="LMT", text="BUY 1 IC SPX LMT 4.20"),
            Ticket("b", "SPX", order_type="COND"),
        ),
    ),
    Flow(
        "hedge",
        "Hedge with ES",
        tickets=(
            Ticket("c", "ESZ6", "SELL", 2, "TRAIL LIMIT", "GTC", outside_hours=True),
            Ticket("d", "NOWHERE"),
        ),
    ),
)

_MEASURED = Provenance.MEASURED
_PUBLISHED = Provenance.PUBLISHED
_SENTENCES = {
    Gate.IDENTITY: "The session shows account U1234821",
    Gate.SECOND_FACTOR: "The session stands, so the second factor was given",
    Gate.DEVICE: "Signed in from this PC",
    Gate.SESSION: "Signed in and trading",
    Gate.INTERFACE: "The broker lists it for this contract",
    Gate.ACCOUNT: "Reg T margin covers it",
    Gate.PERMISSION: "Futures (United States) stands on the statement",
    Gate.ENTITY: "IB LLC, no rule against it",
    Gate.MARKET_DATA: "CME real time is live",
    Gate.CONTRACT: "CME takes it and is open until 17:00",
    Gate.PRECAUTIONS: "The broker's preview took this ticket",
}


def _open_gate(gate: Gate) -> GateAnswer:
    provenance = _MEASURED
    if gate in (Gate.SECOND_FACTOR, Gate.DEVICE):
        provenance = Provenance.INFERRED
    return GateAnswer(gate, Level.READY, _SENTENCES[gate], provenance, NOW - 40, NOW + 900)


def _differs(case: Case) -> dict[Gate, GateAnswer]:
    """Return the gates of a route that are not simply open."""
    where, word = case.column.interface, case.ticket.order_type
    found: dict[Gate, GateAnswer] = {}

    def say(
        gate: Gate,
        level: Level,
        sentence: str,
        provenance: Provenance | None,
        remedy: Remedy | None = None,
        quote: str = "",
        source: str = "",
    ) -> None:
        at = None if provenance in (None, _PUBLISHED) else NOW - 40
        found[gate] = GateAnswer(
            gate, level, sentence, provenance, at, remedy=remedy, quote=quote, source=source
        )

    row = CATALOGUE.order_type(case.ticket.algorithm or word)
    source = f"catalogue: {row.key}" if row is not None else ""
    attest = Remedy("Look at the order ticket there and say whether it is offered.", "attest-offer")
    if where in (Interface.MOBILE, Interface.CLIENT_PORTAL):
        say(Gate.INTERFACE, Level.READY, "Published for this interface", _PUBLISHED, source=source)
    if where is Interface.CLIENT_PORTAL:
        say(
            Gate.SESSION,
            Level.LIMITED,
            "Starting its trading session would take TWS down",
            _MEASURED,
            Remedy("Open the sign-in page", "open-sign-in"),
        )
    if where is Interface.DESKTOP:
        say(Gate.SESSION, Level.UNKNOWN, "IBKR Desktop does not run", None)
        say(Gate.INTERFACE, Level.UNKNOWN, "IBKR publishes nothing", None, attest, source=source)
    if where is Interface.WEB_API:
        say(
            Gate.IDENTITY,
            Level.BLOCKED,
            "The live session token ended at 06:02",
            _MEASURED,
            Remedy("Sign in again.", "reconnect"),
        )
    if where is Interface.FLEX:
        say(Gate.INTERFACE, Level.BLOCKED, "Flex brings statements; it takes no orders", _PUBLISHED)
    if where is Interface.MOBILE:
        say(
            Gate.SESSION,
            Level.READY,
            "Opened 07:58, trading until 19:58",
            Provenance.ATTESTED,
        )
    if row is not None and row.key in PHONE_LACKS and where in (Interface.MOBILE, Interface.CLIENT_PORTAL):
        level = Level.UNKNOWN if row.key == "vwap" else Level.BLOCKED
        sentence = "IBKR publishes nothing" if row.key == "vwap" else f"Not listed for {where.label}"
        say(Gate.INTERFACE, level, sentence, _PUBLISHED, attest, source=source)
    if row is not None and row.key == "conditional":
        say(
            Gate.MARKET_DATA,
            Level.LIMITED,
            "SPX comes 15 minutes late: the condition would fire late",
            _MEASURED,
            Remedy("Cboe indices left this username.", "open-subscriptions"),
        )
    if row is not None and row.key == "future-option-spread":
        say(
            Gate.PERMISSION,
            Level.BLOCKED,
            "No permission: Futures Options (United States)",
            _MEASURED,
            Remedy("Request it in Client Portal: Settings, Trading permissions.", "request-permission"),
            quote="No trading permissions for this instrument.",
        )
    return found


def judge(world: World, case: Case) -> Ladder:
    """Answer by the table."""
    differs = _differs(case)
    return Ladder(case, tuple(differs.get(gate) or _open_gate(gate) for gate in GATES))


def advise(world: World, case: Case, columns: Iterable[Column]) -> Instead:
    """Advise TWS for what does not go elsewhere, and a limit order there."""
    if judge(world, case).level is Level.READY:
        return Instead(None, None)
    route = judge(world, replace(case, column=Column(Interface.TWS)))
    near = judge(world, replace(case, ticket=replace(case.ticket, order_type="LMT", algorithm="")))
    return Instead(route if route.level.is_usable else None, near if near.level.is_usable else None)


def order_state() -> DeskState:
    """The design's morning with a playbook of three tickets; a fourth names no known contract."""
    state = states.index_delayed()
    plan = replace(state.plan, instruments=(ES, SPX), flows=FLOWS)
    return replace(state, plan=plan, catalogue=CATALOGUE)


def no_playbook() -> DeskState:
    """A desk that has said nothing yet."""
    state = states.nothing_known()
    return replace(state, plan=replace(state.plan, instruments=(), flows=()), catalogue=CATALOGUE)
