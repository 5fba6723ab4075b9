"""Whether this PC runs on mains, and when it would fall asleep by itself; where the system says so."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import psutil

from cockpit.adapters.machine.commands import ask_system
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance

if sys.platform == "win32":
    import winreg

_SUBJECT = "desk"
_COMMAND_TIMEOUT = 0.4  # seconds for a small program of the system
_SLEEP_TARGET = Path("/etc/systemd/system/sleep.target")
_LOGIND = (Path("/etc/systemd/logind.conf"), Path("/etc/systemd/logind.conf.d"))


def sleep_from_logind(text: str) -> float | None:
    """Read after how many idle seconds the text of a logind.conf suspends; None when it does not say."""
    values = dict(re.findall(r"^\s*(IdleAction|IdleActionSec)\s*=\s*(\S+)\s*$", text, re.MULTILINE))
    action = values.get("IdleAction", "ignore")
    if action not in ("suspend", "hibernate", "hybrid-sleep", "suspend-then-hibernate"):
        return None  # a desktop may have its own plan
    return _span(values.get("IdleActionSec", "30min"))


def sleep_from_pmset(text: str) -> float | None:
    """Read the sleep plan from what `pmset -g` of macOS prints, in seconds; 0 for never."""
    found = re.search(r"^\s*sleep\s+(\d+)", text, re.MULTILINE)
    return float(found.group(1)) * 60 if found else None


def sleep_from_gsettings(kind: str, seconds: str) -> float | None:
    """Read GNOME's plan on mains power from the two values `gsettings get` prints; 0 for never."""
    number = re.fullmatch(r"\s*(?:int32 )?(\d+)\s*", seconds)
    if kind.strip().strip("'") == "nothing":
        return 0.0
    return float(number.group(1)) if number and kind.strip() in ("'suspend'", "'hibernate'") else None


def look_at_power(now: float) -> list[Observation]:
    """Look whether the PC runs on mains; a PC without a battery does."""
    battery = psutil.sensors_battery()
    if battery is None:
        return [kinds.ON_MAINS.seen(_SUBJECT, True, now, Provenance.INFERRED, "no battery found")]
    if battery.power_plugged is None:
        return []
    note = f"battery at {battery.percent:.0f} %"
    return [kinds.ON_MAINS.seen(_SUBJECT, bool(battery.power_plugged), now, Provenance.MEASURED, note)]


def look_at_sleep(now: float) -> list[Observation]:
    """Look when the PC falls asleep by itself on mains power, where the system says so."""
    seconds, note = _sleep_plan()
    return (
        [] if seconds is None else [kinds.SLEEP_AFTER.seen(_SUBJECT, seconds, now, Provenance.MEASURED, note)]
    )


def _sleep_plan() -> tuple[float | None, str]:
    if sys.platform == "win32":
        return _windows_sleep(), "power plan"
    if sys.platform == "darwin":
        return sleep_from_pmset(_run("pmset", "-g")), "pmset"
    if _SLEEP_TARGET.is_symlink() and _SLEEP_TARGET.resolve() == Path("/dev/null"):
        return 0.0, "sleep.target is masked"
    configured = sleep_from_logind("\n".join(_logind_texts()))
    if configured is not None:
        return configured, "logind"
    schema = "org.gnome.settings-daemon.plugins.power"
    kind = _run("gsettings", "get", schema, "sleep-inactive-ac-type")
    return sleep_from_gsettings(
        kind, _run("gsettings", "get", schema, "sleep-inactive-ac-timeout")
    ), "gsettings"


def _logind_texts() -> list[str]:
    main, folder = _LOGIND
    files = [main, *sorted(folder.glob("*.conf"))]
    return [file.read_text(encoding="utf-8", errors="replace") for file in files if file.is_file()]


def _run(*command: str) -> str:
    return ask_system(*command, seconds=_COMMAND_TIMEOUT)


def _span(text: str) -> float | None:
    """Read a systemd time span such as `30min` or `1800`, in seconds."""
    units = {"": 1, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "hr": 3600}
    found = re.fullmatch(r"(\d+)\s*([a-z]*)", text)
    return float(found.group(1)) * units[found.group(2)] if found and found.group(2) in units else None


if sys.platform == "win32":
    _SCHEMES = r"SYSTEM\CurrentControlSet\Control\Power\User\PowerSchemes"
    # Sub-group "sleep" and setting "sleep after" of a power plan, as powercfg lists them.
    _SLEEP_SETTING = r"238c9fa8-0aad-41ed-83f4-97be242c8f20\29f6c1db-86da-48c5-9fdb-f2b67b1f44da"

    def _windows_sleep() -> float | None:
        """Read the plan on mains power from the registry; a plan left at its defaults is not there."""
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _SCHEMES) as schemes:
                active, _ = winreg.QueryValueEx(schemes, "ActivePowerScheme")
                with winreg.OpenKey(schemes, rf"{active}\{_SLEEP_SETTING}") as setting:
                    seconds, _ = winreg.QueryValueEx(setting, "ACSettingIndex")
        except OSError:
            return None
        return float(seconds)
