"""Keeps what reached the simulated desk, so that a test can ask whether anything live ever arrived."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TextIO

from msgspec import Struct
from msgspec.structs import asdict

from cockpit.simulator.wire import requests
from cockpit.simulator.wire.frames import fields_of
from cockpit.simulator.wire.names import NAMES

# What clients send is kept whole; of our own answers only the newest, because prices never stop.
_ANSWERS_KEPT = 20_000


class Entry(Struct, frozen=True):
    """One thing that crossed the desk's edge: a TWS frame, an HTTP request or a websocket message."""

    at: float  # UTC, seconds since 1970
    service: str
    connection: int
    direction: str  # "in": from the client, "out": to it
    kind: str  # frame, request, stream
    name: str  # name of the TWS message, or method and path
    message_id: int = 0
    fields: tuple[str, ...] = ()
    method: str = ""
    path: str = ""
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    what_if: bool = False
    raw: bytes = b""

    def line(self) -> str:
        """Write the entry as one line of JSON, the raw bytes in hexadecimal."""
        return json.dumps(asdict(self) | {"raw": self.raw.hex()}, ensure_ascii=False)


class Recorder:
    """Takes every frame and request in order; answers what they were."""

    def __init__(self, path: Path | None = None, now: Callable[[], float] = time.time) -> None:
        """Keep entries in memory, and as JSON lines in `path` when one is given."""
        self._now = now
        self._arrived: list[Entry] = []
        self._sent: deque[Entry] = deque(maxlen=_ANSWERS_KEPT)
        self._file: TextIO | None = path.open("w", encoding="utf-8") if path else None

    def close(self) -> None:
        """Close the file; entries in memory stay."""
        if self._file:
            self._file.close()
            self._file = None

    def frame(self, service: str, connection: int, direction: str, body: bytes, version: int) -> None:
        """Take one TWS frame of a session that speaks `version`."""
        fields = fields_of(body)
        number = int(fields[0]) if fields and fields[0].isdecimal() and len(fields[0]) < 6 else 0
        is_request = direction == "in"
        name = NAMES.get(number, "unknown") if is_request else "answer"
        what_if = is_request and number == requests.PLACE_ORDER and _is_what_if(fields, version)
        self._keep(
            Entry(
                self._now(),
                service,
                connection,
                direction,
                "frame",
                name,
                number,
                fields,
                what_if=what_if,
                raw=body,
            )
        )

    def request(
        self,
        service: str,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        body: bytes,
        connection: int,
    ) -> None:
        """Take one HTTP request."""
        self._keep(
            Entry(
                self._now(),
                service,
                connection,
                "in",
                "request",
                f"{method} {path}",
                method=method,
                path=path,
                query=query,
                headers=tuple(headers.items()),
                raw=body,
            )
        )

    def stream(self, service: str, direction: str, payload: bytes, connection: int) -> None:
        """Take one websocket message."""
        self._keep(
            Entry(self._now(), service, connection, direction, "stream", "websocket message", raw=payload)
        )

    def entries(self, direction: str = "in") -> tuple[Entry, ...]:
        """Everything that came in, or the newest of what went out."""
        return tuple(self._arrived if direction == "in" else self._sent)

    def message_ids(self, service: str = "") -> tuple[int, ...]:
        """The ids of all TWS requests in order of arrival, of one server or of all."""
        return tuple(
            entry.message_id
            for entry in self._arrived
            if entry.kind == "frame" and service in {"", entry.service}
        )

    def http_calls(self, service: str = "") -> tuple[tuple[str, str], ...]:
        """Method and path of all HTTP requests in order of arrival."""
        return tuple(
            (entry.method, entry.path)
            for entry in self._arrived
            if entry.kind == "request" and service in {"", entry.service}
        )

    def what_ifs(self) -> tuple[Entry, ...]:
        """Orders that only asked what would happen, over either wire."""
        return tuple(entry for entry in self._arrived if entry.what_if or _is_web_what_if(entry))

    def live_orders(self) -> tuple[Entry, ...]:
        """Orders that would have been carried out, over either wire. There must never be one."""
        return tuple(entry for entry in self._arrived if _is_live_order(entry))

    def forbidden(self) -> tuple[Entry, ...]:
        """Everything that the cockpit must never send: see `why_forbidden`."""
        return tuple(entry for entry in self._arrived if why_forbidden(entry))

    def _keep(self, entry: Entry) -> None:
        (self._arrived if entry.direction == "in" else self._sent).append(entry)
        if self._file:
            self._file.write(entry.line() + "\n")
            self._file.flush()


