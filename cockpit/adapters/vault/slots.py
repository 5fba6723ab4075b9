"""How a secret stands in a keychain: in one of two slots, so that replacing it never leaves none."""

from __future__ import annotations

import hashlib
import hmac
from typing import Protocol

from msgspec import Struct

from cockpit.adapters.vault.trouble import Reason

# Windows takes 2,560 bytes of UTF-16; what we write around the secret needs some of them.
LONGEST = 1200  # UTF-16 units
_FORM = "cockpit1"


class Keychain(Protocol):
    """What is needed of a keychain; the keyring library's backends are such."""

    def get_password(self, service: str, username: str) -> str | None:
        """Read; None when there is none."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Write."""

    def delete_password(self, service: str, username: str) -> None:
        """Delete; raises when there is none."""


class _Kept(Struct, frozen=True):
    """What a slot holds: the higher turn is the newer one."""

    slot: str
    turn: int
    secret: str

    def __repr__(self) -> str:
        return f"_Kept({self.slot}, {self.turn})"


class Slots:
    """The secrets of one service. A pointer would itself have to be replaced, and one keychain deletes first and
    writes then; so the turn is written with the secret, and the newest slot that is whole counts."""

    def __init__(self, keychain: Keychain, service: str) -> None:
        self._keychain = keychain
        self._service = service

    def put(self, name: str, secret: str) -> None:
        """Write into the slot that does not count, read it back, then clear the other one. Raises VaultTrouble."""
        if not fits(secret):
            raise Reason.LONG.trouble()
        old = self._newest(name)
        slot = "b" if old is not None and old.slot == "a" else "a"
        turn = old.turn + 1 if old is not None else 1
        self._clear(name, slot)
        self._keychain.set_password(self._place(name, slot), name, _written(turn, secret))
        new = self._read(name, slot)
        if new is None or new.turn != turn or not hmac.compare_digest(new.secret.encode(), secret.encode()):
            self._clear(name, slot)
            raise Reason.LOST.trouble()
        if old is not None:
            self._clear(name, old.slot)

    def get(self, name: str) -> str | None:
        """Return the secret; None when there is none."""
        newest = self._newest(name)
        return None if newest is None else newest.secret

    def forget(self, name: str) -> None:
        """Delete the secret, wherever it stands."""
        for slot in "ab":
            self._clear(name, slot)

    def _newest(self, name: str) -> _Kept | None:
        kept = [one for slot in "ab" if (one := self._read(name, slot)) is not None]
        return max(kept, key=lambda one: one.turn, default=None)

    def _read(self, name: str, slot: str) -> _Kept | None:
        """Return what a slot holds; None when it is empty or holds half a secret."""
        written = self._keychain.get_password(self._place(name, slot), name)
        parts = (written or "").split(":", 3)
        if len(parts) != 4 or parts[0] != _FORM or not parts[1].isdecimal():
            return None
        turn, secret = int(parts[1]), parts[3]
        return _Kept(slot, turn, secret) if _written(turn, secret) == written else None

    def _clear(self, name: str, slot: str) -> None:
        if self._keychain.get_password(self._place(name, slot), name) is not None:
            self._keychain.delete_password(self._place(name, slot), name)

    def _place(self, name: str, slot: str) -> str:
        # A service of its own for each slot: on Windows two users of one service get in each other's way.
        return f"{self._service}/{name}/{slot}"


def fits(secret: str) -> bool:
    """Whether the keychain of every system takes a secret of this length."""
    return len(secret.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST


def _written(turn: int, secret: str) -> str:
    check = hashlib.sha256(f"{turn}:{secret}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{_FORM}:{turn}:{check}:{secret}"
