"""From results to the verdict: parents first, the worst wins per flow, three reasons with one remedy each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cockpit.domain.checks.answers import not_tested
from cockpit.domain.facts import Facts
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level, worst
from cockpit.domain.plan import Flow, Plan
from cockpit.domain.readiness import Bearing, Check, Finding, FlowVerdict, Reason, Result, Verdict
from cockpit.domain.words import counted

MOST_REASONS = 3


def answer(check: Check, before: Mapping[str, Result], facts: Facts, plan: Plan, now: float) -> Finding:
    """Judge one check. When a line it needs is not usable, it is not tested and says which one."""
    for need in check.needs:
        parent = before.get(need)
        if (
            parent is None
            or parent.finding is None
            or (parent.level.is_usable and not parent.finding.is_shut)
        ):
            continue
        if parent.finding.not_tested and not _holds_up(parent, before):
            continue
        return not_tested(f"{parent.check.title} is {_state(parent.finding)}")
    return check.judge(facts, plan, now)


def _holds_up(parent: Result, before: Mapping[str, Result]) -> bool:
    """Whether a line that was not tested itself waits for one that failed."""
    return any(
        (grand := before.get(need)) is not None
        and grand.finding is not None
        and (grand.finding.is_shut or not grand.level.is_usable)
        for need in parent.check.needs
    )


def _state(finding: Finding) -> str:
    if finding.not_tested:
        return "not tested"
    return "unknown" if finding.level is Level.UNKNOWN else "blocked"


def _counts(result: Result) -> bool:
    """Whether a result enters a verdict: it decides, and it was asked or held up by a line that failed."""
    finding = result.finding
    if result.check.bearing is Bearing.ADVISES or finding is None:
        return False
    return not finding.not_tested


def verdict(results: Iterable[Result], plan: Plan) -> Verdict:
    """Return what the run says: per flow, and over all.

    A line that was not tested because its parent failed adds nothing: the parent counts in its place. A line that
    has no finding yet makes the verdict unknown.
    """
    results = tuple(results)
    flows = tuple(_flow(flow, results, plan) for flow in plan.flows)
    open_ends = [r for r in results if r.finding is None and r.check.bearing is Bearing.DECIDES]
    deciding = [r for r in results if _counts(r)]
    levels = [r.level for r in deciding] + [flow.level for flow in flows]
    if open_ends:
        levels.append(Level.UNKNOWN)
    level = worst(levels)
    return Verdict(level, _headline(level, flows, deciding), flows, _reasons(deciding))


# What the run can put a question to. Of the others only what the trader says or a process list is known.
_ASKED = (Interface.TWS, Interface.TWS_API, Interface.CLIENT_PORTAL)


def _is_asked(flow: Flow, plan: Plan) -> bool:
    """Whether the run asked the interface that the flow prefers at all."""
    has_portal = flow.interface is not Interface.CLIENT_PORTAL or plan.portal is not None
    return flow.interface in _ASKED and has_portal


def _flow(flow: Flow, results: tuple[Result, ...], plan: Plan) -> FlowVerdict:
    mine = [r for r in results if r.check.bears_on(flow)]
    if not mine:
        missing = f"no socket {flow.door}" if flow.door else "no API socket"
        sentence = f"Not checked: the settings have {missing}"
        return FlowVerdict(flow.key, flow.title, Level.UNKNOWN, sentence)
    counted_in = [r for r in mine if _counts(r)]
    pending = any(r.finding is None for r in mine)
    level = worst([r.level for r in counted_in] + ([Level.UNKNOWN] if pending else []))
    if level.is_usable and not _is_asked(flow, plan):
        # Never green on what TWS alone has answered.
        return FlowVerdict(flow.key, flow.title, Level.UNKNOWN, f"{flow.interface.label} was not asked")
    if level is Level.READY:
        return FlowVerdict(
            flow.key, flow.title, level, f"Everything it needs answers, through {flow.interface.label}"
        )
    culprit = next((r for r in counted_in if r.level is level and r.finding is not None), None)
    if culprit is None or culprit.finding is None:
        return FlowVerdict(flow.key, flow.title, level, "Not checked yet")
    sentence = f"{culprit.check.title}: {culprit.finding.answer}"
    return FlowVerdict(flow.key, flow.title, level, sentence, culprit.check.id)


def _headline(level: Level, flows: tuple[FlowVerdict, ...], deciding: list[Result]) -> str:
    total = len(flows)
    for bad, word in ((Level.BLOCKED, "blocked"), (Level.UNKNOWN, "unknown"), (Level.LIMITED, "limited")):
        hit = sum(flow.level is bad for flow in flows)
        if level is bad and hit:
            return f"{hit} of {counted(total, 'flow')} {word}"
    if level is Level.READY:
        return f"{counted(total, 'flow')} ready" if total else "every check ready"
    lines = sum(r.level is level for r in deciding)
    return f"{counted(lines, 'line')} {level.value}" if lines else "not checked yet"


def _reasons(deciding: list[Result]) -> tuple[Reason, ...]:
    """Return the top reasons, worst first; among equals the earlier lane, for causes come before effects."""
    bad = [r for r in deciding if r.level is not Level.READY and r.finding is not None]
    bad.sort(key=lambda r: -r.level.rank)
    reasons: list[Reason] = []
    told: set[str] = set()
    for result in bad:
        finding = result.finding
        if finding is None or (finding.diagnosis and finding.diagnosis in told):
            continue  # one reason per cause
        told.add(finding.diagnosis)
        reasons.append(
            Reason(result.check.id, result.check.title, finding.level, finding.answer, finding.remedy)
        )
    return tuple(reasons[:MOST_REASONS])
