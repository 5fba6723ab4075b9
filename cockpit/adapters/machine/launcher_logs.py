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
_MOST_FILES = 10  # of a folder; IBC keeps one for each day of the week
_SUFFIXES = (".txt", ".log")
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

    Times in UTC epoch seconds, oldest first; `ended` is 0 while the prompt may still wait. `is_log` says that the file
    is one of the kind known here: what another tells nothing about may have happened all the same.
    """

    failed: tuple[float, ...] = ()
    prompted: float = 0.0
    ended: float = 0.0
    is_log: bool = False


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
    is_log = False
    for raw in content.splitlines():
        if b" IBC: " not in raw or len(raw) > _LONGEST_LINE:
            continue
        stamp = _STAMP.search(raw.decode("utf-8", errors="replace"))
        at = _moment(stamp["at"], stamp["ms"], now, zone) if stamp else None
        is_log = is_log or at is not None
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
    return SignIns(tuple(failed[-_MOST_FAILURES:]), prompted, ended if prompted else 0.0, is_log)


def look_at_launcher_logs(places: Sequence[str], now: float) -> list[Observation]:
    """Look into the logs the trader points to, and say how many could be read.

    A place is a file, or a folder with a file for each day of the week as IBC keeps it. One that cannot be read keeps
    no other silent.
    """
    seen: list[Observation] = []
    told: list[SignIns] = []
    read = 0
    for place in dict.fromkeys(places):
        logs = [log for log in _logs_at(place, now) if log.is_log]
        read += bool(logs)
        told += logs
        name = hashlib.sha256(place.encode("utf-8", "replace")).hexdigest()[:_NAMED_BY]
        seen += [
            # By its moment, so that reading it again finds the same subject.
            kinds.SIGN_IN_FAILED.seen(f"signin/launcher-{name}/{at:.0f}", at, now, note=PLACE)
            for log in logs
            for at in log.failed
        ]
    if places:
        seen.append(kinds.LOGS_READ.seen("signin", read, now, Provenance.MEASURED, PLACE))
    recent = [log for log in told if log.prompted and now - log.prompted < HOUR]
    if recent:
        newest = max(recent, key=_weight)
        waiting = newest.prompted if not newest.ended else 0.0
        note = f"{PLACE}: second-factor prompt {'opened' if waiting else 'is over'}"
        seen.append(kinds.PUSH_SENT.seen("signin", waiting, now, Provenance.MEASURED, note))
    return seen


def _logs_at(place: str, now: float) -> list[SignIns]:
    """Read the log at a place, or those of a folder that were written to in the last day and the newest one."""
    try:
        path = Path(place).expanduser()
        if not path.is_dir():
            return [read_launcher_log(path, now)]
        dated = [(one.lstat().st_mtime, one) for one in path.iterdir() if one.suffix.lower() in _SUFFIXES]
    except (OSError, RuntimeError, ValueError):  # not there, no home folder, no path at all
        return []
    found: list[SignIns] = []
    for written, file in sorted(dated, reverse=True)[:_MOST_FILES]:
        if not found or now - written < DAY:
            try:
                found.append(read_launcher_log(file, now))
            except OSError:
                continue
    return found


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
