"""What the tests of the screen share: our fonts and palette, exact pictures, and a watch for windows left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cockpit.services.intents import Intent
from cockpit.services.state import DeskState
from cockpit.ui import theme
from cockpit.ui.bridge import Bridge
from cockpit.ui.glance import glance
from cockpit.ui.pane import Pane
from cockpit.ui.window import MainWindow
from tests.ui.states import NOW

PICTURES = Path(__file__).parent.parent / "pictures"
DIFFERENCES = Path(__file__).parent.parent.parent / "build" / "pictures"

Compare = Callable[[QWidget | QImage, str], None]
MakeWindow = Callable[..., MainWindow]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-pictures", action="store_true", help="write the pictures instead of comparing them"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says of each window what it cannot do with it; that is no fault of ours."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.qt)
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


@pytest.fixture(scope="session")
def fonts(qapp: QApplication) -> None:
    theme.load_fonts()


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication, fonts: None) -> None:
    """Every test starts in the dark theme."""
    if theme.tokens_of(qapp.palette()) is not theme.DARK or not qapp.styleSheet():
        theme.apply(qapp, theme.DARK)


@pytest.fixture(autouse=True)
def leaves_no_window(qapp: QApplication, dressed: None) -> Iterator[None]:
    """No test may leave a window behind: what is left here stays open for ever in the program."""
    before = set(QApplication.topLevelWidgets())
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [
        widget for widget in QApplication.topLevelWidgets() if widget not in before and not widget.isHidden()
    ]
    assert not left, f"left open: {left}"


@pytest.fixture
def qtbot(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> QtBot:
    """Hold every widget until it is closed.

    A shown widget that only the finished test knew would be collected while it paints itself, and take the process
    with it.
    """
    held: list[QWidget] = []
    add = qtbot.addWidget

    def hold(widget: QWidget, **more: Any) -> None:
        held.append(widget)
        add(widget, **more)

    monkeypatch.setattr(qtbot, "addWidget", hold)
    return qtbot


@pytest.fixture
def sent() -> list[Intent]:
    """The intents that went to the engine."""
    return []


@pytest.fixture
def bridge(qapp: QApplication, sent: list[Intent]) -> Bridge:
    return Bridge(sent.append)


@pytest.fixture
def make_window(qtbot: QtBot, bridge: Bridge) -> MakeWindow:
    """Make a window that is shown and laid out, at the fixed time of the states."""

    def make(
        state: DeskState | None = None,
        layout_file: Path | None = None,
        clock: Callable[[], float] = lambda: NOW,
        size: tuple[int, int] = (1600, 960),
    ) -> MainWindow:
        window = MainWindow(bridge, layout_file, clock)
        qtbot.addWidget(window)
        window.resize(*size)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: window.panes.is_restored and window.isActiveWindow())
        window.panes.complete()  # what comes after the first picture, without waiting for it
        settle()
        if state is not None:
            window.show_state(state)
        settle()
        return window

    return make


def settle() -> None:
    """Let Qt lay out and paint what is due, without waiting for any time to pass."""
    for _ in range(4):
        QCoreApplication.sendPostedEvents()
        QApplication.processEvents()


AnyPane = TypeVar("AnyPane", bound=Pane)


def show_pane(qtbot: QtBot, pane: AnyPane, state: DeskState, size: tuple[int, int]) -> AnyPane:
    """Show a pane by itself with a state, at the fixed time of the states, and let it settle."""
    qtbot.addWidget(pane)
    pane.resize(*size)
    pane.show()
    pane.show_state(state, glance(state, NOW), NOW)
    settle()
    return pane


@pytest.fixture
def same_picture(pytestconfig: pytest.Config) -> Compare:
    """Compare a widget with its picture, bit for bit; keep both and the difference when they are not equal."""
    is_updating = bool(pytestconfig.getoption("--update-pictures", default=False))

    def compare(shown: QWidget | QImage, name: str) -> None:
        image = shown.grab().toImage() if isinstance(shown, QWidget) else shown
        image = image.convertToFormat(QImage.Format.Format_RGB32)
        file = PICTURES / f"{name}.png"
        if is_updating:
            PICTURES.mkdir(exist_ok=True)
            image.save(str(file))
            return
        wanted = QImage(str(file)).convertToFormat(QImage.Format.Format_RGB32)
        if image == wanted:
            return
        DIFFERENCES.mkdir(parents=True, exist_ok=True)
        image.save(str(DIFFERENCES / f"{name}-is.png"))
        different = difference(wanted, image)
        different.save(str(DIFFERENCES / f"{name}-difference.png"))
        pytest.fail(f"{name} is not as pictured: see build/pictures/{name}-difference.png")

    return compare


def difference(wanted: QImage, image: QImage) -> QImage:
    """Return a picture that is white where both are equal and red where they are not."""
    result = QImage(image.size(), QImage.Format.Format_RGB32)
    result.fill(QColor("white"))
    if wanted.size() != image.size():
        result.fill(QColor("red"))
        return result
    red = QColor("red").rgb()
    for y in range(image.height()):
        for x in range(image.width()):
            if image.pixel(x, y) != wanted.pixel(x, y):
                result.setPixel(x, y, red)
    return result
