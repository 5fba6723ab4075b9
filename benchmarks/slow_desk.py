"""The calm morning with the distances of a real desk: what is simulated answers as late as a broker far away."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from cockpit.adapters.settings.file import write_settings
from cockpit.app.simulate import read_scenario, settings_for, write_desk_files
from cockpit.simulator import desk as simulated
from cockpit.simulator.scenario import Scenario

TWS_MS = 40.0
GATEWAY_MS = 120.0


def scenario() -> Scenario:
    """Return the calm morning with latencies, and without the gateway's limits per path, which span several runs."""
    calm = read_scenario("calm-morning")[0]
    return replace(
        calm,
        tws=tuple(replace(server, latency_ms=TWS_MS) for server in calm.tws),
        gateway=replace(calm.gateway, latency_ms=GATEWAY_MS, path_limits=False),
    )


@contextmanager
def slow_desk(folder: Path) -> Iterator[Path]:
    """Serve it in a process of its own, which must not share our loop; yield the settings that point there."""
    settings = folder / "slow-desk.toml"
    # The settings expect the ports to belong to a program with "simulate" in its command line.
    command = [sys.executable, "-m", "benchmarks.slow_desk", str(settings), "simulate"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        if not process.stdout.readline().startswith("{"):
            raise SystemExit("the simulated desk did not start")
        yield settings
    finally:
        process.communicate()  # the end of its input ends it


def _serve(settings: Path) -> None:
    desk = scenario()

    def ready(announcement: dict[str, object]) -> None:
        folder = settings.parent / "desk"
        write_desk_files(desk, folder)
        write_settings(settings, settings_for(desk, announcement, folder, datetime.now(UTC)))
        print(json.dumps(announcement), flush=True)

    simulated.run(desk, ready)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
