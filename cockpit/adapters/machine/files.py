"""Small files of other programs, read without trust: regular files only, capped, never waited for."""

from __future__ import annotations

import os
import stat
from pathlib import Path

# A pipe must not keep us waiting and a link must not lead elsewhere. Windows knows neither flag.
_FLAGS = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)


def read_whole(path: Path, largest: int) -> bytes | None:
    """Return the content of a regular file of at most `largest` bytes; None when it is longer or is none.

    Raises OSError when it is not there or cannot be read. A symbolic link is not followed.
    """
    with _Opened(path) as size_and_number:
        if size_and_number is None or size_and_number[0] > largest:
            return None
        content = _read(size_and_number[1], largest + 1)
    return content if len(content) <= largest else None


def read_end(path: Path, largest: int) -> bytes | None:
    """Return the last `largest` bytes of a regular file, from the start of a line; None when it is none.

    Raises OSError like `read_whole`.
    """
    with _Opened(path) as size_and_number:
        if size_and_number is None:
            return None
        size, number = size_and_number
        if size <= largest:
            return _read(number, largest)
        os.lseek(number, size - largest, os.SEEK_SET)
        return _read(number, largest).partition(b"\n")[2]


class _Opened:
    """A file open for reading: its size in bytes and its number, or None when it is no regular file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._number = -1

    def __enter__(self) -> tuple[int, int] | None:
        if self._path.is_symlink():  # where the system cannot refuse it while opening
            return None
        self._number = os.open(self._path, _FLAGS)
        about = os.fstat(self._number)
        return (about.st_size, self._number) if stat.S_ISREG(about.st_mode) else None

    def __exit__(self, *_: object) -> None:
        if self._number >= 0:
            os.close(self._number)


def _read(number: int, most: int) -> bytes:
    pieces, left = [], most
    while left > 0 and (piece := os.read(number, left)):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
