"""A desk on which everything passes, and ways to disturb it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from cockpit.adapters.catalogue import shipped_catalogue
from cockpit.domain import kinds
from cockpit.domain.catalogue import Playing
from cockpit.domain.evidence import Observation, Provenance, Value
from cockpit.domain.facts import Facts, fold
from cockpit.domain.gates.gate import Case, Column, Gate, GateAnswer
from cockpit.domain.gates.ladder import ladder
from cockpit.domain.gates.world import World
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import Door, FeedState, PortalDoor, PortalStage, Upstream
from cockpit.domain.plan import Flow, Instrument, Plan, Socket, Ticket
from tests.fakes.clock import NOON

ACCOUNT = "U1234821"
STOCK = Instrument("AAA", "AAA")
FUTURE = Instrument("FFF", "FFF", "FUT", "CME")
INSTRUMENTS = (STOCK, FUTURE)
LIMIT = Ticket("lmt", "AAA", price=10.0)
TRAIL = Ticket("trail", "FFF", "SELL", 2, "TRAIL LIMIT", "GTC", True)
PLAN = Plan(
    sockets=(Socket("tws"), Socket("gw", port=4001, program="IB Gateway")),
    instruments=INSTRUMENTS,
    flows=(Flow("f", "F", tickets=(LIMIT, TRAIL)),),
)
TWS = Column(Interface.TWS)
API = Column(Interface.TWS_API, "tws")
GATEWAY_API = Column(Interface.TWS_API, "gw")
PORTAL = Column(Interface.CLIENT_PORTAL)
MOBILE = Column(Interface.MOBILE)
WEB = Column(Interface.WEB_API)
FLEX = Column(Interface.FLEX)
TYPES = ("LMT", "MKT", "STPLMT", "TRAILLMT", "TRAIL", "DAY", "GTC", "IOC", "RTH")
RULES = ("limit", "market", "stop_limit", "trailing_stop_limit", "trailing_stop")


class Piece(Struct, frozen=True):
    """A fact that a desk may show. `good` speaks for the order, those of `bad` do not.

    An event only ever brings bad news: that it is missing is the calm state.
    """

    kind: str
    subject: str
    good: Value
    bad: tuple[Value, ...] = ()
    is_event: bool = False
    provenance: Provenance = Provenance.MEASURED

    def seen(self, value: Value, at: float = NOON) -> Observation:
        return Observation(self.subject, self.kind, value, self.provenance, at)


def _socket(subject: str) -> list[Piece]:
    return [
        Piece(kinds.DOOR.name, subject, Door.OPEN.value, (Door.LOST.value, Door.SHUT.value)),
        Piece(kinds.ROUND_TRIP.name, subject, 0.01),
        Piece(kinds.UPSTREAM.name, subject, Upstream.UP.value, (Upstream.DOWN.value,)),
        Piece(kinds.ACCOUNTS.name, subject, (ACCOUNT,)),
        Piece(kinds.READ_ONLY.name, subject, False, (True,), is_event=True),
        Piece(kinds.DATA_TAKEN.name, subject, False, (True,), is_event=True),
    ]


def _contract(subject: str, key: str) -> list[Piece]:
    contract = f"{subject}/contract/{key}"
    return [
        Piece(kinds.CONTRACT.name, contract, "one", ("none", "several")),
        Piece(kinds.ORDER_TYPES.name, contract, TYPES, (("MKT", "DAY"), ("LMT",))),
        Piece(kinds.LISTED_ON.name, contract, "NASDAQ", ("TSE",)),
        Piece(kinds.STOCK_TYPE.name, contract, "COMMON", ("ETF",)),
        Piece(kinds.INELIGIBLE.name, contract, (), (("closing orders only",),), is_event=True),
        Piece(kinds.INCREMENT.name, contract, 0.01, (3.0,), is_event=True),
        Piece(kinds.OPEN_UNTIL.name, contract, NOON + 20_000, (0.0,), is_event=True),
        Piece(
            kinds.FEED.name,
            f"{subject}/feed/{key}",
            FeedState.LIVE.value,
            (FeedState.DELAYED.value, "silent"),
        ),
    ]


def _gateway(key: str) -> list[Piece]:
    contract = f"gateway/contract/{key}"
    sided = [f"{contract}/{side}" for side in ("buy", "sell")]
    return [
        *(Piece(kinds.RULE_TYPES.name, one, RULES, (("market",),)) for one in sided),
        *(Piece(kinds.RULE_TYPES_OUTSIDE.name, one, RULES, ((),)) for one in sided),
        *(Piece(kinds.RULE_TIMES.name, one, ("DAY/o,a", "GTC/o,a"), (("DAY/MARKET,a",),)) for one in sided),
        *(Piece(kinds.RULE_ACCOUNTS.name, one, (ACCOUNT,), (("U9",),)) for one in sided),
        *(Piece(kinds.RULE_ERROR.name, one, "", ("no rules",), is_event=True) for one in sided),
        Piece(kinds.PERMITTED.name, contract, True, (False,)),
        Piece(kinds.TRADABLE.name, contract, True, (False,)),
        Piece(kinds.CLARIFICATION.name, contract, "", ("PRIIPS_KID",)),
        Piece(kinds.DATA_LETTERS.name, contract, "RpB", ("DPB", "N", "?")),
    ]


PIECES: tuple[Piece, ...] = (
    *_socket("tws/tws"),
    *_socket("tws/gw"),
    *(piece for key in ("AAA", "FFF") for door in ("tws/tws", "tws/gw") for piece in _contract(door, key)),
    *(piece for key in ("AAA", "FFF") for piece in _gateway(key)),
    Piece(kinds.PORTAL_DOOR.name, "gateway", PortalDoor.OPEN.value, (PortalDoor.DENIED.value,)),
    Piece(kinds.PORTAL_STAGE.name, "gateway", PortalStage.TRADING.value, (PortalStage.COMPETING.value,)),
    Piece(kinds.PORTAL_ACCOUNTS.name, "gateway", (ACCOUNT,)),
    Piece(kinds.OPENED_AT.name, "mobile", NOON - 60, (), False, Provenance.ATTESTED),
    Piece(kinds.TRADING_TYPE.name, f"account/{ACCOUNT}", "PMRGN", ("CASH",)),
    Piece(kinds.NO_TRADING.name, f"account/{ACCOUNT}", False, (True,), is_event=True),
    Piece(kinds.EXCESS_LIQUIDITY.name, f"account/{ACCOUNT}", 1e5, (-1.0,)),
    Piece(kinds.CAPABILITIES.name, f"account/{ACCOUNT}", ("Margin",), (("Cash",),)),
    Piece(kinds.PERMISSIONS.name, f"account/{ACCOUNT}", ("Stocks", "Futures"), (("Bonds",),)),
    Piece(kinds.ENTITY.name, f"account/{ACCOUNT}", "IBLLC-US", ("IB-CAN", "IB-IE", "odd")),
    *(
        Piece(kinds.SAID_OFFERED.name, f"attested/{where}", True, (False,), False, Provenance.ATTESTED)
        for where in ("ibkr-mobile/trailing-stop-limit", "ibkr-mobile/tif-gtc", "client-portal/tif-gtc")
    ),
    Piece(kinds.SAID_HELD.name, f"attested/permission/{ACCOUNT}/stocks", True, (False,), False, Provenance.ATTESTED),
    Piece(kinds.REFUSED_CODE.name, "tws/tws/refusal/AAA/LMT/buy", "", ("201", "460", "383", "10015"), is_event=True),
    Piece(kinds.REFUSED_CODE.name, "gateway/refusal/FFF/TRAIL LIMIT/sell", "", ("201", "999"), is_event=True),
    Piece(kinds.PREVIEWED.name, "tws/tws/preview/lmt", True),
)  # fmt: skip
_NOT_CALM = (kinds.READ_ONLY.name, kinds.DATA_TAKEN.name, kinds.REFUSED_CODE.name, kinds.PREVIEWED.name)
KINDS = {kind.name: kind for kind in kinds.ALL}


def calm() -> list[Observation]:
    """Everything that speaks for the orders, and nothing else."""
    return [piece.seen(piece.good) for piece in PIECES if piece.kind not in _NOT_CALM]


def facts_of(*changes: Observation, without: Sequence[str] = ()) -> Facts:
    """The calm desk without the kinds named, then with the changes."""
    base = [seen for seen in calm() if seen.fact not in without]
    return fold(fold(Facts(), base), [replace(one, at=max(one.at, 0)) for one in changes])


def world(facts: Facts, plan: Plan = PLAN, catalogue: Playing | None = None, now: float = NOON) -> World:
    return World(facts, plan, catalogue if catalogue is not None else shipped_catalogue().playing, now)


def case(ticket: Ticket, column: Column, instrument: Instrument | None = None, account: str = "") -> Case:
    one = instrument or next(known for known in INSTRUMENTS if known.key == ticket.instrument)
    return Case(ticket, one, column, (), account)


def answer(gate: Gate, facts: Facts, one: Case, plan: Plan = PLAN, now: float = NOON) -> GateAnswer:
    """What one gate says on the ladder of a case."""
    found = ladder(world(facts, plan, now=now), one)
    return next(said for said in found.answers if said.gate is gate)
