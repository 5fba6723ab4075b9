"""A message to the trader: what happened, since when, what still works, what to do."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain.level import Level
from cockpit.domain.remedy import Remedy


class Notice(Struct, frozen=True):
    """One message per cause: a second one with the same `key` replaces the first.

    `since` is when it began (UTC epoch seconds); `quote` is foreign text, shown only as a quotation.
    """

    key: str
    level: Level
    title: str
    sentence: str
    since: float
    still_works: str = ""
    remedy: Remedy | None = None
    quote: str = ""
