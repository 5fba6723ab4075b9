"""What cannot be kept of a register: names used twice, and texts that look like a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cockpit.domain.register import Credential, Device, Factor, RecoveryPath, Register

_SHORTEST_SECRET = 16  # letters

# What a seed, a token or a key looks like: long runs of letters and digits that no name and no place has.
_SECRETS = (
    r"(?i:otpauth(-migration)?://|-----BEGIN)",
    r"\b(?=[A-Z]*[2-7])(?=[2-7]*[A-Z])[A-Z2-7]{16,}={0,6}",  # base32, as for authenticator codes
    r"\b(?=[a-z]*[2-7])(?=[2-7]*[a-z])[a-z2-7]{16,}\b",
    r"^(?=.*[2-7])[A-Za-z2-7]{4}([ -][A-Za-z2-7]{4}){3,}$",  # the same in groups of four
    r"\b[0-9A-Fa-f]{32,}\b",
    r"\b[0-9]{18,}\b",  # a Flex token; a phone number has fifteen digits at most
    r"\b(?=[^\W_]*[a-z])(?=[^\W_]*[A-Z])(?=[^\W_]*[0-9])[A-Za-z0-9+]{20,}={0,2}",
)


def looks_like_a_secret(text: str) -> bool:
    """Whether a text looks like a seed, a token or a key: such belong into the keychain and nowhere else.

    A short code cannot be told from a number; that codes are never kept is said where they are asked for.
    """
    if len(text) < _SHORTEST_SECRET:
        return False
    return any(re.search(pattern, text.strip()) for pattern in _SECRETS)


def repeated(names: Sequence[str]) -> Iterator[int]:
    """Yield the places of names that were there before, however they are written."""
    seen: set[str] = set()
    for place, name in enumerate(names):
        key = name.strip().casefold()
        if key in seen:
            yield place
        seen.add(key)


def faults(register: Register) -> tuple[str, ...]:
    """Say what cannot be kept of a register, a sentence each; empty when all of it can."""
    said = []
    for what, rows in (
        ("device", register.devices),
        ("factor", register.factors),
        ("credential", register.credentials),
        ("way back", register.recovery),
    ):
        names = [row.name for row in rows]
        said += [f"Two have the same name: the {what} {names[place]}." for place in repeated(names)]
        said += [f"A {what} has no name." for name in names if not name.strip()]
        said += [
            f"What stands at the {what} {row.name[:40]} looks like a secret: it belongs into the keychain."
            for row in rows
            if any(looks_like_a_secret(text) for text in _texts(row))
        ]
    return tuple(said)


def _texts(row: Device | Factor | Credential | RecoveryPath) -> list[str]:
    """The texts of a row that somebody typed freely."""
    texts = [row.name, row.note]
    if isinstance(row, RecoveryPath):
        texts.append(row.where)
    if isinstance(row, Credential):
        texts += [row.owner, row.tool, row.username]
    return texts
