"""The simulated desk as a program of its own: `python -m cockpit.simulator SCENARIO.toml`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from cockpit.simulator import desk, library


def main(arguments: list[str] | None = None) -> int:
    """Serve a scenario file; the first line on standard output says, as JSON, where everything listens."""
    parser = argparse.ArgumentParser(prog="python -m cockpit.simulator", description=main.__doc__)
    parser.add_argument("scenario", type=Path, help="a scenario file; desk.toml beside it is its base")
    parser.add_argument(
        "--record", type=Path, help="write every frame and request to this file, as JSON lines"
    )
    parser.add_argument("--stay", action="store_true", help="go on when standard input closes")
    asked = parser.parse_args(arguments)
    try:
        scenario = library.load(asked.scenario)
    except (library.BrokenScenario, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2
    desk.run(scenario, lambda said: print(json.dumps(said), flush=True), asked.record, asked.stay)
    return 0


if __name__ == "__main__":
    sys.exit(main())
