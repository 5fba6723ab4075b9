"""Outside text is shown as text: nothing rendered, nothing opened, wherever it comes to stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QTextDocument
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QLineEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from cockpit.domain import kinds
from cockpit.domain.evidence import Observation
from cockpit.domain.facts import Facts, fold
from cockpit.domain.level import Level
from cockpit.domain.notice import Notice
from cockpit.domain.plan import Flow, Plan, Socket
from cockpit.domain.readiness import FlowVerdict, HarmCount, Lane, Reason, Verdict
from cockpit.domain.remedy import Remedy
from cockpit.services.state import DeskState
from cockpit.ui.bridge import Bridge
from cockpit.ui.first_start import FirstStart, FoundDoor
from cockpit.ui.strip import Strip
from cockpit.ui.text import discreet
from cockpit.ui.tray import Tray
from cockpit.ui.widgets.elided_label import ElidedLabel
from tests.ui import states
from tests.ui.conftest import MakeWindow, settle
from tests.ui.states import NOW, TWS, line, run_of

# A colour that no theme has: where it shows, a picture was loaded from the file.
BAIT = QColor("#ff00c8")

PAYLOADS: dict[str, Callable[[Path], str]] = {
    "image": lambda bait: f'<img src="{bait.as_uri()}" width="400" height="400">',
    "image-path": lambda bait: f"<img src='{bait}'>",
    "style-sheet": lambda bait: (
        f'<link rel="stylesheet" href="{bait.as_uri()}"><style>body{{color:red}}</style>'
    ),
    "background": lambda bait: (
        f'<body background="{bait.as_uri()}"><table background="{bait}"><tr><td>x</table>'
    ),
    "link": lambda bait: '<a href="https://evil.example/">Update TWS here</a>',
    "hidden": lambda bait: '<span style="color:#15181c;font-size:1px">hidden</span><b>bold</b>',
    "ampersands": lambda bait: "&lt;b&gt; &amp; &File %s {0}",
    "breaks": lambda bait: "one<br>two<hr>three",
    "long": lambda bait: "<b>" + "W W" * 6000,
}


@pytest.fixture(params=PAYLOADS)
def payload(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A hostile text; its file exists and is a picture in the bait's colour."""
    bait = tmp_path / "bait.png"
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(BAIT)
    image.save(str(bait))
    return PAYLOADS[request.param](bait)


def hostile(text: str) -> DeskState:
    """Put `text` everywhere a state has room for text from outside."""
    cure = Remedy(text, "reconnect")
    results = [
        line(lane, f"{lane.value}-1", text, text, Level.BLOCKED, remedy=cure, detail=text, diagnosis=text)
        for lane in Lane
    ]
    plan = Plan(
        desk=text,
        sockets=(Socket(program=text, host=text),),
        flows=(Flow("f", text), Flow("g", text)),
        restart_at="23:45",
    )
    flows = (FlowVerdict("f", text, Level.BLOCKED, text), FlowVerdict("g", text, Level.LIMITED, text))
    reasons = (Reason("feed-1", text, Level.BLOCKED, text, cure),)
    seen: list[Observation] = [
        *(o for o in states.calm_morning_observations() if o.fact != kinds.ACCOUNTS.name),
        kinds.ACCOUNTS.seen(TWS, (text,), NOW - 1),
        kinds.ENTITY.seen(f"account/{text}", text, NOW),
        kinds.ACCOUNT_TYPE.seen(f"account/{text}", text, NOW),
    ]
    notices = tuple(Notice(f"n{i}", Level.BLOCKED, text, text, NOW - 9, text, cure, text) for i in range(3))
    run = run_of(results, Verdict(Level.BLOCKED, text, flows, reasons))
    return DeskState(
        plan, fold(Facts(), seen), run, harm=HarmCount(notes=(text,)), notices=notices, vault=text
    )


class _Document(QTextDocument):
    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def loadResource(self, type: int, name: QUrl | str) -> object:  # noqa: A002
        self.asked.append(str(name))
        return None


