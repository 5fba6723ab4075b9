"""The real program in a process of its own, with somebody who looks on: nothing in it is replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cockpit.adapters.profile.folders import Profile
from cockpit.adapters.profile.instance import Instance
from cockpit.app.startup import start
from cockpit.app.window import Program
from cockpit.app.wiring import Desk
from cockpit.services.engine import Engine
from cockpit.ui.bridge import Bridge


class WatchedProgram(Program):
    """The program as it is; `on_started` is called on the Qt thread when window and sessions are up."""

    def __init__(
        self, desk: Desk, profile: Profile, instance: Instance, on_started: Callable[[WatchedProgram], None]
    ) -> None:
        super().__init__(desk, profile, instance)
        self._on_started = on_started

    @property
    def bridge(self) -> Bridge:
        """Where the window's states come from."""
        return self._bridge

    @property
    def engine(self) -> Engine:
        """The engine; touch it only through `in_sessions`. There is one from `on_started` on."""
        assert self._engine is not None
        return self._engine

    def in_sessions(self, what: Callable[[], None]) -> None:
        """Call something in the sessions' loop."""
        assert self._sessions is not None
        self._sessions.call(what)

    def _start_sessions(self) -> None:
        super()._start_sessions()
        self._on_started(self)


def run_watched(settings: Path, on_started: Callable[[WatchedProgram], None]) -> int:
    """Open the window of the desk that `settings` describe, as the command line does; return its exit code."""
    begun = start(settings)
    instance = Instance.take(begun.profile.data)
    if instance is None:
        raise SystemExit("the profile of this measurement is in use")
    try:
        return WatchedProgram(begun.desk, begun.profile, instance, on_started).run()
    finally:
        instance.release()
        begun.close_log()
