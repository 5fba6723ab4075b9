"""The window on the desk: builds everything, runs the two loops, and ends them in order."""

from __future__ import annotations

import asyncio
import logging
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import qasync
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from cockpit.adapters.journal.last_known import glimpse
from cockpit.adapters.profile.instance import Instance, raise_first
from cockpit.adapters.settings.file import write_settings
from cockpit.adapters.settings.records import DeskTable, Settings, SocketRow, Theme
from cockpit.app.clock import SystemClock
from cockpit.app.desk import Desk, read_desk, with_plan
from cockpit.app.hooks import BugHook
from cockpit.app.pauses import (
    release_the_collector,
    spare_what_stays,
    take_short_turns,
)
from cockpit.app.sessions_thread import Runnable, SessionsThread
from cockpit.app.simulated_child import command
from cockpit.app.startup import Start, start
from cockpit.domain.facts import restored
from cockpit.domain.level import Level
from cockpit.domain.notice import Notice
from cockpit.domain.plan import Mode
from cockpit.domain.remedy import Remedy
from cockpit.services.intents import Intent, RunCheck
from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.bridge import Bridge
from cockpit.ui.window import MainWindow

if TYPE_CHECKING:
    from cockpit.app.authenticators import Authenticators
    from cockpit.app.deeds import Deeds
    from cockpit.ui.first_start import FirstAnswers
    from cockpit.ui.strip import Strip
    from cockpit.ui.tray import Tray

COULD_NOT_RUN = 4
SETTLED_AFTER = 10.0  # seconds; by then everything that stays until the end has been loaded
PICTURE = 20  # milliseconds in which what was painted reaches the screen
LATEST_BEGIN = 1000  # milliseconds after which the sessions start even when nothing was painted
PORTAL_HOST = (
    "www_interactivebrokers_com"  # its portal has the settings: permissions, market-data subscriptions
)

log = logging.getLogger(__name__)


