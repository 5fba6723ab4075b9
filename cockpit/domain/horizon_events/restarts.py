"""Clocks of programs: the daily restart or log-off of TWS, and the builds that the broker stops supporting."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.domain import kinds
from cockpit.domain.calendar import RESTART_TAKES
from cockpit.domain.evidence import Provenance
from cockpit.domain.horizon import HorizonEvent, HorizonKind, Shift
from cockpit.domain.horizon_events.outlook import Outlook, strikes
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level

SERIES = "restart"
INTERFACES = (Interface.TWS, Interface.TWS_API)


def restarts(outlook: Outlook) -> Iterator[HorizonEvent]:
    """The restart or log-off that the desk has set in TWS, each day; limited when a sign-in by hand will follow."""
    plan = outlook.plan
    if not plan.restart_at:
        return
    token = next(
        (
            seen
            for program in ("program/tws", "program/ib-gateway")
            if (seen := outlook.facts.fresh(kinds.RESTART_TOKEN, program, outlook.now)) is not None
        ),
        None,
    )
    if token is None:
        level, words = Level.READY, "Whether it goes without a sign-in is not known."
    elif token.value:
        level, words = Level.READY, "It goes without a sign-in while the week's token lasts."
    else:
        level, words = Level.LIMITED, "No restart token was found: somebody must sign in after it."
    # From a little before now on, so that the one under way is shown too.
    for at in strikes(plan.restart_at, plan.zone, outlook.now - RESTART_TAKES, outlook.until):
        yield HorizonEvent(
            f"{SERIES}@{at:.0f}",
            "TWS restarts",
            HorizonKind.RESTART,
            at,
            at + RESTART_TAKES,
            level,
            f"TWS and IB Gateway are away for some minutes. {words}",
            Provenance.ATTESTED,
            "the time in the desk's settings",
            interfaces=INTERFACES,
            shift=Shift.SET,
        )
