"""What was seen of the Web API, as observations at `web-api`."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.evidence import Kind, Observation, Provenance, V
from cockpit.domain.oauth import SUBJECT, OAuthState
from cockpit.domain.plan import Portal
from cockpit.services.ports import Clock, Report


class OAuthSightings:
    """Reports what was seen. It keeps nothing and decides nothing."""

    def __init__(self, report: Report, clock: Clock) -> None:
        self._report = report
        self._clock = clock

    def state(self, state: OAuthState, note: str, provenance: Provenance = Provenance.MEASURED) -> None:
        """Report how far the session goes."""
        self._see(kinds.OAUTH_STATE, state.value, note, provenance)

    def ends(self, at: float, note: str, provenance: Provenance = Provenance.MEASURED) -> None:
        """Report when the live session token ends (UTC epoch seconds)."""
        self._see(kinds.LIVE_SESSION_ENDS, at, note, provenance)

    def round_trip(self, seconds: float, note: str) -> None:
        """Report how long a call took."""
        self._see(kinds.OAUTH_ROUND_TRIP, seconds, note)

    def as_portal(self, observations: Sequence[Observation]) -> None:
        """Report what a part of the gateway's adapter saw through this door instead."""
        self._report([replace(one, subject=_ours(one.subject)) for one in observations])

    def _see(self, kind: Kind[V], value: V, note: str, provenance: Provenance = Provenance.MEASURED) -> None:
        self._report([kind.seen(SUBJECT, value, self._clock.now(), provenance, note)])


def _ours(subject: str) -> str:
    head, slash, rest = subject.partition("/")
    return f"{SUBJECT}{slash}{rest}" if head == Portal.subject else subject
