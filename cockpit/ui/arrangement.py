"""Where the panes stand: the docks, their first places, perspectives, and what is remembered of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QTabWidget, QWidget

from cockpit.ui import theme
from cockpit.ui.actions import Perspective
from cockpit.ui.dock import PaneDock
from cockpit.ui.memory import LAYOUT_VERSION, ScreenMemory
from cockpit.ui.panes import PANES, PaneRow, Place

# Widths of the columns: share of the window, least and most pixels. What is between them takes the rest.
_WIDTHS = {"sessions": (0.22, 260, 350), "flows": (0.25, 270, 404)}
_CENTRE_LEAST = 420
_LOW_LEAST = 320
_LANES_HEIGHT = 222
_LANES_SHARE = 0.32  # of a low window
_MARGIN = theme.UNIT + 2

# Which panes each part of the day shows. What a trader changes is remembered per perspective.
_CENTRE = frozenset(row.id for row in PANES if row.place is Place.CENTRE)  # tabs, the first of them in front
_SHOWN: dict[Perspective, frozenset[str]] = {
    Perspective.PRE_OPEN: _CENTRE | {"sessions", "flows", "lanes", "next-days"},
    Perspective.SESSION: _CENTRE | {"sessions", "flows"},
    Perspective.INCIDENT: frozenset({"sessions", "readiness"}),
}
_LOW_SHARES = (0.56, 0.44)
_LOW = frozenset({"lanes", "next-days"})  # below the others, side by side
_PICTURE = 20  # milliseconds in which the first picture reaches the screen
_IN_FRONT = "readiness"
_MADE_AT_START = frozenset({"sessions", "readiness", "flows", "lanes"})  # what the first picture shows


class Arrangement(QMainWindow):
    """The part of the window that holds the docks. `docked` is emitted for each that was made after the start."""

    docked = Signal(PaneDock)

    def __init__(self, memory: ScreenMemory, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)
        self._memory = memory
        self._perspective = Perspective.PRE_OPEN
        self._is_restored = False
        self._is_painted = False
        self._is_sharing_due = False
        self._sizes = self._first_sizes()
        self.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, 0)
        self.setDockNestingEnabled(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self._is_complete = False
        self._docks = [self._made(row) for row in PANES if row.id in _MADE_AT_START]
        for dock in self._docks:
            dock.pane  # noqa: B018  # made now: the first picture shows it
        self._place_all()

    @property
    def docks(self) -> Sequence[PaneDock]:
        """Every dock, in the order of the table; those that the first picture does without are made now."""
        self.complete()
        return self._docks

    @property
    def first_docks(self) -> Sequence[PaneDock]:
        """The docks of the first picture."""
        return [dock for dock in self._docks if dock.objectName() in _MADE_AT_START]

    def complete(self) -> None:
        """Make the docks that the first picture does without, and put them to their places. Once."""
        if self._is_complete:
            return
        self._is_complete = True
        late = {row.id: self._made(row) for row in PANES if row.id not in _MADE_AT_START}
        all_ = {dock.objectName(): dock for dock in self._docks} | late
        self._docks = [all_[row.id] for row in PANES]
        first = {row.place: all_[row.id] for row in reversed(PANES) if row.id in _MADE_AT_START}
        for row in PANES:
            if row.id in late:
                self._place(row.place, late[row.id], first)
                late[row.id].setVisible(row.id in _SHOWN[self._perspective])
        if self._is_restored:
            kept = self._memory.bytes(f"panes/{self._perspective}")
            if kept.isEmpty() or not self.restoreState(kept, LAYOUT_VERSION):
                self.dock(_IN_FRONT).raise_()
            else:
                self._keep_sizes()
        for dock in late.values():
            self.docked.emit(dock)
            if self._is_painted:
                dock.settle()

    def _made(self, row: PaneRow) -> PaneDock:
        dock = PaneDock(row.id, row.title, row.make, self)
        _, least, _ = _WIDTHS.get(row.id, (0.0, _CENTRE_LEAST, 0))
        dock.setMinimumWidth(_LOW_LEAST if row.id in _LOW else least)
        dock.filled.connect(self._on_filled)
        dock.visibilityChanged.connect(self._on_dock_shown, Qt.ConnectionType.QueuedConnection)
        return dock

    @property
    def perspective(self) -> Perspective:
        """The arrangement in use."""
        return self._perspective

    @property
    def is_restored(self) -> bool:
        """Whether the remembered places have been taken up."""
        return self._is_restored

    def dock(self, id: str) -> PaneDock:  # noqa: A002
        """Return the dock of the pane with this id. Raises KeyError for an id that is not in the table."""
        made = next((dock for dock in self._docks if dock.objectName() == id), None)
        return made if made is not None else {dock.objectName(): dock for dock in self.docks}[id]

    def restore(self) -> None:
        """Bring back what was remembered. Call it when the window is on screen: Qt drops sizes before that."""
        if self._is_restored:
            return
        self._is_restored = True
        word = self._memory.text("perspective", Perspective.PRE_OPEN.value)
        self._perspective = Perspective(word) if word in list(Perspective) else Perspective.PRE_OPEN
        if self._memory.bytes(f"panes/{self._perspective}").isEmpty():
            self._show_for_perspective()  # every pane has just been put to its first place
        else:
            self._bring_back()

    def remember(self) -> None:
        """Keep the present arrangement under its perspective, and what was typed and not saved."""
        for dock in self._docks:
            if dock.has_pane:
                self._memory.keep(f"unsaved/{dock.objectName()}", dock.pane.unsaved)
        if self._is_restored and self._is_complete:
            self._memory.keep(f"panes/{self._perspective}", self.saveState(LAYOUT_VERSION))
            self._memory.keep("perspective", self._perspective.value)

    @Slot()
    def _on_filled(self) -> None:
        """Give a new pane back what was typed in it when the program ended."""
        dock = self.sender()
        if isinstance(dock, PaneDock):
            text = self._memory.text(f"unsaved/{dock.objectName()}")
            if text:
                dock.pane.restore_unsaved(text)

    def show_perspective(self, perspective: Perspective) -> None:
        """Keep the present arrangement and change to another."""
        self.complete()
        self.remember()
        self._perspective = perspective
        self._bring_back()

    def reset(self) -> None:
        """Put every pane back to its first place in this perspective."""
        self.complete()
        self._place_all()
        self._show_for_perspective()

    def _bring_back(self) -> None:
        kept = self._memory.bytes(f"panes/{self._perspective}")
        if kept.isEmpty() or not self.restoreState(kept, LAYOUT_VERSION):
            self.reset()
        else:
            self._keep_sizes()

    def _show_for_perspective(self) -> None:
        for dock in self._docks:
            dock.setVisible(dock.objectName() in _SHOWN[self._perspective])
        self.dock(_IN_FRONT).raise_()
        self._resize_all()

    def _place_all(self) -> None:
        """Dock every pane at its first place: left, centre and right side by side, the bottom below the first two.

        All in one dock area, by splitting it: Qt shares out sizes well inside an area and badly between two. A second
        pane of one place becomes a tab of the first, at the bottom it stands beside it.
        """
        made = {dock.objectName(): dock for dock in self._docks}
        rows = [(row, made[row.id]) for row in PANES if row.id in made]
        first: dict[Place, PaneDock] = {}
        for place in (Place.LEFT, Place.RIGHT, Place.BOTTOM, Place.CENTRE):
            for row, dock in rows:
                if row.place is place:
                    if dock.isFloating():
                        dock.setFloating(False)
                    self._place(place, dock, first)

    def _place(self, place: Place, dock: PaneDock, first: dict[Place, PaneDock]) -> None:
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        if place in first:
            if place is Place.BOTTOM:
                self.splitDockWidget(first[place], dock, across)
            else:
                self.tabifyDockWidget(first[place], dock)
            return
        first[place] = dock
        if place is Place.LEFT:
            self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        else:
            self.splitDockWidget(first[Place.LEFT], dock, down if place is Place.BOTTOM else across)

    def _resize_all(self) -> None:
        """Forget what was dragged and give every pane its first size."""
        self._sizes = self._first_sizes()
        self._share_out()

    def _first_sizes(self) -> dict[str, int]:
        sizes = {
            pane: max(least, min(most, round(self.width() * share)))
            for pane, (share, least, most) in _WIDTHS.items()
        }
        return sizes | {"lanes": min(_LANES_HEIGHT, round(self.height() * _LANES_SHARE))}

    def _share_out(self) -> None:
        """Give the outer panes the size they should have; what is between them takes the rest.

        Qt itself would let every pane grow alike when the window does, or when another pane is closed.
        """
        layout = self.layout()
        if layout is not None:
            layout.activate()  # docks that were just shown have no size to share out before
        shown = self._places_taken()
        wide = [dock for dock in shown if dock.objectName() not in _LOW]
        high = [dock for dock in shown if dock.objectName() in ("sessions", "readiness", "lanes")]
        outer = sum(self._sizes[dock.objectName()] for dock in wide if dock.objectName() in _WIDTHS)
        rest = max(_CENTRE_LEAST, self.width() - outer - _MARGIN * (len(wide) + 1))
        low = [dock for dock in shown if dock.objectName() in _LOW]
        if len(low) > 1:
            below = self._sizes["sessions"] + rest + _MARGIN
            self.resizeDocks(low, [round(one * below) for one in _LOW_SHARES], Qt.Orientation.Horizontal)
        self.resizeDocks(
            wide, [self._sizes.get(dock.objectName(), rest) for dock in wide], Qt.Orientation.Horizontal
        )
        above = max(_CENTRE_LEAST // 2, self.height() - self._sizes["lanes"] - 2 * _MARGIN)
        heights = [self._sizes["lanes"] if dock.objectName() == "lanes" else above for dock in high]
        self.resizeDocks(high, heights, Qt.Orientation.Vertical)

    def _places_taken(self) -> list[PaneDock]:
        """Return one dock for each place in use: of several tabs the first."""
        taken: list[PaneDock] = []
        seen: set[str] = set()
        for dock in self._docks:
            if dock.isHidden() or dock.isFloating() or dock.objectName() in seen:
                continue
            tabs = [other for other in self.tabifiedDockWidgets(dock) if not other.isHidden()]
            dock.fold_header(bool(tabs))
            for other in tabs:
                seen.add(other.objectName())
                if isinstance(other, PaneDock):
                    other.fold_header(True)
            taken.append(dock)
        return taken

    def _keep_sizes(self) -> None:
        """Take the present sizes for the wanted ones."""
        for dock in self._docks:
            if dock.objectName() in self._sizes and dock.isVisible() and not dock.isFloating():
                is_low = dock.objectName() == "lanes"
                self._sizes[dock.objectName()] = dock.height() if is_low else dock.width()

    def event(self, event: QEvent) -> bool:
        """Notice the end of a drag between panes: the size a trader drags to is the one to keep."""
        is_taken = super().event(event)
        if event.type() is QEvent.Type.MouseButtonRelease and self._is_restored:
            self._keep_sizes()
        return is_taken

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(_PICTURE, self, self._settle)

    @Slot()
    def _settle(self) -> None:
        """The first picture is there, and with it the front tab: panes may be made when they are seen."""
        self.complete()
        for dock in self._docks:
            dock.settle()

    @Slot()
    def _on_dock_shown(self) -> None:
        if self._is_restored and not self._is_sharing_due:
            self._is_sharing_due = True  # once for all docks that come and go together
            QTimer.singleShot(0, self, self._share_out_now)

    @Slot()
    def _share_out_now(self) -> None:
        self._is_sharing_due = False
        self._share_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_restored:
            self._share_out()
