"""How sure a published row is, and what it can say of an offer."""

from __future__ import annotations

from enum import StrEnum


class Confidence(StrEnum):
    """How sure a row is."""

    DOCUMENTED = "documented"  # the broker says so
    OBSERVED = "observed"  # somebody saw it
    INFERRED = "inferred"
    ATTESTED = "attested"  # the desk's own file says so; it wins over the shipped row
    UNKNOWN = "unknown"


class Availability(StrEnum):
    """Whether an interface offers something. Unknown is an answer: the broker publishes nothing."""

    YES = "yes"
    PARTIAL = "partial"
    NO = "no"
    UNKNOWN = "unknown"
