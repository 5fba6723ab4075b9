"""Authenticator codes: set one up, prove it, show its code, forget it. The seed is fetched for each use and dropped.

In the keychain stands under `totp` the list of authenticators without their seeds, and under `totp/<name>` each whole.
The seed is written before the list names it, and unlisted before it is deleted, so a failure in between leaves at worst
a seed that the next attempt finds again.
"""

from __future__ import annotations

import asyncio
import hmac
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.otp import TAKEN, Authenticator, ClockCheck, Code, Draft, judge_clock, step_start
from cockpit.domain.remedy import Remedy
from cockpit.domain.secret import Secret
from cockpit.services.code_proof import YEAR_10000, CodeMaker, prove
from cockpit.services.errors import NotPermitted, Unreadable
from cockpit.services.ports import Vault

T = TypeVar("T")

LIST = "totp"
MOST = 8
"""Authenticators of one desk: with longer lists their names would not fit the keychain of every system."""


class SetUpReader(Protocol):
    """Reads what sets an authenticator up. Raises Trouble; no sentence of it holds anything of a seed."""

    def name(self, text: str) -> str:
        """Return a name as it is kept; empty when nothing of it can be shown."""

    def read_text(self, text: Secret) -> Draft:
        """Read an `otpauth` address or a bare key."""

    async def read_picture(self, path: Path) -> Draft:
        """Read the QR code in a picture file."""


class _Kept(Struct, frozen=True):
    """What the keychain holds of one authenticator."""

    authenticator: Authenticator
    seed: str

    def __repr__(self) -> str:
        return f"_Kept({self.authenticator!r})"


