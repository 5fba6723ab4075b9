"""The answer of `cockpit check` in words, for a terminal or a mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cockpit.domain.level import Level
from cockpit.domain.plan import Plan
from cockpit.domain.readiness import Bearing, Lane, Result, Run
from cockpit.domain.words import clock, counted, span, zone_letters

GLYPHS = {Level.READY: "●", Level.LIMITED: "▲", Level.BLOCKED: "■", Level.UNKNOWN: "○"}
WORDS = {Level.READY: "READY", Level.LIMITED: "LIMITED", Level.BLOCKED: "NOT READY", Level.UNKNOWN: "UNKNOWN"}
NEWCOMER = (
    "None of the broker's programs runs on this PC, and no settings say where else to look.",
    "First step: start Trader Workstation or IB Gateway and sign in. Then in Global Configuration, API, Settings",
    "tick Enable ActiveX and Socket Clients, and run this check again.",
    "To see the cockpit at work without any of that: cockpit --demo",
)


def lines(
    run: Run, plan: Plan, now: float, notes: Sequence[str] = (), *, is_newcomer: bool = False
) -> Iterator[str]:
    """Yield the report line by line: verdict, what to do, flows, then every lane."""
    yield from notes
    verdict = run.verdict
    if verdict is None:
        yield "The check did not finish."
        return
    done = clock(run.ended or now, plan.zone, seconds=True)
    yield f"{GLYPHS[verdict.level]} {WORDS[verdict.level]}  {verdict.headline}"
    how = "stopped" if run.cancelled or run.stopped else "complete"
    letters = zone_letters(now, plan.zone)
    yield f"  Pre-open check {how} {done} {letters}, {counted(len(run.results), 'line')} in {span(run.seconds)}"
    if is_newcomer:
        yield ""
        yield from NEWCOMER
    if verdict.reasons:
        yield ""
        yield "What to do"
        for number, reason in enumerate(verdict.reasons, 1):
            yield f"  {number}. {GLYPHS[reason.level]} {reason.title}: {reason.answer}"
            if reason.remedy is not None:
                yield f"     {reason.remedy.sentence}"
    yield ""
    yield "Flows"
    for flow in verdict.flows:
        yield f"  {GLYPHS[flow.level]} {flow.title}: {flow.sentence}"
    for lane in Lane:
        results = run.of_lane(lane)
        if results:
            yield ""
            yield f"{GLYPHS[run.lane_level(lane)]} {lane.label}"
            yield from (_line(result, now) for result in results)


def _line(result: Result, now: float) -> str:
    finding = result.finding
    glyph = "–" if finding is not None and finding.not_tested else GLYPHS[result.level]
    answer = finding.answer if finding is not None else "Not answered"
    source = ""
    if finding is not None and finding.provenance is not None:
        age = finding.age(now)
        source = f"  [{finding.provenance.value}{f', {span(age)} ago' if age is not None else ''}]"
    advice = "  (advice)" if result.check.bearing is Bearing.ADVISES and result.level is Level.LIMITED else ""
    return f"  {glyph} {result.check.title}: {answer}{source}{advice}"
