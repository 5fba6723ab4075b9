"""Fresh processes for what is measured, as a trader's PC would start them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# The offscreen platform says of each window what it cannot do with it.
_SURROUNDINGS = {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "*.warning=false"}


def in_child(
    module: str, *arguments: str, within: float, bytecode: Path | None = None, complains: bool = False
) -> str:
    """Run a module in a process of its own and return what it printed; `within` in seconds.

    With `bytecode` compiled modules are kept in that folder, as an installed program has them, whatever the
    environment says. What a child `complains` of as expected is not shown. Raises CalledProcessError or TimeoutExpired.
    """
    environment = os.environ | _SURROUNDINGS
    if bytecode is not None:
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(bytecode)
    command = [sys.executable, "-m", module, *arguments]
    errors = subprocess.DEVNULL if complains else None
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=errors, text=True, timeout=within, check=True, env=environment
    )
    return done.stdout