def opened_by(rich_text: str) -> list[str]:
    """Return the files that a rich text would open when it is shown."""
    document = _Document()
    document.setHtml(rich_text)
    document.toPlainText()
    document.size()
    return document.asked


def rows(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[QModelIndex]:
    for row in range(model.rowCount(parent)):
        for column in range(model.columnCount(parent)):
            yield model.index(row, column, parent)
        yield from rows(model, model.index(row, 0, parent))


def check(top: QWidget) -> None:
    """Walk every widget below `top`: labels are plain, tooltips open nothing, no rich editor exists."""
    for widget in (top, *top.findChildren(QWidget)):
        assert opened_by(widget.toolTip()) == []
        if widget.toolTip():
            assert widget.toolTip().startswith("<qt>")
        assert not isinstance(widget, QTextEdit)
        if isinstance(widget, QLabel):
            assert widget.textFormat() is Qt.TextFormat.PlainText, widget.text()
            assert not widget.openExternalLinks()
        if isinstance(widget, QAbstractItemView):
            for index in rows(widget.model(), QModelIndex()):
                tip = index.data(Qt.ItemDataRole.ToolTipRole)
                assert tip is None or (tip.startswith("<qt>") and opened_by(tip) == [])
    assert top.width() <= 1600, "no text may widen a window"
    shown = top.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert BAIT.rgb() not in memoryview(shown.constBits()).cast("I")


def test_the_window_shows_hostile_text_literally(make_window: MakeWindow, payload: str) -> None:
    window = make_window(hostile(payload))
    window.perform("notices")
    settle()
    check(window)
    labels = {label.text() for label in window.notices.findChildren(ElidedLabel)}
    assert discreet(payload) in labels


def test_a_drilled_checklist_shows_hostile_text_literally(make_window: MakeWindow, payload: str) -> None:
    window = make_window(hostile(payload))
    view = window.panes.dock("readiness").pane.findChild(QAbstractItemView)
    assert view is not None
    view.drilled.emit("feed-1")  # type: ignore[attr-defined]
    settle()
    check(window)
    texts = {index.data() for index in rows(view.model(), QModelIndex())}
    assert discreet(payload) in texts


def test_strip_and_tray_show_hostile_text_literally(qtbot: QtBot, bridge: Bridge, payload: str) -> None:
    strip = Strip(bridge, None, lambda: NOW)
    qtbot.addWidget(strip)
    strip.show()
    strip.show_state(hostile(payload))
    check(strip)
    tray = Tray(bridge, lambda: NOW)
    tray.show_state(hostile(payload))
    assert payload not in tray.icon.toolTip()
    assert "<" not in tray.icon.toolTip()
    tray.close()


def test_the_first_start_shows_hostile_text_literally(qtbot: QtBot, payload: str) -> None:
    page = FirstStart((FoundDoor(payload, payload, 7496, payload, payload, is_listening=True),))
    qtbot.addWidget(page)
    page.show()
    page.accounts.setText(payload)
    check(page)
    assert isinstance(page.accounts, QLineEdit)


def test_no_button_says_what_came_from_outside(make_window: MakeWindow, payload: str) -> None:
    window = make_window(hostile(payload))
    assert all(payload not in button.text() for button in window.findChildren(QAbstractButton))


def test_a_lone_surrogate_or_a_bidi_mark_blanks_nothing(make_window: MakeWindow) -> None:
    window = make_window(replace(states.calm_morning(), vault="a\u202eb\u200b\ud800c"))
    window.grab()
    assert window.harm_bar.isVisible()


def test_the_bait_is_noticed_where_text_is_rendered_after_all(qtbot: QtBot, tmp_path: Path) -> None:
    """The control: the same walk goes red for a label that Qt may render."""
    bait = tmp_path / "bait.png"
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(BAIT)
    image.save(str(bait))
    label = QLabel(PAYLOADS["image"](bait))
    qtbot.addWidget(label)
    label.show()
    with pytest.raises(AssertionError):
        check(label)
    shown = label.grab().toImage()
    assert any(shown.pixelColor(x, 100) == BAIT for x in range(shown.width()))
