"""The law: whatever the trader asks and whatever the broker says, no live order leaves this desk.

Its red controls stand in tests/adapters/test_tws_wire_control.py: with a guard taken away, the recorder that
is asked here sees live orders, cancels and all the rest.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec import structs
from msgspec.structs import replace

from cockpit.adapters.tws.timeouts import Timeouts
from cockpit.domain.plan import Flow, Plan, Ticket
from cockpit.services import intents
from cockpit.services.watch import Rhythm
from cockpit.simulator.recorder import Recorder
from cockpit.simulator.scenario import Account, Event, Scenario
from cockpit.simulator.terms import Refusal
from tests.desk.benches import Bench, running, served, shipped

pytestmark = pytest.mark.desk

# Spelled out here on purpose: a row that slips into one of the program's own lists must not widen this one.
MESSAGES = {1, 2, 3, 9, 12, 13, 16, 49, 59, 62, 63, 71, 80}
CALLS = re.compile(
    r"GET /|POST /v1/api/(sso/validate|iserver/auth/status|tickle)"
    r"|GET /v1/api/(iserver/accounts|portfolio/accounts|portfolio/[A-Z0-9]+/meta|ws)"
    r"|GET /v1/api/iserver/contract/[0-9]+/info-and-rules"
    r"|GET /v1/api/(trsrv/stocks|trsrv/futures|iserver/secdef/search)"
    r"|GET /v1/api/iserver/marketdata/snapshot"
    r"|POST /v1/api/iserver/marketdata/unsubscribe"
)
QUERIES = re.compile(
    r"|isBuy=(true|false)|symbols?=[A-Z0-9.]+|conids=[0-9,]+&fields=31,84,86,6509,7184,7768", re.ASCII
)
BODY = rb'\{"conid":[0-9]+\}'
BEAT_OF_THE_STREAM = b"tic"

FAST = Rhythm(beat=0.05, longest_retry=0.2, portal=0.3)
SHORT = Timeouts(connect=1.0, handshake=0.4, client_ids=0.8, beat=0.2, details=0.3, feed=0.3, what_if=0.3)

WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # a story takes half a second to tell
EVIL = (
    "<b>sign out</b><img src='http://127.0.0.1/x'>",
    "a\0b\0001\0001\0",
    "\0001\0",
    "\u202erevo ekat\u202c",
    "%s %(x)s {0} \\u0000",
    "\r\n3\0",
    "../../order",
    "U1234821/orders",
    "",
    "🂡" * 20,
)
TEXTS = st.sampled_from(EVIL) | st.text(max_size=30)

Step: TypeAlias = intents.Intent | Event


def _events() -> st.SearchStrategy[Event]:
    """Everything that can happen on the desk, with hostile words wherever the broker has words."""

    def does(word: str, **arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Event]:
        return st.builds(Event, does=st.just(word), **arguments)

    codes = st.sampled_from(
        (100, 162, 201, 321, 326, 354, 399, 502, 1100, 1101, 1102, 10089, 10197, 2110, 99999)
    )
    doors = st.sampled_from(("open", "closed", "mute", "shut"))
    portal = ("trading", "signed_in", "signed_out", "starting", "competing", "hanging", "refusing")
    return st.one_of(
        does("error", code=codes, text=TEXTS),
        does("bulletin", code=st.sampled_from((1, 2, 3)), text=TEXTS, symbol=TEXTS),
        does(
            "farm",
            farm=st.sampled_from(("usfarm", "usfuture", "cashfarm")),
            state=st.sampled_from(("ok", "broken")),
        ),
        does(
            "feed",
            symbol=st.sampled_from(("", "ES", "SPX")),
            state=st.sampled_from(("live", "delayed", "silent")),
        ),
        does("upstream_lost", code=st.sampled_from((1100, 2110))),
        does("upstream_back", state=st.sampled_from(("with_data", "without_data"))),
        does("competing"),
        does("competing_end"),
        does("half_open", state=st.sampled_from(("", "everyone"))),
        does("answer_again"),
        does("take_client", value=st.sampled_from((901.0, 902.0))),
        does("free_client", value=st.sampled_from((901.0, 902.0))),
        does("door", state=doors),
        does("read_only", state=st.sampled_from(("on", "off"))),
        does("clock", seconds=st.sampled_from((-40.0, 0.0, 12.0))),
        does("latency", value=st.sampled_from((0.0, 30.0)), server=st.sampled_from(("tws", "gateway"))),
        does("close_clients"),
        does("drop_clients"),
        does("gateway_state", state=st.sampled_from(portal)),
        does("gateway_certificate"),
        does("gateway_429", seconds=st.sampled_from((0.0, 1.0))),
    )


EASY = Ticket("evil", "ES", order_type="LMT", price=1.0)
NUMBERS = st.sampled_from((0.0, 1.0, -1.0, 1e308, float("inf"), float("nan"), 226.5))


@st.composite
def _tickets(draw: st.DrawFn) -> Ticket:
    """A good ticket with up to two things in it that no settings file would be let through with."""
    changes: dict[str, st.SearchStrategy[Any]] = {
        "instrument": st.sampled_from(("SPX", "EUR.USD", "SPX 6800C")) | TEXTS,
        "action": st.sampled_from(("SELL",)) | TEXTS,
        "quantity": NUMBERS,
        "order_type": st.sampled_from(("MKT", "STP", "STP LMT", "TRAIL", "TRAIL LIMIT")) | TEXTS,
        "time_in_force": st.sampled_from(("GTC", "IOC")) | TEXTS,
        "outside_hours": st.just(True),
        "price": NUMBERS,
        "account": st.sampled_from(("U1234821", "U7654321")) | TEXTS,
    }
    chosen = draw(st.sets(st.sampled_from(sorted(changes)), max_size=2))
    return replace(EASY, **{name: draw(changes[name]) for name in sorted(chosen)})


def _intents() -> st.SearchStrategy[intents.Intent]:
    """Everything that the window can ask for, and with keys that no window would send."""
    tickets = st.sampled_from(("move-leg-1", "evil", "evil", "fx-1")) | TEXTS
    return st.one_of(
        st.builds(intents.RunCheck, everything=st.booleans()),
        st.just(intents.CancelCheck()),
        st.builds(intents.Reconnect, key=st.sampled_from(("tws/tws", "gateway", "")) | TEXTS),
        st.builds(intents.TrustCertificate, fingerprint=st.sampled_from(("shown", "ab" * 32)) | TEXTS),
        st.just(intents.AttestMobile()),
        st.builds(intents.Rehearse, ticket=tickets, confirmed=st.booleans()),
        st.builds(intents.Rehearse, ticket=tickets, confirmed=st.just(True)),
        st.builds(intents.DismissNotice, key=st.sampled_from(("tws/tws", "gateway")) | TEXTS),
    )


@st.composite
def _stories(draw: st.DrawFn, steps: int) -> list[Step]:
    """Steps in any order, among them one confirmed rehearsal, so that something may go wrong in every story."""
    before = draw(st.lists(_intents() | _events(), max_size=steps // 2))
    after = draw(st.lists(_intents() | _events(), min_size=steps // 2, max_size=steps - 1 - len(before)))
    ticket = draw(st.sampled_from(("evil", "evil", "move-leg-1")))
    return [*before, intents.Rehearse(ticket, confirmed=True), *after]


@given(story=_stories(15), ticket=_tickets(), words=TEXTS)
@settings(max_examples=25, phases=WITHOUT_SHRINKING, suppress_health_check=[HealthCheck.too_slow])
def test_no_story_brings_a_live_order_onto_the_wire(story: list[Step], ticket: Ticket, words: str) -> None:
    asyncio.run(_told(story, ticket, words))


@pytest.mark.slow
@given(story=_stories(60), ticket=_tickets(), words=TEXTS)
@settings(max_examples=400, phases=WITHOUT_SHRINKING, suppress_health_check=[HealthCheck.too_slow])
def test_no_long_story_brings_a_live_order_onto_the_wire(
    story: list[Step], ticket: Ticket, words: str
) -> None:
    asyncio.run(_told(story, ticket, words))


def test_a_confirmed_rehearsal_reaches_the_desk_as_one_what_if_and_an_unconfirmed_one_not_at_all() -> None:
    async def told() -> None:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            async with served(shipped("calm-morning"), folder, with_programs=False) as (simulated, desk):
                async with running(simulated, desk, folder) as bench:
                    await bench.until_word("Trading")
                    bench.engine.send(intents.Rehearse("move-leg-1", confirmed=False))
                    await bench.until(lambda: bench.state.rehearsals != (), "the first answer")
                    assert bench.state.rehearsals[0].state == "not possible"
                    assert simulated.recorder.what_ifs() == ()
                    bench.engine.send(intents.Rehearse("move-leg-1", confirmed=True))
                    await bench.until(lambda: bench.state.rehearsals[0].state == "answered", "the margin")
                assert len(simulated.recorder.what_ifs()) == 1
                _must_be_harmless(simulated.recorder)

    asyncio.run(told())


async def _told(story: list[Step], ticket: Ticket, words: str) -> None:
    """Play a story on a desk of its own and look at everything that has reached it."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        async with served(_with_words(words), folder, with_programs=False) as (simulated, desk):
            evil = structs.replace(desk, plan=_with_ticket(desk.plan, ticket))
            async with running(simulated, evil, folder, FAST, SHORT) as bench:
                await bench.until_word("Trading")
                for step in story:
                    await _take(bench, step)
                    await bench.a_moment()
            _must_be_harmless(simulated.recorder)
            confirmed = [step for step in story if isinstance(step, intents.Rehearse) and step.confirmed]
            assert len(simulated.recorder.what_ifs()) <= min(1, len(confirmed))


