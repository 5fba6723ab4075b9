"""The door at which a second start knocks: for this user only, and all it understands is "raise"."""

from __future__ import annotations

import hashlib
import os
import socket
import struct
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

WORD = b"raise\n"
ANSWER = b"raised\n"
PATIENCE = 1.0  # seconds that either side waits for the other
_LONGEST_PATH = 100  # bytes of a Unix socket's path; macOS ends at 104, Linux at 108


class _Ear(Protocol):
    """What waits for one knock."""

    def hears(self) -> bool:
        """Wait for a knock, answer it, and return whether it was the word."""

    def close(self) -> None:
        """Wait no more."""


class Door:
    """Waits, in a thread of its own, for second starts, and calls `raised` in that thread for each.

    Only who holds the profile's lock may open it: it takes the place of whatever a killed one left behind.
    """

    def __init__(self, folder: Path, raised: Callable[[], None]) -> None:
        """Open the door of the profile in `folder`. Raises OSError."""
        self._raised = raised
        self._ended = False
        self._place = _place(folder)
        self._ear = _ear(self._place)
        self._thread = threading.Thread(target=self._live, name="instance", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close the door."""
        self._ended = True
        _knock(self._place)  # wakes the thread, which then closes what it holds
        self._thread.join(2 * PATIENCE)

    def _live(self) -> None:
        try:
            while not self._ended:
                if self._ear.hears() and not self._ended:
                    self._raised()
        finally:
            self._ear.close()


def knock(folder: Path) -> bool:
    """Ask the cockpit of the profile in `folder` to come to the front; return whether it said that it does."""
    try:
        place = _place(folder)
    except OSError:
        return False
    return _knock(place)


def _knock(place: str) -> bool:
    try:
        if sys.platform == "win32":
            from cockpit.adapters.profile.instance_pipe import knock_at_pipe

            return knock_at_pipe(place, WORD, ANSWER, PATIENCE)
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(PATIENCE)
            line.connect(place)
            line.sendall(WORD)
            return line.recv(len(ANSWER)) == ANSWER
    except (OSError, EOFError):
        return False


def _ear(place: str) -> _Ear:
    """Open the ear that this system has. Raises OSError."""
    if sys.platform == "win32":
        from cockpit.adapters.profile.instance_pipe import (
            Pipe,  # its library is not loaded for nothing elsewhere
        )

        return Pipe(place, WORD, ANSWER, PATIENCE)
    return _Socket(place)


class _Socket:
    """A Unix socket. One read tells: what is not the whole word in one piece is not from us."""

    def __init__(self, place: str) -> None:
        self._path = Path(place)
        self._path.unlink(missing_ok=True)
        self._line = socket.socket(socket.AF_UNIX)
        try:
            self._line.bind(place)
            self._path.chmod(0o600)
            self._line.listen(8)
        except BaseException:
            self._line.close()
            raise

    def hears(self) -> bool:
        try:
            caller, _ = self._line.accept()
            with caller:
                caller.settimeout(PATIENCE)
                if not _is_same_user(caller) or caller.recv(len(WORD) + 1) != WORD:
                    return False
                caller.sendall(ANSWER)
                return True
        except (ConnectionError, TimeoutError):
            return False

    def close(self) -> None:
        self._path.unlink(missing_ok=True)
        self._line.close()


def _is_same_user(caller: socket.socket) -> bool:
    """Whether the caller is this user, where the system tells; elsewhere the folder keeps others out."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return True
    size = struct.calcsize("3i")
    _, user, _ = struct.unpack("3i", caller.getsockopt(socket.SOL_SOCKET, option, size))
    return bool(user == os.getuid())


def _place(folder: Path) -> str:
    """Return where the door of a profile is. Raises OSError when it can be nowhere safe."""
    digest = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:16]
    if sys.platform == "win32":
        return rf"\\.\pipe\access-cockpit-{digest}"
    path = folder.absolute() / "cockpit.sock"
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        return str(path)
    # The profile lies too deep for a socket: a folder of our own among the temporary ones, if it is ours indeed.
    place = Path(tempfile.gettempdir()) / f"access-cockpit-{os.getuid()}-{digest}"
    place.mkdir(mode=0o700, exist_ok=True)
    about = place.lstat()
    if about.st_uid != os.getuid() or about.st_mode & 0o77 or place.is_symlink():
        raise PermissionError(f"{place} belongs to somebody else")
    return str(place / "s")
