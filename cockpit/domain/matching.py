"""Which interface serves an objective: a rule the desk can change, weighed with how the sessions stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from cockpit.domain.confidence import Confidence
from cockpit.domain.interface import Interface
from cockpit.domain.level import Level
from cockpit.domain.plan import Objective


class Matching(Struct, frozen=True):
    """The interfaces that serve an objective, the best first, and why in this order."""

    objective: Objective
    interfaces: tuple[Interface, ...]
    reason: str
    source: str
    as_of: str
    confidence: Confidence


class Suggestion(Struct, frozen=True):
    """The interface to use now, how it stands, and why this one."""

    interface: Interface
    level: Level
    reason: str


def suggest(
    objective: Objective, rules: Sequence[Matching], levels: Mapping[Interface, Level]
) -> Suggestion | None:
    """Return the first interface of the rule among those that stand best now; None when no rule names one.

    `levels` are those of the sessions; an interface without one is unknown.
    """
    rule = next((rule for rule in rules if rule.objective is objective), None)
    if rule is None or not rule.interfaces:
        return None
    standing = {one: levels.get(one, Level.UNKNOWN) for one in rule.interfaces}
    best = min(rule.interfaces, key=lambda one: standing[one].rank)
    level, first = standing[best], rule.interfaces[0]
    if best is first:
        return Suggestion(best, level, rule.reason)
    return Suggestion(best, level, f"{first.label} comes first but is {standing[first].value}. {rule.reason}")
