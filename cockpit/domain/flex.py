"""How the last fetch of a Flex statement went: the words of the fact `flex state`."""

from __future__ import annotations

from enum import StrEnum

SUBJECT = "flex"


class FlexState(StrEnum):
    """How the last fetch of a statement ended."""

    UNTRIED = "not fetched yet"  # a token has been kept and not been used
    FETCHED = "fetched"
    NO_TOKEN = "no token"
    TOKEN_EXPIRED = "token expired"
    TOKEN_REFUSED = "token refused"
    TOKEN_LOCKED = "token locked"
    ADDRESS_REFUSED = "address refused"
    QUERY_REFUSED = "query refused"
    REFUSED = "refused"
    NOT_READY = "not ready"
    TOO_MANY = "too many requests"
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no answer"
    UNREADABLE = "unreadable"
    KEYCHAIN_SHUT = "keychain shut"
