"""The seven ways in that the broker offers, and how the program names them."""

from __future__ import annotations

from enum import StrEnum


class Interface(StrEnum):
    """An interface of the broker."""

    TWS = "tws"
    TWS_API = "tws-api"
    CLIENT_PORTAL = "client-portal"
    DESKTOP = "ibkr-desktop"
    MOBILE = "ibkr-mobile"
    WEB_API = "web-api"
    FLEX = "flex"

    @property
    def label(self) -> str:
        """The name on screen."""
        return _TITLES[self]

    @property
    def letter(self) -> str:
        """The one letter of the strip."""
        return _LETTERS[self]


_TITLES = {
    Interface.TWS: "Trader Workstation",
    Interface.TWS_API: "TWS API",
    Interface.CLIENT_PORTAL: "Client Portal",
    Interface.DESKTOP: "IBKR Desktop",
    Interface.MOBILE: "IBKR Mobile",
    Interface.WEB_API: "Web API (OAuth)",
    Interface.FLEX: "Flex reports",
}
_LETTERS = {
    Interface.TWS: "T",
    Interface.TWS_API: "A",
    Interface.CLIENT_PORTAL: "P",
    Interface.DESKTOP: "D",
    Interface.MOBILE: "M",
    Interface.WEB_API: "W",
    Interface.FLEX: "F",
}
