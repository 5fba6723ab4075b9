"""The gateway's websocket: it proves itself by its first `system` frame and its heartbeat, never by the upgrade."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from cockpit.adapters.portal.answers import decode
from cockpit.adapters.portal.calls import STREAM, form, look_up
from cockpit.adapters.portal.wire import PortalWire, Timeouts, shut
from cockpit.services.errors import ConnectionEnded, NoAnswer, Trouble, Unreadable

_LARGEST = 1 << 20  # bytes; the gateway itself passes on no more than 64 KB
_QUEUE = 64  # frames that may wait to be read
_BAD_FRAMES = 3  # so many unreadable ones in a row end the connection

Frame = Mapping[str, Any]


class _Straight(connect):
    """A websocket client that follows no redirect: one would lead away from the gateway."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


async def follow(
    wire: PortalWire, timeouts: Timeouts, beat: Callable[[], None], take: Callable[[Frame], None]
) -> None:
    """Read the stream until it ends. It sends nothing but the upgrade.

    `beat` is called for every `system` frame, `take` for every other one that is JSON. Raises NoAnswer when the
    first `system` frame or a heartbeat does not come in time, ConnectionEnded when the stream ends, whatever the
    code says: 1000 is what the gateway sends when its upstream is gone. Raises PortalShut before the upgrade.
    """
    async with aclosing(_Opened(wire, timeouts)) as stream:
        connection = await stream.open()
        loop = asyncio.get_running_loop()
        allowed, deadline = timeouts.first_frame, loop.time() + timeouts.first_frame
        unreadable = 0
        while True:
            try:
                async with asyncio.timeout_at(deadline):
                    content = await connection.recv()
            except TimeoutError:
                raise NoAnswer(f"The gateway's stream said nothing for {allowed:g} s.", allowed) from None
            except ConnectionClosed as error:
                raise ConnectionEnded("The gateway's stream has ended.") from error
            try:
                frame = decode(content.encode() if isinstance(content, str) else bytes(content))
            except Unreadable:
                unreadable += 1
                if unreadable >= _BAD_FRAMES:
                    raise
                continue
            unreadable = 0
            if not isinstance(frame, Mapping):
                continue
            if frame.get("topic") == "system":
                allowed, deadline = timeouts.heartbeat, loop.time() + timeouts.heartbeat
                beat()
            else:
                take(frame)


class _Opened:
    """One connection, closed for sure and in time."""

    def __init__(self, wire: PortalWire, timeouts: Timeouts) -> None:
        self._wire = wire
        self._timeouts = timeouts
        self._connection: ClientConnection | None = None

    async def open(self) -> ClientConnection:
        path = form(STREAM).path
        look_up(STREAM.method, path.encode())
        wire = self._wire
        bare = f"[{wire.host}]" if ":" in wire.host else wire.host
        attempt = _Straight(
            f"wss://{bare}:{wire.port}{path}",
            ssl=wire.context,
            proxy=None,
            compression=None,
            user_agent_header="access-cockpit",
            open_timeout=self._timeouts.local,
            ping_interval=None,  # the gateway answers pings itself: they prove nothing
            close_timeout=self._timeouts.close,
            max_size=_LARGEST,
            max_queue=_QUEUE,
        )
        try:
            self._connection = await attempt
        except TimeoutError as error:
            raise NoAnswer("The gateway did not open its stream.", self._timeouts.local) from error
        except WebSocketException as error:
            raise _refused(error) from error
        except OSError as error:  # among them TLS errors, ours included
            raise shut(error, wire.host) from error
        return self._connection

    async def aclose(self) -> None:
        if self._connection is not None:
            await self._connection.close()


def _refused(error: WebSocketException) -> Trouble:
    return ConnectionEnded(f"The gateway did not open its stream ({type(error).__name__}).")
