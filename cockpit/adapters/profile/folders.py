"""The folders of one profile, and what keeps them and this process's memory from other users."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from msgspec import Struct
from platformdirs import PlatformDirs

NAME = "access-cockpit"
_PRIVATE = 0o700
_WRITABLE_BY_OTHERS = 0o022


class Profile(Struct, frozen=True):
    """Where one profile keeps its things. The demo has its own, so it never touches a real desk's."""

    name: str
    data: Path
    config: Path
    log: Path

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.config / "settings.toml"

    @property
    def journal(self) -> Path:
        """The journal."""
        return self.data / "journal.sqlite"

    @property
    def layout(self) -> Path:
        """How the trader has arranged the window."""
        return self.data / "layout.ini"


def find_profile(*, demo: bool = False, folder: Path | None = None) -> Profile:
    """Return the usual profile of this user, or the one that has everything in `folder`."""
    name = f"{NAME}-demo" if demo else NAME
    if folder is not None:
        place = folder.expanduser().absolute()
        return Profile(name, place, place, place / "log")
    usual = PlatformDirs(name, appauthor=False)
    return Profile(name, usual.user_data_path, usual.user_config_path, usual.user_log_path)


def make_private(profile: Profile) -> list[str]:
    """Make the folders that are not there, for this user only, and every file of this process from now on too.

    A folder that is there stays as it is: settings may name one that other programs use as well. Return a sentence
    for each that cannot be used, or in which others could exchange our files; the program goes on.
    """
    os.umask(0o077)
    complaints = []
    for folder in dict.fromkeys((profile.data, profile.config, profile.log)):
        try:
            folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
            if os.name == "posix" and folder.stat().st_mode & _WRITABLE_BY_OTHERS:
                complaints.append(f"{folder} can be written to by other users: type chmod go-w '{folder}'")
        except OSError as error:
            complaints.append(f"{folder} cannot be used: {error.strerror or error}")
    return complaints


def guard_memory() -> list[str]:
    """Keep this process's memory out of core files and, on Linux, from other programs of the same user.

    Secrets pass through memory while they are used. Return what could not be done; a support switch skips the call.
    """
    failed = []
    if sys.platform != "win32":
        import resource

        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        except (OSError, ValueError) as error:
            failed.append(f"core files could not be switched off: {error}")
    if sys.platform == "linux":
        import ctypes

        library = ctypes.CDLL(None, use_errno=True)
        if library.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
            failed.append(f"memory stays readable: {os.strerror(ctypes.get_errno())}")
    return failed


_PR_SET_DUMPABLE = 4  # linux/prctl.h
