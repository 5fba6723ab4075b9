"""What a start loads: nothing that the first picture does not need."""

from __future__ import annotations

import subprocess
import sys

import pytest

NEVER_AT_START = ("pandas", "exchange_calendars", "cockpit.simulator.desk", "matplotlib")


@pytest.mark.plain
@pytest.mark.parametrize("module", ["cockpit.app.window", "cockpit.app.check"])
def test_a_start_loads_neither_the_calendars_nor_the_simulated_desk(module: str) -> None:
    asked = f"import sys, {module}; print(*[name for name in {NEVER_AT_START!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == []


@pytest.mark.plain
def test_the_check_loads_no_qt() -> None:
    asked = "import sys, cockpit.app.check; print('PySide6' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "False"
