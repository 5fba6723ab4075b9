"""Starts the program for `first-paint` in the order in which the command line does."""

from __future__ import annotations

import sys
from pathlib import Path

from cockpit.app.pauses import hold_the_collector

if __name__ == "__main__":
    hold_the_collector()
    from benchmarks.first_paint_watch import main

    sys.exit(main(Path(sys.argv[1])))
