"""From a run to the lines of the checklist: a pure function, so that every rule of order and wording can be tested."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from msgspec import Struct

from cockpit.domain.evidence import Provenance
from cockpit.domain.level import Level
from cockpit.domain.readiness import Bearing, Finding, Lane, LaneRun, Progress, Result, Run
from cockpit.ui.actions import link_of
from cockpit.ui.glyphs import Glyph, glyph_of, glyph_of_result
from cockpit.ui.text import age, ago, clock_time, discreet, took

FINDING_FRESH_FOR = 15 * 60.0  # seconds; a measured answer that is older is struck through


class Kind(StrEnum):
    """What a line is."""

    LANE = "lane"
    RESULT = "result"
    REMEDY = "remedy"
    DETAIL = "detail"


class Line(Struct, frozen=True):
    """One line. `aside` is footprint or provenance, `figure` a duration or an age; only lanes have `children`."""

    kind: Kind
    key: str
    glyph: Glyph
    level: Level
    title: str
    answer: str = ""
    aside: str = ""
    figure: str = ""
    link: str = ""
    action: str = ""
    is_stale: bool = False
    children: tuple[Line, ...] = ()

    def sentence(self) -> str:
        """Say the line, for assistive technology and for copying."""
        parts = (self.title, self.glyph.value, self.answer, self.aside, self.figure, self.link)
        return ", ".join(part for part in parts if part)


class Wanted(Struct, frozen=True):
    """How the trader wants the list: worst first or in order of the run, filtered, which lines drilled into."""

    worst_first: bool = True
    needle: str = ""
    opened: Collection[str] = ()


def lines_of(run: Run, zone: str, now: float, wanted: Wanted) -> tuple[Line, ...]:
    """Return the lanes of a run with their lines, as of `now` (UTC epoch seconds).

    What is out of date is unknown, whatever it was: its glyph is the ring. While it runs the order
    stays put, so that nothing jumps.
    """
    by_lane = {lane_run.lane: lane_run for lane_run in run.lanes}
    lanes = []
    for lane in Lane:
        results = run.of_lane(lane)
        if results:
            lines = _lane(lane, by_lane.get(lane), results, run, zone, now, wanted)
            if lines is not None:
                lanes.append(lines)
    if wanted.worst_first and not run.is_running:
        decides = {lane.value: _urgency(_deciding_level(run, lane)) for lane in Lane}
        lanes.sort(key=lambda line: (-decides[line.key], -_urgency(line.level)))
    return tuple(lanes)


def _deciding_level(run: Run, lane: Lane) -> Level:
    """Return the worst level that entered the verdict; a lane that only advises comes after one that decided."""
    levels = [
        result.level
        for result in run.of_lane(lane)
        if result.check.bearing is Bearing.DECIDES
        and result.finding is not None
        and not result.finding.not_tested
    ]
    return max(levels, key=_urgency, default=Level.READY)


def _urgency(level: Level) -> int:
    """Order for reading: what blocks, what limits, what nobody knows, what is fine."""
    return {Level.BLOCKED: 3, Level.LIMITED: 2, Level.UNKNOWN: 1, Level.READY: 0}[level]


def _lane(
    lane: Lane,
    lane_run: LaneRun | None,
    results: tuple[Result, ...],
    run: Run,
    zone: str,
    now: float,
    wanted: Wanted,
) -> Line | None:
    shown = [result for result in results if _matches(result, lane, wanted.needle)]
    if not shown:
        return None
    if wanted.worst_first and not run.is_running:
        shown.sort(key=_result_urgency)
    children: list[Line] = []
    said: set[str] = set()
    for result in shown:
        children.append(_result(result, now))
        finding = result.finding
        if finding is not None:
            children.extend(_remedy(result, finding, said))
            if result.check.id in wanted.opened:
                children.extend(_details(result, finding, zone, now))
    is_stale = run.ended is not None and now - run.ended > FINDING_FRESH_FOR
    level = Level.UNKNOWN if is_stale else run.lane_level(lane)
    is_done = all(result.progress in (Progress.DONE, Progress.CANCELLED) for result in results)
    glyph = glyph_of(level) if is_done else _lane_progress(results)
    if is_done and all(result.finding is None or result.finding.not_tested for result in results):
        glyph = Glyph.NOT_TESTED
    return Line(
        kind=Kind.LANE,
        key=lane.value,
        glyph=glyph,
        level=level if is_done else Level.UNKNOWN,
        title=lane.label,
        answer=_lane_answer(lane_run, results, is_done=is_done),
        aside=lane.footprint.value,
        figure=_lane_seconds(lane_run),
        is_stale=is_stale,
        children=tuple(children),
    )


def _result_urgency(result: Result) -> tuple[int, bool]:
    not_tested = result.finding is not None and result.finding.not_tested
    return (-_urgency(result.level), not_tested)


def _lane_progress(results: tuple[Result, ...]) -> Glyph:
    return Glyph.WAITING if all(result.progress is Progress.WAITING for result in results) else Glyph.RUNNING


def _lane_answer(lane_run: LaneRun | None, results: tuple[Result, ...], *, is_done: bool) -> str:
    """Say a lane in a few words: observed values while they fit, else how many of how many."""
    total = len(results)
    if not is_done:
        done = sum(result.progress is Progress.DONE for result in results)
        if done:
            return f"{done} of {total} answered"
        return "running" if any(result.progress is Progress.RUNNING for result in results) else "waiting"
    skipped = sum(result.finding is None or result.finding.not_tested for result in results)
    if skipped == total:
        said = {result.finding.answer for result in results if result.finding is not None}
        return discreet(said.pop()) if len(said) == 1 else "not tested"
    ready = sum(result.level is Level.READY for result in results)
    late = ", out of time" if lane_run is not None and lane_run.timed_out else ""
    if ready == total and total <= 3:
        return discreet(" · ".join(result.finding.answer for result in results if result.finding is not None))
    return f"{ready} of {total - skipped} ready{late}"


def _lane_seconds(lane_run: LaneRun | None) -> str:
    if lane_run is None or lane_run.started is None or lane_run.ended is None:
        return ""
    return took(lane_run.ended - lane_run.started)


def _result(result: Result, now: float) -> Line:
    finding = result.finding
    key = result.check.id
    glyph = glyph_of_result(result)
    if finding is None:
        return Line(
            Kind.RESULT, key, glyph, Level.UNKNOWN, discreet(result.check.title), result.progress.value
        )
    seconds = finding.age(now)
    is_stale = _is_stale(finding, seconds)
    aside = "—" if finding.provenance is None else finding.provenance.value
    if result.check.bearing is Bearing.ADVISES:
        aside = f"{aside}, advice"
    return Line(
        kind=Kind.RESULT,
        key=key,
        glyph=Glyph.UNKNOWN if is_stale else glyph,
        level=Level.UNKNOWN if is_stale else finding.level,
        title=discreet(result.check.title),
        answer=discreet(finding.answer),
        aside=aside,
        figure=age(seconds) if seconds is not None else "",
        is_stale=is_stale,
    )


def _is_stale(finding: Finding, seconds: float | None) -> bool:
    is_measured = finding.provenance in (Provenance.MEASURED, Provenance.INFERRED)
    return is_measured and seconds is not None and seconds > FINDING_FRESH_FOR


def _remedy(result: Result, finding: Finding, said: set[str]) -> list[Line]:
    """Return the line that follows a failing one; the same cure is said once per lane."""
    remedy = finding.remedy
    if remedy is None or finding.level is Level.READY or finding.not_tested or remedy.sentence in said:
        return []
    said.add(remedy.sentence)
    took_about = f" About {remedy.minutes:.0f} min." if remedy.minutes else ""
    return [
        Line(
            kind=Kind.REMEDY,
            key=f"{result.check.id}/remedy",
            glyph=Glyph.WAITING,
            level=finding.level,
            title=discreet(remedy.sentence) + took_about,
            link=link_of(remedy.action),
            action=remedy.action,
        )
    ]


def _details(result: Result, finding: Finding, zone: str, now: float) -> list[Line]:
    """Return what a line shows when drilled into: its evidence, and the rest of the answer."""
    parts = []
    if finding.provenance is not None and finding.at is not None:
        parts.append(
            f"{finding.provenance.value.capitalize()} {clock_time(finding.at, zone)}, {ago(now - finding.at)}"
        )
    if finding.since is not None:
        parts.append(f"the same since {clock_time(finding.since, zone)}")
    parts.append(f"{result.check.footprint.value} probe, {took(result.seconds)}")
    if result.check.needs:
        parts.append(f"needs {', '.join(result.check.needs)}")
    if finding.diagnosis:
        parts.append(f"cause {discreet(finding.diagnosis)}")
    texts = [" · ".join(parts)]
    if finding.detail:
        texts.insert(0, discreet(finding.detail))
    return [
        Line(Kind.DETAIL, f"{result.check.id}/detail-{place}", Glyph.WAITING, Level.UNKNOWN, text)
        for place, text in enumerate(texts)
    ]


def _matches(result: Result, lane: Lane, needle: str) -> bool:
    if not needle:
        return True
    answer = result.finding.answer if result.finding is not None else ""
    return needle.casefold() in f"{lane.label}\n{result.check.title}\n{answer}\n{result.level}".casefold()
