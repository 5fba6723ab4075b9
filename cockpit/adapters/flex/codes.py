"""The codes of the Flex service: what each means, whether asking again helps, and what to do."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from cockpit.domain.flex import FlexState
from cockpit.domain.remedy import Remedy


class Again(Enum):
    """Whether to ask again after a code."""

    NEVER = "never"  # nothing changes until the trader changes something
    SOON = "soon"  # the broker is still at work
    LATER = "later"  # after a pause that the broker wants


class FlexCode(Struct, frozen=True):
    """One code: our sentence, whether to ask again, the state it leaves behind, and the remedy."""

    code: int
    sentence: str
    again: Again
    state: FlexState
    remedy: str

    def cure(self) -> Remedy:
        """Return the remedy as notices carry it."""
        return Remedy(self.remedy)


_S = FlexState
_WAIT = "Try again in a few minutes."
_PORTAL = "In Client Portal, under Performance & Reports, Flex Queries,"
_NEW_TOKEN = f"{_PORTAL} make a new token and keep it here; the old one ends with it."
_QUERY = f"{_PORTAL} look up the id of an Activity Flex Query and keep it here."

# Meanings and the advice to retry: the broker's page on the Flex Web Service, version 3; 1025 is known from users only.
CODES = (
    FlexCode(1001, "The broker cannot make the statement now.", Again.SOON, _S.NOT_READY, _WAIT),
    FlexCode(
        1003,
        "The broker has no such statement.",
        Again.NEVER,
        _S.REFUSED,
        f"{_PORTAL} check the period of the query: the newest day is out the morning after.",
    ),
    FlexCode(1004, "The statement is not complete yet.", Again.SOON, _S.NOT_READY, _WAIT),
    FlexCode(1005, "Settlement figures are not ready yet.", Again.SOON, _S.NOT_READY, _WAIT),
    FlexCode(1006, "Profit and loss by lots is not ready yet.", Again.SOON, _S.NOT_READY, _WAIT),
    FlexCode(1007, "Profit and loss by market value is not ready yet.", Again.SOON, _S.NOT_READY, _WAIT),
    FlexCode(1008, "Neither kind of profit and loss is ready yet.", Again.SOON, _S.NOT_READY, _WAIT),
    FlexCode(1009, "The broker's report server is under load.", Again.SOON, _S.NOT_READY, _WAIT),
    FlexCode(
        1010,
        "The query is of an old kind that the broker no longer runs.",
        Again.NEVER,
        _S.QUERY_REFUSED,
        f"{_PORTAL} make an Activity Flex Query instead and keep its id here.",
    ),
    FlexCode(
        1011,
        "The Flex service of this user is switched off.",
        Again.NEVER,
        _S.REFUSED,
        f"{_PORTAL} switch the Flex Web Service on.",
    ),
    FlexCode(1012, "The Flex token has expired.", Again.NEVER, _S.TOKEN_EXPIRED, _NEW_TOKEN),
    FlexCode(
        1013,
        "The Flex token does not allow this PC's address.",
        Again.NEVER,
        _S.ADDRESS_REFUSED,
        "Use the network that the token was made for, with the VPN as it was then, or make a token without an address.",
    ),
    FlexCode(1014, "The query id is not one of this user.", Again.NEVER, _S.QUERY_REFUSED, _QUERY),
    FlexCode(1015, "The Flex token is not valid.", Again.NEVER, _S.TOKEN_REFUSED, _NEW_TOKEN),
    FlexCode(
        1016,
        "The query names an account that is not valid.",
        Again.NEVER,
        _S.QUERY_REFUSED,
        f"{_PORTAL} check the accounts of the query.",
    ),
    FlexCode(
        1017,
        "The broker no longer knows the statement it was making.",
        Again.NEVER,
        _S.REFUSED,
        "Fetch the statement again.",
    ),
    FlexCode(
        1018,
        "This token has asked too often in a short time.",
        Again.LATER,
        _S.TOO_MANY,
        "Wait; other programs that use this token count too.",
    ),
    FlexCode(1019, "The statement is still being made.", Again.SOON, _S.NOT_READY, _WAIT),
    FlexCode(
        1020,
        "The broker does not understand the request.",
        Again.NEVER,
        _S.REFUSED,
        "Check that token and query id are whole and not interchanged.",
    ),
    FlexCode(1021, "The statement cannot be handed out now.", Again.SOON, _S.NOT_READY, _WAIT),
    FlexCode(
        1025,
        "The Flex token is locked after repeated failures.",
        Again.NEVER,
        _S.TOKEN_LOCKED,
        _NEW_TOKEN,
    ),
)
_BY_NUMBER = {row.code: row for row in CODES}


def flex_code(number: int) -> FlexCode:
    """Return what is known of a code; one that nobody has written about gets a neutral sentence and no retry."""
    return _BY_NUMBER.get(number) or FlexCode(
        number,
        f"The broker refused the statement with the code {number}.",
        Again.NEVER,
        FlexState.REFUSED,
        "Read the broker's text; try once more later.",
    )
