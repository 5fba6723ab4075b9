"""One cockpit for each profile: the first holds a lock, a second one makes the first come to the front."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.adapters.profile.instance_lock import FileLock

if TYPE_CHECKING:
    from cockpit.adapters.profile.instance_door import Door


class Instance:
    """The right to be the one cockpit of a profile; gone with the process, however it ends."""

    def __init__(self, folder: Path, lock: FileLock) -> None:
        self._folder = folder
        self._lock = lock
        self._door: Door | None = None

    @classmethod
    def take(cls, folder: Path) -> Instance | None:
        """Become the one cockpit of the profile in `folder`; None when there is one. Raises OSError."""
        lock = FileLock.take(folder / "cockpit.lock")
        return None if lock is None else cls(folder, lock)

    def listen(self, raised: Callable[[], None]) -> None:
        """Call `raised`, in another thread, each time somebody starts the program again. Raises OSError."""
        from cockpit.adapters.profile.instance_door import Door  # a window opens it after its first picture

        if self._door is None:
            self._door = Door(self._folder, raised)

    def release(self) -> None:
        """Let another one be the first."""
        if self._door is not None:
            self._door.close()
            self._door = None
        self._lock.release()


def raise_first(folder: Path) -> bool:
    """Make the one cockpit of the profile in `folder` come to the front; return whether it does."""
    from cockpit.adapters.profile.instance_door import knock

    return knock(folder)
