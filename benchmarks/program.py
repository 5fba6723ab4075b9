"""The real program in a process of its own, with somebody who looks on: nothing in it is replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from cockpit.adapters.profile.instance import Instance
from cockpit.app.sessions_thread import Runnable
from cockpit.app.startup import Start, start
from cockpit.app.window import Program
from cockpit.ui.bridge import Bridge

if TYPE_CHECKING:
    from cockpit.services.engine import Engine  # the window loads it after its first picture

Look = Callable[["WatchedProgram"], None]


class WatchedProgram(Program):
    """The program as it is. `on_window` is called before the window shows, `on_engine` when there is an engine."""

    built = Signal()

    def __init__(
        self,
        begun: Start,
        instance: Instance,
        on_window: Look | None = None,
        on_engine: Look | None = None,
    ) -> None:
        super().__init__(begun, instance)
        self._on_window = on_window
        self._on_engine = on_engine
        self._built: Engine | None = None
        self.built.connect(self._on_built)

    @property
    def bridge(self) -> Bridge:
        """Where the window's states come from."""
        return self._bridge

    @property
    def engine(self) -> Engine:
        """The engine; touch it only through `in_sessions`. There is one from `on_engine` on."""
        assert self._built is not None
        return self._built

    def in_sessions(self, what: Callable[[], None]) -> None:
        """Call something in the sessions' loop."""
        assert self._sessions is not None
        self._sessions.call(lambda engine: what())

    def _show_last_known(self) -> None:
        super()._show_last_known()
        if self._on_window is not None:
            self._on_window(self)

    def _make_engine(self) -> Runnable:
        from cockpit.services.engine import Engine

        engine = super()._make_engine()
        assert isinstance(engine, Engine)
        self._built = engine
        self.built.emit()  # from the sessions' thread, so it arrives queued
        return engine

    def _on_built(self) -> None:
        if self._on_engine is not None:
            self._on_engine(self)


def run_watched(settings: Path, *, on_window: Look | None = None, on_engine: Look | None = None) -> int:
    """Open the window of the desk that `settings` describe, as the command line does; return its exit code."""
    begun = start(settings)
    instance = Instance.take(begun.profile.data)
    if instance is None:
        raise SystemExit("the profile of this measurement is in use")
    try:
        return WatchedProgram(begun, instance, on_window, on_engine).run()
    finally:
        instance.release()
        begun.close_log()
