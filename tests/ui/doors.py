"""Doors as a first start may find them."""

from __future__ import annotations

from cockpit.ui.first_start import FoundDoor

GATEWAY = "Client Portal gateway"
DOORS = (
    FoundDoor("TWS API", "127.0.0.1", 7496, "TWS", "tws.exe", is_listening=True),
    FoundDoor("TWS API", "127.0.0.1", 7497, "TWS, paper"),
    FoundDoor("TWS API", "127.0.0.1", 4001, "IB Gateway"),
    FoundDoor(GATEWAY, "127.0.0.1", 5000, GATEWAY, "java.exe", is_listening=True),
)
