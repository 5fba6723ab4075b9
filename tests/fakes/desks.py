"""A whole engine on fakes, in virtual time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from cockpit.domain.plan import Plan
from cockpit.services.engine import Engine, Outside
from cockpit.services.harm import Harm
from cockpit.services.ports import Journal, Report, Vault
from cockpit.services.state import DeskState
from tests.fakes.facts import PLAN
from tests.fakes.outside import FakeCalendar, FakeMachine, FakePortalLink, FakeSocketLink
from tests.fakes.virtual_time import LoopClock


@dataclass
class FakeDesk:
    """The engine and everything around it. Make it inside a running loop."""

    plan: Plan = PLAN
    journal: Journal | None = None
    vault: Vault | None = None
    pin: Callable[[str], None] | None = None
    clock: LoopClock = field(default_factory=LoopClock)
    states: list[DeskState] = field(default_factory=list)
    links: list[FakeSocketLink] = field(default_factory=list)
    portals: list[FakePortalLink] = field(default_factory=list)
    pinned: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.machine = FakeMachine(self.clock)
        self.calendar = FakeCalendar()
        numbers = count(1)
        outside = Outside(
            clock=self.clock,
            machine=self.machine,
            calendar=self.calendar,
            sockets=self._sockets,
            portal=self._portal,
            new_id=lambda: f"run-{next(numbers)}",
            journal=self.journal,
            vault=self.vault,
            pin=self.pin or self.pinned.append,
        )
        self.engine = Engine(self.plan, outside, self.states.append)

    @property
    def link(self) -> FakeSocketLink:
        """The first API socket."""
        return self.links[0]

    def _sockets(self, plan: Plan, report: Report, harm: Harm) -> list[FakeSocketLink]:
        self.links = [FakeSocketLink(socket, report, self.clock, harm) for socket in plan.sockets]
        return self.links

    def _portal(self, plan: Plan, report: Report, harm: Harm) -> FakePortalLink | None:
        if plan.portal is None:
            return None
        self.portals = [FakePortalLink(plan.portal, report, self.clock)]
        return self.portals[0]
