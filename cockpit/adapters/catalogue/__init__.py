"""Figures and names about the broker: dated rows from `resources/catalogue`, read into frozen records."""

from cockpit.adapters.catalogue.files import ATTESTED
from cockpit.adapters.catalogue.rows import (
    LOCAL_ZONE,
    EndRow,
    Host,
    KnownCertificate,
    Limit,
    Lookalike,
    OpenHours,
    Region,
    TimeRule,
    Window,
)
from cockpit.adapters.catalogue.shipped import (
    Catalogue,
    desk_catalogue,
    load_catalogue,
    load_session_ends,
    session_ends,
    shipped_catalogue,
)
from cockpit.domain.confidence import Confidence

__all__ = [
    "ATTESTED",
    "LOCAL_ZONE",
    "Catalogue",
    "Confidence",
    "EndRow",
    "Host",
    "KnownCertificate",
    "Limit",
    "Lookalike",
    "OpenHours",
    "Region",
    "TimeRule",
    "Window",
    "desk_catalogue",
    "load_catalogue",
    "load_session_ends",
    "session_ends",
    "shipped_catalogue",
]
