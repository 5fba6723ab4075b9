"""Facts and plans for tests of rules: a calm desk, and ways to disturb it."""

from __future__ import annotations

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.domain.farms import farm_subject
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import Door, FarmState, FeedState, PortalDoor, PortalStage, Upstream
from cockpit.domain.plan import Flow, Instrument, Plan, Portal, SessionEnd, Socket, Ticket
from tests.fakes.clock import NOON

WEEKLY = SessionEnd(
    "weekly-token", "Weekly token ends", 6, "01:00", "America/New_York", "the broker's guide", "2026-10"
)
SOCKET = Socket("tws", accounts=("U1234821",))
PLAN = Plan(
    desk="test desk",
    sockets=(SOCKET,),
    portal=Portal(fingerprint="ab" * 32),
    instruments=(
        Instrument("EUR.USD", "EUR", "CASH", "IDEALPRO"),
        Instrument("SPX", "SPX", "IND", "CBOE"),
    ),
    flows=(
        Flow("fx", "Check an overnight FX gap", instruments=("EUR.USD",)),
        Flow(
            "leg",
            "Move a leg",
            instruments=("SPX",),
            tickets=(Ticket("t1", "EUR.USD", order_type="TRAIL LIMIT"),),
        ),
        Flow("margin", "Margin before the open", needs_account=True),
    ),
    session_ends=(WEEKLY,),
    restart_at="23:45",
)


def calm(now: float = NOON) -> list[Observation]:
    """Return what a calm morning shows: everything there, everything fresh."""
    tws, m = "tws/tws", Provenance.MEASURED
    seen = [
        kinds.CLOCK_SYNCHRONISED.seen("desk", True, now),
        kinds.NETWORK.seen("desk", "wired", now),
        kinds.DISK_FREE.seen("desk", 5e10, now),
        kinds.NEXT_OPEN.seen("venue/XNYS", now + 9000, now, Provenance.PUBLISHED),
        kinds.NEXT_CLOSE.seen("venue/XNYS", now + 32400, now, Provenance.PUBLISHED),
        kinds.EARLY_CLOSE.seen("venue/XNYS", False, now, Provenance.PUBLISHED),
        kinds.DST_MISMATCH.seen("venue/XNYS", False, now, Provenance.PUBLISHED),
        kinds.RUNNING.seen("program/tws", True, now),
        kinds.STARTED_AT.seen("program/tws", now - 3600, now),
        kinds.LISTENING.seen(tws, True, now),
        kinds.PORT_OWNER.seen(tws, "TWS", now),
        kinds.PORT_OWNER_KNOWN.seen(tws, True, now),
        kinds.BOUND_TO.seen(tws, ("127.0.0.1",), now),
        kinds.DOOR.seen(tws, Door.OPEN, now),
        kinds.CONNECTED_AT.seen(tws, now - 600, now - 600),
        kinds.CLIENT_ID.seen(tws, 901, now),
        kinds.SERVER_VERSION.seen(tws, 178, now),
        kinds.ACCOUNTS.seen(tws, ("U1234821",), now),
        kinds.ROUND_TRIP.seen(tws, 0.011, now),
        kinds.BROKER_CLOCK.seen(tws, 0.12, now),
        kinds.UPSTREAM.seen(tws, Upstream.UP, now),
        kinds.FARM.seen(farm_subject(tws, "usfarm"), FarmState.OK, now),
        kinds.EXCESS_LIQUIDITY.seen("account/U1234821", 412_300.0, now),
        kinds.CUSHION.seen("account/U1234821", 0.38, now),
        kinds.CURRENCY.seen("account/U1234821", "USD", now),
        kinds.OPEN_ORDERS.seen(tws, ("manual 3",), now),
        kinds.LISTENING.seen("gateway", True, now),
        kinds.PORT_OWNER.seen("gateway", "Client Portal gateway", now),
        kinds.PORT_OWNER_KNOWN.seen("gateway", True, now),
        kinds.PORTAL_DOOR.seen("gateway", PortalDoor.OPEN, now),
        kinds.CERTIFICATE.seen("gateway", "desk", now),
        kinds.PORTAL_STAGE.seen("gateway", PortalStage.TRADING, now),
        kinds.PORTAL_ROUND_TRIP.seen("gateway", 0.084, now),
        kinds.RUNNING.seen("program/ibkr-desktop", False, now),
    ]
    for key in ("EUR.USD", "SPX"):
        seen += [
            kinds.FEED.seen(f"{tws}/feed/{key}", FeedState.LIVE, now),
            kinds.TICK_AGE.seen(f"{tws}/feed/{key}", 0.4, now),
            kinds.CONTRACT.seen(f"{tws}/contract/{key}", "one", now),
            kinds.ORDER_TYPES.seen(f"{tws}/contract/{key}", ("LMT", "MKT", "TRAILLMT", "DAY", "GTC"), now),
            kinds.OPEN_UNTIL.seen(f"{tws}/contract/{key}", now + 20000, now),
        ]
    assert all(observation.provenance in (m, Provenance.PUBLISHED) for observation in seen)
    return seen


def facts_of(*changes: Observation, now: float = NOON, without: tuple[str, ...] = ()) -> Facts:
    """Return the facts of a calm morning without the kinds named in `without`, then with `changes`."""
    base = [seen for seen in calm(now) if seen.fact not in without]
    return fold(fold(Facts(), base), changes)


def preferring(interface: Interface) -> Plan:
    """Return the plan with a flow that prefers `interface`."""
    flow = Flow("extra", "Through another door", interface=interface)
    return Plan(
        sockets=PLAN.sockets, portal=PLAN.portal, flows=(*PLAN.flows, flow), instruments=PLAN.instruments
    )
