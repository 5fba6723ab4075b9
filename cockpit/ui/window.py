"""The window: top bar, notices, panes and the do-no-harm meter; it turns wishes into intents and knows no service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QColor, QKeySequence, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QStackedWidget, QVBoxLayout, QWidget

from cockpit.services.intents import DismissNotice, Intent, is_intent
from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.actions import ACTIONS, Action, Menu, Perspective, action_of
from cockpit.ui.arrangement import Arrangement
from cockpit.ui.bridge import Bridge
from cockpit.ui.commands import CheatSheet, CommandPalette
from cockpit.ui.dock import PaneDock
from cockpit.ui.glance import Glance, glance, verdict_line
from cockpit.ui.harm_bar import HarmBar
from cockpit.ui.memory import ScreenMemory
from cockpit.ui.notices import NoticesArea
from cockpit.ui.pane import Wish
from cockpit.ui.panes.flows import FlowsPane
from cockpit.ui.text import button_text
from cockpit.ui.top_bar import TopBar

if TYPE_CHECKING:
    from cockpit.ui.codes import CodesDialog
    from cockpit.ui.first_start import FirstStart, FoundDoor

SIZE = (1600, 960)
_SECOND = 1000  # milliseconds


class MainWindow(QWidget):
    """Everything the trader looks at. `clock` gives UTC epoch seconds; `layout_file` remembers places, None forgets."""

    stated = Signal(DeskState)  # a new state is shown, or the same one a second later
    asked_outside = Signal(str, str)  # an action that the program around must do, and what it is about
    strip_toggled = Signal()
    closed = Signal()
    _stated = Signal(
        DeskState, Glance, float
    )  # one slot per pane, so that a bug in one does not stop the others

    def __init__(
        self,
        bridge: Bridge,
        layout_file: Path | None,
        clock: Callable[[], float],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("window")
        self.setWindowTitle("Access cockpit")
        self._bridge = bridge
        self._clock = clock
        self._memory = ScreenMemory(layout_file, self)
        self._state: DeskState | None = None
        self._found: Glance | None = None
        self._asked: Intent | None = None  # what is sent when the open question is answered with yes
        self._actions: dict[str, QAction] = {}
        self._build()
        self._build_actions()
        self._restore_place()
        bridge.state_changed.connect(self.show_state)
        self._second = QTimer(self)
        self._second.setInterval(_SECOND)
        self._second.timeout.connect(self._on_second)
        self._second.start()

    def _build(self) -> None:
        self.top_bar = TopBar(self)
        self.notices = NoticesArea(self)
        self.panes = Arrangement(self._memory, self)
        self.harm_bar = HarmBar(self)
        self._body = QStackedWidget(self)
        self._body.addWidget(self.panes)
        self._menu = QMenu(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.top_bar)
        layout.addWidget(self.notices)
        layout.addWidget(self._body, 1)
        layout.addWidget(self.harm_bar)
        self.top_bar.wished.connect(self._on_wished)
        self.notices.wished.connect(self._on_wished)
        self.notices.dismissed.connect(self._on_dismissed)
        for dock in self.panes.first_docks:
            self._on_docked(dock)
        self.panes.docked.connect(self._on_docked)

    @Slot(PaneDock)
    def _on_docked(self, dock: PaneDock) -> None:
        dock.wished.connect(self._on_wished)
        dock.sent.connect(self._on_sent)
        self._stated.connect(dock.show_state)
        if self._state is not None and self._found is not None:
            dock.show_state(self._state, self._found, self._clock())

    def _build_actions(self) -> None:
        """Make keys and menu from the table."""
        menus = {menu: self._menu.addMenu(menu.value) for menu in Menu if menu is not Menu.REMEDY}
        for row in ACTIONS:
            made = QAction(button_text(row.title), self)
            made.setObjectName(row.id)
            made.setData(row.id)
            if row.key:
                made.setShortcut(QKeySequence(row.key))
            made.triggered.connect(self._on_triggered)
            made.setEnabled(row.enabled(None))
            self._actions[row.id] = made
            if row.menu is not Menu.REMEDY:
                self.addAction(made)
                menus[row.menu].addAction(made)

    def now(self) -> float:
        """The present by the window's clock, UTC epoch seconds."""
        return self._clock()

    @property
    def state(self) -> DeskState | None:
        """What is shown; None before the first state."""
        return self._state

    @Slot(DeskState)
    def show_state(self, state: DeskState) -> None:
        """Show a state as of now."""
        now = self._clock()
        self._state = state
        self._found = found = glance(state, now)
        self.top_bar.show_state(state, found, now)
        self.notices.show_state(state)
        self.harm_bar.show_state(state)
        for row in ACTIONS:
            self._actions[row.id].setEnabled(row.enabled(state))
        self.setWindowTitle(f"{found.standing.word} · {found.mode} · Access cockpit")
        self.setAccessibleDescription(verdict_line(found))
        self._stated.emit(state, found, now)
        self.stated.emit(state)

    @Slot()
    def _on_second(self) -> None:
        """Let evidence age: the same state may mean less than a second ago."""
        if self._state is not None and self.isVisible():
            self.show_state(self._state)

    @Slot(str)
    def perform(self, id: str, about: str = "") -> None:  # noqa: A002
        """Do the action with this id, after asking where the table says so; an unknown or disabled one does nothing."""
        action = action_of(id)
        if action is None or not action.enabled(self._state):
            return
        if action.confirm is not None:
            self._ask(action, about)
        elif action.is_outside:
            self.ask_outside(action.id, about)
        elif action.does is not None:
            action.does(self)
        else:
            self._send(action, about)

    def _send(self, action: Action, about: str) -> None:
        if action.intent is None or self._state is None:
            return
        intent = action.intent(self._state, about)
        if intent is not None:
            self._bridge.send(intent)

    def _ask(self, action: Action, about: str) -> None:
        """Ask in a window-modal box that is opened, never executed: no second event loop may start."""
        if action.confirm is None or action.intent is None or self._state is None:
            return
        intent = action.intent(self._state, about)  # made now: the answer must mean what the question showed
        if intent is None:
            return
        box = QMessageBox(self)
        box.setObjectName("question")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(action.title.rstrip(" …"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(action.confirm(self._state))
        box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        self._asked = intent
        box.accepted.connect(self._on_confirmed)
        box.open()

    @Slot()
    def _on_confirmed(self) -> None:
        if self._asked is not None:
            self._bridge.send(self._asked)
            self._asked = None

    @Slot(Wish)
    def _on_wished(self, wish: Wish) -> None:
        self.perform(wish.action, wish.about)

    @Slot(object)
    def _on_sent(self, intent: object) -> None:
        if is_intent(intent):
            self._bridge.send(intent)

    @Slot(str)
    def _on_dismissed(self, key: str) -> None:
        self._bridge.send(DismissNotice(key))

    @Slot()
    def _on_triggered(self) -> None:
        made = self.sender()
        if isinstance(made, QAction):
            self.perform(made.objectName())

    @cached_property
    def palette_box(self) -> CommandPalette:
        """The command palette, made when it is first wanted: the window must be on screen soon."""
        made = CommandPalette(self)
        made.chosen.connect(self.perform)
        return made

    @cached_property
    def keys_box(self) -> CheatSheet:
        """The sheet of keys, made when it is first wanted."""
        return CheatSheet(self)

    @cached_property
    def codes_box(self) -> CodesDialog:
        """The translator of codes, made when it is first wanted."""
        from cockpit.ui.codes import CodesDialog  # most days need none

        made = CodesDialog(self)
        made.wished.connect(self._on_wished)
        return made

    # What the table asks of the window.

    def show_palette(self) -> None:
        offered = [row for row in ACTIONS if row.menu is not Menu.REMEDY and row.enabled(self._state)]
        self.palette_box.offer(offered, self)

    def show_cheat_sheet(self) -> None:
        self.keys_box.open_over(self)

    def show_codes(self) -> None:
        self.codes_box.open_with(self._state.catalogue.codes if self._state is not None else {})

    def show_menu(self) -> None:
        self._menu.popup(self.mapToGlobal(QPoint(3 * theme.UNIT, theme.TOP_BAR)))

    def toggle_strip(self) -> None:
        self.strip_toggled.emit()

    def toggle_theme(self) -> None:
        other = theme.LIGHT if theme.tokens_of(QApplication.palette()) is theme.DARK else theme.DARK
        theme.wear(other)
        self._memory.keep("theme", other.name)

    def show_pane(self, number: int) -> None:
        if 0 < number <= len(self.panes.docks):
            dock = self.panes.docks[number - 1]
            dock.show()
            dock.raise_()
            dock.pane.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_card(self, number: int) -> None:
        pane = self.panes.dock("flows").pane
        if isinstance(pane, FlowsPane):
            self.panes.dock("flows").show()
            pane.select(number)

    def focus_filter(self) -> None:
        focused = QApplication.focusWidget()
        for front in self.panes.docks:
            if focused is not None and front.isAncestorOf(focused) and front.pane.focus_filter():
                return
        seen = [front for front in self.panes.docks if front.is_seen and front.objectName() != "readiness"]
        if not self.panes.dock("readiness").is_seen and any(front.pane.focus_filter() for front in seen):
            return
        dock = self.panes.dock("readiness")
        dock.show()
        dock.raise_()
        dock.pane.focus_filter()

    def show_perspective(self, perspective: Perspective) -> None:
        self.panes.show_perspective(perspective)

    def reset_layout(self) -> None:
        self.panes.reset()

    def show_notices(self) -> None:
        self.notices.toggle_all()

    def raise_window(self) -> None:
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def ask_outside(self, action: str, about: str) -> None:
        self.asked_outside.emit(action, about)

    # The first start.

    def show_first_start(self, found: Sequence[FoundDoor]) -> FirstStart:
        """Show the page of the first start in place of the panes; the caller listens to its signals."""
        from cockpit.ui.first_start import FirstStart  # once in a desk's life

        self.leave_first_start()
        page = FirstStart(found, self)
        self._body.addWidget(page)
        self._body.setCurrentWidget(page)
        return page

    def leave_first_start(self) -> None:
        """Show the panes again."""
        page = self._body.currentWidget()
        if page is not self.panes:
            self._body.removeWidget(page)
            page.deleteLater()
        self._body.setCurrentWidget(self.panes)

    # Places.

    def _restore_place(self) -> None:
        """Take the remembered place, theme included; without one, a size that fits the screen."""
        wanted = theme.THEMES.get(self._memory.text("theme"))
        if wanted is not None:
            theme.wear(wanted)
        place = self._memory.bytes("window")
        if not place.isEmpty():
            self.restoreGeometry(place)
        else:
            room = self.screen().availableGeometry().size()
            self.resize(QSize(*SIZE).boundedTo(room))

    def remember(self) -> None:
        """Keep where the window and its panes are."""
        self._memory.keep("window", self.saveGeometry())
        self.panes.remember()
        self._memory.write()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.panes.dock("readiness").pane.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, self.panes.restore)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.remember()
        super().closeEvent(event)
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.tokens_of(self.palette()).ground))
