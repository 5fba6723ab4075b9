"""Stretches in which the broker resets its servers, as published rows."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cockpit.domain.confidence import Confidence
from cockpit.domain.interface import Interface


class Region(StrEnum):
    """Which of the broker's server groups a row speaks of."""

    ALL = "all"
    AMERICA = "america"
    EUROPE = "europe"
    ASIA = "asia"


class Window(Struct, frozen=True):
    """A stretch of server resets: HH:MM in `zone`; one that ends before it begins runs past midnight.

    `weekdays` are those of the beginnings, 0 Monday … 6 Sunday. `interfaces` are those that it takes away; empty: all.
    """

    key: str
    title: str
    weekdays: tuple[int, ...]
    begins: str
    ends: str
    zone: str
    region: Region
    source: str
    as_of: str
    confidence: Confidence
    effect: str = ""
    notes: str = ""
    interfaces: tuple[Interface, ...] = ()


_CONTINENTS = {
    "America": Region.AMERICA,
    "US": Region.AMERICA,
    "Canada": Region.AMERICA,
    "Europe": Region.EUROPE,
    "Africa": Region.EUROPE,
    "Asia": Region.ASIA,
    "Australia": Region.ASIA,
    "Pacific": Region.ASIA,
}


def region_of(zone: str) -> Region:
    """Return the server group that is nearest to a time zone: a guess, for none is published for a user."""
    return _CONTINENTS.get(zone.partition("/")[0], Region.AMERICA)
