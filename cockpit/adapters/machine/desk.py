"""The PC itself: disk, network, power, pending restart, clock. What the system does not say stays unsaid."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import psutil

from cockpit.adapters.machine.network import look_at_network
from cockpit.adapters.machine.power import look_at_power, look_at_sleep
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance

if sys.platform == "win32":
    import winreg

Look: TypeAlias = Callable[[float], list[Observation]]

_SUBJECT = "desk"
_RESTART_FILE = Path("/run/reboot-required")
_DEBIAN = Path("/etc/debian_version")
_UNSYNCHRONISED = 0x40  # STA_UNSYNC of adjtimex(2)


def looks(profile: Path) -> Mapping[str, Look]:
    """Return the looks by name. Each blocks, takes UTC epoch seconds, may raise OSError or psutil.Error."""
    return {
        "disk": lambda now: look_at_disk(profile, now),
        "network": look_at_network,
        "power": look_at_power,
        "sleep": look_at_sleep,
        "restart": look_at_restart,
        "clock": look_at_clock,
    }


def look_at_disk(profile: Path, now: float) -> list[Observation]:
    """Look how much is free where the profile folder lies, or will lie."""
    place = next(folder for folder in (profile, *profile.absolute().parents) if folder.exists())
    free = float(psutil.disk_usage(str(place)).free)
    return [kinds.DISK_FREE.seen(_SUBJECT, free, now, Provenance.MEASURED, "folder of the profile")]


def look_at_restart(now: float) -> list[Observation]:
    """Look whether the system waits for a restart."""
    if sys.platform == "win32":
        pending: bool | None = any(_has_key(key) for key in _RESTART_KEYS)
        note = "Windows Update"
    else:
        # Only Debian and its kin keep this file; elsewhere its absence says nothing.
        pending = True if _RESTART_FILE.exists() else (False if _DEBIAN.exists() else None)
        note = str(_RESTART_FILE)
    if pending is None:
        return []
    return [kinds.REBOOT_PENDING.seen(_SUBJECT, pending, now, Provenance.MEASURED, note)]


def look_at_clock(now: float) -> list[Observation]:
    """Look whether the system calls its clock synchronised; only Linux is asked."""
    if sys.platform != "linux":
        return []
    flag = clock_flag()
    return (
        []
        if flag is None
        else [kinds.CLOCK_SYNCHRONISED.seen(_SUBJECT, flag, now, Provenance.MEASURED, "adjtimex")]
    )


class _Timex(ctypes.Structure):
    """The head of struct timex of adjtimex(2); the rest is padding of more than its real size."""

    _fields_ = [  # ctypes reads it from the class
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    ]


def clock_flag() -> bool | None:
    """Return the kernel's own word on its clock; None when it refuses. It only reads: the modes are zero."""
    timex = _Timex()
    answer = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex))
    return None if answer < 0 else not timex.status & _UNSYNCHRONISED


if sys.platform == "win32":
    _RESTART_KEYS = (
        r"SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired",
        r"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending",
    )

    def _has_key(path: str) -> bool:
        try:
            winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path).Close()
        except FileNotFoundError:
            return False
        return True
