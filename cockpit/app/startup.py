"""What every command does first: find its profile, close it to others, start the log; guard the memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cockpit.adapters.profile.folders import Profile, find_profile, guard_memory, make_private
from cockpit.adapters.profile.log import start_log
from cockpit.adapters.profile.redaction import Redactor
from cockpit.app.desk import Desk, read_desk
from cockpit.tables import Complaint

READABLE_MEMORY = "COCKPIT_READABLE_MEMORY"  # set to 1 for support: debuggers and core files see this process


class Start(Struct, frozen=True):
    """A profile that is ready for use, the desk it belongs to, and the end of the log."""

    profile: Profile
    desk: Desk
    close_log: Callable[[], None]
    learn: Callable[[str], None]  # hides a secret in every log from then on


def start(settings_file: Path | None) -> Start:
    """Prepare the process for a real desk. `settings_file` None means the usual one, if it is there."""
    usual = find_profile()
    file = settings_file if settings_file is not None else usual.settings
    desk = read_desk(file if settings_file is not None or file.exists() else None)
    return prepare(desk, profile_of(desk, usual))


def profile_of(desk: Desk, otherwise: Profile) -> Profile:
    """Return the profile that a desk's settings name, or `otherwise`."""
    folder = desk.settings.folders.profile
    return find_profile(folder=Path(folder)) if folder else otherwise


def prepare(desk: Desk, profile: Profile) -> Start:
    """Make the profile's folders private, start the log."""
    problems = make_private(profile)
    redactor = Redactor()
    log = start_log(profile.log, redactor)
    return Start(profile, _noted(desk, problems), log.close if log is not None else _nothing, redactor.learn)


def guarded(desk: Desk) -> Desk:
    """Guard the process's memory, which must be done before a secret is read; return the desk with what failed."""
    return desk if os.environ.get(READABLE_MEMORY) == "1" else _noted(desk, guard_memory())


def _noted(desk: Desk, problems: Sequence[str]) -> Desk:
    complaints = tuple(Complaint("this PC", 0, "", problem) for problem in problems)
    return replace(desk, complaints=(*desk.complaints, *complaints))


def _nothing() -> None:
    """There is no log to close."""
