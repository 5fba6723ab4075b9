"""Flex statements (port: StatementLink): token from the keychain, two calls, patience, and the words of the report."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from cockpit.adapters.flex.calls import (
    Hosts,
    address_of,
    get_statement,
    is_number,
    is_token,
    send_request,
)
from cockpit.adapters.flex.codes import Again, FlexCode, flex_code
from cockpit.adapters.flex.document import ANSWER, MOST_BYTES, Document, read_document
from cockpit.adapters.flex.pacing import PER_MINUTE, Pace
from cockpit.adapters.flex.reading import observations
from cockpit.adapters.flex.wire import FlexWire, Timeouts
from cockpit.adapters.foreign_text import clean
from cockpit.adapters.machine.threads import Aside
from cockpit.adapters.profile.redaction import HIDDEN
from cockpit.domain.evidence import Observation
from cockpit.domain.flex import FlexState
from cockpit.domain.plan import Flex
from cockpit.domain.remedy import Remedy
from cockpit.domain.secret import Secret
from cockpit.domain.words import span
from cockpit.services.backoff import Backoff
from cockpit.services.errors import NotPermitted, StatementTrouble, Unreadable
from cockpit.services.ports import QUERY, TOKEN, Clock, Tally, Vault

log = logging.getLogger(__name__)
T = TypeVar("T")

_READING = 20.0  # seconds for a file or a long statement, read beside the loop
_KEEP = Remedy("Keep a Flex token and the id of a query, or import a statement that you have saved.")


class _Errand(Struct, frozen=True):
    """One fetch: its wire, its token, and until when it may ask again (monotonic seconds)."""

    wire: FlexWire
    token: Secret
    deadline: float


class FlexLink:
    """The statements of one desk. Raises Trouble only; no trouble, log line or record holds the token."""

    def __init__(
        self,
        flex: Flex,
        hosts: Hosts,
        vault: Vault,
        learn: Callable[[str], None],
        clock: Clock,
        tally: Tally,
        timeouts: Timeouts | None = None,
        per_minute: float = PER_MINUTE,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`learn` hides a secret in every log from then on; `per_minute` is the catalogue's limit of one token."""
        self._flex = flex
        self._hosts = hosts
        self._vault = vault
        self._learn = learn
        self._clock = clock
        self._tally = tally
        self._timeouts = timeouts or Timeouts()
        self._pace = Pace(clock, per_minute, sleep)
        self._sleep = sleep
        self._aside: Aside[Sequence[Observation]] = Aside()
        self._is_busy = False

    async def fetch(self) -> Sequence[Observation]:
        """Fetch the newest statement and return what it says, as of when it was made.

        Raises StatementTrouble, VaultTrouble, Unreadable, and NotPermitted while another fetch goes or the broker
        wants a pause.
        """
        if self._is_busy:
            raise NotPermitted("A statement is being fetched already.", Remedy("Wait for it."))
        self._is_busy = True
        try:
            return await self._fetch()
        finally:
            self._is_busy = False

    async def read_file(self, path: Path) -> Sequence[Observation]:
        """Read a statement that the trader saved as XML. Raises Unreadable."""
        now = self._clock.now()
        return await self._beside(path, lambda: _of_file(path, now))

    async def _fetch(self) -> Sequence[Observation]:
        wire = FlexWire(address_of(self._flex, self._hosts), self._tally, self._timeouts)
        token, query = await self._access()
        errand = _Errand(wire, Secret(token), self._clock.monotonic() + self._timeouts.whole)
        begun = await self._ask(errand, send_request, query)
        reference = _text(begun, "ReferenceCode")
        if not is_number(reference):
            raise Unreadable("The broker's answer names no statement that could be fetched.")
        # The answer also names an address to fetch it from: it is not used, a token goes to one known host only.
        report = await self._ask(errand, get_statement, reference)
        now = self._clock.now()
        return await self._beside("report", lambda: observations(report, now))

    async def _access(self) -> tuple[str, str]:
        """Read token and query id; whoever writes a log learns of the token before anything else happens."""
        token = await self._vault.get(TOKEN)
        if token:
            self._learn(token)
        query = await self._vault.get(QUERY)
        if not token or not query:
            raise StatementTrouble(FlexState.NO_TOKEN, "No Flex token is kept on this PC.", _KEEP)
        if not is_token(token) or not is_number(query):
            raise StatementTrouble(
                FlexState.NO_TOKEN, "What is kept as Flex token or query id cannot be one.", _KEEP
            )
        return token, query

    async def _ask(self, errand: _Errand, call: Callable[[str, str], str], number: str) -> Document:
        """Make one call, again and again while the broker is still at work."""
        token, deadline = errand.token.reveal(), errand.deadline
        waits = Backoff(first=2.0, longest=16.0)
        while True:
            wait = self._pace.wait()
            if self._pace.is_paused or self._clock.monotonic() + wait > deadline:
                raise NotPermitted(
                    f"The broker wants statements asked for less often: again in {span(wait)}.",
                    Remedy("Wait, then fetch again."),
                )
            await self._pace.turn()
            document = await self._read(await errand.wire.get(call(token, number)))
            code = _code(document)
            if code is None:
                self._pace.answered()
                return document
            log.info("the Flex service answered with code %d", code.code)
            wait = max(waits.next(), self._pace.wait())
            if code.again is Again.LATER:
                self._pace.pause()
            if code.again is not Again.SOON or self._clock.monotonic() + wait > deadline:
                raise _refused(code, document, token)
            await self._sleep(wait)

    async def _read(self, content: bytes) -> Document:
        aside: Aside[Document] = Aside()
        return await _in_time(aside, "document", lambda: read_document(content))

    async def _beside(self, key: object, work: Callable[[], Sequence[Observation]]) -> Sequence[Observation]:
        return await _in_time(self._aside, str(key), work)


async def _in_time(aside: Aside[T], key: str, work: Callable[[], T]) -> T:
    try:
        return await aside.run(key, work, _READING)
    except TimeoutError:
        raise Unreadable(f"The statement could not be read within {_READING:g} s.") from None


def _of_file(path: Path, now: float) -> Sequence[Observation]:
    try:
        if not path.is_file():
            raise Unreadable("There is no such file.")
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = error.strerror if isinstance(error, OSError) else None
        raise Unreadable(f"The file cannot be read: {reason or 'its name is not one'}.") from None
    document = read_document(content)
    code = _code(document)
    if code is not None:
        raise _refused(code, document)
    return observations(document, now, "from a file")


def _code(document: Document) -> FlexCode | None:
    """Return the code of an answer that brings nothing; None for one that does."""
    if document.root != ANSWER:
        return None
    written = _text(document, "ErrorCode")
    if is_number(written):
        return flex_code(int(written))
    if _text(document, "Status").lower() == "success":
        return None
    raise Unreadable("The broker's answer says neither yes nor why not.")


def _refused(code: FlexCode, document: Document, token: str = "") -> StatementTrouble:
    text = _text(document, "ErrorMessage")
    # A server may repeat what it was asked, and quotes end up in the journal.
    quote = clean(text.replace(token, HIDDEN) if token else text)
    return StatementTrouble(code.state, code.sentence, code.cure(), code.code, quote)


def _text(document: Document, name: str) -> str:
    return document.texts.get(name, "").strip()
