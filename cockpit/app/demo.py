"""`cockpit --demo`: the window on a simulated desk. Apart from the window, whose start must not load the simulator."""

from __future__ import annotations

import sys
from pathlib import Path

from msgspec.structs import replace

from cockpit.adapters.profile.folders import find_profile
from cockpit.adapters.settings.file import read_settings
from cockpit.app.desk import Desk, read_desk
from cockpit.app.simulate import DEFAULT, UnknownScenario, read_scenario
from cockpit.app.simulated_child import DemoTrouble, SimulatedChild
from cockpit.app.startup import prepare, profile_of
from cockpit.app.window import COULD_NOT_RUN, open_window


def run_demo(scenario: str, settings_file: Path | None) -> int:
    """Open the window on a scenario, "" for the usual one; return the exit code when it has ended.

    `settings_file` gives the playbook and the look. The simulated desk ends with the window.
    """
    try:
        complaints = read_scenario(scenario or DEFAULT)[1]
        with SimulatedChild(scenario or DEFAULT) as child:
            desk = read_desk(child.settings_file, is_demo=True)
            if settings_file is not None:
                desk = _with_playbook_of(desk, settings_file)
            desk = replace(desk, complaints=(*desk.complaints, *complaints))
            return open_window(prepare(desk, profile_of(desk, find_profile(demo=True))))
    except (UnknownScenario, DemoTrouble) as problem:
        sys.stderr.write(f"{problem}\n")
        return COULD_NOT_RUN


def _with_playbook_of(desk: Desk, settings_file: Path) -> Desk:
    """Return the simulated desk with the playbook and the look of the trader's own settings."""
    own, complaints = read_settings(settings_file)
    settings = replace(
        desk.settings,
        appearance=own.appearance,
        flows=own.flows,
        instruments=own.instruments,
        tickets=own.tickets,
    )
    return replace(desk.with_settings(settings), complaints=(*desk.complaints, *complaints))
