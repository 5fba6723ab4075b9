"""Ready, limited, unknown, blocked: the one scale of every answer. The worst wins."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Level(StrEnum):
    """How good an answer is, from best to worst.

    Unknown stands above limited: what nobody has looked at may hide a block.
    """

    READY = "ready"
    LIMITED = "limited"
    UNKNOWN = "unknown"
    BLOCKED = "blocked"

    @property
    def rank(self) -> int:
        """Position on the scale, 0 for ready."""
        return _RANK[self]

    @property
    def is_usable(self) -> bool:
        """Whether a trader can work with it, if need be with care."""
        return self in (Level.READY, Level.LIMITED)


_RANK = {level: rank for rank, level in enumerate(Level)}


def worst(levels: Iterable[Level]) -> Level:
    """Return the worst of `levels`; of none at all it is unknown, for nothing was seen."""
    return max(levels, key=lambda level: level.rank, default=Level.UNKNOWN)
