"""The queue of rehearsals: one at a time, at most one a minute, on a confirmed click or once a day at a set time."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cockpit.domain.level import Level
from cockpit.domain.notice import Notice
from cockpit.services.desk import Desk
from cockpit.services.errors import NotPermitted
from cockpit.services.harm import Harm
from cockpit.services.ports import SocketLink
from cockpit.services.rehearsal import is_read_only, link_of, rehearse, staged

LOOK = 1.0  # seconds between two looks whether a lost session is back, or the hour has come
PATIENCE = 120.0  # seconds that the queue waits for a lost session before it says that it cannot ask
LATE = (
    15 * 60.0
)  # seconds after which a missed hour counts as missed: a PC that slept must not make up for it
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_NOTICE = "rehearsals"


def next_time(at: str, zone: str, after: float) -> float | None:
    """Return when it is next `at` (HH:MM) in `zone`, strictly after `after`; UTC epoch seconds.

    None when `at` is no time of day. An hour that the clocks skip in spring comes as much later as they skip.
    """
    found = _TIME.fullmatch(at)
    if found is None:
        return None
    moment, here = time(int(found[1]), int(found[2])), ZoneInfo(zone)
    day = datetime.fromtimestamp(after, here).date()
    for later in range(3):
        due = datetime.combine(day + timedelta(days=later), moment, here).timestamp()
        if due > after:
            return due
    raise AssertionError("a time of day comes every day")


class Rehearsals:
    """Who waits for a rehearsal, and when all are repeated. Lives in the sessions' loop; `run` does the work.

    Every other method returns at once and may be called at any moment. Nothing is asked that was not confirmed:
    with `confirmed` false the request is counted as refused and a notice says so.
    """

    def __init__(self, desk: Desk, harm: Harm, links: Sequence[SocketLink]) -> None:
        self._desk = desk
        self._harm = harm
        self._links = links
        self._waiting: list[str] = []
        self._under_way = ""
        self._at = ""
        self._due: float | None = None
        self._closed_since: float | None = None
        self._woken = asyncio.Event()

    @property
    def waiting(self) -> tuple[str, ...]:
        """The tickets that wait, the one under way first."""
        return (self._under_way, *self._waiting) if self._under_way else tuple(self._waiting)

    @property
    def at(self) -> str:
        """The time of day at which all are repeated, HH:MM in the desk's zone; "" when they are not."""
        return self._at

    def one(self, ticket: str, *, confirmed: bool) -> None:
        """Rehearse one ticket when its turn has come; one that waits already keeps its place."""
        if self._is_confirmed(confirmed=confirmed):
            self._add([ticket])

    def all(self, *, confirmed: bool) -> None:
        """Rehearse every ticket of the playbook, in its order."""
        if self._is_confirmed(confirmed=confirmed):
            self._add([ticket.key for flow in self._desk.plan.flows for ticket in flow.tickets])

    def stop(self) -> None:
        """Ask nothing more. A what-if that is on its way cannot be taken back; its answer is still shown."""
        self._waiting.clear()
        self._show()

    def repeat(self, at: str, *, confirmed: bool) -> None:
        """Rehearse all each day at `at` (HH:MM in the desk's zone); "" ends that and needs no confirmation."""
        if not at:
            self._at, self._due = "", None
        elif self._is_confirmed(confirmed=confirmed):
            due = next_time(at, self._desk.plan.zone, self._desk.now())
            if due is None:
                self._tell(f"{at[:20]} is no time of day, so nothing is repeated: write it as 08:15.")
                return
            self._at, self._due = at.rjust(5, "0"), due
        self._woken.set()
        self._show()

    async def run(self) -> None:
        """Rehearse whoever waits, one after the other, until cancelled."""
        while True:
            self._look_at_clock()
            wait = await self._step()
            self._woken.clear()
            try:
                async with asyncio.timeout(wait):
                    await self._woken.wait()
            except TimeoutError:
                pass

    async def _step(self) -> float | None:
        """Rehearse the next one if it may go; return the seconds until another look, None to wait for a call."""
        if not self._waiting:
            self._closed_since = None
            return LOOK if self._due is not None else None
        wait = self._harm.what_if_in()
        if wait > 0:
            return min(wait, LOOK) if self._due is not None else wait
        if self._waits_for_session(self._waiting[0]):
            return LOOK
        self._under_way = self._waiting.pop(0)
        self._show()
        try:
            await rehearse(self._desk, self._harm, self._links, self._under_way, confirmed=True)
        finally:
            self._under_way = ""
            self._show()
        return 0.0

    def _waits_for_session(self, ticket: str) -> bool:
        """Whether the ticket's session is gone and may still come back in time; a read-only one is not waited for."""
        found = staged(self._desk.plan, ticket)
        link = link_of(self._links, found.socket) if found is not None else None
        if link is None or link.is_open or is_read_only(self._desk, link.socket.subject):
            self._closed_since = None
            return False
        now = asyncio.get_running_loop().time()
        if self._closed_since is None:
            self._closed_since = now
        return now - self._closed_since < PATIENCE

    def _look_at_clock(self) -> None:
        now = self._desk.now()
        if self._due is None or now < self._due:
            return
        if now - self._due <= LATE:
            self._add([ticket.key for flow in self._desk.plan.flows for ticket in flow.tickets])
        else:
            self._tell(f"The rehearsals of {self._at} were missed and are not made up for: the PC slept.")
        self._due = next_time(self._at, self._desk.plan.zone, now)

    def _add(self, tickets: Sequence[str]) -> None:
        known = set(self._waiting)
        self._waiting += [ticket for ticket in dict.fromkeys(tickets) if ticket not in known]
        self._woken.set()
        self._show()

    def _is_confirmed(self, *, confirmed: bool) -> bool:
        try:
            self._harm.require_confirmation(confirmed=confirmed)
        except NotPermitted as trouble:
            self._tell(trouble.sentence)
            return False
        self._desk.untell(_NOTICE)
        return True

    def _show(self) -> None:
        self._desk.show_rehearsing(self.waiting, self._at)

    def _tell(self, sentence: str) -> None:
        notice = Notice(
            _NOTICE, Level.LIMITED, "Rehearsals", sentence, self._desk.now(), "Nothing was sent", None
        )
        self._desk.tell(notice)