def why_forbidden(entry: Entry) -> str:
    """Say why the cockpit must not send this, or nothing when it may."""
    if _is_live_order(entry):
        return "an order that is not a what-if"
    if entry.kind == "frame" and entry.direction == "in":
        return _why_frame(entry)
    if entry.kind == "request":
        return _why_request(entry)
    return ""


_NEVER = {
    4: "cancels an order",
    18: "reads the advisor's allocation set-up",
    19: "replaces the advisor's allocation set-up",
    21: "exercises an option",
    58: "cancels every order",
    65: "signs in on the trader's behalf",
    66: "signs in on the trader's behalf",
    72: "signs in on the trader's behalf",
    73: "signs in on the trader's behalf",
    109: "changes settings of TWS",
}


def _why_frame(entry: Entry) -> str:
    fields = entry.fields
    match entry.message_id:
        case 1 if len(fields) > 2 and fields[-2] == "1":
            return "a regulatory snapshot, which costs money"
        case 15 if fields[-1] != "0":
            return "binds orders that were typed into TWS"
        case 71 if len(fields) > 2 and fields[2] == "0":
            return "client id 0, which takes over orders typed into TWS"
        case number:
            return _NEVER.get(number, "")


def _why_request(entry: Entry) -> str:
    path = entry.path.rstrip("/")
    if entry.method in {"DELETE", "PUT", "PATCH"}:
        return "changes something at the broker"
    if path.endswith("/ssodh/init") and _asks_to_compete(entry):
        return "takes the trading session from another program"
    for part, reason in (
        ("/iserver/reply", "confirms an order"),
        ("/iserver/questions/suppress", "switches order warnings off"),
        ("/iserver/reauthenticate", "restarts the trading session"),
        ("/logout", "signs the trader out"),
    ):
        if part in path:
            return reason
    return ""


def _asks_to_compete(entry: Entry) -> bool:
    if "compete=true" in entry.query.lower():
        return True
    try:
        asked = json.loads(entry.raw or b"{}")
    except ValueError:
        return b"compete" in entry.raw and b"true" in entry.raw
    return isinstance(asked, dict) and asked.get("compete") not in {None, False, "false"}


def _is_live_order(entry: Entry) -> bool:
    if entry.direction != "in":
        return False
    if entry.kind == "frame":
        return entry.message_id == requests.PLACE_ORDER and not entry.what_if
    return entry.kind == "request" and entry.method == "POST" and _order_path(entry) in {"orders", "order"}


def _is_web_what_if(entry: Entry) -> bool:
    return entry.kind == "request" and entry.method == "POST" and _order_path(entry) == "whatif"


def _order_path(entry: Entry) -> str:
    """Name the order call of a path such as /v1/api/iserver/account/U1/orders/whatif; empty for others."""
    parts = [part for part in entry.path.split("/") if part]
    if "account" not in parts:
        return ""
    after = parts[parts.index("account") + 2 :]
    if not after or after[0] not in {"order", "orders"}:
        return ""
    return "whatif" if after[-1] == "whatif" else after[0]


def _is_what_if(fields: tuple[str, ...], version: int) -> bool:
    try:
        return requests.read_order(fields, version).what_if
    except requests.Malformed:
        return False
