"""Clocks of market data: what a user loses without signing in, and the yearly word on being no professional."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance, Seen
from cockpit.domain.horizon import HorizonEvent, HorizonKind, Shift
from cockpit.domain.horizon_events.factors import spans_in
from cockpit.domain.horizon_events.outlook import Outlook, dated
from cockpit.domain.level import Level
from cockpit.domain.register import CredentialKind

IDLE_RULE = "idle-user"
YEARLY_RULE = "non-professional-yearly"
YEARLY_SUBJECT = "data/non-professional"  # of the trader's word that the form was answered
_SOON = 14 * kinds.DAY


def idle_users(outlook: Outlook) -> Iterator[HorizonEvent]:
    """When a username loses its data for not having signed in; counted from the last use that is known."""
    row = outlook.catalogue.data_rules.get(IDLE_RULE)
    spans = spans_in(row.value) if row is not None else ()
    if row is None or not spans:
        return
    for credential in outlook.plan.register.credentials:
        if credential.kind is not CredentialKind.USERNAME:
            continue
        seen = outlook.facts.look(kinds.USED, f"credential/{credential.name}")
        if seen is None:
            continue
        yield _event(
            outlook,
            f"idle/{credential.name}@0",
            f"{credential.name} loses its market data",
            seen,
            seen.value + spans[0],
            f"{row.sentence} Sign in to TWS with it before then.",
            dated(row.source, row.as_of),
        )


def non_professional(outlook: Outlook) -> Iterator[HorizonEvent]:
    """When the yearly form is due again; counted from the day on which the trader said that it was answered."""
    row = outlook.catalogue.data_rules.get(YEARLY_RULE)
    spans = spans_in(row.value) if row is not None else ()
    seen = outlook.facts.look(kinds.LOOKED_AFTER, YEARLY_SUBJECT)
    if row is None or not spans or seen is None:
        return
    yield _event(
        outlook,
        "non-professional@0",
        "Non-professional form due",
        seen,
        seen.value + spans[0],
        row.sentence,
        dated(row.source, row.as_of),
    )


def _event(
    outlook: Outlook, key: str, title: str, seen: Seen[float], at: float, sentence: str, source: str
) -> HorizonEvent:
    return HorizonEvent(
        key,
        title,
        HorizonKind.DATA,
        at,
        level=Level.LIMITED if at - outlook.now < _SOON else Level.READY,
        sentence=sentence,
        provenance=Provenance.ATTESTED,
        source=f"counted from the trader's word; {source}",
        shift=Shift.RENEW,
        seen=seen.at,
    )