class Program(QObject):
    """One run of the program with a window. Owns the loops, the hooks and the end."""

    raise_wanted = Signal()  # from the thread that hears a second start

    def __init__(self, begun: Start, instance: Instance) -> None:
        super().__init__()
        self._desk = begun.desk
        self._profile = begun.profile
        self._learn = begun.learn
        self._instance = instance
        self._clock = SystemClock()
        self._ended = asyncio.Event()
        self._finding: asyncio.Task[None] | None = None
        self._sessions: SessionsThread | None = None
        self._deeds: Deeds | None = None
        self._authenticators: Authenticators | None = None
        self.strip: Strip | None = None  # both are built after the first picture
        self.tray: Tray | None = None
        self._hook = BugHook(self._on_bug)

    def run(self) -> int:
        """Show the window; return the exit code when it has been closed."""
        take_short_turns()
        app = QApplication(sys.argv[:1])
        app.setApplicationName("access-cockpit")
        app.setQuitOnLastWindowClosed(False)
        theme.load_fonts()
        theme.apply(app, theme.LIGHT if self._wants_light(app) else theme.DARK)
        self._bridge = Bridge(self._send)
        self.window = MainWindow(self._bridge, self._profile.layout, self._clock.now)
        self.window.closed.connect(self.end)
        self.window.asked_outside.connect(self._on_asked)
        self.window.strip_toggled.connect(self._on_strip_toggled)
        self.raise_wanted.connect(self.window.raise_window)
        self._hook.install()
        self._show_last_known()
        self.window.installEventFilter(self)
        QTimer.singleShot(
            LATEST_BEGIN, self, self._begin
        )  # a window that starts out of sight is never painted
        self.window.show()
        with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(app)) as runner:
            runner.get_loop().set_exception_handler(self._on_loop_exception)
            runner.run(self._live())
        return 0

    def _show_last_known(self) -> None:
        """Show what the journal last knew, marked with its age, before anything is asked."""
        seen = glimpse(self._profile.journal)
        newest = max((one.at for one in seen), default=None)
        self.window.show_state(DeskState(self._desk.plan, restored(seen), restored_at=newest))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Start the rest once the window has been painted for the first time."""
        if event.type() is QEvent.Type.Paint:
            QTimer.singleShot(PICTURE, self, self._begin)
        return False

    @Slot()
    def _begin(self) -> None:
        """Build what the first picture does without, then begin to ask. Once, however often it is called."""
        if self._sessions is not None:
            return
        from cockpit.ui.icons import program_icon
        from cockpit.ui.strip import Strip  # the first picture does without them
        from cockpit.ui.tray import Tray

        self.window.removeEventFilter(self)
        release_the_collector()
        self._listen()
        self.window.panes.dock("trust").filled.connect(self._on_trust_seen)
        self.window.setWindowIcon(program_icon())
        self.strip = Strip(self._bridge, self._profile.layout, self._clock.now)
        self.tray = Tray(self._bridge, self._clock.now)
        self.strip.opened.connect(self.window.raise_window)
        self.tray.opened.connect(self.window.raise_window)
        self.tray.chosen.connect(self.window.perform)
        self.tray.show()
        self._start_sessions()

    def _wants_light(self, app: QApplication) -> bool:
        wanted = self._desk.settings.appearance.theme
        if wanted is Theme.SYSTEM:
            return app.styleHints().colorScheme() is Qt.ColorScheme.Light
        return wanted is Theme.LIGHT

    async def _live(self) -> None:
        """Run until the window is closed or the system asks to end, then end everything in order."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            try:
                loop.add_signal_handler(number, self.end)
            except NotImplementedError:
                signal.signal(number, lambda *_: self.end())
        if self._desk.settings_file is None:
            self._start_finding()
        loop.call_later(SETTLED_AFTER, spare_what_stays)
        await self._ended.wait()
        if self._finding is not None:
            self._finding.cancel()
            await asyncio.gather(self._finding, return_exceptions=True)
        if self.strip is not None and self.tray is not None:
            self.strip.close()
            self.tray.icon.hide()
        self._stop_sessions()

    @Slot()
    def end(self) -> None:
        """End the program."""
        self._ended.set()

    def _listen(self) -> None:
        """Hear second starts; without that the program works all the same."""
        try:
            self._instance.listen(self.raise_wanted.emit)
        except OSError as error:
            log.warning("a second start cannot raise this window: %s", error)

    # The sessions' side.

    def _start_sessions(self) -> None:
        self._sessions = SessionsThread(self._make_engine, self._hook.take)
        self._sessions.start()

    def _stop_sessions(self) -> None:
        if self._sessions is not None and not self._sessions.stop():
            log.error("the sessions did not end in time")

    def _make_engine(self) -> Runnable:
        """Build the engine; called in the sessions' thread, whose loop then owns it."""
        # Imported here, in that thread and after the first picture, which needs none of the adapters: they and
        # their libraries take longer to load than everything else together (decision 5).
        from cockpit.app.wiring import build_engine

        return build_engine(self._desk, self._profile, self._bridge.show, self._learn)

    def _send(self, intent: Intent) -> None:
        if self._sessions is not None:
            self._sessions.send(intent)

    async def _restart_sessions(self, desk: Desk) -> None:
        """End the sessions, which may take seconds and must not hold the window, and begin with another desk."""
        await asyncio.to_thread(self._stop_sessions)
        self._desk = desk
        self._start_sessions()
        self._send(RunCheck())

    # What the window asks for.

    @Slot(str, str)
    def _on_asked(self, action: str, about: str) -> None:
        match action:
            case "quit":
                self.window.close()
            case "first-start":
                self._start_finding()
            case _:
                self._deed(action, about)

    @Slot()
    def _on_strip_toggled(self) -> None:
        if self.strip is not None:
            self.strip.toggle()

    @Slot()
    def _on_trust_seen(self) -> None:
        from cockpit.app.authenticators import Authenticators  # only for whoever looks at that pane
        from cockpit.ui.panes.trust import TrustPane

        pane = self.window.panes.dock("trust").pane
        if self._authenticators is None and isinstance(pane, TrustPane):
            self._authenticators = Authenticators(self.window, pane, lambda: self._sessions)

    def _deed(self, action: str, about: str) -> None:
        from cockpit.app.deeds import Deeds  # with its dialogs and lists; most mornings need none

        if self._deeds is None:
            self._deeds = Deeds(
                self.window,
                lambda: self._desk,
                self._profile.settings,
                self._send,
                self._tell,
                self._clock.now,
            )
        self._deeds.do(action, about)

    def _tell(self, key: str, sentence: str) -> None:
        """Tell something in the window's notices."""
        if self._sessions is not None:
            self._sessions.tell(
                Notice(key, Level.LIMITED, "The cockpit", sentence, self._clock.now(), "", None)
            )

    # The first start.

    def _start_finding(self) -> None:
        self._finding = asyncio.ensure_future(self._find_doors())
        self._finding.add_done_callback(self._on_task_ended)

    def _on_task_ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._hook.take("a task of the window failed", error)

    async def _find_doors(self) -> None:
        from cockpit.app import discovery  # only a first start needs these, and after the first picture
        from cockpit.ui.first_start import FoundDoor

        facts, plan = await discovery.look_at_usual_doors(self._profile.data)
        found = [
            FoundDoor(door.title, door.host, door.port, door.program, door.owner, door.is_listening)
            for door in discovery.doors(facts, plan)
        ]
        page = self.window.show_first_start(found)
        page.answered.connect(self._on_answered)
        page.demo_wanted.connect(self._on_demo_wanted)

    @Slot(object)
    def _on_answered(self, answers: FirstAnswers) -> None:
        file = self._profile.settings
        settings = settings_from(answers, self._desk.settings)
        write_settings(file, settings)
        self.window.leave_first_start()
        self._finding = asyncio.ensure_future(self._restart_sessions(read_desk(file)))
        self._finding.add_done_callback(self._on_task_ended)

    @Slot()
    def _on_demo_wanted(self) -> None:
        """Start the demo as a program of its own, with its own store, and leave this one."""
        subprocess.Popen(command("--demo"), start_new_session=True)
        self.window.close()

    # Bugs of ours.

    def _on_bug(self, where: str, error: BaseException | None) -> None:
        """Tell a bug in the window. Called from any thread."""
        if self._sessions is None:
            return
        notice = Notice(
            "bug",
            Level.UNKNOWN,
            "The cockpit itself",
            f"{where}. What it shows may be incomplete; the log has the details.",
            self._clock.now(),
            "Your sessions are not touched",
            Remedy("Restart the cockpit; send the log if it happens again."),
        )
        self._sessions.tell(notice)

    def _on_loop_exception(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        self._hook.take(str(context.get("message")), error if isinstance(error, BaseException) else None)


def settings_from(answers: FirstAnswers, before: Settings) -> Settings:
    """Return settings with what the trader said at the first start; what was skipped stays as it was."""
    from cockpit.ui.first_start import DoorUse

    rows, gateway = [], replace(before.gateway, present=False)
    for answer in answers.doors:
        door = answer.door
        if answer.use in (DoorUse.NOT_MINE, DoorUse.UNSAID) and not door.is_listening:
            continue
        if answer.use is DoorUse.NOT_MINE:
            continue
        if "Client Portal" in door.program:
            gateway = replace(gateway, present=True, host=door.host, port=door.port)
            continue
        mode = {DoorUse.LIVE: Mode.LIVE, DoorUse.PAPER: Mode.PAPER}.get(answer.use, Mode.EITHER)
        name = f"{door.program.lower().replace(' ', '-')}-{door.port}"
        rows.append(SocketRow(name, door.port, door.host, door.program, mode))
    accounts = answers.accounts or before.desk.accounts
    desk: DeskTable = replace(
        before.desk, accounts=accounts, restart_at=answers.restart_at or before.desk.restart_at
    )
    return replace(before, desk=desk, sockets=tuple(rows) or before.sockets, gateway=gateway)


def run_window(settings_file: Path | None) -> int:
    """Open the window on the trader's own desk and return the exit code when it has ended."""
    if settings_file is not None and not settings_file.exists():
        sys.stderr.write(f"There is no settings file {settings_file}.\n")
        return COULD_NOT_RUN
    begun = start(settings_file)
    if begun.desk.settings_file is None:
        # Until the trader has said which doors are theirs, nothing is connected to.
        begun = replace(begun, desk=with_plan(begun.desk, replace(begun.desk.plan, sockets=(), portal=None)))
    return open_window(begun)


def open_window(begun: Start) -> int:
    """Open the window of a desk, or raise the one that is open; return the exit code when it has ended."""
    with ExitStack() as stack:
        stack.callback(begun.close_log)
        try:
            instance = Instance.take(begun.profile.data)
        except OSError as error:
            sys.stderr.write(f"The folder {begun.profile.data} cannot be used: {error.strerror}.\n")
            return COULD_NOT_RUN
        if instance is None:
            raised = raise_first(begun.profile.data)
            what = "its window was raised" if raised else "but its window did not answer"
            sys.stderr.write(f"The cockpit is open already: {what}.\n")
            return 0 if raised else COULD_NOT_RUN
        stack.callback(instance.release)
        return Program(begun, instance).run()
