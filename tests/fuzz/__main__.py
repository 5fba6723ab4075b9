"""`./dev fuzz [NAME …] [--cases N] [--seed N]`: run the fuzzers and print what they found, one line each."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from tests.fuzz.orders import damaged_frames, hostile_orders

# Each takes a number of cases and a seed, raises AssertionError with the case at a finding, and returns its figures.
FUZZERS: dict[str, Callable[[int, int], dict[str, int]]] = {
    "hostile-orders": hostile_orders,
    "damaged-frames": damaged_frames,
}


def main() -> int:
    """Run what was asked for; return 1 when something was found."""
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("names", nargs="*", help=f"any of: {', '.join(FUZZERS)} (all)")
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(FUZZERS)
    if unknown:
        parser.error(f"no fuzzer is called {', '.join(sorted(unknown))}")
    found = 0
    for name in arguments.names or FUZZERS:
        begun = time.monotonic()
        try:
            figures = FUZZERS[name](arguments.cases, arguments.seed)
        except AssertionError as finding:
            found += 1
            sys.stdout.write(f"{name}: FOUND {finding}\n")
            continue
        words = ", ".join(f"{count:,} {what}" for what, count in figures.items())
        took = time.monotonic() - begun
        sys.stdout.write(
            f"{name}: {arguments.cases:,} cases, seed {arguments.seed}: {words} ({took:.0f} s)\n"
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
