"""One request to the Flex service and its body: encrypted, no redirect, no proxy of the environment, no memory.

The address of a request holds the token. So no error of the HTTP library leaves this file, not even as a cause.
"""

from __future__ import annotations

import asyncio
import logging
import ssl

import httpx2
from msgspec import Struct

from cockpit.adapters.flex.calls import Address, TwoCalls
from cockpit.adapters.flex.document import MOST_BYTES
from cockpit.domain.flex import FlexState
from cockpit.domain.remedy import Remedy
from cockpit.services.errors import StatementTrouble
from cockpit.services.ports import Tally

# These libraries write whole addresses into the log.
for _chatty in ("httpx2", "httpcore2"):
    logging.getLogger(_chatty).setLevel(logging.WARNING)

# The broker wants this header; an older page of its own names "Java" as one that it takes.
USER_AGENT = "Java access-cockpit"
_LINE = Remedy("Check the network and the VPN, then fetch again.")


class Timeouts(Struct, frozen=True):
    """How long things may take, in seconds."""

    connect: float = 5.0
    answer: float = 20.0  # one call, its body included
    close: float = 1.0
    whole: float = 55.0  # asking again included: no further try begins that would end later


class FlexWire:
    """Sends a call and brings the body, whatever the status: the broker says in the body what is wrong."""

    def __init__(self, address: Address, tally: Tally, timeouts: Timeouts) -> None:
        self._address = address
        self._tally = tally
        self._timeouts = timeouts

    async def get(self, path: str) -> bytes:
        """Return the body. Raises StatementTrouble, and NotPermitted from the guard. Opens a connection of its own."""
        transport = self._open()
        trouble: StatementTrouble
        try:
            async with asyncio.timeout(self._timeouts.answer):
                return await self._ask(transport, path)
        except TimeoutError:
            seconds = self._timeouts.answer
            sentence = f"The broker's report server did not answer within {seconds:g} s."
            trouble = StatementTrouble(FlexState.NO_ANSWER, sentence, _LINE)
        except (httpx2.HTTPError, ssl.SSLError, OSError) as error:
            trouble = _translated(error)
        finally:
            await self._close(transport)
        # Outside of the handlers: inside, the library's error with its address would travel along as context.
        raise trouble

    async def _ask(self, transport: TwoCalls, path: str) -> bytes:
        address = self._address
        bare = f"[{address.host}]" if ":" in address.host else address.host
        connect = self._timeouts.connect
        request = httpx2.Request(
            "GET",
            f"{address.scheme}://{bare}:{address.port}{path}",
            headers={"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": USER_AGENT},
            extensions={"timeout": httpx2.Timeout(None, connect=connect, pool=connect).as_dict()},
        )
        self._tally.message()
        response = await transport.handle_async_request(request)
        try:
            if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
                raise StatementTrouble(
                    FlexState.UNREADABLE, "The broker's answer is packed in a way nobody asked for."
                )
            if response.status_code in range(300, 400):
                raise StatementTrouble(
                    FlexState.UNREADABLE,
                    "The broker's report server points to another address, and that is not followed.",
                    Remedy("Look whether the network asks for a sign-in of its own, then fetch again."),
                )
            content = bytearray()
            async for chunk in response.aiter_raw():
                content += chunk
                if len(content) > MOST_BYTES:
                    raise StatementTrouble(
                        FlexState.UNREADABLE, f"The statement is larger than {MOST_BYTES // 1_000_000} MB."
                    )
            return bytes(content)
        finally:
            await response.aclose()

    async def _close(self, transport: TwoCalls) -> None:
        try:
            async with asyncio.timeout(self._timeouts.close):
                await transport.aclose()
        except (TimeoutError, httpx2.HTTPError, ssl.SSLError, OSError):
            return

    def _open(self) -> TwoCalls:
        inner = httpx2.AsyncHTTPTransport(verify=True, trust_env=False, http1=True, http2=False, retries=0)
        return TwoCalls(inner, self._address)


def _translated(error: Exception) -> StatementTrouble:
    if isinstance(error, httpx2.ConnectTimeout | httpx2.ConnectError):
        return StatementTrouble(
            FlexState.UNREACHABLE, "The broker's report server cannot be reached, or not safely.", _LINE
        )
    return StatementTrouble(
        FlexState.NO_ANSWER, "The broker's report server broke off in the middle of an answer.", _LINE
    )
