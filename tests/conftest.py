"""What every lane shares: Qt without a screen, repeatable properties."""

from __future__ import annotations

import os

import hypothesis

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

hypothesis.settings.register_profile("cockpit", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("cockpit")
