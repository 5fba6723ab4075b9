"""Clocks of programs: the daily restart or log-off of TWS, and one that did not happen."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.domain import kinds
from cockpit.domain.calendar import RESTART_TAKES
from cockpit.domain.evidence import Provenance
from cockpit.domain.horizon import HorizonEvent, HorizonKind, Shift
from cockpit.domain.horizon_events.outlook import DAY, Outlook, strikes
from cockpit.domain.interface import Interface
from cockpit.domain.kinds import Door
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


def missed_restarts(outlook: Outlook) -> Iterator[HorizonEvent]:
    """A restart of the last day that did not happen: the connection to TWS has stood right through it."""
    plan, now = outlook.plan, outlook.now
    if not plan.restart_at:
        return
    last = max(strikes(plan.restart_at, plan.zone, now - DAY, now - RESTART_TAKES), default=None)
    for socket in plan.sockets if last is not None else ():
        door = outlook.facts.fresh(kinds.DOOR, socket.subject, now)
        since = outlook.facts.look(kinds.CONNECTED_AT, socket.subject)
        is_open = door is not None and door.value == Door.OPEN
        if last is not None and is_open and since is not None and since.value < last:
            yield HorizonEvent(
                f"missed-restart/{socket.name}@{last:.0f}",
                f"{socket.title} did not restart",
                HorizonKind.RESTART,
                last,
                level=Level.LIMITED,
                sentence="Its connection has stood right through the hour set for it. Look at Lock and Exit in TWS, "
                "and restart it by hand outside trading hours.",
                provenance=Provenance.INFERRED,
                source="a restart ends every connection",
                interfaces=INTERFACES,
                seen=since.at,
            )
