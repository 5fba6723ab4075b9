"""The engine: a slip beside the watch ends no session, and what cannot be kept is told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation
from cockpit.domain.level import Level
from cockpit.services.errors import JournalTrouble
from cockpit.services.intents import TrustCertificate
from tests.fakes.desks import FakeDesk
from tests.fakes.journal import FakeJournal
from tests.fakes.virtual_time import run

PRINT = "ab" * 32


class BrokenVault:
    """A vault with a bug in it."""

    async def where(self) -> str:
        raise ZeroDivisionError("a bug")

    async def unlock(self) -> None: ...

    async def put(self, name: str, secret: str) -> None: ...

    async def get(self, name: str) -> str | None: ...

    async def forget(self, name: str) -> None: ...


class Unreadable(FakeJournal):
    """A journal whose past cannot be read."""

    async def newest(self) -> Sequence[Observation]:
        raise JournalTrouble("The journal did not answer.")


def test_a_bug_beside_the_watch_is_told_and_ends_no_session() -> None:
    async def story() -> None:
        told: list[object] = []
        asyncio.get_running_loop().set_exception_handler(
            lambda loop, context: told.append(context["message"])
        )
        desk = FakeDesk(vault=BrokenVault())
        running = asyncio.create_task(desk.engine.run())
        await asyncio.sleep(30)
        assert told == ["the vault failed"]
        assert desk.link.is_open
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert not desk.link.is_open

    run(story())


def test_a_certificate_that_cannot_be_kept_is_trusted_and_told() -> None:
    def full(fingerprint: str) -> None:
        raise PermissionError("read-only")

    async def story() -> None:
        desk = FakeDesk(pin=full)
        desk.engine.desk.observe([kinds.FINGERPRINT.seen("gateway", PRINT, desk.clock.now())])
        desk.engine.send(TrustCertificate(PRINT))
        async with asyncio.timeout(5):
            while not desk.engine.desk.state().notices:
                await asyncio.to_thread(lambda: None)
        assert desk.portals[0].asked == [f"trust {PRINT}"]
        assert [(n.key, n.level) for n in desk.engine.desk.state().notices] == [("pin", Level.LIMITED)]

    asyncio.run(story())


@pytest.mark.parametrize("fingerprint", ["", "cd" * 32])
def test_a_certificate_that_was_not_shown_is_not_trusted(fingerprint: str) -> None:
    async def story() -> None:
        desk = FakeDesk()
        desk.engine.desk.observe([kinds.FINGERPRINT.seen("gateway", PRINT, desk.clock.now())])
        desk.engine.send(TrustCertificate(fingerprint))
        await asyncio.sleep(1)
        assert desk.portals[0].asked == []

    run(story())


def test_a_past_that_cannot_be_read_stays_told() -> None:
    async def story() -> None:
        desk = FakeDesk(journal=Unreadable())
        running = asyncio.create_task(desk.engine.run())
        await asyncio.sleep(30)
        assert "The journal did not answer." in {n.sentence for n in desk.states[-1].notices}
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    run(story())
