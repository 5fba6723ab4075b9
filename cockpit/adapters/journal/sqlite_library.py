"""sqlite-utils without pandas and numpy, which it would load just to know their types: half a second of every start.

They are installed for the exchange calendars. The journal never keeps a value of theirs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _kept_away(*names: str) -> Iterator[None]:
    """Make packages that are not loaded yet look as if they were not installed, for as long as the block lasts."""
    absent = [name for name in names if name not in sys.modules]
    # None is Python's own mark for a module that must not be found.
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


with _kept_away("pandas", "numpy"):
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

__all__ = ["Database", "Migrations"]
