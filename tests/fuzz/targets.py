"""The table of fuzzers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tests.fuzz.orders import damaged_frames, hostile_orders
from tests.fuzz.peers import instance_door, tws_frames
from tests.fuzz.readers import (
    foreign_texts,
    gateway_answers,
    scenario_files,
    settings_files,
    trading_hours,
    walked_bytes,
)

# Takes a number of cases and a seed, raises AssertionError with the case at a finding, and returns its figures.
Fuzzer: TypeAlias = Callable[[int, int], dict[str, int]]

FUZZERS: dict[str, Fuzzer] = {
    "hostile-orders": hostile_orders,
    "damaged-frames": damaged_frames,
    "walked-bytes": walked_bytes,
    "tws-frames": tws_frames,
    "gateway-answers": gateway_answers,
    "settings": settings_files,
    "scenarios": scenario_files,
    "trading-hours": trading_hours,
    "foreign-texts": foreign_texts,
    "instance-door": instance_door,
}
