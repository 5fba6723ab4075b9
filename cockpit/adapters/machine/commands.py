"""Small programs of the operating system, asked with fixed words: no shell, no input, a time-out."""

from __future__ import annotations

import subprocess


def ask_system(*command: str, seconds: float) -> str:
    """Return what a program prints, else what it complains; empty when there is none, it fails or takes too long.

    It can ask nobody anything: its input is closed, and it is ended after `seconds`.
    """
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    if done.returncode != 0:
        return ""
    return done.stdout or done.stderr  # some programs of macOS answer on the second way
