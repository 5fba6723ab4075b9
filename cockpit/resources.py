"""The one function that finds `resources/` in a checkout, an installed wheel and a frozen bundle."""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Return the path of a shipped resource, for example `resource("scenarios", "calm-morning.toml")`.

    Raises FileNotFoundError when no place holds a resources folder, which means a broken installation.
    """
    frozen = getattr(sys, "_MEIPASS", None)
    places = [_HERE.parent / "resources", _HERE / "_resources"]
    if frozen:
        places.insert(0, Path(frozen) / "resources")
    for place in places:
        if (place / "scenarios").is_dir():
            return place.joinpath(*parts)
    raise FileNotFoundError("The program's resources folder is missing: install it again.")
