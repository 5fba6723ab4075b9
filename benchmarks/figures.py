"""What every measurement returns, and the arithmetic they share."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TypeAlias

Figure: TypeAlias = dict[str, object]
"""At least `ratio` and `limit`; the rest explains them. Durations in seconds unless a name ends in `_ms`."""


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of all values do not exceed. Raises ValueError when empty."""
    if not values:
        raise ValueError("nothing was measured")
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def rounded(value: object) -> object:
    """Return a figure with its numbers cut to what a reader can use."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(inner) for inner in value]
    return value
