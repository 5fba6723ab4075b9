"""What a user can ask for, as frozen records: they travel from the window to the engine."""

from __future__ import annotations

from typing import TypeAlias, TypeGuard, get_args

from msgspec import Struct

from cockpit.domain.interface import Interface
from cockpit.domain.oauth import OAuthSecret
from cockpit.domain.plan import Flow, Instrument
from cockpit.domain.register import Register
from cockpit.domain.secret import Secret


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


class RehearseAll(Struct, frozen=True):
    """Rehearse every ticket of the playbook, one after the other, at most one a minute; `confirmed` as above."""

    confirmed: bool = False


class StopRehearsals(Struct, frozen=True):
    """Rehearse no more than the one that is under way."""


class RepeatRehearsals(Struct, frozen=True):
    """Rehearse every ticket each day at this time of the desk's zone (HH:MM); empty: no more. `confirmed` as above."""

    at: str
    confirmed: bool = False


class KeepDrill(Struct, frozen=True):
    """Keep the record of a drill: which sequence, its steps with the seconds each took; negative: not done."""

    key: str
    title: str
    steps: tuple[tuple[str, float], ...]


class KeepPlaybook(Struct, frozen=True):
    """Take these flows and instruments as the playbook, and keep them in the settings."""

    flows: tuple[Flow, ...]
    instruments: tuple[Instrument, ...]


class SayOffered(Struct, frozen=True):
    """The trader has seen on an interface that it offers an order type, or that it does not."""

    interface: Interface
    order_type: str  # key of the catalogue's row
    is_offered: bool


class SayHeld(Struct, frozen=True):
    """The trader says whether an account holds a permission."""

    account: str
    permission: str  # key of the catalogue's row
    is_held: bool


class SayRequested(Struct, frozen=True):
    """The trader has requested a permission at `at` (UTC epoch seconds); 0 takes it back."""

    account: str
    permission: str
    at: float


class FetchStatement(Struct, frozen=True):
    """Fetch the Flex statement with the token in the keychain."""


class ImportStatement(Struct, frozen=True):
    """Read a Flex statement that was saved to a file."""

    path: str


class KeepFlexAccess(Struct, frozen=True):
    """Put the Flex token and the query's number into the keychain."""

    token: Secret
    query: str


class UnlockVault(Struct, frozen=True):
    """Have the system's keychain ask the trader for its password."""


class RenewWebApi(Struct, frozen=True):
    """Ask for a session at the Web API at once, whatever was refused before."""


class KeepOAuthSecret(Struct, frozen=True):
    """Keep what a consumer signs with: a text, or the path of a key file."""

    which: OAuthSecret
    text: Secret | None = None
    file: str = ""


class KeepRegister(Struct, frozen=True):
    """Take this register of devices, factors, credentials and ways back, and keep it."""

    register: Register


class SayProven(Struct, frozen=True):
    """The trader has just proven a factor or a way back (`factor/<name>`, `recovery/<name>`), or it has failed."""

    subject: str
    has_worked: bool = True


class SayLookedAfter(Struct, frozen=True):
    """The trader has checked that something lies where it should (`recovery/<name>`)."""

    subject: str


class SayIssued(Struct, frozen=True):
    """A temporary code or card was issued at `at` (UTC epoch seconds; 0 takes it back); `subject` as above."""

    subject: str
    at: float


class SayUsed(Struct, frozen=True):
    """A credential was used just now."""

    credential: str


class AcceptWeakness(Struct, frozen=True):
    """The desk accepts a weakness as of today, or takes that back."""

    key: str
    is_accepted: bool = True


class SayFailedSignIn(Struct, frozen=True):
    """A sign-in has just failed, as the trader saw."""

    where: str


class DismissNotice(Struct, frozen=True):
    """Put a notice away until its cause returns."""

    key: str


Intent: TypeAlias = (
    RunCheck
    | CancelCheck
    | Reconnect
    | TrustCertificate
    | AttestMobile
    | Rehearse
    | RehearseAll
    | StopRehearsals
    | RepeatRehearsals
    | KeepDrill
    | KeepPlaybook
    | SayOffered
    | SayHeld
    | SayRequested
    | FetchStatement
    | ImportStatement
    | KeepFlexAccess
    | UnlockVault
    | RenewWebApi
    | KeepOAuthSecret
    | KeepRegister
    | SayProven
    | SayLookedAfter
    | SayIssued
    | SayUsed
    | AcceptWeakness
    | SayFailedSignIn
    | DismissNotice
)


def is_intent(thing: object) -> TypeGuard[Intent]:
    """Whether something that came through a signal is an intent."""
    return isinstance(thing, get_args(Intent))
