"""What TWS says unasked: the codes behind upstream, farms, read-only, and data that went elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cockpit.adapters.foreign_text import clean
from cockpit.adapters.tws.messages import Code
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance
from cockpit.domain.farms import farm_subject
from cockpit.domain.kinds import FarmState, FeedState, Upstream
from cockpit.services.ports import Clock

# Codes and their meaning: "System message codes" and "Error codes" of IBKR's TWS API manual; 10197 ibidem.
_UPSTREAM = {
    1100: Upstream.DOWN,
    2110: Upstream.DOWN,
    1101: Upstream.UP_DATA_LOST,
    1102: Upstream.UP_DATA_KEPT,
}
_FARMS = {
    2103: FarmState.BROKEN,
    2104: FarmState.OK,
    2105: FarmState.BROKEN,
    2106: FarmState.OK,
    2107: FarmState.DORMANT,
    2108: FarmState.DORMANT,
    2119: FarmState.CONNECTING,
    2157: FarmState.BROKEN,
    2158: FarmState.OK,
}
DATA_TAKEN = 10197
_READ_ONLY = 321
# "Nothing to cancel": the answer to giving a line back that the server had already taken away.
_NOTHING_TO_CANCEL = 300

# The text after a return of the broker's servers stays worth a remark for so long; then it is plain "up".
_REMARKABLE = 30 * 60.0
# 10197 comes in bursts; one observation per burst is enough.
_BURST = 10.0

_NAME = re.compile(r"[A-Za-z][\w.-]{0,39}")


class Status:
    """Folds codes into observations for one socket; remembers only what a later answer needs."""

    def __init__(self, subject: str, clock: Clock) -> None:
        self._subject = subject
        self._clock = clock
        self.forget()

    def forget(self) -> None:
        """Start over, as for a new session."""
        self._upstream = Upstream.UP
        self._upstream_code = 0
        self._upstream_since = 0.0
        self._farms: dict[str, tuple[FarmState, int]] = {}
        self._feeds: set[str] = set()
        self._taken_at: float | None = None
        self._is_taken = False

    def hear(self, code: Code) -> Sequence[Observation]:
        """Turn one code into what it says."""
        if code.code == _NOTHING_TO_CANCEL:
            return ()
        now = self._clock.now()
        text = clean(code.text)
        note = f"{code.code} {text}".strip()
        seen = [kinds.LAST_CODE.seen(self._subject, code.code, now, note=text)]
        if code.code in _UPSTREAM:
            seen += self._hear_upstream(code.code, note)
        elif code.code in _FARMS:
            seen += self._hear_farm(code, note)
        elif code.code == DATA_TAKEN:
            seen += self._hear_taken(note)
        elif is_read_only(code):
            seen.append(kinds.READ_ONLY.seen(self._subject, True, now, note=note))
        return seen

    def upstream(self) -> Observation:
        """Say how the broker's servers stand, as far as the socket has told; for every answered heartbeat.

        TWS answers the heartbeat itself, so after 1100 or 2110 only 1101, 1102 or a new session means "up".
        """
        came_back = self._upstream in {Upstream.UP_DATA_LOST, Upstream.UP_DATA_KEPT}
        if came_back and self._clock.monotonic() - self._upstream_since > _REMARKABLE:
            self._upstream = Upstream.UP
        note = "the heartbeat is answered and nothing says otherwise"
        if self._upstream is not Upstream.UP:
            note = f"{self._upstream_code}, and no other word since"
        return kinds.UPSTREAM.seen(self._subject, self._upstream.value, self._clock.now(), note=note)

    def farms(self) -> Sequence[Observation]:
        """Confirm the farms: a change would have been told, as long as the broker's servers are there."""
        if self._upstream is Upstream.DOWN:
            return ()
        now = self._clock.now()
        return [
            kinds.FARM.seen(
                farm_subject(self._subject, name), state.value, now, note=f"{code}, and no other word since"
            )
            for name, (state, code) in sorted(self._farms.items())
        ]

    def looked_at(self, feed_subject: str, is_live: bool) -> Sequence[Observation]:
        """Remember that a feed was looked at; live data means that no other session has it."""
        self._feeds.add(feed_subject)
        if not (is_live and self._is_taken):
            return ()
        self._is_taken, self._taken_at = False, None
        return [kinds.DATA_TAKEN.seen(self._subject, False, self._clock.now(), note="live data came again")]

    def _hear_upstream(self, code: int, note: str) -> Sequence[Observation]:
        now = self._clock.now()
        self._upstream, self._upstream_code = _UPSTREAM[code], code
        self._upstream_since = self._clock.monotonic()
        seen = [kinds.UPSTREAM.seen(self._subject, self._upstream.value, now, note=note)]
        if self._upstream is Upstream.UP_DATA_LOST:
            # What was seen of feeds before is void; nobody has looked since.
            rule = f"{code}: subscriptions were lost; nobody has looked since"
            seen += [
                kinds.FEED.seen(feed, FeedState.SILENT.value, now, Provenance.INFERRED, rule)
                for feed in sorted(self._feeds)
            ]
        return seen

    def _hear_farm(self, code: Code, note: str) -> Sequence[Observation]:
        name = farm_name(code.text)
        if not name:
            return ()
        self._farms[name] = _FARMS[code.code], code.code
        return [
            kinds.FARM.seen(
                farm_subject(self._subject, name), _FARMS[code.code].value, self._clock.now(), note=note
            )
        ]

    def _hear_taken(self, note: str) -> Sequence[Observation]:
        monotonic = self._clock.monotonic()
        if self._taken_at is not None and monotonic - self._taken_at < _BURST:
            return ()
        self._is_taken, self._taken_at = True, monotonic
        return [kinds.DATA_TAKEN.seen(self._subject, True, self._clock.now(), note=note)]


def farm_name(text: str) -> str:
    """Read the farm's name out of a notice: after the last colon, else after "demand.", else the last word.

    Empty when nothing there looks like a name; the sentence around it may be in any language.
    """
    if ":" in text:
        tail = text.rsplit(":", 1)[1]
    elif "demand." in text:
        tail = text.rsplit("demand.", 1)[1]
    else:
        tail = re.split(r"\s|\.(?=[^.]+$)", text.strip())[-1]
    name = tail.strip()
    return name if _NAME.fullmatch(name) else ""


def is_read_only(code: Code) -> bool:
    """Whether a 321 speaks of the read-only switch: it has other meanings, and only words tell them apart."""
    return code.code == _READ_ONLY and re.search(r"read[\s-]?only", code.text, re.IGNORECASE) is not None
