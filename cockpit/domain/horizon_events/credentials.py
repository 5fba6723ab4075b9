"""Clocks of programmatic access: rotation by the desk's own rule, ends of tokens, and the gateway's certificate."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.domain import kinds
from cockpit.domain.evidence import Provenance
from cockpit.domain.horizon import HorizonEvent, HorizonKind, Shift
from cockpit.domain.horizon_events.outlook import Outlook, level_of
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.register import Credential, CredentialKind

_SOON = 7 * kinds.DAY
_INTERFACES = {
    CredentialKind.FLEX_TOKEN: (Interface.FLEX,),
    CredentialKind.OAUTH_CONSUMER: (Interface.WEB_API,),
    CredentialKind.ACCESS_TOKEN: (Interface.WEB_API,),
    CredentialKind.LIVE_SESSION: (Interface.WEB_API,),
    CredentialKind.CLIENT_ID: (Interface.TWS_API,),
    CredentialKind.MASTER_ID: (Interface.TWS_API,),
    CredentialKind.TRUSTED_ADDRESS: (Interface.TWS_API,),
}


def _interfaces(credential: Credential) -> tuple[Interface, ...]:
    if credential.interface is not None:
        return (credential.interface,)
    return _INTERFACES.get(credential.kind, ())


def rotations(outlook: Outlook) -> Iterator[HorizonEvent]:
    """When each credential is to be exchanged, by the desk's own rule; one that is overdue stays on the line."""
    for credential in outlook.plan.register.credentials:
        if credential.made <= 0 or credential.rotate_days <= 0:
            continue
        at = credential.made + credential.rotate_days * kinds.DAY
        is_due = at <= outlook.now
        yield HorizonEvent(
            f"rotation/{credential.name}@0",
            f"{credential.name}: rotation {'overdue' if is_due else 'due'}",
            HorizonKind.ROTATION,
            at,
            level=Level.LIMITED if at - outlook.now < _SOON else Level.READY,
            sentence=f"The desk exchanges it every {credential.rotate_days} days; it still works after that.",
            provenance=Provenance.ATTESTED,
            source="the desk's register",
            shift=Shift.RENEW,
        )


def ends(outlook: Outlook) -> Iterator[HorizonEvent]:
    """When each credential ends, Flex tokens among them; one that has ended stays on the line."""
    for credential in outlook.plan.register.credentials:
        if credential.ends <= 0:
            continue
        left = credential.ends - outlook.now
        yield HorizonEvent(
            f"ends/{credential.name}@0",
            f"{credential.name} {'has ended' if left <= 0 else 'ends'}",
            HorizonKind.TOKEN,
            credential.ends,
            level=Level.BLOCKED if left <= 0 else Level.LIMITED if left < _SOON else Level.READY,
            sentence=f"{credential.kind.value.capitalize()}: nothing that uses it gets in afterwards.",
            provenance=Provenance.ATTESTED,
            source="the desk's register",
            interfaces=_interfaces(credential),
            shift=Shift.RENEW,
        )


def certificates(outlook: Outlook) -> Iterator[HorizonEvent]:
    """When the certificate of the gateway ends; an ended one stays on the line."""
    for subject in outlook.facts.subjects(kinds.CERTIFICATE_ENDS):
        seen = outlook.facts.look(kinds.CERTIFICATE_ENDS, subject)
        if seen is None or seen.value <= 0:
            continue
        is_over = seen.value <= outlook.now
        fresh = level_of(seen, outlook.now)
        # A pinned certificate is compared by its fingerprint, so its end warns and does not block.
        level = Level.LIMITED if is_over or seen.value - outlook.now < _SOON else fresh
        yield HorizonEvent(
            f"certificate/{subject}@0",
            "Gateway certificate has ended" if is_over else "Gateway certificate ends",
            HorizonKind.CERTIFICATE,
            seen.value,
            level=level,
            sentence="Browsers and programs that look at its date refuse the gateway; give it a new one and pin that.",
            provenance=seen.provenance,
            source="the certificate the gateway shows",
            interfaces=(Interface.CLIENT_PORTAL,),
            shift=Shift.RENEW,
            seen=seen.at,
        )
