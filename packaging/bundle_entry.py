"""The first module of the bundle: the same command line as everywhere."""

from __future__ import annotations

import sys

from cockpit.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
