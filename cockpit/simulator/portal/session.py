"""The one login that everybody who reaches the gateway shares, and what has been asked in it."""

from __future__ import annotations

import time
from collections.abc import Callable

from msgspec import Struct, field

from cockpit.simulator.portal.http import Json
from cockpit.simulator.portal.pacing import Clock
from cockpit.simulator.scenario import Portal, PortalServer, Scenario

# Device identification as the broker sends it: personal data, here made up.
_MAC = "02:00:5E:10:00:01"
_HARDWARE = "0a1b2c3d|02:00:5E:10:00:01"
_SERVER = {"serverName": "JifN10001", "serverVersion": "Build 10.40.0b, Aug 14, 2026 2:11:08 PM"}
_USER_ID = 100_200_300

# A login lent by the phone shows the first tier and cannot be repaired (one field report).
_BORROWED = "IBKRMOBILE"
_HAS_BROKERAGE = {Portal.TRADING, Portal.STARTING, Portal.REFUSING}


class Asked(Struct):
    """What the callers have asked since the brokerage session began: some calls answer only after others."""

    accounts: bool = False
    portfolio: bool = False
    search: bool = False
    streams: set[int] = field(default_factory=set)  # contracts whose first snapshot was asked
    algos: set[int] = field(default_factory=set)
    suppressed: set[str] = field(default_factory=set)


def flags_of(state: Portal) -> dict[str, bool]:
    """The four flags of the second tier; the link from web tier to back end is up in all our states."""
    return {
        "authenticated": state in _HAS_BROKERAGE,
        "established": state in _HAS_BROKERAGE and state is not Portal.STARTING,
        "competing": state is Portal.COMPETING,
        "connected": True,
    }


class SignIn:
    """The state of the login; times are seconds of the given clock, stamps are UTC epoch milliseconds."""

    def __init__(self, scenario: Scenario, clock: Clock = time.monotonic) -> None:
        self._portal: PortalServer = scenario.gateway
        self._clock = clock
        self._state = self._portal.state
        self._is_signed_in = self._state not in (Portal.SIGNED_OUT, Portal.HANGING)
        self._expires = 0.0
        self._lost_trading: float | None = None
        self._began = clock()
        self.asked = Asked()
        self.evicted = 0  # how often another program lost the brokerage session to this gateway
        self.watchers: set[Callable[[Portal], None]] = set()  # told of every change, in order
        self.extend()

    @property
    def state(self) -> Portal:
        """The state now; a login whose time has run out, or that gave up after losing trading, is gone."""
        if self._is_signed_in and (self._clock() >= self._expires or self._has_given_up()):
            self.change(Portal.SIGNED_OUT)
        return self._state

    @property
    def is_signed_in(self) -> bool:
        """Whether the gateway's jar holds a login, reachable upstream or not."""
        return self.state is not Portal.SIGNED_OUT and self._is_signed_in

    @property
    def has_brokerage(self) -> bool:
        """Whether the second tier stands."""
        return self.state in _HAS_BROKERAGE

    def change(self, state: Portal) -> None:
        """Move to another state; losing the brokerage session forgets what was asked in it."""
        if state is Portal.SIGNED_OUT:
            self._is_signed_in = False
        elif state is not Portal.HANGING and not self._is_signed_in:
            self._is_signed_in = True
            self._began = self._clock()
            self.extend()
        if state in (Portal.COMPETING, Portal.SIGNED_IN):
            if self._state in _HAS_BROKERAGE:
                self._lost_trading = self._clock()
        else:
            self._lost_trading = None
        self._state = state
        if state not in (Portal.TRADING, Portal.HANGING, Portal.REFUSING):
            self.asked = Asked()
        for tell in tuple(self.watchers):
            tell(state)

    def extend(self) -> None:
        """Start the login's time again, as every call does in the real one."""
        self._expires = self._clock() + self._portal.sso_minutes * 60

    def begin_brokerage(self, compete: bool) -> None:
        """Ask for the second tier: a session held elsewhere stays there unless `compete` takes it."""
        if self.state is Portal.COMPETING and compete:
            self.evicted += 1
            self.change(Portal.TRADING)
        elif self.state is Portal.SIGNED_IN and not self._portal.client_app.startswith(_BORROWED):
            self.change(Portal.TRADING)

    def _has_given_up(self) -> bool:
        """The gateway's own tickle logs out when it finds the brokerage session gone."""
        wait = self._portal.self_logout_seconds
        return wait > 0 and self._lost_trading is not None and self._clock() >= self._lost_trading + wait

    def milliseconds_left(self) -> int:
        """How long the login lasts from now."""
        return max(0, round((self._expires - self._clock()) * 1000))

    def status(self) -> dict[str, Json]:
        """The body of the brokerage status."""
        return {
            **flags_of(self.state),
            "message": "",
            "MAC": _MAC,
            "serverInfo": _SERVER,
            "hardware_info": _HARDWARE,
            "fail": "",
        }

    def tickled(self) -> dict[str, Json]:
        """The body of a tickle. The idle history service says "no bridge" on healthy sessions too."""
        return {
            "session": f"{_USER_ID:032x}",
            "ssoExpires": self.milliseconds_left(),
            "collission": False,  # the broker's own spelling
            "userId": _USER_ID,
            "hmds": {"error": "no bridge"},
            "iserver": {"authStatus": self.status()},
        }

    def validated(self, now: float) -> dict[str, Json]:
        """The body of the sign-in check; `now` is UTC epoch seconds."""
        name = self._portal.username
        return {
            "USER_ID": _USER_ID,
            "USER_NAME": name,
            "RESULT": True,
            "AUTH_TIME": round((now - (self._clock() - self._began)) * 1000),
            "SF_ENABLED": False,
            "IS_FREE_TRIAL": False,
            "CREDENTIAL": name,
            "IP": "192.0.2.10",
            "EXPIRES": self.milliseconds_left(),
            "QUALIFIED_FOR_MOBILE_AUTH": None,
            "LANDING_APP": "UNIVERSAL",
            "IS_MASTER": False,
            "lastAccessed": round(now * 1000),
            "LOGIN_TYPE": 2 if self._portal.paper else 1,
            "PAPER_USER_NAME": name if self._portal.paper else f"{name}p",
            "features": {
                "env": "PROD",
                "wlms": True,
                "realtime": True,
                "bond": True,
                "optionChains": True,
                "calendar": True,
                "newMf": True,
            },
            "region": "NJ",
            "CLIENT_APP": self._portal.client_app or None,
        }
