"""A screen of our own, and hands on it: a virtual X server, the keys and the windows that are there."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

NEEDED = ("Xvfb", "xdotool")
PATIENCE = 40  # seconds


def missing() -> str:
    """Name the programs that are not on this PC, or return nothing."""
    return " and ".join(name for name in NEEDED if shutil.which(name) is None)


@dataclass(frozen=True)
class Screen:
    """A virtual screen, by the name that programs find it under."""

    display: str

    def window(self, title: str) -> str:
        """Wait until a window whose title matches the pattern is on the screen; return its number."""
        return self._do("search", "--sync", "--onlyvisible", "--name", title).splitlines()[0]

    def windows(self, title: str) -> list[str]:
        """Return the numbers of all windows whose titles match, now."""
        return self._do("search", "--onlyvisible", "--name", title, check=False).split()

    def press(self, window: str, key: str) -> None:
        """Give a window the keyboard and press a key on it, as a hand would."""
        self._do("windowfocus", "--sync", window)
        self._do("key", "--clearmodifiers", key)

    def _do(self, *arguments: str, check: bool = True) -> str:
        ended = subprocess.run(
            ["xdotool", *arguments],
            env=os.environ | {"DISPLAY": self.display},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=check,
        )
        return ended.stdout


@contextmanager
def screen() -> Iterator[Screen]:
    """A virtual screen of its own; it is there when the block begins."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            raise AssertionError("Xvfb did not start")
        yield Screen(f":{number}")
    finally:
        server.terminate()
        server.wait(PATIENCE)
