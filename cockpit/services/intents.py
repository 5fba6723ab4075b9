"""What a user can ask for, as frozen records: they travel from the window to the engine."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


class RunCheck(Struct, frozen=True):
    """Run the pre-open check: everything, or only what was not ready last time."""

    everything: bool = True


class CancelCheck(Struct, frozen=True):
    """Stop the running check; what was answered stays."""


class Reconnect(Struct, frozen=True):
    """Try the door of a session again now instead of after the back-off."""

    key: str


class TrustCertificate(Struct, frozen=True):
    """Pin the gateway certificate that was shown, named by its whole fingerprint."""

    fingerprint: str


class AttestMobile(Struct, frozen=True):
    """The trader says that IBKR Mobile was opened just now."""


class Rehearse(Struct, frozen=True):
    """Ask for a what-if preview of one ticket of the playbook. `confirmed` is the trader's click on the sentence."""

    ticket: str
    confirmed: bool = False


class DismissNotice(Struct, frozen=True):
    """Put a notice away until its cause returns."""

    key: str


Intent: TypeAlias = (
    RunCheck | CancelCheck | Reconnect | TrustCertificate | AttestMobile | Rehearse | DismissNotice
)