class Codes:
    """The authenticators of a desk. Every method raises Trouble only; none of them logs or returns a seed once kept.

    `clock` is UTC epoch seconds; `offsets` says by how many seconds this PC's clock is off, one number for each source
    that is fresh; `learn` hides a seed in every log.
    """

    def __init__(
        self,
        vault: Vault,
        maker: CodeMaker,
        reader: SetUpReader,
        clock: Callable[[], float],
        offsets: Callable[[], Sequence[float]],
        learn: Callable[[str], None],
    ) -> None:
        self._vault = vault
        self._maker = maker
        self._reader = reader
        self._clock = clock
        self._offsets = offsets
        self._learn = learn
        self._one_at_a_time = asyncio.Lock()  # the list is read, changed and written

    async def list(self) -> tuple[Authenticator, ...]:
        """Return the authenticators that are kept, in the order in which they came."""
        written = await self._vault.get(LIST)
        if written is None:
            return ()
        listed = _decoded(written, tuple[Authenticator, ...])
        if listed is None:
            raise Unreadable(
                "The list of authenticators in the keychain cannot be read.",
                Remedy("Set an authenticator up again under its old name: the list is then made anew."),
            )
        return listed

    def begin(self, text: Secret) -> Draft:
        """Read a set-up that was pasted. Nothing is kept yet."""
        return self._learned(self._reader.read_text(text))

    async def begin_picture(self, path: Path) -> Draft:
        """Read a set-up from a picture of its QR code. Nothing is kept yet."""
        return self._learned(await self._reader.read_picture(path))

    async def verify(
        self, draft: Draft, typed: str, *, name: str = "", replacing: bool = False
    ) -> Authenticator:
        """Keep a draft if `typed` is its code of now, of the step before or of the one after.

        `name` renames it; `replacing` lets it take the place of another of that name, which stays until the new one
        is readable. Raises NotPermitted when code, clock or name speaks against it: the draft can be tried again.
        """
        wanted = self._reader.name(name) or draft.authenticator.name
        draft = Draft(replace(draft.authenticator, name=wanted), draft.secret)
        check = self._check_clock()
        prove(self._maker, draft, typed, self._clock(), is_clock_known=check.offset is not None)
        async with self._one_at_a_time:
            await self._keep(draft, replacing)
        return draft.authenticator

    async def code(self, name: str) -> Code:
        """Return the code of now and the one after it. Raises NotPermitted when the clock is too far off."""
        self._check_clock()
        kept = await self._kept(name)
        if kept is None:
            raise NotPermitted(f"There is no authenticator called {name} here.", Remedy("Set it up again."))
        at, period = (
            self._clock(),
            kept.authenticator.period,
        )  # only now: the keychain may have taken its time
        start = step_start(at, period)
        now, after = (self._at(kept.authenticator, Secret(kept.seed), start + n * period) for n in (0, 1))
        return Code(now, after, start + period, period)

    async def forget(self, name: str) -> None:
        """Delete an authenticator with its seed; deleting one that is not there is fine."""
        async with self._one_at_a_time:
            try:
                listed = await self.list()
            except Unreadable:
                listed = ()
            left = tuple(one for one in listed if not _is_same(one.name, name))
            if left != listed:
                await self._write(left)
            await self._vault.forget(_place(name))

    def clock_check(self) -> ClockCheck:
        """Judge this PC's clock as of now."""
        return judge_clock(self._offsets())

    async def _keep(self, draft: Draft, replacing: bool) -> None:
        wanted = draft.authenticator
        try:
            listed = await self.list()
        except Unreadable:
            listed = ()
        there = next((one for one in listed if _is_same(one.name, wanted.name)), None)
        found = await self._kept(there.name if there else wanted.name, is_lenient=True)
        if found is not None and not replacing and not _is_same_seed(found, draft):
            if there is None:  # an earlier attempt ended between seed and list
                await self._write((*listed, found.authenticator))
            raise NotPermitted(
                f"There is an authenticator called {wanted.name} already, and it stays.",
                Remedy("Give this one another name, or let it replace the other.", TAKEN),
            )
        others = tuple(one for one in listed if one is not there)
        if len(others) >= MOST:
            raise NotPermitted(
                f"{MOST} authenticators are the most that are kept.", Remedy("Forget one that is not used.")
            )
        if (
            there is not None and there.name != wanted.name
        ):  # in other capitals: some keychains take both for one
            wanted = replace(wanted, name=there.name)
        written = msgspec.json.encode(_Kept(wanted, draft.secret.reveal())).decode()
        await self._vault.put(_place(wanted.name), written)
        await self._write((*others, wanted))

    async def _kept(self, name: str, *, is_lenient: bool = False) -> _Kept | None:
        written = await self._vault.get(_place(name))
        if written is None:
            return None
        kept = _decoded(written, _Kept)
        if kept is not None:
            self._learn(kept.seed)
        elif not is_lenient:
            raise Unreadable(
                f"What the keychain holds of {name} cannot be read.", Remedy("Forget it and set it up again.")
            )
        return kept

    async def _write(self, listed: tuple[Authenticator, ...]) -> None:
        await self._vault.put(LIST, msgspec.json.encode(listed).decode())

    def _learned(self, draft: Draft) -> Draft:
        self._learn(draft.secret.reveal())
        return draft

    def _at(self, authenticator: Authenticator, secret: Secret, at: float) -> str:
        if not 0 <= at < YEAR_10000:
            raise NotPermitted("This PC's clock shows a year in which there are no codes.", _SET_CLOCK)
        return self._maker.code(authenticator, secret, at)

    def _check_clock(self) -> ClockCheck:
        check = self.clock_check()
        if check.is_withheld:
            raise NotPermitted(f"{check.sentence}. No code is shown.", _SET_CLOCK)
        return check


_SET_CLOCK = Remedy("Set this PC's clock by the network.")


def _decoded(written: str, kind: type[T]) -> T | None:
    """Decode what a keychain held; None when it cannot be. No error is passed on: it may quote what was read."""
    try:
        return msgspec.json.decode(written, type=kind)
    except (msgspec.MsgspecError, UnicodeError):
        return None


def _place(name: str) -> str:
    return f"{LIST}/{name}"


def _is_same(name: str, other: str) -> bool:
    """Whether two names are one to a reader, or to a keychain that does not tell capitals from small letters."""
    return _folded(name) == _folded(other)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _is_same_seed(kept: _Kept, draft: Draft) -> bool:
    return hmac.compare_digest(kept.seed.encode(), draft.secret.reveal().encode())
