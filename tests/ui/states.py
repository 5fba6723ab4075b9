"""Desk states to draw: each a morning that a trader would recognise. Figures are made up, times are fixed."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.facts import Facts, fold
from cockpit.domain.farms import farm_subject
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import Door, FarmState, FeedState, PortalDoor, PortalStage, Upstream
from cockpit.domain.level import Level
from cockpit.domain.notice import Notice
from cockpit.domain.plan import Flow, Instrument, Objective, Plan, Portal, SessionEnd, Socket, Ticket
from cockpit.domain.readiness import (
    Bearing,
    Check,
    Finding,
    FlowVerdict,
    HarmCount,
    Lane,
    LaneRun,
    Progress,
    Reason,
    Result,
    Run,
    Verdict,
)
from cockpit.domain.remedy import Remedy
from cockpit.services.state import DeskState

NOW = 1793971908.0  # Friday 6 November 2026, 08:31:48 in New York
DONE = NOW - 40.0
OPEN = NOW + 58 * 60 + 12  # 09:30:00
TWS = "tws/tws"

PLAN = Plan(
    desk="desk-07",
    sockets=(Socket(accounts=("U1234821",)),),
    portal=Portal(),
    instruments=(
        Instrument("SPX", "SPX", "IND", "CBOE"),
        Instrument("ES", "ES", "FUT", "CME"),
        Instrument("EUR.USD", "EUR", "CASH", "IDEALPRO"),
    ),
    flows=(
        Flow("fx-gap", "Check overnight FX gap", Objective.MONITOR, instruments=("EUR.USD",)),
        Flow(
            "spx-leg",
            "Move a leg of the SPX condor",
            Objective.MULTI_LEG,
            instruments=("SPX",),
            tickets=(Ticket("spx", "SPX"),),
        ),
        Flow("margin", "Margin before the open", Objective.ADMINISTRATION, needs_account=True),
        Flow("hedge", "Hedge with ES futures options", Objective.TACTICAL_TRADE, instruments=("ES",)),
        Flow("flatten", "Flatten everything", Objective.TACTICAL_TRADE, Interface.MOBILE),
    ),
    restart_at="23:45",
    session_ends=(
        SessionEnd("weekly", "weekly token ends", 6, "01:00", "America/New_York", "IBKR guide", "2026-10-01"),
    ),
)


def _judge(facts: Facts, plan: Plan, now: float) -> Finding:
    raise AssertionError("a drawn check is not asked")


def line(
    lane: Lane,
    id: str,  # noqa: A002
    title: str,
    answer: str,
    level: Level = Level.READY,
    *,
    remedy: Remedy | None = None,
    provenance: Provenance | None = Provenance.MEASURED,
    at: float | None = DONE,
    detail: str = "",
    diagnosis: str = "",
    seconds: float = 0.2,
    bearing: Bearing = Bearing.DECIDES,
    not_tested: bool = False,
    since: float | None = None,
) -> Result:
    """Make one answered line of a run."""
    finding = Finding(level, answer, provenance, at, since, remedy, diagnosis, detail, not_tested)
    return Result(Check(id, lane, title, _judge, lane.footprint, bearing), Progress.DONE, finding, seconds)


def _calm_lines() -> list[Result]:
    return [
        line(Lane.DESK, "desk-network", "Network", "Wired, no VPN"),
        line(Lane.DESK, "desk-power", "Power and sleep", "On mains, never sleeps"),
        line(Lane.DESK, "desk-clock", "Clock", "Within 0.12 s of the broker"),
        line(Lane.DESK, "desk-disk", "Disk", "212 GB free"),
        line(Lane.DESK, "desk-reboot", "Pending restart", "None"),
        line(Lane.PORTS, "ports-tws", "TWS port", "TWS on 7496, loopback only"),
        line(Lane.PORTS, "ports-gateway", "Gateway port", "Gateway on 5000, loopback only"),
        line(Lane.HORIZON, "horizon-end", "Next forced end", "Nothing ends before 16:00"),
        line(Lane.HANDSHAKE, "handshake", "Handshake", "U1234821, live, 11 ms"),
        line(Lane.HANDSHAKE, "broker-clock", "Broker clock", "+0.12 s"),
        line(Lane.UPSTREAM, "farms", "Data farms", "7 farms, same set as yesterday"),
        line(Lane.ACCOUNT, "accounts", "Accounts", "1 expected, none extra"),
        line(Lane.ACCOUNT, "liquidity", "Excess liquidity", "412,300 USD, cushion 38 %"),
        line(Lane.FEED, "feed-spx", "SPX", "Live, newest tick 0.4 s"),
        line(Lane.FEED, "feed-vix", "VIX", "Live, newest tick 0.6 s"),
        line(Lane.FEED, "feed-es", "ES, NQ, CL", "Live, newest tick 0.3 s"),
        line(Lane.FEED, "feed-fx", "EUR.USD", "Live, 0.2 s, IDEALPRO open"),
        line(Lane.FEED, "feed-greeks", "SPX options, Greeks", "Model Greeks after 1.1 s"),
        line(Lane.CAPABILITY, "ticket-spx", "SPX condor leg", "Limit offered by Cboe, GTC", at=NOW - 12),
        line(
            Lane.CAPABILITY,
            "ticket-es",
            "ES calendar, limit",
            "Offered by CME, GTC, outside hours",
            at=NOW - 12,
        ),
        line(
            Lane.OTHERS,
            "portal",
            "Client Portal trading session",
            "Not started, as wished",
            bearing=Bearing.ADVISES,
        ),
        line(
            Lane.OTHERS,
            "desktop",
            "IBKR Desktop",
            "Not tested because it is not running",
            Level.UNKNOWN,
            provenance=None,
            at=None,
            not_tested=True,
        ),
        line(
            Lane.OTHERS,
            "mobile",
            "IBKR Mobile",
            "Opened 07:58, view-only at 19:58",
            provenance=Provenance.ATTESTED,
            at=NOW - 33 * 60,
        ),
    ]


_LANES = (
    LaneRun(Lane.DESK, 0.0, 0.2),
    LaneRun(Lane.PORTS, 0.0, 0.1),
    LaneRun(Lane.HORIZON, 0.0, 0.1),
    LaneRun(Lane.HANDSHAKE, 0.1, 0.4),
    LaneRun(Lane.UPSTREAM, 0.4, 0.7),
    LaneRun(Lane.ACCOUNT, 0.4, 0.8),
    LaneRun(Lane.FEED, 0.7, 1.9),
    LaneRun(Lane.CAPABILITY, 0.4, 1.3),
    LaneRun(Lane.OTHERS, 0.0, 2.3),
)

_FLOWS_READY = (
    FlowVerdict("fx-gap", "Check overnight FX gap", Level.READY, "EUR.USD live 0.2 s, from TWS"),
    FlowVerdict("spx-leg", "Move a leg of the SPX condor", Level.READY, "SPX live, limit offered by Cboe"),
    FlowVerdict("margin", "Margin before the open", Level.READY, "Excess liquidity 412,300 USD"),
    FlowVerdict("hedge", "Hedge with ES futures options", Level.READY, "ES live, limit offered by CME"),
    FlowVerdict(
        "flatten", "Flatten everything", Level.READY, "Plan B: IBKR Mobile, then trade desk by phone"
    ),
)


def run_of(results: Iterable[Result], verdict: Verdict) -> Run:
    """Make a finished run."""
    return Run("run-1", DONE - 2.4, tuple(results), _LANES, DONE, 2.4, verdict=verdict)


def _seen_by_tws(at: float = NOW - 3) -> list[Observation]:
    return [
        kinds.DOOR.seen(TWS, Door.OPEN.value, at),
        kinds.CLIENT_ID.seen(TWS, 901, at),
        kinds.SERVER_VERSION.seen(TWS, 178, at),
        kinds.ACCOUNTS.seen(TWS, ("U1234821",), at),
        kinds.ROUND_TRIP.seen(TWS, 0.011, at),
        kinds.BROKER_CLOCK.seen(TWS, 0.12, at),
        kinds.CONNECTED_AT.seen(TWS, NOW - 3000, at),
        kinds.UPSTREAM.seen(TWS, Upstream.UP.value, at),
        kinds.FARM.seen(farm_subject(TWS, "usfarm"), FarmState.OK.value, at),
        kinds.FEED.seen(f"{TWS}/feed/SPX", FeedState.LIVE.value, at),
        kinds.FEED.seen(f"{TWS}/feed/ES", FeedState.LIVE.value, at),
        kinds.FEED.seen(f"{TWS}/feed/EUR.USD", FeedState.LIVE.value, at),
        kinds.ENTITY.seen("account/U1234821", "IB LLC", at),
        kinds.ACCOUNT_TYPE.seen("account/U1234821", "Reg T margin", at),
        kinds.NEXT_OPEN.seen("venue/XNYS", OPEN, at),
    ]


def _seen_by_portal(stage: PortalStage = PortalStage.SIGNED_IN, at: float = NOW - 20) -> list[Observation]:
    return [
        kinds.PORTAL_DOOR.seen("gateway", PortalDoor.OPEN.value, at),
        kinds.PORTAL_STAGE.seen("gateway", stage.value, at),
        kinds.PORTAL_ROUND_TRIP.seen("gateway", 0.084, at),
        kinds.SSO_ENDS.seen("gateway", NOW + 13 * 3600 + 2600, at),
        kinds.OPENED_AT.seen("mobile", NOW - 33 * 60 - 48, at, Provenance.ATTESTED),
        kinds.RUNNING.seen("program/ibkr-desktop", False, at),
        kinds.RUNNING.seen("program/tws", True, at),
    ]


def _wander(middle: float, spread: float) -> tuple[float, ...]:
    """Make round trips that wander the way real ones do, the same every time."""
    steps = (0, 1, 0, -1, -1, 0, 2, 1, 0, 0, -2, 0, 1, 1, 0, -1, 0, 1, 3, 1, 0, -1, 0, 0, 1, 0, -1, 0, 0, 1)
    return tuple(middle + spread * step for step in steps)


_TRIPS = ((TWS, _wander(0.011, 0.0012)), ("gateway", _wander(0.084, 0.008)))
_HARM = HarmCount(client_ids=1, lines=4, most_lines=8, messages=214)


def calm_morning() -> DeskState:
    """Everything is ready."""
    verdict = Verdict(Level.READY, "5 of 5 flows ready", _FLOWS_READY)
    return DeskState(
        PLAN,
        fold(Facts(), calm_morning_observations()),
        run_of(_calm_lines(), verdict),
        harm=_HARM,
        round_trips=_TRIPS,
        vault="Windows Credential Manager",
    )


def calm_morning_observations() -> list[Observation]:
    """What was seen on the calm morning."""
    return [*_seen_by_tws(), *_seen_by_portal()]


def _exchange(results: list[Result], *changed: Result) -> list[Result]:
    by_id = {result.check.id: result for result in changed}
    return [by_id.pop(result.check.id, result) for result in results] + list(by_id.values())


SUBSCRIBE = Remedy(
    "Cboe indices left this username. Check its market-data subscriptions.", "open-subscriptions"
)
REQUEST = Remedy(
    "Request it in Client Portal: Settings, Trading permissions, Futures options. IBKR quotes up to 48 h.",
)


def _delayed_lines() -> tuple[Result, Result]:
    return (
        line(
            Lane.FEED,
            "feed-spx",
            "SPX",
            "Delayed 15 min, live until Friday",
            Level.LIMITED,
            remedy=SUBSCRIBE,
            diagnosis="index-data-delayed",
            detail="TWS answered with code 10167: delayed data instead of live data.",
            since=NOW - 300,
        ),
        line(Lane.FEED, "feed-vix", "VIX", "Delayed 15 min", Level.LIMITED, remedy=SUBSCRIBE),
    )


def index_delayed() -> DeskState:
    """Index data come delayed: prices limited, orders fine."""
    flows = (
        _FLOWS_READY[0],
        FlowVerdict(
            "spx-leg",
            "Move a leg of the SPX condor",
            Level.LIMITED,
            "Limit only: the conditional leg needs live SPX",
            "feed-spx",
        ),
        *_FLOWS_READY[2:],
    )
    reasons = (Reason("feed-spx", "SPX data", Level.LIMITED, "Delayed 15 min", SUBSCRIBE),)
    calm = calm_morning()
    delayed = kinds.FEED.seen(f"{TWS}/feed/SPX", FeedState.DELAYED.value, NOW - 2)
    return replace(
        calm,
        facts=fold(calm.facts, [delayed]),
        run=run_of(
            _exchange(_calm_lines(), *_delayed_lines()),
            Verdict(Level.LIMITED, "1 of 5 flows limited", flows, reasons),
        ),
    )


def permission_blocked() -> DeskState:
    """A futures-options permission is missing and index data are delayed: the picture of the design."""
    blocked = line(
        Lane.CAPABILITY,
        "ticket-fop",
        "Futures option spread",
        "No permission: Futures Options (United States)",
        Level.BLOCKED,
        remedy=REQUEST,
        at=NOW - 12,
        diagnosis="permission-missing",
    )
    portal = line(
        Lane.OTHERS,
        "portal",
        "Client Portal trading session",
        "Not started. Starting it takes TWS down",
        Level.LIMITED,
        at=NOW - 38,
        bearing=Bearing.ADVISES,
    )
    flows = (
        _FLOWS_READY[0],
        index_delayed_flow(),
        _FLOWS_READY[2],
        FlowVerdict(
            "hedge",
            "Hedge with ES futures options",
            Level.BLOCKED,
            "Permission missing on every interface; nearest: ES futures, ready",
            "ticket-fop",
        ),
        _FLOWS_READY[4],
    )
    reasons = (
        Reason("ticket-fop", "Futures-options permission", Level.BLOCKED, "No permission", REQUEST),
        Reason("feed-spx", "SPX data", Level.LIMITED, "Delayed 15 min", SUBSCRIBE),
        Reason(
            "portal",
            "Client Portal",
            Level.LIMITED,
            "Not started",
            Remedy("Keep its trade page closed while TWS trades."),
        ),
    )
    state = index_delayed()
    return replace(
        state,
        run=run_of(
            _exchange(_calm_lines(), blocked, portal, *_delayed_lines()),
            Verdict(Level.BLOCKED, "1 of 5 flows blocked", flows, reasons),
        ),
    )


def index_delayed_flow() -> FlowVerdict:
    """The flow that wants live index data."""
    run = index_delayed().run
    assert run is not None
    assert run.verdict is not None
    return run.verdict.flows[1]


START = Remedy("Start TWS and sign in.", "reconnect", 3)


def tws_down() -> DeskState:
    """Nothing listens where TWS should be."""
    at = NOW - 2
    seen = [
        kinds.DOOR.seen(TWS, Door.REFUSED.value, NOW - 610),
        kinds.DOOR.seen(TWS, Door.REFUSED.value, at),
        kinds.RUNNING.seen("program/tws", False, at),
        kinds.NEXT_OPEN.seen("venue/XNYS", OPEN, at),
        *(o for o in _seen_by_portal() if o.subject != "program/tws"),
    ]
    why = "Not tested because TWS is not running"
    untested = {Lane.UPSTREAM, Lane.ACCOUNT, Lane.FEED, Lane.CAPABILITY}
    lines = [
        line(
            result.check.lane,
            result.check.id,
            result.check.title,
            why,
            Level.UNKNOWN,
            provenance=None,
            at=None,
            not_tested=True,
        )
        if result.check.lane in untested
        else result
        for result in _calm_lines()
        if result.check.id != "broker-clock"
    ]
    down = line(
        Lane.HANDSHAKE,
        "handshake",
        "Handshake",
        "Nothing listens on 7496 since 08:21:38",
        Level.BLOCKED,
        remedy=START,
        at=at,
        since=NOW - 610,
        diagnosis="tws-not-running",
    )
    port = line(
        Lane.PORTS, "ports-tws", "TWS port", "Nothing listens on 7496", Level.BLOCKED, remedy=START, at=at
    )
    flows = tuple(
        FlowVerdict(flow.key, flow.title, Level.BLOCKED, "TWS is not running", "handshake")
        for flow in PLAN.flows[:4]
    )
    verdict = Verdict(
        Level.BLOCKED,
        "4 of 5 flows blocked",
        (*flows, _FLOWS_READY[4]),
        (Reason("handshake", "TWS", Level.BLOCKED, "Not running", START),),
    )
    notices = (
        Notice(
            TWS,
            Level.BLOCKED,
            "TWS does not answer",
            "Nothing listens on 7496",
            NOW - 610,
            "Client Portal is signed in, IBKR Mobile was opened 07:58",
            START,
        ),
        Notice(
            "clock",
            Level.LIMITED,
            "Clock not compared",
            "The broker's clock cannot be read while TWS is away",
            NOW - 600,
            "this PC's clock is synchronised",
        ),
        Notice(
            "settings",
            Level.LIMITED,
            "One line of the settings was left out",
            "desk.toml, line 12: sockets[2].port must be a whole number, not text",
            NOW - 620,
            "everything else was read",
            Remedy("Correct the line; it is read at the next start.", "open-settings"),
        ),
    )
    run = run_of(_exchange(lines, down, port), verdict)
    cut = tuple(
        replace(lane, started=None, ended=None) if lane.lane in untested else lane for lane in run.lanes
    )
    return DeskState(
        PLAN,
        fold(Facts(), seen),
        replace(run, lanes=cut),
        harm=HarmCount(messages=14),
        notices=notices,
        vault="Windows Credential Manager",
        round_trips=_TRIPS[1:],
    )


def half_way() -> DeskState:
    """The check runs: some lines are answered, some lanes wait for others."""
    finished = {Lane.DESK, Lane.PORTS, Lane.HORIZON, Lane.HANDSHAKE, Lane.UPSTREAM}
    results = []
    for result in _calm_lines():
        if result.check.lane in finished or result.check.id in ("feed-spx", "portal"):
            results.append(result)
        else:
            waits = result.check.lane is Lane.CAPABILITY
            progress = Progress.WAITING if waits else Progress.RUNNING
            results.append(replace(result, progress=progress, finding=None))
    started = {Lane.ACCOUNT, Lane.FEED, Lane.OTHERS}
    lanes = tuple(
        lane
        if lane.lane in finished
        else replace(lane, ended=None)
        if lane.lane in started
        else LaneRun(lane.lane)
        for lane in _LANES
    )
    run = Run("run-2", NOW - 1.0, tuple(results), lanes)
    return replace(calm_morning(), run=run)


def nothing_known() -> DeskState:
    """The first second of the first start."""
    return DeskState(PLAN, Facts())


def restored() -> DeskState:
    """Yesterday's last state, shown at start before anything was looked at again."""
    day = 16 * 3600.0
    calm = calm_morning()
    held = fold(
        Facts(), [replace(h.observation, at=h.observation.at - day) for h in calm.facts.held.values()]
    )
    run = calm.run
    assert run is not None
    aged = tuple(
        replace(r, finding=replace(r.finding, at=r.finding.at - day if r.finding.at is not None else None))
        for r in run.results
        if r.finding is not None
    )
    old = replace(run, started=run.started - day, ended=DONE - day, results=aged)
    return replace(calm, facts=held, run=old, restored_at=NOW - day, harm=HarmCount(), round_trips=())


STATES = {
    "calm-morning": calm_morning,
    "index-delayed": index_delayed,
    "permission-blocked": permission_blocked,
    "tws-down": tws_down,
    "half-way": half_way,
    "nothing-known": nothing_known,
    "restored": restored,
}
