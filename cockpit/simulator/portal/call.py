"""One call on the portal with everything its answer may need."""

from __future__ import annotations

from enum import Enum, auto

from msgspec import Struct

from cockpit.simulator.portal import accounts, contracts
from cockpit.simulator.portal.http import Request, Response
from cockpit.simulator.portal.orders import OrderBook
from cockpit.simulator.portal.session import SignIn
from cockpit.simulator.scenario import Account, Contract, Scenario

_LONGEST_ID = 10


class Tier(Enum):
    """Which session a path needs."""

    PORTAL = auto()
    BROKERAGE = auto()


class Call(Struct, frozen=True):
    """One request with everything an answer may need; `now` is UTC epoch seconds."""

    scenario: Scenario
    sign_in: SignIn
    book: OrderBook
    request: Request
    parts: tuple[str, ...]
    now: float

    def account(self) -> Account | None:
        """The account named in the path, when this login reaches it."""
        found = (one for one in accounts.reachable(self.scenario) if one.id == self.parts[0])
        return next(found, None)

    def contract(self) -> Contract | None:
        """The contract named in the path."""
        return contracts.find(self.scenario, int(self.parts[0]))


def failure(status: int, text: str) -> Response:
    """An error in the shape most of the portal's errors have."""
    return Response.of({"error": text, "statusCode": status}, status)


def wrong_account(call: Call) -> Response:
    """Refuse a call because of the account in its path."""
    return failure(400, f"Bad Request: accountId is not valid: {call.parts[0]}")


def is_true(value: object) -> bool:
    """Read a yes from JSON or from a query."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def listed(text: str) -> list[str]:
    """Split a comma list."""
    return [part.strip() for part in text.split(",") if part.strip()]


def numbers(text: str) -> list[int]:
    """Contract ids of a comma list; a venue behind an @ is left out."""
    parts = (one.partition("@")[0] for one in listed(text))
    return [int(part) for part in parts if is_contract_id(part)]


def is_contract_id(text: str) -> bool:
    """Whether this can be a contract's id: digits, not endlessly many."""
    return text.isdecimal() and len(text) <= _LONGEST_ID
