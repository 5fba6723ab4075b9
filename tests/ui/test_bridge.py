"""The bridge: the newest state only, on the Qt thread only, once a frame at most."""

from __future__ import annotations

import itertools
import threading
import time

from msgspec.structs import replace
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from cockpit.domain.facts import Facts
from cockpit.services.intents import CancelCheck, Intent
from cockpit.services.state import DeskState
from cockpit.ui.bridge import FRAME, Bridge
from tests.ui import states


def numbered(number: int) -> DeskState:
    return replace(states.nothing_known(), facts=Facts(version=number))


class Listener:
    """Keeps what came, when, and on which thread."""

    def __init__(self, bridge: Bridge) -> None:
        self.came: list[tuple[int, float, bool]] = []
        self._home = QThread.currentThread()
        bridge.state_changed.connect(self._on_state)

    def _on_state(self, state: DeskState) -> None:
        self.came.append((state.facts.version, time.monotonic(), QThread.currentThread() is self._home))

    @property
    def newest(self) -> int:
        return self.came[-1][0] if self.came else -1


def test_a_flood_from_other_threads_arrives_as_few_states_and_the_last_one_is_there(
    qtbot: QtBot, bridge: Bridge
) -> None:
    listener = Listener(bridge)

    def flood() -> None:
        for number in range(5001):
            bridge.show(numbered(number))

    thread = threading.Thread(target=flood)
    thread.start()
    qtbot.waitUntil(lambda: listener.newest == 5000)
    thread.join()
    assert len(listener.came) < 500
    assert all(is_home for _, _, is_home in listener.came)
    versions = [version for version, _, _ in listener.came]
    assert versions == sorted(versions)


def test_two_deliveries_are_a_frame_apart(qtbot: QtBot, bridge: Bridge) -> None:
    listener = Listener(bridge)
    for number in range(4):
        bridge.show(numbered(number))
        qtbot.waitUntil(lambda number=number: listener.newest == number)  # type: ignore[misc]
    times = [at for _, at, _ in listener.came]
    assert len(times) == 4
    assert all(later - earlier >= FRAME - 0.001 for earlier, later in itertools.pairwise(times))


def test_an_idle_bridge_keeps_no_timer_running(qtbot: QtBot, bridge: Bridge) -> None:
    listener = Listener(bridge)
    bridge.show(numbered(1))
    bridge.show(numbered(2))
    qtbot.waitUntil(lambda: listener.newest == 2)
    assert not any(child.isActive() for child in bridge.findChildren(type(bridge._timer)))


def test_an_intent_goes_up_as_it_is(bridge: Bridge, sent: list[Intent]) -> None:
    bridge.send(CancelCheck())
    assert sent == [CancelCheck()]
