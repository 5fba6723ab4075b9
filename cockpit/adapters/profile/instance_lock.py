"""A lock that the operating system holds for a process and gives back when the process ends, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path


class FileLock:
    """Held from `take` to `release`, or until this process dies. What stands in the file never matters."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def take(cls, path: Path) -> FileLock | None:
        """Take the lock; None when another process holds it. Raises OSError when the file cannot be opened."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            _lock(handle)
        except (BlockingIOError, PermissionError):
            os.close(handle)
            return None
        except BaseException:
            os.close(handle)
            raise
        return cls(handle)

    def release(self) -> None:
        """Give the lock back; the file stays, for to delete it would let two processes lock two files."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        """Lock a byte far behind whatever stands in the file: Windows keeps others from reading a locked byte."""
        os.lseek(handle, 1 << 30, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        """`flock`, not `lockf`: the latter is lost when any other handle of the file is closed."""
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
