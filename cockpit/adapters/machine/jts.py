"""What TWS and IB Gateway leave readable in their settings folder: last mode, zone, region, restart token.

User names, folder names and everything encrypted are never read into a record.
"""

from __future__ import annotations

import configparser
import os
import re
import sys
from pathlib import Path

from msgspec import Struct

from cockpit.adapters.foreign_text import clean
from cockpit.adapters.machine.files import read_whole

_MODES = {"l": "live", "p": "paper"}
# Server groups by the start of the host name, as the desks' own files show them.
_REGIONS = {
    "ndc": "america",
    "cdc": "america",
    "gdc": "america",
    "zdc": "europe",
    "hdc": "asia",
    "mcgw": "china",
}
_READ_ONLY_KEYS = ("readonlyapi", "readonlylogin")
_ANSWERS = {"yes": True, "true": True, "no": False, "false": False}
_LONGEST_ADDRESS = 60  # characters
_MOST_ADDRESSES = 100
_LARGEST = 1 << 20  # bytes; the real file has a few kilobytes


class Settings(Struct, frozen=True):
    """The readable part of jts.ini. Empty where the file does not say."""

    mode: str = ""  # live or paper: what was used last, not what runs
    zone: str = ""  # of the screen and of times in the API
    region: str = ""  # america, europe, asia, china
    has_gateway: bool = False  # IB Gateway keeps its settings in this folder too
    trusted: tuple[str, ...] | None = (
        None  # whom IB Gateway lets in without asking; None: the file does not say
    )

    def sentence(self) -> str:
        """Say where it comes from and what else is known, for drill-down."""
        extra = [f"{name} {value}" for name, value in (("zone", self.zone), ("region", self.region)) if value]
        return ", ".join(["jts.ini", *extra])


def parse_settings(text: str) -> Settings:
    """Read the text of a jts.ini; lines that make no sense are passed over."""
    parser = configparser.ConfigParser(
        interpolation=None, strict=False, allow_no_value=True, delimiters=("=",), comment_prefixes=("#", ";")
    )
    sections = [line for line in text.splitlines() if line.strip()]
    try:
        # The file may carry a first line or stray lines outside any section.
        parser.read_string("\n".join(["[before]", *sections]))
    except configparser.Error:
        return Settings()
    logon, communication = _section(parser, "logon"), _section(parser, "communication")
    gateway = _section(parser, "ibgateway")
    peer = communication.get("peer", "") or logon.get("supportsssl", "")
    region = communication.get("region", "").lower()
    return Settings(
        mode=_MODES.get(logon.get("tradingmode", "").lower()[:1], ""),
        zone=logon.get("timezone", ""),
        region=_REGIONS.get(region) or _region_of(peer),
        has_gateway=bool(gateway),
        trusted=_addresses(gateway["trustedips"]) if "trustedips" in gateway else None,
    )


def read_settings(folder: Path) -> Settings | None:
    """Read jts.ini of a settings folder; None when there is none. Raises OSError when it cannot be read."""
    file = folder / "jts.ini"
    try:
        # A desk may have linked the file from elsewhere; what it leads to must still be a plain file.
        content = read_whole(file.resolve(), _LARGEST)
    except FileNotFoundError:
        return None
    if content is None:
        return None
    return parse_settings(content.decode("utf-8", errors="replace"))


def ibc_read_only(file: Path) -> bool | None:
    """Read from IBC's config.ini whether it makes the API or the login read-only; None when it does not say.

    Only these two keys are looked at; the file may hold a password. Raises OSError when it cannot be read.
    """
    content = read_whole(file.resolve(), _LARGEST)
    if content is None:
        return None
    text = content.decode("utf-8", errors="replace")
    said: dict[str, bool] = {}
    for line in text.splitlines():
        key, _, value = line.partition("=")
        if key.strip().lower() in _READ_ONLY_KEYS and value.strip().lower() in _ANSWERS:
            said[key.strip().lower()] = _ANSWERS[value.strip().lower()]
    return any(said.values()) if said else None


def restart_token(folder: Path) -> float | None:
    """Return when the newest `autorestart` file below the settings folder was written (UTC epoch seconds).

    None when there is none. While it lies there, the next start of TWS needs no second factor. Raises OSError
    when the folder cannot be read.
    """
    written = []
    for entry in os.scandir(folder):
        if not entry.is_dir(follow_symlinks=False):
            continue
        try:
            written.append((Path(entry.path) / "autorestart").stat().st_mtime)
        except (FileNotFoundError, PermissionError, NotADirectoryError):
            continue
    return max(written, default=None)


def usual_folders(home: Path | None = None) -> tuple[Path, ...]:
    """Return the places where the settings folder usually lies, whether there is one or not."""
    own = (home or Path.home()) / "Jts"
    return (Path("C:/Jts"), own) if sys.platform == "win32" else (own,)


def _section(parser: configparser.ConfigParser, name: str) -> dict[str, str]:
    found = next((section for section in parser.sections() if section.lower() == name), None)
    if found is None:
        return {}
    return {key.lower(): (value or "").strip() for key, value in parser.items(found)}


def _addresses(text: str) -> tuple[str, ...]:
    """Cut a list of addresses; an entry that is none is kept, for it may mean something to the program."""
    entries = (entry.strip() for entry in re.split(r"[,;]", text))
    kept = dict.fromkeys(clean(entry, _LONGEST_ADDRESS) for entry in entries if entry)
    return tuple(kept)[:_MOST_ADDRESSES]


def _region_of(peer: str) -> str:
    host = peer.lower()
    return next((region for start, region in _REGIONS.items() if host.startswith(start)), "")
