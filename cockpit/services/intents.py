"""What a user can ask for, as frozen records: they travel from the window to the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class RunCheck:
    """Run the pre-open check: everything, or only what was not ready last time."""

    everything: bool = True


@dataclass(frozen=True, slots=True)
class CancelCheck:
    """Stop the running check; what was answered stays."""


@dataclass(frozen=True, slots=True)
class Reconnect:
    """Try the door of a session again now instead of after the back-off."""

    key: str


@dataclass(frozen=True, slots=True)
class TrustCertificate:
    """Pin the gateway certificate that was shown, named by its whole fingerprint."""

    fingerprint: str


@dataclass(frozen=True, slots=True)
class AttestMobile:
    """The trader says that IBKR Mobile was opened just now."""


@dataclass(frozen=True, slots=True)
class Rehearse:
    """Ask for a what-if preview of one ticket of the playbook. `confirmed` is the trader's click on the sentence."""

    ticket: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class DismissNotice:
    """Put a notice away until its cause returns."""

    key: str


Intent: TypeAlias = (
    RunCheck | CancelCheck | Reconnect | TrustCertificate | AttestMobile | Rehearse | DismissNotice
)
