"""What to do about it: who does what where, and an action the cockpit can offer."""

from __future__ import annotations

from msgspec import Struct


class Remedy(Struct, frozen=True):
    """A cure in one sentence; `action` is the id of an action of the window ("" when only a person can act)."""

    sentence: str
    action: str = ""
    minutes: float | None = None  # how long it usually takes, unknown when None