async def _take(bench: Bench, step: Step) -> None:
    """Let a step happen; a rehearsal is waited for, because the next step may take its session away."""
    if isinstance(step, Event):
        await bench.simulated.play(step)
    elif isinstance(step, intents.Rehearse):
        before = bench.rehearsal(step.ticket)
        bench.engine.send(step)
        await bench.until(
            lambda: bench.rehearsal(step.ticket) is not before or step.ticket in bench.state.rehearsing,
            "the answer to a rehearsal, or its turn in a minute",
        )
    elif step == intents.TrustCertificate("shown"):
        bench.engine.send(intents.TrustCertificate(bench.simulated.fingerprint))
    else:
        bench.engine.send(step)


def _with_words(words: str) -> Scenario:
    """A calm morning whose contracts, bulletins and refusals carry words of the test's choice."""
    calm = shipped("calm-morning")
    contracts = tuple(
        replace(
            contract,
            long_name=words,
            local_symbol=words or contract.local_symbol,
            refuse=(Refusal(text=words),),
        )
        for contract in calm.contracts
    )
    return replace(
        calm,
        contracts=contracts if words else calm.contracts,
        accounts=(*calm.accounts, Account(id="U7654321", alias=words)),
    )


def _with_ticket(plan: Plan, ticket: Ticket) -> Plan:
    return structs.replace(plan, flows=(*plan.flows, Flow("evil", "Evil", tickets=(ticket,))))


def _must_be_harmless(recorder: Recorder) -> None:
    """Nothing but the closed lists has arrived, and every order frame among it only asks."""
    assert recorder.forbidden() == ()
    assert recorder.live_orders() == ()
    assert set(recorder.message_ids()) <= MESSAGES
    for entry in recorder.entries():
        if entry.kind == "request":
            assert CALLS.fullmatch(f"{entry.method} {entry.path}"), entry
            assert re.fullmatch(BODY if entry.path.endswith("/unsubscribe") else b"", entry.raw), entry
            assert QUERIES.fullmatch(entry.query), entry
        elif entry.kind == "stream":
            assert entry.raw == BEAT_OF_THE_STREAM, entry
        else:
            assert entry.message_id != 3 or entry.what_if, entry
