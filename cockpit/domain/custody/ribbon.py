"""The custody ribbon: two tracks over the day, trading and live data, cut wherever the holder changes.

What nobody has seen is unknown: a session that answered an hour ago proves nothing for now. Only bad news outlasts its
freshness: once data were taken they stay taken until live data come again or the session begins anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.custody.history import History
from cockpit.domain.custody.holding import Hold, Holder, data_at, trading_at
from cockpit.domain.custody.tracks import Tracks
from cockpit.domain.evidence import Provenance
from cockpit.domain.kinds import FeedState, PortalStage, Upstream
from cockpit.domain.plan import Plan, Portal
from cockpit.domain.socket_session import title_of
from cockpit.domain.words import clock, span

_LEAST = 3600.0  # seconds before the running hour


class Track(StrEnum):
    """What can be held."""

    TRADING = "Trading"
    DATA = "Live data"


class Stretch(Struct, frozen=True):
    """A time in which one holder held one thing (UTC epoch seconds)."""

    track: Track
    start: float
    end: float
    hold: Hold


class Mark(Struct, frozen=True):
    """A moment worth a tick: a code of the broker, a sign-in, a word of the trader. `at` in UTC epoch seconds."""

    at: float
    title: str
    sentence: str
    provenance: Provenance


class Ribbon(Struct, frozen=True):
    """The day from `start` to `end`: both tracks without gaps, and what happened."""

    start: float
    end: float
    trading: tuple[Stretch, ...] = ()
    data: tuple[Stretch, ...] = ()
    marks: tuple[Mark, ...] = ()

    def track(self, which: Track) -> tuple[Stretch, ...]:
        """Return the stretches of one track."""
        return self.trading if which is Track.TRADING else self.data

    def holds(self, which: Track) -> Hold | None:
        """Return who holds it at the end; None when the ribbon is empty."""
        stretches = self.track(which)
        return stretches[-1].hold if stretches else None


def custody_ribbon(history: History, plan: Plan, start: float, now: float) -> Ribbon:
    """Return who held trading and data from `start` to `now` (UTC epoch seconds). A paper user has its own session."""
    if now <= start:
        return Ribbon(start, now)
    tracks = Tracks(history)
    turns = tracks.turns(start, now)
    trading, data = [], []
    for begin, end in pairwise(turns):
        middle = (begin + end) / 2
        trading.append(Stretch(Track.TRADING, begin, end, trading_at(tracks, plan, middle)))
        data.append(Stretch(Track.DATA, begin, end, data_at(tracks, plan, middle)))
    marks = sorted(
        (mark for mark in _marks(tracks, plan) if start <= mark.at <= now), key=lambda mark: mark.at
    )
    return Ribbon(start, now, _joined(trading), _joined(data), tuple(marks))


def day_begin(history: History, zone: str, now: float) -> float:
    """Return where a ribbon of today begins (UTC epoch seconds): the full hour before the first word since midnight.

    Hours of which nothing can be known would only take room from the others. At least two hours are shown.
    """
    today = datetime.fromtimestamp(now, ZoneInfo(zone)).replace(minute=0, second=0, microsecond=0)
    midnight = today.replace(hour=0).timestamp()
    first = min((span.first for span in history.spans if midnight <= span.first <= now), default=now)
    full_hour = datetime.fromtimestamp(first, ZoneInfo(zone)).replace(minute=0, second=0, microsecond=0)
    return max(midnight, min(full_hour.timestamp(), today.timestamp() - _LEAST))


def _joined(stretches: list[Stretch]) -> tuple[Stretch, ...]:
    """Join neighbours that say the same."""
    joined: list[Stretch] = []
    for one in stretches:
        if joined and joined[-1].hold == one.hold:
            joined[-1] = replace(joined[-1], end=one.end)
        else:
            joined.append(one)
    return tuple(joined)


def _marks(tracks: Tracks, plan: Plan) -> Iterator[Mark]:
    measured = Provenance.MEASURED
    for socket in plan.sockets:
        title = title_of(socket, plan)
        for seen in tracks.each(kinds.UPSTREAM, socket.subject):
            if seen.value == Upstream.DOWN:
                yield Mark(seen.first, "1100", f"{title} lost the broker's servers", measured)
            elif seen.value == Upstream.UP_DATA_LOST:
                yield Mark(seen.first, "1101", f"{title} is back; subscriptions were lost", measured)
            elif seen.value == Upstream.UP_DATA_KEPT:
                yield Mark(seen.first, "1102", f"{title} is back; subscriptions were kept", measured)
        for seen in tracks.each(kinds.DATA_TAKEN, socket.subject):
            if seen.value is True:
                yield Mark(seen.first, "10197", f"{title}: another session took the live data", measured)
        for seen in tracks.each(kinds.CONNECTED_AT, socket.subject):
            if isinstance(seen.value, float):
                yield Mark(seen.value, "in", f"The session with {title} began", seen.provenance)
        for subject in tracks.below(kinds.FEED, f"{socket.subject}/feed/"):
            for seen in tracks.each(kinds.FEED, subject):
                if seen.value == FeedState.COMPETING:
                    what = subject.rpartition("/")[2]
                    yield Mark(seen.first, "data", f"{title}: {what} went to another session", measured)
    for seen in tracks.each(kinds.PORTAL_STAGE, Portal.subject):
        if seen.value == PortalStage.COMPETING:
            yield Mark(seen.first, "competing", "Client Portal says that another session competes", measured)
    for seen in tracks.each(kinds.OPENED_AT, "mobile"):
        if isinstance(seen.value, float):
            yield Mark(seen.value, "mobile", "You opened IBKR Mobile", Provenance.ATTESTED)


def sentence(stretch: Stretch, zone: str) -> str:
    """Say a stretch whole: `08:31 to 08:44 (13 min), Live data: another login, measured. Code 10197 …`."""
    hold = stretch.hold
    length = span(stretch.end - stretch.start)
    seen = f", {hold.provenance}" if hold.provenance is not None else ""
    times = f"{clock(stretch.start, zone)} to {clock(stretch.end, zone)} ({length})"
    return f"{times}, {stretch.track}: {hold.who}{seen}. {hold.sentence}."


def summary(ribbon: Ribbon, zone: str) -> str:
    """Say the whole ribbon, a line for each stretch and each moment: for a screen reader and for copying."""
    lines = [sentence(one, zone) for track in Track for one in ribbon.track(track)]
    lines += [
        f"{clock(mark.at, zone, seconds=True)} {mark.sentence} ({mark.title})." for mark in ribbon.marks
    ]
    return "\n".join(lines)


def unknown_seconds(ribbon: Ribbon, which: Track) -> float:
    """Return for how many seconds nobody knows who held it."""
    return sum(one.end - one.start for one in ribbon.track(which) if one.hold.holder is Holder.UNKNOWN)
