"""After how many idle seconds the screen locks by itself, where the desktop keeps that in a readable place."""

from __future__ import annotations

import configparser
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from cockpit.adapters.machine.commands import ask_system
from cockpit.adapters.machine.files import read_whole
from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Provenance

if sys.platform == "win32":
    import winreg

COMMAND_TIMEOUT = 1.0  # seconds for each small program of the system

_SUBJECT = "desk"
_LARGEST = 1 << 18  # bytes of a settings file
# Elsewhere gsettings answers too, with defaults that nobody obeys.
_GNOME = frozenset({"gnome", "ubuntu", "unity", "pop", "gnome-classic", "gnome-flashback", "budgie"})
_KDE_IDLE, _KDE_GRACE = 5.0, 5.0  # minutes and seconds that Plasma takes when its file does not say


def look_at_screen_lock(now: float) -> list[Observation]:
    """Look when the screen locks; 0 means that it never does by itself."""
    seconds, note = _lock()
    if seconds is None:
        return []
    return [kinds.SCREEN_LOCK.seen(_SUBJECT, seconds, now, Provenance.MEASURED, note)]


def _lock() -> tuple[float | None, str]:
    if sys.platform == "win32":
        return _windows(), "Windows settings"
    if sys.platform == "darwin":
        return _mac(), "macOS settings"
    desktops = frozenset(os.environ.get("XDG_CURRENT_DESKTOP", "").lower().split(":"))
    if desktops & _GNOME:
        return _gnome(), "gsettings"
    if "kde" in desktops:
        return kde_lock(kde_files(os.environ, Path.home())), "kscreenlockerrc"
    return None, ""


def parse_gnome(enabled: str, idle: str, delay: str) -> float | None:
    """Read GNOME's plan from the three values `gsettings get` prints."""
    numbers = [re.fullmatch(r"\s*(?:uint32 )?(\d+)\s*", text) for text in (idle, delay)]
    if enabled.strip() not in ("true", "false") or numbers[0] is None or numbers[1] is None:
        return None
    before, after = (float(number.group(1)) for number in numbers if number is not None)
    return 0.0 if enabled.strip() == "false" or before == 0 else before + after


def kde_files(environment: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return where Plasma keeps its screen-lock settings, the weightiest first."""
    own = environment.get("XDG_CONFIG_HOME") or str(home / ".config")
    system = (environment.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")
    return tuple(Path(folder) / "kscreenlockerrc" for folder in (own, *system) if folder)


def kde_lock(files: Sequence[Path]) -> float | None:
    """Read Plasma's plan; what no file says is as Plasma ships it. None when a file cannot be understood."""
    said: dict[str, str] = {}
    for file in files:
        try:
            content = read_whole(file, _LARGEST)
        except FileNotFoundError:
            continue
        if content is None:
            return None
        parser = configparser.RawConfigParser(strict=False, allow_no_value=True, delimiters=("=",))
        try:
            parser.read_string(content.decode("utf-8", errors="replace"))
        except configparser.Error:
            return None
        if parser.has_section("Daemon"):
            rows = ((key.lower().partition("[")[0], value) for key, value in parser.items("Daemon"))
            said = {**{key: value or "" for key, value in rows}, **said}
    if said.get("autolock", "true").strip().lower() in ("false", "0", "no", "off"):
        return 0.0
    try:
        idle = float(said.get("timeout", _KDE_IDLE)) * 60
        grace = float(said.get("lockgrace", _KDE_GRACE))
    except ValueError:
        return None
    if not (0 <= idle < 1e7 and 0 <= grace < 1e7):
        return None
    return idle + grace if idle else 0.0


def parse_mac(lock: str, display_sleep: str, saver: str) -> float | None:
    """Read macOS's plan: how soon it locks once dark, and when display or screen saver get dark."""
    if "screenLock is off" in lock:
        return 0.0
    delay = re.search(r"screenLock delay is (immediate|(\d+) seconds)", lock)
    dark = re.search(r"^\s*displaysleep\s+(\d+)", display_sleep, re.MULTILINE)
    if delay is None or dark is None:
        return None
    idle = re.fullmatch(r"\s*(\d+)\s*", saver)
    waits = [float(dark.group(1)) * 60, float(idle.group(1)) if idle else 0.0]
    first = min((wait for wait in waits if wait > 0), default=0.0)
    return first + float(delay.group(2) or 0) if first else 0.0


def parse_windows(is_active: str, is_secure: str, timeout: str, policy: int | None) -> float | None:
    """Read Windows' plan: a screen saver that asks for the password, or the policy on idle machines."""
    waits = [float(policy)] if policy else []
    if is_active == "1" and is_secure == "1" and timeout.isascii() and timeout.isdigit():
        waits.append(float(timeout))
    return min((wait for wait in waits if wait > 0), default=0.0)


def _gnome() -> float | None:
    saver = "org.gnome.desktop.screensaver"
    keys = ((saver, "lock-enabled"), ("org.gnome.desktop.session", "idle-delay"), (saver, "lock-delay"))
    enabled, idle, delay = (ask_system("gsettings", "get", *key, seconds=COMMAND_TIMEOUT) for key in keys)
    return parse_gnome(enabled, idle, delay)


def _mac() -> float | None:
    lock = ask_system("/usr/sbin/sysadminctl", "-screenLock", "status", seconds=COMMAND_TIMEOUT)
    dark = ask_system("/usr/bin/pmset", "-g", seconds=COMMAND_TIMEOUT)
    words = ("-currentHost", "read", "com.apple.screensaver", "idleTime")
    return parse_mac(lock, dark, ask_system("/usr/bin/defaults", *words, seconds=COMMAND_TIMEOUT))


if sys.platform == "win32":
    _DESKTOP = r"Control Panel\Desktop"
    _POLICY = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System"

    def _windows() -> float | None:
        names = ("ScreenSaveActive", "ScreenSaverIsSecure", "ScreenSaveTimeOut")
        active, secure, timeout = (
            str(_value(winreg.HKEY_CURRENT_USER, _DESKTOP, name) or "") for name in names
        )
        policy = _value(winreg.HKEY_LOCAL_MACHINE, _POLICY, "InactivityTimeoutSecs")
        return parse_windows(active, secure, timeout, policy if isinstance(policy, int) else None)

    def _value(root: int, path: str, name: str) -> object:
        try:
            with winreg.OpenKey(root, path) as key:
                return winreg.QueryValueEx(key, name)[0]
        except FileNotFoundError:
            return None
