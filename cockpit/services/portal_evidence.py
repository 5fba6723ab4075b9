"""What the gateway knows about the tickets of the playbook, asked once per run and only while it is trading."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence

from cockpit.domain import kinds
from cockpit.domain.kinds import PortalDoor, PortalStage
from cockpit.domain.plan import Instrument, Ticket
from cockpit.domain.readiness import Footprint
from cockpit.services.desk import Desk
from cockpit.services.errors import NoAnswer, Trouble
from cockpit.services.harm import Harm
from cockpit.services.ports import PortalLink

ANSWER_WITHIN = 4.0  # seconds for each question, below the budget of the capability lane
MOST_RULES = 20  # of one run; the gateway takes ten requests a second

log = logging.getLogger(__name__)


class PortalEvidence:
    """Puts the questions of one run. `when_known` waits until the contracts of the tickets have been asked at TWS."""

    def __init__(
        self, desk: Desk, harm: Harm, portal: PortalLink | None, when_known: Callable[[], Awaitable[None]]
    ) -> None:
        self._desk = desk
        self._harm = harm
        self._portal = portal
        self._when_known = when_known
        self._task: asyncio.Task[None] | None = None

    async def gathered(self) -> None:
        """Return when everything has been asked, whoever asks for it first; never raises Trouble."""
        if self._portal is None:
            return
        if self._task is None:
            self._task = asyncio.create_task(self._gather(self._portal), name="gateway evidence")
        await asyncio.shield(self._task)

    def close(self) -> None:
        """End what is still asked."""
        if self._task is not None:
            self._task.cancel()

    async def _gather(self, portal: PortalLink) -> None:
        await self._when_known()
        if not self._is_trading(portal):
            return
        numbers = self._numbers()
        asked = list(self._sides())[:MOST_RULES]
        named = {instrument.key: instrument for instrument, _ in asked}
        named |= {one.key: one for one in self._desk.plan.instruments if one.key in numbers}
        now = self._desk.now()
        wanted = [
            one
            for one in named.values()
            if self._desk.facts.fresh(kinds.DATA_LETTERS, _subject(one.key), now) is None
        ]
        await self._harm.permit(Footprint.LIGHT)  # its requests are rationed by its own limits in the adapter
        async with asyncio.TaskGroup() as group:
            if wanted:
                group.create_task(self._ask(portal.ask_snapshot(wanted, numbers)))
            group.create_task(self._ask_rules(portal, asked, numbers))

    async def _ask_rules(
        self, portal: PortalLink, asked: Sequence[tuple[Instrument, bool]], numbers: Mapping[str, int]
    ) -> None:
        """Ask the rules one after the other: the gateway's pace allows no more, and one connection is enough."""
        for instrument, is_buy in asked:
            if not await self._ask(portal.ask_contract(instrument, is_buy, numbers.get(instrument.key, 0))):
                return

    async def _ask(self, asking: Coroutine[None, None, None]) -> bool:
        """Wait for one answer, whether it came in time; without it the fact stays unknown."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await asking
        except (NoAnswer, TimeoutError) as trouble:
            log.info("gateway: %s", trouble)
            return False
        except Trouble as trouble:
            log.info("gateway: %s", trouble)
        return True

    def _sides(self) -> Iterator[tuple[Instrument, bool]]:
        """Yield what the tickets buy and sell, each once, unless its rules are known and fresh."""
        plan, seen = self._desk.plan, set[tuple[str, bool]]()
        for ticket in (ticket for flow in plan.flows for ticket in flow.tickets):
            for key, is_buy in _legs(ticket):
                instrument = plan.instrument(key)
                if instrument is None or (key, is_buy) in seen:
                    continue
                seen.add((key, is_buy))
                subject = f"{_subject(key)}/{'buy' if is_buy else 'sell'}"
                if self._desk.facts.fresh(kinds.RULE_TYPES, subject, self._desk.now()) is None:
                    yield instrument, is_buy

    def _numbers(self) -> Mapping[str, int]:
        """Return the contract numbers that an API socket or the gateway has told, by the instrument's key."""
        facts, now, plan = self._desk.facts, self._desk.now(), self._desk.plan
        found: dict[str, int] = {}
        for subject in ("gateway", *(socket.subject for socket in plan.sockets)):
            for instrument in plan.instruments:
                seen = facts.fresh(kinds.CON_ID, f"{subject}/contract/{instrument.key}", now)
                if seen is not None:
                    found[instrument.key] = seen.value
        return found

    def _is_trading(self, portal: PortalLink) -> bool:
        facts, now, subject = self._desk.facts, self._desk.now(), portal.portal.subject
        door = facts.fresh(kinds.PORTAL_DOOR, subject, now)
        stage = facts.fresh(kinds.PORTAL_STAGE, subject, now)
        return (
            door is not None
            and door.value == PortalDoor.OPEN
            and stage is not None
            and stage.value == PortalStage.TRADING
        )


def _legs(ticket: Ticket) -> Iterator[tuple[str, bool]]:
    """Yield the instruments of a ticket with the side on which each is traded; selling a combination turns its legs."""
    if not ticket.legs:
        yield ticket.instrument, ticket.action == "BUY"
    for leg in ticket.legs:
        yield leg.instrument, leg.action == ticket.action


def _subject(key: str) -> str:
    return f"gateway/contract/{key}"
