"""Clocks of the phone, of temporary codes and of online code cards: each from a moment the trader has said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance, Seen
from cockpit.domain.horizon import HorizonEvent, HorizonKind, Shift
from cockpit.domain.horizon_events.outlook import Outlook, dated
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.reference import AuthMethod
from cockpit.domain.register import RecoveryKind, RecoveryPath

_UNITS = {"minute": kinds.MINUTE, "hour": kinds.HOUR, "day": kinds.DAY, "year": 365 * kinds.DAY}
_NUMBER = re.compile(r"(\d{1,4})(?:\s+more)?(?:\s+(minute|hour|day|year)s?)?\b")
_SHOWN_AFTER = 7 * kinds.DAY  # an ended code is named for a week, then it is no news


def spans_in(words: str) -> tuple[float, ...]:
    """Read the lengths of time in a published text, in seconds: `12 hours with a PIN, 30 with biometrics`.

    A number without a unit has that of the number before it; one at the beginning without a unit is left out.
    """
    found: list[float] = []
    unit = ""
    for number, named in _NUMBER.findall(words):
        unit = named or unit
        if unit:
            found.append(int(number) * _UNITS[unit])
    return tuple(found)


def mobile_access(outlook: Outlook) -> Iterator[HorizonEvent]:
    """When IBKR Mobile falls back to looking only: so long after the trader said that it was opened."""
    seen = outlook.facts.look(kinds.OPENED_AT, "mobile")
    if seen is None:
        return
    at = seen.value + outlook.plan.mobile_access
    if at <= outlook.now:
        return
    row = outlook.catalogue.auth.get("mobile-extended-access")
    yield HorizonEvent(
        "mobile@0",
        "IBKR Mobile looks only",
        HorizonKind.FACTOR,
        at,
        sentence="Its trading access runs from the last time it was used: open it before then and it carries on.",
        provenance=Provenance.ATTESTED,
        source=_source(row, "opened at the time the trader said"),
        interfaces=(Interface.MOBILE,),
        shift=Shift.RENEW,
        seen=seen.at,
    )


def temporary_codes(outlook: Outlook) -> Iterator[HorizonEvent]:
    """When a temporary code stops to open TWS, and when it stops to open anything."""
    row = outlook.catalogue.auth.get("temporary-code")
    spans = spans_in(row.window) if row is not None else ()
    if len(spans) < 2:
        return
    full, portal = spans[0], spans[0] + spans[1]
    for path, seen in _issued(outlook, RecoveryKind.TEMPORARY_CODE):
        first = _ended(
            outlook,
            path,
            seen,
            row,
            seen.value + full,
            "opens Client Portal only",
            "TWS and IB Gateway no longer take it: have another factor working before then.",
            (Interface.TWS, Interface.TWS_API),
        )
        last = _ended(
            outlook,
            path,
            seen,
            row,
            seen.value + portal,
            "opens nothing more",
            "It is not given twice in a row: another factor must work before then.",
            (Interface.CLIENT_PORTAL,),
        )
        yield from (event for event in (first, last) if event is not None)


def online_cards(outlook: Outlook) -> Iterator[HorizonEvent]:
    """When an online code card ends."""
    row = outlook.catalogue.auth.get("online-code-card")
    spans = spans_in(row.window) if row is not None else ()
    if not spans:
        return
    for path, seen in _issued(outlook, RecoveryKind.ONLINE_CARD):
        event = _ended(
            outlook,
            path,
            seen,
            row,
            seen.value + spans[0],
            "ends",
            "It bridges the wait for a card: have the card or another factor working before then.",
            (Interface.TWS, Interface.CLIENT_PORTAL),
        )
        if event is not None:
            yield event


def _issued(outlook: Outlook, kind: RecoveryKind) -> Iterator[tuple[RecoveryPath, Seen[float]]]:
    """Yield the ways back of this kind that run, with the moment at which they were given out."""
    for path in outlook.plan.register.recovery:
        seen = outlook.facts.look(kinds.ISSUED, f"recovery/{path.name}")
        if path.kind is kind and seen is not None and seen.value > 0:
            yield path, seen


def _ended(
    outlook: Outlook,
    path: RecoveryPath,
    seen: Seen[float],
    row: AuthMethod | None,
    at: float,
    words: str,
    sentence: str,
    interfaces: tuple[Interface, ...],
) -> HorizonEvent | None:
    if at <= outlook.now - _SHOWN_AFTER:
        return None
    return HorizonEvent(
        f"issued/{path.name}/{words}@0",
        f"{path.name} {words}",
        HorizonKind.FACTOR,
        at,
        level=Level.BLOCKED if at <= outlook.now else Level.LIMITED,
        sentence=sentence,
        provenance=seen.provenance,
        source=_source(row, "given out when the trader said"),
        interfaces=interfaces,
        shift=Shift.RENEW,
        seen=seen.at,
    )


def _source(row: AuthMethod | None, words: str) -> str:
    return f"{words}; {dated(row.source, row.as_of)}" if row is not None else words
