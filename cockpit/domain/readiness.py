"""The records of the pre-open check: checks, findings, the run, and its verdict."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct, field

from cockpit.domain.evidence import Provenance
from cockpit.domain.facts import Facts
from cockpit.domain.level import Level, worst
from cockpit.domain.plan import Flow, Plan
from cockpit.domain.remedy import Remedy


class Lane(StrEnum):
    """A group of checks that runs side by side with the others. The order is that of the screen."""

    DESK = "desk"
    PORTS = "ports"
    HORIZON = "horizon"
    HANDSHAKE = "handshake"
    UPSTREAM = "upstream"
    ACCOUNT = "account"
    FEED = "feed"
    CAPABILITY = "capability"
    OTHERS = "others"

    @property
    def label(self) -> str:
        """The name on screen."""
        return _LANES[self][0]

    @property
    def budget(self) -> float:
        """Seconds the lane may take."""
        return _LANES[self][1]

    @property
    def after(self) -> Lane | None:
        """The lane that must be done first; None starts at once."""
        return _LANES[self][2]

    @property
    def footprint(self) -> Footprint:
        """The most that a probe of this lane costs."""
        return _LANES[self][3]


class Footprint(StrEnum):
    """What a probe costs or disturbs."""

    PASSIVE = "passive"
    LIGHT = "light"
    INTRUSIVE = "intrusive"


class Bearing(StrEnum):
    """Whether a check enters the verdict or only advises."""

    DECIDES = "decides"
    ADVISES = "advises"


_LANES: dict[Lane, tuple[str, float, Lane | None, Footprint]] = {
    Lane.DESK: ("Desk", 0.5, None, Footprint.PASSIVE),
    Lane.PORTS: ("Processes and ports", 1.5, None, Footprint.PASSIVE),
    Lane.HORIZON: ("Sign-in horizon", 0.3, None, Footprint.PASSIVE),
    Lane.HANDSHAKE: ("TWS handshake", 2.5, Lane.PORTS, Footprint.LIGHT),
    Lane.UPSTREAM: ("Upstream", 3.0, Lane.HANDSHAKE, Footprint.LIGHT),
    Lane.ACCOUNT: ("Account", 4.0, Lane.HANDSHAKE, Footprint.LIGHT),
    Lane.FEED: ("Feed truth", 6.0, Lane.UPSTREAM, Footprint.LIGHT),
    Lane.CAPABILITY: ("Capability", 6.0, Lane.HANDSHAKE, Footprint.LIGHT),
    Lane.OTHERS: ("Other interfaces", 3.0, None, Footprint.LIGHT),
}


class Finding(Struct, frozen=True):
    """The answer of a check: the observed value in words, its level, its evidence and its cure.

    `at` is when the evidence was seen (UTC epoch seconds, None when there is none), `since` since when it has held.
    `diagnosis` is the id of a named cause. `not_tested` marks an answer that was not asked for; `answer` says why.
    """

    level: Level
    answer: str
    provenance: Provenance | None = None
    at: float | None = None
    since: float | None = None
    remedy: Remedy | None = None
    diagnosis: str = ""
    detail: str = ""
    not_tested: bool = False
    is_shut: bool = False  # softened to limited for the verdict, but nothing behind it can be asked

    def age(self, now: float) -> float | None:
        """Seconds since the evidence was seen."""
        return None if self.at is None else max(0.0, now - self.at)


class Check(Struct, frozen=True):
    """One line of the pre-open run, made from the table for one target.

    `judge` is pure: facts, plan and the present (UTC epoch seconds) give the finding. `needs` are ids of checks that
    must be usable first, else this one is not tested. `flows` are the keys of the flows it bears on; none means all.
    `socket` names the API socket it is about ("" when none).
    """

    id: str
    lane: Lane
    title: str
    judge: Callable[[Facts, Plan, float], Finding]
    footprint: Footprint = Footprint.PASSIVE
    bearing: Bearing = Bearing.DECIDES
    needs: tuple[str, ...] = ()
    flows: tuple[str, ...] | None = None
    socket: str = ""

    def bears_on(self, flow: Flow) -> bool:
        """Whether this check can hold up `flow`."""
        return self.bearing is Bearing.DECIDES and (self.flows is None or flow.key in self.flows)


class Progress(StrEnum):
    """Where one check of a run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class Result(Struct, frozen=True):
    """One check of a run and what came of it. `seconds` is how long its lane's probe took to answer it."""

    check: Check
    progress: Progress = Progress.WAITING
    finding: Finding | None = None
    seconds: float = 0.0

    @property
    def level(self) -> Level:
        """The level of its finding; unknown until there is one."""
        return self.finding.level if self.finding else Level.UNKNOWN


class LaneRun(Struct, frozen=True):
    """How one lane of a run went. Times in seconds from the start of the run; None while not there yet."""

    lane: Lane
    started: float | None = None
    ended: float | None = None
    timed_out: bool = False


class FlowVerdict(Struct, frozen=True):
    """What the run says about one flow, with the check that holds it up ("" when none does)."""

    key: str
    title: str
    level: Level
    sentence: str
    held_up_by: str = ""


class Reason(Struct, frozen=True):
    """One of the top three: which check, what it found, what to do."""

    check: str
    title: str
    level: Level
    answer: str
    remedy: Remedy | None


class Verdict(Struct, frozen=True):
    """The last line of a run: the worst wins, over the flows and over what belongs to all of them."""

    level: Level
    headline: str
    flows: tuple[FlowVerdict, ...] = ()
    reasons: tuple[Reason, ...] = ()


class Run(Struct, frozen=True):
    """One pre-open run, growing until it is finished. Times are UTC epoch seconds; durations seconds."""

    id: str
    started: float
    results: tuple[Result, ...] = ()
    lanes: tuple[LaneRun, ...] = ()
    ended: float | None = None
    seconds: float = 0.0
    cancelled: bool = False
    stopped: bool = False  # the hard stop ended it
    verdict: Verdict | None = None

    @property
    def is_running(self) -> bool:
        """Whether it still goes on."""
        return self.ended is None

    def of_lane(self, lane: Lane) -> tuple[Result, ...]:
        """Return the results of one lane in order."""
        return tuple(result for result in self.results if result.check.lane is lane)

    def lane_level(self, lane: Lane) -> Level:
        """Return the worst level of a lane. What was not asked, or only advises and is not readable, says nothing."""
        asked = [
            r.level
            for r in self.of_lane(lane)
            if r.finding is not None
            and not r.finding.not_tested
            and not (r.check.bearing is Bearing.ADVISES and r.level is Level.UNKNOWN)
        ]
        return worst(asked)

    def counts(self) -> dict[Level, int]:
        """Return how many results have each level."""
        return {level: sum(r.level is level for r in self.results) for level in Level}


class PathLight(Struct, frozen=True):
    """The price path or the order path in one light: never one for both."""

    level: Level
    sentence: str
    at: float | None = None


class HarmCount(Struct, frozen=True):
    """What the program really did to the broker's session since it started."""

    client_ids: int = 0
    lines: int = 0
    most_lines: int = 0
    line_limit: int = 100
    messages: int = 0
    sessions_taken: int = 0
    dialogs: int = 0
    what_ifs: int = 0
    refused: int = 0  # probes that the budget refused
    notes: tuple[str, ...] = field(default_factory=tuple)
