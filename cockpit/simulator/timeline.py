"""What can happen on the desk: one word, one small function, one row in the table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from msgspec.structs import replace

from cockpit.simulator.flex.service import FlexService
from cockpit.simulator.oauth.service import WebApiService
from cockpit.simulator.portal.gateway import Gateway
from cockpit.simulator.scenario import Bulletin, Door, Event, Feed, Portal
from cockpit.simulator.tws.server import TwsServer
from cockpit.simulator.tws.state import World


class Desk(Protocol):
    """What an event can reach."""

    world: World
    gateway: Gateway
    flex: FlexService
    web_api: WebApiService | None
    servers: dict[str, TwsServer]

    def tws(self, name: str = "tws") -> TwsServer:
        """The API server of that name."""
        ...


Happening = Callable[[Desk, Event], Awaitable[None]]

_FARM_STATES = frozenset({"ok", "broken", "dormant", "connecting"})


class UnknownHappening(Exception):
    """An event whose word, server or state is not known; the message names the known ones."""


async def _farm(desk: Desk, event: Event) -> None:
    desk.tws(event.server).set_farm(event.farm, event.state)


async def _upstream_lost(desk: Desk, event: Event) -> None:
    desk.tws(event.server).lose_upstream(event.code or 1100)


async def _upstream_back(desk: Desk, event: Event) -> None:
    desk.tws(event.server).regain_upstream(with_data=event.state != "without_data")


async def _restart(desk: Desk, event: Event) -> None:
    await desk.tws(event.server).restart(event.seconds, int(event.value))


async def _competing(desk: Desk, event: Event) -> None:
    desk.tws(event.server).set_competing(True)


async def _competing_end(desk: Desk, event: Event) -> None:
    desk.tws(event.server).set_competing(False)


async def _feed(desk: Desk, event: Event) -> None:
    desk.world.change_feed(event.symbol, Feed(event.state))
    desk.tws(event.server).refresh_feeds()


async def _half_open(desk: Desk, event: Event) -> None:
    desk.tws(event.server).go_half_open(everyone=event.state == "everyone")


async def _answer_again(desk: Desk, event: Event) -> None:
    desk.tws(event.server).answer_again()


async def _bulletin(desk: Desk, event: Event) -> None:
    number = max((known.id for known in desk.world.bulletins), default=0) + 1
    bulletin = Bulletin(number, event.code or 1, event.text, event.symbol)
    desk.world.bulletins.append(bulletin)
    desk.tws(event.server).publish(bulletin)


async def _error(desk: Desk, event: Event) -> None:
    desk.tws(event.server).tell_all(event.code, text=event.text)


async def _take_client(desk: Desk, event: Event) -> None:
    desk.tws(event.server).state.taken.add(int(event.value))


async def _free_client(desk: Desk, event: Event) -> None:
    desk.tws(event.server).state.taken.discard(int(event.value))


async def _port_change(desk: Desk, event: Event) -> None:
    await desk.tws(event.server).move_to(int(event.value))


async def _door(desk: Desk, event: Event) -> None:
    await desk.tws(event.server).set_door(Door(event.state))


async def _read_only(desk: Desk, event: Event) -> None:
    desk.tws(event.server).change(read_only=event.state != "off")


async def _clock(desk: Desk, event: Event) -> None:
    desk.tws(event.server).change(clock_skew=event.seconds)


async def _latency(desk: Desk, event: Event) -> None:
    if event.server == "gateway":
        desk.gateway.set_latency(event.value)
    elif event.server == "flex":
        desk.flex.set_latency(event.value)
    else:
        desk.tws(event.server).change(latency_ms=event.value)


async def _close_clients(desk: Desk, event: Event) -> None:
    desk.tws(event.server).close_clients()


async def _drop_clients(desk: Desk, event: Event) -> None:
    desk.tws(event.server).drop_clients()


async def _huge_frame(desk: Desk, event: Event) -> None:
    desk.tws(event.server).send_huge_frame()


async def _gateway_state(desk: Desk, event: Event) -> None:
    await desk.gateway.set_state(Portal(event.state))


async def _gateway_certificate(desk: Desk, _event: Event) -> None:
    await desk.gateway.change_certificate()


async def _gateway_429(desk: Desk, event: Event) -> None:
    desk.gateway.penalise(event.seconds)


async def _flex_code(desk: Desk, event: Event) -> None:
    desk.flex.set_code(event.code)


async def _web_api(desk: Desk, event: Event) -> None:
    """Change how the Web API behaves; on a desk without one nothing happens."""
    service = desk.web_api
    if service is None:
        return
    server = service.server
    match event.state:
        case "active" | "inactive":
            service.change(replace(server, active=event.state == "active"))
        case "token_lost" | "token_back":
            service.change(replace(server, token_lost=event.state == "token_lost"))
        case "clock":
            service.change(replace(server, clock_skew=event.seconds))
        case "session_ended":
            service.end_session()
        case "status":
            service.change(replace(server, status=event.code))
        case word:
            service.change(replace(server, state=Portal(word)))


# word: what it does, and the arguments it reads from the event
HAPPENINGS: dict[str, Happening] = {
    "farm": _farm,  # farm, state
    "upstream_lost": _upstream_lost,  # code 1100 (or 2110)
    "upstream_back": _upstream_back,  # state with_data or without_data
    "restart": _restart,  # seconds away, value: version afterwards
    "competing": _competing,
    "competing_end": _competing_end,
    "feed": _feed,  # symbol (empty: all), state: a word of Feed
    "half_open": _half_open,  # state everyone: new connections as well
    "answer_again": _answer_again,
    "bulletin": _bulletin,  # text, code: type, symbol: exchange
    "error": _error,  # code, text
    "take_client": _take_client,  # value: client id
    "free_client": _free_client,  # value: client id
    "port_change": _port_change,  # value: new port, 0 for any
    "door": _door,  # state: a word of Door
    "read_only": _read_only,  # state on or off
    "clock": _clock,  # seconds the broker's clock is ahead
    "latency": _latency,  # value: milliseconds; server may be gateway or flex
    "close_clients": _close_clients,
    "drop_clients": _drop_clients,
    "huge_frame": _huge_frame,
    "gateway_state": _gateway_state,  # state: a word of Portal
    "gateway_certificate": _gateway_certificate,
    "gateway_429": _gateway_429,  # seconds of penalty
    "flex_code": _flex_code,  # code, 0 for none
    "web_api": _web_api,  # state: see _WEB_API; seconds for clock, code for status
}

# What can happen to the Web API; a word of Portal changes the state of its login.
_WEB_API = {"active", "inactive", "token_lost", "token_back", "clock", "session_ended", "status"}

# Words that do not concern an API server, whatever `server` says.
_ELSEWHERE = frozenset({"gateway_state", "gateway_certificate", "gateway_429", "flex_code", "web_api"})

_STATES: dict[str, frozenset[str]] = {
    "farm": _FARM_STATES,
    "feed": frozenset(Feed),
    "door": frozenset(Door),
    "gateway_state": frozenset(Portal),
    "web_api": frozenset({*_WEB_API, *Portal}),
    "upstream_back": frozenset({"", "with_data", "without_data"}),
    "half_open": frozenset({"", "everyone"}),
    "read_only": frozenset({"", "on", "off"}),
}


def check(event: Event, servers: frozenset[str]) -> None:
    """Raise UnknownHappening when the event could not be played on a desk with these API servers."""
    if event.does not in HAPPENINGS:
        raise UnknownHappening(f"{event.does!r} is not an event; known are {', '.join(sorted(HAPPENINGS))}")
    known = servers | ({"gateway", "flex"} if event.does == "latency" else set())
    if event.does not in _ELSEWHERE and event.server not in known:
        raise UnknownHappening(f"{event.server!r} is not a server here; known are {', '.join(sorted(known))}")
    states = _STATES.get(event.does)
    if states is not None and event.state not in states:
        words = ", ".join(sorted(word for word in states if word))
        raise UnknownHappening(f"{event.state!r} is not a state for {event.does}; known are {words}")


async def play(desk: Desk, event: Event) -> None:
    """Let one event happen now. Raises UnknownHappening."""
    check(event, frozenset(desk.servers))
    await HAPPENINGS[event.does](desk, event)
