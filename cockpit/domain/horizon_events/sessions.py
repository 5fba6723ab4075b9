"""Clocks of sessions: the portal's sign-in, the live session token, and the ends that strike everybody."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance
from cockpit.domain.horizon import HorizonEvent, HorizonKind, Shift
from cockpit.domain.horizon_events.outlook import EVERY_DAY, Outlook, dated, level_of, strikes
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level

_PORTAL = (Interface.CLIENT_PORTAL,)


def portal_sign_in(outlook: Outlook) -> Iterator[HorizonEvent]:
    """When the gateway's sign-in ends, as the gateway itself says."""
    seen = outlook.facts.look(kinds.SSO_ENDS, "gateway")
    if seen is None or seen.value <= outlook.now:
        return
    fresh = level_of(seen, outlook.now)
    sentence = "The Client Portal sign-in ends; a new one needs the browser and a second factor."
    if fresh is Level.UNKNOWN:
        sentence = f"{sentence} Not confirmed lately: the gateway may have been signed out or in since."
    yield HorizonEvent(
        "sso@0",
        "Client Portal sign-in ends",
        HorizonKind.SESSION,
        seen.value,
        level=fresh,
        sentence=sentence,
        provenance=seen.provenance,
        source="the gateway's answer",
        interfaces=_PORTAL,
        shift=Shift.RENEW,
        seen=seen.at,
    )


def live_session_token(outlook: Outlook) -> Iterator[HorizonEvent]:
    """When the live session token of the Web API ends."""
    seen = outlook.facts.look(kinds.LIVE_SESSION_ENDS, "web-api")
    if seen is None:
        return
    is_over = seen.value <= outlook.now
    yield HorizonEvent(
        "live-session@0",
        "Live session token has ended" if is_over else "Live session token ends",
        HorizonKind.TOKEN,
        seen.value,
        level=Level.BLOCKED if is_over else level_of(seen, outlook.now),
        sentence="The Web API takes no call without it; a new one is made from the access token.",
        provenance=seen.provenance,
        source="the Web API's answer",
        interfaces=(Interface.WEB_API,),
        shift=Shift.RENEW,
        seen=seen.at,
    )


def ends_for_everybody(outlook: Outlook) -> Iterator[HorizonEvent]:
    """The weekly token, the phone's weekly end and the daily ends of portal sessions, from the catalogue."""
    for rule in outlook.plan.session_ends:
        days = EVERY_DAY if rule.weekday < 0 else frozenset({rule.weekday})
        is_token = rule.weekday >= 0 and Interface.MOBILE not in rule.interfaces
        for at in strikes(rule.at, rule.zone, outlook.now, outlook.until, days):
            yield HorizonEvent(
                f"{rule.key}@{at:.0f}",
                rule.title,
                HorizonKind.TOKEN if is_token else HorizonKind.SESSION,
                at,
                level=Level.LIMITED if is_token and at - outlook.now < kinds.DAY else Level.READY,
                sentence=rule.effect or "Sessions end, whoever is signed in.",
                provenance=Provenance.PUBLISHED,
                source=dated(rule.source, rule.as_of),
                interfaces=rule.interfaces,
            )
