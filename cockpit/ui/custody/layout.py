"""Where everything of the ribbon stands, in pixels: stretches, marks and hours, and what lies under a point."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import IntEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from cockpit.domain.custody.holding import Hold
from cockpit.domain.custody.ribbon import Mark, Ribbon, Track

HOURS = (1, 2, 3, 6, 12, 24)  # between two labels of the axis, the closest that have room
_LABEL = 46.0  # pixels that one label of the axis needs
_TICK = 4.0  # pixels between two marks that are told apart


class Lane(IntEnum):
    """The three lines through which the keyboard moves, from top to bottom."""

    MARKS = 0
    TRADING = 1
    DATA = 2

    @property
    def track(self) -> Track | None:
        """The track it shows; None for the marks."""
        return {Lane.TRADING: Track.TRADING, Lane.DATA: Track.DATA}.get(self)


class Bar(Struct, frozen=True):
    """One stretch as it is drawn, from `left` to `right`, in whole pixels."""

    lane: Lane
    left: int
    right: int
    hold: Hold


class Tick(Struct, frozen=True):
    """One mark as it is drawn; `label` is "" when a neighbour left no room."""

    x: int
    label: str


class Drawing(Struct, frozen=True):
    """All that is drawn: two equal drawings need no new painting."""

    bars: tuple[Bar, ...] = ()
    ticks: tuple[Tick, ...] = ()
    hours: tuple[tuple[int, str], ...] = ()


class Scale(Struct, frozen=True):
    """Maps the time of a ribbon to pixels from `left` to `right`."""

    start: float
    end: float
    left: int
    right: int

    def x(self, at: float) -> int:
        """Return the pixel of a moment (UTC epoch seconds)."""
        share = (at - self.start) / max(1.0, self.end - self.start)
        return self.left + round(min(1.0, max(0.0, share)) * (self.right - self.left))

    def at(self, x: float) -> float:
        """Return the moment of a pixel."""
        share = (x - self.left) / max(1, self.right - self.left)
        return self.start + min(1.0, max(0.0, share)) * (self.end - self.start)


def draw(ribbon: Ribbon, scale: Scale, zone: str, width_of: Callable[[str], int]) -> Drawing:
    """Lay a ribbon out; `width_of` measures a label."""
    bars = tuple(
        Bar(lane, scale.x(one.start), max(scale.x(one.end), scale.x(one.start) + 1), one.hold)
        for lane in (Lane.TRADING, Lane.DATA)
        if lane.track is not None
        for one in ribbon.track(lane.track)
    )
    return Drawing(bars, _ticks(ribbon, scale, width_of), _hours(scale, zone))


def _ticks(ribbon: Ribbon, scale: Scale, width_of: Callable[[str], int]) -> tuple[Tick, ...]:
    """Place the marks; the label of one that has no room is left out, its tick stays."""
    ticks, taken = [], float("-inf")
    for mark in ribbon.marks:
        x = scale.x(mark.at)
        half = width_of(mark.title) / 2
        middle = min(max(x, scale.left + half), scale.right - half)
        has_room = middle - half >= taken + _TICK
        ticks.append(Tick(x, mark.title if has_room else ""))
        if has_room:
            taken = middle + half
    return tuple(ticks)


def _hours(scale: Scale, zone: str) -> tuple[tuple[int, str], ...]:
    length = scale.end - scale.start
    most = max(1.0, (scale.right - scale.left) / _LABEL)
    step = next((hours for hours in HOURS if length / 3600 / hours <= most), HOURS[-1])
    local = ZoneInfo(zone)
    begin = datetime.fromtimestamp(scale.start, local).replace(minute=0, second=0, microsecond=0).timestamp()
    found = []
    # Hours are walked in UTC, so one that a change of the clocks leaves out or repeats holds nothing up.
    for number in range(int((scale.end - begin) // 3600) + 1):
        moment = datetime.fromtimestamp(begin + 3600 * number, local)
        if moment.timestamp() >= scale.start and moment.hour % step == 0:
            found.append((scale.x(moment.timestamp()), f"{moment:%H:%M}"))
    return tuple(found)


def nearest_mark(ribbon: Ribbon, at: float) -> Mark | None:
    """Return the mark that is nearest in time."""
    return min(ribbon.marks, key=lambda mark: abs(mark.at - at), default=None)
