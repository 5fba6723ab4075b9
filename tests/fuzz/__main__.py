"""`./dev fuzz [NAME …] [--seconds N] [--cases N] [--seed N]`: run the fuzzers and print what they found."""

from __future__ import annotations

import argparse
import logging
import random
import sys
import time
from collections import Counter

from tests.fuzz.targets import FUZZERS, Fuzzer

ROUND = 200  # cases between two looks at the clock
SECONDS = 10.0


def main() -> int:
    """Run what was asked for; return 1 when something was found."""
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("names", nargs="*", help=f"any of: {', '.join(FUZZERS)} (all)")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each fuzzer (10)")
    parser.add_argument("--cases", type=int, help="so many cases instead")
    parser.add_argument(
        "--seed", type=int, help="repeats the run that printed it; a new one each time otherwise"
    )
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(FUZZERS)
    if unknown:
        parser.error(f"no fuzzer is called {', '.join(sorted(unknown))}")
    logging.disable()  # thousands of refusals are what is wanted here
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(1_000_000)
    found = [
        _run(name, FUZZERS[name], arguments.seconds, arguments.cases, seed)
        for name in arguments.names or FUZZERS
    ]
    return 0 if all(found) else 1


def _run(name: str, fuzzer: Fuzzer, seconds: float, cases: int | None, seed: int) -> bool:
    """Run one fuzzer for so many seconds or cases and print a line; whether it found nothing."""
    begun = time.monotonic()
    figures: Counter[str] = Counter()
    done = 0
    try:
        while done < cases if cases is not None else time.monotonic() - begun < seconds:
            size = ROUND if cases is None else min(ROUND, cases - done)
            figures.update(fuzzer(size, seed + done))
            done += size
    except AssertionError as finding:
        sys.stdout.write(f"{name}: FOUND after {done:,} cases, --seed {seed}: {finding}\n")
        return False
    took = max(time.monotonic() - begun, 1e-9)
    words = ", ".join(f"{count:,} {what}" for what, count in figures.items())
    sys.stdout.write(f"{name}: {done:,} cases, {done / took:,.0f} a second, --seed {seed}: {words}\n")
    sys.stdout.flush()
    return True


if __name__ == "__main__":
    sys.exit(main())
