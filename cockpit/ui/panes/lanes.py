"""The pre-open check as it ran: lanes side by side on one time line."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cockpit.domain.level import Level
from cockpit.domain.readiness import Lane, LaneRun, Progress, Result, Run
from cockpit.domain.words import listed
from cockpit.services.state import DeskState
from cockpit.ui.glance import VERDICT_FRESH_FOR, Glance
from cockpit.ui.glyphs import Glyph, glyph_of
from cockpit.ui.pane import Pane
from cockpit.ui.text import ago, discreet, took
from cockpit.ui.widgets.lane_bars import Bar, LaneBars

_MOST_LETTERS = 52  # of a remark beside a bar
HINT = "The lanes of the check show here as they run, side by side."


class LanesPane(Pane):
    """One bar per lane; while it runs the bars grow with every answer, not with every second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: Run | None = None
        self._second = 0
        self.bars = LaneBars(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.bars)

    def show_state(self, state: DeskState, found: Glance, now: float) -> None:
        run = state.run
        if run is not None and run is self._run and int(now) == self._second:
            return  # facts come many times a second, runs do not
        self._run, self._second = run, int(now)
        if run is None:
            self.bars.show_bars((), 1.0, HINT)
            self._say_aside("")
            return
        gone = run.seconds if run.ended is not None else max(0.0, now - run.started)
        ran = {lane_run.lane: lane_run for lane_run in run.lanes}
        bars = [_bar(lane, ran.get(lane), run, gone) for lane in Lane if run.of_lane(lane)]
        if run.ended is not None and now - run.ended > VERDICT_FRESH_FOR:
            bars = [replace(bar, level=Level.UNKNOWN, glyph=Glyph.UNKNOWN) for bar in bars]
        longest = max([gone, *(bar.end for bar in bars if bar.end is not None)])
        self.bars.show_bars(bars, longest, HINT)
        self._say_aside(_aside(run, now))


def _bar(lane: Lane, ran: LaneRun | None, run: Run, gone: float) -> Bar:
    results = run.of_lane(lane)
    start = ran.started if ran is not None else None
    end = ran.ended if ran is not None else None
    is_running = start is not None and end is None and run.is_running
    done = [result for result in results if result.finding is not None]
    ready = sum(result.level is Level.READY for result in done)
    not_asked = sum(result.finding is not None and result.finding.not_tested for result in done)
    asked = len(results) - not_asked
    if not done:
        glyph, level, note = Glyph.WAITING, Level.UNKNOWN, "running" if is_running else "waiting"
        if not run.is_running:
            glyph, note = Glyph.NOT_TESTED, "not tested"
    else:
        level = run.lane_level(lane)
        glyph = glyph_of(level)
        if all(result.finding is not None and result.finding.not_tested for result in done):
            glyph = Glyph.NOT_TESTED
        note = "not tested" if glyph is Glyph.NOT_TESTED else f"{ready}/{asked}{_worst_of(results)}"
    figure = took(end - start) if start is not None and end is not None else ""
    return Bar(
        name=lane.label,
        start=start,
        end=end if end is not None else gone if is_running else None,
        glyph=Glyph.RUNNING if is_running else glyph,
        level=Level.UNKNOWN if is_running else level,
        figure=figure,
        note=note + (", out of time" if ran is not None and ran.timed_out else ""),
        is_running=is_running,
    )


def _worst_of(results: tuple[Result, ...]) -> str:
    """Name what is not ready, in the few words a bar has room for."""
    poor = [
        r
        for r in results
        if r.finding is not None and not r.finding.not_tested and r.level is not Level.READY
    ]
    if not poor:
        return ""
    if len(poor) == 1 and poor[0].finding is not None:
        said = f"{poor[0].check.title}: {poor[0].finding.answer}"
        return ", " + discreet(said if len(said) < _MOST_LETTERS else poor[0].check.title)
    return ", " + discreet(listed([result.check.title for result in poor], 2))


def _aside(run: Run, now: float) -> str:
    if run.ended is not None and now - run.ended > VERDICT_FRESH_FOR:
        return f"out of date, checked {ago(now - run.ended)}"
    done = sum(result.progress is Progress.DONE for result in run.results)
    text = f"{done} of {len(run.results)}"
    spans = [
        (lane.ended - lane.started, lane.lane)
        for lane in run.lanes
        if lane.started is not None and lane.ended
    ]
    if not spans or run.is_running:
        return text
    seconds, slowest = max(spans, key=lambda span: span[0])
    return f"{text} · slowest: {slowest.label} {took(seconds)}"
