"""`python -m benchmarks [NAME] [--json]`: measure the published figures; exit code 1 when one is above its limit."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence

from benchmarks import first_paint, grid_scroll, loop_gap, loops, pre_open, routes
from benchmarks.figures import Figure, rounded

BENCHMARKS: dict[str, Callable[[], Figure]] = {
    "first-paint": first_paint.run,
    "pre-open": pre_open.run,
    "loop-gap": loop_gap.run,
    "loops": loops.run,
    "routes": routes.run,
    "grid-scroll": grid_scroll.run,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for, print it, and return the exit code."""
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measure the published figures.")
    parser.add_argument(
        "name", nargs="?", choices=sorted(BENCHMARKS), metavar="NAME", help=", ".join(BENCHMARKS)
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--seconds", type=float, default=loop_gap.SECONDS, help="how long loop-gap measures")
    choice = parser.parse_args(arguments)
    wanted = [choice.name] if choice.name else list(BENCHMARKS)
    figures: dict[str, object] = {}
    is_within = True
    for name in wanted:
        figure = loop_gap.run(choice.seconds) if name == "loop-gap" else BENCHMARKS[name]()
        figures[name] = rounded(figure)
        is_within = is_within and _is_within(figure)
        if not choice.json:
            _say(name, figure)
    if choice.json:
        print(json.dumps(figures))
    return 0 if is_within else 1


def _is_within(figure: Figure) -> bool:
    return float(str(figure["ratio"])) <= float(str(figure["limit"]))


def _say(name: str, figure: Figure) -> None:
    """Print one figure as a heading and one line per detail."""
    word = "within" if _is_within(figure) else "above"
    print(
        f"{name}: ratio {float(str(figure['ratio'])):.2f}, {word} its limit of {float(str(figure['limit'])):g}"
    )
    for key, value in figure.items():
        if key not in ("ratio", "limit"):
            print(f"  {key:24} {_words(rounded(value))}")
    sys.stdout.flush()


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_words(inner)}" for key, inner in value.items())
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
