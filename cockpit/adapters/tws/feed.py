"""What really arrives for one instrument: messages folded until the answer is clear or the time is up."""

from __future__ import annotations

from msgspec import Struct, field

from cockpit.adapters.foreign_text import clean
from cockpit.adapters.tws.messages import Code, DataType, Greeks, Message, Tick, TradeTime
from cockpit.adapters.tws.status import DATA_TAKEN
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation
from cockpit.domain.kinds import FeedState

ALLOW_DELAYED = 3
"""The market-data type to ask with: allows delayed data, never downgrades a live right (API manual)."""

LIVE = 1
_STATES = {
    1: FeedState.LIVE,
    2: FeedState.FROZEN,
    3: FeedState.DELAYED,
    4: FeedState.DELAYED_FROZEN,
}
# One class, whichever of them comes: the same probe is answered now with one, now with the other.
_NO_RIGHT = frozenset({354, 10168, 10186})
_NO_LIVE_RIGHT = frozenset({10089, 10167})  # words before delayed data, or the end
_PARTIAL = frozenset({10090, 10091, 10092})
_NOTICES = frozenset(range(2100, 2200))
SUBSCRIPTIONS_LOST = 1101

_SIDES = {1: "bid", 66: "bid", 2: "ask", 67: "ask"}
_LAST = frozenset({4, 68, 37})
# Fields that stand still: yesterday's close and the day's range prove no feed.
_MODEL_GREEKS = frozenset({13, 83})
_NO_PRICE = -1.0
# Indices have no sides, so their last price is the quote.
_WITHOUT_SIDES = frozenset({"IND"})


class FeedLook(Struct):
    """One look at a feed. Take messages until `is_clear`; then, or when the time is up, read `state`."""

    sec_type: str
    needs_greeks: bool = False
    kind: int | None = None
    greeks: bool = False
    tick_at: float | None = None  # when the newest quote came, UTC epoch seconds
    traded_at: float | None = None  # when the broker says the last trade was
    _sides: dict[str, float] = field(default_factory=dict)
    _has_last: bool = False
    _end: FeedState | None = None
    _codes: list[Code] = field(default_factory=list)

    def take(self, message: Message) -> None:
        """Fold one message in."""
        match message:
            case DataType(kind) if kind in _STATES:
                self.kind = kind
            case Tick(number, price, arrived):
                self._take_tick(number, price, arrived)
            case TradeTime(at):
                self.traded_at = at
            case Greeks(number, delta) if number in _MODEL_GREEKS and delta is not None:
                self.greeks = True
            case Code():
                self._take_code(message)
            case _:
                pass

    @property
    def is_clear(self) -> bool:
        """Whether waiting longer could not change the answer."""
        if self._end is not None:
            return True
        if self.kind is None or not (self._has_quote or self._has_no_quote):
            return False
        return not self.needs_greeks or self.greeks or self._is_partial or self._has_no_quote

    @property
    def state(self) -> FeedState:
        """Read the answer. Never live before TWS said which kind of data flows."""
        if self._end is not None:
            return self._end
        if self._has_no_quote:
            return FeedState.NO_QUOTE
        if not (self._has_quote or self._has_last):
            return FeedState.NOT_SUBSCRIBED if self._has(_NO_LIVE_RIGHT) else FeedState.SILENT
        if self.kind is None:
            return FeedState.PARTIAL
        state = _STATES[self.kind]
        if state is FeedState.LIVE and (self._is_partial or (self.needs_greeks and not self.greeks)):
            return FeedState.PARTIAL
        return state

    @property
    def note(self) -> str:
        """Name the codes and callbacks behind the answer."""
        parts = [f"{code.code} {clean(code.text, 160)}".strip() for code in self._codes[:3]]
        parts.append(
            "no word which kind of data flows" if self.kind is None else f"market-data type {self.kind}"
        )
        if self.needs_greeks and not self.greeks:
            parts.append("no model Greeks")
        return "; ".join(parts)

    def facts(self, subject: str, now: float) -> list[Observation]:
        """Say what was seen. Times in UTC epoch seconds."""
        seen = [kinds.FEED.seen(subject, self.state.value, now, note=self.note)]
        if self.needs_greeks:
            seen.append(kinds.GREEKS.seen(subject, self.greeks, now))
        if self.tick_at is not None:
            stands_still = self.kind is not None and self.kind != LIVE and self.traded_at is not None
            newest = self.traded_at if stands_still and self.traded_at is not None else self.tick_at
            rule = (
                "since the last trade, as the broker dates it"
                if stands_still
                else "since the newest tick came"
            )
            seen.append(kinds.TICK_AGE.seen(subject, max(0.0, now - newest), now, note=rule))
        return seen

    @property
    def _has_quote(self) -> bool:
        if any(price != _NO_PRICE for price in self._sides.values()):
            return True
        return self._has_last and self.sec_type in _WITHOUT_SIDES

    @property
    def _has_no_quote(self) -> bool:
        return len(self._sides) == 2 and all(price == _NO_PRICE for price in self._sides.values())

    @property
    def _is_partial(self) -> bool:
        return self._has(_PARTIAL)

    def _has(self, codes: frozenset[int]) -> bool:
        return any(code.code in codes for code in self._codes)

    def _take_tick(self, number: int, price: float, arrived: float) -> None:
        if number in _SIDES:
            self._sides[_SIDES[number]] = price
        elif number in _LAST and price != _NO_PRICE:
            self._has_last = True
        else:
            return
        if price != _NO_PRICE:
            self.tick_at = arrived

    def _take_code(self, code: Code) -> None:
        self._codes.append(code)
        if code.code == DATA_TAKEN:
            self._end = FeedState.COMPETING
        elif code.code in _NO_RIGHT:
            self._end = FeedState.NOT_SUBSCRIBED
        elif code.code == SUBSCRIPTIONS_LOST:
            # The line is gone with everything seen on it.
            self._end = FeedState.SILENT
        elif code.request != -1 and code.code not in _NO_LIVE_RIGHT | _PARTIAL | _NOTICES:
            self._end = FeedState.REFUSED
