"""Flex statements: how a fetch can end, and which trading permissions came or went between two statements."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation, Value
from cockpit.domain.facts import Facts

SUBJECT = "flex"
_BEFORE = "/before"


class FlexState(StrEnum):
    """How the last fetch of a statement went: the words of the fact `flex state`."""

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


class PermissionChange(Struct, frozen=True):
    """What differs between two statements of an account, in the statements' words, each sorted.

    `before` and `after` are when the two statements were made (UTC epoch seconds).
    """

    account: str
    appeared: tuple[str, ...]
    went: tuple[str, ...]
    before: float
    after: float


def permission_change(facts: Facts, account: str) -> PermissionChange | None:
    """Return what the newest statement changed; None when no two statements that differ have been seen."""
    old = facts.look(kinds.PERMISSIONS, _subject(account) + _BEFORE)
    new = facts.look(kinds.PERMISSIONS, _subject(account))
    if old is None or new is None or set(old.value) == set(new.value):
        return None
    appeared, went = set(new.value) - set(old.value), set(old.value) - set(new.value)
    return PermissionChange(account, tuple(sorted(appeared)), tuple(sorted(went)), old.at, new.since)


def kept_before(facts: Facts, statement: Iterable[Observation]) -> tuple[Observation, ...]:
    """Return the permissions that a new statement is about to replace, to be held at `account/<id>/before`.

    An account whose permissions are the same, in whichever order, keeps the difference it had.
    """
    kept = []
    for seen in statement:
        if seen.fact != kinds.PERMISSIONS.name or not seen.subject.startswith("account/"):
            continue
        held = facts.look(kinds.PERMISSIONS, seen.subject)
        if held is None or seen.at <= held.at or set(held.value) == _words(seen.value):
            continue
        kept.append(
            kinds.PERMISSIONS.seen(seen.subject + _BEFORE, held.value, held.at, held.provenance, held.note)
        )
    return tuple(kept)


def _subject(account: str) -> str:
    return f"account/{account}"


def _words(value: Value) -> set[str]:
    return set(value) if isinstance(value, tuple) else set()
