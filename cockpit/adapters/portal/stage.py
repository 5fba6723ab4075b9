"""From what the gateway answers to how far its sign-in goes: one table, first row that fits."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from cockpit.adapters.portal.answers import AuthStatus, Body
from cockpit.domain.kinds import PortalStage

ANY = "any"  # in a row: whatever the answer says, or does not say
Wanted: TypeAlias = bool | str | None


class Row(Struct, frozen=True):
    """Which answers mean which stage. `status` 0 fits every HTTP status; flags are True, False or ANY."""

    status: int
    body: Body | None  # None: any
    stage: PortalStage
    because: str
    authenticated: Wanted = ANY
    connected: Wanted = ANY
    competing: Wanted = ANY
    established: Wanted = ANY
    fails: Wanted = ANY

    def fits(self, status: int, body: Body, flags: AuthStatus) -> bool:
        """Whether an answer belongs to this row."""
        wanted = (self.authenticated, self.connected, self.competing, self.established, self.fails)
        said = (flags.authenticated, flags.connected, flags.competing, flags.established, bool(flags.fail))
        return (
            self.status in (0, status)
            and self.body in (None, body)
            and all(want in (ANY, have) for want, have in zip(wanted, said, strict=True))
        )


_S = PortalStage
# The broker's documentation of the four flags, and what was seen on the wire, put in one order. A status without
# the flags that decide falls through to the last row.
TABLE = (
    Row(429, None, _S.COOLING_DOWN, "the broker asked for a pause"),
    Row(401, None, _S.SIGNED_OUT, "nobody is signed in"),
    Row(0, Body.TO_SIGN_IN, _S.SIGNED_OUT, "sent to the sign-in page"),
    Row(400, Body.NO_BRIDGE, _S.SIGNED_IN, "no brokerage session"),
    Row(500, Body.NOT_READY, _S.STARTING, "the brokerage session warms up"),
    Row(503, None, _S.BACKEND_LOST, "the broker's back end timed out or is being maintained"),
    Row(200, Body.ERROR, _S.SIGNED_OUT, "the portal session is gone"),
    Row(200, Body.STATUS, _S.UNCLEAR, "the broker names a failure", fails=True),
    Row(200, Body.STATUS, _S.BACKEND_LOST, "the link to the back end is lost", True, False),
    Row(200, Body.STATUS, _S.COMPETING, "taken over, or about to be", True, True, True),
    Row(200, Body.STATUS, _S.STARTING, "accounts are not loaded yet", True, True, False, False),
    Row(200, Body.STATUS, _S.TRADING, "authenticated and connected", True, True, False),
    Row(200, Body.STATUS, _S.COMPETING, "another program holds the session", False, ANY, True),
    Row(
        200,
        Body.STATUS,
        _S.SIGNED_IN,
        "no brokerage session: timed out, or taken and left",
        False,
        True,
        False,
    ),
    Row(200, Body.STATUS, _S.SIGNED_OUT, "timed out or signed out", False, False, False),
    Row(0, None, _S.UNCLEAR, "no row of the table fits"),
)


def stage_of(status: int, body: Body, flags: AuthStatus | None = None) -> Row:
    """Return the row of the table that an answer belongs to: its stage, and why."""
    said = flags or AuthStatus()
    return next(row for row in TABLE if row.fits(status, body, said))
