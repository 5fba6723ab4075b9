"""The horizon as an iCalendar file (RFC 5545), for the calendar that the desk looks at anyway."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from cockpit.domain.horizon import HorizonEvent
from cockpit.domain.level import Level

NAME = "Access horizon"
_PRODUCT = "-//access cockpit//horizon//EN"
_CONTROL = dict.fromkeys((*range(9), *range(11, 32), 127))  # RFC 5545 allows none but tab and line feed


def to_ical(events: Sequence[HorizonEvent], now: float) -> bytes:
    """Return `events` as a calendar. `now` (UTC epoch seconds) becomes the stamp of the export.

    All times are written in UTC. No entry takes up time or rings: it is the desk's own calendar that reminds. An entry
    keeps its identity from export to export, so that a second import moves it and does not double it.
    """
    # Imported here because it brings its time zones and parsers, which only an export needs.
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", NAME)
    for event in events:
        entry = Event()
        entry.add("uid", f"{_plain(event.key)}@access-cockpit")
        entry.add("dtstamp", _utc(now))
        entry.add("dtstart", _utc(event.at))
        if event.until is not None:
            entry.add("dtend", _utc(event.until))
        entry.add("summary", _summary(event))
        entry.add("description", description(event))
        entry.add("categories", [event.kind.value])
        entry.add("transp", "TRANSPARENT")
        calendar.add_component(entry)
    made: bytes = calendar.to_ical()
    return made


def description(event: HorizonEvent) -> str:
    """Say everything about an event, line by line."""
    lines = [event.sentence]
    if event.hits:
        lines.append(f"Falls into: {', '.join(event.hits)}")
    lines.append(event.move)
    lines.append(
        f"{event.provenance.value.capitalize()}: {event.source}" if event.source else event.provenance.value
    )
    return _plain("\n".join(line for line in lines if line))


def _summary(event: HorizonEvent) -> str:
    mark = {Level.LIMITED: "With care: ", Level.BLOCKED: "Blocked: ", Level.UNKNOWN: "Not confirmed: "}
    return _plain(f"{mark.get(event.level, '')}{event.title}").replace("\n", " ")


def _plain(text: str) -> str:
    """Drop control letters and halves of letters that no file can hold."""
    return text.translate(_CONTROL).encode("utf-8", "ignore").decode("utf-8")


def _utc(at: float) -> datetime:
    return datetime.fromtimestamp(int(at), UTC)
