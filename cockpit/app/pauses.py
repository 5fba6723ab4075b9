"""Keep the interpreter's own pauses short: a window and a session are waiting in two threads of one process.

Decision 0005 has the measurements.
"""

from __future__ import annotations

import gc
import sys

# Python lets a busy thread go on for five milliseconds while another waits. Painting asks for its turn anew with
# every widget, so a few busy milliseconds in another thread would cost a window several frames.
TURN = 0.001  # seconds


def take_short_turns() -> None:
    """Let threads take turns more often than Python does by itself."""
    sys.setswitchinterval(TURN)


def hold_the_collector() -> None:
    """Search for nothing to collect while the program loads and builds its window: all of it stays."""
    gc.disable()


def release_the_collector() -> None:
    """Let the collector work again."""
    gc.enable()


def spare_what_stays() -> None:
    """Take all that exists now out of the collector's search: modules, classes and tables stay until the end.

    Without that a full collection holds every thread for a tenth of a second.
    """
    gc.freeze()
