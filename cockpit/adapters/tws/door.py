"""Through the door of an API socket: connect, greet, take a client id, and name what stands in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

from cockpit.adapters.tws.messages import Code
from cockpit.adapters.tws.session import NotTws, TwsSession
from cockpit.adapters.tws.timeouts import Timeouts
from cockpit.adapters.tws.whatif import OLDEST_VERSION
from cockpit.domain.kinds import Door
from cockpit.domain.plan import Socket
from cockpit.domain.remedy import Remedy
from cockpit.services.errors import DoorTrouble, Stranger

CLIENT_ID_IN_USE = 326
_REFUSALS = frozenset({CLIENT_ID_IN_USE, 503, 506, 10285})  # the others say that versions do not meet

# Without a word an id is only one of the possible reasons; after a few tries another id will not help.
_MOST_SILENT_TRIES = 3

_START = Remedy(
    "Start the program and sign in; then tick Enable ActiveX and Socket Clients in its API settings."
)
_TRUST = Remedy("In the API settings allow connections from this address, or from this machine only.")
_DIALOG = Remedy("Look at the program: a dialog waits for an answer, or it hangs.", minutes=1)
_SIGN_IN = Remedy(
    "Finish the sign-in in the program; it is still loading or waits for the second factor.", minutes=2
)
_CLIENT_IDS = Remedy(
    "Restart the program if no other cockpit runs: it can hold ids of lost connections.", minutes=5
)
_UPDATE = Remedy("Install a current version of the program.", minutes=15)
_OWNER = Remedy("Find out which program owns the port, or correct the port in the settings.", "open-settings")


class ClientIdTaken(DoorTrouble):
    """The id is in use; `said_so` is false when the door closed without a word after the id."""

    def __init__(self, client_id: int, said_so: bool) -> None:
        why = "is in use" if said_so else "was answered by hanging up"
        super().__init__(Door.CLIENT_ID_TAKEN, f"Client id {client_id} {why}.", _CLIENT_IDS)
        self.client_id = client_id
        self.said_so = said_so


async def enter(
    socket: Socket,
    timeouts: Timeouts,
    first_id: int,
    make: Callable[[int, Callable[[Code], None]], TwsSession],
) -> TwsSession:
    """Return a session that stands, with the first free client id of the socket's range from `first_id` on.

    `make` builds a session for a client id. Raises DoorTrouble.
    """
    silent = 0
    taken: ClientIdTaken | None = None
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeouts.client_ids
    for client_id in ids_from(first_id, socket.client_ids):
        try:
            return await _try(socket, timeouts, client_id, make)
        except ClientIdTaken as trouble:
            taken = trouble
            silent += not trouble.said_so
            if silent >= _MOST_SILENT_TRIES or loop.time() > deadline:
                raise
    first, last = socket.client_ids
    raise DoorTrouble(
        Door.CLIENT_ID_TAKEN, f"All client ids from {first} to {last} are in use.", _CLIENT_IDS
    ) from taken


def ids_from(first_id: int, id_range: tuple[int, int]) -> Iterator[int]:
    """Walk once through the whole range, starting at `first_id`; id 0 is never among them."""
    low, high = id_range
    low = max(low, 1)
    size = high - low + 1
    start = first_id - low if low <= first_id <= high else 0
    return (low + (start + step) % size for step in range(size))


async def _try(
    socket: Socket,
    timeouts: Timeouts,
    client_id: int,
    make: Callable[[int, Callable[[Code], None]], TwsSession],
) -> TwsSession:
    refusal: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def hear(code: Code) -> None:
        if code.code in _REFUSALS and not refusal.done():
            refusal.set_result(code.code)

    session = make(client_id, hear)
    stands = False
    try:
        await _dial(session, socket, timeouts)
        try:
            async with asyncio.timeout(timeouts.handshake):
                await _agree(session, socket)
                await _start(session, socket, refusal)
        except TimeoutError:
            raise _out_of_time(session, socket) from None
        stands = True
        return session
    finally:
        refusal.cancel()
        if not stands:
            session.abort()


async def _dial(session: TwsSession, socket: Socket, timeouts: Timeouts) -> None:
    where = f"port {socket.port} of {socket.host}"
    try:
        async with asyncio.timeout(timeouts.connect):
            await session.dial(socket.host, socket.port)
    except ConnectionRefusedError:
        raise DoorTrouble(Door.REFUSED, f"Nothing listens on {where}.", _START) from None
    except TimeoutError:
        raise DoorTrouble(
            Door.UNREACHABLE, f"No connection to {where} in {timeouts.connect:g} s.", _START
        ) from None
    except ConnectionError:
        raise DoorTrouble(Door.SHUT, f"The door at {where} closed at once.", _TRUST) from None
    except OSError as error:
        reason = error.strerror or "no connection"
        raise DoorTrouble(Door.UNREACHABLE, f"There is no way to {where}: {reason}.", _START) from None


async def _agree(session: TwsSession, socket: Socket) -> None:
    """Wait for the version."""
    await _first_of(session.version, session.over)
    if not session.version.done():
        if session.has_heard:
            raise _stranger(socket)
        sentence = f"{socket.program} closed the connection without a word: this address is not trusted."
        raise DoorTrouble(Door.SHUT, sentence, _TRUST)
    try:
        version = session.version.result()
    except NotTws:
        raise _stranger(socket) from None
    if version < OLDEST_VERSION:
        sentence = (
            f"{socket.program} speaks version {version} of the API; at least {OLDEST_VERSION} is needed."
        )
        raise DoorTrouble(Door.TOO_OLD, sentence, _UPDATE)


async def _start(session: TwsSession, socket: Socket, refusal: asyncio.Future[int]) -> None:
    """Wait for accounts and next id. A refusal comes at once, the end of the connection perhaps much later."""
    await _first_of(session.ready, session.over, refusal)
    if refusal.done():
        if refusal.result() == CLIENT_ID_IN_USE:
            raise ClientIdTaken(session.client_id, said_so=True)
        sentence = f"{socket.program} refuses this version of the API (code {refusal.result()})."
        raise DoorTrouble(Door.TOO_OLD, sentence, _UPDATE)
    if session.over.done():
        raise ClientIdTaken(session.client_id, said_so=False)


def _out_of_time(session: TwsSession, socket: Socket) -> DoorTrouble:
    if session.version.done():
        return DoorTrouble(Door.WAITING, f"{socket.program} answers, but has no accounts yet.", _SIGN_IN)
    return DoorTrouble(Door.MUTE, f"{socket.program} takes the connection and says nothing.", _DIALOG)


def _stranger(socket: Socket) -> Stranger:
    return Stranger(Door.STRANGER, f"What answers on port {socket.port} is not {socket.program}.", _OWNER)


async def _first_of(*futures: asyncio.Future[int] | asyncio.Future[None]) -> None:
    await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
