"""What the gateway link saw, as observations: one method for each thing, with the note that explains it."""

from __future__ import annotations

from datetime import UTC, datetime

from cockpit.adapters.foreign_text import clean
from cockpit.adapters.portal.calls import is_account
from cockpit.adapters.portal.pinning import Pin, Standing
from cockpit.adapters.portal.stage import Row
from cockpit.domain import kinds
from cockpit.domain.evidence import Kind, Provenance, V
from cockpit.domain.kinds import PortalDoor, PortalStage
from cockpit.domain.plan import Portal
from cockpit.services.ports import Clock, Report

_QUOTE = 120  # characters of a text of the broker's that a note carries
_LONGEST_LEFT = 8 * 24 * 3600.0  # seconds; a portal session that claims more is misread


class Sightings:
    """Reports what was seen of the gateway. It keeps nothing and decides nothing."""

    def __init__(self, report: Report, clock: Clock, pin: Pin) -> None:
        self._report = report
        self._clock = clock
        self._pin = pin

    def door(self, door: PortalDoor, note: str) -> None:
        """Report what the door did, and the certificate that was shown at it."""
        self._see(kinds.PORTAL_DOOR, door.value, note)
        if door is PortalDoor.UNKNOWN_CERTIFICATE:
            self._certificate(self._pin.shown, self._pin.shown_ends)
        elif door in (PortalDoor.OPEN, PortalDoor.DENIED):
            self._certificate(self._pin.accepted, self._pin.accepted_ends)

    def stage(self, row: Row, status: int, fail: str | None) -> None:
        """Report how far the sign-in goes; `fail` is the broker's own text, quoted."""
        note = f"{status}: {row.because}"
        self._see(kinds.PORTAL_STAGE, row.stage.value, f"{note}: {clean(fail, _QUOTE)}" if fail else note)

    def borrowed(self, stage: PortalStage) -> None:
        """Report a login lent by the phone, which cannot trade and does not mend itself."""
        note = "the login was lent by IBKR Mobile: start the gateway again and sign in there"
        self._see(kinds.PORTAL_STAGE, stage.value, note)

    def upstream_dead(self, note: str) -> None:
        """Report that the gateway answers and the broker behind it does not."""
        self._see(kinds.PORTAL_STAGE, PortalStage.UPSTREAM_DEAD.value, note)

    def pause(self, until: float) -> None:
        """Report that the broker wants a pause; `until` is UTC epoch seconds."""
        end = datetime.fromtimestamp(until, UTC).strftime("%H:%M UTC")
        self._see(kinds.PORTAL_STAGE, PortalStage.COOLING_DOWN.value, f"429: nothing is sent until {end}")

    def round_trip(self, seconds: float) -> None:
        """Report how long a call to the broker took."""
        self._see(kinds.PORTAL_ROUND_TRIP, seconds, "POST /iserver/auth/status")

    def time_left(self, milliseconds: float) -> None:
        """Report when the portal session ends; a figure that cannot be one is left out."""
        if 0 < milliseconds / 1000 <= _LONGEST_LEFT:
            ends = self._clock.now() + milliseconds / 1000
            self._see(kinds.SSO_ENDS, ends, "milliseconds left, as the broker says")

    def accounts(self, accounts: tuple[str, ...], note: str) -> None:
        """Report the accounts of the user; what has not the shape of an account (All) is none."""
        self._see(kinds.PORTAL_ACCOUNTS, tuple(sorted({one for one in accounts if is_account(one)})), note)

    def account(
        self, account: str, entity: str | None, trading_type: str | None, no_trading: bool | None
    ) -> None:
        """Report the IBKR company of an account, its margin class, and whether its client may not trade."""
        subject = f"account/{account}"
        if entity:
            self._see(kinds.ENTITY, clean(entity, _QUOTE), "ibEntity", subject)
        if trading_type:
            self._see(kinds.TRADING_TYPE, clean(trading_type, _QUOTE), "tradingType", subject)
        if no_trading is not None:
            self._see(kinds.NO_TRADING, no_trading, "noClientTrading", subject)

    def stream(self, state: str, note: str) -> None:
        """Report the stream: beating, silent or closed."""
        self._see(kinds.PORTAL_STREAM, state, note)

    def _certificate(self, fingerprint: str, ends: float | None) -> None:
        if not fingerprint:
            return
        standing = self._pin.standing(fingerprint)
        note = "its key is public: encrypted, not authenticated" if standing is Standing.VENDOR else ""
        self._see(kinds.CERTIFICATE, standing.value, note)
        self._see(kinds.FINGERPRINT, fingerprint, "SHA-256")
        if ends is not None:
            self._see(kinds.CERTIFICATE_ENDS, ends, "as the certificate itself says")

    def _see(self, kind: Kind[V], value: V, note: str, subject: str = Portal.subject) -> None:
        self._report([kind.seen(subject, value, self._clock.now(), Provenance.MEASURED, note)])
