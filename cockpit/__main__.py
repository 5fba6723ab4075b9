"""The command line: the window, the check without a window, the simulated desk."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from cockpit import __version__

COULD_NOT_RUN = 4
EPILOG = """exit codes of `check`: 0 ready, 1 limited, 2 blocked, 3 unknown, 4 could not run.
Nothing here ever sends an order or takes a session away from TWS."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(
                encoding="utf-8", errors="replace"
            )  # a terminal that cannot show a glyph must not end us
    choice = _parser().parse_args(arguments)
    try:
        code = int(choice.run(choice))
        if sys.stdout is not None:  # a windowed program has none
            sys.stdout.flush()  # here, where a reader that has gone is met, and not while the interpreter ends
        return code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has had enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cockpit",
        description="Am I in, can I send what I plan, and what changed: the access cockpit for Interactive Brokers.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cockpit {__version__}")
    _settings_argument(parser)
    parser.add_argument(
        "--demo",
        nargs="?",
        const="",
        metavar="SCENARIO",
        help="open the window on the simulated desk: a shipped scenario's name or the path of a file",
    )
    parser.set_defaults(run=_window)
    commands = parser.add_subparsers(title="commands", metavar="")

    check = commands.add_parser("check", help="run the pre-open check without a window")
    _settings_argument(check)
    check.add_argument("--json", action="store_true", help="answer in JSON, as the manual documents it")
    check.set_defaults(run=_check)

    simulate = commands.add_parser("simulate", help="serve the simulated desk alone")
    _settings_argument(simulate)
    simulate.add_argument(
        "scenario", nargs="?", default="", metavar="SCENARIO", help="a shipped name or a file"
    )
    simulate.add_argument(
        "--write-settings", type=Path, metavar="FILE", help="write settings that point at it"
    )
    simulate.add_argument(
        "--record", type=Path, metavar="FILE", help="keep every frame and request as JSON lines"
    )
    simulate.add_argument("--json", action="store_true", help="say in one line of JSON where it listens")
    simulate.add_argument("--list", action="store_true", help="list the shipped scenarios and end")
    simulate.add_argument("--until-input-ends", action="store_true", help="end when standard input closes")
    simulate.set_defaults(run=_simulate)
    return parser


def _settings_argument(parser: argparse.ArgumentParser) -> None:
    wish = "use this settings file"
    parser.add_argument("--settings", type=Path, metavar="FILE", default=argparse.SUPPRESS, help=wish)


# The parts below are imported when they are needed: the check must not load Qt, the simulated desk neither
# Qt nor the adapters, and each of them starts in a fraction of the time for it.


def _window(choice: argparse.Namespace) -> int:
    from cockpit.app.pauses import hold_the_collector

    hold_the_collector()  # until the first picture: the program gives it back
    settings = getattr(choice, "settings", None)
    if choice.demo is None:
        from cockpit.app.window import run_window

        return run_window(settings)
    from cockpit.app.demo import run_demo

    return run_demo(choice.demo, settings)


def _check(choice: argparse.Namespace) -> int:
    from cockpit.app.check import run_check

    return run_check(getattr(choice, "settings", None), as_json=choice.json, say=print)


def _simulate(choice: argparse.Namespace) -> int:
    from cockpit.app.simulate import DEFAULT, UnknownScenario, describe_scenarios, simulate

    if choice.list:
        for line in describe_scenarios():
            print(line)
        return 0
    try:
        simulate(
            choice.scenario or DEFAULT,
            lambda line: print(line, flush=True),
            settings_file=choice.write_settings,
            record=choice.record,
            as_json=choice.json,
            until_input_ends=choice.until_input_ends,
        )
    except UnknownScenario as problem:
        print(problem, file=sys.stderr)
        return COULD_NOT_RUN
    except OSError as problem:
        print(f"The simulated desk could not start: {problem.strerror or problem}.", file=sys.stderr)
        return COULD_NOT_RUN
    return 0


if __name__ == "__main__":
    sys.exit(main())
