"""What a launcher's log tells about signing in: failures and second-factor prompts, with their times.

Only times leave the file, never a line of it. The lines are those of IBC 3, which writes local time; TWS's own logs
carry them too when IBC is told to write there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from msgspec import Struct

from cockpit.adapters.machine.files import read_end
from cockpit.domain import kinds
from cockpit.domain.evidence import MOST_AHEAD, Observation, Provenance
from cockpit.domain.kinds import DAY, HOUR

PLACE = "the launcher IBC"

_LARGEST = 4 << 20  # bytes that are read, from the end
_LONGEST_LINE = 400
_MOST_FAILURES = 50
_SAME = 3.0  # seconds within which two lines tell of one attempt
_NAMED_BY = 8  # hex digits that tell one log from another without saying where it lies

_STAMP = re.compile(r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)[:.,](?P<ms>\d{3}) IBC: (?P<words>.*)", re.ASCII)
_FAILED = re.compile(
    r"Login failed|Unrecognized Username or Password|Too many failed login attempts\b.*", re.ASCII
)
_PROMPTED = re.compile(r"Second Factor Authentication initiated", re.ASCII)
# A prompt is over when its window closes, the sign-in is through, or it failed.
_OVER = re.compile(
    r"detected (?:dialog|frame) entitled: .{0,60}Second Factor Authentication.{0,60}; event=Closed"
    r"|Login has completed|Exiting with exit code=\d+",
    re.ASCII | re.IGNORECASE,
)


class SignIns(Struct, frozen=True):
    """What a log tells: when sign-ins failed, the newest second-factor prompt and when it ended.

    Times in UTC epoch seconds, oldest first; `ended` is 0 while the prompt may still wait.
    """

    failed: tuple[float, ...] = ()
    prompted: float = 0.0
    ended: float = 0.0


def read_launcher_log(path: Path, now: float, zone: tzinfo | None = None) -> SignIns:
    """Read the end of a launcher's log; nothing for a file that is no log. Raises OSError when it cannot be read.

    `zone` is that of its times, by default this PC's. Failures older than a day do not count and are left out, and so
    is what lies ahead of `now`: a clock was wrong.
    """
    content = read_end(path, _LARGEST)
    return SignIns() if content is None else parse_launcher_log(content, now, zone)


def parse_launcher_log(content: bytes, now: float, zone: tzinfo | None = None) -> SignIns:
    """Read the lines of a log; those that tell nothing about signing in are passed over."""
    failed: list[float] = []
    prompted = ended = 0.0
    for raw in content.splitlines():
        if b" IBC: " not in raw or len(raw) > _LONGEST_LINE:
            continue
        stamp = _STAMP.search(raw.decode("utf-8", errors="replace"))
        at = _moment(stamp["at"], stamp["ms"], now, zone) if stamp else None
        if stamp is None or at is None or at > now + MOST_AHEAD:
            continue
        words = stamp["words"].strip()
        if _PROMPTED.fullmatch(words):
            prompted, ended = at, 0.0
        elif _FAILED.fullmatch(words):
            if now - at < DAY and not any(abs(at - other) < _SAME for other in failed[-2:]):
                failed.append(at)
            ended = ended or at
        elif _OVER.fullmatch(words):
            ended = ended or at
    return SignIns(tuple(failed[-_MOST_FAILURES:]), prompted, ended if prompted else 0.0)


def look_at_launcher_logs(paths: Sequence[str], now: float) -> list[Observation]:
    """Look into the logs the trader points to. One that cannot be read says nothing, and keeps no other silent."""
    seen: list[Observation] = []
    prompts: list[SignIns] = []
    for text in dict.fromkeys(paths):
        try:
            path = Path(text).expanduser()
            signs = read_launcher_log(path, now)
        except (OSError, RuntimeError, ValueError):  # not there, no home folder, no path at all
            continue
        name = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_NAMED_BY]
        seen += [
            # By its moment, so that reading it again finds the same subject.
            kinds.SIGN_IN_FAILED.seen(f"signin/launcher-{name}/{at:.0f}", at, now, note=PLACE)
            for at in signs.failed
        ]
        if signs.prompted and now - signs.prompted < HOUR:
            prompts.append(signs)
    newest = max(prompts, key=_weight, default=SignIns())
    if newest.prompted:
        waiting = newest.prompted if not newest.ended else 0.0
        note = f"{PLACE}: second-factor prompt {'opened' if waiting else 'is over'}"
        seen.append(kinds.PUSH_SENT.seen("signin", waiting, now, Provenance.MEASURED, note))
    return seen


def _weight(signs: SignIns) -> tuple[bool, float]:
    """A prompt that still waits counts before one that is over."""
    return bool(signs.prompted and not signs.ended), signs.prompted


def _moment(text: str, milliseconds: str, now: float, zone: tzinfo | None) -> float | None:
    """Turn a local time into UTC epoch seconds; in the hour that autumn repeats, the later one that has been."""
    try:
        local = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone)
        both = [local.replace(fold=fold).astimezone(UTC).timestamp() for fold in (0, 1)]
    except (ValueError, OverflowError, OSError):
        return None
    past = [one for one in both if one <= now + MOST_AHEAD]
    return (max(past) if past else min(both)) + int(milliseconds) / 1000
