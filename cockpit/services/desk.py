"""The Desk: takes observations, holds the facts, tells the screen at most once per frame."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from cockpit.domain import kinds
from cockpit.domain.catalogue import Playing
from cockpit.domain.custody.history import History, heard
from cockpit.domain.evidence import Observation
from cockpit.domain.facts import Facts, fold, restored
from cockpit.domain.level import Level
from cockpit.domain.notice import Notice
from cockpit.domain.notices import notices
from cockpit.domain.plan import Flow, Instrument, Plan
from cockpit.domain.readiness import HarmCount, Run
from cockpit.domain.register import Register
from cockpit.services.attestation import drill_of
from cockpit.services.errors import JournalTrouble
from cockpit.services.ports import Clock, Journal, StoredRun
from cockpit.services.state import ANSWERED, DeskState, Drill, Rehearsal

_NO_CATALOGUE = Playing()
FRAME = 1 / 30  # seconds; as often as the window repaints
TICK = 1.0
KEPT_ROUND_TRIPS = 48
_TRIPS = (kinds.ROUND_TRIP.name, kinds.PORTAL_ROUND_TRIP.name)


class Desk:
    """Where facts change, and the only such place. Lives in the sessions' loop.

    `publish` is called with a new DeskState when something changed, at most once per frame; it must not block.
    """

    def __init__(
        self,
        plan: Plan,
        clock: Clock,
        publish: Callable[[DeskState], None],
        journal: Journal | None = None,
        harm: Callable[[], HarmCount] = HarmCount,
        catalogue: Playing = _NO_CATALOGUE,
    ) -> None:
        self.plan = plan
        self._clock = clock
        self._publish = publish
        self._journal = journal
        self._harm = harm
        self._facts = Facts()
        self._pending: list[Observation] = []
        self._run: Run | None = None
        self._last_green: StoredRun | None = None
        self._told: dict[str, Notice] = {}
        self._dismissed: dict[str, float] = {}  # by key, since when that cause had held: no clock is compared
        self._rehearsals: dict[str, Rehearsal] = {}
        self._earlier_rehearsals: dict[str, Rehearsal] = {}
        self._rehearsing: tuple[str, ...] = ()
        self._rehearses_at = ""
        self._drills: dict[str, Drill] = {}
        self._catalogue = catalogue
        self._custody = History()
        self._trips: dict[str, deque[float]] = {}
        self._vault = "not asked yet"
        self._restored_at: float | None = None
        self._due: asyncio.TimerHandle | None = None
        self._shown_notices: tuple[Notice, ...] = ()

    @property
    def facts(self) -> Facts:
        """Everything known now, with what has come in since the last frame."""
        if self._pending:
            batch, self._pending = self._pending, []
            self._facts = fold(self._facts, batch, self.now())
            self._custody = heard(self._custody, batch, self.now())
        return self._facts

    def now(self) -> float:
        """Return the present, UTC epoch seconds."""
        return self._clock.now()

    def observe(self, observations: Sequence[Observation]) -> None:
        """Take what an adapter saw. Cheap: folding happens once per frame, or when somebody asks."""
        self._pending.extend(observations)
        for seen in observations:
            if seen.fact == kinds.DRILLED.name:
                self._take_drill(seen)
            elif seen.fact in _TRIPS and isinstance(seen.value, float):
                self._trips.setdefault(seen.subject, deque(maxlen=KEPT_ROUND_TRIPS)).append(seen.value)
        if self._journal is not None:
            try:
                self._journal.append(observations)
            except JournalTrouble as trouble:
                self.tell(
                    Notice(
                        "journal",
                        Level.LIMITED,
                        "Journal",
                        trouble.sentence,
                        self.now(),
                        "Everything else works",
                        trouble.remedy,
                    )
                )
        self.changed()

    def remember_custody(self, observations: Sequence[Observation]) -> None:
        """Begin the ribbon of today with what the journal has of it."""
        self._custody = heard(History(), observations, self.now())
        self.changed()

    def restore(self, observations: Sequence[Observation]) -> None:
        """Begin with what the journal last knew; it is shown with its age and written to nobody."""
        self._facts = restored(observations)
        for seen in observations:
            if seen.fact == kinds.DRILLED.name:
                self._take_drill(seen)
        self._restored_at = max((seen.at for seen in observations), default=None)
        self.changed()

    def show_run(self, run: Run) -> None:
        """Show a run, finished or growing."""
        self._run = run
        self.changed()

    @property
    def run(self) -> Run | None:
        """The newest run."""
        return self._run

    def show_last_green(self, run: StoredRun | None) -> None:
        """Show which run was the last green one."""
        self._last_green = run
        self.changed()

    def show_rehearsal(self, rehearsal: Rehearsal) -> None:
        """Show how a what-if went; the last one before it that brought figures stays to be compared."""
        before = self._rehearsals.get(rehearsal.ticket)
        if before is not None and before.state == ANSWERED:
            self._earlier_rehearsals[rehearsal.ticket] = before
        self._rehearsals[rehearsal.ticket] = rehearsal
        self.changed()

    def show_rehearsing(self, tickets: tuple[str, ...], at: str) -> None:
        """Show which tickets wait for their rehearsal, and at what time of day they are repeated ("" not)."""
        self._rehearsing, self._rehearses_at = tickets, at
        self.changed()

    def _take_drill(self, seen: Observation) -> None:
        drill = drill_of(seen)
        if drill is not None:
            self._drills[drill.key] = drill

    @property
    def catalogue(self) -> Playing:
        """What is published, as far as gates, tickets and permissions read it."""
        return self._catalogue

    def take_register(self, register: Register) -> None:
        """Work with another register from now on."""
        self.plan = replace(self.plan, register=register)
        self.changed()

    def take_playbook(self, flows: tuple[Flow, ...], instruments: tuple[Instrument, ...]) -> None:
        """Work with another playbook from now on."""
        self.plan = replace(self.plan, flows=flows, instruments=instruments)
        self.changed()

    def show_vault(self, sentence: str) -> None:
        """Show where secrets live."""
        self._vault = sentence
        self.changed()

    def tell(self, notice: Notice) -> None:
        """Show a notice; one with the same key is replaced."""
        self._told[notice.key] = notice
        self.changed()

    def untell(self, key: str) -> None:
        """Take a notice back: its cause has gone."""
        if self._told.pop(key, None) is not None:
            self.changed()

    def dismiss(self, key: str) -> None:
        """Put a notice away until its cause begins anew."""
        self._told.pop(key, None)
        self._dismissed |= {notice.key: notice.since for notice in self._derived() if notice.key == key}
        self.changed()

    def changed(self) -> None:
        """Publish with the next frame. Outside a running loop nothing is scheduled: call `publish_now`."""
        if self._due is None:
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:
                return
            self._due = loop.call_later(FRAME, self.publish_now)

    def publish_now(self) -> None:
        """Publish the state at once."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        self._publish(self.state())

    def state(self) -> DeskState:
        """Return everything the screen shows."""
        self._shown_notices = self._notices()
        return DeskState(
            self.plan,
            self.facts,
            run=self._run,
            last_green=self._last_green,
            harm=self._harm(),
            notices=self._shown_notices,
            rehearsals=tuple(self._rehearsals.values()),
            earlier_rehearsals=tuple(self._earlier_rehearsals.values()),
            rehearsing=self._rehearsing,
            rehearses_at=self._rehearses_at,
            drills=tuple(self._drills.values()),
            catalogue=self._catalogue,
            custody=self._custody,
            round_trips=tuple((subject, tuple(trips)) for subject, trips in self._trips.items()),
            vault=self._vault,
            restored_at=self._restored_at,
        )

    async def tick(self) -> None:
        """Watch what changes by time alone: notices appear when evidence grows old. Runs until cancelled."""
        while True:
            await asyncio.sleep(TICK)
            if self._journal is not None and self._journal.trouble is None:
                self.untell("journal")
            if self._notices() != self._shown_notices:
                self.changed()

    def _notices(self) -> tuple[Notice, ...]:
        shown = [n for n in self._derived() if self._dismissed.get(n.key) != n.since]
        return (*self._told.values(), *shown)

    def _derived(self) -> tuple[Notice, ...]:
        return notices(self.facts, self.plan, self.now())
