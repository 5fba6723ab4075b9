"""Clocks of the broker's servers: daily resets of the desk's region and the weekend's maintenance."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.domain.confidence import Confidence
from cockpit.domain.evidence import Provenance
from cockpit.domain.horizon import HorizonEvent, HorizonKind
from cockpit.domain.horizon_events.outlook import DAY, Outlook, dated, seconds_between, strikes
from cockpit.domain.windows import Region, Window, region_of

_PROVENANCES = {
    Confidence.DOCUMENTED: Provenance.PUBLISHED,
    Confidence.OBSERVED: Provenance.INFERRED,
    Confidence.INFERRED: Provenance.INFERRED,
    Confidence.ATTESTED: Provenance.ATTESTED,
    Confidence.UNKNOWN: Provenance.INFERRED,
}
_GUESSED = "Taken for the region of the desk's time zone: which servers serve a user is not published."


def windows_of(outlook: Outlook) -> tuple[Window, ...]:
    """Return the windows that concern this desk: those for all, and those of the region of its time zone."""
    here = (Region.ALL, region_of(outlook.plan.zone))
    return tuple(row for row in outlook.catalogue.windows.values() if row.region in here)


def resets(outlook: Outlook) -> Iterator[HorizonEvent]:
    """The stretches in which servers are reset, those that run now included."""
    for row in windows_of(outlook):
        is_guess = row.region is not Region.ALL
        for at, until in stretches(row, outlook.now, outlook.until):
            yield HorizonEvent(
                f"{row.key}@{at:.0f}",
                row.title,
                HorizonKind.MAINTENANCE,
                at,
                until,
                sentence=f"{row.effect} {_GUESSED}" if is_guess else row.effect,
                provenance=Provenance.INFERRED if is_guess else _PROVENANCES[row.confidence],
                source=dated(row.source, row.as_of),
                interfaces=row.interfaces,
            )


def stretches(row: Window, begin: float, end: float) -> Iterator[tuple[float, float]]:
    """Yield beginning and end (UTC epoch seconds) of the times at which `row` meets [`begin`, `end`)."""
    # Two days back: a stretch is a day long at most, and a change of the clocks adds an hour.
    for at in strikes(row.begins, row.zone, begin - 2 * DAY, end, frozenset(row.weekdays)):
        length = seconds_between(row.begins, row.ends)
        until = next(strikes(row.ends, row.zone, at + 60, at + 2 * DAY), at + length)
        if until > begin:
            yield at, until
