"""What the gateway says of instruments: their numbers, the rules of their orders, data letters and permissions."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from cockpit.adapters.foreign_text import clean
from cockpit.adapters.portal import calls
from cockpit.adapters.portal.answers import Answer, Body
from cockpit.adapters.portal.calls import Endpoint, is_symbol
from cockpit.adapters.portal.rules import (
    FUTURES_LIST,
    STOCKS_LIST,
    Failure,
    InfoAndRules,
    SnapshotRow,
    plain_facts,
    side_facts,
    snapshot_facts,
)
from cockpit.adapters.portal.search import future_number, stock_number
from cockpit.domain import kinds
from cockpit.domain.plan import Instrument
from cockpit.services.errors import NotPermitted, Refused, Trouble
from cockpit.services.ports import Clock, Report, Tally

SUBJECT = "gateway/contract"

# The first snapshot only opens the streams; half a second to a second later they have values.
_STREAMS_OPEN = 0.6
# Rules let a snapshot that is beginning go first, so long: they fit into the time in which its streams open.
_AFTER_YOU = 0.5
_MOST_CONTRACTS = 100  # of one snapshot, as published
_MOST_SEARCHES = 10  # of underlyings that the broker wants searched before a derivative is priced
_GIVE_BACK = 1.5  # seconds for giving the lines back; a dead gateway has given them up by itself
_DERIVATIVES = frozenset({"OPT", "FOP", "FUT", "WAR"})

_log = logging.getLogger(__name__)


class Ask(Protocol):
    """Makes one call of the second tier; raises Trouble, also when there is no brokerage session."""

    async def __call__(self, endpoint: Endpoint, **parts: str) -> Answer: ...


class Instruments:
    """Asks about instruments and remembers their numbers. Raises Trouble only."""

    def __init__(
        self, ask: Ask, report: Report, clock: Clock, tally: Tally, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._ask = ask
        self._report = report
        self._clock = clock
        self._tally = tally
        self._sleep = sleep
        self._numbers: dict[Instrument, int] = {}
        self._searched: set[str] = set()
        self._snapshot_turn = asyncio.Lock()
        self._has_begun = asyncio.Event()  # whether no snapshot is on its way to its first call
        self._has_begun.set()

    async def rules(self, instrument: Instrument, is_buy: bool, con_id: int) -> None:
        """Report the rules of one side, and what holds for both; a contract the broker has no rules for is a fact."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_AFTER_YOU):
                await self._has_begun.wait()
        number = await self._number(instrument, con_id)
        answer = await self._ask(calls.RULES, conid=str(number), is_buy="true" if is_buy else "false")
        subject = f"{SUBJECT}/{instrument.key}"
        side, now = f"{subject}/{'buy' if is_buy else 'sell'}", self._clock.now()
        if answer.body is Body.ERROR:
            text = answer.read(Failure).error
            if answer.status == 503:  # the back end timed out, which says nothing of the contract
                raise Refused(503, clean(text), "The broker's back end gave no rules in time.")
            self._report([kinds.RULE_ERROR.seen(side, clean(text) or "no rules", now)])
            return
        if answer.status != 200 or answer.body is not Body.JSON:
            raise Refused(answer.status, answer.body, "The gateway gave no rules for the contract.")
        told = answer.read(InfoAndRules)
        seen = [kinds.CON_ID.seen(subject, number, now), *plain_facts(subject, told, now)]
        self._report([*seen, *side_facts(side, told, now)])

    async def snapshot(self, instruments: Sequence[Instrument], con_ids: Mapping[str, int]) -> None:
        """Report data letters, tradability and permission of all instruments in two calls; give the lines back.

        An instrument without a number is left out. The regulatory snapshot, which costs money, is another call and
        not on the closed list.
        """
        async with self._snapshot_turn:
            self._has_begun.clear()
            try:
                await self._search_underlyings(instruments)
                keys = await self._keys(instruments, con_ids)
                for start in range(0, len(keys), _MOST_CONTRACTS):
                    await self._look(dict(list(keys.items())[start : start + _MOST_CONTRACTS]))
            finally:
                self._has_begun.set()

    async def settle(self) -> None:
        """Return when no snapshot holds lines any more, or after the time that giving them back may take."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_GIVE_BACK), self._snapshot_turn:
                pass

    async def _keys(
        self, instruments: Sequence[Instrument], con_ids: Mapping[str, int]
    ) -> dict[int, list[str]]:
        """Return the instruments' keys by number; several may name the same contract."""
        keys: dict[int, list[str]] = {}
        for instrument in instruments:
            try:
                number = await self._number(instrument, con_ids.get(instrument.key, 0))
            except NotPermitted:
                continue
            keys.setdefault(number, []).append(instrument.key)
        return keys

    async def _look(self, keys: Mapping[int, Sequence[str]]) -> None:
        numbers = ",".join(str(number) for number in keys)
        self._tally.line(len(keys))
        try:
            await self._ask(calls.SNAPSHOT, conids=numbers)
            self._has_begun.set()
            await self._sleep(_STREAMS_OPEN)
            answer = await self._ask(calls.SNAPSHOT, conids=numbers)
        finally:
            self._tally.line(-len(keys))
            await self._give_lines_back(keys)
        if answer.status != 200 or answer.body is not Body.JSON:
            raise Refused(answer.status, answer.body, "The gateway gave no market data.")
        now = self._clock.now()
        for row in answer.read(tuple[SnapshotRow, ...]):
            for key in keys.get(row.conid, ()):
                seen = snapshot_facts(f"{SUBJECT}/{key}", row, now)
                if seen:
                    self._report(seen)

    async def _give_lines_back(self, numbers: Iterable[int]) -> None:
        """End the streams that the snapshot has opened, and no other: they would hold lines of the allowance."""
        try:
            async with asyncio.timeout(_GIVE_BACK), asyncio.TaskGroup() as group:
                for number in numbers:
                    group.create_task(self._give_back(number))
        except TimeoutError:
            _log.info("not every market-data line was given back in %.1f s", _GIVE_BACK)

    async def _give_back(self, number: int) -> None:
        try:
            await self._ask(calls.UNSUBSCRIBE, conid=str(number))
        except Trouble as trouble:
            _log.info("a market-data line was not given back: %s", trouble)

    async def _search_underlyings(self, instruments: Sequence[Instrument]) -> None:
        """Search each derivative's symbol once: the broker prices none before that."""
        for instrument in instruments:
            symbol = instrument.symbol
            if instrument.sec_type not in _DERIVATIVES or symbol in self._searched or not is_symbol(symbol):
                continue
            if len(self._searched) >= _MOST_SEARCHES:
                return
            await self._ask(calls.SEARCH, symbol=symbol)
            self._searched.add(symbol)

    async def _number(self, instrument: Instrument, told: int) -> int:
        """Return the broker's number: as told, as known, or found by symbol. Raises NotPermitted when none is known."""
        if told > 0:
            self._numbers[instrument] = told
        elif instrument not in self._numbers:
            found = await self._find(instrument)
            if not found:
                raise NotPermitted(f"The gateway cannot tell which contract {clean(instrument.key, 60)} is.")
            self._numbers[instrument] = found
        return self._numbers[instrument]

    async def _find(self, instrument: Instrument) -> int:
        """Find a stock or a future by its symbol; other kinds need more questions than a check may ask."""
        if not is_symbol(instrument.symbol):
            return 0
        if instrument.sec_type == "STK":
            answer = await self._ask(calls.STOCKS, symbol=instrument.symbol)
            return stock_number(instrument, answer.read(STOCKS_LIST)) if answer.status == 200 else 0
        if instrument.sec_type == "FUT":
            answer = await self._ask(calls.FUTURES, symbol=instrument.symbol)
            rows = answer.read(FUTURES_LIST) if answer.status == 200 else {}
            return future_number(instrument, rows, self._clock.now())
        return 0
