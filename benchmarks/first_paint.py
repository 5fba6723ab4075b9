"""From the start of the process to the first painted window that shows what the journal last knew.

Against a bare window of PySide6 under qasync, painted once. Each start is a fresh process; the two kinds take turns,
so that whatever else the machine does meets both.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.children import in_child
from benchmarks.figures import Figure

STARTS = 9  # of each kind
LIMIT = 2.0
WITHIN = 60.0  # seconds that one start may take
_CHILDREN = {"bare": "benchmarks.first_paint_bare", "cockpit": "benchmarks.first_paint_cockpit"}


def run() -> Figure:
    """Return the medians of both kinds in seconds; `ratio` is ours over the bare window's."""
    took: dict[str, list[float]] = {kind: [] for kind in _CHILDREN}
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as name:
        folder = Path(name)
        settings = Path(in_child("benchmarks.left_behind", str(folder), within=WITHIN).strip())
        for kind in took:
            _seconds_until_painted(
                kind, settings, folder
            )  # the first start compiles, and reads from the disk
        for _ in range(STARTS):
            for kind, seconds in took.items():
                seconds.append(_seconds_until_painted(kind, settings, folder))
    bare, ours = median(took["bare"]), median(took["cockpit"])
    return {
        "ratio": ours / bare,
        "limit": LIMIT,
        "bare": bare,
        "cockpit": ours,
        "starts": STARTS,
        "each": took,
    }


def _seconds_until_painted(kind: str, settings: Path, folder: Path) -> float:
    """Start a child and return when it says that it had painted. The monotonic clock is one for all processes."""
    began = time.monotonic()
    printed = in_child(_CHILDREN[kind], str(settings), within=WITHIN, bytecode=folder / "bytecode")
    return float(printed.split()[-1]) - began
