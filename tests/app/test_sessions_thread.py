"""The sessions' own thread: it starts, takes intents, tells its bugs, and ends when asked."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from cockpit.app.sessions_thread import SessionsThread
from cockpit.domain import kinds
from cockpit.services.engine import Engine
from cockpit.services.intents import AttestMobile, DismissNotice
from cockpit.services.state import DeskState
from tests.fakes.desks import FakeDesk

pytestmark = pytest.mark.plain

PATIENCE = 20.0  # seconds


class Listener:
    """Keeps the states that the engine shows and the bugs that are told, with the thread they came from."""

    def __init__(self) -> None:
        self.states: queue.Queue[tuple[DeskState, str]] = queue.Queue()
        self.bugs: queue.Queue[tuple[str, BaseException | None]] = queue.Queue()

    def make(self) -> Engine:
        """Build an engine on fakes in the loop of the thread that calls."""
        return FakeDesk(states=Shown(self)).engine

    def show(self, state: DeskState) -> None:
        self.states.put((state, threading.current_thread().name))

    def tell(self, where: str, error: BaseException | None) -> None:
        self.bugs.put((where, error))


class Shown(list[DeskState]):
    """The list that a fake desk puts its states in; it hands them on."""

    def __init__(self, listener: Listener) -> None:
        super().__init__()
        self._listener = listener

    def append(self, state: DeskState) -> None:
        self._listener.show(state)


@contextmanager
def running(listener: Listener) -> Iterator[SessionsThread]:
    """A started thread; it must have ended when the block has."""
    thread = SessionsThread(listener.make, listener.tell)
    thread.start()
    try:
        yield thread
    finally:
        assert thread.stop(PATIENCE)
        assert not thread.is_running


def until_shown(listener: Listener, is_so: Callable[[DeskState], bool]) -> DeskState:
    """Return the first state for which `is_so`."""
    while True:
        state, _ = listener.states.get(timeout=PATIENCE)
        if is_so(state):
            return state


def test_states_come_from_the_sessions_thread_and_not_from_ours() -> None:
    listener = Listener()
    with running(listener):
        _, name = listener.states.get(timeout=PATIENCE)

    assert name == "sessions"
    assert threading.current_thread().name != "sessions"


def test_an_intent_from_another_thread_reaches_the_engine() -> None:
    listener = Listener()
    with running(listener) as thread:
        thread.send(AttestMobile())
        state = until_shown(listener, lambda state: state.facts.look(kinds.OPENED_AT, "mobile") is not None)

    assert state.facts.look(kinds.OPENED_AT, "mobile") is not None
    assert listener.bugs.empty()


def test_after_the_end_intents_are_dropped_and_a_second_stop_is_fine() -> None:
    listener = Listener()
    with running(listener) as thread:
        pass
    thread.send(DismissNotice("anything"))

    assert thread.stop(PATIENCE)
    assert listener.bugs.empty()


def test_an_engine_that_cannot_be_built_is_told_and_the_start_does_not_hang() -> None:
    listener = Listener()

    def broken() -> Engine:
        raise LookupError("no engine")

    thread = SessionsThread(broken, listener.tell)
    thread.start()
    where, error = listener.bugs.get(timeout=PATIENCE)

    assert isinstance(error, LookupError)
    assert "The sessions have stopped" in where
    assert thread.stop(PATIENCE)
    thread.send(AttestMobile())  # nobody takes it, and nothing fails


def test_a_bug_in_a_call_is_told_and_the_sessions_go_on() -> None:
    listener = Listener()

    def broken() -> None:
        raise ZeroDivisionError("a slip of ours")

    with running(listener) as thread:
        thread.call(lambda engine: broken())
        _, error = listener.bugs.get(timeout=PATIENCE)
        assert isinstance(error, ZeroDivisionError)
        thread.send(AttestMobile())
        until_shown(listener, lambda state: state.facts.look(kinds.OPENED_AT, "mobile") is not None)
