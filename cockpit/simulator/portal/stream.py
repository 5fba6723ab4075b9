"""The gateway's websocket: binary frames, sign-in first, a heartbeat, and the state as it changes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

from websockets.datastructures import Headers
from websockets.exceptions import PayloadTooBig
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request as Handshake
from websockets.protocol import State
from websockets.server import ServerProtocol

from cockpit.simulator.portal import accounts, market
from cockpit.simulator.portal.call import is_contract_id
from cockpit.simulator.portal.contracts import find
from cockpit.simulator.portal.http import Json, Recording, Request, after
from cockpit.simulator.portal.session import flags_of
from cockpit.simulator.portal.transport import Wire
from cockpit.simulator.portal.upstream import Upstream
from cockpit.simulator.scenario import Portal

LARGEST = 65536  # bytes; the real bridge drops the connection above
_SERVICE = "gateway"
_NO_DATA = {"error": "no bridge", "topic": "error"}
_TOLD = ("authenticated", "competing")  # each in a frame of its own, never both in one


def handshake(request: Request) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Answer an upgrade: status 101 with its headers, or the status that refuses a malformed one."""
    headers = Headers()
    for name, value in request.headers.items():
        headers[name] = value
    response = ServerProtocol().accept(Handshake(request.target, headers))
    if response.status_code != 101:
        return response.status_code, ()
    return 101, tuple(response.headers.raw_items())


class StreamSession:
    """One client's stream, from the upgrade on.

    The upgrade itself proves nothing: without an upstream the stream stays silent and takes what the client
    sends without a word. What comes before the first `system` frame is dropped as well.
    """

    def __init__(self, wire: Wire, number: int, upstream: Upstream, recorder: Recording) -> None:
        self._wire = wire
        self._number = number
        self._upstream = upstream
        self._recorder = recorder
        self._protocol = ServerProtocol(state=State.OPEN, max_size=LARGEST)
        self._states: asyncio.Queue[Portal] = asyncio.Queue()
        self._is_open = False
        self._told: dict[str, bool] = {}
        self._quotes: dict[int, tuple[str, ...]] = {}

    async def serve(self, early: bytes) -> None:
        """Serve until either side ends it; `early` is what came right behind the upgrade request."""
        sign_in = self._upstream.sign_in
        is_mute = sign_in.state is Portal.HANGING or self._upstream.scenario.gateway.stream_silent
        if is_mute:
            await self._read(early)
            return
        sign_in.watchers.add(self._states.put_nowait)
        self._states.put_nowait(sign_in.state)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(work) for work in (self._follow(), self._beat())]
                await self._read(early)
                for task in tasks:
                    task.cancel()
        finally:
            sign_in.watchers.discard(self._states.put_nowait)

    async def _read(self, early: bytes) -> None:
        content = early
        message = bytearray()
        while True:
            if content:
                self._protocol.receive_data(content)
            if isinstance(self._protocol.parser_exc, PayloadTooBig):
                return  # the real bridge resets the connection without a close frame
            for event in self._protocol.events_received():
                if isinstance(event, Frame) and event.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                    message += event.data
                    if event.fin:
                        await self._take(bytes(message))
                        message.clear()
            await self._flush()
            if self._protocol.close_expected():
                return
            content = await self._wire.read()
            if not content:
                return

    async def _follow(self) -> None:
        """Tell the client what changes upstream."""
        await self._send({"message": "waiting for session"})
        await after(self._upstream.scenario.gateway.latency_ms)
        while True:
            state = await self._states.get()
            if state is Portal.HANGING or (state is Portal.SIGNED_OUT and self._is_open):
                await self._tell(state)
                self._protocol.send_close(CloseCode.NORMAL_CLOSURE)
                await self._flush()
                return
            if state is Portal.SIGNED_OUT:
                continue
            if not self._is_open:
                await self._open()
            await self._tell(state)

    async def _open(self) -> None:
        server = self._upstream.scenario.gateway
        self._is_open = True
        await self._send(
            {"topic": "system", "success": server.username, "isFT": False, "isPaper": server.paper}
        )

    async def _tell(self, state: Portal) -> None:
        if state is Portal.HANGING:
            return  # nothing comes through any more
        flags = flags_of(state)
        for name in _TOLD:
            is_news = self._told.get(name, False) != flags[name] or (
                name == "authenticated" and not self._told
            )
            if is_news:
                await self._send({"topic": "sts", "args": {name: flags[name]}})
        if flags["established"] and not self._told.get("established", False):
            await self._send({"topic": "act", "args": accounts.user_accounts(self._upstream.scenario)})
            for bulletin in self._upstream.scenario.bulletins:
                await self._send({"topic": "blt", "args": {"id": str(bulletin.id), "message": bulletin.text}})
        self._told = flags

    async def _beat(self) -> None:
        """Send the heartbeat; prices of the desk stand still, so quotes repeat with it."""
        while True:
            await asyncio.sleep(self._upstream.scenario.gateway.heartbeat_seconds)
            if not self._is_open:
                continue
            await self._send({"topic": "system", "hb": round(self._upstream.now() * 1000)})
            for con_id in tuple(self._quotes):
                await self._quote(con_id)

    async def _take(self, content: bytes) -> None:
        """Act on a message of the client: a topic, a plus sign, arguments."""
        self._recorder.stream(_SERVICE, "in", content, self._number)
        if not self._is_open:
            return
        topic, *rest = content.decode("utf-8", "replace").split("+", 2)
        match topic:
            case "sts":
                flags = flags_of(self._upstream.sign_in.state)
                await self._send({"topic": "sts", "args": {"authenticated": flags["authenticated"]}})
            case "smd" | "sor" if not self._upstream.sign_in.has_brokerage:
                await self._send(_NO_DATA)
            case "smd" if len(rest) == 2 and is_contract_id(rest[0]):
                self._quotes[int(rest[0])] = _fields(rest[1])
                await self._quote(int(rest[0]))
            case "umd" if rest and is_contract_id(rest[0]):
                self._quotes.pop(int(rest[0]), None)
            case "sor":
                await self._send({"topic": "sor", "args": self._upstream.open_orders()})
            case "ssd" if rest:
                await self._summary(rest[0])
            case _:  # `tic` and `ech` keep the line alive; the rest we do not know
                pass

    async def _quote(self, con_id: int) -> None:
        contract = find(self._upstream.scenario, con_id)
        if contract is not None:
            row = market.quote(contract, self._quotes[con_id], self._upstream.now())
            await self._send({"topic": f"smd+{con_id}", **row})

    async def _summary(self, account_id: str) -> None:
        for account in accounts.reachable(self._upstream.scenario):
            if account.id == account_id:
                rows = accounts.stream_summary(account, round(self._upstream.now() * 1000))
                await self._send({"topic": f"ssd+{account_id}", "result": rows})

    async def _send(self, message: Mapping[str, Json]) -> None:
        if self._protocol.state is not State.OPEN:
            return
        content = json.dumps(message).encode()
        if len(content) > LARGEST:
            self._protocol.send_close(CloseCode.NORMAL_CLOSURE)
        else:
            self._recorder.stream(_SERVICE, "out", content, self._number)
            self._protocol.send_binary(content)
        await self._flush()

    async def _flush(self) -> None:
        for content in self._protocol.data_to_send():
            if content:
                await self._wire.write(content)


def _fields(text: str) -> tuple[str, ...]:
    try:
        asked = json.loads(text)
    except ValueError:
        return ()
    fields = asked.get("fields", ()) if isinstance(asked, dict) else ()
    return tuple(str(one) for one in fields) if isinstance(fields, list) else ()
