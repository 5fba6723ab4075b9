"""A keychain in memory that fails where a test wants it to."""

from __future__ import annotations

from dataclasses import dataclass, field

from cockpit.services.errors import VaultTrouble


@dataclass
class MemoryVault:
    """Implements the Vault port. The `fail_at`th call fails: before it did anything, or, if `late`, after it did.

    `trouble` fails every call.
    """

    kept: dict[str, str] = field(default_factory=dict)
    fail_at: int = -1
    late: bool = False
    trouble: VaultTrouble | None = None
    steps: int = 0

    async def where(self) -> str:
        return "in memory"

    async def unlock(self) -> None:
        """There is nothing to unlock."""

    async def put(self, name: str, secret: str) -> None:
        self._step(late=False)
        self.kept[name] = secret
        self._step(late=True)

    async def get(self, name: str) -> str | None:
        self._step(late=False)
        return self.kept.get(name)

    async def forget(self, name: str) -> None:
        self._step(late=False)
        self.kept.pop(name, None)
        self._step(late=True)

    def _step(self, *, late: bool) -> None:
        if self.trouble is not None:
            raise self.trouble
        if late is self.late:
            self.steps += 1
            if self.steps == self.fail_at:
                raise VaultTrouble("gone", "The keychain went away.")
