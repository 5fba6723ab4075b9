"""The portal's notices: bulletins the trader has not read, and which phones get them."""

from __future__ import annotations

from cockpit.simulator.portal.http import Json
from cockpit.simulator.scenario import Scenario

_SETTINGS = (
    ("SM", "System Messages", "Tells about interruptions of systems and venues."),
    ("UA", "User Alerts", "Tells when an alert of the trader goes off."),
)


def unread(scenario: Scenario) -> dict[str, Json]:
    """How many notices are unread."""
    return {"BN": len(scenario.bulletins)}


def notifications(scenario: Scenario, now: float) -> list[Json]:
    """The notices themselves, all unread; `now` is UTC epoch seconds."""
    return [
        {
            "R": 0,
            "D": f"{now:.1f}",
            "MS": "System message",
            "MD": bulletin.text,
            "ID": f"{bulletin.id:016d}",
            "HT": 0,
            "FC": "SM",
        }
        for bulletin in scenario.bulletins
    ]


def settings() -> list[Json]:
    """Which kinds of notices are switched on."""
    return [{"FC": code, "H": 0, "A": 1, "FD": about, "FN": name} for code, name, about in _SETTINGS]


def devices() -> dict[str, Json]:
    """The phones registered for push messages, each with an id that is personal data."""
    return {
        "E": [
            {"NM": "iPhone", "I": "apn://mtws@0123456789ABCDEF", "UI": "apn://mtws@0123456789ABCDEF", "A": 1},
            {
                "NM": "Old tablet",
                "I": "gcm://mtws@FEDCBA9876543210",
                "UI": "gcm://mtws@FEDCBA9876543210",
                "A": 0,
            },
        ],
        "M": 1,
    }
