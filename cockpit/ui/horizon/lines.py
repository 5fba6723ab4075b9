"""What list and time line say of the events: one line per clock, one mark per strike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from cockpit.domain.calendar import venue_name
from cockpit.domain.horizon import HorizonEvent
from cockpit.domain.horizon_events.unknown import NO_VENUE, Missing
from cockpit.domain.level import Level, worst
from cockpit.domain.words import clock, counted, listed, moment, span, zone_letters
from cockpit.ui.actions import link_of
from cockpit.ui.glyphs import Glyph, glyph_of
from cockpit.ui.horizon.placing import Mark
from cockpit.ui.horizon.scale import Zoom
from cockpit.ui.text import ago, discreet, short
from cockpit.ui.widgets.ledger import Cell, Place, Row, Tone

PLACES = (
    Place("Standing", 114),
    Place("What", 184, 3),
    Place("When", 136, 1),
    Place("What it does, and what to do", 190, 9, spare=1),
    Place("Known from", 134),
)
ROW = 42
ANSWERED_TODAY = "say-non-professional"  # the link of this pane alone
_LINKS = {ANSWERED_TODAY: "Answered today"}
_LONG = 20 * 3600.0  # seconds; of a longer stretch the day matters and not the hour
_WORDS = {
    Level.READY: "clear",
    Level.LIMITED: "with care",
    Level.BLOCKED: "blocked",
    Level.UNKNOWN: "unknown",
}


class Series(Struct, frozen=True):
    """The strikes of one clock, soonest first."""

    events: tuple[HorizonEvent, ...]

    @property
    def first(self) -> HorizonEvent:
        """The one that stands for all: the next that hits a flow, else the next of the worst."""
        return min(self.events, key=lambda event: (not event.hits, -event.level.rank, event.at))

    @property
    def hits(self) -> tuple[str, ...]:
        """The flows that any of them hits."""
        return tuple(dict.fromkeys(title for event in self.events for title in event.hits))

    @property
    def level(self) -> Level:
        """The worst of all."""
        return worst(event.level for event in self.events)


def series_of(events: Iterable[HorizonEvent]) -> tuple[Series, ...]:
    """Gather the strikes of each clock, in the order of those that stand for them."""
    found: dict[str, list[HorizonEvent]] = {}
    for event in events:
        found.setdefault(event.series, []).append(event)
    gathered = (Series(tuple(strikes)) for strikes in found.values())
    return tuple(sorted(gathered, key=lambda series: series.first.at))


def marks_of(events: Sequence[HorizonEvent], zoom: Zoom, zone: str) -> tuple[Mark, ...]:
    """Return a mark for each event. Of a clock that strikes again and again the first that matters has a label.

    The others are ticks, but for a line of one day.
    """
    named = {series.first.key for series in series_of(events)}
    return tuple(
        Mark(
            event.key,
            event.at,
            event.until,
            event.level,
            event.provenance,
            _label(event, zone) if event.key in named or zoom is Zoom.DAY else "",
            bool(event.hits),
        )
        for event in events
    )


def _label(event: HorizonEvent, zone: str) -> str:
    title = short(event.title, 44)
    return title if event.ends - event.at >= _LONG else f"{title} {clock(event.at, zone)}"


def row_of(series: Series, now: float, zone: str) -> Row:
    """Return the line of a clock."""
    event = series.first
    word = "collides" if event.hits else _WORDS[event.level]
    if event.level is Level.BLOCKED:
        word = "ended"
    count = len(series.events)
    again = f" · {counted(count, 'time')}" if count > 1 else ""
    return Row(
        series.first.series,
        (
            Cell(
                word, glyph=glyph_of(event.level), level=event.level, evidence=event.provenance, is_mark=True
            ),
            Cell(discreet(event.title), discreet(f"{event.kind.value}{again}"), Tone.STRONG),
            Cell(when(event, now, zone), left(event, now)),
            _doing(series),
            Cell(event.provenance.value, "" if event.seen is None else ago(now - event.seen), Tone.QUIET),
        ),
        discreet(whole(series, now, zone)),
    )


def _doing(series: Series) -> Cell:
    """Say into what a clock falls and what to do; of one that falls into nothing, what it does."""
    event = series.first
    if event.hits:
        flows = discreet(listed(series.hits, 2))
        return Cell(
            f"Falls into {flows}", discreet(event.move), Tone.PLAIN, glyph_of(event.level), event.level
        )
    detail = event.move
    if event.unjudged:
        hours = listed([venue_name(venue) or NO_VENUE for venue in event.unjudged], 2)
        detail = f"not held against the hours of {hours}"
    return Cell(discreet(event.sentence), discreet(detail), Tone.QUIET, wraps=not detail)


def when(event: HorizonEvent, now: float, zone: str) -> str:
    """Say when: `Sun 01:00`, or `Fri 23:00 – 03:00` for a stretch."""
    begins = moment(event.at, now, zone)
    if event.until is None:
        return begins
    if event.until - event.at >= _LONG:
        first, last = _day(event.at, now, zone), _day(event.until - 1, now, zone)
        return first if first == last else f"{first} – {last}"
    return f"{begins} – {clock(event.until, zone)}"


def _day(at: float, now: float, zone: str) -> str:
    return moment(at, now, zone).rpartition(" ")[0] or "today"


def left(event: HorizonEvent, now: float) -> str:
    """Say how long until then: `in 15 h 13 min`, `now`, `3 d ago`."""
    if event.at > now:
        return f"in {span(event.at - now)}"
    return "now" if event.ends > now else f"{span(now - event.ends)} ago"


def whole(series: Series, now: float, zone: str) -> str:
    """Say all that is known of a clock: nothing is told by hovering alone."""
    event = series.first
    letters = zone_letters(event.at, zone)
    lines = [f"{event.title}: {when(event, now, zone)} {letters}, {left(event, now)}. {event.sentence}"]
    others = [moment(one.at, now, zone) for one in series.events if one.key != event.key]
    if others:
        lines.append(f"Also {listed(others, 6)}.")
    if series.hits:
        lines.append(f"Falls into: {', '.join(series.hits)}. {event.move}")
    elif event.move:
        lines.append(event.move)
    lines.append(f"{event.provenance.value.capitalize()}: {event.source or 'no source kept'}.")
    return "\n".join(lines)


def missing_row(missing: Missing) -> Row:
    """Return the line of a clock of which nothing is known."""
    action = ANSWERED_TODAY if missing.key == "non-professional" else missing.action
    link = _LINKS.get(action) or link_of(action)
    return Row(
        f"missing/{missing.key}",
        (
            Cell("not known", glyph=Glyph.UNKNOWN, level=Level.UNKNOWN, is_mark=True),
            Cell(discreet(missing.title[:1].upper() + missing.title[1:]), "not on the line", Tone.STRONG),
            Cell("—", tone=Tone.QUIET),
            Cell(discreet(missing.cure), tone=Tone.QUIET, wraps=True),
            Cell(link, tone=Tone.LINK, action=action) if link else Cell("—", tone=Tone.QUIET),
        ),
        discreet(f"{missing.title[:1].upper() + missing.title[1:]} is not on the line. {missing.cure}"),
        is_quiet=True,
    )
